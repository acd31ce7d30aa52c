"""A record in a workbook: a sheet of its own, very hidden, that no person reads and no prose shares.

The first cell says what the sheet is; below it stands the record's JSON in as many cells as it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from allocation.record.record import Record, to_json

if TYPE_CHECKING:
    from allocation.sheets.sheet import Book

SHEET, MARK = "_record", "allocation.record"
CELL = 32_000  # a cell ends at 32,767 characters
SPACE = "\\u0020"


def pieces(record: Record) -> list[str]:
    """The texts of the cells, one below the other: nothing in them that a program would unescape (`_x`) or cut off."""
    text = to_json(record.sealed, plain=True).replace("_x", "\\u005fx").replace("  ", f" {SPACE}")
    return [MARK, *(_edged(text[start : start + CELL]) for start in range(0, len(text), CELL))]


def _edged(piece: str) -> str:
    """With no space at its ends; one that stands there is within a text."""
    start = SPACE if piece.startswith(" ") else ""
    end = SPACE if len(piece) > 1 and piece.endswith(" ") else ""
    return f"{start}{piece.strip(' ')}{end}"


def write_record(book: Book, record: Record) -> None:
    sheet = book.add_worksheet(SHEET)
    for row, piece in enumerate(pieces(record)):
        sheet.write_string(row, 0, piece)
    sheet.protect()
    sheet.very_hidden()


def is_record(values: Mapping[tuple[int, int], object]) -> bool:
    """Whether a sheet with these cells holds a record."""
    return values.get((0, 0)) == MARK


def text_of(values: Mapping[tuple[int, int], object]) -> str:
    """The JSON in the cells of such a sheet."""
    last = max(row for row, _ in values)
    return "".join(str(values.get((row, 0), "")) for row in range(1, last + 1))
