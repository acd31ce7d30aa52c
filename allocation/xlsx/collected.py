"""The workbook of a collection: 汇总数据, which `run --input` reads as it is, 收表情况, 变动 and 问题."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from allocation.classes import dataclass
from allocation.collecting.collect import Collected
from allocation.collecting.collected_tables import (
    changes_table,
    data_table,
    lines_table,
    problems_table,
    warning,
)
from allocation.policy.model import Input
from allocation.report.formats import TEXT
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable
from allocation.report.study import head_of
from allocation.sheets.looks import Dress, Look
from allocation.sheets.sheet import Book, Sheet
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import one_page_wide, validation, write_exact
from allocation.xlsx.printed_text import LineCells
from allocation.xlsx.study_sheet import StudySheet
from allocation.xlsx.styles import BAD, GOOD, Styles, column_width, width

TITLE, WARNING, UNIT, HEAD, FIRST = range(5)  # zero-based rows of 汇总数据
COLOURS = {"missing": BAD, "left_out": BAD, "late": BAD, "received": GOOD}
OTHER = "#8A5A00"  # of any other status
REMARK_WIDE = 24


def write_collected(collected: Collected, path: Path, lang: str, before: str) -> None:
    """Writes the workbook to `path`; `before` is the day of the collection it is compared with, empty without one."""
    book = figure_book(path, lang, data_table(collected).title[lang], (collected.model, collected.table))
    collected_sheets(book, collected, before)
    book.close()


def collected_sheets(book: Book, collected: Collected, before: str) -> None:
    styles = Styles(book)
    keys = ("data", "lines", "changes", "problems")
    data, *others = [book.add_worksheet(book.say(f"collect.sheet_{key}")) for key in keys]
    _write_data(data, collected, styles)
    lines, changes, problems = others
    first = [line.status[0] for line in collected.lines]
    wrong = len(collected.problems)
    _write_texts(lines, lines_table(collected, "workbook"), (14, 16, 12, 14, 36, 14, 34), styles,
                 lambda place, column: COLOURS.get(first[place], OTHER) if column.key == "status" else "")  # fmt: skip
    _write_texts(changes, changes_table(collected, before), (14, 16, 34, 14, 14, 44), styles)
    _write_texts(problems, problems_table(collected), (10, 120), styles,
                 lambda place, column: BAD if place < wrong and column.key == "severity" else "")  # fmt: skip


def _write_data(sheet: Sheet, collected: Collected, styles: Styles) -> None:
    table, entries = data_table(collected), list(collected.model.inputs.values())
    last = len(table.columns) - 1
    sheet.merge_range(TITLE, 0, TITLE, last, table.title[sheet.lang], styles.title())
    sheet.set_row(TITLE, 30)
    sheet.write(WARNING, 0, warning(collected, sheet.lang), styles.get(font_color=BAD, bold=True))
    sheet.write(UNIT, last, _units(sheet, entries), styles.note(align="right"))
    heads = [column_width(head_of(column, sheet.lang)) for column in table.columns[2 : 2 + len(entries)]]
    remark = [REMARK_WIDE] * (last - 1 - len(entries))
    cells = LineCells(table, FIRST)
    end = CollectedData(sheet, table, HEAD, styles, cells, collected=collected).write([14, 14, *heads, *remark])
    for column, entry in enumerate(entries, start=2):
        if rule := validation(entry, styles):
            sheet.data_validation(FIRST, column, end - 2, column, rule)
    sheet.set_row(HEAD, 48)
    sheet.freeze_panes(FIRST, 2)
    sheet.repeat_rows(TITLE, HEAD)
    one_page_wide(sheet, landscape=True, paper=8)


@dataclass(frozen=True, kw_only=True)
class CollectedData(StudySheet):
    """What was returned stands in cells for people, whole, with what was remarked of it."""

    collected: Collected

    def put(self, place: int, line: PrintedLine, to: tuple[int, int], column: PrintedColumn) -> None:
        row = line.rows[0]
        if line.summed or column.key not in self.collected.model.inputs:
            super().put(place, line, to, column)
            return
        value = self.table.figures[column.key][place]
        write_exact(self.sheet, *to, value, self.styles.input(column.number))
        if remark := self.collected.table.remarks.get((column.key, row)):
            self.sheet.write_comment(*to, remark)

    def look(self, column: PrintedColumn, line: PrintedLine) -> Look:
        if line.summed and column.total == "blank":
            return self.styles.text(bold=column.stub)
        return super().look(column, line)


def _units(sheet: Sheet, entries: Sequence[Input]) -> str:
    """`单位：人、万元` where that is clear: the units stand in the headers too."""
    units = {entry.unit.name: entry.unit for entry in entries if entry.unit.dims}
    kinds = {unit.dims for unit in units.values()}
    if sheet.lang != "zh" or len(kinds) < len(units) or not units:
        return sheet.say("collect.units_apart")
    return sheet.say("workbook.unit_line", unit=list(units))


def _write_texts(
    sheet: Sheet, table: PrintedTable, widths: Sequence[float], styles: Styles,
    ink: Callable[[int, PrintedColumn], str] = lambda place, column: "",
) -> None:  # fmt: skip
    """A sheet of texts below a title; `ink` is the colour of a line's cell, empty of most."""
    sheet.merge_range(0, 0, 0, len(widths) - 1, table.title[sheet.lang], styles.title())
    sheet.set_row(0, 30)
    for at, (column, size) in enumerate(zip(table.columns, widths, strict=True)):
        sheet.set_column(at, at, size)
        sheet.write(2, at, head_of(column, sheet.lang), styles.head())
    for place in range(len(table.lines)):
        lines = 1
        for at, column in enumerate(table.columns):
            text, colour = str(table.cell(column, place, sheet.lang) or ""), ink(place, column)
            dress: Dress = {"num_format": TEXT, "text_wrap": True}
            if colour:
                dress |= {"font_color": colour, "bold": True}
            sheet.write_string(3 + place, at, text, styles.text(**dress))
            lines = max(lines, 1 + int(width(text) / widths[at]))
        sheet.set_row(3 + place, 16 * lines)
    sheet.freeze_panes(3, 0)
    one_page_wide(sheet, landscape=True)
