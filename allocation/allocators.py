"""Sharing a pool among counties: the arithmetic alone, without names, units or messages.

Every function takes NumPy arrays with counties on the LAST axis and any number of leading axes (scenarios, periods),
which broadcast. A pool has shape (..., 1). Object arrays of `fractions.Fraction` are computed exactly, anything else in
float64; both walk the same path. `groups`, where accepted, is a 1-D int array with the group 0 .. G-1 of each county:
every group is then its own little allocation, and a pool may be (..., N), constant within each group.

A refusal raises `AllocationError`. Its problems know counties by their index on the last axis only: slot `rows`. The
texts speak of `{counties}`; that slot holds the first few indices until the caller puts names in its place. The error's
`runs` says of every scenario (leading axes) whether it is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocation.arrays import (
    INFINITE,
    METER,
    billionths,
    each,
    floor_units,
    in_units,
    is_exact,
    lengths,
    members_of,
    numbers,
    plain,
    round_half_away,
    snap,
    total,
)
from allocation.errors import AllocationError, Problem
from allocation.texts import LANGUAGES, Both, say, shortened

FEASIBLE = 1e-12  # a float pool this close, relatively, to the sum of its floors or caps counts as equal to it
ROUNDING = 4e-15  # relative error that a float sum over a few thousand counties can carry
SAMPLE = 32  # every how manieth county large batches are first tried on
CACHE = 300_000  # floats worked on at a time, so that a block of scenarios stays in the processor's cache


@dataclass(frozen=True)
class Bounded:
    """`awards` (..., N); their `level` t (..., 1), or (..., N) with groups; whose award equals a bound (..., N)."""

    awards: np.ndarray
    level: np.ndarray
    at_floor: np.ndarray
    at_cap: np.ndarray


def share(pool, claim, groups: np.ndarray | None = None) -> np.ndarray:
    """pool x claim / total(claim), shape (..., N).

    Claims are never negative (run.negative_claim: rows). Where they are all zero only a pool of zero can be shared
    (run.no_claim: pool, rows).
    """
    pool, claim = numbers(pool), numbers(claim)
    _refuse_marked("run.negative_claim", claim < 0)
    sums = total(claim, groups)
    lost = np.broadcast_to((sums == 0) & (pool != 0), np.broadcast_shapes(pool.shape, claim.shape))
    _refuse_marked("run.no_claim", lost, pool=pool)
    return pool * claim / np.where(sums == 0, 1, sums)


def bounded_share(pool, claim, floor=None, cap=None, groups: np.ndarray | None = None) -> Bounded:
    """awards = clip(t x claim, floor, cap) with the one level t that spends the pool.

    claim, floor, cap are (..., N). A missing floor (None, NaN) is 0, a missing cap (None, NaN, inf) is none; a county
    with a claim of zero stays at its floor. Exact awards sum to the pool exactly. Where every county is at a bound, the
    level is not unique: the one nearest zero is given. Method: Newton on the set of counties at a bound,
    t = (pool - what the bounds fix) / free claims, kept in a bracket, until the set repeats.

    Errors: run.negative_claim, run.floor_above_cap (rows); run.infeasible (pool, floors, caps, gap, side "floor" or
    "cap", rows; the first infeasible scenario of each group) unless
    sum of floors <= pool <= sum of caps where claim > 0 + sum of floors where claim = 0.
    """
    exact = any(is_exact(x) for x in (pool, claim, floor, cap) if x is not None)
    zero = Fraction(0) if exact else 0.0
    floor, cap = zero if floor is None else floor, INFINITE if cap is None else cap
    pool, claim, floor, cap = (np.atleast_1d(numbers(x)) for x in (pool, claim, floor, cap))
    *lead, width = np.broadcast_shapes(*(x.shape for x in (pool, claim, floor, cap)))
    flat = [_flat(x, lead, width) for x in (pool, claim, floor, cap)]
    count, kind = math.prod(lead), object if exact else float
    awards, level = np.empty((count, width), kind), np.empty((count, 1 if groups is None else width), kind)
    at_floor, at_cap = np.empty((count, width), bool), np.empty((count, width), bool)
    problems, lost = [], np.zeros(count, bool)
    for members in members_of(groups, width):
        own, found = [x[:, members] for x in flat], []
        start = _sampled_level(*own)
        for block in _blocks(count, own):
            own_pool, own_claim, low, high = (x if len(x) == 1 else x[block] for x in own)
            low, high = _filled(low, zero), _filled(high, INFINITE)
            if (own_claim < 0).any() or (low > high).any():
                _refuse_marked("run.negative_claim", claim < 0)
                _refuse_marked("run.floor_above_cap", _filled(floor, zero) > _filled(cap, INFINITE))
            if (own_claim == 0).any():
                high = np.where(own_claim > 0, high, low)  # a zero claim stays at its floor
            sums = own_pool[:, :1], total(low), total(high)
            rows, slack = np.arange(width)[members], 0 if exact else FEASIBLE
            beyond, bad = _outside("run.infeasible", ("floors", "caps"), *sums, rows, slack)
            found, lost[block] = found or beyond, lost[block] | bad[:, 0]
            if found:
                continue
            own_pool = np.minimum(np.maximum(*sums[:2]), sums[2])
            own_pool = np.broadcast_to(own_pool, np.broadcast_shapes(own_pool.shape, own_claim[:, :1].shape))
            own_level = _level(own_pool, own_claim, low, high, start if start is None else start[block])
            given = np.minimum(np.maximum(own_level * own_claim, low), high)
            held = np.equal(given, low), np.equal(given, high)
            awards[block, members], at_floor[block, members], at_cap[block, members] = given, *held
            own_level = _nearest_zero(own_level, own_claim, low, high, *held)
            level[block, slice(None) if groups is None else members] = own_level
        problems += found
    if problems:
        raise AllocationError(problems, lost.reshape(lead))
    return Bounded(*(x.reshape(*lead, x.shape[-1]) for x in (awards, level, at_floor, at_cap)))


def _sampled_level(pool, claim, floor, cap):
    """Levels (S, 1) of every 32nd county alone: a start that saves a large float batch one pass in five."""
    if is_exact(claim) or len(pool) < SAMPLE or claim.shape[1] < SAMPLE**2:
        return None
    few, floor, cap = (np.ascontiguousarray(x[:, ::SAMPLE]) for x in (claim, floor, cap))
    floor, cap = _filled(floor, 0.0), _filled(cap, INFINITE)
    cap = np.where(few > 0, cap, floor)
    pool = np.clip(pool[:, :1] * few.shape[1] / claim.shape[1], total(floor), total(cap))
    return _level(pool, few, floor, cap, tolerance=0.01)


def _level(pool, claim, floor, cap, level=None, tolerance=ROUNDING):
    """The level (B, 1) at which clip(level x claim, floor, cap) adds up to the pool, which must be feasible."""
    if is_exact(pool):  # the float answer nearly always lies in the right piece already
        guess = _level(*(x.astype(float) for x in (pool, claim, floor, cap)))
        level, noise = each(Fraction, np.nan_to_num(guess)), np.zeros(pool.shape)
    else:
        claims = total(claim)
        level = pool / np.where(claims == 0, 1, claims) if level is None else level
        noise = tolerance * (np.abs(pool) + np.abs(total(floor)))
    found, rows = level.copy(), np.arange(len(level))
    state = np.stack([pool, noise, level, np.full_like(level, -INFINITE), np.full_like(level, INFINITE)])
    work = np.empty((2, len(level), claim.shape[1]), level.dtype)
    while rows.size:
        pool, noise, level, under, over = state
        spent, free = _spent_and_free(level, claim, floor, cap, *work[:, : len(rows)])
        gap = pool - spent
        step = level + gap / np.where(free == 0, 1, free)
        np.copyto(under, level, where=gap > 0)
        np.copyto(over, level, where=gap < 0)
        going = np.abs(gap) > noise
        inside = (under < step) & (step < over) & (free != 0)
        if not (inside | ~going).all():
            step = np.where(inside, step, _between(under, over, level))
            going &= (under < step) & (step < over)  # else no float is left between
        np.copyto(level, step, where=going)
        if 2 * np.count_nonzero(going) <= len(rows):  # leaving out the settled costs a copy
            found[rows], going = level, going[:, 0]
            rows, state = rows[going], state[:, going]
            claim, floor, cap = (x if len(x) == 1 else x[going] for x in (claim, floor, cap))
    return found


def _spent_and_free(level, claim, floor, cap, awards, free):
    """At a level: the sum of the awards, and the sum of the claims that no bound holds; both (B, 1)."""
    if is_exact(claim):
        METER.get()(float((lengths(level) * lengths(claim)).sum()))
    if len(claim) == 1:
        np.multiply(level, claim, out=free)
    else:
        np.einsum("ij,ik->ij", claim, level, out=free)  # the same product, a third faster on many rows
    np.maximum(free, floor, out=awards)
    np.minimum(awards, cap, out=awards)
    np.equal(awards, free, out=free)
    if is_exact(claim):
        return total(awards), total(claim * free)
    return total(awards), np.matmul(claim[:, None, :], free[:, :, None])[:, :, 0]  # ten times faster than picking


def _between(under, over, level):
    """A level inside the bracket where Newton leaves it: the middle, or twice as far where one side is still open."""
    reach = np.where(level == 0, 1, np.abs(level))
    with np.errstate(invalid="ignore"):
        middle = (under + over) / 2
    return np.where(over == INFINITE, level + reach, np.where(under == -INFINITE, level - reach, middle))


def _nearest_zero(level, claim, floor, cap, at_floor, at_cap):
    """The level itself; where nobody is free, of all levels that give the same awards the one nearest zero."""
    held = (at_floor | at_cap).all(axis=-1, keepdims=True)
    if not held.any():
        return level
    divisor = np.where(claim > 0, claim, 1)
    least = np.where(at_cap & ~at_floor, cap / divisor, -INFINITE).max(axis=-1, keepdims=True)
    most = np.where(at_floor & ~at_cap, floor / divisor, INFINITE).min(axis=-1, keepdims=True)
    return np.where(held, np.minimum(np.maximum(least, 0 * level), most), level)


def largest_remainder(pool, quota, to, order: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """Quotas (..., N) rounded to multiples of `to` that add up to the pool: down, then one more by largest remainder.

    `to` is a positive scalar; `order` (N,) is 次序: equal remainders go to the lower. Down is towards minus infinity; a
    quota on the grid never moves. Hamilton's method, with remainders compared as whole billionths of a unit.

    Errors: run.pool_off_grid (pool, to, nearest); run.rounding_infeasible (pool, low, high, gap, side, rows; the first
    such scenario of each group) unless sum of quotas down <= pool <= sum of quotas up.
    """
    pool, quota = np.atleast_1d(numbers(pool)), np.atleast_1d(numbers(quota))
    times, over = in_units(to, is_exact(quota))
    shape = np.broadcast_shapes(pool.shape, quota.shape)
    wanted, quota = (np.broadcast_to(snap(x * times / over), shape) for x in (pool, quota))
    near = round_half_away(wanted)
    _refuse_marked("run.pool_off_grid", wanted != near, pool=pool, to=over / times, nearest=near * over / times)
    units, problems, lost = np.empty(shape, quota.dtype), [], np.zeros(shape[:-1], bool)
    for members in members_of(groups, shape[-1]):
        down, own = floor_units(quota[..., members]), wanted[..., members][..., :1]
        rest = billionths(quota[..., members], down)
        least, most = total(down), total(down) + (rest > 0).sum(axis=-1, keepdims=True)
        amounts = (x * over / times for x in (own, least, most))
        rows = np.arange(shape[-1])[members]
        beyond, bad = _outside("run.rounding_infeasible", ("low", "high"), *amounts, rows)
        problems, lost = problems + beyond, lost | bad[..., 0]
        if not problems:
            units[..., members] = down + _one_more(rest, (own - least).astype(np.int64), order[members])
    if problems:
        raise AllocationError(problems, lost)
    return units * over / times


def _one_more(rest, left, order):
    """True for the `left` (..., 1) counties with the largest rest, ties to the lower order; shape of rest."""
    count = rest.shape[-1]
    key = rest * count + (count - 1 - np.argsort(np.argsort(order)))
    least = np.take_along_axis(np.sort(key, axis=-1), np.minimum(count - left, count - 1), -1)
    return (key >= least) & (left > 0)


def fill(pool, need, rank, order: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """min(need, max(0, pool - needs served earlier)), shape (..., N): the pool serves needs until it is spent.

    `rank` (..., N) is served in ascending order, equal ranks by `order` (N,), 次序. What remains of the pool is kept.
    """
    pool, need, rank = (np.atleast_1d(numbers(x)) for x in (pool, need, rank))
    _refuse_marked("run.negative_need", need < 0)
    shape = np.broadcast_shapes(pool.shape, need.shape, rank.shape)
    pool, need, rank = (np.broadcast_to(x, shape) for x in (pool, need, rank))
    awards = np.empty(shape, need.dtype)
    for members in members_of(groups, shape[-1]):
        by_order = np.argsort(order[members])
        turn = by_order[np.argsort(rank[..., members][..., by_order], axis=-1, kind="stable")]
        served = np.take_along_axis(need[..., members], turn, -1)
        left = pool[..., members] - (np.cumsum(served, axis=-1) - served)
        given = np.minimum(served, np.maximum(left, 0 * left))
        awards[..., members] = np.take_along_axis(given, np.argsort(turn, axis=-1), -1)
    return awards


def _filled(bound, instead) -> np.ndarray:
    """A bound with its missing values (None, NaN) replaced; the bound itself where it has none."""
    missing = np.equal(bound, None) if is_exact(bound) else np.isnan(bound)
    return np.where(missing, instead, bound) if missing.any() else bound


def _flat(x, lead, width) -> np.ndarray:
    """x as (S, width) over all leading axes, or (1, width) where it is the same in every scenario."""
    lead = lead if math.prod(x.shape[:-1]) > 1 else ()
    return np.broadcast_to(x, (*lead, width) if lead else (*x.shape[:-1], width)).reshape(-1, width)


def _blocks(count: int, arrays) -> Iterator[slice]:
    """Slices of scenarios whose share of the arrays, with two arrays to work in, fits the cache."""
    height = max(1, CACHE // ((2 + sum(len(x) > 1 for x in arrays)) * max(1, arrays[1].shape[1])))
    return (slice(start, start + height) for start in range(0, count, height))


def _outside(id: str, names, pool, low, high, rows, slack=0) -> tuple[list[Problem], np.ndarray]:
    """The first scenario whose pool lies outside [low, high], by more than `slack` relatively; which do (..., 1)."""
    pool, low, high = np.broadcast_arrays(pool, low, high)
    slack = slack * (np.abs(pool) + np.abs(low))
    bad = ~((low - slack <= pool) & (pool <= high + slack))
    if not bad.any():
        return [], bad
    pool, low, high = (plain(x[bad][0]) for x in (pool, low, high))
    side, gap = ("cap", pool - high) if pool > high else ("floor", low - pool)
    most = Both(*(say(lang, "run.no_cap") for lang in LANGUAGES)) if high == math.inf else high
    slots = {"pool": pool, names[0]: low, names[1]: most, "gap": gap, "side": side}
    return [_problem(id, rows, **slots)], bad


def _refuse_marked(id: str, marked, **slots) -> None:
    """Refuses the counties marked in any scenario; array slots give their value at the first one."""
    if marked.any():
        rows = np.flatnonzero(marked.any(axis=tuple(range(marked.ndim - 1))))
        first = {name: plain(np.broadcast_to(value, marked.shape)[marked][0]) for name, value in slots.items()}
        raise AllocationError(_problem(id, rows, **first), marked.any(axis=-1))


def _problem(id: str, rows, **slots) -> Problem:
    rows = [int(row) for row in rows]
    return Problem(id, {**slots, "rows": rows, "counties": shortened(rows, 10)})
