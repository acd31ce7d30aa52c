"""A figure between proven bounds: `top`, `radius` and how it came about, in units of 1 / FINE.

The true figure lies within radius / FINE of top / FINE; a radius of 0 says that it is that very figure. Each function
works on one cell; what its radius rests on stands in docs/exactness.md under the function's name.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from math import isqrt

from allocation.errors import AllocationError
from allocation.exact.cells import ROOT_PLACES, UNDECIDED, CellStep, Leaf, alike, exact

PLACES = 80
FINE = 10**PLACES  # decimals, so that what people type is held exactly
ROOT_ERROR = FINE // ROOT_PLACES + 1  # what an exact root itself is cut off by, and the cut of ours

Between = tuple[int, int, "Leaf | CellStep | None"]  # no cell where the radius is 0: top over FINE is the figure


def cell_of(top: int, cell: Leaf | CellStep | None) -> Leaf | CellStep:
    return (top, FINE) if cell is None else cell


def held(top: int, bottom: int) -> Between:
    """An exact figure in these units."""
    fine, rest = divmod(top * FINE, bottom)
    return (fine, 1, (top, bottom)) if rest else (fine, 0, None)


def held_exactly(value: Fraction) -> Between:
    return held(value.numerator, value.denominator)


def known(cell: Leaf | CellStep) -> Between:
    """A figure that no bound could tell: by Fractions."""
    UNDECIDED.get()()
    return held_exactly(exact(cell))


def add(t1: int, r1: int, c1: Leaf | CellStep | None, t2: int, r2: int, c2: Leaf | CellStep | None) -> Between:
    radius = r1 + r2
    return t1 + t2, radius, CellStep("+", cell_of(t1, c1), cell_of(t2, c2)) if radius else None


def subtract(t1: int, r1: int, c1: Leaf | CellStep | None, t2: int, r2: int, c2: Leaf | CellStep | None) -> Between:
    radius = r1 + r2
    if not radius:
        return t1 - t2, 0, None
    left, right = cell_of(t1, c1), cell_of(t2, c2)
    if t1 == t2 and alike(left, right):
        return 0, 0, None
    return t1 - t2, radius, CellStep("-", left, right)


def multiply(t1: int, r1: int, c1: Leaf | CellStep | None, t2: int, r2: int, c2: Leaf | CellStep | None) -> Between:
    top, rest = divmod(t1 * t2, FINE)
    if not (r1 or r2):
        return (top, 0, None) if not rest else (top, 1, CellStep("*", cell_of(t1, c1), cell_of(t2, c2)))
    if not (t1 or r1) or not (t2 or r2):
        return 0, 0, None
    radius = -(-(abs(t1) * r2 + abs(t2) * r1 + r1 * r2) // FINE) + (1 if rest else 0)
    return top, radius, CellStep("*", cell_of(t1, c1), cell_of(t2, c2))


def divide(t1: int, r1: int, c1: Leaf | CellStep | None, t2: int, r2: int, c2: Leaf | CellStep | None) -> Between:
    """Of a divisor that is known not to be zero."""
    left, right = cell_of(t1, c1), cell_of(t2, c2)
    if abs(t2) <= r2:  # its size is lost in the bound
        t2, r2, c2 = known(right)
        if abs(t2) <= r2:
            return known(CellStep("/", left, right))
    top, rest = divmod(t1 * FINE, t2)
    if not (r1 or r2):
        return (top, 1, (t1, t2) if t2 > 0 else (-t1, -t2)) if rest else (top, 0, None)
    if not (t1 or r1):
        return 0, 0, None
    if t1 == t2 and alike(left, right):
        return FINE, 0, None
    radius = -(-(r1 * FINE + r2 * (abs(top) + 1)) // (abs(t2) - r2)) + (1 if rest else 0)
    return top, radius, CellStep("/", left, right)


def greater(t1: int, r1: int, c1: Leaf | CellStep | None, t2: int, r2: int, c2: Leaf | CellStep | None) -> Between:
    if t1 - r1 >= t2 + r2:
        return t1, r1, c1
    if t2 - r2 >= t1 + r1:
        return t2, r2, c2
    return max(t1, t2), max(r1, r2), CellStep("max", cell_of(t1, c1), cell_of(t2, c2))


def lesser(t1: int, r1: int, c1: Leaf | CellStep | None, t2: int, r2: int, c2: Leaf | CellStep | None) -> Between:
    if t1 + r1 <= t2 - r2:
        return t1, r1, c1
    if t2 + r2 <= t1 - r1:
        return t2, r2, c2
    return min(t1, t2), max(r1, r2), CellStep("min", cell_of(t1, c1), cell_of(t2, c2))


def negative(top: int, radius: int, cell: Leaf | CellStep | None) -> Between:
    return -top, radius, CellStep("-", (0, 1), cell) if cell is not None else None


def absolute(top: int, radius: int, cell: Leaf | CellStep | None) -> Between:
    return abs(top), radius, CellStep("abs", cell) if cell is not None else None


def root(top: int, radius: int, cell: Leaf | CellStep | None) -> Between:
    """Of a figure that is known not to be negative."""
    step = CellStep("root", cell_of(top, cell))
    if not radius:
        return held_exactly(exact(step))
    if radius >= top >> 1:
        return known(step)
    low, mid, high = isqrt((top - radius) * FINE), isqrt(top * FINE), isqrt((top + radius) * FINE) + 1
    return mid, max(mid - low, high - mid) + ROOT_ERROR, step


def order(t1: int, r1: int, c1: Leaf | CellStep | None, t2: int, r2: int, c2: Leaf | CellStep | None) -> int:
    """-1, 0 or 1: how the first stands to the second."""
    apart = t1 - t2
    if abs(apart) > r1 + r2:
        return 1 if apart > 0 else -1
    if not (r1 or r2):
        return 0
    left, right = cell_of(t1, c1), cell_of(t2, c2)
    if t1 == t2 and alike(left, right):
        return 0
    UNDECIDED.get()()
    value, against = exact(left), exact(right)
    return (value > against) - (value < against)


def monotone(turn: Callable[[int, int], object]) -> Callable[[int, int, Leaf | CellStep | None], object]:
    """A rising function of (top, bottom) where both ends of the bounds agree on it; by Fractions where they do not."""

    def turned(top: int, radius: int, cell: Leaf | CellStep | None) -> object:
        low = turn(top - radius, FINE)
        if not radius or low == turn(top + radius, FINE):
            return low
        UNDECIDED.get()()
        value = exact(cell_of(top, cell))
        return turn(value.numerator, value.denominator)

    return turned


def shown(top: int, radius: int, cell: Leaf | CellStep | None) -> Fraction:
    """The figure itself where it costs little; else the decimal of fewest places between the bounds."""
    if type(cell) is tuple:
        return Fraction(*cell)
    if isinstance(cell, CellStep) and not cell.dear:
        with suppress(AllocationError):  # past all use, or past what showing may cost: nobody reads its last digit
            return exact(cell)
    for places in (12, 25, 40):
        step = 10 ** (PLACES - places)
        near = (top + step // 2) // step * step
        if abs(near - top) <= radius:
            return Fraction(near, FINE)
    return Fraction(top, FINE)
