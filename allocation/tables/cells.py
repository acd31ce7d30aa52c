"""Raw cells of a sheet as they stand in a file, before anyone knows what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from allocation.errors import Problem
from allocation.tables.spelling import is_missing, tidy


@dataclass(frozen=True, slots=True)
class Cell:
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


BLANK = Cell()
MADE_UP = re.compile("示例|虚构|虚拟|illustrative|fictional", re.IGNORECASE)
UNFINISHED = re.compile("不能当作全市数据使用|Not to be used as the whole city")  # what `collect` writes on top


@dataclass(frozen=True)
class Sheet:
    """`rows[r][c]` counts from 0; rows may be shorter than the sheet is wide. `name` is empty for a CSV file.

    `hidden_rows`, `hidden_columns`: what a person who opens the file does not see. `open_end`: the text stops without
    a line end, as a file does that was not copied to its end.
    """

    file: str
    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    open_end: bool = False

    def cell(self, row: int, column: int) -> Cell:
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return BLANK
        return self.rows[row][column]

    @property
    def illustrative(self) -> bool:
        """Whether a text or a comment anywhere on the sheet says that its figures are made up."""
        return self._says(MADE_UP)

    @property
    def incomplete(self) -> bool:
        """Whether it is a collection that lacks somebody."""
        return self._says(UNFINISHED)

    def _says(self, words: re.Pattern) -> bool:
        texts = (text for row in self.rows for cell in row for text in (cell.value, cell.remark))
        return any(isinstance(text, str) and words.search(text) for text in texts)

    def width(self, first: int = 0, last: int | None = None) -> int:
        """How many columns the rows `first` … `last` − 1 have."""
        return max((len(row) for row in self.rows[first:last]), default=0)

    def cut_short(self, row: int, needed: int) -> list[Problem]:
        """The problem of a row in which the file breaks off: the last one, no line end, fewer cells than `needed`."""
        have = len(self.rows[row])
        if not self.open_end or row < len(self.rows) - 1 or have >= needed:
            return []
        return [Problem("tables.cut_short", {"row": row + 1, "cells": have, "needed": needed}, self.where(row, 0))]

    def where(self, row: int, column: int) -> str:
        """`文件.xlsx: 数据!C7`, or `data.csv: C7`."""
        cell = f"{letters(column)}{row + 1}"
        return f"{self.file}: {self.name}!{cell}" if self.name else f"{self.file}: {cell}"


def fill_merged(found: dict[tuple[int, int], Cell], areas: Iterable[tuple[int, int, int, int]]) -> None:
    """Lets the first cell of each merged area stand in all of it, as far as the sheet is filled.

    `found` is keyed (row, column) from 1; an area is its first and last row, first and last column.
    """
    height = max((row for row, _ in found), default=0)
    width = max((column for _, column in found), default=0)
    for top, bottom, left, right in areas:
        first = found.get((top, left))
        if first is None:
            continue
        copy = replace(first, merged=True)
        for row in range(top, min(bottom, height) + 1):
            for column in range(left, min(right, width) + 1):
                found.setdefault((row, column), copy)


def as_rows(found: dict[tuple[int, int], Cell]) -> tuple[tuple[Cell, ...], ...]:
    """Cells keyed (row, column) from 1 as the rows of a Sheet."""
    lines: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in found.items():
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
