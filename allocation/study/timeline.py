"""A model over several years in one run: what a year gives is the next one's past, and future years are what-ifs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.model import Model
from allocation.run import Run, run_model
from allocation.scenario import Change, apply_changes
from allocation.tables.reading import read_table
from allocation.tables.table import Table

MOST = 30  # years
FASTEST = 3  # growth a year: 5 without a percent sign is a slip


@dataclass(frozen=True)
class Timeline:
    """`runs` has a Run a year, each with the years before it as its past. `projected`: the years that are what-ifs."""

    run: Run
    runs: tuple[Run, ...]
    projected: tuple[int, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(run.table.year for run in self.runs)

    def path(self, name: str, code: str) -> tuple[object, ...]:
        """A county's figure of an input or column in every year; None in a year it was not there."""
        return tuple(
            run.figures(name)[run.table.codes.index(code)] if code in run.table.codes else None for run in self.runs
        )

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
    tables = _in_order(tables)
    ahead = project(model, tables[-1], growth, until) if until else []
    if growth and not ahead:
        raise AllocationError(Problem("timeline.no_future", {"last": tables[-1].year}))
    run = run_model(model, [*tables, *ahead], changes, exact=exact, reference=reference)
    return Timeline(run, year_runs(run), tuple(table.year for table in ahead))


def _in_order(tables: Sequence[Table]) -> list[Table]:
    blank = [table.file for table in tables if table.year is None]
    if blank:
        raise AllocationError(Problem("timeline.no_year", {"files": blank}))
    ordered = sorted(tables, key=lambda table: table.year)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.year == after.year:
            raise AllocationError(Problem("timeline.year_twice", {"year": after.year}, after.file))
        if after.year != before.year + 1:
            raise AllocationError(Problem("timeline.gap", {"before": before.year, "after": after.year}, after.file))
    if len(ordered) > MOST:
        raise AllocationError(Problem("timeline.many", {"most": MOST}))
    return ordered


def project(model: Model, table: Table, growth: Sequence[Change], until: int) -> list[Table]:
    """Tables of the years after `table` up to `until`: each input as it was, or grown by its yearly rate."""
    if until <= table.year or until - table.year > MOST:
        raise AllocationError(Problem("timeline.until", {"until": until, "last": table.year}))
    rates = [Change(one.address, 1 + one.value, "scale") for one in growth if isinstance(one.value, Fraction)]
    wrong = [one.address for one in growth if not isinstance(one.value, Fraction) or not -1 < one.value <= FASTEST]
    if wrong:
        raise AllocationError([Problem("timeline.rate", where=f"--growth {address}") for address in wrong])
    past = {name for column in model.columns.values() for name in column.before}
    _none_of_the_past(model, table, rates, past)
    made = []
    blank = {name: (None,) * len(table) for name in past if name in table.values}  # the run itself says them
    plain = replace(table.with_values(**blank), cells={}, remarks={}, notes=())
    for year in range(table.year + 1, until + 1):
        _, (plain,), moved = apply_changes(model, (plain,), rates)
        if any(not one.county for one in moved):
            raise AllocationError(Problem("timeline.parameter", {"name": moved[0].name}))
        plain = replace(plain, year=year, notes=(Problem("timeline.projected", {"year": year}),))
        made.append(plain)
    return made


def _none_of_the_past(model: Model, table: Table, rates: Sequence[Change], past: set[str]) -> None:
    """What earlier years gave does not grow by itself: the run works it out."""
    named = {one.name for rate in rates for one in apply_changes(model, (table,), [rate])[2]}
    if named & past:
        labels = [model.inputs[name].label for name in sorted(named & past)]
        raise AllocationError(Problem("timeline.past", {"names": labels}, "--growth"))


def year_runs(run: Run) -> tuple[Run, ...]:
    """A run over several years as a run of each year with the years before it."""
    found = []
    for place, table in enumerate(run.tables):
        checks = tuple(replace(one, year=None) for one in run.checks if one.year in (None, table.year))
        changed = tuple(one for one in run.changed if one.year in (None, table.year))
        end = place + 1
        found.append(replace(run, model=run.models[place], tables=run.tables[:end], periods=run.periods[:end],
                             checks=checks, changed=changed, notes=table.notes, models=run.models[:end]))  # fmt: skip
    return tuple(found)


def read_years(paths: Sequence[Path], model: Model, sheet: str | None = None) -> list[Table]:
    """A table a year: a file each, or one file with a year column. All problems of all files at once."""
    tables, problems = [], []
    for path in paths:
        try:
            tables.append(read_table(path, model, sheet=sheet))
        except AllocationError as error:
            many = [one for one in error.problems if one.id == "tables.many_years"]
            if not many or len(error.problems) > 1:
                problems += error.problems
                continue
            for year in many[0].slots["years"]:
                try:
                    tables.append(read_table(path, model, sheet=sheet, year=year))
                except AllocationError as inner:
                    problems += inner.problems
    if problems:
        raise AllocationError(problems)
    return tables
