"""A described table as a CSV file: UTF-8 with BOM, every figure whole, a percentage with its sign."""

from __future__ import annotations

from pathlib import Path

from allocation.files.text_out import csv_rows
from allocation.report.printed import PrintedColumn, PrintedTable, Shown
from allocation.report.study import head_of
from allocation.texts import decimal_text, say, whole_text


def write_table_csv(
    table: PrintedTable, path: Path, lang: str, titled: bool = False, units_only: bool = False, remark: str = ""
) -> None:
    """`titled`: the title stands above; `units_only`: no line of a sum; `remark`: said on every line."""
    heads = [head_of(column, lang) for column in table.columns]
    lines = [place for place, line in enumerate(table.lines) if not (units_only and line.summed)]
    rows = [[csv_cell(column, table.cell(column, place, lang)) for column in table.columns] for place in lines]
    if remark:
        heads, rows = [*heads, say(lang, "workbook.remark")], [[*row, remark] for row in rows]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv_rows(file, [*([[table.title[lang]]] if titled else []), heads, *rows])


def csv_cell(column: PrintedColumn, value: Shown, exact: bool = True) -> str:
    """A percentage has its sign, so that it reads back as what it is."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "1" if value else "0"
    percent = column.unit.is_percent
    value = value * 100 if percent else value
    # The last places of a float run are noise.
    return (whole_text(value) if exact else decimal_text(value, 13 if percent else 15)) + "%" * percent
