"""A model over several years in one run: what a year gives is the next one's past, and future years are what-ifs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, tried
from allocation.policy.model import Model
from allocation.report.cut import TODAY, Cut
from allocation.run.finding import ModelWithTable, find_as_far
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change, apply_by_year, apply_changes, name_of
from allocation.tables.keys import Figure
from allocation.tables.reading import read_as_far
from allocation.tables.said import NOTHING, Said
from allocation.tables.table import Table, number
from allocation.years.year_notes import counties_moved, leaps

MOST = 30  # years
FASTEST = 3  # growth a year: 5 without a percent sign is a slip


@dataclass(frozen=True)
class Timeline:
    """`runs` has a Run a year, each with the years before it as its past.

    `projected`: the years that are what-ifs, in which inputs grew by `growth`. `cut`: how its workbook is cut.
    """

    run: Run
    runs: tuple[Run, ...]
    projected: tuple[int, ...] = ()
    growth: tuple[Change, ...] = ()
    cut: Cut = TODAY

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(year_of(run.table) for run in self.runs)

    def path(self, name: str, code: str) -> tuple[Figure | bool, ...]:
        """A county's figure of an input or column in every year; None in a year it was not there."""
        return tuple(
            run.figures(name)[run.table.codes.index(code)] if code in run.table.codes else None for run in self.runs
        )

    def numbers(self, name: str, code: str) -> tuple[Fraction | None, ...]:
        """The same of what is a number, such as a rate."""
        return tuple(None if figure is None else number(figure) for figure in self.path(name, code))

    @property
    def moves(self) -> tuple[Problem, ...]:
        """Counties that come, go or change from one year to the next, and inputs that leap, but for years ahead."""
        notes: list[Problem] = []
        for before, after in zip(self.runs, self.runs[1:], strict=False):
            notes += counties_moved(before.table, after.table)
            if after.table.year not in self.projected:
                notes += leaps(after.model, before.table, after.table)
        return tuple(notes)

    @property
    def counties(self) -> dict[str, str]:
        """Names by code, of every county that is there in any year, in the order they first stand."""
        return {code: name for run in self.runs for code, name in zip(run.table.codes, run.table.names, strict=True)}


def timeline(
    model: Model,
    tables: Sequence[Table],
    changes: Sequence[Change] = (),
    *,
    growth: Sequence[Change] = (),
    until: int | None = None,
    exact: bool = True,
    reference: bool = False,
) -> Timeline:
    """Runs the years of `tables`, then those up to `until`, in which inputs grow by `growth` (rates by address)."""
    problems: list[Problem] = []
    ordered, ahead = lay_out(model, tables, changes, growth, until, problems)
    if problems:
        raise AllocationError(problems)
    run = run_model(model, [*ordered, *ahead], changes, exact=exact, reference=reference)
    return Timeline(run, year_runs(run), tuple(year_of(table) for table in ahead), tuple(growth))


def lay_out(
    model: Model,
    tables: Sequence[Table],
    changes: Sequence[Change],
    growth: Sequence[Change],
    until: int | None,
    problems: list[Problem],
) -> tuple[list[Table], list[Table]]:
    """The tables in order of years, and those ahead; all that is wrong with years, growth and changes joins `problems`.

    A table that could not be read, which has no rows, says nothing of the years; where none could, what is said of
    parameters is looked at alone.
    """
    read = [table for table in tables if len(table)]
    ordered = _in_order(read, problems if len(read) == len(tables) else [])
    if not ordered:
        anywhere = [
            change for change in changes if "#" not in change.address and name_of(model, change) not in model.inputs
        ]
        tried(problems, apply_changes, model, (), anywhere)
        return [], []
    ahead = (tried(problems, project, model, ordered[-1], growth, until) if until else None) or []
    if growth and not until:
        problems.append(Problem("timeline.no_future", {"last": ordered[-1].year}))
    every = [*ordered, *ahead]
    years = ("", *(str(table.year) for table in every))
    sure = len(read) == len(tables) and len(ahead) == max((until or 0) - year_of(ordered[-1]), 0)
    known = [change for change in changes if sure or change.address.partition("#")[2] in years]
    tried(problems, apply_by_year, model, every, known)  # what is set in a year that could not be read is not unknown
    return ordered, ahead


def _in_order(tables: Sequence[Table], problems: list[Problem]) -> list[Table]:
    """By year; none where the year of one is not known."""
    blank = [table.file for table in tables if table.year is None]
    if blank:
        problems.append(Problem("timeline.no_year", {"files": blank}))
        return []
    ordered = sorted(tables, key=year_of)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.year == after.year:
            problems.append(Problem("timeline.year_twice", {"year": after.year}, after.file))
        elif after.year != year_of(before) + 1:
            problems.append(Problem("timeline.gap", {"before": before.year, "after": after.year}, after.file))
    if len(ordered) > MOST:
        problems.append(Problem("timeline.many", {"most": MOST}))
    return ordered


