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
from collections.abc import Iterator, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from allocation.allotting import (
    FEASIBLE,
    ROUNDING,
    SAMPLE,
    Bounded,
    at_least_1d,
    flat_over,
    outside,
    problem_of,
    refuse_marked,
)
from allocation.arrays import (
    INFINITE,
    METER,
    billionths,
    by_group,
    each,
    floor_units,
    in_columns,
    in_quotients,
    in_units,
    is_exact,
    lengths,
    members_of,
    numbers,
    plain,
    ranked,
    round_half_away,
    scaled,
    snap,
    total,
    wide,
)
from allocation.compiled import COMPILER
from allocation.errors import AllocationError, Problem
from allocation.exact.quotients import Quotients
from allocation.exact_shares import share_exactly

if TYPE_CHECKING:
    from allocation.arrays import Groups, Numbers, Truths, Whole

CACHE = 200_000  # floats worked on at a time, so that a block of scenarios stays in the processor's cache


def share(pool: Numbers, claim: Numbers, groups: Groups | None = None) -> Numbers:
    """pool x claim / total(claim), shape (..., N).

    Claims are never negative (run.negative_claim: rows). Where they are all zero only a pool of zero can be shared
    (run.no_claim: pool, rows).
    """
    pool, claim = numbers(pool), numbers(claim)
    refuse_marked("run.negative_claim", claim < 0)
    sums = total(claim, groups)
    lost = np.broadcast_to((sums == 0) & (pool != 0), np.broadcast_shapes(pool.shape, claim.shape))
    refuse_marked("run.no_claim", lost, pool=pool)
    awards: Numbers = pool * claim / np.where(sums == 0, 1, sums)
    return awards


def bounded_share(
    pool: Numbers,
    claim: Numbers,
    floor: Numbers | None = None,
    cap: Numbers | None = None,
    groups: Groups | None = None,
) -> Bounded:
    """awards = clip(t x claim, floor, cap) with the one level t that spends the pool.

    claim, floor, cap are (..., N). A missing floor (None, NaN) is 0, a missing cap (None, NaN, inf) is none; a county
    with a claim of zero stays at its floor. Exact awards sum to the pool exactly. Where every county is at a bound, the
    level is not unique: the one nearest zero is given. Method: Newton on the set of counties at a bound,
    t = (pool - what the bounds fix) / free claims, kept in a bracket, until the set repeats.

    Errors: run.negative_claim, run.floor_above_cap (rows); run.infeasible (pool, floors, caps, gap, side "floor" or
    "cap", rows; the first infeasible scenario of each group) unless
    sum of floors <= pool <= sum of caps where claim > 0 + sum of floors where claim = 0.
    """
    if any(isinstance(x, Quotients) for x in (pool, claim, floor, cap)):
        return share_exactly(pool, claim, floor, cap, groups, _plainly)
    return _plainly(pool, claim, floor, cap, groups)


def _plainly(
    pool: Numbers,
    claim: Numbers,
    floor: Numbers | None = None,
    cap: Numbers | None = None,
    groups: Groups | None = None,
) -> Bounded:
    """The same of plain arrays, of floats or of Fractions."""
    exact = any(is_exact(x) for x in (pool, claim, floor, cap) if x is not None)
    zero = Fraction(0) if exact else 0.0
    bounds = zero if floor is None else floor, INFINITE if cap is None else cap
    pool, claim, floor, cap = (at_least_1d(x) for x in (pool, claim, *bounds))
    *lead, width = np.broadcast_shapes(*(x.shape for x in (pool, claim, floor, cap)))
    flat = [flat_over(x, lead, width) for x in (pool, claim, floor, cap)]
    count, kernels = math.prod(lead), None if exact else COMPILER.asked(math.prod(lead) * width)
    parts: list[tuple[Groups | slice, Bounded]] = []
    problems: list[Problem] = []
    lost = np.zeros(count, bool)
    for members in members_of(groups):
        inside, rows = [x[:, members] for x in flat], np.arange(width)[members]
        into = _unfilled((count, len(rows)), exact)
        parts.append((members, into))
        if kernels is None or not kernels.share(wide(inside[0][:, :1], (count, 1)), inside[1:], into):
            faults, bad = _in_blocks((claim, floor, cap), inside, rows, into)
            problems, lost = problems + faults, lost | bad
    if problems:
        raise AllocationError(problems, lost.reshape(lead))
    sides = [[(members, getattr(shared, side.name)) for members, shared in parts] for side in fields(Bounded)]
    whole: list[Any] = [by_group(side, width) for side in sides]
    return Bounded(*(x.reshape(*lead, x.shape[-1]) for x in whole))


