"""What every allocator gives and refuses: shares with who is at a bound, problems that know counties by their rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import numbers, plain, wide
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.texts import both, shortened

if TYPE_CHECKING:
    from allocation.arrays import Groups, Numbers, Truths

FEASIBLE = 1e-12  # a float pool this close, relatively, to the sum of its floors or caps counts as equal to it
ROUNDING = 4e-15  # relative error that a float sum over a few thousand counties can carry
SAMPLE = 32  # every how manieth county large batches are first tried on


@dataclass(frozen=True)
class Bounded:
    """`awards` (..., N); their `level` t (..., 1), or (..., N) with groups; whose award equals a bound (..., N)."""

    awards: Numbers
    level: Numbers
    at_floor: Truths
    at_cap: Truths


@dataclass(frozen=True)
class Blanked:
    """A bound (..., N) of exact figures, and where it is blank: no bound at all."""

    figures: Numbers
    missing: Truths


def at_least_1d(x: Numbers | Fraction | float) -> Numbers:
    figures = numbers(x)
    return figures if figures.ndim else figures.reshape(1)


def flat_over(x: Numbers, lead: Sequence[int], width: int) -> Numbers:
    """x as (S, width) over all leading axes, or (1, width) where it is the same in every scenario."""
    lead = lead if math.prod(x.shape[:-1]) > 1 else ()
    figures: np.ndarray = wide(x, (*lead, width) if lead else (*x.shape[:-1], width))
    return figures.reshape(-1, width)


def outside(
    id: str,
    names: tuple[str, str],
    pool: Numbers,
    low: Numbers,
    high: Numbers,
    rows: Groups,
    slack: float = 0,
) -> tuple[list[Problem], Truths]:
    """The first scenario whose pool lies outside [low, high], by more than `slack` relatively; which do (..., 1)."""
    pool, low, high = np.broadcast_arrays(pool, low, high)
    noise = slack * (np.abs(pool) + np.abs(low))
    bad: Truths = ~((low - noise <= pool) & (pool <= high + noise))
    if not bad.any():
        return [], bad
    had, least, most = (plain(x[bad][0]) for x in (pool, low, high))
    side, gap = ("cap", had - most) if had > most else ("floor", least - had)
    cap = both("run.no_cap") if most == math.inf else most
    slots = {"pool": had, names[0]: least, names[1]: cap, "gap": gap, "side": side}
    return [problem_of(id, rows, **slots)], bad


def refuse_marked(id: str, marked: Truths, **slots: Numbers | Fraction | float) -> None:
    """Refuses the counties marked in any scenario; array slots give their value at the first one."""
    if marked.any():
        rows = np.flatnonzero(marked.any(axis=tuple(range(marked.ndim - 1))))
        first = {
            name: plain(np.broadcast_to(np.asarray(value), marked.shape)[marked][0]) for name, value in slots.items()
        }
        raise AllocationError(problem_of(id, rows, **first), np.asarray(marked.any(axis=-1)))


def problem_of(id: str, rows: Groups, **slots: object) -> Problem:
    places = [int(row) for row in rows]
    return Problem(id, {**slots, "rows": places, "counties": shortened(places, 10)})
