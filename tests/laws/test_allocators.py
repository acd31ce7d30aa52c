"""Laws of the allocators, and the published or constructed cases that hold them."""

import math
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from allocation.allocators import bounded_share, fill, largest_remainder, share
from allocation.arrays import ceil_units, floor_units, round_half_away, snap, total
from allocation.errors import AllocationError

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

fast = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # busy machines


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


# --- snapping and units


@pytest.mark.parametrize(
    ("value", "snapped"),
    [
        (0.1 + 0.2, 0.3),
        (1.0000000005, 1.000000001),
        (-1.0000000005, -1.000000001),
        (68.3966329315, 68.396632932),  # times 10^9 this double falls just below the half
        (13240.942576011493, 13240.942576011),
        (2.675 * 100, 267.5),
        (0.49999999999999994, 0.5),
        (99999.99999999999, 100000.0),
        (123456789.123456, 123456789.12346),
        (12345678901234567.0, 12345678901235000.0),
        (0.0, 0.0),
    ],
)
def test_snapping_gives_the_double_nearest_the_decimal_excel_would_round_to(value, snapped):
    assert snap(np.array([value]))[0] == snapped
    assert float(snap(exact([F(repr(value))]))[0]) == snapped


@fast
@given(st.lists(st.tuples(st.integers(10**13, 10**15 - 1), st.integers(-2, 15)), min_size=1, max_size=6))
def test_snapping_is_the_same_in_floats_and_fractions_and_changes_nothing_the_second_time(values):
    figures = exact(F(digits) / F(10) ** places for digits, places in values)  # up to fifteen digits, as a cell holds
    for signed in (figures, -figures):
        assert [float(v) for v in snap(signed)] == list(snap(floats(signed)))
    assert list(snap(snap(figures))) == list(snap(figures))


def test_whole_units_go_down_up_and_half_away_from_zero_on_both_sides_of_zero():
    values = [F(-5, 2), F(-7, 3), F(0), F(5, 2), F(7, 3), F(3)]
    for figures in (exact(values), floats(values)):
        assert list(floor_units(figures)) == [-3, -3, 0, 2, 2, 3]
        assert list(ceil_units(figures)) == [-2, -2, 0, 3, 3, 3]
        assert list(round_half_away(figures)) == [-3, -2, 0, 3, 2, 3]
    assert all(isinstance(v, F) for f in (floor_units, ceil_units, round_half_away, snap) for v in f(exact(values)))


# --- totals and plain shares


def test_totals_by_group_stand_beside_each_county_of_the_group():
    groups = np.array([1, 0, 1, 0])
    for figures in (exact([1, 2, 3, 4]), floats([1, 2, 3, 4])):
        assert list(total(figures)) == [10]
        assert list(total(figures, groups)) == [4, 6, 4, 6]
        assert total(np.stack([figures, figures]), groups).shape == (2, 4)


@fast
@given(st.lists(st.fractions(), max_size=12))
def test_an_exact_total_is_the_plain_sum(values):
    assert total(exact(values))[0] == sum(values)


@fast
@given(problems())
def test_plain_shares_are_in_proportion_and_spend_the_pool(problem):
    pool, claims, *_ = problem
    assume(sum(claims))
    assert list(share(one(pool), exact(claims))) == [F(pool * c, sum(claims)) for c in claims]


def test_a_pool_without_any_claim_is_refused_unless_it_is_empty():
    assert list(share(one(0), exact([0, 0]))) == [0, 0]
    with pytest.raises(AllocationError) as refused:
        share(one(7), exact([0, 0]))
    assert refused.value.problems[0].id == "run.no_claim" and refused.value.problems[0].slots["pool"] == 7


# --- shares between bounds


@fast
@given(problems())
def test_bounded_shares_agree_with_the_walk_along_sorted_breakpoints(problem):
    pool, claims, floors, caps, _ = problem
    assert list(solve(pool, claims, floors, caps).awards) == oracle(pool, claims, floors, caps)


@fast
@given(problems())
def test_bounded_shares_spend_the_pool_exactly_within_floors_and_caps_at_one_level(problem):
    pool, claims, floors, caps, _ = problem
    found = solve(pool, claims, floors, caps)
    assert sum(found.awards) == pool
    for award, claim, low, high, floored, capped in zip(
        found.awards, claims, floors, caps, found.at_floor, found.at_cap, strict=True
    ):
        assert low <= award <= high
        assert award == (min(max(found.level[0] * claim, low), high) if claim else low)
        assert floored == (award == low) and (capped == (award == high) or not claim)


