"""Formulas that once differed from the engine: great figures beside small ones, what waits for the state, rounding
units edited to nothing, one quota for every county."""

from __future__ import annotations

import pytest
from recalculation import differences, places, recalculated, recorded, states, unequal
from small_models import run

from allocation.analysis.edges import near_edges
from allocation.errors import AllocationError
from allocation.language.functions import ALLOCATING, FUNCTIONS
from allocation.run.run import Run
from allocation.run.scenario import parse_assignment

WIDE = ["9176047.35", "4023111.8", "867.31", "2345.68"]
PEOPLE, CITIES = [1200, 3200, 2500, 2100], ["甲市", "甲市", "丙市", "丁市"]


def same_in_the_workbook(result: Run) -> None:
    book = recorded(result)
    found = recalculated(book)
    assert (differences(book, found), unequal(result, found), states(result, found)) == ([], [], [0, 0])


@pytest.mark.parametrize("power", range(-2, 13, 2))
@pytest.mark.parametrize("fn", ["lowest", "highest"])
def test_the_extreme_of_a_group_is_exact_beside_figures_of_any_size(fn, power):
    far = [10**power * 7 / 4, -(10**power), 867.31, 867.31]
    result = run(x=far, g=CITIES, formula=f"1 if x == {fn}(x, by = g) else 0")
    same_in_the_workbook(result)
    assert result.figures("result")[2:] == (1, 1)


def test_a_county_alone_in_its_group_stands_level_in_the_workbook_too():
    figures = {"spend": [float(one) for one in WIDE], "people": PEOPLE, "city": CITIES}
    columns = {
        "hard": "round(rescale(spend, 0.8, 1.2, by = city), 4)",
        "award": "largest_remainder(1000, share(1000, people * hard))",
    }
    same_in_the_workbook(run(**figures, columns=columns))


HANDED_OUT = {
    "share": "share(100, need)",
    "bounded_share": "bounded_share(100, need, floor = need / 100, cap = need * 9)",
    "largest_remainder": "largest_remainder(100, share(100, need))",
    "fill": "fill(100, need, order = turn)",
    "row_remainder": "largest_remainder(need, parts[use], over = use)",
}


@pytest.mark.parametrize("fn", HANDED_OUT)
def test_what_is_handed_out_over_a_column_makes_no_circle(fn):
    """The need is a column of 测算: it cannot wait for a state that asks it first."""
    example = {"people": [12, 32, 25], "turn": [2, 1, 3], "columns": {"need": "people * 2"}, "formula": HANDED_OUT[fn]}
    if fn == "row_remainder":
        parts = {"a": [20, 60, 30], "b": [4, 4, 20]}
        example |= {"parts": parts, "over": {"parts": "use", "result": "use"}, "lists": {"use": ["a", "b"]}}
    same_in_the_workbook(run(**example))


def test_everything_the_table_calls_allocating_is_tried_over_a_column():
    assert set(HANDED_OUT) == set(ALLOCATING)
    assert {name for name, row in FUNCTIONS.items() if any(arg.name == "pool" for arg in row.args)} <= set(ALLOCATING)


def test_groups_that_are_worked_out_make_no_circle():
    columns = {"kind": "pick(text, classes)", "mean_of_kind": "mean(x, by = kind)"}
    classes = {"甲": "大", "乙": "小"}
    same_in_the_workbook(run(x=[1, 2, 4], text=["甲", "乙", "甲"], classes=classes, columns=columns))


def test_a_negative_claim_typed_into_the_workbook_shows_no_award():
    book = recorded(run(x=[3, 5], formula="share(8, x)"))
    opened = book.opened()
    opened.set_value("数据", 7, 4, -1)
    found = recalculated(book, opened)
    assert [found["测算", row, 4] for row in (7, 8)] == ["#", "#"]


def test_a_sharing_in_the_branch_a_switch_leaves_out_stops_nothing():
    columns = {"award": "bounded_share(100, x, cap = x) if mode == 1 else share(100, x)"}
    same_in_the_workbook(run(x=[3, 1], mode=0, columns=columns))


@pytest.mark.parametrize("edit", [0, -1])
@pytest.mark.parametrize("formula", ["up(x, grid)", "largest_remainder(8, share(8, x), to = grid)"])
def test_a_rounding_unit_edited_to_nothing_or_below_shows_no_award(formula, edit):
    result = run(x=[3, 1], grid=1, formula=formula)
    book = recorded(result)
    opened = book.opened()
    opened.set_value("参数", 5, 3, edit)
    found = recalculated(book, opened)
    assert [found[place] for place in places(result, "result")] == ["#", "#"]
    with pytest.raises(AllocationError) as caught:
        run(x=[3, 1], grid=1, formula=formula, changes=[parse_assignment(f"grid={edit}")])
    assert [problem.id for problem in caught.value.problems] == ["run.bad_step"]


@pytest.mark.parametrize("unit", ["0", "-1", "0.0"])
@pytest.mark.parametrize("call", ["up(x, {})", "down(x, to = {})", "largest_remainder(8, share(8, x), to = {})"])
def test_a_rounding_unit_that_is_not_above_nothing_is_refused_with_the_model(call, unit):
    with pytest.raises(AllocationError) as caught:
        run(x=[3, 1], formula=call.format(unit))
    assert [problem.id for problem in caught.value.problems] == ["language.to_not_positive"]


@pytest.mark.parametrize("quota", ["8 / total(1)", "share(8, 1)", "bounded_share(8, 1, cap = 5)"])
def test_one_quota_for_every_county_is_rounded_and_its_edges_are_found(quota):
    result = run(x=[3, 1, 2], formula=f"largest_remainder(8, {quota})")
    assert result.figures("result") == (3, 3, 2)
    assert {edge.code for edge in near_edges(result) if edge.kind == "rounding"} == {"01", "02", "03"}
    same_in_the_workbook(result)
