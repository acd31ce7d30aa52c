"""Decomposition: parts that add up, what they are worth in a known game, and a printed table that closes."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import AllocationError, run_model
from allocation.analysis import decompose as module
from allocation.analysis.decompose import decompose, round_closed, shapley
from allocation.run.scenario import Change, parse_assignment

CHANGES = {
    "pool": (900, 1400),
    "size_rate.小城市": (1, 2),
    "cap_rate": (2, 4),
    "settled@210702": (0, 900),
    "hardship": (1, 2),
    "revenue@210726": (0, 5),
}  # fmt: skip


@st.composite
def causes(draw) -> list[Change]:
    names = draw(st.lists(st.sampled_from(list(CHANGES)), unique=True, max_size=4))
    return [Change(name, Fraction(draw(st.integers(*CHANGES[name])))) for name in names]


@settings(max_examples=examples(25), deadline=None)
@given(causes())
def test_the_parts_add_up_to_the_difference_exactly(reward, counties, causes):
    found = decompose(reward, counties, causes)
    old, new = run_model(reward, counties).figures("award"), run_model(reward, counties, causes).figures("award")
    assert [sum(parts) for parts in found.parts] == [b - a for a, b in zip(old, new, strict=True)]
    assert [*found.changes] == [b - a for a, b in zip(old, new, strict=True)]


@settings(max_examples=examples(25), deadline=None)
@given(causes())
def test_the_printed_rows_and_columns_close_and_each_figure_is_its_exact_value_rounded_down_or_up(
    reward, counties, causes
):
    found = decompose(reward, counties, causes)
    rows = found.closed()
    assert all(sum(row[:-1]) == row[-1] for row in rows)
    assert [sum(column[:-1]) for column in zip(*rows, strict=True)] == list(rows[-1])
    assert [row[-1] for row in rows[:-1]] == [*found.changes]
    for parts, row in zip(found.parts, rows, strict=False):
        assert all(abs(exact - whole) < 1 and whole.denominator == 1 for exact, whole in zip(parts, row, strict=False))


def test_changing_nothing_has_parts_of_exactly_zero(reward, counties):
    same = [Change("pool", Fraction(1000)), Change("settled@210726", Fraction(90))]
    assert {part for parts in decompose(reward, counties, same).parts for part in parts} == {0}
    assert decompose(reward, counties, []).parts == ((), (), (), ())


def test_each_part_is_the_mean_over_all_orders_of_runs_made_one_by_one(reward, counties):
    causes = [Change("pool", Fraction(1300)), Change("settled@210726", Fraction(300)), Change("size_rate.大城市", 1)]
    causes[2] = Change("size_rate.大城市", Fraction(1))
    means = [[Fraction(0)] * 4 for _ in causes]
    for order in permutations(range(3)):
        for place, cause in enumerate(order):
            sets = [[causes[i] for i in order[:end]] for end in (place, place + 1)]
            old, new = (run_model(reward, counties, chosen).figures("award") for chosen in sets)
            for row in range(4):
                means[cause][row] += (new[row] - old[row]) / Fraction(6)
    assert [list(column) for column in zip(*decompose(reward, counties, causes).parts, strict=True)] == means


def test_float_runs_give_the_same_parts_where_the_award_is_rounded(reward, counties):
    causes = [parse_assignment(text) for text in ("pool=1234", "cap_rate=250%", "settled@210781=77")]
    assert decompose(reward, counties, causes, exact=False).parts == decompose(reward, counties, causes).parts


def test_the_glove_game_has_its_published_value():
    """One left glove, two right ones: 2/3, 1/6, 1/6 (the textbook example of the Shapley value)."""
    worth = [np.array([Fraction(int(mask & 1 and mask > 1))], object) for mask in range(8)]
    assert [part[0] for part in shapley(worth, 3)] == [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]


def test_a_set_of_changes_that_cannot_be_run_is_named(reward, counties):
    causes = [Change("pool", Fraction(4000)), Change("cap_rate", Fraction(9))]  # with the old caps 4000 cannot be spent
    with pytest.raises(AllocationError) as caught:
        decompose(reward, counties, causes)
    assert [problem.id for problem in caught.value.problems] == ["study.set_fails", "run.infeasible"]
    assert caught.value.problems[0].slots["causes"] == ("pool",)


def test_sixty_one_causes_are_refused_and_two_changes_of_one_cell_too(reward, counties):
    with pytest.raises(AllocationError) as caught:
        decompose(reward, counties, [Change("pool", Fraction(1))] * 61)
    assert caught.value.problems[0].id == "study.too_many_causes"
    with pytest.raises(AllocationError) as caught:
        decompose(reward, counties, [Change("pool", Fraction(1000))] * 2)
    assert caught.value.problems[0].id == "scenario.twice"


# ---- sampled orders


def many(counties) -> list[Change]:
    """Fourteen causes: three inputs of each county, and two parameters."""
    names = {"settled": 40, "revenue": 7, "last_award": 30}
    found = [
        Change(f"{name}@{code}", Fraction(more), "add") for name, more in names.items() for code in counties[0].codes
    ]
    return [*found, Change("pool", Fraction(1150)), Change("cap_rate", Fraction(4))]


def test_sampled_parts_add_up_exactly_and_close_as_printed(reward, counties):
    causes = many(counties)
    found = decompose(reward, counties, causes, orders=20)
    old, new = run_model(reward, counties).figures("award"), run_model(reward, counties, causes).figures("award")
    assert [sum(parts) for parts in found.parts] == [b - a for a, b in zip(old, new, strict=True)]
    rows = found.closed()
    assert all(sum(row[:-1]) == row[-1] for row in rows)
    assert [sum(column[:-1]) for column in zip(*rows, strict=True)] == list(rows[-1])
    assert found.orders == 20 and len(found.errors) == len(counties[0]) + 1


def test_more_than_twelve_causes_are_sampled_and_the_seed_decides_how(reward, counties, monkeypatch):
    found, again, other = (decompose(reward, counties, many(counties), exact=False, seed=seed) for seed in (1, 1, 2))
    assert found.orders == 200 and found.parts == again.parts != other.parts
    assert module.EVERY == 12
    monkeypatch.setattr(module, "EVERY", 3)
    assert [decompose(reward, counties, many(counties)[:count]).orders for count in (3, 4)] == [0, 200]


def test_an_order_goes_with_its_reverse_so_that_two_causes_need_no_luck(reward, counties):
    causes = [Change("pool", Fraction(1300)), Change("settled@210726", Fraction(300))]
    found = decompose(reward, counties, causes, orders=4)
    assert found.orders == 4 and found.parts == decompose(reward, counties, causes).parts
    assert {error for row in found.errors for error in row} == {0}


def test_a_sample_is_off_by_about_its_standard_error(reward, counties):
    causes = [*many(counties)[:4], *many(counties)[-2:]]
    exact = decompose(reward, counties, causes)
    off = []
    for seed in range(20):
        found = decompose(reward, counties, causes, exact=False, orders=40, seed=seed)
        for sure, parts, errors in zip(exact.parts, found.parts, found.errors, strict=False):
            pairs = zip(sure, parts, errors, strict=True)
            off += [float(a - b) / error for a, b, error in pairs if error > 0.05]
    assert len(off) > 200 and 0.8 < np.std(off) < 1.3


def test_the_standard_error_of_the_total_is_that_of_the_total(reward, counties):
    """The pool alone moves the total: its part is the same in every order, though not each county's."""
    found = decompose(reward, counties, many(counties), orders=10)
    assert found.errors[-1][-2] == pytest.approx(0, abs=1e-9)
    assert max(row[-2] for row in found.errors[:-1]) > 0.01


