"""Lists are expanded into plain names before anything else sees them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from small_models import model, run

from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text

SHIPPED = Path(__file__).parent.parent.parent / "models"
LIST = {"lists": {"use": ["house", "road"], "origin": ["far", "near"]}}
QUOTA = {"house": [1, 2], "road": [3, 4]}
OVER = {"quota": "use", "rate": "use", "people": "origin", "result": "use"}
RATE = {"house": 10, "road": "1/2"}
PEOPLE = {"far": [100, 200], "near": [300, 400]}
FULL = {**LIST, "quota": QUOTA, "rate": RATE, "people": PEOPLE}
SINGLE = {key: value for key, value in OVER.items() if key != "result"}


def results(formula: str) -> dict[str, tuple]:
    found = run(formula=formula, over=OVER, **FULL)
    return {key: found.figures(f"result.{key}") for key in LIST["lists"]["use"]}


def single(formula: str) -> tuple:
    return run(formula=formula, over=SINGLE, **FULL).figures("result")


def refused(formula: str, over=SINGLE) -> str:
    with pytest.raises(AllocationError) as caught:
        model(formula=formula, over=over, **FULL)
    found = {problem.id for problem in caught.value.problems} - {"model.no_name"}
    assert caught.value.text("zh")
    return found.pop().removeprefix("language.")


def test_a_column_over_a_list_is_one_plain_column_an_item():
    assert results("quota[use] * rate[use]") == {"house": (10, 20), "road": (Fraction(3, 2), 2)}


def test_one_item_may_be_named_anywhere():
    assert results("quota[use] + quota[road]") == {"house": (4, 6), "road": (6, 8)}
    assert single('quota[house] + quota["road"]') == (4, 6)


def test_a_sum_over_a_list_adds_every_item():
    assert single("sum_over(quota[use])") == (4, 6)
    assert single("sum_over(quota)") == (4, 6)
    assert single("sum_over(quota[use] * rate[use] + 1)") == (Fraction(27, 2), 24)


def test_a_sum_over_the_columns_own_list_runs_over_all_of_it():
    assert results("quota[use] / sum_over(quota[use])")["house"] == (Fraction(1, 4), Fraction(1, 3))
    assert results("quota[use] / sum_over(quota)")["road"] == (Fraction(3, 4), Fraction(2, 3))


def test_a_sum_over_another_list_keeps_the_item_at_hand():
    assert results("sum_over(people[origin] * quota[use])")["house"] == (400, 1200)


def test_functions_over_counties_take_an_item():
    assert results("part(quota[use])")["house"] == (Fraction(1, 3), Fraction(2, 3))


def test_each_item_may_have_a_formula_of_its_own():
    found = run(formulas={"house": "1", "road": "quota[use] * 2"}, over=OVER, **FULL)
    assert [found.figures(f"result.{key}") for key in QUOTA] == [(1, 1), (6, 8)]


def test_labels_and_headings_of_an_item_name_both():
    column = model(formula="quota[use]", over=OVER, **FULL).columns["result.house"]
    assert (column.label.zh, column.heading.zh, column.item.zh) == ("result/house", "result", "house")


REFUSED = {
    "quota + 1": "list_bare",
    "quota[use]": "list_unbound",
    "quota[hous]": "unknown_item",
    "quota[origin]": "unknown_item",
    "total(quota)": "list_bare",
    "sum_over(1)": "sum_over_needs_list",
    "sum_over(people[origin] * quota[use])": "sum_over_needs_list",
    "largest_remainder(1, quota[use], over = use)": "list_unbound",
    "largest_remainder(1, quota[house], over = purpose)": "unknown_list",
    "unknown[use]": "not_a_list",
}


@pytest.mark.parametrize("formula", REFUSED)
def test_a_list_used_amiss_is_refused(formula):
    assert refused(formula) == REFUSED[formula]


def test_a_row_is_closed_over_its_parts_or_its_counties_but_not_both():
    assert refused("largest_remainder(1, quota[use], over = use, by = quota)", OVER) == "over_and_by"


def row(parts: dict, total: list, exact: bool = True, to: object = 1, **more: object) -> list[list]:
    keys = list(parts)
    found = run(
        lists={"use": keys}, over={"piece": "use", "result": "use"}, piece=parts, whole=total, exact=exact,
        formula=f"largest_remainder(whole, piece[use], to = {to}, over = use)", **more,
    )  # fmt: skip
    return [[float(value) for value in found.figures(f"result.{key}")] for key in keys]


@pytest.mark.parametrize("exact", [True, False])
def test_a_row_closes_in_every_county(exact):
    parts = {"a": [1.5, "1/3"], "b": [1.5, "1/3"], "c": [1, "1/3"]}
    assert row(parts, [4, 1], exact) == [[2, 1], [1, 0], [1, 0]]


@pytest.mark.parametrize("exact", [True, False])
def test_a_row_may_have_more_than_ten_parts(exact):
    parts = {f"k{place}": [0.5] for place in range(24)}
    assert sum(figures[0] for figures in row(parts, [12], exact)) == 12


@pytest.mark.parametrize("exact", [True, False])
def test_a_row_that_cannot_close_is_named_by_its_county(exact):
    with pytest.raises(AllocationError) as caught:
        row({"a": [1, 1, 1], "b": [1, 1, 1]}, [2, 2, 7], exact)
    [problem, *_] = caught.value.problems
    assert (problem.id, problem.slots["counties"]) == ("run.row_rounding", ("县03",))
    assert "县03" in problem.text("zh")


def test_a_row_outside_the_branch_taken_need_not_close():
    found = run(
        lists={"use": ["a", "b"]}, over={"piece": "use", "result": "use"}, piece={"a": [1, 1], "b": [1, 1]},
        whole=[2, 9], formula="largest_remainder(whole, piece[use], over = use) if whole == 2 else 0",
    )  # fmt: skip
    assert [found.figures(f"result.{key}") for key in "ab"] == [(1, 0), (1, 0)]


def test_a_list_too_long_for_one_sum_is_refused_not_followed():
    keys = [f"k{place}" for place in range(200)]
    with pytest.raises(AllocationError) as caught:
        model(lists={"use": keys}, over={"x": "use"}, x={key: [1] for key in keys}, formula="sum_over(x[use])")
    assert [problem.id for problem in caught.value.problems] == ["language.too_many_terms"]


def test_a_list_that_is_nowhere_is_said_also_where_another_column_takes_its_items():
    text = (SHIPPED / "infrastructure_subsidy.toml").read_text("utf-8")
    first = text.index('over = "', text.index("[[column]]"))
    broken = text[:first] + 'over = "nowhere"' + text[text.index("\n", first) :]
    with pytest.raises(AllocationError) as caught:
        model_from_text(broken)
    assert "model.no_list" in {one.id for one in caught.value.problems}
