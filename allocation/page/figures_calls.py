"""Calls about the figures of a work: what stands now, in floats while somebody types and exactly when he pauses.

A table may have thousands of lines: those that are in sight are answered, beside its sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypedDict

from pydantic import Field

from allocation.analysis.addresses import name_shown
from allocation.errors import Problem
from allocation.page.call import ApiCall, OfWork, Visit
from allocation.page.settings_shown import TriedShown, tried_shown, wrong_with, wrong_with_fact
from allocation.page.shown import TableShown, table_shown
from allocation.page.work_calls import CheckShown, DoubtShown, checks_shown, doubts_shown
from allocation.page.works import Work
from allocation.page.workshop import Answer, OpenedWork
from allocation.report.printed import PrintedTable
from allocation.report.problems_json import TextOfProblem, told
from allocation.report.tables import annex_table, award_table, factor_table
from allocation.run.marks import mark_keys, mark_words
from allocation.run.run import Run

TABLES: dict[str, Callable[[Run], PrintedTable]] = {
    "award": award_table, "annex": annex_table, "factors": factor_table,
}  # fmt: skip
MOST = 400  # lines that are answered at once


class InSight(OfWork):
    """`table`: one of TABLES; `first` and `count`: of its lines. `exact`: the run that counts, not one in floats."""

    exact: bool = True
    table: str = "award"
    first: int = Field(0, ge=0)
    count: int = Field(MOST, ge=1, le=MOST)


class FiguresShown(TypedDict):
    """`table` has the lines at `places`, of `size` in all; None where something is wrong. `beside`: what is wrong with
    one setting or fact, by its key; `problems` are all others. `standing`: what a reader must know: 待核, 示例 …
    `seal`: which files were read; `take.start` is given it.
    """

    revision: int
    seal: str
    exact: bool
    ok: bool
    standing: list[str]
    problems: list[TextOfProblem]
    beside: dict[str, list[TextOfProblem]]
    hints: list[TextOfProblem]
    tried: list[TriedShown]
    checks: list[CheckShown]
    doubts: list[DoubtShown]
    tables: list[str]
    table: TableShown | None
    places: list[int]
    size: int


def _look(visit: Visit, asked: InSight) -> FiguresShown:
    return figures_shown(visit, visit.works.get(asked.work), asked)


def figures_shown(visit: Visit, work: Work, asked: InSight) -> FiguresShown:
    answer = visit.engine.answer(work, asked.exact)
    run, beside = answer.run, _beside(visit, work)
    table = run.once(TABLES[asked.table]) if run and asked.table in _tables(run) else None
    places = in_sight(table, asked) if table else []
    return {
        "revision": work.revision, "seal": visit.engine.opened(work).seal,
        "exact": asked.exact, "ok": bool(run and run.ok),
        "standing": _standing(run, visit) if run else [],
        "problems": _others(answer, beside, work, visit), "beside": beside, "hints": told(answer.hints, visit),
        "tried": tried_shown(visit.engine.opened(work), visit.engine.living(work, asked.exact), visit),
        "checks": checks_shown(run, visit) if run else [], "doubts": doubts_shown(run, visit) if run else [],
        "tables": _tables(run) if run else [],
        "table": table_shown(table, visit, tuple(run.table.codes), places) if run and table else None,
        "places": places, "size": len(table.lines) if table else 0,
    }  # fmt: skip


def _standing(run: Run, visit: Visit) -> list[str]:
    """Its marks; that it is in floats is said by `exact`."""
    return [word[visit.lang] for word in mark_words(key for key in mark_keys(run) if key != "float")]


def _tables(run: Run) -> list[str]:
    """Those that there are of a run."""
    if not run.shared:
        return []
    return [key for key in TABLES if key != "factors" or run.model.factors]


def in_sight(table: PrintedTable, asked: InSight) -> list[int]:
    """The places of the lines asked for; that of 合计 before them, where there is one."""
    totals = [place for place, line in enumerate(table.lines) if line.kind == "total"]
    window = range(asked.first, min(asked.first + asked.count, len(table.lines)))
    return [*(place for place in totals if place not in window), *window]


def _beside(visit: Visit, work: Work) -> dict[str, list[TextOfProblem]]:
    opened = visit.engine.opened(work)
    wrong = {key: wrong_with_fact(opened.facts, key, text) for key, text in work.facts.items()}
    if opened.model:
        wrong |= {address: wrong_with(opened.model, address, text) for address, text in work.settings.items()}
    return {key: told(_called(problems, opened, visit), visit) for key, problems in wrong.items() if problems}


def _called(problems: Sequence[Problem], opened: OpenedWork, visit: Visit) -> list[Problem]:
    """What is told of a setting tells what it is called, not its address."""
    model = opened.model
    names = {entry.address(key): name_shown(entry, key, visit) for entry in model.parameters.values()
             for key in entry.figures} if model else {}  # fmt: skip
    return [replace(problem, where=names.get(problem.where, problem.where)) for problem in problems]


def _others(answer: Answer, beside: dict[str, list[TextOfProblem]], work: Work, visit: Visit) -> list[TextOfProblem]:
    said = [problem["text"] for problems in beside.values() for problem in problems]
    problems = _called(answer.problems, visit.engine.opened(work), visit)
    return [problem for problem in told(problems, visit) if problem["text"] not in said]


CALLS = (ApiCall("figures.look", InSight, FiguresShown, _look, changes=False),)
