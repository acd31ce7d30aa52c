"""Figures in arrays, exact or float alike: snapping, whole units, sums, remainders.

An object array holds Fractions and stays exact; anything else is float64. Counties stand on the last axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, overload

import numpy as np

from allocation.errors import AllocationError, Problem
from allocation.files.limits import FIGURE_BITS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from typing_extensions import TypeIs

    Exact = NDArray[np.object_]  # of Fractions; a blank bound is None in it, no cap the float infinity
    Floats = NDArray[np.float64]
    Numbers = Exact | Floats
    Truths = NDArray[np.bool_]
    Whole = NDArray[np.int64]
    Groups = NDArray[np.intp]  # the group 0 .. G-1 of each county

DECIMALS = 9  # kept when snapping, fewer where the magnitude leaves fewer than 14 digits
INFINITE = float("inf")
# Told what a step of an exact sum is about to cost: the products of the lengths, in bits, of what meets.
METER: ContextVar[Callable[[float], None]] = ContextVar("METER", default=lambda cost: None)
_TOP, _BOTTOM = attrgetter("numerator"), attrgetter("denominator")
POWERS = np.array([float(f"1e{k}") for k in range(23)])  # the powers of ten a double holds exactly


@overload
def snap(x: Floats) -> Floats: ...
@overload
def snap(x: Numbers) -> Numbers: ...
def snap(x: Numbers) -> Numbers:
    """x rounded half away from zero at min(9, 14 - digits) decimals, digits being those of floor(|x|), at least one.

    The same as Excel's ROUND(x, MIN(9, 14 - LEN(INT(ABS(x))))). Floats give the double nearest that decimal; one a
    unit in the last place below a half counts as the half it was meant to be. Fractions stay exact.
    """
    decimals = decimals_kept(x)
    if is_exact(x):
        scale = each(_power_of_ten, decimals)
        scaled: Exact = round_half_away(x * scale) / scale
        return scaled
    up, down = POWERS[np.maximum(decimals, 0)], POWERS[np.maximum(-decimals, 0)]
    raised = x * up / down
    snapped: Floats = round_half_away(raised + np.spacing(raised)) / up * down
    return snapped


def _power_of_ten(decimals: int) -> Fraction:
    return Fraction(10) ** decimals


def decimals_kept(x: Numbers) -> Exact | Whole:
    """How many decimals `snap` keeps of each value, negative where it rounds to tens; ints of x's shape."""
    if is_exact(x):
        return each(lambda v: min(DECIMALS, 14 - len(str(math.floor(abs(v))))), x)
    beyond = np.searchsorted(POWERS[1:], np.abs(x), side="right") if np.max(np.abs(x), initial=0) >= 1e5 else 0
    return np.minimum(DECIMALS, 13 - beyond)


def floor_units(x: Numbers) -> Numbers:
    """Whole units down, towards minus infinity, of values already snapped."""
    return each(lambda v: Fraction(math.floor(v)), x) if is_exact(x) else np.floor(x)


def ceil_units(x: Numbers) -> Numbers:
    """Whole units up, towards plus infinity, of values already snapped."""
    return -floor_units(-x)


def round_half_away(x: Numbers) -> Numbers:
    """To whole units, halves away from zero (四舍五入), of values already snapped."""
    size = np.abs(x)
    whole = floor_units(size)
    whole = whole + (size - whole >= 0.5)  # not floor(size + 0.5), which lifts 0.49999999999999994
    return np.where(np.less(x, 0), -whole, whole)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """One exact figure to so many decimals, halves away from zero, as Excel's ROUND."""
    whole = round_half_away(np.array([value * 10**decimals], object)).item()
    return Fraction(whole) / Fraction(10) ** decimals


def in_units(to: Fraction | float, exact: bool) -> tuple[int | float, Fraction | float]:
    """(times, over) with x * times / over the units in x. One hundredth is no double but 100 is: times 100, over 1."""
    if exact:
        return 1, Fraction(to)
    per = round(1 / to)
    return (float(per), 1.0) if per and math.isclose(per * to, 1, rel_tol=1e-12) else (1.0, float(to))


