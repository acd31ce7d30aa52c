"""What a result workbook computes from, as its own sheets now hold it: parameters and figures, edited or not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from allocation.errors import Problem
from allocation.loading import model_from_text
from allocation.model import Input, Model
from allocation.scenario import Change
from allocation.study.parameter_workbook import entries
from allocation.tables.cells import Cell
from allocation.tables.figures import Measure, Unread, read_number, read_text
from allocation.tables.limits import settle
from allocation.tables.table import Figure, Table
from allocation.texts import LANGUAGES, say
from allocation.workbook.layout import FIRST, NAME, Layout, letters
from allocation.workbook.ledger_record import restored
from allocation.workbook.reopened import OpenSheet, Reopened, table_of

FRACTION = re.compile(r"=\(?(-?\d+)/(\d+)\)?")  # how an exact 2/37 is written


@dataclass
class Sources:
    """What the workbook computes from; `problems` are cells that no figure can be made of, `unread` those of 数据."""

    model: Model
    table: Table
    rows: list[int]
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: set[tuple[str, str]] = field(default_factory=set)  # input, code


def sources(book: Reopened) -> Sources:
    """The model with the parameters of 参数, and the table of 数据. Raises what is wrong with the model text."""
    model = model_from_text(book.model_text, book.model_file)
    sheet = book.sheets["data"]
    rows = [row for row in range(FIRST, _end(sheet)) if sheet.text(row, 1)]
    layout = Layout(model, len(rows), book.lang)
    found = Sources(model, Table((), (), {}), rows)
    own = {sheet.text(row, column): column for row, column in sheet.values if row == NAME}
    values = {
        name: _column(book, found, model.inputs[name], own.get(name, column)) for name, column in layout.inputs.items()
    }
    said = table_of(book.record)[-1]
    found.table = Table(
        codes=tuple(sheet.text(row, 1) for row in rows), names=tuple(sheet.text(row, 2) for row in rows), values=values,
        year=int(said["year"]) if said["year"] else None, file=said["file"] or "", sha256=said["sha256"] or "",
        illustrative=said["mark"] == "True",
    )  # fmt: skip
    found.table = restored(found.table, book.record)
    _parameters(book, found, layout)
    return found


def _end(sheet: OpenSheet) -> int:
    """The row after the last county's: that of 合计, or the first below everything."""
    totals = {say(lang, "workbook.total") for lang in LANGUAGES}
    rows = sorted(row for row, column in sheet.values if column == 2 and row >= FIRST)
    return next(
        (row for row in rows if sheet.text(row, 2) in totals and not sheet.text(row, 1)), rows[-1] + 1 if rows else 0
    )


def _column(book: Reopened, found: Sources, entry: Input, column: int) -> tuple[Figure, ...]:
    measure = Measure(entry, found.model.units)
    sheet, values = book.sheets["data"], []
    for row in found.rows:
        value = entry.default
        cell = Cell(sheet.values.get((row, column)), sheet.formats.get((row, column), ""))
        try:
            if not cell.missing:
                exact = FRACTION.fullmatch(sheet.formulas.get((row, column), ""))
                value = Fraction(int(exact[1]), int(exact[2])) if exact else _read(cell, measure)
        except Unread as slip:
            common = {"label": entry.label, "unit": measure.label(), "choices": list(entry.one_of)}
            found.problems.append(Problem(slip.id, common | slip.slots, _where(sheet, row, column)))
            found.unread.add((entry.name, sheet.text(row, 1)))
        values.append(value)
    return tuple(values)


def _read(cell: Cell, measure: Measure) -> Figure:
    if measure.entry.text:
        return read_text(cell, measure.entry)
    return settle(read_number(cell, measure), measure)


def _where(sheet: OpenSheet, row: int, column: int) -> str:
    return f"{sheet.title}!{letters(column)}{row + 1}"


def _parameters(book: Reopened, found: Sources, layout: Layout) -> None:
    """What differs from the model text becomes a change; edges of bands go into the model itself."""
    sheet, model = book.sheets["parameters"], found.model
    rows = [row for name in model.parameters for row in layout.rows[name]]
    own = {sheet.text(row, 5): row for row, column in sheet.values if column == 5}
    for (entry, _, value, address), place in zip(entries(model), rows, strict=True):
        row = own.get(address, place)
        typed = _parameter(sheet, row, 2, isinstance(value, str))
        if typed is None:
            found.problems.append(Problem("verify.no_figure", {"name": entry.label}, _where(sheet, row, 2)))
        elif not same(typed, value):
            found.changes.append(Change(address, typed))
        place -= layout.rows[entry.name][0]
        if not entry.bands or entry.bands[place].edge is None:
            continue
        edge = _parameter(sheet, row, 1, False)
        if edge is None:
            found.problems.append(Problem("verify.no_figure", {"name": entry.label}, _where(sheet, row, 1)))
        elif not same(edge, entry.bands[place].edge):
            _move_edge(found, entry.name, place, edge)


def _move_edge(found: Sources, name: str, place: int, edge: Fraction) -> None:
    entry = found.model.parameters[name]
    bands = tuple(replace(band, edge=edge) if i == place else band for i, band in enumerate(entry.bands))
    found.model = replace(found.model, parameters={**found.model.parameters, name: replace(entry, bands=bands)})


def _parameter(sheet: OpenSheet, row: int, column: int, text: bool) -> Figure:
    """The cell's figure; None where it holds none."""
    value = sheet.values.get((row, column))
    if text:
        return str(value) if value is not None else None
    exact = FRACTION.fullmatch(sheet.formulas.get((row, column), ""))
    if exact:
        return Fraction(int(exact[1]), int(exact[2]))
    return Fraction(f"{value:.15g}") if isinstance(value, int | float) and not isinstance(value, bool) else None


def same(typed: Figure, value: Figure) -> bool:
    """Whether a cell still holds the model's figure: a cell keeps fifteen digits of it."""
    if isinstance(typed, Fraction) and isinstance(value, Fraction):
        return typed == value or typed == Fraction(f"{float(value):.15g}")
    return typed == value
