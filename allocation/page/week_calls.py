"""Calls of the week: which steps there are, what each can be asked, and a step begun as a job."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TypedDict

from allocation.analysis.addresses import name_shown
from allocation.errors import AllocationError, Problem, tried
from allocation.office.asked import RunQuestion
from allocation.office.asking import open_run
from allocation.page.call import ApiCall, CallAsked, Nothing, Visit
from allocation.page.entries import StepEntry, entries, words_of
from allocation.page.job_calls import JobShown, job_shown
from allocation.page.names import file_word, model_word
from allocation.page.signing import SigningShown, refuse_unsigned, signing_shown
from allocation.page.steps import GROUPS, STEPS, WeekStep
from allocation.run.finding import find


class OfStep(CallAsked):
    step: str


class StepFilled(OfStep):
    """`filled`: what was filled in, by entry; `yes` for one that is only set or not. `signed`: the seal of the final
    version that was confirmed."""

    filled: dict[str, list[str]] = {}
    signed: str = ""


class NamesAsked(CallAsked):
    """A model, or a case on the desk."""

    model: str


class DoubtsAsked(NamesAsked):
    """`table`: a file of the desk, empty for the model's own."""

    table: str = ""


class DoubtListed(TypedDict):
    id: str
    text: str


class NamesShown(TypedDict):
    """What is typed in names, each with what it is called: settings, inputs, columns and units of a model."""

    settings: list[list[str]]
    inputs: list[list[str]]
    columns: list[list[str]]
    units: list[list[str]]


class StepListed(TypedDict):
    step: str
    about: str


class StepGroup(TypedDict):
    group: str
    steps: list[StepListed]


class EntryShown(TypedDict):
    key: str
    about: str
    kind: str
    first: bool
    many: bool
    needed: bool
    choices: list[str]
    default: str
    endings: list[str]
    names: list[str]


class StepShown(StepListed):
    entries: list[EntryShown]


def _steps(visit: Visit, asked: Nothing) -> list[StepGroup]:
    return [{"group": key, "steps": [_listed(step, visit) for step in steps]} for key, steps in GROUPS.items()]


def _step(visit: Visit, asked: OfStep) -> StepShown:
    step = _of(asked.step)
    return {**_listed(step, visit), "entries": [_shown(entry) for entry in entries(step, visit)]}


def _names(visit: Visit, asked: NamesAsked) -> NamesShown:
    """Nothing of what cannot be read: the step itself says what is wrong with it."""
    material = tried([], find, model_word(visit.desk, asked.model), None, None)
    if material is None:
        return {"settings": [], "inputs": [], "columns": [], "units": []}
    model, table = material.model, material.table
    settings = [[entry.address(key), name_shown(entry, key, visit)] for entry in model.parameters.values()
                for key, figure in entry.figures.items() if isinstance(figure, Fraction)]  # fmt: skip
    inputs, columns = ([[name, entry.label[visit.lang]] for name, entry in group.items() if not name.startswith("_")]
                       for group in (model.inputs, model.columns))  # fmt: skip
    units = [[code, name] for code, name in dict(zip(table.codes, table.names, strict=True)).items()]
    return {"settings": settings, "inputs": inputs, "columns": columns, "units": units}


def _doubts(visit: Visit, asked: DoubtsAsked) -> list[DoubtListed]:
    """Those still to be resolved; none where it cannot be worked out: the step itself says what is wrong."""
    table = Path(file_word(visit.desk, asked.table)) if asked.table else None
    ran = tried([], open_run, RunQuestion(model=model_word(visit.desk, asked.model), table=table), partly=True)
    return [{"id": doubt.id, "text": doubt.problem.told_by(visit)} for doubt in ran[1].doubts.open] if ran else []


def _start(visit: Visit, asked: StepFilled) -> JobShown:
    words = words_of(_of(asked.step), asked.filled, visit.desk, visit)
    refuse_unsigned(visit, words, asked.signed)
    return job_shown(visit.jobs.start(words, visit))


def _signing(visit: Visit, asked: StepFilled) -> SigningShown:
    return signing_shown(visit, words_of(_of(asked.step), asked.filled, visit.desk, visit))


def _of(key: str) -> WeekStep:
    if key not in STEPS:
        raise AllocationError(Problem("page.no_step", {"key": key}))
    return STEPS[key]


def _listed(step: WeekStep, visit: Visit) -> StepListed:
    return {"step": step.key, "about": visit.say(f"help.about_{step.key}")}


def _shown(entry: StepEntry) -> EntryShown:
    return {
        "key": entry.key, "about": entry.about, "kind": entry.kind, "first": entry.first, "many": entry.many,
        "needed": entry.needed, "choices": [*entry.choices], "default": entry.default,
        "endings": [*entry.endings], "names": [*entry.names],
    }  # fmt: skip


CALLS = (
    ApiCall("week.steps", Nothing, list[StepGroup], _steps, changes=False),
    ApiCall("week.step", OfStep, StepShown, _step, changes=False),
    ApiCall("week.names", NamesAsked, NamesShown, _names, changes=False),
    ApiCall("week.signing", StepFilled, SigningShown, _signing, changes=False),
    ApiCall("week.doubts", DoubtsAsked, list[DoubtListed], _doubts, changes=False),
    ApiCall("week.start", StepFilled, JobShown, _start),
)
