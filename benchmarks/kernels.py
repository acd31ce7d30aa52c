"""Shares and remainders, a cell: beside the ways people do them by hand, and beside the memory's own speed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from allocation.allocators import bounded_share, largest_remainder
from allocation.compiled import COMPILER, PAYS, part_of
from allocation.exact.quotients import quotients
from benchmarks.data import shares
from benchmarks.row import Outcome, in_pairs, outcome

NANO = 1e9
Way = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def by_root(pool: np.ndarray, claim: np.ndarray, floor: np.ndarray, cap: np.ndarray) -> np.ndarray:
    """SciPy's brentq, a scenario at a time."""
    from scipy.optimize import brentq

    awards = np.empty((len(pool), claim.shape[1]))
    weight, low, high = claim[0], floor[0], np.where(claim[0] > 0, cap[0], floor[0])
    top = (high[weight > 0] / weight[weight > 0]).max()
    for row, amount in enumerate(pool[:, 0]):
        level = brentq(lambda t: np.clip(t * weight, low, high).sum() - amount, 0, top, xtol=1e-14, rtol=1e-14)  # noqa: B023
        awards[row] = np.clip(level * weight, low, high)
    return awards


def by_sorting(pool: np.ndarray, claim: np.ndarray, floor: np.ndarray, cap: np.ndarray) -> np.ndarray:
    """Every breakpoint in order, the sum at each, and the level between two of them, a scenario at a time."""
    awards = np.empty((len(pool), claim.shape[1]))
    weight, low, high = claim[0], floor[0], np.where(claim[0] > 0, cap[0], floor[0])
    some = weight > 0
    for row, amount in enumerate(pool[:, 0]):
        points = np.concatenate([low[some] / weight[some], high[some] / weight[some]])
        order = np.argsort(points)
        slopes = np.cumsum(np.concatenate([weight[some], -weight[some]])[order])
        at = points[order]
        sums = low.sum() + np.concatenate([[0], np.cumsum(slopes[:-1] * np.diff(at))])
        place = min(int(np.searchsorted(sums, amount, "right")) - 1, len(at) - 1)
        level = at[place] + ((amount - sums[place]) / slopes[place] if slopes[place] > 1e-12 else 0)
        awards[row] = np.clip(level * weight, low, high)
    return awards


def by_frames(pool: np.ndarray, claim: np.ndarray, floor: np.ndarray, cap: np.ndarray) -> np.ndarray:
    """pandas: the level halved sixty times on a series, a scenario at a time."""
    import pandas

    awards = np.empty((len(pool), claim.shape[1]))
    weight, low = pandas.Series(claim[0]), pandas.Series(floor[0])
    high = pandas.Series(np.where(claim[0] > 0, cap[0], floor[0]))
    top = float((high / weight.where(weight > 0)).max())
    for row, amount in enumerate(pool[:, 0]):
        under, over = 0.0, top
        for _ in range(60):
            middle = (under + over) / 2
            under, over = (middle, over) if (weight * middle).clip(low, high).sum() < amount else (under, middle)
        awards[row] = (weight * over).clip(low, high)
    return awards


WAYS: dict[str, Way] = {"brentq": by_root, "sorting": by_sorting, "pandas": by_frames}
MOST_SCENARIOS = {"pandas": 100}  # of those so many: it takes some 30 ms for each, whatever went before


def shares_beside(way: str, counties: int) -> Callable[[int], Outcome]:
    """Bounded shares of `counties` in as many scenarios as the size says."""

    def measure(scenarios: int) -> Outcome:
        pool, claim, floor, cap = shares(counties, scenarios)
        some = min(scenarios, MOST_SCENARIOS.get(way, scenarios))
        ours, peers = bounded_share(pool, claim, floor, cap).awards, WAYS[way](pool[:some], claim, floor, cap)
        assert np.allclose(ours[:some], peers, rtol=1e-6, atol=1e-6 * pool.max() / counties), way
        ratio, seconds, beside = in_pairs(
            lambda: bounded_share(pool, claim, floor, cap), lambda: WAYS[way](pool[:some], claim, floor, cap), 3
        )
        a_cell, of_peer = NANO / (counties * scenarios), NANO / (counties * some)
        return Outcome(ratio * a_cell / of_peer, seconds * a_cell, beside * of_peer)

    return measure


