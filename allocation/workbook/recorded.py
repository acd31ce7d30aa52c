"""A workbook kept in memory as cells: what the writers write, without a file; what verification compares with."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

from allocation.run import Run
from allocation.workbook.import_mapping import Mapping
from allocation.workbook.writer import write_sheets


@dataclass(frozen=True)
class Formula:
    """A formula without its `=`, and the value stored beside it."""

    text: str
    value: object


@dataclass
class Sheet:
    """Takes what the writers write, by (row, column) from zero; looks are dropped."""

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)

    def write(self, row, column, value=None, style=None):
        if value is not None and value != "":
            self.cells[row, column] = value

    write_string = write_number = write_blank = write

    def write_comment(self, *args, **more):
        """Shown beside a cell; no part of it."""

    def write_formula(self, row, column, text, style=None, value=0):
        self.cells[row, column] = Formula(text.removeprefix("="), value)

    def write_url(self, row, column, url, style=None, text=""):
        self.write(row, column, text)

    def merge_range(self, row, column, last_row, last_column, value, style=None):
        self.write(row, column, value)

    def __getattr__(self, name):
        if name.startswith("write"):
            raise AttributeError(name)  # a kind of cell this class should know
        return lambda *args, **more: None


class Book:
    """Stands in for xlsxwriter.Workbook."""

    def __init__(self, *args, **more):
        self.sheets: dict[str, Sheet] = {}
        self.names: dict[str, str] = {}

    def add_worksheet(self, name, kind=None):
        return self.sheets.setdefault(name, Sheet(name))

    def add_format(self, wanted=None):
        return SimpleNamespace(**{"num_format": "General", **(wanted or {})})

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


def record(run: Run, lang: str, manifest: dict, mapping: Mapping | None) -> Book:
    """The cells of the result workbook of a run."""
    book = Book()
    write_sheets(book, run, lang, manifest, mapping)
    return book
