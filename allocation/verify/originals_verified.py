"""What a workbook's hidden sheet 原值 says it was written with, beside its record and beside what it holds now."""

from __future__ import annotations

from dataclasses import replace

from allocation.analysis.parameter_workbook import entries
from allocation.readings.excel_text import file_spelling
from allocation.sheets.memory import Formula, MemoryBook
from allocation.tables.table import Table
from allocation.verify.comparing import Difference
from allocation.verify.own_figures import RunInBook, read_column
from allocation.verify.reopened import Reopened
from allocation.xlsx.layout import FIRST, Layout, letters
from allocation.xlsx.originals import FIGURES, PARAMETERS, held_cells, originals_digest, parameter_base, spelt

NAMED = 5  # the column of names on 参数


def original_differences(book: Reopened, in_book: RunInBook) -> list[Difference]:
    """原值 against the hash in the record; and, while it holds, the cells that people may not edit against 原值."""
    sheet, kept = book.sheets.get(book.name("originals")), book.record.originals_sha256
    if sheet is None or not kept:
        return []
    held = held_cells(sheet.values)
    if (digest := originals_digest(held)) != kept:
        return [Difference("originals", sheet.title, actual=digest[:12], expected=kept[:12])]
    group = in_book.model.group
    if not group:
        return []
    now, column = in_book.places[group]
    return [
        Difference("text", now.title, f"{letters(column)}{row + 1}", in_book.table.names[place],
                   in_book.model.inputs[group].label[book.lang], now.values.get((row, column)), held.get((row, column)))
        for place, row in enumerate(in_book.rows)
        if spelt(now.values.get((row, column))) != spelt(held.get((row, column)))
    ]  # fmt: skip


def original_figures(book: Reopened, in_book: RunInBook, original: Table | None) -> Table | None:
    """The table as written: its figures by 原值 where that holds, whatever other files are at hand."""
    sheet, kept = book.sheets.get(book.name("originals")), book.record.originals_sha256
    if sheet is None or not kept or originals_digest(held_cells(sheet.values)) != kept:
        return original
    layout = Layout(in_book.model, len(in_book.rows), book.lang)
    before = replace(in_book, sheet=sheet, places={}, problems=[], unread=set())
    values = {name: read_column(before, in_book.model.inputs[name], sheet, column)
              for name, column in layout.inputs.items()}  # fmt: skip
    table = original if original and original.codes == in_book.table.codes else in_book.table
    return replace(table, values=values, cells={(name, 0): "" for name in values})


def edited_counts(book: Reopened, in_book: RunInBook) -> dict[tuple[int, int], int]:
    """How many cells of 参数 and of 数据 are not what 原值 holds, by the cell of 原值 that says so."""
    layout, held = Layout(in_book.model, len(in_book.rows), book.lang), book.sheets[book.name("originals")].values
    base, sheet, data = parameter_base(layout), book.needed("parameters"), book.needed("data").values
    named = {sheet.text(row, NAMED): row for row, column in sheet.values if column == NAMED}
    places = [row for rows in layout.rows.values() for row in rows]
    moved = {place: named.get(address, place)
             for (*_, address), place in zip(entries(in_book.model), places, strict=True)}  # fmt: skip
    edges = []
    for name, rows in layout.rows.items():
        bands = in_book.model.parameters[name].bands
        edges += [row for row, band in zip(rows, bands, strict=False) if band.edge is not None]
    pairs = {
        PARAMETERS: [(sheet.values.get((moved[row], 2)), held.get((row, base + 1))) for row in places]
        + [(sheet.values.get((moved[row], 1)), held.get((row, base))) for row in edges],
        FIGURES: [(data.get((row, column)), held.get((row, column)))
                  for column in layout.inputs.values() for row in range(FIRST, FIRST + layout.count)],
    }  # fmt: skip
    return {place: sum(spelt(now) != spelt(then) for now, then in pair) for place, pair in pairs.items()}


def put_counts(expected: MemoryBook, book: Reopened, counts: dict[tuple[int, int], int], cover: str, told: str) -> None:
    """The counts as they now must be, on 原值 and in the line `cover` of 封面."""
    cells = expected.sheets[book.name("originals")].cells
    for place, count in counts.items():
        if isinstance(counted := cells[place], Formula):
            cells[place] = Formula(counted.text, count)
    cells = expected.sheets[book.name("cover")].cells
    for place, cell in cells.items():
        if isinstance(cell, Formula) and cell.text == file_spelling(cover):
            cells[place] = Formula(cell.text, told)