def test_a_set_that_cannot_be_run_is_named_in_a_sample_too(reward, counties):
    causes = [Change("pool", Fraction(4000)), Change("cap_rate", Fraction(9)), *many(counties)[:11]]
    with pytest.raises(AllocationError) as caught:
        decompose(reward, counties, causes, exact=False, orders=10)
    assert [problem.id for problem in caught.value.problems] == ["study.set_fails", "run.infeasible"]
    assert "pool" in caught.value.problems[0].slots["causes"]


def test_parts_are_the_same_fractions_whether_sums_fit_a_machine_word_or_not():
    """Awards of thirds and of a size no machine word holds: the parts of each are those of the orders, one by one."""
    for size in (1, 10**18):
        worth = [np.array([Fraction(size * n * n, 3), Fraction(size * n, 7)], object) for n in (0, 1, 4, 6)]
        first, second = shapley(worth, 2)
        assert list(first) == [(worth[1][k] - worth[0][k] + worth[3][k] - worth[2][k]) / 2 for k in range(2)]
        assert list(second) == [(worth[2][k] - worth[0][k] + worth[3][k] - worth[1][k]) / 2 for k in range(2)]


def test_parts_of_awards_that_are_not_rounded_take_the_memory_of_one_county_at_a_time():
    """Each set of causes shares by another sum of claims: no two of their denominators have anything in common."""
    count, counties = 7, 80
    worth = [np.array([Fraction(mask * (k + 2), 10**6 + 2 * mask + 1) for k in range(counties)], object)
             for mask in range(1 << count)]  # fmt: skip
    tracemalloc.start()
    try:
        parts = shapley(worth, count)
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()
    assert [sum(part[k] for part in parts) for k in (0, 79)] == [worth[-1][k] for k in (0, 79)]


@settings(max_examples=examples(100), deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_closed_rounding_keeps_every_sum_and_moves_nothing_by_a_whole_unit(height, width, data):
    thirds = st.integers(-30, 30).map(lambda n: Fraction(n, 7))
    inner = [[data.draw(thirds) for _ in range(width)] for _ in range(height)]
    rows = [[*row, -sum(row)] for row in inner]
    rows.append([-sum(column) for column in zip(*rows, strict=True)])
    found = round_closed(rows)
    assert all(value.denominator == 1 for row in found for value in row)
    assert all(sum(row) == 0 for row in found) and all(sum(column) == 0 for column in zip(*found, strict=True))
    pairs = [pair for old, new in zip(rows, found, strict=True) for pair in zip(old, new, strict=True)]
    assert all(abs(old - new) < 1 for old, new in pairs)
