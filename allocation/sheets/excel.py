"""A book as an Excel file: XlsxWriter makes the shell, the cells are kept until it is closed and written by us.

XlsxWriter takes twenty times as long for a cell as its XML takes to put together and to press.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from xlsxwriter.format import Format

from allocation.files import excel_limits
from allocation.files.limits import COLUMNS, ROWS
from allocation.files.shell_book import ShellBook
from allocation.sheets.cells import SheetCells, column_name
from allocation.sheets.looks import Look
from allocation.sheets.package import write_package
from allocation.sheets.sheet import Book, Options, Sheet, SheetChart, Value

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as ExcelChart
    from xlsxwriter.worksheet import Worksheet

EVE = date(1899, 12, 31).toordinal()  # days are counted from the day after
OF_CELLS = ("name", "categories", "values")  # of a chart: a list, where cells say them
LAST_OF_FEBRUARY = 59  # of 1900, after which Excel counts a day that never was


class Formats(dict[Look | None, Format | None]):
    """The format of each look, made at first use."""

    def __init__(self, book: ShellBook):
        super().__init__({None: None})
        self.book = book

    def __missing__(self, look: Look) -> Format:
        self[look] = written = self.book.add_format(dict(look.dress))
        return written


class ExcelSheet(Sheet):
    """Cells are kept; how they are seen, edited and printed is told to XlsxWriter at once."""

    def __init__(self, name: str, lang: str, sheet: Worksheet, formats: Formats, charts: Charts):
        super().__init__(name, lang)
        self.cells, self._shell_rows = SheetCells(), set[int]()  # those in which the shell has cells too
        self._sheet, self._formats, self._charts = sheet, formats, charts
        self._foot = ""

    def _where(self, row: int, column: int) -> str:
        return f"{self.name}!{column_name(column)}{row + 1}"

    def _put(self, row: int, column: int, look: Look | None, value: Value, formula: str | None = None) -> None:
        if row >= ROWS:
            excel_limits.refuse("rows", ROWS, row + 1, self.name)
        if column >= COLUMNS:
            excel_limits.refuse("columns", COLUMNS, column + 1, self.name)
        self.cells.rows[row][column] = look, value, formula

    def _fits(self, row: int, column: int, text: str) -> None:
        if len(text) > excel_limits.CELL // 2 and (units := excel_limits.units(text)) > excel_limits.CELL:
            excel_limits.refuse("cell", excel_limits.CELL, units, self._where(row, column))

    def write(self, row: int, column: int, value: Value = None, style: Look | None = None) -> None:
        if value is None or value == "":
            self.write_blank(row, column, None, style)
        elif isinstance(value, str):
            self.write_string(row, column, value, style)
        else:
            self._put(row, column, style, value)

    def write_string(self, row: int, column: int, value: str, style: Look | None = None) -> None:
        self._fits(row, column, value)
        self._put(row, column, style, value)

    def write_number(self, row: int, column: int, value: float | Fraction, style: Look | None = None) -> None:
        self._put(row, column, style, value)

    def write_datetime(self, row: int, column: int, value: date, style: Look | None = None) -> None:
        days = value.toordinal() - EVE
        self._put(row, column, style, days + (days > LAST_OF_FEBRUARY))

    def write_blank(self, row: int, column: int, value: None = None, style: Look | None = None) -> None:
        if style:  # or nothing would be there
            self._put(row, column, style, None)

    def write_formula(self, row: int, column: int, text: str, style: Look | None = None, value: Value = 0) -> None:
        formula = text.removeprefix("=")
        if len(formula) >= excel_limits.SHORT:
            excel_limits.check_formula(formula, self._where(row, column))
        self._put(row, column, style, value, formula)

    def write_url(self, row: int, column: int, url: str, style: Look | None = None, text: str = "") -> None:
        self.write_string(row, column, text, style)
        self._sheet.write_url(row, column, url, self._formats[style], text)
        self._shell_rows.add(row)

    def merge_range(
        self, row: int, column: int, last_row: int, last_column: int, value: Value, style: Look | None = None
    ) -> None:
        if (row, column) != (last_row, last_column):
            self._sheet.merge_range(row, column, last_row, last_column, "")
        for down in range(row, last_row + 1):
            for across in range(column, last_column + 1):
                self.write_blank(down, across, None, style)
        self.write(row, column, value, style)

    def write_comment(self, row: int, column: int, text: str, options: Options | None = None) -> None:
        self._fits(row, column, text)
        self._sheet.write_comment(row, column, text, None if options is None else dict(options))

    def data_validation(self, row: int, column: int, last_row: int, last_column: int, rule: Options) -> None:
        self._sheet.data_validation(row, column, last_row, last_column, dict(rule))

    def conditional_format(self, row: int, column: int, last_row: int, last_column: int, rule: Options) -> None:
        told = {key: self._formats[part] if isinstance(part, Look) else part for key, part in rule.items()}
        self._sheet.conditional_format(row, column, last_row, last_column, told)

    def insert_chart(self, row: int, column: int, chart: SheetChart) -> None:
        self._sheet.insert_chart(row, column, self._charts.drawn(chart))

    def set_column(self, first: int, last: int, width: float) -> None:
        self._sheet.set_column(first, last, width)

    def set_row(self, row: int, height: float) -> None:
        self._sheet.set_row(row, height)

    def freeze_panes(self, row: int, column: int) -> None:
        self._sheet.freeze_panes(row, column)

    def autofilter(self, row: int, column: int, last_row: int, last_column: int) -> None:
        self._sheet.autofilter(row, column, last_row, last_column)

    def ignore_errors(self, ranges: Mapping[str, str]) -> None:
        self._sheet.ignore_errors(dict(ranges))

    def protect(self, password: str = "", options: Mapping[str, bool] | None = None) -> None:
        self._sheet.protect(password, None if options is None else dict(options))

    def hide(self) -> None:
        self._sheet.hide()

    def very_hidden(self) -> None:
        self._sheet.very_hidden()

    def activate(self) -> None:
        self._sheet.activate()

    def hide_gridlines(self) -> None:
        self._sheet.hide_gridlines(2)

    def set_paper(self, kind: int) -> None:
        self._sheet.set_paper(kind)

    def set_landscape(self) -> None:
        self._sheet.set_landscape()

    def set_portrait(self) -> None:
        self._sheet.set_portrait()

    def fit_to_pages(self, wide: int, high: int) -> None:
        self._sheet.fit_to_pages(wide, high)

    def set_print_scale(self, percent: int) -> None:
        self._sheet.set_print_scale(percent)

    def set_h_pagebreaks(self, rows: Sequence[int]) -> None:
        self._sheet.set_h_pagebreaks([*rows])

    def set_start_page(self, number: int) -> None:
        self._sheet.set_start_page(number)

    def print_area(self, row: int, column: int, last_row: int, last_column: int) -> None:
        self._sheet.print_area(row, column, last_row, last_column)

    def repeat_rows(self, first: int, last: int | None = None) -> None:
        self._sheet.repeat_rows(first, last)

    def repeat_columns(self, first: int, last: int | None = None) -> None:
        self._sheet.repeat_columns(first, first if last is None else last)

    def center_horizontally(self) -> None:
        self._sheet.center_horizontally()

    def set_margins(self, left: float = 0.7, right: float = 0.7, top: float = 0.75, bottom: float = 0.75) -> None:
        self._sheet.set_margins(left, right, top, bottom)

    def set_header(self, text: str) -> None:
        self._sheet.set_header(text)

    def set_footer(self, text: str) -> None:
        self._foot = text
        self._sheet.set_footer(text)

    def sign_pages(self, label: str, page: str) -> None:
        self._sheet.set_footer(f"&L{label}&R{self._foot.removeprefix('&C') or page}")

    def charted(self, row: int, column: int) -> None:
        """The shell has this cell too: a chart keeps what it shows."""
        cell = self.cells[row, column]
        if cell is None:
            return
        look, value, formula = cell
        if formula is None:
            self._sheet.write(row, column, value, self._formats[look])
        else:
            self._sheet.write_formula(row, column, "=0", self._formats[look], value)
        self._shell_rows.add(row)

    def show(self, looks: Sequence[Look]) -> int:
        """A cell of each look, side by side in a row of the shell that has no others; then a text, to have a table."""
        row = next(row for row in count() if row not in self._shell_rows)
        for column, look in enumerate(looks):
            self._sheet.write_blank(row, column, None, self._formats[look])
        self._sheet.write_string(row, len(looks), self.name)
        return row


class Charts:
    """Described charts into XlsxWriter's; `ranges` of what they show: sheet, row and column, the last ones if any."""

    def __init__(self, book: ShellBook):
        self.book, self.ranges = book, list[list[Any]]()

    def drawn(self, chart: SheetChart) -> ExcelChart:
        drawn = self.book.add_chart(dict(chart.kind))
        for series in chart.series:
            drawn.add_series(dict(series))
        if chart.with_it:
            drawn.combine(self.drawn(chart.with_it))
        for part, options in chart.parts.items():
            getattr(drawn, f"set_{part}")(options)
        for options in (*chart.series, *chart.parts.values()):
            self.ranges += [options[key] for key in OF_CELLS if isinstance(options.get(key), list)]
        return drawn