ALIKE = 40  # scenarios that are shared without machine code as well


def shares_beside_triad(counties: int) -> Callable[[int], Outcome]:
    """In machine code, beside a product and a sum of NumPy in a new array: what memory takes at least."""

    def measure(scenarios: int) -> Outcome:
        import numba  # noqa: F401  # not measured where it is not installed

        pool, claim, floor, cap = shares(counties, scenarios)
        with part_of(0):
            plain = bounded_share(pool[:ALIKE], claim, floor, cap)
        with part_of(PAYS):
            assert COMPILER.asked(0) is not None, "numba does not compile here"
            quick = bounded_share(pool, claim, floor, cap)
            assert np.abs(quick.awards[:ALIKE] - plain.awards).max() <= 1e-14 * pool.max()
            assert np.allclose(quick.awards.sum(axis=1, keepdims=True), pool, rtol=1e-13)
            pair = in_pairs(lambda: bounded_share(pool, claim, floor, cap), lambda: pool * claim + floor, 3)
        return outcome(pair, NANO / (counties * scenarios))

    return measure


def remainders_by_fractions(pool: int, quota: list[Fraction]) -> list[int]:
    """What one writes in twelve lines: down, then one more by remainder, ties to the lower code."""
    whole = [share.numerator // share.denominator for share in quota]
    order = sorted(range(len(quota)), key=lambda row: (whole[row] - quota[row], row))
    for row in order[: pool - sum(whole)]:
        whole[row] += 1
    return whole


def remainders_by_whole_numbers(pool: int, above: np.ndarray, below: int) -> np.ndarray:
    """int64 over one denominator: no ratio is made at all."""
    whole, rest = np.divmod(above, below)
    whole[np.argsort(-rest, kind="stable")[: pool - int(whole.sum())]] += 1
    return whole


RUNS = 50  # in a batch of remainders


def remainders_on_one_denominator(counties: int) -> Outcome:
    """Quotas with four decimals, ties among them, in a column of int64."""
    below = 10_000
    above = np.array([(row // 2 * 2 * 7919) % 9_000_019 for row in range(counties)], np.int64)
    above[-1] += -int(above.sum()) % below
    pool, quota = int(above.sum()) // below, np.array([Fraction(int(x), below) for x in above], object)
    order, held, whole = np.arange(counties), quotients(np.array([quota] * RUNS)), quotients(np.array([[pool]] * RUNS))
    ours = largest_remainder(whole, held, Fraction(1), order)
    wanted = remainders_by_whole_numbers(pool, above, below).tolist()
    assert all([int(x) for x in row] == wanted for row in np.asarray(ours))
    pair = in_pairs(
        lambda: largest_remainder(whole, held, Fraction(1), order),
        lambda: [remainders_by_fractions(pool, list(quota)) for _ in range(RUNS)],
    )
    return outcome(pair, 1e6 / counties / RUNS)


def remainders_of_ratios(counties: int) -> Outcome:
    """Quotas that are unrelated ratios: no denominator in common."""
    weight = [Fraction(100 + row * 7919 % 9_000, 97 + row % 89) for row in range(counties)]
    pool, total = counties * 50, sum(weight)
    quota = [pool * share / total for share in weight]
    held, order = np.array(quota, object), np.arange(counties)
    ours = largest_remainder(np.array([Fraction(pool)], object), held, Fraction(1), order)
    assert sum(ours) == pool
    pair = in_pairs(
        lambda: largest_remainder(np.array([Fraction(pool)], object), held, Fraction(1), order),
        lambda: remainders_by_fractions(pool, quota),
    )
    return outcome(pair, 1e6 / counties)
