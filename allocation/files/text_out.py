"""Text that goes out stays text: in a workbook, in a CSV file, in the name of a file.

What a county is called, how a model is labelled, why a figure was changed: somebody else wrote it. No program that
opens our files may take it for a formula, an address or a command. Every workbook comes from `new_book`, every CSV file
goes through `csv_rows`, every name of a file that says what a table says through `file_name`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from allocation.files.limits import NAME_BYTES
from allocation.patterns import LatePattern

if TYPE_CHECKING:
    from allocation.sheets.excel import ExcelBook

# Control signs, marks of direction, joiners and blanks of no width: nobody sees them, and no word is spelt with them.
UNSEEN = LatePattern(
    "[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\xad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f"
    "\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]+"
)
EPOCH = datetime(2000, 1, 1)
_LIVE = LatePattern(r"\s*[=+@＝＋－＠-].")  # blanks do not keep a spreadsheet from reading what follows as a formula
_NUMBER = LatePattern(r"-?\d+(\.\d+)?%?")
_FORBIDDEN = LatePattern(r'[\\/:*?"<>|\s.]+')
_NO_SHEET = LatePattern(r"[\[\]:*?/\\']")
_DEVICES = LatePattern(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE
)  # Windows opens no such file


def new_book(path: str | Path, lang: str, title: str = "") -> ExcelBook:
    """A workbook that speaks `lang`, in which a text is written as a text wherever it stands.

    Made in memory and dated once for all: files on disk would carry the clock's time, and the same inputs give the same
    bytes.
    """
    from allocation.files.shell_book import ShellBook
    from allocation.sheets.excel import ExcelBook

    shell = BytesIO()
    as_they_are = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    book = ShellBook(shell, {**as_they_are, "in_memory": True})
    book.set_properties({"title": title, "created": EPOCH} if title else {"created": EPOCH})
    return ExcelBook(Path(path), lang, book, shell)


def csv_rows(file: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Writes rows of cells; texts that a spreadsheet would run are tamed."""
    csv.writer(file).writerows([tame(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def tame(text: str) -> str:
    """A text that a spreadsheet program would take for a formula gets an apostrophe before it; a number stays one.

    No code, name or document number begins like that, so what another system imports is what it always was.
    """
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def file_name(text: str, most: int = NAME_BYTES) -> str:
    """The text as the stem of a file's name on any system: at most so many bytes, and nothing that no name may hold."""
    plain = _FORBIDDEN.sub("_", visible(text)).encode("utf-8")[:most].decode("utf-8", "ignore")
    return _DEVICES.sub(r"\1_", plain, count=1) or "_"


def sheet_name(text: str, most: int = 31) -> str:
    """The text as the name of a sheet, which Excel measures in UTF-16."""
    plain = _NO_SHEET.sub("_", visible(text)).encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore").strip()
    return f"{plain}_" if plain.casefold() == "history" else plain or "_"  # Excel keeps History to itself


def visible(text: str) -> str:
    """The text without signs that nobody sees: control signs, marks of direction, joiners of no width."""
    return UNSEEN.sub("", text)


def unseen_in(text: str) -> list[str]:
    """The signs of a text that nobody sees, by their number in Unicode."""
    return sorted({f"U+{ord(sign):04X}" for signs in UNSEEN.findall(text) for sign in signs})
