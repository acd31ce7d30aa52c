"""Exact figures grow: a run whose next step would take their size past all use is stopped before it is taken."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import length, lengths
from allocation.errors import AllocationError, Problem
from allocation.files.limits import EFFORT, EFFORT_EACH, FIGURE_BITS

if TYPE_CHECKING:
    from allocation.readings.evaluation import Evaluation


class Effort:
    """What exact figures have cost so far in one period of `runs` runs; scenarios looked at apart spend of the same."""

    def __init__(self, counties: int, runs: int):
        self.most = min(EFFORT, EFFORT_EACH * counties) * runs
        self.spent = 0.0

    def spend(self, cost: float) -> None:
        """AllocationError where the run passes its effort, or a batch that of all its runs."""
        self.spent += cost
        if self.spent > self.most:
            raise AllocationError(Problem("run.too_long", {"most": FIGURE_BITS}))


def weigh(ev: Evaluation, left: np.ndarray, right: np.ndarray) -> None:
    """Before two exact operands meet: what that costs goes with the product of their lengths.

    AllocationError where a figure would pass FIGURE_BITS, or the run its effort.
    """
    if not ev.exact:
        return
    bits, others = length(left), length(right)
    if bits + others > FIGURE_BITS:
        long = lengths(left) + lengths(right) > FIGURE_BITS
        ev.refuse("run.too_long", long, most=FIGURE_BITS)
    ev.effort.spend(float(bits * others) * math.prod(np.broadcast_shapes(left.shape, right.shape)))
