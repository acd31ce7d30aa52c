"""Figures in arrays, exact or float alike: snapping, whole units, sums, remainders.

An object array holds Fractions and stays exact; anything else is float64. Counties stand on the last axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from fractions import Fraction
from operator import attrgetter

import numpy as np

from allocation.errors import AllocationError, Problem
from allocation.limits import FIGURE_BITS

DECIMALS = 9  # kept when snapping, fewer where the magnitude leaves fewer than 14 digits
INFINITE = float("inf")
# Told what a step of an exact sum is about to cost: the products of the lengths, in bits, of what meets.
METER: ContextVar[Callable[[float], None]] = ContextVar("METER", default=lambda cost: None)
_TOP, _BOTTOM = attrgetter("numerator"), attrgetter("denominator")
POWERS = np.array([float(f"1e{k}") for k in range(23)])  # the powers of ten a double holds exactly


def snap(x):
    """x rounded half away from zero at min(9, 14 - digits) decimals, digits being those of floor(|x|), at least one.

    The same as Excel's ROUND(x, MIN(9, 14 - LEN(INT(ABS(x))))). Floats give the double nearest that decimal; one a
    unit in the last place below a half counts as the half it was meant to be. Fractions stay exact.
    """
    decimals = decimals_kept(x)
    if is_exact(x):
        scale = each(lambda d: Fraction(10) ** d, decimals)
        return round_half_away(x * scale) / scale
    up, down = POWERS[np.maximum(decimals, 0)], POWERS[np.maximum(-decimals, 0)]
    scaled = x * up / down
    return round_half_away(scaled + np.spacing(scaled)) / up * down


def decimals_kept(x):
    """How many decimals `snap` keeps of each value, negative where it rounds to tens; ints of x's shape."""
    if is_exact(x):
        return each(lambda v: min(DECIMALS, 14 - len(str(math.floor(abs(v))))), x)
    beyond = np.searchsorted(POWERS[1:], np.abs(x), side="right") if np.max(np.abs(x), initial=0) >= 1e5 else 0
    return np.minimum(DECIMALS, 13 - beyond)


def floor_units(x):
    """Whole units down, towards minus infinity, of values already snapped."""
    return each(lambda v: Fraction(math.floor(v)), x) if is_exact(x) else np.floor(x)


def ceil_units(x):
    """Whole units up, towards plus infinity, of values already snapped."""
    return -floor_units(-np.asarray(x))


def round_half_away(x):
    """To whole units, halves away from zero (四舍五入), of values already snapped."""
    size = np.abs(x)
    whole = floor_units(size)
    whole = whole + (size - whole >= 0.5)  # not floor(size + 0.5), which lifts 0.49999999999999994
    return np.where(np.less(x, 0), -whole, whole)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """One exact figure to so many decimals, halves away from zero, as Excel's ROUND."""
    return Fraction(round_half_away(np.array(value * 10**decimals, object)).item()) / 10**decimals


def in_units(to, exact: bool) -> tuple:
    """(times, over) with x * times / over the units in x. One hundredth is no double but 100 is: times 100, over 1."""
    if exact:
        return 1, Fraction(to)
    per = round(1 / to)
    return (float(per), 1.0) if per and math.isclose(per * to, 1, rel_tol=1e-12) else (1.0, float(to))


def total(x, groups: np.ndarray | None = None) -> np.ndarray:
    """Sum over counties, shape (..., 1); with `groups`, the sum of each county's own group, shape (..., N)."""
    x = numbers(x)
    if groups is not None:
        x = np.broadcast_to(x, (*x.shape[:-1], len(groups)))
        sums = np.empty(x.shape, x.dtype)
        for members in members_of(groups, len(groups)):
            sums[..., members] = total(x[..., members])
        return sums
    if not is_exact(x):
        return x.sum(axis=-1, keepdims=True)
    sums = np.empty((*x.shape[:-1], 1), object)
    for at in np.ndindex(x.shape[:-1]):
        sums[at][0] = _sum_exact(x[at])
    return sums


def _sum_exact(values) -> Fraction | float:
    """Like denominators first, then as a tree: adding unrelated fractions one by one costs n times the final size."""
    tops: dict[int, int] = {}
    for value in values:
        if value == INFINITE:
            return INFINITE
        tops[value.denominator] = tops.get(value.denominator, 0) + value.numerator
    terms = [Fraction(top, bottom) for bottom, top in tops.items()] or [Fraction(0)]
    while len(terms) > 1:
        sizes = [float(term.denominator.bit_length()) for term in terms]
        METER.get()(sum(one * other for one, other in zip(sizes[::2], sizes[1::2], strict=False)))
        terms = [sum(terms[at : at + 2]) for at in range(0, len(terms), 2)]
        if max(term.denominator.bit_length() for term in terms) > FIGURE_BITS:
            raise AllocationError(Problem("run.too_long", {"most": FIGURE_BITS}))
    return Fraction(terms[0])


def lengths(data: np.ndarray) -> np.ndarray:
    """The bits of every exact figure, above and below its fraction line."""
    flat = data.ravel().tolist()
    sizes = [np.fromiter(map(int.bit_length, map(part, flat)), float, len(flat)) for part in (_TOP, _BOTTOM)]
    return (sizes[0] + sizes[1]).reshape(data.shape)


def billionths(quota, down):
    """What whole units down leave of each snapped quota, in whole billionths: int64 of the same shape."""
    if is_exact(quota):
        return ((quota - down) * 10**DECIMALS).astype(np.int64)
    decimals = np.maximum(decimals_kept(quota), 0)  # the double of a large quota blurs the digits that snapping dropped
    return (np.rint((quota - down) * POWERS[decimals]) * POWERS[DECIMALS - decimals]).astype(np.int64)


def is_exact(x) -> bool:
    return np.asarray(x).dtype == object


def numbers(x) -> np.ndarray:
    return np.asarray(x) if is_exact(x) else np.asarray(x, float)


def each(function, x):
    return np.frompyfunc(function, 1, 1)(x)


def members_of(groups, width: int) -> Iterator:
    """An index for the counties of each group; all at once without groups."""
    if groups is None:
        return iter([slice(None)])
    members = np.split(np.argsort(groups, kind="stable"), np.cumsum(np.bincount(groups))[:-1])
    return (own for own in members if len(own))


def plain(value):
    return value if isinstance(value, Fraction) else float(value)
