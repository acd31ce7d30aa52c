"""Exact figures grow: a run whose next step would take their size past all use is stopped before it is taken."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from allocation.errors import AllocationError, Problem
from allocation.limits import EFFORT, EFFORT_EACH, FIGURE_BITS

if TYPE_CHECKING:
    from allocation.readings.numbers import Evaluator

_TOP, _BOTTOM = attrgetter("numerator"), attrgetter("denominator")


def lengths(data: np.ndarray) -> np.ndarray:
    """The bits of every figure, above and below its fraction line."""
    flat = data.ravel().tolist()
    sizes = [np.fromiter(map(int.bit_length, map(part, flat)), float, len(flat)) for part in (_TOP, _BOTTOM)]
    return (sizes[0] + sizes[1]).reshape(data.shape)


def weigh(ev: Evaluator, left: np.ndarray, right: np.ndarray) -> None:
    """Before two exact operands meet: what that costs goes with the product of their lengths.

    AllocationError where a figure would pass FIGURE_BITS, or the run its effort.
    """
    if not ev.exact:
        return
    one, other = lengths(left), lengths(right)
    ev.effort += float((one * other).sum())
    long = one + other > FIGURE_BITS
    if long.any():
        ev.refuse("run.too_long", long, most=FIGURE_BITS)
    if ev.effort > min(EFFORT, EFFORT_EACH * len(ev.table)):
        raise AllocationError(Problem("run.too_long", {"most": FIGURE_BITS}))
