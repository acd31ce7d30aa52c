"""Calls about a work: what it comes to, what is wrong with it, its award table."""

from __future__ import annotations

from typing import TypedDict

from allocation.errors import tried
from allocation.page.call import ApiCall, OfWork, Visit
from allocation.page.names import model_word
from allocation.page.shown import TableShown, table_shown
from allocation.page.works import Work
from allocation.report.problems_json import TextOfProblem, told
from allocation.report.tables import award_table
from allocation.run.finding import model_of_year
from allocation.run.run import Run
from allocation.texts import Speaker


class Exactly(OfWork):
    """`exact`: the run that counts; without it a trial in floats, which is faster."""

    exact: bool = True


class WorkShown(TypedDict):
    """`label`: of the model, empty where it cannot be read."""

    id: str
    revision: int
    title: str
    label: str
    model: str
    table: str


class CheckShown(TypedDict):
    label: str
    behind: str
    ok: bool
    asked: bool
    severity: str


class DoubtShown(TypedDict):
    id: str
    text: str
    place: str
    resolved: bool


class AwardsShown(TypedDict):
    """`table` is None where something is wrong, which `problems` tell."""

    revision: int
    title: str
    exact: bool
    ok: bool
    problems: list[TextOfProblem]
    hints: list[TextOfProblem]
    checks: list[CheckShown]
    doubts: list[DoubtShown]
    table: TableShown | None


def _look(visit: Visit, asked: OfWork) -> WorkShown:
    work = visit.works.get(asked.work)
    return {
        "id": work.id, "revision": work.revision, "title": work.title, "model": work.model, "table": work.table,
        "label": label_of(work, visit),
    }  # fmt: skip


def label_of(work: Work, visit: Visit) -> str:
    """That of its model; empty where it cannot be read."""
    name = tried([], model_word, visit.desk, work.model)
    model = tried([], model_of_year, name, work.year) if name else None
    return model.label[visit.lang] if model else ""


def _awards(visit: Visit, asked: Exactly) -> AwardsShown:
    work = visit.works.get(asked.work)
    answer = visit.engine.answer(work, asked.exact)
    run: Run | None = answer.run
    return {
        "revision": work.revision, "title": work.title, "exact": asked.exact, "ok": bool(run and run.ok),
        "problems": told(answer.problems, visit), "hints": told(answer.hints, visit),
        "checks": checks_shown(run, visit) if run else [], "doubts": doubts_shown(run, visit) if run else [],
        "table": table_shown(award_table(run), visit, tuple(run.table.codes)) if run and run.shared else None,
    }  # fmt: skip


def checks_shown(run: Run, speaker: Speaker) -> list[CheckShown]:
    return [
        {
            "label": check.label[speaker.lang],
            "behind": check.in_table[speaker.lang],
            "ok": bool(check.ok),
            "asked": check.unasked is None,
            "severity": check.severity,
        }
        for check in run.checks
    ]


def doubts_shown(run: Run, speaker: Speaker) -> list[DoubtShown]:
    """Those to be resolved first."""
    doubts = run.doubts
    shown: list[DoubtShown] = []
    for resolved, kind in ((False, doubts.open), (True, doubts.resolved)):
        shown += [{"id": doubt.id, "text": doubt.problem.told_by(speaker), "place": doubt.problem.where,
                   "resolved": resolved} for doubt in kind]  # fmt: skip
    return shown


CALLS = (
    ApiCall("work.look", OfWork, WorkShown, _look, changes=False),
    ApiCall("work.awards", Exactly, AwardsShown, _awards, changes=False),
)