def _unfilled(shape: tuple[int, int], exact: bool) -> Bounded:
    kind = object if exact else float
    figures = np.empty(shape, kind), np.empty((shape[0], 1), kind)
    return Bounded(*figures, np.empty(shape, bool), np.empty(shape, bool))


def _in_blocks(
    whole: Sequence[Numbers], inside: Sequence[Numbers], rows: Groups, into: Bounded
) -> tuple[list[Problem], Truths]:
    """Shares the pool `inside` one group, a block of scenarios at a time; the first problem, the scenarios (S,) lost.

    `whole` are claim, floor and cap of all groups, `inside` pool, claim, floor and cap of this one: (S or 1, N).
    """
    count, slack = len(into.awards), 0 if is_exact(into.awards) else FEASIBLE
    pools, *figures = inside
    start, faults, room, lost = _sampled_level(*inside), list[Problem](), _room(count, figures), np.zeros(count, bool)
    alike = all(len(x) == 1 for x in figures)
    ready = None
    for block in _blocks(count, figures):
        if ready is None or not alike:
            ready = _ready([x if len(x) == 1 else x[block] for x in figures], whole)
        pool = pools[:, :1] if len(pools) == 1 else pools[block, :1]
        beyond, bad = outside("run.infeasible", ("floors", "caps"), pool, ready.floors, ready.caps, rows, slack)
        faults, lost[block] = faults or beyond, bad[:, 0]
        if not faults:
            some = Bounded(into.awards[block], into.level[block], into.at_floor[block], into.at_cap[block])
            _within(pool, ready, start if start is None else start[block], room, some)
    return faults, lost


class _Ready(NamedTuple):
    """Claims and bounds (B or 1, N) without blanks, the cap the floor where nothing is claimed; sums of the bounds."""

    claim: Numbers
    low: Numbers
    high: Numbers
    floors: Numbers
    caps: Numbers


def _ready(figures: Sequence[Numbers], whole: Sequence[Numbers]) -> _Ready:
    claim, floor, cap = figures
    zero = Fraction(0) if any(map(is_exact, figures)) else 0.0
    low, high = _filled(floor, zero), _filled(cap, INFINITE)
    if (claim < 0).any() or (low > high).any():
        refuse_marked("run.negative_claim", whole[0] < 0)
        refuse_marked("run.floor_above_cap", _filled(whole[1], zero) > _filled(whole[2], INFINITE))
    if (claim == 0).any():
        high = np.where(claim > 0, high, low)  # a zero claim stays at its floor
    return _Ready(claim, low, high, total(low), total(high))


def _within(pool: Numbers, ready: _Ready, start: Numbers | None, room: np.ndarray, into: Bounded) -> None:
    """A pool (B or 1, 1) that can be shared, shared into what is given. `room` (2, B, N) is worked in."""
    claim, low, high, floors, caps = ready
    pool = np.minimum(np.maximum(pool, floors), caps)
    level = _level(wide(pool, into.level.shape), ready, start, room)
    np.multiply(level, claim, out=into.awards)
    np.maximum(into.awards, low, out=into.awards)
    np.minimum(into.awards, high, out=into.awards)
    np.equal(into.awards, low, out=into.at_floor)
    np.equal(into.awards, high, out=into.at_cap)
    into.level[:] = _nearest_zero(level, claim, (low, high), into.at_floor, into.at_cap)


