"""bounded_share at 1,000 scenarios x 2,850 counties against three plain passes of np.clip(t * claim, floor, cap).

Run: python benchmarks/bounded_share.py. Prints the fastest of several interleaved repeats of each, and their ratio; the
promise is a ratio of at most 2. `shared` means the claims and bounds are the same in every scenario, shape (1, N).
"""

from time import perf_counter

import numpy as np

from allocation.allocators import bounded_share

SCENARIOS, COUNTIES, REPEATS = 1000, 2850, 7


def figures(shared: bool, rng: np.random.Generator):
    """pool (S, 1) varying by scenario, claim, floor, cap; floors and caps bind for some in each."""
    shape = (1 if shared else SCENARIOS, COUNTIES)
    claim = rng.lognormal(0, 1, shape)
    floor = rng.uniform(0, 0.4, shape)
    cap = floor + rng.uniform(0.5, 3, shape)
    return rng.uniform(0.8, 1.4, (SCENARIOS, 1)) * COUNTIES, claim, floor, cap


def seconds(work) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def measure(shared: bool) -> None:
    pool, claim, floor, cap = figures(shared, np.random.default_rng(7))
    found = bounded_share(pool, claim, floor, cap)
    level = found.level

    def three_clips():
        for _ in range(3):
            np.clip(level * claim, floor, cap)

    times = [(seconds(three_clips), seconds(lambda: bounded_share(pool, claim, floor, cap))) for _ in range(REPEATS)]
    clips, solve = (min(column) for column in zip(*times, strict=True))
    bound = f"{found.at_floor.mean():.0%} of cells at the floor, {found.at_cap.mean():.0%} at the cap"
    name = "shared (1, N)" if shared else "full (S, N)"
    print(f"{name}: clips {clips * 1000:.0f} ms, shares {solve * 1000:.0f} ms, ratio {solve / clips:.2f} ({bound})")


if __name__ == "__main__":
    for shared in (True, False):
        measure(shared)
