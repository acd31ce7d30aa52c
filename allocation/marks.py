"""What must stand beside every title; apart from the styles, because the command line says it too."""

from __future__ import annotations

from allocation.run import Run
from allocation.texts import say


def marks(run: Run, lang: str) -> str:
    """What must stand beside every title: that it is for reference, a trial, or illustrative."""
    text = say(lang, "workbook.reference_mark") if run.by_reference else ""
    text += "" if run.exact else say(lang, "workbook.float_mark")
    text += say(lang, "ledger.estimate_mark") if any(table.estimates for table in run.tables) else ""
    return text + (say(lang, "workbook.illustrative_mark") if run.table.illustrative else "")