def _sampled_level(pool: Numbers, claim: Numbers, floor: Numbers, cap: Numbers) -> Numbers | None:
    """Levels (S, 1) of every 32nd county alone: a start that saves a large float batch one pass in five."""
    if is_exact(claim) or len(pool) < SAMPLE or claim.shape[1] < SAMPLE**2:
        return None
    some_claim, some_floor, some_cap = (np.ascontiguousarray(x[:, ::SAMPLE], float) for x in (claim, floor, cap))
    some_floor, some_cap = _filled(some_floor, 0.0), _filled(some_cap, INFINITE)
    some_cap = np.where(some_claim > 0, some_cap, some_floor)
    few = _Ready(some_claim, some_floor, some_cap, total(some_floor), total(some_cap))
    pool = np.clip(pool[:, :1] * some_claim.shape[1] / claim.shape[1], few.floors, few.caps)
    return _level(pool, few, None, np.empty((2, len(pool), some_claim.shape[1])), tolerance=0.01)


def _level(
    pool: Numbers, ready: _Ready, level: Numbers | None, work: np.ndarray, tolerance: float = ROUNDING
) -> Numbers:
    """The level (B, 1) at which clip(level x claim, low, high) adds up to the pool, which must be feasible.

    `work` is room (2, B, N).
    """
    claim, floor, cap, floors, _ = ready
    if is_exact(pool):  # the float answer nearly always lies in the right piece already
        rough = _Ready(*(x.astype(float) for x in ready))
        guess = _level(pool.astype(float), rough, None, np.empty(work.shape))
        level, noise = each(Fraction, np.nan_to_num(guess)), np.zeros(pool.shape)
    else:
        if level is None:
            claims = total(claim)
            level = pool / np.where(claims == 0, 1, claims)
        noise = tolerance * (np.abs(pool) + np.abs(floors))
    settled, rows = level.copy(), np.arange(len(level))
    state = np.stack([pool, noise, level, np.full_like(level, -INFINITE), np.full_like(level, INFINITE)])
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
            settled[rows], going = level, going[:, 0]
            rows, state = rows[going], state[:, going]
            claim, floor, cap = (x if len(x) == 1 else x[going] for x in (claim, floor, cap))
    return settled


def _spent_and_free(
    level: np.ndarray, claim: Numbers, floor: Numbers, cap: Numbers, awards: np.ndarray, free: np.ndarray
) -> tuple[Numbers, Numbers]:
    """At a level: the sum of the awards, and the sum of the claims that no bound holds; both (B, 1).

    `awards` and `free` are room to work in.
    """
    if exact := is_exact(claim):
        METER.get()(float((lengths(level) * lengths(claim)).sum()))
    if len(claim) == 1 or exact:
        np.multiply(level, claim, out=free)
    else:
        np.einsum("ij,ik->ij", claim, level, out=free)  # the same product, a third faster on many rows
    np.maximum(free, floor, out=awards)
    np.minimum(awards, cap, out=awards)
    np.equal(awards, free, out=free)
    if exact:
        return total(awards), total(claim * free)
    if len(claim) == 1:
        return total(awards), np.einsum("ij,j->i", free, claim[0])[:, None]
    return total(awards), np.einsum("ij,ij->i", claim, free)[:, None]  # not matmul: a dot of many starts threads


def _between(under: Numbers, over: Numbers, level: Numbers) -> Numbers:
    """A level inside the bracket where Newton leaves it: the middle, or twice as far where one side is still open."""
    reach = np.where(level == 0, 1, np.abs(level))
    with np.errstate(invalid="ignore"):
        middle = (under + over) / 2
    return np.where(over == INFINITE, level + reach, np.where(under == -INFINITE, level - reach, middle))


