"""Published tables, each reproduced from a model file and its figures: the folders know the cases, this runner none.

A case is a folder: `case.toml` (title, source, problems), `data.csv` (the figures, as published) and its model files.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import pytest

from allocation.errors import AllocationError
from allocation.policy.loading import load_model
from allocation.policy.model import Model
from allocation.policy.schema import Exact
from allocation.policy.section import Section, slot
from allocation.policy.toml_file import read_text, read_toml
from allocation.run.run import Run, run_model
from allocation.run.scenario import parse_assignment
from allocation.tables.table import Table

FOLDERS = sorted(path for path in Path(__file__).parent.iterdir() if path.is_dir() and not path.name.startswith("_"))
BLANK = ("", "-", "–", "—")
READINGS = pytest.mark.parametrize("exact", [True, False], ids=["exact", "float"])


class Comparison(Section):
    """A computed column beside a published column of the data, or a figure of the run beside the figure `equals`."""

    computed: str
    published: str = ""
    equals: Exact | None = None
    within: Exact
    relative: bool = False
    reason: str = slot(filled=True)


class Problem(Section):
    """Some rows of the data (all by default), run through a model with some parameters set."""

    name: str
    model: str = "model.toml"
    rows: dict[str, str] = {}
    set_: list[str] = slot([], name="set")
    compare: list[Comparison] = slot(filled=True)


class Move(Section):
    """What a change of parameters does to a computed column: `moves` by row name, every other row stays."""

    name: str
    model: str = "model.toml"
    from_: list[str] = slot(name="from")
    to: list[str]
    computed: str
    moves: dict[str, Exact]


class CaseFile(Section):
    title: str = slot(filled=True)
    source: str = slot(filled=True)
    kind: Literal["real"]
    note: str = ""
    problem: list[Problem] = slot(filled=True)
    change: list[Move] = []


@dataclass(frozen=True)
class Case:
    folder: Path

    @cached_property
    def file(self) -> CaseFile:
        return read_toml(read_text(self.folder / "case.toml"), f"{self.folder.name}/case.toml", CaseFile)

    @cached_property
    def data(self) -> list[dict[str, str]]:
        lines = read_text(self.folder / "data.csv").splitlines()
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))

    def rows(self, where: dict[str, str]) -> list[dict[str, str]]:
        return [row for row in self.data if all(row[name] == value for name, value in where.items())]

    def run(self, model: str, rows: Sequence[dict[str, str]], assignments: Sequence[str], exact: bool) -> Run:
        found = _model(self.folder / model)
        changes = [parse_assignment(one) for one in assignments]
        return run_model(found, _table(found, rows), changes, exact=exact)


@cache
def _model(path: Path) -> Model:
    return load_model(path)


def _figure(cell: str) -> Fraction | None:
    return None if cell.strip() in BLANK else Fraction(cell)


def _table(model: Model, rows: Sequence[dict[str, str]]) -> Table:
    """The rows as a table of the model's inputs; codes are row numbers, names the column `region`."""
    values = {}
    for name, entry in model.inputs.items():
        if name in rows[0]:
            values[name] = tuple(row[name] if entry.text else _figure(row[name]) for row in rows)
    codes = tuple(f"{place:04}" for place in range(1, len(rows) + 1))
    return Table(codes, tuple(row["region"] for row in rows), values)


def _apart(run: Run, rows: Sequence[dict[str, str]], compared: Comparison) -> tuple[int, list[str]]:
    """How many figures were compared, and those that stand too far from what was published."""
    if compared.equals is not None:
        pairs = [("", run.figure(compared.computed), compared.equals)]
    else:
        published = [_figure(row[compared.published]) for row in rows]
        pairs = list(zip(run.table.names, run.figures(compared.computed), published, strict=True))
    pairs = [pair for pair in pairs if pair[2] is not None]
    wrong = []
    for name, found, wanted in pairs:
        within = compared.within * abs(wanted) if compared.relative else compared.within
        if abs(found - wanted) > within:
            wrong.append(f"{compared.computed} {name}: {float(found)!r}, published {float(wanted)!r}")
    return len(pairs), wrong


CASES = {folder.name: Case(folder) for folder in FOLDERS if (folder / "case.toml").exists()}


def _params(kind: str) -> list:
    """(case, problem) or (case, change) of every case, under a name that reads as a sentence."""
    found = []
    for case in CASES.values():
        try:
            found += [(case, one) for one in getattr(case.file, kind)]
        except AllocationError:
            continue  # the test of the sources says what is wrong with it
    return [pytest.param(case, one, id=f"{case.folder.name}: {one.name}") for case, one in found]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_case_states_its_title_its_source_and_a_reason_for_each_tolerance(folder):
    assert Case(folder).file.kind == "real"
    first = read_text(folder / "data.csv").splitlines()[0]
    assert first.startswith("# ") and len(first) > 20, "the first line of data.csv says where its figures are from"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_published_column_of_a_case_is_compared(case):
    compared = {one.published for problem in case.file.problem for one in problem.compare}
    assert {name for name in case.data[0] if name.startswith("published")} <= compared


@READINGS
@pytest.mark.parametrize(("case", "problem"), _params("problem"))
def test_the_model_gives_the_published_figures(case, problem, exact):
    rows = case.rows(problem.rows)
    run = case.run(problem.model, rows, problem.set_, exact)
    assert [check for check in run.checks if not check.ok] == []
    for compared in problem.compare:
        count, wrong = _apart(run, rows, compared)
        assert count > 0, f"{compared.computed} is compared with nothing"
        assert wrong == []


@READINGS
@pytest.mark.parametrize(("case", "change"), _params("change"))
def test_a_change_moves_the_rows_it_was_published_to_move_and_no_other(case, change, exact):
    before, after = (case.run(change.model, case.data, assignments, exact) for assignments in (change.from_, change.to))
    pairs = zip(before.table.names, before.figures(change.computed), after.figures(change.computed), strict=True)
    assert {name: new - old for name, old, new in pairs if new != old} == change.moves
