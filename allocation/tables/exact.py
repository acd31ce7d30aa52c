"""A column's numbers as exact fractions, many at a time: a cell is its decimal of fifteen significant digits."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from fractions import Fraction

import numpy as np

from allocation.tables.cells import Column
from allocation.tables.number_formats import is_plain

_MOST = 10.0**15
_SIMPLE = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,14})?")


@contextmanager
def without_collecting():
    """Of a million fractions none points back to another: looking for circles among them doubles the time it takes."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def decimals(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each number a whole numerator and how many decimals it stands over; −1 decimals where fifteen digits fail.

    A decimal of at most fifteen digits is told by the double nearest to it, and dividing one whole number by a power
    of ten gives just that double: what divides back to the number is its decimal.
    """
    numerators, places = np.zeros(len(numbers), np.int64), np.full(len(numbers), -1)
    rest = np.arange(len(numbers))
    for count in range(16):
        scale = 10.0**count
        scaled = np.rint(np.clip(numbers[rest], -_MOST, _MOST) * scale)  # what is larger fits nowhere
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


def plain_numbers(cells: Column, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the rows whose cell is a plain one, as shown or written, and which rows these are (truths)."""
    if cells.plain is None:
        cells.plain = _plain(cells)
    numbers, known = cells.plain
    return numbers[rows[known[rows]]], known[rows]


def _plain(cells: Column) -> tuple[np.ndarray, np.ndarray]:
    """Of the whole column."""
    plain = np.array([is_plain(form) for form in cells.formats] or [False])
    numbers = cells.numbers.copy()
    known = (cells.kinds == Column.NUMBER) & plain[cells.styles % len(plain)] & ~cells.merged
    texts = np.flatnonzero((cells.kinds == Column.TEXT) & ~cells.merged)
    if len(texts):
        parsed = [simple_number(cells.texts[at]) for at in numbers[texts].astype(np.int64).tolist()]
        simple = np.array([one is not None for one in parsed], bool)
        known[texts[simple]] = True
        numbers[texts[simple]] = [one for one in parsed if one is not None]
    return numbers, known


def simple_number(text: str) -> float | None:
    """A text that is a plain decimal of at most fifteen digits; None for any other."""
    return float(text) if len(text) <= 16 and _SIMPLE.fullmatch(text) else None