def _nearest_zero(
    level: Numbers, claim: Numbers, bounds: tuple[Numbers, Numbers], at_floor: Truths, at_cap: Truths
) -> Numbers:
    """The level itself; where nobody is free, of all levels that give the same awards the one nearest zero."""
    held = (at_floor | at_cap).all(axis=-1, keepdims=True)
    if not held.any():
        return level
    floor, cap = bounds
    divisor = np.where(claim > 0, claim, 1)
    least = np.where(at_cap & ~at_floor, cap / divisor, -INFINITE).max(axis=-1, keepdims=True)
    most = np.where(at_floor & ~at_cap, floor / divisor, INFINITE).min(axis=-1, keepdims=True)
    return np.where(held, np.minimum(np.maximum(least, 0 * level), most), level)


def largest_remainder(
    pool: Numbers,
    quota: Numbers,
    to: Fraction | float,
    order: Whole,
    groups: Groups | None = None,
    tail: Truths | None = None,
) -> Numbers:
    """Quotas (..., N) rounded to multiples of `to` that add up to the pool: down, then one more by largest remainder.

    `to` is a positive scalar; `order` (N,) is 次序: equal remainders go to the lower. Down is towards minus infinity; a
    quota on the grid never moves. Hamilton's method, with remainders compared as whole billionths of a unit.

    With `tail` (..., N), true for one county of each group, all others are rounded by themselves, halves away from
    zero, and that county takes what they leave of the pool (倒挤).

    Errors: run.pool_off_grid (pool, to, nearest); run.rounding_infeasible (pool, low, high, gap, side, rows; the first
    such scenario of each group) unless sum of quotas down <= pool <= sum of quotas up; run.tail_absent,
    run.tail_twice (rows); run.tail_negative (award, quota, rows) where the tail takes a quota of 0 or more below zero.
    """
    pool, quota = at_least_1d(pool), at_least_1d(quota)
    if is_exact(quota) and not in_quotients(quota):
        given = in_columns(pool if is_exact(pool) else each(Fraction, pool)), in_columns(quota)
        return largest_remainder(*given, to, order, groups, tail).astype(object)
    times, over = in_units(to, is_exact(quota))
    shape = np.broadcast_shapes(pool.shape, quota.shape)
    wanted, quota = (wide(snap(scaled(x, times, over)), shape) for x in (pool, quota))
    near = round_half_away(wanted)
    refuse_marked("run.pool_off_grid", wanted != near, pool=pool, to=over / times, nearest=scaled(near, over, times))
    parts: list[tuple[Groups | slice, Numbers]] = []
    lost = np.zeros(shape[:-1], bool)
    problems: list[Problem] = []
    for members in members_of(groups):
        down, inside = floor_units(quota[..., members]), wanted[..., members][..., :1]
        rest = billionths(quota[..., members], down)
        least, most = total(down), total(down) + (rest > 0).sum(axis=-1, keepdims=True)
        had, low, high = (scaled(x, over, times) for x in (inside, least, most))
        rows = np.arange(shape[-1])[members]
        beyond, bad = outside("run.rounding_infeasible", ("low", "high"), had, low, high, rows)
        problems, lost = problems + beyond, lost | bad[..., 0]
        if problems:
            continue
        if tail is None:
            parts.append((members, down + _one_more(rest, (inside - least).astype(np.int64), order[members])))
        else:
            named = np.broadcast_to(tail, shape)[..., members]
            parts.append((members, _tail_takes_the_rest(inside, quota[..., members], named, rows)))
    if problems:
        raise AllocationError(problems, lost)
    units = by_group(parts, shape[-1])
    awards = scaled(units, over, times)
    if tail is not None:
        _refuse_negative(tail & (units < 0) & (quota >= 0), awards, scaled(quota, over, times), pool)
    return awards


def _tail_takes_the_rest(pool: Numbers, quota: Numbers, tail: Truths, rows: Groups) -> Numbers:
    """Whole units (..., N): all quotas rounded but that of `tail`, which gets what they leave of the pool (..., 1)."""
    named = tail.sum(axis=-1, keepdims=True)
    for id, wrong, those in (("run.tail_absent", named == 0, ~tail), ("run.tail_twice", named > 1, tail)):
        if wrong.any():
            whom = rows[(those & wrong).reshape(-1, len(rows)).any(axis=0)]
            raise AllocationError(problem_of(id, whom), np.asarray(wrong[..., 0]))
    near = round_half_away(quota)
    left = pool - total(np.where(tail, 0 * near, near))
    return np.where(tail, left, near)


