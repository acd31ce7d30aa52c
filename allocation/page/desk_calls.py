"""Calls about the desk: what lies on it, what is worked on."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TypedDict

from allocation.files.given_files import given_bytes
from allocation.page.call import ApiCall, CallAsked, Nothing, OfWork, Visit
from allocation.page.names import model_word
from allocation.page.work_calls import label_of
from allocation.page.works import Work
from allocation.policy.loading import load_model
from allocation.run.shelf import base_name, model_shelf


class WorkListed(TypedDict):
    """`label`: of the model, empty where it cannot be read; `changed`: when something was last typed."""

    id: str
    title: str
    label: str
    model: str
    table: str
    changed: str


class DeskShown(TypedDict):
    """`more`: there are files that are not listed; by its name each is taken all the same."""

    folder: str
    files: list[str]
    more: bool
    works: list[WorkListed]


class Begun(CallAsked):
    """Which model with which file; `table` empty where the model brings its own."""

    model: str
    table: str = ""


class ModelListed(TypedDict):
    name: str
    label: str
    short: str


def _look(visit: Visit, asked: Nothing) -> DeskShown:
    files, more = visit.desk.listed()
    return {
        "folder": str(visit.desk.folder),
        "files": [*files],
        "more": more,
        "works": [_listed(work, visit) for work in visit.works.listed()],
    }


def _begin(visit: Visit, asked: Begun) -> WorkListed:
    model_word(visit.desk, asked.model)
    if asked.table:
        visit.desk.file(asked.table)
    same = _same(visit, asked) if asked.table else None
    return _listed(same or visit.works.begin(asked.model, asked.table), visit)


def _same(visit: Visit, asked: Begun) -> Work | None:
    """What is worked on already with this model and the same table, called alike, in another folder of the desk."""
    name = PurePosixPath(asked.table).name
    alike = [work for work in visit.works.listed() if work.model == asked.model and work.table != asked.table
             and PurePosixPath(work.table).name == name and visit.desk.at(work.table)]  # fmt: skip
    data = given_bytes(visit.desk.file(asked.table)) if alike else b""
    return next((work for work in alike if given_bytes(visit.desk.file(work.table)) == data), None)


def _forget(visit: Visit, asked: OfWork) -> dict[str, str]:
    visit.works.forget(asked.work)
    return {}


def _models(visit: Visit, asked: Nothing) -> list[ModelListed]:
    """Those on the shelf, newest rule of each."""
    listed: dict[str, ModelListed] = {}
    for path in model_shelf():
        model = load_model(path)
        name = base_name(model.name)
        listed[name] = {"name": name, "label": model.label[visit.lang], "short": getattr(model, "short", "") or ""}
    return [*listed.values()]


def _listed(work: Work, visit: Visit) -> WorkListed:
    return {
        "id": work.id, "title": work.title, "label": label_of(work, visit), "model": work.model, "table": work.table,
        "changed": visit.works.changed(work.id),
    }  # fmt: skip


CALLS = (
    ApiCall("desk.look", Nothing, DeskShown, _look, changes=False),
    ApiCall("desk.begin", Begun, WorkListed, _begin, changes=False),
    ApiCall("desk.forget", OfWork, dict[str, str], _forget),
    ApiCall("desk.models", Nothing, list[ModelListed], _models, changes=False),
)
