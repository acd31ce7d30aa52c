"""Raw cells of a sheet as they stand in a file, before anyone knows what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, overload

from allocation.errors import Problem
from allocation.patterns import LatePattern
from allocation.tables.spelling import as_printed, is_missing, tidy
from allocation.texts.vocabulary import Pattern

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class SourceCell:
    """`value` is None, text, a number, a truth or a date. `merged`: it repeats the first cell of a merged range.

    `uncached`: a formula whose result the program that wrote the file never stored. `remark`: the cell's comment.
    """

    value: object = None
    format: str = ""
    merged: bool = False
    uncached: bool = False
    remark: str = ""

    @property
    def empty(self) -> bool:
        return not self.uncached and (self.value is None or isinstance(self.value, str) and not self.value.strip())

    @property
    def missing(self) -> bool:
        """Empty or dashes only."""
        return self.empty or isinstance(self.value, str) and is_missing(self.value)

    @property
    def text(self) -> str:
        """What the cell says, tidied; a whole number without its `.0`."""
        if self.value is None:
            return ""
        if isinstance(self.value, float):
            return f"{self.value:.15g}"
        return tidy(self.value)

    @property
    def prose(self) -> str:
        """What the cell says, tidied for a paper."""
        return as_printed(self.value) if isinstance(self.value, str) else self.text


BLANK = SourceCell()
MADE_UP = Pattern("table_words.made_up", re.IGNORECASE)
UNFINISHED = Pattern("table_words.unfinished")  # what `collect` writes on top


class SourceColumn:
    """One column of a sheet as arrays, as long as the sheet is high: what most checks need, without a SourceCell each.

    `kinds`: 0 for blank, NUMBER, TEXT, or OTHER for what has to be asked of a SourceSheet. `numbers` holds the number,
    of a text its place in `texts`; `formats[styles]` is how a number is shown.
    """

    BLANK, NUMBER, TEXT, OTHER = 0, 1, 2, 9

    def __init__(self, arrays: tuple[np.ndarray, ...], texts: Sequence[str], formats: Sequence[str]):
        self.kinds, self.numbers, self.styles, self.merged = arrays
        self.texts, self.formats = texts, formats
        self.remarks: dict[int, str] = {}  # the comments, by row
        self.plain: tuple[np.ndarray, np.ndarray] | None = None  # what `plain_numbers` made of it

    @classmethod
    def blank(cls, height: int, texts: Sequence[str], formats: Sequence[str]) -> SourceColumn:
        import numpy as np

        arrays = (np.zeros(height, kind) for kind in (np.int8, float, np.int32, bool))
        return cls(tuple(arrays), texts, formats)

    @classmethod
    def of_cells(cls, cells: Sequence[SourceCell]) -> SourceColumn:
        texts: list[str] = []
        formats: dict[str, int] = {}
        column = cls.blank(len(cells), texts, [])
        for row, cell in enumerate(cells):
            column.merged[row] = cell.merged
            if cell.remark:
                column.remarks[row] = cell.remark
            if isinstance(cell.value, str):
                column.kinds[row], column.numbers[row] = cls.TEXT, len(texts)
                texts.append(cell.value)
            elif isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                column.kinds[row], column.numbers[row] = cls.NUMBER, cell.value
                column.styles[row] = formats.setdefault(cell.format, len(formats))
            elif not cell.empty:
                column.kinds[row] = cls.OTHER
        column.formats = [*formats]
        return column


class SheetRows(Sequence[Sequence[SourceCell]]):
    """The rows of a sheet and what one asks of them: by looking at every cell, or at once where a kind of file can."""

    def cell(self, row: int, column: int) -> SourceCell:
        if row >= len(self) or column >= len(self[row]):
            return BLANK
        return self[row][column]

    def texts(self, pattern: LatePattern[str]) -> Iterable[tuple[int, int, str]]:
        """Row, column and text of each cell in whose text the pattern is found."""
        return (
            (row, column, cell.value)
            for row, line in enumerate(self)
            for column, cell in enumerate(line)
            if isinstance(cell.value, str) and pattern.search(cell.value)
        )

    def first_filled(self, row: int) -> tuple[int, SourceCell] | None:
        """The first cell of a row that is not empty, and its column."""
        return next(((column, cell) for column, cell in enumerate(self[row]) if not cell.empty), None)

    def column(self, column: int) -> SourceColumn:
        """The cells of a column, as long as the sheet is high."""
        return SourceColumn.of_cells([self.cell(row, column) for row in range(len(self))])

    def rows_of(self, column: int) -> Iterable[int]:
        """The rows in which the column may hold something, ascending."""
        return range(len(self))

    def says(self, words: LatePattern[str]) -> bool:
        """Whether a text or a comment anywhere says it."""
        texts = (text for row in self for cell in row for text in (cell.value, cell.remark))
        return any(isinstance(text, str) and words.search(text) for text in texts)

    def length(self, row: int) -> int:
        """How many cells the row has."""
        return len(self[row])


class MadeRows(SheetRows):
    """Rows whose cells are all there."""

    def __init__(self, rows: Sequence[Sequence[SourceCell]]):
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> Sequence[SourceCell]: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Sequence[SourceCell]]: ...
    def __getitem__(self, row: int | slice) -> Sequence[SourceCell] | Sequence[Sequence[SourceCell]]:
        return self._rows[row]


@dataclass(frozen=True)
class SourceSheet:
    """`rows[r][c]` counts from 0; rows may be shorter than the sheet is wide. `name` is empty for a CSV file.

    `rows` are tuples of cells, or make them when asked (StoredRows, TextRows): ask `cell` for one cell and `column` for
    a whole one, which is much cheaper. `hidden_rows`, `hidden_columns`: what a person who opens the file does not see.
    `open_end`: the text stops without a line end, as a file does that was not copied to its end.
    """

    file: str
    name: str
    rows: Sequence[Sequence[SourceCell]]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    open_end: bool = False

    def cell(self, row: int, column: int) -> SourceCell:
        return self._asked.cell(row, column)

    def texts(self, pattern: LatePattern[str]) -> Iterable[tuple[int, int, str]]:
        return self._asked.texts(pattern)

    def first_filled(self, row: int) -> tuple[int, SourceCell] | None:
        return self._asked.first_filled(row)

    def column(self, column: int) -> SourceColumn:
        if column not in self._columns:
            self._columns[column] = self._asked.column(column)
        return self._columns[column]

    def rows_of(self, column: int) -> Iterable[int]:
        """The rows in which the column may hold something, ascending: of a workbook no more than its filled cells."""
        return self._asked.rows_of(column)

    @cached_property
    def _asked(self) -> SheetRows:
        return self.rows if isinstance(self.rows, SheetRows) else MadeRows(self.rows)

    @cached_property
    def _columns(self) -> dict[int, SourceColumn]:
        return {}

    @cached_property
    def illustrative(self) -> bool:
        """Whether a text or a comment anywhere on the sheet says that its figures are made up."""
        return self._asked.says(MADE_UP)

    @cached_property
    def incomplete(self) -> bool:
        """Whether it is a collection that lacks somebody."""
        return self._asked.says(UNFINISHED)

    def width(self, first: int = 0, last: int | None = None) -> int:
        """How many columns the rows `first` … `last` − 1 have."""
        return max((len(row) for row in self.rows[first:last]), default=0)

    def length(self, row: int) -> int:
        """How many cells the row has."""
        return self._asked.length(row)

    def cut_short(self, row: int, needed: int) -> list[Problem]:
        """The problem of a row in which the file breaks off: the last one, no line end, fewer cells than `needed`."""
        have = len(self.rows[row]) if self.open_end and row == len(self.rows) - 1 else needed
        if have >= needed:
            return []
        return [Problem("tables.cut_short", {"row": row + 1, "cells": have, "needed": needed}, self.where(row, 0))]

    def too_wide(self, row: int, width: int) -> list[Problem]:
        """The problem of a row of a text file that goes on behind the header's last cell."""
        length = self.length(row)
        if length <= width:
            return []
        slots = {"row": row + 1, "cells": length, "needed": width}
        return [Problem("tables.too_wide", slots, self.where(row, width))]

    def where(self, row: int, column: int) -> str:
        """`文件.xlsx: 数据!C7`, or `data.csv: C7`."""
        cell = f"{letters(column)}{row + 1}"
        return f"{self.file}: {self.name}!{cell}" if self.name else f"{self.file}: {cell}"


