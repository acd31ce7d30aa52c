"""Calls about what is dropped on the desk: what it is taken for; samples and blank forms for who has nothing yet."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

from allocation.case import CaseFile
from allocation.errors import AllocationError, Problem
from allocation.files.folders import folders
from allocation.files.given_files import given_bytes
from allocation.files.text_out import file_name
from allocation.files.whole_files import bytes_writer, place
from allocation.opening.cases import case_at, is_case
from allocation.opening.keeping import case_files
from allocation.page.call import ApiCall, CallAsked, Nothing, Visit
from allocation.page.names import model_word
from allocation.page.recognising import CASE, FEW, RESULT, TABLE, ModelFit, Recognised, recognised, shelf
from allocation.report.problems_json import TextOfProblem, told
from allocation.run.finding import model_of_year
from allocation.run.shelf import base_name
from allocation.tables.template import template_writer
from allocation.texts import shortened

SHOWN = 6  # headings that are named as what speaks for a model


class Dropped(CallAsked):
    """Files that were handed in together, as they are called on the desk."""

    names: tuple[str, ...]


class OfModel(CallAsked):
    """A model of the shelf."""

    model: str


class OfSample(CallAsked):
    """A sample by its model."""

    sample: str


class FitShown(TypedDict):
    """A model that a table may be for; `said`: what speaks for it, and what it lacks."""

    model: str
    label: str
    said: str
    whole: bool


class FileRecognised(TypedDict):
    """`said`: what it is taken for, a sentence. `model` and `table` are what a work is begun with; both empty where
    none can be. `fits`: best first; `sure`: the first alone fits."""

    name: str
    kind: str
    said: str
    model: str
    table: str
    sure: bool
    fits: list[FitShown]
    problems: list[TextOfProblem]


class ReturnsRecognised(TypedDict):
    """Tables of single units that were dropped together, as a folder of returns."""

    said: str
    model: str
    folder: str
    names: list[str]


class DroppedShown(TypedDict):
    files: list[FileRecognised]
    returns: ReturnsRecognised | None


class SampleListed(TypedDict):
    sample: str
    label: str


class NameGiven(TypedDict):
    name: str


def _recognise(visit: Visit, asked: Dropped) -> DroppedShown:
    every = {name: recognised(visit.desk.file(name)) for name in asked.names}
    return {"files": [_file(name, what, visit) for name, what in every.items()], "returns": _returns(every, visit)}


def _file(name: str, what: Recognised, visit: Visit) -> FileRecognised:
    fits = [_fit(fit, visit) for fit in what.fits]
    model, table = (fits[0]["model"] if what.sure else "", name) if what.kind == TABLE else ("", "")
    return {
        "name": name, "kind": what.kind, "said": _sentence(what, visit),
        "model": name if what.kind in (CASE, RESULT) else model, "table": table, "sure": what.sure, "fits": fits,
        "problems": told(what.why, visit),
    }  # fmt: skip


def _sentence(what: Recognised, visit: Visit) -> str:
    label = what.label[visit.lang] if what.label else ""
    if what.kind != TABLE:
        return visit.say(f"page_read.{what.kind}", model=label, title=what.title)
    if not what.sure:
        return visit.say("page_read.several")
    first = what.fits[0]
    return visit.say("page_read.table", title=what.title, rows=first.rows, model=first.label[visit.lang],
                     labels=shortened(first.there, SHOWN), sheet=first.sheet)  # fmt: skip


def _fit(fit: ModelFit, visit: Visit) -> FitShown:
    said = visit.say("page_read.fit", labels=shortened(fit.there, SHOWN), lacking=shortened(fit.lacking, SHOWN),
                     sheet=fit.sheet)  # fmt: skip
    return {"model": fit.name, "label": fit.label[visit.lang], "said": said, "whole": fit.whole}


def _returns(every: dict[str, Recognised], visit: Visit) -> ReturnsRecognised | None:
    """Several tables of one unit each, in one folder and for one model: what counties sent back."""
    alone = {name: what.fits[0] for name, what in every.items() if what.returned}
    names = sorted({fit.name for fit in alone.values()})
    within = {name.rpartition("/")[0] for name in alone}
    if len(alone) < FEW or len(names) > 1 or len(within) > 1:
        return None
    label = next(iter(alone.values())).label[visit.lang]
    said = visit.say("page_read.returns", count=len(alone), model=label)
    return {"said": said, "model": names[0], "folder": within.pop(), "names": [*alone]}


def _samples(visit: Visit, asked: Nothing) -> list[SampleListed]:
    models = shelf()
    return [{"sample": name, "label": models[name].label[visit.lang]} for name in _sample_cases() if name in models]


def _sample_cases() -> dict[str, CaseFile]:
    """Cases whose figures are for show, by their model."""
    cases = (case_at(str(path)) for folder in folders("inputs") for path in sorted(folder.glob("*.toml"))
             if is_case(path))  # fmt: skip
    return {base_name(case.model): case for case in cases if case and case.sample}


def _sample(visit: Visit, asked: OfSample) -> NameGiven:
    """A sample copied onto the desk, in a folder of its own: the name of its case there."""
    case = _sample_cases().get(asked.sample)
    if case is None:
        raise AllocationError(Problem("page.no_file", {"name": asked.sample}))
    folder = file_name(visit.say("page_read.sample_folder", model=shelf()[asked.sample].label[visit.lang]))
    target = visit.desk.target(folder)
    lacking = {target / name: path for name, path in case_files(case).items() if not (target / name).exists()}
    if lacking:
        place({path: bytes_writer(given_bytes(source)) for path, source in lacking.items()})
    return {"name": f"{folder}/{case.path.name}"}


def _blank(visit: Visit, asked: OfModel) -> NameGiven:
    """The blank form of a model on the desk, as `template` writes it; beside one that is filled in by now."""
    model = model_of_year(model_word(visit.desk, asked.model), None)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{base_name(model.name)}_{visit.say('cli.template_word')}.xlsx"
        place({path: template_writer(model, path, visit.lang, False, None)})
        return {"name": visit.desk.take(path.name, given_bytes(path))}


CALLS = (
    ApiCall("drop.recognise", Dropped, DroppedShown, _recognise, changes=False),
    ApiCall("drop.samples", Nothing, list[SampleListed], _samples, changes=False),
    ApiCall("drop.sample", OfSample, NameGiven, _sample),
    ApiCall("drop.blank", OfModel, NameGiven, _blank),
)
