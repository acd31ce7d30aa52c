"""A pool shared between bounds in columns of exact figures: certified at one level, in Fractions only where not."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from allocation.allotting import Blanked, Bounded, at_least_1d, flat_over, outside, refuse_marked
from allocation.arrays import INFINITE, by_group, each, members_of, total
from allocation.errors import AllocationError, Problem
from allocation.exact.cells import UNDECIDED
from allocation.exact.quotients import Quotients, joined, quotients, where
from allocation.exact.quotients import total as exact_total
from allocation.exact.sharing import Bounds, certified

if TYPE_CHECKING:
    from allocation.arrays import Groups, Truths

    Plainly = Callable[..., Bounded]  # of pool, claim, floor and cap as plain arrays


def share_exactly(pool: Any, claim: Any, floor: Any, cap: Any, groups: Groups | None, plainly: Plainly) -> Bounded:
    """As `bounded_share`: the level is certified at once; `plainly` shares floats, and Fractions where that fails."""
    (low, _), (high, open_) = _without_blanks(floor), _without_blanks(cap)
    given: list[Any] = [x if x.ndim else x.reshape(1) for x in (quotients(y, 1) for y in (pool, claim, low, high))]
    *lead, width = np.broadcast_shapes(open_.shape, *(x.shape for x in given))
    flat: list[Any] = [flat_over(x, lead, width) for x in (*given, open_)]
    pools, claims, low, high, uncapped = flat
    refuse_marked("run.negative_claim", given[1] < 0)
    refuse_marked("run.floor_above_cap", (given[2] > given[3]) & ~open_)
    parts: list[tuple[Groups | slice, Bounded]] = []
    problems: list[Problem] = []
    lost = np.zeros(math.prod(lead), bool)
    for members in members_of(groups):
        pool, claim = pools[:, members][:, :1], claims[:, members]
        bounds = [x[:, members] for x in (low, high, uncapped)]
        idle = claim == 0
        if idle.any():  # a zero claim stays at its floor
            bounds[1:] = where(idle, bounds[0], bounds[1]), bounds[2] & ~idle
        faults, bad = _infeasible(pool, Bounds(*bounds), np.arange(width)[members])
        problems, lost = problems + faults, lost | bad[:, 0]
        if not problems:
            parts.append((members, _shared(pool, claim, Bounds(*bounds), plainly)))
    if problems:
        raise AllocationError(problems, lost.reshape(lead))
    sides = [[(members, getattr(shared, side.name)) for members, shared in parts] for side in fields(Bounded)]
    whole: list[Any] = [by_group(side, width) for side in sides]
    return Bounded(*(x.reshape(*lead, x.shape[-1]) for x in whole))


def _infeasible(pool: Any, bounds: Bounds, rows: Groups) -> tuple[list[Problem], Truths]:
    """As `outside`, of a pool between all floors and all caps."""
    open_ = bounds.uncapped.any(axis=-1, keepdims=True)
    least, most = exact_total(bounds.floor), exact_total(where(bounds.uncapped, quotients(0, 2), bounds.cap))
    if ((pool >= least) & (open_ | (pool <= most))).all():
        return [], np.zeros((1, 1), bool)
    sums = np.where(open_, INFINITE, most.exactly())
    return outside("run.infeasible", ("floors", "caps"), pool.exactly(), least.exactly(), sums, rows)


def _shared(pool: Any, claim: Any, bounds: Bounds, plainly: Plainly) -> Bounded:
    """A pool that can be shared, shared; scenarios whose level is not certain at once are worked out in Fractions."""
    uncapped: Any = bounds.uncapped
    floats = [x.astype(float) for x in (pool, claim, bounds.floor, bounds.cap)]
    guess = _guessed([*floats[:3], np.where(uncapped, INFINITE, floats[3])], plainly)
    shared: Any = certified(pool, claim, bounds, guess)
    if shared.sure.all():
        return Bounded(shared.awards, shared.level, shared.at_floor, shared.at_cap)
    sure = np.broadcast_to(shared.sure, (len(shared.awards), 1))[:, 0]
    rows = np.flatnonzero(~sure)
    for _ in rows:
        UNDECIDED.get()()
    few: list[Any] = [x if len(x) == 1 else x[rows] for x in (pool, claim, bounds.floor, bounds.cap, uncapped)]
    fractions = [np.broadcast_to(x.exactly(), (len(rows), x.shape[-1])) for x in few[:4]]
    slow = plainly(*fractions[:3], np.where(few[4], INFINITE, fractions[3]))
    back = np.argsort(np.concatenate([np.flatnonzero(sure), rows]))
    both: tuple[tuple[Any, Any], ...] = (shared.awards, slow.awards), (shared.level, slow.level)
    awards, level = (joined([known[sure], quotients(told)])[back] for known, told in both)
    at_cap: Truths = ~uncapped & (awards == bounds.cap)
    return Bounded(awards, level, awards == bounds.floor, at_cap)


def _guessed(figures: Sequence[Any], plainly: Plainly) -> np.ndarray:
    """Levels in floats, near enough for most; where floats see no answer, as if nobody were at a bound."""
    pool, claim, *_ = figures
    with np.errstate(invalid="ignore", over="ignore"):
        try:
            return np.asarray(plainly(*figures).level)
        except AllocationError:
            claims = total(claim)
            return np.asarray(pool / np.where(claims == 0, 1, claims))


def _without_blanks(bound: Any) -> tuple[Any, Truths]:
    """A bound with 0 where it has no figure, and where that is."""
    if bound is None:
        return quotients(0, 1), np.ones((1,), bool)
    if isinstance(bound, Blanked):
        return where(bound.missing, quotients(0, 2), bound.figures), bound.missing
    if isinstance(bound, Quotients):
        return bound, np.zeros((1,) * bound.ndim, bool)
    given = at_least_1d(bound)
    blank: Truths = each(lambda v: v is None or v == INFINITE or v != v, given).astype(bool)
    return quotients(np.where(blank, np.asarray(Fraction(0)), given.astype(object)), 1), blank
