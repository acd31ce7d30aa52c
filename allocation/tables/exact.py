"""A column's numbers as exact fractions, many at a time: a cell is its decimal of fifteen significant digits."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np

_MOST = 10.0**15
_SIMPLE = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,14})?")


def decimals(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each number a whole numerator and how many decimals it stands over; −1 decimals where fifteen digits fail.

    A decimal of at most fifteen digits is told by the double nearest to it, and dividing one whole number by a power
    of ten gives just that double: what divides back to the number is its decimal.
    """
    numerators, places = np.zeros(len(numbers), np.int64), np.full(len(numbers), -1)
    rest = np.arange(len(numbers))
    for count in range(16):
        scale = 10.0**count
        scaled = np.rint(numbers[rest] * scale)
        fits = (np.abs(scaled) < _MOST) & (scaled / scale == numbers[rest])
        numerators[rest[fits]], places[rest[fits]] = scaled[fits].astype(np.int64), count
        rest = rest[~fits]
        if not len(rest):
            break
    return numerators, places


def fractions(numbers: np.ndarray) -> list[Fraction | None]:
    """The decimals of distinct numbers; None where fifteen digits fail."""
    numerators, places = decimals(numbers)
    whole = [10**count for count in range(16)]
    return [
        None if count < 0 else Fraction(top) if count == 0 else Fraction(top, whole[count])
        for top, count in zip(numerators.tolist(), places.tolist(), strict=True)
    ]


def simple_number(text: str) -> float | None:
    """A text that is a plain decimal of at most fifteen digits; None for any other."""
    return float(text) if len(text) <= 16 and _SIMPLE.fullmatch(text) else None