@fast
@given(problems())
def test_floats_equal_fractions_after_snapping(problem):
    pool, claims, floors, caps, order = problem
    figures = (floats(x) for x in ([pool], claims, floors, caps))
    found = bounded_share(*figures)
    true = solve(pool, claims, floors, caps)
    assert list(snap(found.awards)) == [float(v) for v in snap(true.awards)]
    if not (true.at_floor | true.at_cap).all():  # else the level is not unique
        assert list(snap(found.level)) == [float(v) for v in snap(true.level)]
    whole = largest_remainder(floats([pool]), found.awards, 1.0, np.array(order))
    assert list(whole) == [float(v) for v in rounded(pool, claims, floors, caps, order)]


@fast
@given(problems(), st.integers(1, 10**6), st.integers(1, 10**6))
def test_scaling_every_claim_changes_nothing(problem, top, bottom):
    pool, claims, floors, caps, _ = problem
    scaled = solve(pool, [F(c * top, bottom) for c in claims], floors, caps)
    assert list(scaled.awards) == list(solve(pool, claims, floors, caps).awards)


@fast
@given(problems(), st.data())
def test_the_order_of_rows_matters_to_nothing(problem, data):
    pool, claims, floors, caps, order = problem
    turn = np.array(data.draw(st.permutations(range(len(claims)))))
    here = rounded(pool, claims, floors, caps, order)
    there = rounded(pool, *([x[i] for i in turn] for x in (claims, floors, caps, order)))
    assert list(here[turn]) == list(there)


@fast
@given(problems(), st.data())
def test_a_larger_pool_gives_nobody_less_before_rounding_and_at_most_one_unit_less_after(problem, data):
    pool, claims, floors, caps, order = problem
    more = data.draw(
        st.integers(pool, sum(high if c else low for c, low, high in zip(claims, floors, caps, strict=True)))
    )
    before, after = solve(pool, claims, floors, caps).awards, solve(more, claims, floors, caps).awards
    assert all(after >= before)
    assert all(rounded(more, claims, floors, caps, order) >= rounded(pool, claims, floors, caps, order) - 1)


@fast
@given(problems(), st.data())
def test_raising_ones_own_claim_never_lowers_ones_own_award_before_or_after_rounding(problem, data):
    pool, claims, floors, caps, order = problem
    county = data.draw(st.integers(0, len(claims) - 1))
    raised = [*claims]
    raised[county] += data.draw(st.integers(1, 100))
    assert solve(pool, raised, floors, caps).awards[county] >= solve(pool, claims, floors, caps).awards[county]
    before, after = (rounded(pool, c, floors, caps, order) for c in (claims, raised))
    assert after[county] >= before[county]


def test_a_county_without_a_claim_stays_at_its_floor_even_below_zero():
    found = bounded_share(one(10), exact([0, 0, 1, 1]), exact([3, -2, 0, 0]), exact([99, 99, 99, 4]))
    assert list(found.awards) == [3, -2, 5, 4]


def test_a_pool_equal_to_its_floors_or_its_caps_is_spent_there():
    claims, floors, caps = [5, 1, 2], [1, 2, 3], [4, 5, 6]
    for kind in (exact, floats):
        low = bounded_share(kind([6]), kind(claims), kind(floors), kind(caps))
        high = bounded_share(kind([15]), kind(claims), kind(floors), kind(caps))
        assert list(low.awards) == floors and low.at_floor.all() and low.level[0] == 0
        assert list(high.awards) == caps and high.at_cap.all() and high.level[0] == 5


def test_a_level_between_counties_all_at_bounds_is_the_one_nearest_zero():
    found = bounded_share(one(30), exact([10, 1]), exact([0, 20]), exact([10, 40]))
    assert list(found.awards) == [10, 20] and found.level[0] == 1


def test_one_county_takes_the_whole_pool():
    assert list(bounded_share(one(F(7, 3)), exact([5])).awards) == [F(7, 3)]


