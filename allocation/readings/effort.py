"""Exact figures grow: a run whose next step would take their size past all use is stopped before it is taken."""

from __future__ import annotations

from allocation.errors import AllocationError, Problem
from allocation.files.limits import EFFORT, EFFORT_EACH, FIGURE_BITS


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
