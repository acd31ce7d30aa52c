"""Whether a number format shows a figure as the writers' own format does: another may hide or change digits."""

from __future__ import annotations

from fractions import Fraction

from allocation.patterns import LatePattern

_NOISE = LatePattern(r"\\(?=.)|\[\$[^\]]*\]|_.")  # how programs spell a sign or a language, and room beside a figure
_QUOTED = LatePattern(r'"([^"]*)"')
_DECIMALS = LatePattern(r"\.(0+)")
_FIGURE = LatePattern(r"[#,]*0(\.0+)?%?")
_PLAIN = ("GENERAL", "@")


def shows_alike(actual: str, wanted: str, value: object, loose: bool) -> bool:
    """`found` beside the writers' own format, on `value`. `loose`: however few decimals it has."""
    actual, wanted = _spelt(actual), _spelt(wanted)
    if actual == wanted or value is None or value == "":
        return True
    if isinstance(value, str):
        return actual.count(";") < 3 and ("@" not in actual or actual == "@")
    if {actual, wanted} <= {*_PLAIN}:
        return True
    if wanted == "GENERAL" and _FIGURE.fullmatch(actual):
        return loose or _fits(value, _places(actual) + 2 * actual.count("%"))
    if _DECIMALS.sub("", actual) != _DECIMALS.sub("", wanted):
        return False
    places, needed = _places(actual), _places(wanted)
    return loose or places >= needed or _fits(value, places + 2 * actual.count("%"))


def _spelt(number: str) -> str:
    return _NOISE.sub("", _QUOTED.sub(lambda match: match[1].replace(";", ""), number)).upper()


def _places(number: str) -> int:
    return min((len(part) for part in _DECIMALS.findall(number)), default=0)


def _fits(value: object, places: int) -> bool:
    """Whether nothing is lost of a figure with so many decimals."""
    return isinstance(value, int | float) and abs(round(Fraction(value), places) - Fraction(value)) < Fraction(1, 10**9)
