"""What the table itself says of last year (上年数): who is new in it or has gone, and which figures leap."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from allocation.doubts.beside import LAST, Known, Listing
from allocation.doubts.doubt import Doubt
from allocation.doubts.names import plain
from allocation.doubts.units import SHOWN, Explained
from allocation.errors import Problem
from allocation.policy.model import Model
from allocation.tables.keys import Figure
from allocation.tables.past import past_inputs
from allocation.tables.table import Table
from allocation.texts import both, bracketed, shortened


def own_listing(model: Model, table: Table) -> Listing | None:
    """The units that had something last year by the table's own columns, with those figures.

    None where no column says so, or where most units are blank there: then a blank says nothing.
    """
    columns = _columns(model, table)
    rows = [row for row in range(len(table)) if any(column[row] is not None for column in columns.values())]
    if not rows or 2 * len(rows) < len(table):
        return None
    units = tuple(Known(table.codes[row], table.names[row], where=table.unit_where(row)) for row in rows)
    figures = {name: dict(zip(table.codes, column, strict=True)) for name, column in columns.items()}
    awards = [value for value in columns.get(model.award, ()) if isinstance(value, Fraction)]
    year = None if table.year is None else table.year - 1
    total = sum(awards, Fraction(0)) if awards else None
    return Listing(LAST, both("doubts.own_past", file=table.file), units, year,
                   figures, total)  # fmt: skip


def gone_doubts(model: Model, table: Table, explained: Explained) -> list[Doubt]:
    """One doubt with every unit of which the table has last year's figures and none of this year."""
    past, inputs = _columns(model, table), past_inputs(model)
    now = [column for name, column in table.values.items() if name not in inputs and not model.inputs[name].text]
    if not past or not now:
        return []
    rows = [
        row
        for row in range(len(table))
        if any(column[row] is not None for column in past.values())
        and all(column[row] is None for column in now)
        and not explained.went(table.codes[row], None if table.year is None else table.year - 1)
    ]
    if not rows:
        return []
    units = [bracketed(f"{table.codes[row]} {table.names[row]}", table.unit_where(row)) for row in rows]
    problem = Problem("doubts.gone", {"count": len(rows), "units": shortened(units, SHOWN), "file": table.file})
    figures = tuple(plain(table.names[row]) for row in rows)
    return [Doubt("missing", tuple(table.codes[row] for row in rows), figures, problem)]


def _columns(model: Model, table: Table) -> Mapping[str, tuple[Figure, ...]]:
    """By input or award, every column of its last year's figures, whether an input asks for it or none does."""
    columns = {target: table.values.get(name, ()) for name, target in past_inputs(model).items()}
    columns |= table.past
    return {name: column for name, column in columns.items() if any(value is not None for value in column)}