def scaled(x: Numbers, times: Fraction | float, over: Fraction | float) -> Numbers:
    """x * times / over."""
    figures: np.ndarray = x
    product: np.ndarray = figures * np.asarray(times)
    result: Numbers = product / np.asarray(over)
    return result


def total(x: Numbers, groups: Groups | None = None) -> Numbers:
    """Sum over counties, shape (..., 1); with `groups`, the sum of each county's own group, shape (..., N)."""
    x = numbers(x)
    if groups is not None:
        x = wide(x, (*x.shape[:-1], len(groups)))
        sums = empty_like(x, x.shape)
        for members in members_of(groups):
            sums[..., members] = total(x[..., members])
        return sums
    if not is_exact(x):
        whole: Floats = x.sum(axis=-1, keepdims=True)
        return whole
    exact: Exact = np.empty((*x.shape[:-1], 1), object)
    for at in np.ndindex(x.shape[:-1]):
        exact[at][0] = _sum_exact(x[at])
    return exact


def _sum_exact(values: Exact) -> Fraction | float:
    """Like denominators first, then as a tree: adding unrelated fractions one by one costs n times the final size."""
    tops: dict[int, int] = {}
    for value in values:
        if value == INFINITE:
            return INFINITE
        tops[value.denominator] = tops.get(value.denominator, 0) + value.numerator
    terms = [Fraction(top, bottom) for bottom, top in tops.items()] or [Fraction(0)]
    while len(terms) > 1:
        sizes = [float(term.denominator.bit_length()) for term in terms]
        METER.get()(sum(left * right for left, right in zip(sizes[::2], sizes[1::2], strict=False)))
        terms = [sum(terms[at : at + 2], Fraction(0)) for at in range(0, len(terms), 2)]
        if max(term.denominator.bit_length() for term in terms) > FIGURE_BITS:
            raise AllocationError(Problem("run.too_long", {"most": FIGURE_BITS}))
    return Fraction(terms[0])


def lengths(data: Exact) -> Floats:
    """The bits of every exact figure, above and below its fraction line."""
    flat = data.ravel().tolist()
    sizes = [np.fromiter(map(int.bit_length, map(part, flat)), float, len(flat)) for part in (_TOP, _BOTTOM)]
    bits: Floats = (sizes[0] + sizes[1]).reshape(data.shape)
    return bits


def billionths(quota: Numbers, down: Numbers) -> Whole:
    """What whole units down leave of each snapped quota, in whole billionths: int64 of the same shape."""
    if is_exact(quota):
        rest = (quota - down) * 10**DECIMALS
    else:
        decimals = np.maximum(decimals_kept(quota), 0)  # a large double blurs the digits that snapping dropped
        rest = np.rint((quota - down) * POWERS[decimals]) * POWERS[DECIMALS - decimals]
    counts: Whole = rest.astype(np.int64)
    return counts


def is_exact(x: Numbers) -> TypeIs[Exact]:
    return np.asarray(x).dtype == object  # of no dimension, numpy gives the figure itself


def numbers(x: np.ndarray | Fraction | float) -> Numbers:
    """An array of what is given: Fractions as they are, anything else as float64."""
    given: Exact | Floats = np.asarray(x)
    return given if is_exact(given) else given.astype(float, copy=False)


def wide(x: Numbers, shape: tuple[int, ...]) -> Numbers:
    """The same figures in a larger shape, not to be written to."""
    figures: np.ndarray = x
    return np.broadcast_to(figures, shape)


def empty_like(x: Numbers, shape: tuple[int, ...]) -> Numbers:
    """Room for figures of the same kind, exact or float."""
    room: Numbers = np.empty(shape, object if is_exact(x) else float)
    return room


def each(function: Callable[..., object], x: np.ndarray) -> Exact:
    """What `function` makes of every entry."""
    return np.asarray(np.frompyfunc(function, 1, 1)(x), object)


def members_of(groups: Groups | None) -> Iterator[Groups | slice]:
    """An index for the counties of each group; all at once without groups."""
    if groups is None:
        return iter([slice(None)])
    members = np.split(np.argsort(groups, kind="stable"), np.cumsum(np.bincount(groups))[:-1])
    return (group for group in members if len(group))


def plain(value: Fraction | float) -> Fraction | float:
    return value if isinstance(value, Fraction) else float(value)
