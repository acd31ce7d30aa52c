"""Whether a text fits: how many lines it takes in a column, and the widest piece of it that no program breaks."""

from __future__ import annotations

import re
from math import ceil

from allocation.patterns import LatePattern
from allocation.xlsx.styles import width

EDGE = 1.5  # of a column, which the text does not reach
SIZE = 10  # of the letters that `width` is told for
_PIECE = LatePattern(r"[^\s\u2e80-\uffef]+\s*|.", re.DOTALL)  # a Latin word with what follows it, or one Chinese sign


def lines_needed(text: str, wide: float, size: float = SIZE) -> int:
    """The lines of a text in a cell so many columns wide: broken between words, a word too long within it."""
    space = max(1.0, (wide - EDGE) * SIZE / size)
    return sum(_lines(part, space) for part in text.split("\n"))


def _lines(text: str, space: float) -> int:
    lines, used = 1, 0.0
    for piece in _PIECE.findall(text):
        needed = width(piece.rstrip())
        if used and used + needed > space:
            lines, used = lines + 1, 0.0
        if needed > space:
            lines += ceil(needed / space) - 1
            used = needed % space
        else:
            used += width(piece)
    return lines


def widest_word(text: str) -> float:
    """Of a text in any script; of Chinese, which breaks anywhere, one sign."""
    return max((width(piece.rstrip()) for piece in _PIECE.findall(text)), default=0.0)


def height_of(lines: int, size: float = SIZE, room: float = 6) -> float:
    """Points of so many lines of letters of a size, with room above and below."""
    return ceil(lines * size * 1.4 + room)
