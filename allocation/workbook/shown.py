"""Whether a number format shows a figure as the writers' own format does: another may hide or change digits."""

from __future__ import annotations

import re
from fractions import Fraction

_NOISE = re.compile(r"\\(?=.)|\[\$[^\]]*\]|_.")  # how programs spell a sign or a language, and room beside a figure
_QUOTED = re.compile(r'"([^"]*)"')
_DECIMALS = re.compile(r"\.(0+)")
_FIGURE = re.compile(r"[#,]*0(\.0+)?%?")
_PLAIN = ("GENERAL", "@")


def shows_alike(found: str, wanted: str, value: object, loose: bool) -> bool:
    """`found` beside the writers' own format, on `value`. `loose`: however few decimals it has."""
    found, wanted = _spelt(found), _spelt(wanted)
    if found == wanted or value is None or value == "":
        return True
    if isinstance(value, str):
        return found.count(";") < 3 and ("@" not in found or found == "@")
    if {found, wanted} <= {*_PLAIN}:
        return True
    if wanted == "GENERAL" and _FIGURE.fullmatch(found):
        return loose or _fits(value, _places(found) + 2 * found.count("%"))
    if _DECIMALS.sub("", found) != _DECIMALS.sub("", wanted):
        return False
    places, own = _places(found), _places(wanted)
    return loose or places >= own or _fits(value, places + 2 * found.count("%"))


def _spelt(number: str) -> str:
    return _NOISE.sub("", _QUOTED.sub(lambda match: match[1].replace(";", ""), number)).upper()


def _places(number: str) -> int:
    return min((len(part) for part in _DECIMALS.findall(number)), default=0)


def _fits(value: object, places: int) -> bool:
    """Whether nothing is lost of a figure with so many decimals."""
    return isinstance(value, int | float) and abs(round(Fraction(value), places) - Fraction(value)) < Fraction(1, 10**9)
