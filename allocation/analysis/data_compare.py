"""更正影响: two county tables of one year, the figures that differ, and what they do to the awards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.parts.ledger import shown_figure
from allocation.policy.model import Model
from allocation.report.column import CHANGE_PLACES, PERCENT, total_kind
from allocation.report.printed import NOTHING, PrintedColumn, PrintedLine, PrintedTable, Shown
from allocation.report.study import CODE, NAME, keys
from allocation.report.terms import Term
from allocation.run.run import Run, run_model
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import Both, Worded, both, say

OLD, NEW, CHANGE, CHANGE_PART = "old", "new", "change", "change_part"


@dataclass(frozen=True)
class Corrected:
    """One figure that differs: `county` is its name in the new table."""

    county: str
    name: str
    old: Figure
    new: Figure

    def said(self, model: Model) -> Both:
        """`黑山县 落户人口：1,200 → 1,300`."""
        entry = model.inputs[self.name]
        return Worded(lambda lang: say(lang, "ledger.compare_line", county=self.county, label=entry.label,
                                       old=shown_figure(self.old, entry, lang),
                                       new=shown_figure(self.new, entry, lang)))  # fmt: skip


@dataclass(frozen=True)
class AwardChange:
    """A county's award before and after; None where it is not in that table."""

    code: str
    county: str
    old: Fraction | None
    new: Fraction | None


@dataclass(frozen=True)
class Correction:
    """Lines in the new table's order, then counties that are only in the old one."""

    old: Run
    new: Run
    figures: tuple[Corrected, ...]
    lines: tuple[AwardChange, ...]

    @property
    def only_old(self) -> list[str]:
        return [line.county for line in self.lines if line.new is None]

    @property
    def only_new(self) -> list[str]:
        return [line.county for line in self.lines if line.old is None]


def corrected_awards(correction: Correction, reader: str) -> PrintedTable:
    """Award before and after, and what moved: 合计 first in the `workbook`, last on a `screen`, where awards add up."""
    model, every = correction.new.model, correction.lines
    award, adds = model.columns[model.award], model.adds_up(model.award)
    old, new, change = (Term(key).node for key in (OLD, NEW, CHANGE))
    amount = PrintedColumn("", NOTHING, award.unit, award.decimals, total=total_kind(model, model.award))
    moved = replace(amount, total="own" if adds else "blank", signed=True)
    columns = [
        *(replace(amount, key=key, label=both(f"ledger.compare_{key}", award=award.label)) for key in (OLD, NEW)),
        replace(moved, key=CHANGE, label=both("ledger.compare_change"), node=tree.Binary("-", new, old)),
    ]
    if reader == "workbook":
        some = tree.Compare("!=", old, tree.Number(Fraction(0)))
        part = replace(
            moved, key=CHANGE_PART, label=both("ledger.compare_change_part"), unit=PERCENT, decimals=CHANGE_PLACES
        )
        columns.append(replace(part, node=tree.Binary("/", change, old), guard=some))
    units = [PrintedLine("unit", Both(line.county, line.county), (row,)) for row, line in enumerate(every)]
    total = [PrintedLine("total", both("workbook.total"), tuple(range(len(every))))] if adds else []
    values: dict[str, Sequence[Shown]] = {
        CODE: [line.code for line in every], NAME: [line.county for line in every],
        OLD: [line.old for line in every], NEW: [line.new for line in every],
    }  # fmt: skip
    return PrintedTable(
        "correction", NOTHING, award.unit, model.units,
        tuple([*total, *units] if reader == "workbook" else [*units, *total]), (*keys(), *columns), values,
    )  # fmt: skip


def compare_tables(model: Model, old: Table, new: Table, *, reference: bool = False) -> Correction:
    """Runs the model on both. Raises AllocationError for tables of different years, or ones that cannot be run."""
    if old.year != new.year and None not in (old.year, new.year):
        raise AllocationError(Problem("ledger.compare_two_years", {"old": old.year, "new": new.year}, new.file))
    runs, problems = [], []
    for table in (old, new):
        try:
            runs.append(run_model(model, table, reference=reference))
        except AllocationError as error:
            problems += error.problems
    if problems:
        raise AllocationError(problems)
    before, after = (dict(zip(keys, range(len(keys)), strict=True)) for keys in _keys(old, new))
    figures = [
        Corrected(new.names[after[key]], name, *values)
        for key in after if key in before
        for name in model.inputs
        if (values := (old.values[name][before[key]], new.values[name][after[key]])) and values[0] != values[1]
    ]  # fmt: skip
    old_run, new_run = runs
    old_awards, new_awards = (run.amounts(model.award) for run in runs)
    lines = [
        AwardChange(new.codes[row], new.names[row], old_awards[before[key]] if key in before else None, new_awards[row])
        for key, row in after.items()
    ]
    lines += [
        AwardChange(old.codes[row], old.names[row], old_awards[row], None)
        for key, row in before.items()
        if key not in after
    ]
    return Correction(old_run, new_run, tuple(figures), tuple(lines))


def _keys(*tables: Table) -> list[Sequence[str]]:
    """Codes, or names where a table has no codes of its own: numbers of rows would shift with a county put in."""
    coded = all(table.coded for table in tables)
    return [table.codes if coded else table.names for table in tables]
