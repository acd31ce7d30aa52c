"""Laws of the allocators, and the published or constructed cases that hold them."""

from fractions import Fraction as F

import numpy as np
import pytest
from allocator_cases import exact, fast, floats, one, oracle, problems, rounded, solve
from hypothesis import assume, given
from hypothesis import strategies as st

from allocation.allocators import bounded_share, largest_remainder, share
from allocation.arrays import ceil_units, floor_units, round_half_away, snap, total
from allocation.errors import AllocationError

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
