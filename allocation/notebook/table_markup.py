"""A described table as a notebook shows it."""

from __future__ import annotations

from allocation.notebook.markup import ShownPage
from allocation.report.formats import figure_in
from allocation.report.printed import PrintedColumn, PrintedTable, Shown


def described(page: ShownPage, table: PrintedTable) -> str:
    """Its units and, where it has one, its last line as the total; a change says which way it went."""
    lang = page.lang
    heads = [table.units.with_own_unit(column.label[lang], column.unit, table.unit, lang) for column in table.columns]
    rows = [
        [_cell(column, table.cell(column, place, lang)) for column in table.columns]
        for place in range(len(table.lines))
    ]
    total = rows.pop() if table.lines[-1].summed else ()
    return page.table(heads, rows, total=total)


def _cell(column: PrintedColumn, value: Shown) -> str:
    if column.kind == "text":
        return str(value or "")
    return figure_in(column.unit, column.decimals, value, column.signed)
