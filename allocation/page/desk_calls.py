"""Calls about the desk: what lies on it, what is worked on."""

from __future__ import annotations

from typing import TypedDict

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
    return _listed(visit.works.begin(asked.model, asked.table), visit)


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
