"""A described table as a notebook shows it."""

from __future__ import annotations

from allocation.notebook import markup
from allocation.report.formats import figure_in
from allocation.report.printed import PrintedColumn, PrintedTable


def described(table: PrintedTable, lang: str) -> str:
    """Its units and, where it has one, its last line as the total; a change says which way it went."""
    heads = [table.units.with_own_unit(column.label[lang], column.unit, table.unit, lang) for column in table.columns]
    rows = [[_cell(table, column, place, lang) for column in table.columns] for place in range(len(table.lines))]
    total = rows.pop() if table.lines[-1].summed else ()
    return markup.table(heads, rows, lang, total=total)


def _cell(table: PrintedTable, column: PrintedColumn, place: int, lang: str) -> str:
    value = table.cell(column, place, lang)
    if column.kind == "text":
        return str(value or "")
    return figure_in(column.unit, column.decimals, value, column.signed)