class ExcelBook(Book):
    """The file is written when the book is closed, or left as a context; not where it is left by an error."""

    def __init__(self, path: Path, lang: str, shell: ShellBook, held: BinaryIO):
        super().__init__(lang)
        self._path, self._shell, self._held = path, shell, held
        self._sheets = list[ExcelSheet]()
        self._formats, self._charts = Formats(shell), Charts(shell)

    def add_worksheet(self, name: str) -> ExcelSheet:
        sheet = self._shell.add_worksheet(name)
        self._sheets.append(ExcelSheet(name, self.lang, sheet, self._formats, self._charts))
        return self._sheets[-1]

    def worksheets(self) -> Sequence[ExcelSheet]:
        return self._sheets

    def define_name(self, name: str, target: str) -> None:
        self._shell.define_name(name, target)

    def close(self) -> None:
        named = {sheet.name: sheet for sheet in self._sheets}
        for name, row, column, *last in self._charts.ranges:
            last_row, last_column = last or (row, column)
            for down in range(row, last_row + 1):
                for across in range(column, last_column + 1):
                    named[name].charted(down, across)
        looks = [*dict.fromkeys(look for sheet in self._sheets for look in sheet.cells.looks() if look)]
        shown = self._sheets[0].show(looks)
        self._shell.close()
        write_package(self._path, self._held, [sheet.cells for sheet in self._sheets], looks, shown)

    def __enter__(self) -> ExcelBook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
