"""What the writers write to: a book of sheets, whatever it is made into.

Two renderers: `excel` writes the cells into the shell that XlsxWriter makes, `memory` keeps them. Rows and columns
count from zero; a number format, a colour or a lock is part of a cell's look, which also says what the cell is for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from fractions import Fraction
from typing import Any

from allocation.classes import dataclass
from allocation.sheets.looks import Look, Role
from allocation.texts import Speaker

Value = str | int | float | Fraction | None  # a truth is 1 or 0; None and an empty text are a blank
Options = Mapping[str, Any]  # of a chart, a validation, a condition, a comment, in XlsxWriter's words


@dataclass
class SheetChart:
    """Described: it is drawn when it is put on a sheet. `parts`: title, legend, axes and size by name."""

    kind: Options
    series: list[Options] = field(default_factory=list)
    parts: dict[str, Options] = field(default_factory=dict)
    with_it: SheetChart | None = None

    def add_series(self, options: Options) -> None:
        self.series.append(options)

    def set_title(self, options: Options) -> None:
        self.parts["title"] = options

    def set_legend(self, options: Options) -> None:
        self.parts["legend"] = options

    def set_x_axis(self, options: Options) -> None:
        self.parts["x_axis"] = options

    def set_y_axis(self, options: Options) -> None:
        self.parts["y_axis"] = options

    def set_size(self, options: Options) -> None:
        self.parts["size"] = options

    def combine(self, chart: SheetChart) -> None:
        self.with_it = chart


class Unseen:
    """How a sheet is seen, edited and printed, which is no part of its cells: nothing, where nobody sees it."""

    def area(self, role: Role, row: int, column: int, last_row: int, last_column: int) -> None:
        """What is for something as a whole, blank cells too: the figures as they were written, a line to sign on."""

    def write_comment(self, row: int, column: int, text: str, options: Options | None = None) -> None: ...
    def data_validation(self, row: int, column: int, last_row: int, last_column: int, rule: Options) -> None: ...
    def conditional_format(self, row: int, column: int, last_row: int, last_column: int, rule: Options) -> None: ...
    def insert_chart(self, row: int, column: int, chart: SheetChart) -> None: ...
    def set_column(self, first: int, last: int, width: float) -> None: ...
    def set_row(self, row: int, height: float) -> None: ...
    def freeze_panes(self, row: int, column: int) -> None: ...
    def autofilter(self, row: int, column: int, last_row: int, last_column: int) -> None: ...
    def ignore_errors(self, ranges: Mapping[str, str]) -> None: ...
    def protect(self, password: str = "", options: Mapping[str, bool] | None = None) -> None: ...
    def hide(self) -> None: ...
    def very_hidden(self) -> None: ...
    def activate(self) -> None: ...
    def hide_gridlines(self) -> None: ...  # on the screen and in print
    def set_paper(self, kind: int) -> None: ...
    def set_landscape(self) -> None: ...
    def set_portrait(self) -> None: ...
    def fit_to_pages(self, wide: int, high: int) -> None: ...
    def set_print_scale(self, percent: int) -> None: ...
    def set_h_pagebreaks(self, rows: Sequence[int]) -> None: ...
    def set_start_page(self, number: int) -> None: ...
    def print_area(self, row: int, column: int, last_row: int, last_column: int) -> None: ...
    def repeat_rows(self, first: int, last: int | None = None) -> None: ...
    def repeat_columns(self, first: int, last: int | None = None) -> None: ...
    def center_horizontally(self) -> None: ...
    def set_margins(self, left: float = 0.7, right: float = 0.7, top: float = 0.75, bottom: float = 0.75) -> None: ...
    def set_header(self, text: str) -> None: ...
    def set_footer(self, text: str) -> None: ...
    def sign_pages(self, label: str, page: str) -> None: ...  # beside what the foot says of pages, or `page`


class Sheet(Unseen, Speaker, ABC):
    """Cells must be kept by every renderer. It speaks the language of its book."""

    def __init__(self, name: str, lang: str):
        self.name, self.lang = name, lang

    def get_name(self) -> str:
        return self.name

    @abstractmethod
    def write(self, row: int, column: int, value: Value = None, style: Look | None = None) -> None:
        """A text, a figure or, of None and of an empty text, a blank."""

    @abstractmethod
    def write_string(self, row: int, column: int, value: str, style: Look | None = None) -> None: ...

    @abstractmethod
    def write_number(self, row: int, column: int, value: float | Fraction, style: Look | None = None) -> None: ...

    @abstractmethod
    def write_datetime(self, row: int, column: int, value: date, style: Look | None = None) -> None: ...

    @abstractmethod
    def write_blank(self, row: int, column: int, value: None = None, style: Look | None = None) -> None: ...

    @abstractmethod
    def write_formula(self, row: int, column: int, text: str, style: Look | None = None, value: Value = 0) -> None:
        """`text` begins with `=`; `value` is stored beside it."""

    @abstractmethod
    def write_url(self, row: int, column: int, url: str, style: Look | None = None, text: str = "") -> None: ...

    @abstractmethod
    def merge_range(
        self, row: int, column: int, last_row: int, last_column: int, value: Value, style: Look | None = None
    ) -> None: ...

    def write_column(self, row: int, column: int, values: Sequence[Value], style: Look | None = None) -> None:
        for place, value in enumerate(values):
            self.write(row + place, column, value, style)


class Book(Speaker, ABC):
    """Sheets in their order, and names of cells."""

    def __init__(self, lang: str):
        self.lang = lang

    @abstractmethod
    def add_worksheet(self, name: str) -> Sheet: ...

    @abstractmethod
    def worksheets(self) -> Sequence[Sheet]: ...

    @abstractmethod
    def define_name(self, name: str, target: str) -> None:
        """`target` begins with `=`."""

    def add_chart(self, kind: Options) -> SheetChart:
        return SheetChart(kind)
