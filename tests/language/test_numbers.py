"""The numbers reading: what is missing, which branch is taken, batches of scenarios, periods, exact beside float."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from refusals import BOTH, refused
from small_models import model, run, tables

from allocation.errors import AllocationError
from allocation.readings.numbers import Evaluator
from allocation.run.run import parameter_arrays, run_model
from allocation.run.scenario import apply_changes, parse_assignment
from allocation.tables.table import Table

# ---- missing


@BOTH
def test_every_blank_that_is_needed_is_told_once_with_its_county_and_input(exact):
    found = refused(exact, x=[1, "—", "—"], y=["—", 2, 3], columns={"a": "x + y", "b": "x * 2", "result": "a + b"})
    assert [(p.id, p.slots["county"], p.slots["input"].zh) for p in found] == [
        ("run.missing", "县02", "x"), ("run.missing", "县03", "x"), ("run.missing", "县01", "y"),
    ]  # fmt: skip


@BOTH
def test_a_blank_in_a_branch_not_taken_is_not_needed(exact):
    formula = "x if size > 1 else y if size > 0 else 0"
    found = run(exact=exact, size=[2, 1, 0], x=[5, "—", "—"], y=["—", 6, "—"], formula=formula)
    assert found.figures("result") == (5, 6, 0)


@BOTH
def test_a_blank_after_what_decides_is_not_needed(exact):
    example = {"x": [1, "—"], "formula": "1 if given(x) and x > 0 else 2"}
    assert run(exact=exact, **example).figures("result") == (1, 2)
    example["formula"] = "1 if not given(x) or x > 5 else 2"
    assert run(exact=exact, **example).figures("result") == (2, 1)


@BOTH
def test_a_test_of_one_figure_passes_over_the_other_branch_as_a_whole(exact):
    example = {"x": [1, "—"], "on": 0, "formula": "share(10, x) if on == 1 else 3"}
    assert run(exact=exact, **example).figures("result") == (3, 3)
    assert [p.id for p in refused(exact, **{**example, "on": 1})] == ["run.missing"]


@BOTH
def test_a_function_over_counties_in_a_branch_ranges_over_all_of_them(exact):
    found = run(exact=exact, x=[1, 3], formula="total(x) if x > 2 else 0")
    assert found.figures("result") == (0, 4)
    assert [p.id for p in refused(exact, x=["—", 3], formula="total(x) if given(x) else 0")] == ["run.missing"]


@BOTH
def test_a_blank_bound_is_no_bound(exact):
    found = run(exact=exact, claim=[1, 1, 2], most=[10, "—", "—"], formula="bounded_share(100, claim, cap = most)")
    assert found.figures("result") == (10, 30, 60)


@BOTH
def test_a_blank_text_is_missing_too(exact):
    found = refused(exact, kind=["a", "—"], formula='1 if kind == "a" else 0')
    assert [(p.id, p.slots["county"]) for p in found] == [("run.missing", "县02")]


def test_the_cell_of_a_blank_is_cited():
    table = Table(("01",), ("甲",), {"x": (None,)}, cells={("x", 0): "数据!C7"})
    with pytest.raises(AllocationError) as caught:
        run_model(model(x=[1], formula="x"), table)
    assert caught.value.problems[0].where == "数据!C7"


# ---- faults


@BOTH
def test_division_by_zero_names_column_counties_and_divisor_in_both_languages(exact):
    [found] = refused(exact, x=[1, 2, 3], y=[1, 0, 0], formula="x / y")
    assert (found.id, found.slots["counties"]) == ("run.division", ("县02", "县03"))
    assert "y" in found.text("en") and "县02、县03" in found.text("zh")


@BOTH
def test_division_by_zero_in_a_branch_not_taken_is_none(exact):
    assert run(exact=exact, x=[6, 2], y=[3, 0], formula="x / y if y > 0 else 0").figures("result") == (2, 0)


@BOTH
def test_two_exceptions_for_one_county_name_both_sources_and_the_county(exact):
    exceptions = [
        {"when": "x > 1", "formula": "1", "source": "第一条"},
        {"when": "x > 2", "formula": "2", "source": "第二条"},
    ]
    [found] = refused(exact, x=[1, 2, 3], formula="0", exception=exceptions)
    assert found.id == "run.two_exceptions"
    assert (found.slots["one"], found.slots["other"], found.slots["counties"]) == ("第一条", "第二条", ("县03",))
    assert run(exact=exact, x=[1, 2], formula="0", exception=exceptions).figures("result") == (0, 1)


@BOTH
def test_a_figure_too_large_to_hold_is_told_not_printed(exact):
    assert [p.id for p in refused(exact, x=[10**29], formula="round((x ** 9) ** 9)")] == ["run.not_finite"]


@BOTH
def test_the_root_of_a_negative_figure_names_the_county(exact):
    [found] = refused(exact, x=[4, -1], formula="round(root(x), 2)")
    assert (found.id, found.slots["counties"]) == ("run.negative_root", ("县02",))


@BOTH
def test_an_unknown_class_names_the_county_and_the_nearest_key(exact):
    [found] = refused(exact, kind=["大城市", "大城巿"], rate={"大城市": 1, "县城": 2}, formula="pick(kind, rate)")
    assert (found.id, found.slots["counties"], found.slots["nearest"]) == ("run.no_key", ("县02",), "大城市")


@BOTH
def test_a_rounding_unit_must_be_above_zero(exact):
    assert [p.id for p in refused(exact, x=[4], unit_of=0, formula="up(x, unit_of)")] == ["run.bad_step"]


def test_what_rests_on_a_failed_column_is_not_told_again():
    found = refused(x=[1], y=[0], columns={"a": "x / y", "b": "a + 1", "c": "y / y", "result": "b + c"})
    assert [p.slots["column"].zh for p in found] == ["a", "c"]


# ---- checks


@BOTH
def test_a_check_that_fails_names_its_counties(exact):
    found = run(exact=exact, x=[1, 5], formula="x", check={"small": "x < 3", "sum_is_six": "total(x) == 6"})
    assert [(c.name, c.ok, c.counties) for c in found.checks] == [("small", False, ("县02",)), ("sum_is_six", True, ())]
    assert not found.ok


@BOTH
def test_an_award_that_misses_its_pool_fails_the_closing_check(exact):
    good = run(exact=exact, x=[1, 2], pool=10, head={"pool": "pool"}, formula="share(pool, x)")
    bad = run(exact=exact, x=[1, 2], pool=10, head={"pool": "pool"}, formula="round(share(pool, x), 1) + 1")
    assert (good.ok, bad.ok) == (True, False)


# ---- rounding and snapping


@BOTH
def test_a_rounding_unit_from_a_parameter_is_the_decimal_it_prints_as(exact):
    found = run(exact=exact, x=[0.57, 0.29, 1.005], to_of=0.01, formula="up(x, to_of)")
    assert found.figures("result") == (Fraction(57, 100), Fraction(29, 100), Fraction(101, 100))


@BOTH
def test_comparisons_do_not_see_float_noise(exact):
    assert run(exact=exact, x=[0.1], formula="1 if x * 3 == 0.3 else 0").figures("result") == (1,)


def test_a_figure_at_the_very_edge_is_noted():
    edge = Fraction(5 * 10**8 - 1, 10**9) + Fraction(5, 10**10)
    table = Table(("01", "02"), ("甲", "乙"), {"x": (edge, Fraction(1))})
    found = run_model(model(x=[1], formula="round(x)"), table)
    assert [(note.id, note.slots["counties"]) for note in found.notes] == [("run.near_edge", ("甲",))]


# ---- batches of scenarios


def batch(example: dict, *changes: str, exact: bool = True) -> Evaluator:
    base, given = model(**example), tables(example)
    models = [apply_changes(base, given, [parse_assignment(one)])[0] for one in changes]
    evaluator = Evaluator(base, given[0], parameter_arrays(models, exact), exact)
    evaluator.columns()
    assert evaluator.problems == []
    return evaluator


BATCHES = {
    "a scalar": ({"x": [1, 2, 4], "p": 3, "formula": "x * p + total(x) / p"}, ("p=1", "p=2", "p=5")),
    "a test of one figure": (
        {"x": [1, 2, 4], "y": [0, 1, 2], "p": 0, "formula": "x / y if p == 0 else x * p"},
        ("p=1", "p=2"),
    ),
    "bands": (
        {"x": [1, 2, 4], "b": [{"up_to": 2, "value": 1}, {"value": 9}], "formula": "step(x, b) * x"},
        ("b.1=3", "b.2=4"),
    ),
    "a keyed table": ({"k": ["a", "b", "a"], "t": {"a": 1, "b": 2}, "formula": "pick(k, t)"}, ("t.a=3", "t.b=4")),
    "a share": ({"x": [1, 2, 4], "p": 30, "formula": "bounded_share(p, x, cap = 12)"}, ("p=21", "p=30", "p=36")),
    "whole units": (
        {"x": [1, 2, 4], "p": 30, "formula": "largest_remainder(p, share(p, x))"},
        ("p=20", "p=30", "p=31"),
    ),
    "rounding units": (
        {"x": [1, 2, 4], "p": 1, "formula": "largest_remainder(20, share(20, x), to = p)"},
        ("p=1", "p=5", "p=10"),
    ),
    "up to a unit": ({"x": [1, 2, 4], "p": 1, "formula": "up(x, p)"}, ("p=1", "p=0.5", "p=3")),
    "a fill": ({"x": [1, 2, 4], "p": 1, "formula": "fill(p, x, x)"}, ("p=2", "p=5")),
}


@BOTH
@pytest.mark.parametrize("name", BATCHES)
def test_scenarios_in_one_batch_give_what_each_gives_alone(name, exact):
    example, changes = BATCHES[name]
    together = batch(example, *changes, exact=exact)
    data = together.wide(together.values["result"].data)
    for row, change in enumerate(changes):
        alone = run([parse_assignment(change)], exact, **example).figures("result")
        assert [float(value) for value in data[row]] == pytest.approx([float(value) for value in alone], rel=1e-12)


def test_a_branch_no_scenario_takes_is_not_looked_at():
    example = {"x": [1, "—"], "p": 0, "formula": "total(x) if p > 10 else p"}
    assert np.array_equal(batch(example, "p=1", "p=2").values["result"].data, np.array([[1], [2]]))
