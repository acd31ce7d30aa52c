"""A workbook kept in memory as cells: what the writers write, without a file; what verification compares with."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

from allocation.xlsx.styles import PALE


@dataclass(frozen=True)
class Formula:
    """A formula without its `=`, and the value stored beside it."""

    text: str
    value: object


@dataclass
class Sheet:
    """Takes what the writers write, by (row, column) from zero; of looks, only what tells how the sheet is read.

    `open`: cells that are not locked, for people to fill. `frozen`: the rows and columns that stay in sight. `headed`:
    rows of headings. `formats`: number formats of cells. `header`: what stands at the top of every page.
    """

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    open: set[tuple[int, int]] = field(default_factory=set)
    frozen: tuple[int, int] = (0, 0)
    headed: set[int] = field(default_factory=set)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    header: str = ""

    def get_name(self):
        return self.name

    def freeze_panes(self, row, column):
        self.frozen = row, column

    def set_header(self, text):
        self.header = text.removeprefix("&R").strip()

    def write(self, row, column, value=None, style=None):
        if value is not None and value != "":
            self.cells[row, column] = value
            self.formats[row, column] = getattr(style, "num_format", "General")
        if not getattr(style, "locked", True):
            self.open.add((row, column))
        if getattr(style, "bg_color", "") == PALE:
            self.headed.add(row)

    write_string = write_number = write_blank = write

    def write_comment(self, *args, **more):
        """Shown beside a cell; no part of it."""

    def write_formula(self, row, column, text, style=None, value=0):
        self.write(row, column, Formula(text.removeprefix("="), value), style)

    def write_url(self, row, column, url, style=None, text=""):
        self.write(row, column, text)

    def merge_range(self, row, column, last_row, last_column, value, style=None):
        self.write(row, column, value, style)

    def __getattr__(self, name):
        if name.startswith("write"):
            raise AttributeError(name)  # a kind of cell this class should know
        return lambda *args, **more: None


class _Idle:
    """A chart: no part of the cells."""

    series = ()

    def __getattr__(self, name):
        return lambda *args, **more: None


class RecordedBook:
    """Stands in for xlsxwriter.Workbook."""

    def __init__(self, *args, **more):
        self.sheets: dict[str, Sheet] = {}
        self.names: dict[str, str] = {}

    def add_worksheet(self, name, kind=None):
        return self.sheets.setdefault(name, Sheet(name))

    def add_format(self, wanted=None):
        return SimpleNamespace(**{"num_format": "General", **(wanted or {})})

    def add_chart(self, options):
        return _Idle()

    def define_name(self, name, target):
        self.names[name] = target.removeprefix("=")

    def __getattr__(self, name):
        return lambda *args, **more: None

    def formulas(self) -> dict[tuple[str, int, int], Formula]:
        """Every formula cell by (sheet, row, column), counted from one."""
        return {
            (sheet.name, row + 1, column + 1): cell
            for sheet in self.sheets.values()
            for (row, column), cell in sheet.cells.items()
            if isinstance(cell, Formula)
        }