def test_without_bounds_a_bounded_share_is_a_plain_share():
    claims = exact([1, 2, 4])
    assert list(bounded_share(one(10), claims).awards) == list(share(one(10), claims))


def test_missing_floors_are_zero_and_missing_caps_are_none():
    for kind, gap, none in ((exact, None, None), (floats, "nan", "inf"), (floats, "nan", "nan")):
        found = bounded_share(kind([100]), kind([1, 1, 8]), kind([20, gap, gap]), kind([none, none, 50]))
        assert list(found.awards) == [25, 25, 50]
        found = bounded_share(kind([100]), kind([0, 1, 9]), kind([gap, 20, gap]), kind([none, none, none]))
        assert list(found.awards) == [0, 20, 80]


def test_pools_that_newton_alone_would_overshoot_are_still_spent():
    for size in range(1, 12):
        claims, floors, caps = [1, 10**size, 10**size], [10**size, 0, 0], [10**size + 5, 3, 4]
        for pool in (10**size + 1, 10**size + 7, 10**size + 9, 10**size + 12):
            assert list(solve(pool, claims, floors, caps).awards) == oracle(pool, claims, floors, caps)
            found = bounded_share(floats([pool]), floats(claims), floats(floors), floats(caps)).awards
            assert found == pytest.approx(floats(oracle(pool, claims, floors, caps)), rel=1e-12, abs=1e-15 * pool)


def test_fixing_everyone_out_of_bounds_at_once_adds_up_and_is_wrong():
    pool, claims, floors, caps = 100, [2, 4, 3], [30, 10, 30], [80, 20, 60]

    fixed = {}
    while True:
        free = [i for i in range(3) if i not in fixed]
        rest, claimed = pool - sum(fixed.values()), sum(claims[i] for i in free)
        quota = {i: F(rest * claims[i], claimed) for i in free}
        out = {i: min(max(q, floors[i]), caps[i]) for i, q in quota.items() if not floors[i] <= q <= caps[i]}
        if not out:
            break
        fixed |= out
    by_loop = [fixed.get(i, quota.get(i)) for i in range(3)]

    assert by_loop == [30, 20, 50] and sum(by_loop) == pool  # 30 for a claim of 2, 50 for one of 3: two levels
    assert list(solve(pool, claims, floors, caps).awards) == [32, 20, 48]  # 16 for each point, but for the cap of 20


def test_a_pool_outside_its_bounds_is_refused_with_both_sums_and_the_gap():
    for kind in (exact, floats):
        for pool, side, gap in ((2, "floor", 1), (12, "cap", 4)):
            with pytest.raises(AllocationError) as refused:
                bounded_share(kind([pool]), kind([1, 0]), kind([1, 2]), kind([6, 50]))
            (problem,) = refused.value.problems
            expected = {"pool": pool, "floors": 3, "caps": 8, "gap": gap, "side": side, "rows": [0, 1]}
            assert problem.id == "run.infeasible"
            assert {name: problem.slots[name] for name in expected} == expected
            assert "8" in problem.text("zh") and "8" in problem.text("en")


def test_a_pool_is_feasible_without_claims_only_at_the_sum_of_floors():
    assert list(bounded_share(one(3), exact([0, 0]), exact([1, 2])).awards) == [1, 2]
    with pytest.raises(AllocationError):
        bounded_share(one(4), exact([0, 0]), exact([1, 2]))


def test_float_noise_in_the_sum_of_floors_is_no_infeasibility():
    floors = floats([0.1] * 10)
    assert list(bounded_share(floats([0.9999999999999999]), floats([1] * 10), floors).awards) == [0.1] * 10
    caps = bounded_share(floats([1.0000000000000002]), floats([1] * 10), None, floors)
    assert list(caps.awards) == [0.1] * 10


def test_negative_claims_and_crossed_bounds_name_their_counties():
    for kind in (exact, floats):
        with pytest.raises(AllocationError) as refused:
            bounded_share(kind([5]), kind([1, -1, 1]))
        assert (refused.value.problems[0].id, refused.value.problems[0].slots["rows"]) == ("run.negative_claim", [1])
        with pytest.raises(AllocationError) as refused:
            bounded_share(kind([5]), kind([1, 1, 1]), kind([0, 3, 3]), kind([9, 2, 2]))
        assert (refused.value.problems[0].id, refused.value.problems[0].slots["rows"]) == (
            "run.floor_above_cap",
            [1, 2],
        )


