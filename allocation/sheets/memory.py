"""A book kept in memory as cells: what the writers write, without a file; what verification compares with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from allocation.classes import dataclass
from allocation.sheets.looks import Look, Role, look
from allocation.sheets.sheet import Book, Sheet, Value

Place = tuple[int, int]  # row and column, from zero
BARE = look(Role.LABEL, {})


@dataclass(frozen=True)
class Formula:
    """A formula without its `=`, and the value stored beside it."""

    text: str
    value: Value


@dataclass(frozen=True)
class SheetArea:
    role: Role
    row: int
    column: int
    last_row: int
    last_column: int

    def holds(self, row: int, column: int) -> bool:
        return self.row <= row <= self.last_row and self.column <= column <= self.last_column


Content = Value | date | Formula


class MemorySheet(Sheet):
    """`cells`: those that hold something, with their number `formats`; `looks` also of blank ones.

    `open`: cells for people to fill; `headed`: rows of headings; `header`: what stands at the top of pages.
    """

    def __init__(self, name: str, lang: str):
        super().__init__(name, lang)
        self.cells: dict[Place, Content] = {}
        self.looks: dict[Place, Look] = {}
        self.header = ""
        self.areas: list[SheetArea] = []

    def area(self, role: Role, row: int, column: int, last_row: int, last_column: int) -> None:
        self.areas.append(SheetArea(role, row, column, last_row, last_column))

    def _put(self, row: int, column: int, value: Content, style: Look | None) -> None:
        if value is not None and value != "":
            self.cells[row, column] = value
        self.looks[row, column] = style or BARE

    def write(self, row: int, column: int, value: Value = None, style: Look | None = None) -> None:
        self._put(row, column, value, style)

    def write_string(self, row: int, column: int, value: str, style: Look | None = None) -> None:
        self._put(row, column, value, style)

    def write_number(self, row: int, column: int, value: float | Fraction, style: Look | None = None) -> None:
        self._put(row, column, value, style)

    def write_datetime(self, row: int, column: int, value: date, style: Look | None = None) -> None:
        self._put(row, column, value, style)

    def write_blank(self, row: int, column: int, value: None = None, style: Look | None = None) -> None:
        self._put(row, column, None, style)

    def write_formula(self, row: int, column: int, text: str, style: Look | None = None, value: Value = 0) -> None:
        self._put(row, column, Formula(text.removeprefix("="), value), style)

    def write_url(self, row: int, column: int, url: str, style: Look | None = None, text: str = "") -> None:
        self._put(row, column, text, style)

    def merge_range(
        self, row: int, column: int, last_row: int, last_column: int, value: Value, style: Look | None = None
    ) -> None:
        self._put(row, column, value, style)

    def set_header(self, text: str) -> None:
        self.header = text.removeprefix("&R").strip()


class MemoryBook(Book):
    def __init__(self, lang: str) -> None:
        super().__init__(lang)
        self.sheets: dict[str, MemorySheet] = {}
        self.names: dict[str, str] = {}

    def add_worksheet(self, name: str) -> MemorySheet:
        return self.sheets.setdefault(name, MemorySheet(name, self.lang))

    def worksheets(self) -> Sequence[MemorySheet]:
        return [*self.sheets.values()]

    def define_name(self, name: str, target: str) -> None:
        self.names[name] = target.removeprefix("=")

    def formulas(self) -> dict[tuple[str, int, int], Formula]:
        """Every formula cell by (sheet, row, column), counted from one."""
        return {
            (sheet.name, row + 1, column + 1): cell
            for sheet in self.sheets.values()
            for (row, column), cell in sheet.cells.items()
            if isinstance(cell, Formula)
        }
