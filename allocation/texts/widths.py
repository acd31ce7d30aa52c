"""The width of a text where all signs stand on a grid: a Chinese sign takes two places, a Latin one takes one.

A terminal, a column of a sheet, a caret below a formula ask the same. The library `wcwidth` answers it; loading it
takes longer than a command has to spare, so that the signs nearly every text is made of are told without it.
"""

from __future__ import annotations

from allocation.patterns import LatePattern

_TWO = LatePattern("[\u3000-\u3015\u4e00-\u9fff\uff01-\uff60]")
_ONE = LatePattern("[ -~°±²³·×÷\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2190-\u2193−≈≠≤≥─]")


def text_width(text: str) -> int:
    """Places the text takes: the sum of its signs' own."""
    double, single = len(_TWO.findall(text)), len(_ONE.findall(text))
    return 2 * double + single if double + single == len(text) else sum(sign_widths(text))


def sign_widths(text: str) -> list[int]:
    """Places each sign takes; none of one that only marks another, or that nobody sees."""
    return [2 if _TWO.match(sign) else 1 if _ONE.match(sign) else _asked(sign) for sign in text]


def _asked(sign: str) -> int:
    from wcwidth import wcwidth

    return max(0, wcwidth(sign))
