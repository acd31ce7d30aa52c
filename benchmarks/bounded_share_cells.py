"""A bounded share, in nanoseconds a cell, beside what people write by hand: a root a row (SciPy's brentq), the sorted
breakpoints, the rows clipped again and again in pandas; and beside one pass of a triad over the same memory.

Lognormal claims, floors and caps that bind for a third of the cells each; claims the same in all scenarios, or each
scenario's own. Every peer is held to the same awards before it is timed. Processor time, the least of some runs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from allocation.allocators import bounded_share

SHAPES = ((7, 20_000), (100, 2_000), (2_850, 100), (35_000, 10))  # counties, scenarios
PEER_ROWS = 200  # peers work row by row: so many are timed


def hard_figures(counties: int, scenarios: int, shared: bool) -> tuple[np.ndarray, ...]:
    """pool (S, 1), claim, floor and cap (1 or S, N)."""
    chance = np.random.default_rng(counties)
    rows = 1 if shared else scenarios
    claim = chance.lognormal(0, 1, (rows, counties))
    floor = claim.mean(axis=1, keepdims=True) * chance.uniform(0.3, 0.7, (rows, counties))
    cap = floor + claim.mean(axis=1, keepdims=True) * chance.uniform(0.2, 0.9, (rows, counties))
    between = chance.uniform(0.2, 0.8, (scenarios, 1))
    return (
        floor.sum(axis=1, keepdims=True) * (1 - between) + cap.sum(axis=1, keepdims=True) * between,
        claim,
        floor,
        cap,
    )


def by_root(pool, claim, floor, cap) -> np.ndarray:
    from scipy.optimize import brentq

    most = (cap / claim).max() + 1
    return np.clip(brentq(lambda t: np.clip(t * claim, floor, cap).sum() - pool, 0, most) * claim, floor, cap)


def by_breakpoints(pool, claim, floor, cap) -> np.ndarray:
    points = np.concatenate([floor / claim, cap / claim])
    order = np.argsort(points)
    slopes = np.cumsum(np.concatenate([claim, -claim])[order])
    spent = floor.sum() + np.concatenate([[0], np.cumsum(np.diff(points[order]) * slopes[:-1])])
    at = np.searchsorted(spent, pool) - 1
    level = points[order][at] + (pool - spent[at]) / slopes[at]
    return np.clip(level * claim, floor, cap)


def by_pandas(pool, claim, floor, cap) -> np.ndarray:
    """What is left of the pool shared again among those inside their bounds, until nobody is pushed out."""
    import pandas as pd

    frame = pd.DataFrame({"claim": claim, "floor": floor, "cap": cap})
    low, high = 0.0, float((frame["cap"] / frame["claim"]).max()) + 1
    for _ in range(60):
        level = (low + high) / 2
        award = (frame["claim"] * level).clip(frame["floor"], frame["cap"])
        low, high = (level, high) if award.sum() < pool else (low, level)
    return award.to_numpy()


def least(work: Callable[[], object], rounds: int = 5) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def measure(counties: int, scenarios: int, shared: bool) -> dict[str, float]:
    """Nanoseconds a cell by method."""
    figures = hard_figures(counties, scenarios, shared)
    rows = [[x[at if len(x) > 1 else 0] for x in figures] for at in range(min(scenarios, PEER_ROWS))]
    shares = bounded_share(*figures)
    bound = shares.at_floor.mean(), shares.at_cap.mean()
    assert min(bound) > 0.1, bound
    times = {"ours": least(lambda: bounded_share(*figures)) / (counties * scenarios)}
    for method in (by_root, by_breakpoints, by_pandas):
        some = rows if method is not by_pandas else rows[:10]
        for place, (pool, *row) in enumerate(some):
            assert np.allclose(method(pool[0], *row), shares.awards[place], rtol=1e-9, atol=1e-9), method
        times[method.__name__] = least(lambda: [method(p[0], *r) for p, *r in some], 2) / (counties * len(some))  # noqa: B023
    room = np.empty((scenarios, counties))
    other, third = np.ones_like(room), np.full_like(room, 2.0)
    times["triad"] = least(lambda: np.add(np.multiply(third, 1.5, out=room), other, out=room)) / room.size
    return {name: seconds * 1e9 for name, seconds in times.items()}


def main(small: bool = False) -> None:
    for counties, scenarios in SHAPES[:2] if small else SHAPES:
        for shared in (True, False):
            times = measure(counties, scenarios // (20 if small else 1), shared)
            said = ", ".join(f"{name} {figure:.1f}" for name, figure in times.items())
            print(f"{counties:,} x {scenarios:,}, claims {'shared' if shared else 'apart'}: {said} ns a cell")


if __name__ == "__main__":
    main(*(word == "small" for word in sys.argv[1:]))
