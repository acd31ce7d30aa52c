"""How a figure of a column looks: the number format of its cells, and the same figure as a text."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from allocation.language.units import YEAR, Unit
from allocation.texts import both
from allocation.texts.decimals import cell_format, decimals_shown, figure_text, with_decimals

TEXT = "@"


@cache
def number_format(unit: Unit, decimals: int | None, kind: str = "number") -> str:
    """`#,##0.00` for money in cents, `0.00%` for percentages, `0` for a place in an order, 是/否 for truths."""
    if kind == "text":
        return TEXT
    if kind == "ordinal":
        return cell_format(0, grouped=False)
    if kind == "truth":
        yes, no = (both(f"words.{word}").zh for word in ("yes", "no"))  # in both languages
        return f'"{yes}";;"{no}"'
    places = decimals_shown(decimals, unit.is_percent)
    return cell_format(places, unit.is_percent, grouped=unit.name != YEAR or places > 0)  # 2019 is a year, not 2,019


def shown(value: object, number: str) -> str:
    """About what a cell of that number format shows; enough to know how wide it is."""
    if not isinstance(value, Fraction):
        return "" if value is None else str(value)
    places = len(number.partition(".")[2].rstrip("%"))
    return with_decimals(value, places, number.endswith("%"))


def figure_in(unit: Unit, decimals: int | None, value: Fraction | float | str | None, signed: bool = False) -> str:
    """A figure of a column as a text: with the decimals that its cell shows."""
    if unit.is_percent and decimals is not None and isinstance(value, Fraction | float):
        return with_decimals(value, decimals_shown(decimals, percent=True), percent=True, signed=signed)
    return figure_text(value, decimals, unit.is_percent, signed)