def project(model: Model, table: Table, growth: Sequence[Change], until: int) -> list[Table]:
    """Tables of the years after `table` up to `until`: each input as it was, or grown by its yearly rate."""
    problems: list[Problem] = []
    rates: list[Change] = []
    last = year_of(table)
    if until <= last or until - last > MOST:
        problems.append(Problem("timeline.until", {"until": until, "last": last}))
    past = {name for column in model.columns.values() for name in column.before}
    for change in growth:
        try:
            rates.append(_rate(model, table, change, past))
        except AllocationError as error:
            where = f"--growth {change.address}"
            problems += [replace(problem, where=problem.where or where) for problem in error.problems]
    if problems:
        raise AllocationError(problems)
    ahead = []
    blanks: tuple[Figure, ...] = (None,) * len(table)
    blank = {name: blanks for name in past if name in table.values}  # the run itself says them
    plain = replace(table.with_values(**blank), cells={}, remarks={}, row_notes=(), notes=(), beside=None)
    for year in range(last + 1, until + 1):
        _, (plain,), _ = apply_changes(model, (plain,), rates)
        plain = replace(plain, year=year, notes=(Problem("timeline.projected", {"year": year}),))
        ahead.append(plain)
    return ahead


def _rate(model: Model, table: Table, growth: Change, past: set[str]) -> Change:
    """What an input is multiplied by each year. What earlier years gave does not grow: the run works it out."""
    if not isinstance(growth.value, Fraction) or not -1 < growth.value <= FASTEST:
        raise AllocationError(Problem("timeline.rate"))
    rate = Change(growth.address, 1 + growth.value, "scale")
    if (name := name_of(model, growth)) in model.parameters:
        raise AllocationError(Problem("timeline.parameter", {"name": name}))
    moved = apply_changes(model, (table,), [rate])[2]
    names = {change.name for change in moved} & past
    if names:
        raise AllocationError(Problem("timeline.past", {"names": [model.inputs[name].label for name in sorted(names)]}))
    return rate


def year_runs(run: Run) -> tuple[Run, ...]:
    """A run over several years as a run of each year with the years before it."""
    runs = []
    for place, table in enumerate(run.tables):
        checks = tuple(replace(check, year=None) for check in run.checks if check.year in (None, table.year))
        changed = tuple(figure for figure in run.changed if figure.year in (None, table.year))
        end = place + 1
        runs.append(replace(run, model=run.models[place], tables=run.tables[:end], periods=run.periods[:end],
                             checks=checks, changed=changed, notes=table.notes, models=run.models[:end]))  # fmt: skip
    return tuple(runs)


def read_years(paths: Sequence[Path], model: Model, sheet: str | None = None) -> list[Table]:
    """A table a year: a file each, or one file with a year column. Raises all problems of all files."""
    problems: list[Problem] = []
    tables = read_years_as_far(paths, model, problems, sheet)
    if problems:
        raise AllocationError(problems)
    return tables


def read_years_as_far(
    paths: Sequence[Path], model: Model, problems: list[Problem], sheet: str | None = None, said: Said = NOTHING
) -> list[Table]:
    """The same with tables that may be wrong, read as far as they go; what is wrong with them joins `problems`."""
    tables = []
    for path in paths:
        wrong: list[Problem] = []
        table = read_as_far(path, model, wrong, sheet=sheet, said=said)
        years = years_of(wrong)
        problems += [problem for problem in wrong if problem.id != "tables.many_years"]
        tables += [read_as_far(path, model, problems, sheet=sheet, year=year, said=said) for year in years] or [table]
    return tables


def find_years(
    name: str, paths: Sequence[Path], problems: list[Problem], sheet: str | None = None, said: Said = NOTHING
) -> tuple[ModelWithTable, list[Table]]:
    """The model in force in the first year of the first file, and the tables of all files, a year each, as far as they
    can be read; without files those of the model's own. What is wrong with a table joins `problems`; raises what is
    wrong with the model."""
    wrong: list[Problem] = []
    first = paths[0] if paths else None
    chosen = find_as_far(name, first, None, wrong, sheet, said)
    years = years_of(wrong)
    if years:
        wrong.clear()  # each year's own reading says what is wrong with it
        chosen = find_as_far(name, first, years[0], wrong, sheet, said)
    problems += wrong
    path, model = chosen.input_path, chosen.model
    later = [read_as_far(path, model, problems, sheet=sheet, year=year, said=said) for year in years[1:]]
    return chosen, [chosen.table, *later, *read_years_as_far(paths[1:], model, problems, sheet, said)]


def years_of(problems: Sequence[Problem]) -> list[int]:
    """The years of a table that was said to hold several."""
    said = next((problem.slots["years"] for problem in problems if problem.id == "tables.many_years"), ())
    return [year for year in said if isinstance(year, int)] if isinstance(said, Iterable) else []


def year_of(table: Table) -> int:
    """The year of a table of a run over years, where each has one."""
    assert table.year is not None, "asked for where it is lacking"
    return table.year
