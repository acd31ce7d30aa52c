"""A figure as a letter says it: with its unit in its place, and with 约 where it was cut."""

from __future__ import annotations

from fractions import Fraction

from allocation.language.units import Unit
from allocation.readings.amounts import amount
from allocation.texts import say


def told(value: Fraction, unit: Unit | None, lang: str, places: int = 6) -> str:
    """`1,599.34万元`, `30%`; a figure that was cut says 约."""
    if lang == "en":
        return amount(value, unit, lang, places).replace("≈", "about ")
    percent = unit is not None and unit.is_percent
    number = amount(value, unit if percent else None, lang, places).replace(" %", "%")
    text = quantity(number.removeprefix("≈"), None if percent else unit)
    return say(lang, "notices.about", x=text) if number.startswith("≈") else text


def quantity(number: str, unit: Unit | None) -> str:
    """A figure with its unit in Chinese, which stands apart only where it is a Latin word."""
    name = unit.name if unit else ""
    return f"{number} {name}" if name.isascii() and name else number + name
