"""How many decimals a figure is shown with, and how it looks with them: as a text, and as a cell of a sheet.

What is rounded shows the decimals it is rounded to; what nothing rounds shows four at most, a percentage two.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from allocation.texts import decimal_text

UNROUNDED, PERCENTAGE = 4, 2
SIGNED = "+{0};-{0};{0}"  # the format of a change, upon that of the figure
FLOAT_DIGITS = 14  # a float rounded at half a unit goes the way of the exact figure
FINEST = 6  # decimals of a figure that a person gave


def decimals_shown(decimals: int | None, percent: bool = False) -> int:
    """Of a figure kept to so many decimals: a percentage is kept as 0.5512 and shown as 55.12 %."""
    if percent:
        return PERCENTAGE if decimals is None else max(decimals - 2, 0)
    return UNROUNDED if decimals is None else decimals


def decimals_needed(values: Iterable[object], most: int = FINEST) -> int:
    """The fewest that hold every figure whole, `most` where none do; texts and blanks need none."""
    figures = [value for value in values if isinstance(value, Fraction)]
    return next((n for n in range(most) if all((value * 10**n).denominator == 1 for value in figures)), most)


def last_place(decimals: int | None) -> Fraction:
    """What a figure of so many decimals moves by: a hundredth for two, a ten-thousandth where nothing rounds it."""
    return Fraction(1, 10 ** decimals_shown(decimals))


def cell_format(decimals: int, percent: bool = False, grouped: bool = True) -> str:
    """`#,##0.00`, `0.00%`: the number format of a cell with so many decimals; ungrouped `0.00`."""
    places = "." + "0" * decimals if decimals else ""
    return f"0{places}%" if percent else f"#,##0{places}" if grouped else f"0{places}"


def figure_text(
    value: Fraction | float | str | None, decimals: int | None = None, percent: bool = False, signed: bool = False
) -> str:
    """A figure with thousands separators; `—` where there is none; `signed` marks what grew."""
    if value is None or isinstance(value, str):
        return value or "—"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if percent:
        return with_decimals(value, PERCENTAGE, percent, signed)
    if decimals is None:
        return grouped(decimal_text(sure(value), UNROUNDED), signed and value > 0)
    return with_decimals(value, decimals, signed=signed)


def sure(value: Fraction | float) -> Fraction:
    """A float by the digits that a calculation in floats is sure of: 0.17535, kept as a little less, is just that."""
    return Fraction(f"{value:.{FLOAT_DIGITS}g}") if isinstance(value, float) else Fraction(value)


def plain_figure(value: Fraction | str | None, percent: bool = False) -> str:
    """One that a person gave, as Excel writes a number into a text: no separators, a percentage by its number."""
    if not isinstance(value, Fraction):
        return value or ""
    return decimal_text(value * 100, FINEST - 2) if percent else decimal_text(value, FINEST)


def with_decimals(value: Fraction | float, decimals: int, percent: bool = False, signed: bool = False) -> str:
    """The figure with just so many decimals, halves away from zero, as a cell of that format shows it."""
    whole, _, rest = decimal_text(sure(value) * (100 if percent else 1), decimals).partition(".")
    text = whole + (f".{rest.ljust(decimals, '0')}" if decimals else "")
    return grouped(text, signed and value > 0) + ("%" if percent else "")


def grouped(text: str, plus: bool = False) -> str:
    """A plain decimal with thousands separators, `plus` before it where it is asked for."""
    sign, text = ("-", text[1:]) if text.startswith("-") else ("+" if plus else "", text)
    whole, point, rest = text.partition(".")
    return f"{sign}{int(whole):,}{point}{rest}"


def typed(value: Fraction) -> str:
    """A value that `--set` reads back as it is: a decimal where there is one, else a fraction."""
    exact = decimal_text(value, 30)
    return exact if Fraction(exact) == value else str(value)
