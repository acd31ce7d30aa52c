"""Bounded shares in machine code, where Numba is installed (`allocation[fast]`) and has paid for its start.

Same awards as `allocators.bounded_share` in float64, but for the last bits of sums taken in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from allocation.floats import Floats

PAYS = 20_000_000  # cells shared without it: that took about as long as what was compiled before takes to load
Kernel = Callable[["Floats", "Floats", "Floats", "Floats", "Floats", float], None]
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
        self.kernel: Kernel | None = None
        self.tried = False
        self.compiling = Lock()

    def asked(self, cells: int) -> Kernel | None:
        """The kernel for so many cells more; None while it does not pay, or where there is none."""
        whole = _WHOLE.get()
        if whole is None:
            self.cells += cells
        elif whole < PAYS:
            return None
        if not self.tried and (whole or self.cells) >= PAYS:
            with self.compiling:  # other threads wait for it
                if not self.tried:
                    self.kernel, self.tried = compiled(), True
        return self.kernel


COMPILER = Compiler()


def compiler_version() -> list[str]:
    """What compiles here; empty where nothing does."""
    if find_spec("numba") is None:
        return []
    from importlib.metadata import version

    return [f"Numba {version('numba')}"]


def compiled() -> Kernel | None:
    """None where Numba is not installed, or does not work here: what it would save is only time."""
    if find_spec("numba") is None:
        return None
    for kept in (True, False):  # where nothing can be written, it is compiled for this process alone
        try:
            return _compiled(kept)
        except Exception:  # noqa: S112  # whatever a foreign compiler raises
            continue
    return None


def _compiled(kept: bool) -> Kernel:
    import numba
    from numba import types

    given, level = types.Array(types.float64, 2, "C", readonly=True), types.Array(types.float64, 2, "C")
    signature = types.void(given, given, given, given, level, types.float64)
    sums_in_any_order = {"reassoc", "nsz", "nnan"}
    kernel: Kernel = numba.njit([signature], cache=kept, error_model="numpy", fastmath=sums_in_any_order)(_levels)
    return kernel


def _levels(
    pool: Floats, claim: Floats, floor: Floats, cap: Floats, level: Floats, tolerance: float
) -> None:  # pragma: no cover  # measured as machine code
    """`level` (S, 1) from a first guess to that at which clip(level x claim, floor, cap) adds up to the pool (S, 1).

    Newton on the set of counties at a bound, kept in a bracket. claim, floor and cap are (S or 1, N).
    """
    for row in range(level.shape[0]):
        at, low_at, high_at = row % claim.shape[0], row % floor.shape[0], row % cap.shape[0]
        floors = 0.0
        for county in range(claim.shape[1]):
            floors += floor[low_at, county]
        noise = tolerance * (abs(pool[row, 0]) + abs(floors))
        guess, under, over = level[row, 0], -np.inf, np.inf
        while True:
            spent, free = 0.0, 0.0
            for county in range(claim.shape[1]):
                wanted = guess * claim[at, county]
                low, high = floor[low_at, county], cap[high_at, county]
                award = low if wanted < low else wanted
                award = high if award > high else award
                spent += award
                free += claim[at, county] if award == wanted else 0.0
            gap = pool[row, 0] - spent
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
