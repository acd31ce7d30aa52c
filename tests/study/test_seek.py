"""Search: the answer, put back, hits the target; none and several are said; what may be asked for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import HOUSE

from allocation import AllocationError, Table, load_model, run_model
from allocation.analysis import seek as module
from allocation.analysis.asked import ask
from allocation.analysis.seek import Limits, Target, seek
from allocation.policy.loading import model_from_text
from allocation.run.scenario import Change, apply_changes

FIGURES = ("award@210726", "award@凌海市", "highest(award)", "total(award)", "award / settled@210702")

PEAK = """
[model]
zh = "峰"
en = "Peak"
basis = ["测试"]
award = "award"
[[parameter]]
name = "x"
zh = "参数"
en = "Parameter"
value = 10
min = 0
max = 1000
[[input]]
name = "people"
zh = "人数"
en = "People"
[[column]]
name = "award"
zh = "分配额"
en = "Award"
formula = "{formula}"
"""


def peak(formula: str):
    table = Table(("01",), ("甲县",), {"people": (Fraction(1),)})
    return model_from_text(PEAK.format(formula=formula)), (table,)


def searched(model, tables, address, figure, target, changes=(), **limits):
    asked = ask(figure, model, tables[0])
    return seek(Target(model, tables, address, asked, Fraction(target), changes), Limits(**limits))


@settings(max_examples=examples(15), deadline=None)
@given(st.sampled_from(FIGURES), st.sampled_from(["pool", "settled@210781", "cap_rate"]), st.data())
def test_the_answer_put_back_hits_the_target_within_one_unit(reward, counties, figure, address, data):
    asked = ask(figure, reward, counties[0])
    bounds = {"pool": (500, 2500), "settled@210781": (0, 1000), "cap_rate": (2, 5)}[address]
    hidden = Change(address, Fraction(data.draw(st.integers(*bounds))))
    target = asked.of(run_model(reward, counties, [hidden]))
    limits = Limits(low=Fraction(bounds[0]), high=Fraction(bounds[1]))
    found = seek(Target(reward, counties, address, asked, target), limits)
    assert found.answer is not None and found.stretches
    reached = asked.of(run_model(reward, counties, [Change(address, found.answer.value)]))
    assert reached == found.answer.figure and abs(reached - target) <= found.within
    for one in found.stretches:
        for end in (one.low, one.high):
            assert asked.of(run_model(reward, counties, [Change(address, end)])) == one.figure


def test_the_stretch_is_all_the_values_that_reach_the_target_and_none_beyond(reward, counties):
    found = searched(reward, counties, "pool", "award@210726", 280)
    (one,) = found.stretches
    at = {pool: run_model(reward, counties, [Change("pool", Fraction(pool))]).figures("award")[2]
          for pool in range(int(one.low) - 1, int(one.high) + 2)}  # fmt: skip
    assert [value == 280 for value in at.values()] == [False, *[True] * (len(at) - 2), False]


def test_of_several_stretches_all_are_listed_and_the_nearest_to_the_present_is_the_answer():
    model, tables = peak("round(0.01 * x * (1000 - x) * people)")  # a parabola: 1600 at 200 and at 800
    found = searched(model, tables, "x", "award@甲县", 1600)
    assert [(one.low, one.high) for one in found.stretches] == [(200, 200), (800, 800)]
    assert found.answer.value == 200


def test_a_target_that_is_met_already_is_answered_with_the_present_value(reward, counties):
    award = run_model(reward, counties, [Change("pool", Fraction(1003))]).figures("award")[2]
    model = apply_changes(reward, counties, [Change("pool", Fraction(1003))])[0]
    found = searched(model, counties, "pool", "award@210726", award)
    assert found.stretches[0].low < 1003 < found.stretches[0].high and found.answer.value == 1003


def test_a_peak_that_only_touches_the_target_between_coarse_steps_is_found():
    model, tables = peak("round(100 - abs(x - 487) * people)")
    assert searched(model, tables, "x", "award@01", 100).answer.value == 487


def test_a_target_that_is_jumped_past_is_not_reached_and_the_neighbours_are_given():
    model, tables = peak("round(people * (10 if x < 437 else 90))")
    found = searched(model, tables, "x", "award@01", 50)
    assert found.answer is None and not found.stretches
    ((left, right),) = found.jumps
    assert (left.value, left.figure, right.value, right.figure) == (436, 10, 437, 90)
    assert (found.below.figure, found.above.figure) == (10, 90)


def test_a_target_out_of_reach_names_the_nearest_figure_on_the_one_side_there_is(reward, counties):
    found = searched(reward, counties, "pool", "award@210726", 100_000)
    assert found.answer is None and found.above is None
    assert found.below.figure == 450  # the cap: 300 % of last year's 150


def test_values_with_which_the_model_cannot_run_are_passed_over_and_counted(reward, counties):
    found = searched(reward, counties, "pool", "award@210726", 75)
    assert found.refused > 0 and found.answer.value >= 450  # below 450 the floors cannot be met


def test_a_range_in_which_the_model_never_runs_is_the_models_own_error(reward, counties):
    with pytest.raises(AllocationError) as caught:
        searched(reward, counties, "pool", "award@210726", 75, low=Fraction(0), high=Fraction(10))
    assert {problem.id for problem in caught.value.problems} == {"run.infeasible"}


def test_other_changes_hold_in_every_run_and_may_not_touch_what_is_varied(reward, counties):
    found = searched(reward, counties, "settled@210726", "award@210726", 300, changes=[Change("pool", Fraction(1200))])
    back = [Change("pool", Fraction(1200)), Change("settled@210726", found.answer.value)]
    assert run_model(reward, counties, back).figures("award")[2] == 300
    with pytest.raises(AllocationError) as caught:
        searched(reward, counties, "pool", "award@210726", 300, changes=[Change("pool", Fraction(1200))])
    assert caught.value.problems[0].id == "scenario.twice"


@pytest.mark.parametrize(
    ("address", "options", "id"),
    [
        ("pol", {}, "scenario.unknown"),
        ("award", {}, "scenario.is_column"),
        ("size_rate", {}, "scenario.needs_key"),
        ("size", {}, "scenario.not_number"),
        ("pool", {"low": Fraction(10), "high": Fraction(5)}, "study.empty_range"),
        ("pool", {"high": Fraction(10**6)}, "model.out_of_range"),
    ],
)
def test_what_cannot_be_varied_is_an_error(reward, counties, address, options, id):
    with pytest.raises(AllocationError) as caught:
        searched(reward, counties, address, "award@210726", 75, **options)
    assert [problem.id for problem in caught.value.problems] == [id]
    assert caught.value.text("zh") and caught.value.text("en")


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("award@210726", 261),
        ("分配额@黑山县", 261),
        ("award@古塔区", 233),
        ("total(award)", 1000),
        ("award / settled * 2@210726", Fraction(261 * 2, 90)),
        ("pool", 1000),
    ],
)
def test_a_figure_is_a_column_at_a_county_or_a_formula(reward, counties, figure, value):
    run = run_model(reward, counties)
    awards = dict(zip(counties[0].codes, run.figures("award"), strict=True))
    expected = {261: awards["210726"], 233: awards["210702"], Fraction(522, 90): awards["210726"] * 2 / Fraction(90)}
    assert ask(figure, reward, counties[0]).of(run) == expected.get(value, value)


def test_a_formula_at_one_county_does_not_stumble_over_another(reward, counties):
    run = run_model(reward, counties, [Change("settled@210781", Fraction(0))])
    assert ask("award / settled@210702", reward, counties[0]).of(run) == run.figures("award")[0] / Fraction(180)
    with pytest.raises(AllocationError) as caught:
        ask("award / settled@210781", reward, counties[0]).of(run)
    assert [problem.id for problem in caught.value.problems] == ["run.division"]


@pytest.mark.parametrize(
    ("figure", "id", "underlined"),
    [
        ("highest(awrd)", "language.unknown_name", "highest(awrd)\n        ^^^^"),
        ("awrd@210726", "language.unknown_name", "awrd\n^^^^"),
        ("award + settled@210726", "language.units_differ", "award + settled\n^^^^^^^^^^^^^^^"),
        ("deviation(award)", "language.irrational", "deviation(award)\n^^^^^^^^^^^^^^^^"),
        ("award", "study.figure_many", ""),
        ("size@210726", "study.figure_not_number", ""),
        ("award@size=大城市", "study.figure_group", ""),
        ("award@黑山", "scenario.no_county", ""),
    ],
)
def test_what_gives_no_one_figure_is_an_error_that_underlines_the_spot(reward, counties, figure, id, underlined):
    with pytest.raises(AllocationError) as caught:
        ask(figure, reward, counties[0])
    assert [(problem.id, problem.excerpt) for problem in caught.value.problems] == [(id, underlined)]
    assert caught.value.text("zh") and caught.value.text("en")


def test_lists_may_be_used_in_a_figure():
    model = load_model(HOUSE / "models" / "incentive_fund.toml")
    table = Table(("01",), ("甲县",), {})
    assert ask("sum_over(weight[factor])", model, table).decimals is None
    assert ask("total(settled[cross_province])", model, table).unit.name


def test_exact_figures_are_worked_out_together_where_floating_point_has_been_before(reward, counties, monkeypatch):
    """Where floats foresee nothing the answer is the same, found one by one."""
    run = module.run_batch

    def counted(*args, exact, **options):
        outcomes = run(*args, exact=exact, **options)
        if exact:
            heights.append(len(args[2]))
        return outcomes

    heights: list[int] = []
    monkeypatch.setattr(module, "run_batch", counted)
    together = searched(reward, counties, "pool", "award@210726", 280)
    assert len(heights) == 1
    monkeypatch.setattr(module._GridSearch, "foresee", lambda search, places: one_by_one(search, places))
    assert searched(reward, counties, "pool", "award@210726", 280) == together
    assert len(heights) > 10


def one_by_one(search, places) -> None:
    """Only what the search stands at."""
    if len(places) == 1:
        search.known[places[0]] = search.figures([places[0] * search.step])[0]
