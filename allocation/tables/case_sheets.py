"""The sheets of a case workbook (测算底稿): what marks it, and which of its sheets a reader of one kind takes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from allocation.tables.cells import SourceSheet
from allocation.tables.spelling import fold
from allocation.texts import Both, bracketed

INFO, DATA, DOUBTS, NOTES = "info", "data", "doubts", "notes"
FORMAT = 1
MARK = bracketed(Both("测算底稿", "allocation case"), Both(f"版式{FORMAT}", f"format {FORMAT}"))
_MARKED = re.compile(r"^\s*(?:测算底稿|allocation case)\s*[（(](?:版式|format)\s*(\d+)[）)]\s*$", re.IGNORECASE)
# In the order they stand; what a kind of part, a ledger or a register is read from goes by the kind's own name.
TITLES = {
    INFO: Both("基本信息与参数", "Case and parameters"),
    DATA: Both("数据", "Data"),
    "adjustments": Both("研究调整", "Adjustments"),
    "sources": Both("资金来源", "Sources"),
    "settlement": Both("提前下达", "Advances"),
    "ledger": Both("台账", "Ledger"),
    "receipts": Both("回执", "Receipts"),
    "recipients": Both("接收单位", "Recipients"),
    DOUBTS: Both("待核事项", "To be resolved"),
    NOTES: Both("备注（印）", "Printed notes"),
    "dates": Both("日期", "dates"),
    "source_advances": Both("已提前下达", "Advanced"),
}
ATTACHED = ("adjustments", "sources", "settlement", "ledger", "receipts", "recipients")  # or a file beside it
_KINDS = {fold(title[lang]): kind for kind, title in TITLES.items() for lang in ("zh", "en")}


def case_format(sheets: Sequence[SourceSheet]) -> int | None:
    """The format of a case workbook, told by its mark on the sheet 基本信息与参数; None of any other workbook."""
    for sheet in sheets:
        if _KINDS.get(fold(sheet.name)) != INFO:
            continue
        for _, _, text in sheet.texts(_MARKED):
            match = _MARKED.match(text)
            if match:
                return int(match[1])
    return None


def kind_of(text: str) -> str:
    """The kind of sheet that a title in either language means; empty for another text."""
    return _KINDS.get(fold(text), "")


def sheet_of(sheets: Sequence[SourceSheet], kind: str) -> SourceSheet | None:
    """The sheet of a kind in a case workbook, by its title in either language."""
    return next((sheet for sheet in sheets if _KINDS.get(fold(sheet.name)) == kind), None)


def taken(sheets: Sequence[SourceSheet], kind: str) -> Sequence[SourceSheet]:
    """Of a case workbook the sheet of that kind alone; every sheet of any other file."""
    if case_format(sheets) is None:
        return sheets
    sheet = sheet_of(sheets, kind)
    return [sheet] if sheet else []