def fill_merged(cells: dict[tuple[int, int], SourceCell], areas: Iterable[tuple[int, int, int, int]]) -> None:
    """Lets the first cell of each merged area stand in all of it, as far as the sheet is filled.

    `found` is keyed (row, column) from 1; an area is its first and last row, first and last column.
    """
    height = max((row for row, _ in cells), default=0)
    width = max((column for _, column in cells), default=0)
    for top, bottom, left, right in areas:
        first = cells.get((top, left))
        if first is None:
            continue
        copy = replace(first, merged=True)
        for row in range(top, min(bottom, height) + 1):
            for column in range(left, min(right, width) + 1):
                cells.setdefault((row, column), copy)


def as_rows(cells: dict[tuple[int, int], SourceCell]) -> tuple[tuple[SourceCell, ...], ...]:
    """Cells keyed (row, column) from 1 as the rows of a SourceSheet."""
    lines: dict[int, dict[int, SourceCell]] = {}
    for (row, column), cell in cells.items():
        lines.setdefault(row, {})[column] = cell
    return tuple(
        tuple(line.get(column, BLANK) for column in range(1, max(line) + 1)) if (line := lines.get(row)) else ()
        for row in range(1, max(lines, default=0) + 1)
    )


@cache
def letters(column: int) -> str:
    """Column 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
