"""What a workbook cannot hold, in one place: nothing is cut off or dropped in silence, it is refused before a file is.

Formulas are laid out well below these (`readings/excel.py`); the guard stands where cells are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from allocation.errors import AllocationError, Problem
from allocation.patterns import LatePattern

FORMULA, LEVELS, ARGUMENTS, LITERAL = 8192, 64, 255, 255
CELL, LIST, NAME = 32_767, 255, 255
SHORT = 190  # a formula of fewer signs passes none of them
_PIECE = LatePattern(r'"(?:[^"]|"")*"|[(),]')
_DIGITS = LatePattern(r"\d+")


def check_formula(text: str, where: str) -> None:
    """Raises AllocationError where a formula, without its `=`, is one that Excel would not open."""
    if len(text) < SHORT:
        return
    if units(text) > FORMULA:
        refuse("formula", FORMULA, len(text), where)
    if worst := _worst(_DIGITS.sub("0", text)):  # a column's formulas differ in their row numbers alone
        refuse(*worst, where)


def refuse(limit: str, most: int, count: int, where: str) -> None:
    raise AllocationError(Problem(f"workbook.limit_{limit}", {"most": most, "found": count}, where))


def units(text: str) -> int:
    """How long a text is to Excel, which counts in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits_list(choices: Sequence[str]) -> bool:
    """Whether a drop-down list may hold the choices themselves: Excel's ends at 255 signs, and at commas."""
    text = ",".join(choices)
    return units(text) <= LIST and '"' not in text and text.count(",") == len(choices) - 1


@cache
def _worst(text: str) -> tuple[str, int, int] | None:
    literal, levels, arguments = measure(text)
    for limit, most, count in (
        ("literal", LITERAL, literal), ("levels", LEVELS, levels), ("arguments", ARGUMENTS, arguments),
    ):  # fmt: skip
        if count > most:
            return limit, most, count
    return None


def measure(text: str) -> tuple[int, int, int]:
    """The longest text, the deepest brackets and the most arguments of one call in a formula."""
    literal = levels = arguments = 0
    open_: list[int] = []
    for piece in _PIECE.findall(text):
        if piece == "(":
            open_.append(1)
            levels = max(levels, len(open_))
        elif piece == ")":
            arguments = max(arguments, open_.pop() if open_ else 0)
        elif piece == ",":
            if open_:
                open_[-1] += 1
        else:
            literal = max(literal, len(piece[1:-1].replace('""', '"')))
    return literal, levels, arguments
