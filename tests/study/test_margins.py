"""Margins and edges: checked by hand on models of a line or two."""

from __future__ import annotations

from fractions import Fraction

import pytest

from allocation import AllocationError, Table, run_model
from allocation.analysis.edges import held, near_edges
from allocation.analysis.margins import before_rounding, margins
from allocation.policy.loading import model_from_text
from allocation.run.scenario import Change

MODEL = """
[model]
zh = "测试"
en = "Test"
basis = ["测试"]
award = "award"
pool = "pool"
per_person = "people"
[[parameter]]
name = "pool"
zh = "总额"
en = "Pool"
value = 1000
[[parameter]]
name = "rate"
zh = "系数"
en = "Rate"
bands = [{{ up_to = 100, value = 1 }}, {{ up_to = 200, value = 1 }}, {{ value = 2 }}]
[[input]]
name = "people"
zh = "人数"
en = "People"
[[input]]
name = "last_award"
zh = "上年"
en = "Last"
whole = true
[[column]]
name = "claim"
zh = "得分"
en = "Claim"
formula = "{claim}"
[[column]]
name = "award"
zh = "分配额"
en = "Award"
formula = "{award}"
"""
PLAIN = "largest_remainder(pool, share(pool, claim))"


def small(people, last=None, claim="people", award=PLAIN):
    count = len(people)
    codes = tuple(f"{n:02}" for n in range(1, count + 1))
    values = {"people": tuple(map(Fraction, people)), "last_award": tuple(map(Fraction, last or [0] * count))}
    table = Table(codes, tuple(f"县{code}" for code in codes), values)
    return model_from_text(MODEL.format(claim=claim, award=award)), (table,)


def test_a_margin_is_what_one_more_person_brings_before_rounding():
    model, tables = small([100, 300, 600])
    found = margins(model, tables)
    assert [one.gain for one in found.counties] == [
        Fraction(1000 * (n + 1), 1001) - n for n in (100, 300, 600)
    ]  # fmt: skip
    assert found.input == "people" and found.unrounded == ("award",)
    assert all(one.award in (0, 1) for one in found.counties)


def test_a_county_held_at_its_floor_gains_nothing():
    bounded = "largest_remainder(pool, bounded_share(pool, claim, floor = last_award))"
    model, tables = small([100, 300, 600], [400, 0, 0], award=bounded)
    found = margins(model, tables)
    assert found.counties[0].gain == 0 and found.counties[1].gain > 0
    assert held(found.run) == {"01": "floor"}


def test_a_larger_step_gives_the_gain_for_one_and_the_award_for_the_whole_step():
    model, tables = small([100, 300, 600])
    one = margins(model, tables, step=Fraction(50)).counties[0]
    assert one.gain == (Fraction(1000 * 150, 1050) - 100) / 50 and one.award == 43


def test_where_only_the_rounding_cannot_be_done_there_is_no_margin():
    model, tables = small([100, 300], award="largest_remainder(total(people), share(total(people), claim))")
    assert [one.gain for one in margins(model, tables, step=Fraction(1, 2)).counties] == [None, None]
    assert [one.award for one in margins(model, tables).counties] == [1, 1]


def test_rounding_on_the_way_is_left_out_too_and_the_pool_still_closes(reward, counties):
    smooth, columns = before_rounding(reward)
    figures = run_model(smooth, counties).figures("award")
    assert columns == ("award",) and sum(figures) == 1000 and any(value.denominator > 1 for value in figures)


def test_other_changes_hold_and_the_cell_they_set_may_still_be_raised():
    model, tables = small([100, 300, 600])
    found = margins(model, tables, changes=[Change("people@01", Fraction(200))])
    assert found.counties[0].gain == Fraction(1000 * 201, 1101) - Fraction(1000 * 200, 1100)


@pytest.mark.parametrize(
    ("address", "id"),
    [
        ("pool", "study.margin_parameter"),
        ("award", "scenario.is_column"),
        ("peple", "scenario.unknown"),
        ("people@01", "study.margin_county"),
    ],
)
def test_what_cannot_be_raised_county_by_county_is_an_error(address, id):
    model, tables = small([100, 300])
    with pytest.raises(AllocationError) as caught:
        margins(model, tables, address)
    assert [problem.id for problem in caught.value.problems] == [id]


def edges(kind, *args, within=Fraction(1, 100), **more):
    model, tables = small(*args, **more)
    found = near_edges(run_model(model, tables), within)
    return [(one.code, one.value, one.edge, one.relative) for one in found if one.kind == kind]


def test_a_county_within_one_percent_of_a_band_edge_is_listed_and_one_at_two_percent_is_not():
    by_band = "people * step(people, rate)"
    assert edges("band", [199, 202, 204, 205], claim=by_band) == [
        ("01", 199, 200, Fraction(1, 200)),
        ("02", 202, 200, Fraction(1, 100)),
    ]


def test_an_edge_between_bands_of_one_value_is_no_cliff():
    assert edges("band", [100, 101], claim="people * step(people, rate)") == []


def test_a_branch_that_a_county_does_not_take_has_no_edges_for_it():
    claim = "people * step(people, rate) if last_award > 0 else people"
    assert edges("band", [199, 199], [0, 7], claim=claim) == [("02", 199, 200, Fraction(1, 200))]


def test_a_threshold_in_a_test_is_an_edge():
    claim = "people * 2 if people >= 150 else people"
    assert edges("test", [149, 500], claim=claim) == [("01", 149, 150, Fraction(1, 150))]


def test_a_floor_that_all_but_binds_is_listed_with_what_the_county_would_get():
    bounded = "largest_remainder(pool, bounded_share(pool, claim, floor = last_award))"
    found = edges("floor", [100, 300, 600], [97, 0, 610], award=bounded)
    assert found == [("01", Fraction(195, 2), 97, Fraction(1, 194))]


def test_a_remainder_next_to_the_cut_is_listed_on_both_sides_and_a_clear_one_is_not():
    quotas = [Fraction(text) for text in ("300.501", "299.499", "400")]
    found = edges("rounding", quotas)
    assert [(code, value, edge) for code, value, edge, _ in found] == [
        ("01", Fraction("0.501"), Fraction("0.499")),
        ("02", Fraction("0.499"), Fraction("0.501")),
    ]
    assert edges("rounding", [Fraction("300.7"), Fraction("299.3"), Fraction(400)]) == []
