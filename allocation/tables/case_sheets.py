"""The sheets of a case workbook (测算底稿): what marks it, and which of its sheets a reader of one kind takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from allocation.patterns import LatePattern
from allocation.tables.cells import SourceSheet
from allocation.tables.spelling import fold
from allocation.texts import LANGUAGES, both, bracketed

INFO, DATA, DOUBTS, NOTES = "info", "data", "doubts", "notes"
FORMAT = 1
MARK = bracketed(both("sheets.case"), both("sheets.format", number=FORMAT))
# In the order they stand; what a kind of part, a ledger or a register is read from goes by the kind's own name.
_ORDER = (INFO, DATA, "adjustments", "sources", "settlement", "ledger", "receipts", "recipients", DOUBTS, NOTES,
          "dates", "source_advances")  # fmt: skip
TITLES = {kind: both(f"sheets.{kind}") for kind in _ORDER}
ATTACHED = ("adjustments", "sources", "settlement", "ledger", "receipts", "recipients")  # or a file beside it


@cache
def _marked() -> LatePattern[str]:
    """The mark with any number of a format."""
    case, form = (
        "|".join(re.escape(label[lang].strip()) for lang in LANGUAGES)
        for label in (both("sheets.case"), both("sheets.format", number=""))
    )
    return LatePattern(rf"^\s*(?:{case})\s*[（(](?:{form})\s*(\d+)[）)]\s*$", re.IGNORECASE)


@cache
def _kinds() -> dict[str, str]:
    """The kind of a sheet by its title in either language."""
    return {fold(title[lang]): kind for kind, title in TITLES.items() for lang in LANGUAGES}


def case_format(sheets: Sequence[SourceSheet]) -> int | None:
    """The format of a case workbook, told by its mark on the sheet 基本信息与参数; None of any other workbook."""
    for sheet in sheets:
        if _kinds().get(fold(sheet.name)) != INFO:
            continue
        for _, _, text in sheet.texts(_marked()):
            match = _marked().match(text)
            if match:
                return int(match[1])
    return None


def kind_of(text: str) -> str:
    """The kind of sheet that a title in either language means; empty for another text."""
    return _kinds().get(fold(text), "")


def sheet_of(sheets: Sequence[SourceSheet], kind: str) -> SourceSheet | None:
    """The sheet of a kind in a case workbook, by its title in either language."""
    return next((sheet for sheet in sheets if _kinds().get(fold(sheet.name)) == kind), None)


def taken(sheets: Sequence[SourceSheet], kind: str) -> Sequence[SourceSheet]:
    """Of a case workbook the sheet of that kind alone; every sheet of any other file."""
    if case_format(sheets) is None:
        return sheets
    sheet = sheet_of(sheets, kind)
    return [sheet] if sheet else []
