"""Several years matched by code, the years a rule is in force, exact beside float on whole models."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from refusals import BOTH, refused
from small_models import model, run, tables

from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.run.finding import find
from allocation.run.run import run_model

# ---- periods


@BOTH
def test_years_are_matched_by_code_not_by_row(exact):
    found = run(
        exact=exact, x=[[1, 2, 3], [10, 20, 30]], codes=[["a", "b", "c"], ["c", "a", "b"]],
        early=[[0, 0, 0], [0, 0, 0]],
        before={"x": ["early"]}, formula="x - last(x)",
    )  # fmt: skip
    assert found.figures("result") == (7, 19, 28)


@BOTH
def test_a_county_absent_the_year_before_is_missing_there(exact):
    example = {
        "x": [[1, 2], [10, 20]],
        "codes": [["a", "b"], ["a", "c"]],
        "early": [[0, 0], [0, 0]],
        "before": {"x": "early"},
    }
    assert run(exact=exact, formula="x - last(x) if given(last(x)) else x", **example).figures("result") == (9, 20)
    [found] = refused(exact, formula="x - last(x)", **example)
    assert (found.id, found.slots["counties"]) == ("run.absent_before", ("县c",))


@BOTH
def test_a_single_county_is_not_taken_for_another_one(exact):
    example = {"x": [[1], [10]], "codes": [["a"], ["b"]], "early": [[0], [0]], "before": {"x": "early"}}
    assert [p.id for p in refused(exact, formula="last(x)", **example)] == ["run.absent_before"]


@BOTH
def test_since_reaches_over_several_years_and_then_to_what_came_before_the_first(exact):
    years = [[1, 1], [2, 2], [4, 4], [8, 8]]
    blank = ["—", "—"]
    example = {
        "x": years, "one": [[-1, -10], blank, blank, blank], "two": [[-2, -20], blank, blank, blank],
        "before": {"x": ["one", "two"]}, "formula": "since(x, 2)",
    }  # fmt: skip
    found = run(exact=exact, **example)
    row = [[float(v) for v in np.broadcast_to(values["result"].data, (1, 2))[0]] for values in found.periods]
    assert row == [[-2, -20], [-1, -10], [1, 1], [2, 2]]


@BOTH
def test_a_column_may_rest_on_its_own_past(exact):
    found = run(
        exact=exact, growth=[[1, 2], [3, 4], [5, 6]], start=[[10, 20], ["—", "—"], ["—", "—"]],
        before={"result": "start"}, formula="last(result) + growth",
    )  # fmt: skip
    assert found.figures("result") == (19, 32)


@BOTH
def test_a_figure_of_one_a_run_is_remembered_whole(exact):
    found = run(
        exact=exact, x=[[1, 2], [3, 4, 5]], codes=[["a", "b"], ["a", "b", "c"]], start=[[0, 0], [0, 0, 0]],
        columns={"sum_of": "total(x)"}, before={"sum_of": "start"}, formula="last(sum_of)",
    )  # fmt: skip
    assert found.figures("result") == (3, 3, 3)


@BOTH
def test_nothing_before_the_first_year_is_told(exact):
    [found] = refused(exact, x=[1], formula="since(x, 2)")
    assert (found.id, found.slots["periods"]) == ("run.no_before", 2)


# ---- in force


def test_a_table_of_another_year_is_refused_unless_for_reference():
    example = {"x": [1], "formula": "x", "head": {"effective": {"from": 2018}}}
    with pytest.raises(AllocationError) as caught:
        run(**example)
    assert [p.id for p in caught.value.problems] == ["model.not_in_force"]
    assert run_model(model(**example), tables(example), reference=True).reference


# ---- exact beside float

WHOLE_MODELS = {
    "a hardship coefficient": {
        "people": [912, 407, 333, 1288, 75, 640, 519], "gap": [0.31, 0.52, 0.18, 0.44, 0.67, 0.29, 0.40], "pool": 5000,
        "last_award": [700, 500, 400, 900, 300, 600, 600],
        "columns": {
            "z": "round(standardise(gap), 4)", "k": "rescale(z, 0.8, 1.2)", "claim": "people * k",
            "floor": "up(0.9 * last_award)", "cap": "down(1.3 * last_award)",
            "result": "largest_remainder(pool, bounded_share(pool, claim, floor, cap))",
        },
    },
    "land by bands": {
        "people": [1020, 330, 41, 2500], "land": [1.5, 0.7, 0.01, 4.4], "town": [12000, 5000, 700, 28000], "plan": 12,
        "units": {"people": "人", "land": "平方公里", "town": "人", "rate": "平方米/人", "rate.by": "平方米/人",
                  "result": "公顷", "wanted": "公顷", "a_head": "平方米/人", "plan": "公顷"},
        "rate": [{"up_to": 100, "value": 100}, {"up_to": 150, "value": 80}, {"value": 50}],
        "columns": {
            "a_head": "land / town", "wanted": "people * step(a_head, rate)",
            "result": "largest_remainder(plan, share(plan, wanted), to = 0.0001)",
        },
    },
    "groups": {
        "city": ["甲", "乙", "甲", "乙", "甲"], "need": [3.5, 2.25, 8, 1, 4], "turn": [2, 1, 1, 1, 3],
        "columns": {
            "pools": "total(need, by = city) * 0.7", "served": "fill(pools, need, turn, by = city)",
            "result": "round(served, 2) + rank(need, by = city)",
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_MODELS)
def test_the_exact_run_and_the_float_run_agree(name):
    example = WHOLE_MODELS[name]
    exact, rough = run(exact=True, **example), run(exact=False, **example)
    assert exact.ok and rough.ok
    assert exact.figures("result") == rough.figures("result")
    for column in exact.model.columns:
        ours, theirs = exact.figures(column), rough.figures(column)
        assert [float(value) for value in ours] == pytest.approx([float(value) for value in theirs], rel=1e-12)


MODELS = sorted((Path(__file__).parents[2] / "models").glob("*.toml"))


@pytest.mark.parametrize("path", MODELS, ids=[path.stem for path in MODELS])
def test_a_shipped_model_loads(path):
    from allocation.policy.loading import load_model

    assert load_model(path).order


def test_a_younger_rule_that_was_not_used_makes_no_reference_run():
    found = find("incentive_fund", None, None)
    assert found.table.year < found.model.reference_before
    assert not run_model(found.model, found.table).by_reference  # every coefficient is published: the formula is idle
    many = [Fraction(n) for n in (310, 280, 350, 420, 300, 390, 330)]
    blank = found.table.with_values(
        hardship=(None,) * 7, required_spending=tuple(many), standard_revenue=tuple(many[::-1]),
        standard_gap=tuple(many), standard_spending=tuple(2 * value for value in many),
    )  # fmt: skip
    assert run_model(found.model, blank).by_reference


def test_when_a_rule_is_used_must_be_a_truth_of_the_whole_table():
    found = find("incentive_fund", None, None)
    for formula in ("settled_people > 3", "published_count", "no_such > 1"):
        text = found.model.text.replace('"published_count < total(1)"', f'"{formula}"')
        with pytest.raises(AllocationError) as caught:
            model_from_text(text)
        assert "reference_when" in caught.value.problems[0].where


def test_an_input_that_only_some_counties_left_blank_is_said_and_one_that_nobody_gave_is_not():
    found = find("incentive_fund", None, None)
    rows = found.table.values["earlier.year_2"]
    some = found.table.with_values(**{"earlier.year_2": (None, *rows[1:])})
    (note,) = [one for one in run_model(found.model, some).notes if one.id == "run.partly_blank"]
    assert "古塔区" in note.text("zh") and "前年" in note.text("zh")
    none = found.table.with_values(**{"earlier.year_2": (None,) * 7})
    assert not [one for one in run_model(found.model, none).notes if one.id == "run.partly_blank"]
