"""Sharing a pool among counties: the arithmetic alone, without names, units or messages.

Every function takes NumPy arrays with counties on the LAST axis and any number of leading axes (scenarios, periods),
which broadcast. A pool has shape (..., 1). Object arrays of `fractions.Fraction` are computed exactly, anything else in
float64; both walk the same path. `groups`, where accepted, is a 1-D int array with the group 0 .. G-1 of each county:
every group is then its own little allocation, and a pool may be (..., N), constant within each group.

A refusal raises `AllocationError`. Its problems know counties by their index on the last axis only: slot `rows`. The
texts speak of `{counties}`; that slot holds the first few indices until the caller puts names in its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocation.errors import AllocationError, Problem

DECIMALS = 9  # kept when snapping, fewer where the magnitude leaves fewer than 14 digits
POWERS = np.array([float(f"1e{k}") for k in range(23)])  # the powers of ten a double holds exactly
FEASIBLE = 1e-12  # a float pool this close, relatively, to the sum of its floors or caps counts as equal to it
ROUNDING = 4e-15  # relative error that a float sum over a few thousand counties can carry
BLOCK = 40_000  # float cells worked on at a time, so that a block of scenarios stays in the processor's cache
INFINITE = float("inf")


@dataclass(frozen=True)
class Bounded:
    """What `bounded_share` found: `awards` (..., N); `level` t (..., 1), or (..., N) with groups; who equals a bound."""

    awards: np.ndarray
    level: np.ndarray
    at_floor: np.ndarray
    at_cap: np.ndarray


# --- snapping and whole units ---------------------------------------------------------------------------------------


def snap(x: np.ndarray) -> np.ndarray:
    """x rounded half away from zero at min(9, 14 - digits) decimals, digits being those of floor(|x|), at least one.

    The same as Excel's ROUND(x, MIN(9, 14 - LEN(INT(ABS(x))))). Floats give the double nearest that decimal; one within
    two units in the last place below a half counts as the half it was meant to be. Fractions stay exact.
    """
    x = _numbers(x)
    if x.dtype == object:
        return _each(_snap_exact, x)
    size, decimals = np.abs(x), _decimals(x)
    up, down = POWERS[np.maximum(decimals, 0)], POWERS[np.minimum(np.maximum(-decimals, 0), len(POWERS) - 1)]
    scaled = size * up / down * (1 + 4.4e-16)
    return np.copysign(_half_up(scaled) / up * down, x)


def floor_units(x: np.ndarray) -> np.ndarray:
    """Whole units down, towards minus infinity, of values already snapped."""
    return _each(lambda v: Fraction(math.floor(v)), x) if _exact(x) else np.floor(x)


def ceil_units(x: np.ndarray) -> np.ndarray:
    """Whole units up, towards plus infinity, of values already snapped."""
    return _each(lambda v: Fraction(math.ceil(v)), x) if _exact(x) else np.ceil(x)


def round_half_away(x: np.ndarray) -> np.ndarray:
    """To whole units, halves away from zero (四舍五入), of values already snapped."""
    if _exact(x):
        return _each(lambda v: Fraction(math.copysign(1, v)) * math.floor(abs(v) + Fraction(1, 2)), x)
    return np.copysign(_half_up(np.abs(x)), x)


def _half_up(size: np.ndarray) -> np.ndarray:
    whole = np.floor(size)
    return whole + (size - whole >= 0.5)  # not floor(size + 0.5), which lifts 0.49999999999999994


def _decimals(x: np.ndarray) -> np.ndarray:
    """How many decimals `snap` keeps of each value; int array of x's shape."""
    if _exact(x):
        return _each(lambda v: min(DECIMALS, 14 - len(str(math.floor(abs(v))))), x).astype(np.int64)
    size = np.abs(x)
    if size.size == 0 or size.max() < 1e5:
        return np.full(size.shape, DECIMALS)
    beyond = np.searchsorted(POWERS[1:], size, side="right")
    return np.minimum(DECIMALS, 13 - beyond)


def _snap_exact(value: Fraction) -> Fraction:
    size = abs(value)
    if value.denominator == 1 and size < 10**14:
        return Fraction(value)
    scale = Fraction(10) ** min(DECIMALS, 14 - len(str(math.floor(size))))
    rounded = math.floor(size * scale + Fraction(1, 2)) / scale
    return -rounded if value < 0 else rounded


# --- sums and plain shares ------------------------------------------------------------------------------------------


