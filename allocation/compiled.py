"""Bounded shares in machine code, where Numba is installed (`allocation[fast]`) and has paid for its start.

Same awards as `allocators.bounded_share` in float64, but for the last bits of sums taken in another order. What is
refused, or not finite, is left to it: it alone says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from allocation.allotting import FEASIBLE, ROUNDING, SAMPLE, Bounded

if TYPE_CHECKING:
    from allocation.arrays import Numbers, Truths
    from allocation.floats import Floats

PAYS = 20_000_000  # cells shared without it: that took about as long as what was compiled before takes to load
ANYWHERE = 1e300  # the slack of a pool that may lie where it will
BLOCK = 32_768  # cells worked on at a time: their figures stay beside the processor
# The cells of all that is worked out in parts, by whatever processes: each part is to end in the same last bits.
_WHOLE: ContextVar[int | None] = ContextVar("_WHOLE", default=None)


@contextmanager
def part_of(cells: int) -> Iterator[None]:
    """What is shared here is part of so many cells, and is shared as all of them are."""
    whole = _WHOLE.set(cells)
    try:
        yield
    finally:
        _WHOLE.reset(whole)


class Compiler:
    """Counts the work until it pays to compile; then compiles, once."""

    def __init__(self) -> None:
        self.cells = 0
        self.kernels: Kernels | None = None
        self.tried = False
        self.compiling = Lock()

    def asked(self, cells: int) -> Kernels | None:
        """The kernels for so many cells more; None while it does not pay, or where there is none."""
        whole = _WHOLE.get()
        if whole is None:
            self.cells += cells
        elif whole < PAYS:
            return None
        if not self.tried and (whole or self.cells) >= PAYS:
            with self.compiling:  # other threads wait for it
                if not self.tried:
                    self.kernels, self.tried = compiled(), True
        return self.kernels


COMPILER = Compiler()


def compiler_version() -> list[str]:
    """What compiles here; empty where nothing does."""
    if find_spec("numba") is None:
        return []
    from importlib.metadata import version

    return [f"Numba {version('numba')}"]


def compiled() -> Kernels | None:
    """None where Numba is not installed, or does not work here: what it would save is only time."""
    if find_spec("numba") is None:
        return None
    for kept in (True, False):  # where nothing can be written, it is compiled for this process alone
        try:
            return _compiled(kept)
        except Exception:  # noqa: S112  # whatever a foreign compiler raises
            continue
    return None


def _compiled(kept: bool) -> Kernels:
    import numba
    from numba import types

    given, room = types.Array(types.float64, 2, "C", readonly=True), types.Array(types.float64, 2, "C")
    truths, sums_in_any_order = types.Array(types.boolean, 2, "C"), {"reassoc", "nsz"}

    def made(function: Callable[..., object], signature: object, fastmath: set[str]) -> Any:
        return numba.njit([signature], cache=kept, error_model="numpy", fastmath=fastmath)(function)

    return Kernels(
        made(_bounds, types.boolean(given, given, given, room, room, room), sums_in_any_order),
        made(_levels, types.boolean(*[given] * 5, room, types.float64, types.float64), sums_in_any_order | {"nnan"}),
        made(_awards, types.void(room, given, given, given, room, truths, truths), {"nsz", "nnan"}),
    )


class Kernels(NamedTuple):
    """What is compiled, of arrays (S or 1, N), pools and levels (S, 1), sums (S or 1, 3)."""

    bounds: Callable[..., bool]
    levels: Callable[..., bool]
    awards: Callable[..., None]

    def share(self, pool: Numbers, figures: Sequence[Numbers], into: Bounded) -> bool:
        """Shares `pool` (S, 1) by claim, floor and cap (S or 1, N) into what is given; false where it must not."""
        pools, given = _in_a_row(pool), [_in_a_row(x) for x in figures]
        if not np.isfinite(pools).all():
            return False
        width = into.awards.shape[1]
        height, alike = max(1, BLOCK // max(1, width)), all(len(x) == 1 for x in given)
        room = np.empty((2, 1 if alike else height, width))
        ready: Ready | None = None
        for block in (slice(start, start + height) for start in range(0, len(pools), height)):
            if ready is None or not alike:
                ready = self._ready([x if len(x) == 1 else x[block] for x in given], room)
                few = (
                    self._few(ready) if ready and alike else None
                )  # once for all scenarios, else it costs what it saves
            if ready is None:
                return False
            level = self._first_guess(pools[block], ready, few)
            if not self.levels(pools[block], *ready, level, FEASIBLE / 2, ROUNDING):
                return False
            outcome = into.awards[block], into.at_floor[block], into.at_cap[block]
            self.awards(level, ready.claim, ready.low, ready.high, *outcome)
            into.level[block] = level
        return True

    def _ready(self, figures: Sequence[Floats], room: Floats) -> Ready | None:
        """None where something is to be refused, or is not finite."""
        claim, floor, cap = figures
        rows = max(map(len, figures))
        ready = Ready(claim, room[0, :rows], room[1, :rows], np.empty((rows, 3)))
        sound = self.bounds(claim, floor, cap, ready.low, ready.high, ready.sums)
        return ready if sound and np.isfinite(ready.sums[:, ::2]).all() else None

    def _few(self, ready: Ready) -> Ready | None:
        """Every 32nd county alone, of many."""
        if ready.claim.shape[1] < SAMPLE**2:
            return None
        figures = [np.ascontiguousarray(x[:, ::SAMPLE]) for x in (ready.claim, ready.low, ready.high)]
        return self._ready(figures, np.empty((2, len(ready.low), figures[0].shape[1])))

    def _first_guess(self, pool: Floats, ready: Ready, few: Ready | None) -> Floats:
        """Levels as if nobody were at a bound; of many counties, as a few of them have it, which saves passes."""
        level: Floats = pool / np.where(ready.sums[:, 2:] == 0, 1, ready.sums[:, 2:])
        if few is not None:
            share = few.claim.shape[1] / ready.claim.shape[1]
            self.levels(pool * share, *few, level, ANYWHERE, 0.01)
        return level


def _in_a_row(x: Numbers) -> Floats:
    return np.ascontiguousarray(x, np.float64)


class Ready(NamedTuple):
    """Claims and bounds without blanks, the cap being the floor where nothing is claimed.

    `sums` of floors, caps, claims (S or 1, 3).
    """

    claim: Floats
    low: Floats
    high: Floats
    sums: Floats


def _bounds(
    claim: Floats, floor: Floats, cap: Floats, low: Floats, high: Floats, sums: Floats
) -> bool:  # pragma: no cover  # measured as machine code
    """`low`, `high` and `sums` as `Ready` has them; false where a claim is negative, a floor above its cap."""
    for row in range(low.shape[0]):
        at, low_at, high_at = row % claim.shape[0], row % floor.shape[0], row % cap.shape[0]
        floors, caps, claims, wrong = 0.0, 0.0, 0.0, 0
        for county in range(low.shape[1]):
            weight, least, most = claim[at, county], floor[low_at, county], cap[high_at, county]
            least = least if least == least else 0.0
            most = most if most == most else np.inf
            wrong += 0 if weight >= 0 and least <= most else 1
            most = most if weight > 0 else least
            low[row, county], high[row, county] = least, most
            floors += least
            caps += most
            claims += weight
        if wrong:
            return False
        sums[row, 0], sums[row, 1], sums[row, 2] = floors, caps, claims
    return True


def _levels(
    pool: Floats, claim: Floats, low: Floats, high: Floats, sums: Floats, level: Floats, slack: float, tolerance: float
) -> bool:  # pragma: no cover  # measured as machine code
    """`level` from a first guess to that at which clip(level x claim, low, high) adds up to the pool.

    Newton on the set of counties at a bound, kept in a bracket. False where a pool is outside all bounds by more than
    `slack`, relatively.
    """
    for row in range(level.shape[0]):
        at, bounds_at = row % claim.shape[0], row % low.shape[0]
        floors, caps = sums[bounds_at, 0], sums[bounds_at, 1]
        noise = slack * (abs(pool[row, 0]) + abs(floors))
        if not floors - noise <= pool[row, 0] <= caps + noise:
            return False
        amount = min(max(pool[row, 0], floors), caps)
        noise = tolerance * (abs(amount) + abs(floors))
        guess, under, over = level[row, 0], -np.inf, np.inf
        while True:
            spent, free = 0.0, 0.0
            for county in range(claim.shape[1]):
                wanted = guess * claim[at, county]
                award = max(wanted, low[bounds_at, county])
                award = min(award, high[bounds_at, county])
                spent += award
                free += claim[at, county] if award == wanted else 0.0
            gap = amount - spent
            if abs(gap) <= noise:
                break
            if gap > 0:
                under = guess
            else:
                over = guess
            step = guess + gap / free if free != 0 else under
            if not under < step < over:
                reach = 1.0 if guess == 0 else abs(guess)
                step = guess + reach if over == np.inf else guess - reach if under == -np.inf else (under + over) / 2
                if not under < step < over:
                    break
            guess = step
        level[row, 0] = guess
    return True


def _awards(
    level: Floats, claim: Floats, low: Floats, high: Floats, awards: Floats, at_floor: Truths, at_cap: Truths
) -> None:  # pragma: no cover  # measured as machine code
    """What everybody gets at a level.

    Where all are at a bound, the level becomes, of those that give the same awards, the one nearest zero.
    """
    for row in range(awards.shape[0]):
        at, bounds_at, held = row % claim.shape[0], row % low.shape[0], 0
        for county in range(awards.shape[1]):
            least, most = low[bounds_at, county], high[bounds_at, county]
            award = min(max(level[row, 0] * claim[at, county], least), most)
            awards[row, county] = award
            at_floor[row, county] = award == least
            at_cap[row, county] = award == most
            held += 0 if least < award < most else 1
        if held < awards.shape[1]:
            continue
        nearest, most = 0.0, np.inf
        for county in range(awards.shape[1]):
            weight = claim[at, county] if claim[at, county] > 0 else 1.0
            if at_cap[row, county] and not at_floor[row, county]:
                nearest = max(nearest, high[bounds_at, county] / weight)
            if at_floor[row, county] and not at_cap[row, county]:
                most = min(most, low[bounds_at, county] / weight)
        level[row, 0] = min(nearest, most)
