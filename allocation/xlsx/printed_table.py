"""A printed table on a sheet: heading rows with merged items, lines, widths and heights; the same for every reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from math import ceil

from allocation.report.column import CODE
from allocation.report.formats import TEXT, shown
from allocation.report.printed import PrintedColumn, PrintedTable
from allocation.sheets.looks import Dress, Look, Role
from allocation.sheets.sheet import Sheet
from allocation.texts import say
from allocation.xlsx.grids import cell_number, write_formula
from allocation.xlsx.printed_text import PrintedCells
from allocation.xlsx.styles import Styles, column_width, in_two_lines, width

WIDEST = 30.0  # of a column of texts
STUB = 14.0  # of the names' column, at least
LINE = 14  # points of a line of text, with ROOM above and below
ROOM, LEAST = 6, 20
HEIGHTS, LOW = (30, 36), 18  # of the two heading rows; LOW where none has items


def widths_of(table: PrintedTable, lang: str) -> list[float]:
    """Wide enough for half of a heading and for the widest figure; a long text is broken into lines."""
    wide = []
    for column in table.columns:
        cells = [shown(table.cell(column, place, lang), column.number) for place in range(len(table.lines))]
        widest = max(map(width, cells), default=0)
        least = STUB if column.stub else column_width((column.item if column.item.zh else column.head)[lang], 10, 16)
        wide.append(max(least, min(WIDEST, widest + 2) if column.kind == "text" else widest + 3.5))
    return wide


def write_heads(sheet: Sheet, table: PrintedTable, top: int, widths: Sequence[float], styles: Styles, lang: str) -> int:
    """Two heading rows, the upper one merged over the items of a list, and where it is asked for the row of column
    numbers; gives the row below them.
    """
    start, units = 0, table.units
    for _, group in groupby(enumerate(table.columns), lambda held: held[1].head.zh if held[1].item.zh else held[0]):
        columns = [column for _, column in group]
        end, first = start + len(columns) - 1, columns[0]
        alike = len({column.unit.name for column in columns}) == 1
        head = units.with_own_unit(first.head[lang], first.unit, table.unit, lang) if alike else first.head[lang]
        if not first.item.zh:
            sheet.merge_range(top, start, top + 1, start, in_two_lines(head, widths[start]), styles.head())
        elif end > start:
            sheet.merge_range(top, start, top, end, head, styles.head())
        else:
            sheet.write(top, start, head, styles.head())
        for at, column in enumerate(columns, start=start) if first.item.zh else ():
            item = column.item[lang]
            item = item if alike else units.with_own_unit(item, column.unit, table.unit, lang)
            sheet.write(top + 1, at, item, styles.head())
        start = end + 1
    tall = table.page.numbered or any(column.item.zh for column in table.columns)
    for row, height in enumerate(HEIGHTS, start=top):
        sheet.set_row(row, height if tall else LOW)
    if table.page.numbered:
        _numbers(sheet, table, top + len(HEIGHTS), styles, lang)
    return top + len(HEIGHTS) + table.page.numbered


def _numbers(sheet: Sheet, table: PrintedTable, row: int, styles: Styles, lang: str) -> None:
    """The columns counted, and below the number which are its sum."""
    counted = [column for column in table.columns if not column.stub]
    places = {column.key: place for place, column in enumerate(counted, start=1)}
    tallest = 1
    for at, column in enumerate(table.columns):
        if column.stub:
            sheet.write(row, at, say(lang, "workbook.column_number"), styles.head(Role.LABEL, font_size=9))
            continue
        terms = [f"{sign}({places[key]})" for sign, key in column.identity]
        parts = _folded("=" + "".join(terms).removeprefix("+")) if terms else []
        sheet.write(row, at, "\n".join([f"({places[column.key]})", *parts]), styles.head(Role.LABEL, font_size=9))
        tallest = max(tallest, 1 + len(parts))
    sheet.set_row(row, 13 * tallest + 3)


def _folded(identity: str) -> list[str]:
    """`=(1)+(2)+(3)+(4)` in lines that fit a column."""
    lines: list[str] = []
    for term in re.findall(r"[=+\-÷]?[=]?\(\d+\)", identity):
        if lines and len(lines[-1]) + len(term) <= 9:
            lines[-1] += term
        else:
            lines.append(term)
    return lines


def write_lines(
    sheet: Sheet, table: PrintedTable, top: int, widths: Sequence[float], styles: Styles, lang: str,
    cells: PrintedCells | None = None,
) -> int:  # fmt: skip
    """The lines of the table, live where there are `cells`; gives the row below them."""
    for place, line in enumerate(table.lines):
        row = top + place
        for at, column in enumerate(table.columns):
            value = table.cell(column, place, lang)
            text = cells.text(column, place) if cells else ""
            style = _style(styles, column, line.summed, live=bool(text))
            if text:
                write_formula(sheet, row, at, text, style, "" if value is None else value)
            elif value is None:
                sheet.write_blank(row, at, None, style)
            elif isinstance(value, str):
                sheet.write_string(row, at, value, style)
            else:
                sheet.write_number(row, at, cell_number(value), style)
        sheet.set_row(row, line_height(table, place, widths, lang))
    return top + len(table.lines)


def line_height(table: PrintedTable, place: int, widths: Sequence[float], lang: str) -> int:
    """Points that a line takes: as many lines of text as its longest text needs."""
    height = LEAST
    for at, column in enumerate(table.columns):
        value = table.cell(column, place, lang)
        if isinstance(value, str):
            height = max(height, LINE * ceil(width(value) / (widths[at] - 2)) + ROOM)
    return height


def _style(styles: Styles, column: PrintedColumn, summed: bool, live: bool) -> Look:
    """A text that is worked out has no format of texts, which Excel would take its formula for one by."""
    if column.kind != "text":
        return styles.figure(column.number, bold=summed, indent=1)
    centred = summed if column.stub else bool(column.entry)
    dress: Dress = {"bold": summed, "align": "center" if centred else "left", "text_wrap": not live}
    if not live:
        dress["num_format"] = TEXT
    return styles.text(Role.KEY if column.stub or column.key == CODE else Role.LABEL, **dress)