def total(x: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """Sum over counties, shape (..., 1); with `groups`, the sum of each county's own group, shape (..., N)."""
    x = _numbers(x)
    if groups is None:
        return _row_sums(x)
    x = np.broadcast_to(x, (*x.shape[:-1], len(groups)))
    sums = np.empty(x.shape, x.dtype)
    for members in _members(groups):
        sums[..., members] = _row_sums(x[..., members])
    return sums


def share(pool: np.ndarray, claim: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """pool x claim / total(claim), shape (..., N).

    Claims are never negative (run.negative_claim). Where they are all zero, only a pool of zero can be shared
    (run.no_claim).
    """
    pool, claim = _numbers(pool), _numbers(claim)
    _refuse(_negative_claims(claim))
    sums = total(claim, groups)
    idle = sums == 0
    lost = np.broadcast_to(idle & (pool != 0), np.broadcast_shapes(pool.shape, claim.shape))
    if lost.any():
        rows = _rows(lost)
        given = np.broadcast_to(pool, lost.shape)[lost][0]
        _refuse([_problem("run.no_claim", rows, pool=_plain(given))])
    return pool * claim / np.where(idle, 1, sums)


def _row_sums(x: np.ndarray) -> np.ndarray:
    if x.dtype != object:
        return x.sum(axis=-1, keepdims=True)
    sums = np.empty((*x.shape[:-1], 1), object)
    for at in np.ndindex(x.shape[:-1]):
        sums[at][0] = _sum_exact(x[at])
    return sums


def _sum_exact(values: np.ndarray) -> Fraction | float:
    """Like denominators first, then as a tree: adding unrelated fractions one by one costs n times the final size."""
    tops: dict[int, int] = {}
    for value in values:
        if value == INFINITE:
            return INFINITE
        tops[value.denominator] = tops.get(value.denominator, 0) + value.numerator
    terms = [Fraction(top, bottom) for bottom, top in tops.items()] or [Fraction(0)]
    while len(terms) > 1:
        paired = [left + right for left, right in zip(terms[::2], terms[1::2], strict=False)]
        terms = paired + terms[2 * len(paired) :]
    return terms[0]


# --- shares between bounds ------------------------------------------------------------------------------------------


def bounded_share(
    pool: np.ndarray,
    claim: np.ndarray,
    floor: np.ndarray | None = None,
    cap: np.ndarray | None = None,
    groups: np.ndarray | None = None,
) -> Bounded:
    """awards = clip(t x claim, floor, cap) with the one level t that spends the pool.

    claim, floor and cap are (..., N). A missing floor (None, NaN) is 0, a missing cap (None, NaN, inf) is none; a county
    with a claim of zero stays at its floor. Exact awards sum to the pool exactly. Where every county sits at a bound the
    level is not unique: the one nearest zero is given. Method: Newton on the set of counties at a bound,
    t = (pool - what the bounds fix) / free claims, kept in a bracket, until the set repeats.

    Errors: run.negative_claim, run.floor_above_cap (rows), run.infeasible (pool, floors, caps, gap, side "floor" or
    "cap", rows, scenario: the first one for each group) unless
    sum of floors <= pool <= sum of caps where claim > 0 + sum of floors where claim = 0.
    """
    exact = any(_exact(x) for x in (pool, claim, floor, cap) if x is not None)
    pool, claim = np.atleast_1d(_numbers(pool)), np.atleast_1d(_numbers(claim))
    floor, cap = _filled(floor, Fraction(0) if exact else 0.0), _filled(cap, INFINITE)
    _refuse(_negative_claims(claim) + _crossed(floor, cap))

    width = np.broadcast_shapes(*(x.shape for x in (pool, claim, floor, cap)))[-1]
    lead = np.broadcast_shapes(*(x.shape[:-1] for x in (pool, claim, floor, cap)))
    flat = [_flat(x, lead, width) for x in (pool, claim, floor, cap)]
    count, kind = math.prod(lead), object if exact else float
    awards, level = np.empty((count, width), kind), np.empty((count, 1 if groups is None else width), kind)
    at_floor, at_cap = np.empty((count, width), bool), np.empty((count, width), bool)
    problems = []
    for members in _members(groups, width):
        own_pool, *own = (x[:, members] for x in flat)
        for block in _blocks(count, own[0].shape[-1]):
            here = [x if len(x) == 1 else x[block] for x in (own_pool[:, :1], *own)]
            solved = _block_share(*here)
            if isinstance(solved, dict):
                row = block.start + solved.pop("row")
                problems.append(_problem("run.infeasible", np.arange(width)[members], scenario=row, **solved))
                break
            awards[block, members], level[block, members if groups is not None else slice(None)] = solved[:2]
            at_floor[block, members], at_cap[block, members] = solved[2:]
    _refuse(problems)
    return Bounded(*(x.reshape(*lead, x.shape[-1]) for x in (awards, level, at_floor, at_cap)))


def _block_share(pool, claim, floor, cap):
    """awards, level, at_floor, at_cap of one block (B, n) of scenarios; a dict of slots where the first is infeasible."""
    cap = np.where(claim > 0, cap, floor)
    low, high = total(floor), total(cap)
    pool, low, high = np.broadcast_arrays(pool, low, high)
    tiny = 0 if pool.dtype == object else FEASIBLE * (np.abs(pool) + np.abs(low))
    fits = (low - tiny <= pool) & (pool <= high + tiny)
    if not fits.all():
        row = int(np.argmin(fits))
        given, floors, caps = (_plain(x[row, 0]) for x in (pool, low, high))
        side = "floor" if given < floors else "cap"
        gap = floors - given if side == "floor" else given - caps
        return {"row": row, "pool": given, "floors": floors, "caps": caps, "gap": gap, "side": side}
    pool = np.minimum(np.maximum(pool, low), high)
    level = _level(pool, claim, floor, cap)
    awards = np.minimum(np.maximum(level * claim, floor), cap)
    at_floor, at_cap = awards == floor, awards == cap
    held = (at_floor | at_cap).all(axis=-1)
    if held.any():
        level[held] = _nearest_zero(*(x[held] for x in np.broadcast_arrays(claim, floor, cap, at_floor, at_cap)))
    return awards, level, at_floor, at_cap


def _level(pool, claim, floor, cap):
    """The level (B, 1) at which clip(level x claim, floor, cap) adds up to the pool."""
    sums = total(claim)
    if pool.dtype == object:  # the float answer is nearly always in the right piece already
        guess = _level(*(x.astype(float) for x in (pool, claim, floor, cap)))
        level, noise = _each(Fraction, np.nan_to_num(guess)), 0
    else:
        level = np.where(sums == 0, 0.0, pool / np.where(sums == 0, 1, sums))
        noise = ROUNDING * (np.abs(pool) + np.abs(total(floor)))
    noise = np.broadcast_to(noise, pool.shape)
    found, rows = level.copy(), np.arange(len(level))
    under, over = np.full_like(level, -INFINITE), np.full_like(level, INFINITE)
    while True:
        fixed, free = _fixed_and_free(level, claim, floor, cap)
        gap = pool - fixed - level * free
        under, over = np.where(gap > 0, level, under), np.where(gap < 0, level, over)
        step = (pool - fixed) / np.where(free == 0, 1, free)
        settled = (np.abs(gap) <= noise) | ((step == level) & (free != 0))
        astray = ~settled & ((free == 0) | ~((under < step) & (step < over)))
        if astray.any():
            step = np.where(astray, _between(under, over, level), step)
            settled |= ~((under < step) & (step < over))  # no float is left between
        found[rows[settled[:, 0]]] = level[settled[:, 0]]
        keep = ~settled[:, 0]
        if not keep.any():
            return found
        if not keep.all():
            rows, pool, step, under, over, noise = (x[keep] for x in (rows, pool, step, under, over, noise))
            claim, floor, cap = (x if len(x) == 1 else x[keep] for x in (claim, floor, cap))
        level = step


def _fixed_and_free(level, claim, floor, cap):
    """At a level: the sum of the awards its bounds fix, and the sum of the claims left free. Both (B, 1)."""
    raw = level * claim
    kept = np.minimum(np.maximum(raw, floor), cap)
    free = kept == raw
    return total(np.where(free, 0, kept)), total(np.where(free, claim, 0))


def _between(under, over, level):
    """A level inside the bracket when Newton leaves it: the middle, or twice as far where one side is still open."""
    reach = np.where(level == 0, 1, np.abs(level))
    with np.errstate(invalid="ignore"):
        middle = (under + over) / 2
    return np.where(over == INFINITE, level + reach, np.where(under == -INFINITE, level - reach, middle))


def _nearest_zero(claim, floor, cap, at_floor, at_cap):
    """Of all levels that keep everyone at the same bound, the one nearest zero; arrays (B, n) with floor or cap held."""
    moves = floor < cap
    claim = np.where(moves, claim, 1)
    least = np.where(moves & at_cap, cap / claim, -INFINITE).max(axis=-1, keepdims=True)
    most = np.where(moves & at_floor, floor / claim, INFINITE).min(axis=-1, keepdims=True)
    return np.minimum(np.maximum(least, Fraction(0) if floor.dtype == object else 0.0), most)


# --- whole units ----------------------------------------------------------------------------------------------------


def largest_remainder(pool, quota, to, order, groups: np.ndarray | None = None) -> np.ndarray:
    """Quotas (..., N) rounded to multiples of `to` that add up to the pool: down, then one unit more by remainder.

    `to` is a positive scalar, `order` (N,) the rank 次序 to which equal remainders go, lower first. Down is towards
    minus infinity; a quota on the grid never moves. Hamilton's method, with remainders compared as whole numbers of
    10^-9 units, so that every reading agrees.

    Errors: run.pool_off_grid (pool, to, nearest); run.rounding_infeasible (pool, low, high, gap, rows) unless
    sum of quotas down <= pool <= sum of quotas up.
    """
    pool, quota = np.atleast_1d(_numbers(pool)), np.atleast_1d(_numbers(quota))
    exact = quota.dtype == object
    to = Fraction(to) if exact else float(to)
    per = 1 / to if exact else round(1 / to)
    if not exact and not math.isclose(per * to, 1, rel_tol=1e-12):
        per = 0
    units = lambda x: snap(x * per if per else x / to)
    amount = lambda x: x / per if per else x * to
    ...
