"""Figures in arrays, exact or float alike: snapping, whole units, sums, remainders.

An object array holds Fractions and stays exact; anything else is float64. Counties stand on the last axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from allocation import floats
from allocation.exact import rounding
from allocation.exact.cells import METER as METER
from allocation.exact.cells import UNDECIDED as UNDECIDED
from allocation.exact.cells import exact_root, sum_exact
from allocation.exact.quotients import Quotients, joined, quotients
from allocation.exact.quotients import total as exact_total
from allocation.exact.rounding import DECIMALS, GRID
from allocation.floats import POWERS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from typing_extensions import TypeIs

    from allocation.floats import Floats as Floats
    from allocation.floats import Whole as Whole

    Exact = NDArray[np.object_]  # of Fractions; a blank bound is None in it, no cap the float infinity
    Numbers = Exact | Floats
    Truths = NDArray[np.bool_]
    Groups = NDArray[np.intp]  # the group 0 .. G-1 of each county

INFINITE = float("inf")
USUAL, FEW_BITS = 1200, 32  # columns of figures up to that many bits are all worked out at one price
_TOP, _BOTTOM = attrgetter("numerator"), attrgetter("denominator")


@overload
def snap(x: Floats) -> Floats: ...
@overload
def snap(x: Numbers) -> Numbers: ...
def snap(x: Numbers) -> Numbers:
    """x rounded half away from zero at min(9, 14 - digits) decimals, digits being those of floor(|x|), at least one.

    The same as Excel's ROUND(x, MIN(9, 14 - LEN(INT(ABS(x))))). Floats give the double nearest that decimal; one a
    unit in the last place below a half counts as the half it was meant to be. Fractions stay exact.
    """
    if isinstance(x, Quotients):
        return rounding.snapped(x)
    if is_exact(x):
        return each(_snapped, x)
    return floats.snapped(x)


def _snapped(value: Fraction) -> Fraction:
    return Fraction(rounding.snapped_count(*value.as_integer_ratio()), GRID)


def decimals_kept(x: Floats) -> Whole:
    """How many decimals `snap` keeps of each value, negative where it rounds to tens; ints of x's shape."""
    return floats.kept_decimals(x)


def floor_units(x: Numbers) -> Numbers:
    """Whole units down, towards minus infinity, of values already snapped."""
    if isinstance(x, Quotients):
        return rounding.floors(x)
    return each(lambda v: Fraction(math.floor(v)), x) if is_exact(x) else np.floor(x)


def ceil_units(x: Numbers) -> Numbers:
    """Whole units up, towards plus infinity, of values already snapped."""
    return -floor_units(-x)


def round_half_away(x: Numbers) -> Numbers:
    """To whole units, halves away from zero (四舍五入), of values already snapped."""
    if isinstance(x, Quotients):
        return rounding.nearest(x)
    if is_exact(x):
        return each(lambda v: Fraction(rounding.near_count(*v.as_integer_ratio())), x)
    return floats.rounded_half_away(x)


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
    if isinstance(x, Quotients):
        factor = Fraction(times) / Fraction(over)
        return x if factor == 1 else x * factor
    figures: np.ndarray = x
    product: np.ndarray = figures * np.asarray(times)
    result: Numbers = product / np.asarray(over)
    return result


def total(x: Numbers, groups: Groups | None = None) -> Numbers:
    """Sum over counties, shape (..., 1); with `groups`, the sum of each county's own group, shape (..., N)."""
    x = numbers(x)
    if groups is not None:
        x = wide(x, (*x.shape[:-1], len(groups)))
        return by_group([(members, total(x[..., members])) for members in members_of(groups)], len(groups))
    if isinstance(x, Quotients):
        return exact_total(x)
    if not is_exact(x):
        whole: Floats = x.sum(axis=-1, keepdims=True)
        return whole
    exact: Exact = np.empty((*x.shape[:-1], 1), object)
    for at in np.ndindex(x.shape[:-1]):
        exact[at][0] = _sum_exact(x[at])
    return exact


def _sum_exact(values: Exact) -> Fraction | float:
    return INFINITE if any(value == INFINITE for value in values) else sum_exact(list(values))


def roots(x: Exact) -> Exact:
    """Square roots, the irrational ones cut off far below the snapping grid."""
    return rounding.roots(x) if isinstance(x, Quotients) else each(exact_root, x)