def test_every_infeasible_group_is_reported_with_its_members():
    groups = np.array([0, 1, 0, 1, 2])
    with pytest.raises(AllocationError) as refused:
        bounded_share(exact([9, 1, 9, 1, 5]), exact([1] * 5), exact([0, 1, 0, 1, 0]), exact([2] * 4 + [9]), groups)
    assert [p.slots["rows"] for p in refused.value.problems] == [[0, 2], [1, 3]]


@fast
@given(problems(), problems(), st.data())
def test_groups_equal_each_group_alone(first, second, data):
    joined = [[*a, *b] for a, b in zip(first[1:4], second[1:4], strict=True)]
    size = len(first[1])
    pools, groups = [first[0]] * size + [second[0]] * len(second[1]), [0] * size + [1] * len(second[1])
    order = [*first[4], *second[4]]
    turn = data.draw(st.permutations(range(len(groups))))
    pools, groups, order, *joined = ([x[i] for i in turn] for x in (pools, groups, order, *joined))
    groups, order = np.array(groups), np.array(order)

    found = bounded_share(exact(pools), *map(exact, joined), groups)
    whole = largest_remainder(exact(pools), found.awards, 1, order, groups)
    spent = fill(exact(pools), exact(joined[2]), exact(joined[0]), order, groups)
    for group, (pool, claims, floors, caps, ranks) in enumerate((first, second)):
        mine = [list(turn).index(i + group * size) for i in range(len(claims))]
        alone = solve(pool, claims, floors, caps)
        assert list(found.awards[mine]) == list(alone.awards)
        assert set(found.level[mine]) == set(alone.level)
        assert list(whole[mine]) == list(rounded(pool, claims, floors, caps, ranks))
        assert list(spent[mine]) == list(fill(one(pool), exact(caps), exact(claims), np.array(ranks)))


@fast
@given(st.lists(problems(4, 4), min_size=2, max_size=6))
def test_many_scenarios_at_once_equal_one_by_one(scenarios):
    order = np.array([2, 0, 3, 1])
    for kind in (exact, floats):
        stacked = [np.stack([kind(x) for x in column]) for column in list(zip(*scenarios, strict=True))[1:4]]
        pools = np.stack([kind([s[0]]) for s in scenarios])
        found = bounded_share(pools, *stacked)
        whole = largest_remainder(pools, found.awards, 1, order)
        spent = fill(pools, stacked[2], stacked[0], order)
        for at, (pool, *figures, _) in enumerate(scenarios):
            alone = bounded_share(kind([pool]), *map(kind, figures))
            assert list(found.awards[at]) == pytest.approx(list(alone.awards), rel=0 if kind is exact else 1e-13)
            assert list(whole[at]) == list(largest_remainder(kind([pool]), alone.awards, 1, order))
            assert list(spent[at]) == list(fill(kind([pool]), kind(figures[2]), kind(figures[0]), order))


@pytest.mark.parametrize("width", [500, 1500])  # large batches start from a sample of the counties
def test_shared_claims_broadcast_over_scenarios_periods_and_blocks(width):
    rng = np.random.default_rng(3)
    claim, pool = rng.uniform(0, 9, width), rng.uniform(1.4, 4, (40, 5, 1)) * width
    floor, cap = np.full(width, 0.9), rng.uniform(4, 9, (40, 1, width))
    found = bounded_share(pool, claim, floor, cap)
    assert found.awards.shape == (40, 5, width) and found.level.shape == (40, 5, 1)
    assert found.awards.sum(-1, keepdims=True) == pytest.approx(pool, rel=1e-14)
    assert (found.awards == np.clip(found.level * claim, floor, cap)).all()


# --- whole units that add up


@fast
@given(problems(), st.sampled_from([F(1), F(1, 100), F(10), F(3)]), st.data())
def test_largest_remainders_agree_with_plain_lists_of_fractions(problem, to, data):
    _, claims, _, _, order = problem
    parts = data.draw(st.lists(st.integers(-(10**12), 10**12), min_size=len(claims), max_size=len(claims)))
    quotas = [F(part, 10**9) * to for part in parts]
    low, high = (sum(f(q / to) for q in quotas) for f in (math.floor, math.ceil))
    pool = data.draw(st.integers(low, high)) * to
    expected = hamilton(pool, quotas, to, order)
    assert list(largest_remainder(one(pool), exact(quotas), to, np.array(order))) == expected
    in_floats = largest_remainder(floats([pool]), floats(quotas), float(to), np.array(order))
    assert list(in_floats) == [float(v) for v in expected]
    assert sum(expected) == pool


