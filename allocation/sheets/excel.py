"""A book as an Excel file: every call is forwarded to XlsxWriter at once, so that no second copy of a sheet is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from types import TracebackType
from typing import TYPE_CHECKING

from xlsxwriter.format import Format

from allocation.files.text_book import TextBook, TextSheet
from allocation.sheets.looks import Look
from allocation.sheets.sheet import Book, Options, Sheet, SheetChart, Value

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as ExcelChart


class Formats(dict[Look | None, Format | None]):
    """The format of each look, made at first use."""

    def __init__(self, book: TextBook):
        super().__init__({None: None})
        self.book = book

    def __missing__(self, look: Look) -> Format:
        self[look] = written = self.book.add_format(dict(look.dress))
        return written


class ExcelSheet(Sheet):
    def __init__(self, name: str, lang: str, sheet: TextSheet, formats: Formats, charts: Charts):
        super().__init__(name, lang)
        self._sheet, self._formats, self._charts = sheet, formats, charts
        self._foot = ""

    def write(self, row: int, column: int, value: Value = None, style: Look | None = None) -> None:
        if value is None or value == "":
            self._sheet.write_blank(row, column, None, self._formats[style])
        elif isinstance(value, str):
            self._sheet.write_string(row, column, value, self._formats[style])
        else:
            self._sheet.write(row, column, value, self._formats[style])

    def write_string(self, row: int, column: int, value: str, style: Look | None = None) -> None:
        self._sheet.write_string(row, column, value, self._formats[style])

    def write_number(self, row: int, column: int, value: float | Fraction, style: Look | None = None) -> None:
        self._sheet.write_number(row, column, value, self._formats[style])

    def write_datetime(self, row: int, column: int, value: date, style: Look | None = None) -> None:
        self._sheet.write_datetime(row, column, datetime.combine(value, time()), self._formats[style])

    def write_blank(self, row: int, column: int, value: None = None, style: Look | None = None) -> None:
        self._sheet.write_blank(row, column, None, self._formats[style])

    def write_formula(self, row: int, column: int, text: str, style: Look | None = None, value: Value = 0) -> None:
        self._sheet.write_formula(row, column, text, self._formats[style], value)

    def write_url(self, row: int, column: int, url: str, style: Look | None = None, text: str = "") -> None:
        self._sheet.write_url(row, column, url, self._formats[style], text)

    def merge_range(
        self, row: int, column: int, last_row: int, last_column: int, value: Value, style: Look | None = None
    ) -> None:
        self._sheet.merge_range(row, column, last_row, last_column, value, self._formats[style])

    def write_comment(self, row: int, column: int, text: str, options: Options | None = None) -> None:
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


class Charts:
    """Described charts into XlsxWriter's."""

    def __init__(self, book: TextBook):
        self.book = book

    def drawn(self, chart: SheetChart) -> ExcelChart:
        drawn = self.book.add_chart(dict(chart.kind))
        for series in chart.series:
            drawn.add_series(dict(series))
        if chart.with_it:
            drawn.combine(self.drawn(chart.with_it))
        for part, options in chart.parts.items():
            getattr(drawn, f"set_{part}")(options)
        return drawn


class ExcelBook(Book):
    """The file is written when the book is closed, or left as a context."""

    def __init__(self, book: TextBook, lang: str):
        super().__init__(lang)
        self._book, self._sheets = book, list[ExcelSheet]()
        self._formats, self._charts = Formats(book), Charts(book)

    def add_worksheet(self, name: str) -> ExcelSheet:
        written = self._book.add_worksheet(name)
        self._sheets.append(ExcelSheet(name, self.lang, written, self._formats, self._charts))
        return self._sheets[-1]

    def worksheets(self) -> Sequence[ExcelSheet]:
        return self._sheets

    def define_name(self, name: str, target: str) -> None:
        self._book.define_name(name, target)

    def close(self) -> None:
        self._book.close()

    def __enter__(self) -> ExcelBook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
