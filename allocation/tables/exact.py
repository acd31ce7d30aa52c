"""A column's numbers as exact fractions, many at a time: a cell is its decimal of fifteen significant digits."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import repeat

import numpy as np

from allocation.patterns import LatePattern
from allocation.tables.cells import SourceColumn
from allocation.tables.number_formats import is_plain

_SET_ABOVE, _SET_BELOW = (vars(Fraction)[slot].__set__ for slot in ("_numerator", "_denominator"))
_MOST = 10.0**15
_WIDEST = 2**62  # whole numbers beyond are left to Python's own
_SCALES = 10 ** np.array([*range(16), 0], np.int64)  # by decimals; the last stands for -1
_SIMPLE = LatePattern(r"-?[0-9]{1,14}(?:\.[0-9]{1,14})?")
_ALL_SIMPLE = LatePattern(rf"{_SIMPLE.pattern}(?:\n{_SIMPLE.pattern})*")
_STRETCH = 500
_LONGEST = 16  # fifteen digits and a point


@contextmanager
def without_collecting() -> Iterator[None]:
    """Of a million fractions none points back to another: looking for circles among them doubles the time it takes.

    What was made meanwhile counts as old at the end, or the next collection would look through all of it at once.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.freeze()
            gc.unfreeze()
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


def in_lowest_terms(numbers: np.ndarray, factor: Fraction) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators of the numbers' decimals times `factor`; 0 below where they are not told this way."""
    numerators, places = decimals(numbers)
    if max(factor.numerator, factor.denominator) > _WIDEST:
        return np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.int64)
    told = (places >= 0) & (np.abs(numerators) <= _WIDEST // factor.numerator)
    told &= _SCALES[places] <= _WIDEST // factor.denominator
    above = np.where(told, numerators, 0) * factor.numerator
    below = np.where(told, _SCALES[places], 1) * factor.denominator
    if (below > 1).any():
        common = np.gcd(above, below)
        above, below = above // common, below // common
    return above, np.where(told, below, 0)


def coprime(above: list[int], below: list[int]) -> list[Fraction]:
    """Fractions of numbers without a divisor in common, `below` positive: Fraction() would look for one at length."""
    fractions: list[Fraction] = list(map(object.__new__, repeat(Fraction, len(above))))
    deque(map(_SET_ABOVE, fractions, above), 0)
    deque(map(_SET_BELOW, fractions, below), 0)
    return fractions


def plain_numbers(cells: SourceColumn, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the rows whose cell is a plain one, as shown or written, and which rows these are (truths)."""
    if cells.plain is None:
        cells.plain = _plain(cells)
    numbers, known = cells.plain
    return numbers[rows[known[rows]]], known[rows]


def _plain(cells: SourceColumn) -> tuple[np.ndarray, np.ndarray]:
    """Of the whole column."""
    plain = np.array([is_plain(form) for form in cells.formats] or [False])
    numbers = cells.numbers.copy()
    known = (cells.kinds == SourceColumn.NUMBER) & plain[cells.styles % len(plain)] & ~cells.merged
    places = np.flatnonzero((cells.kinds == SourceColumn.TEXT) & ~cells.merged)
    if len(places):
        texts = [cells.texts[at] for at in numbers[places].astype(np.int64).tolist()]
        simple = _are_simple(texts)
        known[places[simple]] = True
        numbers[places[simple]] = [float(text) for text, fits in zip(texts, simple.tolist(), strict=True) if fits]
    return numbers, known


def _are_simple(texts: list[str]) -> np.ndarray:
    """Which texts are plain decimals of at most fifteen digits; a stretch of nothing but these is told at one look."""
    simple = np.zeros(len(texts), bool)
    for first in range(0, len(texts), _STRETCH):
        some = texts[first : first + _STRETCH]
        if max(map(len, some)) <= _LONGEST and _ALL_SIMPLE.fullmatch("\n".join(some)):
            simple[first : first + _STRETCH] = True
        else:
            fits = [len(text) <= _LONGEST and _SIMPLE.fullmatch(text) is not None for text in some]
            simple[first : first + _STRETCH] = fits
    return simple
