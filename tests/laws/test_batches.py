"""Many scenarios at once come to what each comes to alone, whichever of pool, claims and bounds they share."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from allocation.allocators import bounded_share

COUNTIES = 5


def figures(kind, scenarios: int, low: int, high: int, seed: int, width: int = COUNTIES) -> np.ndarray:
    drawn = np.random.default_rng(seed).integers(low, high, (scenarios, width))
    return np.array([[kind(int(value)) for value in row] for row in drawn], object if kind is Fraction else float)


@pytest.mark.parametrize("kind", [Fraction, float])
@pytest.mark.parametrize("shared", ["pool", "claim", "floor", "cap", "pool floor cap", "claim floor", "none"])
def test_a_batch_that_shares_some_of_its_figures_is_the_single_runs_side_by_side(kind, shared):
    count = {name: 1 if name in shared.split() else 4 for name in ("pool", "claim", "floor", "cap")}
    pool = figures(kind, count["pool"], 400, 600, 1, 1)
    claim = figures(kind, count["claim"], 1, 90, 2)
    floor, cap = figures(kind, count["floor"], 0, 60, 3), figures(kind, count["cap"], 150, 300, 4)
    batch = bounded_share(pool, claim, floor, cap)
    for row in range(4):
        single = bounded_share(*(x[row if len(x) > 1 else 0][None] for x in (pool, claim, floor, cap)))
        alone = single.awards[0]
        assert list(batch.awards[row]) == (list(alone) if kind is Fraction else pytest.approx(alone))
