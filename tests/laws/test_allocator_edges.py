"""The allocators where they must refuse, in groups and batches; rounding and filling; the Alabama paradox."""

import math
from fractions import Fraction as F

import numpy as np
import pytest
from allocator_cases import STATES_1880, exact, fast, floats, hamilton, one, problems, rounded, solve
from hypothesis import given
from hypothesis import strategies as st

from allocation.allocators import bounded_share, fill, largest_remainder, share
from allocation.errors import AllocationError


def test_a_pool_outside_its_bounds_is_refused_with_both_sums_and_the_gap():
    for kind in (exact, floats):
        for pool, side, gap in ((2, "floor", 1), (12, "cap", 4)):
            with pytest.raises(AllocationError) as refused:
                bounded_share(kind([pool]), kind([1, 0]), kind([1, 2]), kind([6, 50]))
            (problem,) = refused.value.problems
            expected = {"pool": pool, "floors": 3, "caps": 8, "gap": gap, "side": side, "rows": (0, 1)}
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
        assert (refused.value.problems[0].id, refused.value.problems[0].slots["rows"]) == ("run.negative_claim", (1,))
        with pytest.raises(AllocationError) as refused:
            bounded_share(kind([5]), kind([1, 1, 1]), kind([0, 3, 3]), kind([9, 2, 2]))
        assert (refused.value.problems[0].id, refused.value.problems[0].slots["rows"]) == (
            "run.floor_above_cap",
            (1, 2),
        )


def test_every_infeasible_group_is_reported_with_its_members():
    groups = np.array([0, 1, 0, 1, 2])
    with pytest.raises(AllocationError) as refused:
        bounded_share(exact([9, 1, 9, 1, 5]), exact([1] * 5), exact([0, 1, 0, 1, 0]), exact([2] * 4 + [9]), groups)
    assert [p.slots["rows"] for p in refused.value.problems] == [(0, 2), (1, 3)]


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
            assert [problem.slots[name] for name in ("pool", "low", "high", "gap", "rows")] == [pool, 3, 5, gap, (0, 1)]
            assert "3" in problem.text("zh") and "5" in problem.text("en")


# --- serving in order


def test_needs_are_served_by_rank_then_order_until_the_pool_is_spent():
    for kind in (exact, floats):
        needs, rank = kind([4, 4, 4, 4]), kind([2, 1, 1, 3])
        assert list(fill(kind([10]), needs, rank, np.array([1, 4, 3, 2]))) == [2, 4, 4, 0]
        assert list(fill(kind([6]), needs, rank, np.array([1, 4, 3, 2]))) == [0, 2, 4, 0]
        assert list(fill(kind([99]), needs, rank, np.array([1, 4, 3, 2]))) == [4, 4, 4, 4]
