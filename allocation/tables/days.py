"""Dates of a workbook: the number of a day as a date, a time or a span; which formats show one."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import lru_cache

from allocation.patterns import LatePattern
from allocation.texts.vocabulary import Pattern

DATE, ELAPSED = "date", "elapsed"
_ASIDE = Pattern("table_words.format_aside", re.IGNORECASE)
_ELAPSED = LatePattern(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LETTERS = Pattern("table_words.day_letters", re.IGNORECASE)


@lru_cache(maxsize=1024)
def day_kind(form: str) -> str:
    """DATE or ELAPSED where the format shows a number as a day, a time or hours run; else ""."""
    bare = _ASIDE.sub("", form.partition(";")[0])
    if _ELAPSED.search(bare):
        return ELAPSED
    return DATE if _LETTERS.search(bare) else ""


def day_number(number: float, since_1904: bool, *, elapsed: bool = False) -> object:
    """The day, time or span a number stands for; a 20161205 typed into a date's cell as that date; #VALUE! for none."""
    typed = int(number) if number.is_integer() and 19000101 <= number <= 21001231 else None
    with suppress(OverflowError, ValueError):
        if typed:
            return datetime.strptime(str(typed), "%Y%m%d")
        if elapsed:
            return timedelta(milliseconds=round(number * 86_400_000))
        if number < 0:
            return "#VALUE!"
        if number < 1:
            seconds = round(number * 86_400_000) / 1000
            return (datetime(1900, 1, 1) + timedelta(seconds=seconds)).time() if seconds < 86400 else time(0)
        # The calendar of Excel has a 29 February 1900.
        first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30) + timedelta(days=number < 60)
        return first + timedelta(milliseconds=round(number * 86_400_000))
    return "#VALUE!"


def day_text(text: str) -> object:
    """A date written as a text (ISO 8601), as some programs store it; the text itself where it is none."""
    with suppress(ValueError):
        return datetime.fromisoformat(text.removesuffix("Z"))
    return text
