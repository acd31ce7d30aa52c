"""Before two exact operands meet: how long their figures are, and what that costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import length, lengths
from allocation.files.limits import FIGURE_BITS

if TYPE_CHECKING:
    from allocation.readings.evaluation import Evaluation


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