def _refuse_negative(below: Truths, awards: Numbers, quota: Numbers, pool: Numbers) -> None:
    """What the others leave below zero of a quota that is not: one problem for each county (one a group)."""
    if below.any():
        figures = {"award": awards, "quota": quota, "pool": pool, "others": pool - awards, "gap": -awards}
        first = {name: np.broadcast_to(x, below.shape)[below] for name, x in figures.items()}
        rows = np.broadcast_to(np.arange(below.shape[-1]), below.shape)[below]
        problems = {
            int(row): problem_of("run.tail_negative", row[None], **{name: plain(x[at]) for name, x in first.items()})
            for at, row in reversed([*enumerate(rows)])
        }
        raise AllocationError([problems[row] for row in sorted(problems)], np.asarray(below.any(axis=-1)))


def _one_more(rest: Whole, left: Whole, order: Whole) -> Truths:
    """True for the `left` (..., 1) counties with the largest rest, ties to the lower order; shape of rest."""
    count = rest.shape[-1]
    key = rest * count + (count - 1 - np.argsort(np.argsort(order)))
    least = np.take_along_axis(np.sort(key, axis=-1), np.minimum(count - left, count - 1), -1)
    larger: Truths = (key >= least) & (left > 0)
    return larger


def fill(pool: Numbers, need: Numbers, rank: Numbers, order: Whole, groups: Groups | None = None) -> Numbers:
    """min(need, max(0, pool - needs served earlier)), shape (..., N): the pool serves needs until it is spent.

    `rank` (..., N) is served in ascending order, equal ranks by `order` (N,), 次序. What remains of the pool is kept.
    """
    pool, need, rank = (at_least_1d(x) for x in (pool, need, rank))
    refuse_marked("run.negative_need", need < 0)
    shape = np.broadcast_shapes(pool.shape, need.shape, rank.shape)
    pool, need, rank = (wide(x, shape) for x in (pool, need, rank))
    parts: list[tuple[Groups | slice, Numbers]] = []
    for members in members_of(groups):
        by_order = np.argsort(order[members])
        ranks = ranked(rank[..., members][..., by_order])
        turn = by_order[np.argsort(ranks, axis=-1, kind="stable")]
        served = np.take_along_axis(need[..., members], turn, -1)
        left = pool[..., members] - (np.cumsum(served, axis=-1) - served)
        given = np.minimum(served, np.maximum(left, 0 * left))
        parts.append((members, np.take_along_axis(given, np.argsort(turn, axis=-1), -1)))
    return by_group(parts, shape[-1])


def _filled(bound: Numbers, instead: Fraction | float) -> Numbers:
    """A bound with its missing values (None, NaN) replaced; the bound itself where it has none."""
    missing: Truths = each(_is_none, bound).astype(bool) if is_exact(bound) else np.isnan(bound)
    return np.where(missing, np.asarray(instead), bound) if missing.any() else bound


def _is_none(value: object) -> bool:
    return value is None


def _height(figures: Sequence[Numbers]) -> int:
    """Scenarios whose figures, with two arrays to work in, fit the cache beside what all have in common."""
    width: int
    width, apart = max(1, figures[0].shape[1]), sum(len(x) > 1 for x in figures)
    return max(1, (CACHE // width - len(figures) + apart) // (2 + apart))


def _blocks(count: int, figures: Sequence[Numbers]) -> Iterator[slice]:
    height = _height(figures)
    return (slice(start, start + height) for start in range(0, count, height))


def _room(count: int, figures: Sequence[Numbers]) -> np.ndarray:
    """Two arrays (2, B, N) that every block works in: memory asked for anew is slower than what is done in it."""
    exact = any(map(is_exact, figures))
    return np.empty((2, min(count, _height(figures)), figures[0].shape[1]), object if exact else float)