@fast
@given(problems())
def test_floors_and_caps_on_the_grid_hold_after_rounding(problem):
    pool, claims, floors, caps, order = problem
    whole = rounded(pool, claims, floors, caps, order)
    assert sum(whole) == pool
    assert all(low <= award <= high for low, award, high in zip(floors, whole, caps, strict=True))


def test_equal_remainders_go_to_the_lower_order():
    for kind in (exact, floats):
        halves = kind([F(3, 2)] * 4)
        assert list(largest_remainder(kind([6]), halves, 1, np.array([4, 2, 3, 1]))) == [1, 2, 1, 2]


def test_equal_remainders_tie_in_floats_whatever_the_size_of_the_quota():
    quotas = [F("123456789.12345"), F("2.12345"), F("5.7531")]
    for order, expected in (([1, 2, 3], [123456790, 2, 6]), ([2, 1, 3], [123456789, 3, 6])):
        for kind in (exact, floats):
            assert list(largest_remainder(kind([123456798]), kind(quotas), 1, np.array(order))) == expected


def test_rounding_to_hundredths_gives_the_nearest_doubles():
    for pool, expected in ((1, [0.34, 0.33, 0.33]), (F("1.05"), [0.35, 0.35, 0.35])):  # 35 * 0.01 is not 0.35
        assert list(largest_remainder(floats([pool]), floats([F(pool) / 3] * 3), 0.01, np.arange(3))) == expected


def test_alabama_loses_a_seat_when_the_house_grows_from_299_to_300():
    people, order = exact(STATES_1880.values()), np.arange(len(STATES_1880))

    def seats(house):
        quotas = np.maximum(share(one(house), people), F(1))  # at least one seat: Nevada
        return dict(zip(STATES_1880, largest_remainder(one(house), quotas, 1, order), strict=True))

    small, large = seats(299), seats(300)
    changed = {name: (small[name], large[name]) for name in STATES_1880 if small[name] != large[name]}
    assert changed == {"Alabama": (8, 7), "Illinois": (18, 19), "Texas": (9, 10)}


def test_a_pool_off_the_grid_is_refused_with_the_nearest_multiple():
    for kind in (exact, floats):
        with pytest.raises(AllocationError) as refused:
            largest_remainder(kind([F("10.005")]), kind([5, F("5.005")]), F("0.01"), np.arange(2))
        (problem,) = refused.value.problems
        assert problem.id == "run.pool_off_grid"
        assert [round(float(problem.slots[name]), 9) for name in ("pool", "to", "nearest")] == [10.005, 0.01, 10.01]
        assert "10.01" in problem.text("zh")


def test_quotas_that_cannot_be_rounded_to_the_pool_are_refused_with_both_sums():
    for kind in (exact, floats):
        for pool, gap in ((2, 1), (6, 1)):
            with pytest.raises(AllocationError) as refused:
                largest_remainder(kind([pool]), kind([F(3, 2), F(5, 2)]), 1, np.arange(2))
            (problem,) = refused.value.problems
            assert problem.id == "run.rounding_infeasible"
            assert [problem.slots[name] for name in ("pool", "low", "high", "gap", "rows")] == [pool, 3, 5, gap, [0, 1]]
            assert "3" in problem.text("zh") and "5" in problem.text("en")


# --- serving in order


def test_needs_are_served_by_rank_then_order_until_the_pool_is_spent():
    for kind in (exact, floats):
        needs, rank = kind([4, 4, 4, 4]), kind([2, 1, 1, 3])
        assert list(fill(kind([10]), needs, rank, np.array([1, 4, 3, 2]))) == [2, 4, 4, 0]
        assert list(fill(kind([6]), needs, rank, np.array([1, 4, 3, 2]))) == [0, 2, 4, 0]
        assert list(fill(kind([99]), needs, rank, np.array([1, 4, 3, 2]))) == [4, 4, 4, 4]
