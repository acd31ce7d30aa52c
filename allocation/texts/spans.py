"""Years and days; years from one to another: `2017—2019`, in English `2017–2019`; and what holds from a year on."""

from __future__ import annotations

from datetime import date

from allocation.texts import Both, both, say


def year_label(year: object) -> Both:
    """`2024年`, in English `2024`."""
    return both("words.year", year=year)


def day_text(day: date, lang: str) -> str:
    """`2024年3月9日`, in English `2024-03-09`."""
    return say(lang, "words.day", year=day.year, month=day.month, day=day.day)


def year_span(first: int, last: int, lang: str) -> str:
    """The first and the last of several years; one year stands alone."""
    return ("—" if lang == "zh" else "–").join(dict.fromkeys([str(first), str(last)]))


def in_force(first: int | None, last: int | None) -> str:
    """`2016–`, `2016–2020`: the years a rule or a place holds for; nothing where neither end is known."""
    return f"{first or ''}–{last or ''}" if first or last else ""