def in_columns(x: np.ndarray) -> Exact:
    """Exact figures as the readings walk over them: whole numbers on one denominator, or within bounds."""
    columns: Any = quotients(x, x.ndim)  # which NumPy's types do not know for an array
    figures: Exact = columns
    return figures


def exactly(value: Fraction, ndim: int) -> Exact:
    """One exact figure for all."""
    figure: Any = quotients(value, ndim)
    figures: Exact = figure
    return figures


def fractions(x: np.ndarray) -> np.ndarray:
    """The plain array of the very figures, whatever they cost; floats as they are."""
    return x.exactly() if isinstance(x, Quotients) else x


def in_quotients(x: Numbers) -> bool:
    return isinstance(x, Quotients)


def is_text(x: np.ndarray) -> bool:
    return not isinstance(x, Quotients) and x.dtype == object and isinstance(x.flat[0], str)


def ranked(x: Numbers) -> np.ndarray:
    """What stands to one another, in each row, as the snapped figures do."""
    return x.ranked() if isinstance(x, Quotients) else x


def rows(x: np.ndarray) -> list[Hashable]:
    """What stands for each row: rows of which it is the same hold the same figures."""
    if isinstance(x, Quotients):
        return x.row_keys()
    return [tuple(row) for row in x] if x.dtype == object else [row.tobytes() for row in x]


def by_group(parts: list[tuple[Groups | slice, Numbers]], width: int) -> Numbers:
    """The figures (..., N) of all counties, from those of each group (its counties, what they or all of them get)."""
    if len(parts) == 1 and isinstance(parts[0][0], slice):
        return parts[0][1]
    places = [np.arange(width)[members] for members, _ in parts]
    whole = [wide(x, (*x.shape[:-1], len(place))) for place, (_, x) in zip(places, parts, strict=True)]
    back = np.argsort(np.concatenate(places), kind="stable")
    lead = np.broadcast_shapes(*(x.shape[:-1] for x in whole))
    full = [wide(x, (*lead, x.shape[-1])) for x in whole]
    if any(isinstance(x, Quotients) for x in full):
        gathered: Numbers = joined(full, -1)[..., back]
        return gathered
    together: Any = np.concatenate(full, axis=-1)
    together = together[..., back]
    figures: Numbers = together
    return figures


def length(data: Exact) -> int:
    """The bits of the longest figure, or what its column is held in; a few where it costs what any other would."""
    if not isinstance(data, Quotients):
        return int(lengths(data).max(initial=0))
    bits = data.bits()
    return bits if bits > USUAL else FEW_BITS


def lengths(data: Exact) -> Floats:
    """The bits of every exact figure, above and below its fraction line."""
    data = np.asarray(data)
    flat = data.ravel().tolist()
    sizes = [np.fromiter(map(int.bit_length, map(part, flat)), float, len(flat)) for part in (_TOP, _BOTTOM)]
    bits: Floats = (sizes[0] + sizes[1]).reshape(data.shape)
    return bits


def billionths(quota: Numbers, down: Numbers) -> Whole:
    """What whole units down leave of each snapped quota, in whole billionths: int64 of the same shape."""
    if isinstance(quota, Quotients):
        return rounding.billionths(quota, down)
    if is_exact(quota):
        rest = (quota - down) * GRID
    else:
        decimals = np.maximum(decimals_kept(quota), 0)  # a large double blurs the digits that snapping dropped
        rest = np.rint((quota - down) * POWERS[decimals]) * POWERS[DECIMALS - decimals]
    counts: Whole = rest.astype(np.int64)
    return counts


def is_exact(x: Numbers) -> TypeIs[Exact]:
    return isinstance(x, Quotients) or np.asarray(x).dtype == object  # of no dimension, numpy gives the figure itself


def numbers(x: Any) -> Numbers:
    """An array of what is given: Fractions as they are, anything else as float64."""
    if isinstance(x, Quotients):
        columns: Any = x
        figures: Exact = columns
        return figures
    given: Exact | Floats = np.asarray(x)
    return given if is_exact(given) else given.astype(float, copy=False)


def wide(x: Numbers, shape: tuple[int, ...]) -> Numbers:
    """The same figures in a larger shape, not to be written to."""
    figures: np.ndarray = x
    return np.broadcast_to(figures, shape)


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
