"""What the laws of the allocators share: exact arrays, slow oracles, generated problems."""

import math
from fractions import Fraction as F

import numpy as np
from desk import examples
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from allocation.allocators import bounded_share, largest_remainder

# Census Office 1880, populations of the 38 States; confirmed by the 38 published seats of the 1882 Act (325 seats).
STATES_1880 = {
    "Alabama": 1262505, "Arkansas": 802525, "California": 864694, "Colorado": 194327, "Connecticut": 622700,
    "Delaware": 146608, "Florida": 269493, "Georgia": 1542180, "Illinois": 3077871, "Indiana": 1978301,
    "Iowa": 1624615, "Kansas": 996096, "Kentucky": 1648690, "Louisiana": 939946, "Maine": 648936,
    "Maryland": 934943, "Massachusetts": 1783085, "Michigan": 1636937, "Minnesota": 780773, "Mississippi": 1131597,
    "Missouri": 2168380, "Nebraska": 452402, "Nevada": 62266, "New Hampshire": 346991, "New Jersey": 1131116,
    "New York": 5082871, "North Carolina": 1399750, "Ohio": 3198062, "Oregon": 174768, "Pennsylvania": 4282891,
    "Rhode Island": 276531, "South Carolina": 995577, "Tennessee": 1542359, "Texas": 1591749, "Vermont": 332286,
    "Virginia": 1512565, "West Virginia": 618457, "Wisconsin": 1315497,
}  # fmt: skip

fast = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])  # busy machines


def exact(values):
    return np.array([None if value is None else F(value) for value in values], object)


def one(value):
    return np.array([F(value)], object)


def floats(values):
    return np.array([float(value) for value in values])


def oracle(pool, claims, floors, caps):
    """Awards by walking the sorted breakpoints of the level: slow, plain, and unlike the method under test."""

    def at(level):
        return [min(max(level * c, low), high) if c else low for c, low, high in zip(claims, floors, caps, strict=True)]

    points = sorted({F(b) / c for c, low, high in zip(claims, floors, caps, strict=True) if c for b in (low, high)})
    for left, right in zip([F(0), *points], points, strict=False):
        lower, upper = sum(at(left)), sum(at(right))
        if lower <= pool <= upper:
            return at(right if upper == lower else left + (right - left) * (pool - lower) / (upper - lower))
    return at(F(0))


def hamilton(pool, quotas, to, order):
    """Largest remainders on plain lists of Fractions, quotas on no more than nine decimals of `to`."""
    units = [math.floor(q / to) for q in quotas]
    by_rest = sorted(range(len(quotas)), key=lambda i: (units[i] - quotas[i] / to, order[i]))
    for i in by_rest[: int(pool / to) - sum(units)]:
        units[i] += 1
    return [u * to for u in units]


@st.composite
def problems(draw, least=1, most=8):
    """A feasible allocation in whole numbers: pool, claims, floors, caps, order."""
    n = draw(st.integers(least, most))
    claims = draw(st.lists(st.integers(0, 200), min_size=n, max_size=n))
    floors = draw(st.lists(st.integers(0, 30), min_size=n, max_size=n))
    caps = [
        low + extra
        for low, extra in zip(floors, draw(st.lists(st.integers(0, 60), min_size=n, max_size=n)), strict=True)
    ]
    top = sum(high if c else low for c, low, high in zip(claims, floors, caps, strict=True))
    pool = draw(st.integers(sum(floors), top))
    return pool, claims, floors, caps, draw(st.permutations(range(n)))


def solve(pool, claims, floors, caps):
    return bounded_share(one(pool), exact(claims), exact(floors), exact(caps))


def rounded(pool, claims, floors, caps, order, to=1):
    return largest_remainder(one(pool), solve(pool, claims, floors, caps).awards, F(to), np.array(order))
