"""One level that spends a pool between bounds, in exact figures.

Who is at a bound is guessed in floats; whether the guess is right is found out in exact figures.
"""

from __future__ import annotations

import numpy as np

from allocation.classes import dataclass
from allocation.exact.quotients import Quotients, quotients, total, where

TRIES = 6  # sets of who is at a bound; each comes from the level of the one before


@dataclass(frozen=True)
class Certified:
    """The `level` (S, 1) and the awards it gives, who is at a bound; `sure` (S, 1): all of it is certain.

    `low` and `high`: who would be at the floor, at the cap alone, at that very level.
    """

    level: Quotients
    awards: Quotients
    at_floor: np.ndarray
    at_cap: np.ndarray
    sure: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Bounds:
    """Exact floor and cap (S or 1, N); the cap is any figure where `uncapped`."""

    floor: Quotients
    cap: Quotients
    uncapped: np.ndarray


def certified(pool: Quotients, claim: Quotients, bounds: Bounds, guess: np.ndarray) -> Certified:
    """pool (S, 1), claim (S, N); `guess` a float level (S, 1)."""
    rough = guess * claim.astype(float)
    low = rough <= bounds.floor.astype(float)
    high = ~low & ~bounds.uncapped & (rough >= bounds.cap.astype(float))
    for _ in range(TRIES):
        shared = _at(pool, claim, bounds, low, high)
        wrong = ~shared.sure & ((shared.low != low) | (shared.high != high))
        if not wrong.any():
            break
        low, high = np.where(wrong, shared.low, low), np.where(wrong, shared.high, high)
    return shared


def _at(pool: Quotients, claim: Quotients, bounds: Bounds, low: np.ndarray, high: np.ndarray) -> Certified:
    """With those at the floor and at the cap as said, the level is (pool - what they fix) / free claims.

    It is the one looked for when, at that very level, nobody at a bound would leave it and nobody else would pass one;
    and the only one, unless everyone is at a bound.
    """
    floor, cap = bounds.floor, bounds.cap
    zero, unit = quotients(0, 2), quotients(1, 2)
    fixed = total(where(low, floor, where(high, cap, zero)))
    free = total(where(low | high, zero, claim))
    nobody = free == 0
    level = where(nobody, zero, (pool - fixed) / where(nobody, unit, free))
    wanted = level * claim
    under, over = wanted <= floor, ~bounds.uncapped & (wanted >= cap)
    awards = where(low, floor, where(high, cap, wanted))
    at_floor, at_cap = awards == floor, ~bounds.uncapped & (awards == cap)
    right = np.where(low, under, np.where(high, over, (~under | at_floor) & (~over | at_cap)))
    sure = right.all(axis=-1, keepdims=True) & ~nobody & ~(at_floor | at_cap).all(axis=-1, keepdims=True)
    return Certified(level, awards, at_floor, at_cap, sure, under, over & ~under)
