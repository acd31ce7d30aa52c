"""The grids figures sit on, bounds off the rounding unit, and limits on what the checker walks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from checked import SCOPE, WHOLE, refused, typed
from small_models import model, run

from allocation.errors import AllocationError
from allocation.language import tree
from allocation.language.grids import grid

GRIDS = {
    "5": WHOLE,
    "0": 0,
    "0.25": Fraction(1, 4),
    "people": 1,
    "people + 0.5": Fraction(1, 2),
    "people * 0.1": Fraction(1, 10),
    "people / 2": None,
    "round(x, 2)": Fraction(1, 100),
    "round(x, -2)": 100,
    "up(x, 10)": 10,
    "down(x)": 1,
    "max(people, people / 3)": None,
    "min(people, 3)": 1,
    "people if x > 1 else 0": 1,
    "total(people)": 1,
    "count(x > 1) + rank(x)": 1,
    "-people": 1,
    "x": None,
    "clip(people, 0, 10)": 1,
}


@pytest.mark.parametrize("formula", GRIDS)
def test_the_grid_a_figure_sits_on_is_known(formula):
    assert grid(typed(formula).node, SCOPE) == GRIDS[formula]


OFF_GRID = {
    "floor = 0.9 * base": "up",
    "cap = 1.5 * base": "down",
    "floor = share_of": "up",
}


@pytest.mark.parametrize("bound", OFF_GRID)
def test_bounds_off_the_rounding_unit_are_asked_to_be_rounded(bound):
    formula = f"largest_remainder(pool, bounded_share(pool, claim, {bound}))"
    with pytest.raises(AllocationError) as caught:
        model(base=[1], claim=[1], share_of=[1], pool=10, formula=formula)
    [problem] = caught.value.problems
    assert problem.id == "language.bound_off_grid"
    assert problem.slots["turn"] == OFF_GRID[bound]


def test_bounds_are_looked_for_through_the_name_of_a_column():
    columns = {"shared": "bounded_share(pool, claim, floor = 0.5)"}
    with pytest.raises(AllocationError, match="not on the rounding unit"):
        model(claim=[1], pool=10, columns=columns, formula="largest_remainder(pool, shared)")


def test_a_rounding_unit_of_tens_needs_bounds_in_tens():
    good = "largest_remainder(100, bounded_share(100, claim, up(base, 10)), to = 10)"
    bad = "largest_remainder(100, bounded_share(100, claim, up(base)), to = 10)"
    assert model(claim=[1], base=[1], formula=good)
    with pytest.raises(AllocationError, match="not on the rounding unit"):
        model(claim=[1], base=[1], formula=bad)


def test_a_bound_moved_off_the_rounding_unit_by_a_change_stops_the_run_instead_of_breaking():
    from allocation.run.scenario import parse_assignment

    example = {"claim": [1, 1, 1], "pool": 4, "most": 2}
    formula = "largest_remainder(pool, bounded_share(pool, claim, cap = most))"
    assert sum(run(formula=formula, **example).figures("result")) == 4
    for exact in (True, False):
        with pytest.raises(AllocationError) as caught:
            run([parse_assignment("most=1.5")], exact, formula=formula, **example)
        [problem] = caught.value.problems
        assert (problem.id, problem.slots["bound"], problem.slots["turn"]) == ("run.bound_broken", "cap", "down")


def test_the_grid_of_a_table_of_fractions_holds_all_of_them():
    bands = [{"up_to": 1, "value": "1/2"}, {"value": "1/3"}]
    with pytest.raises(AllocationError, match="not on the rounding unit"):
        model(x=[1], claim=[1], bands_of=bands,
              formula='largest_remainder(9, bounded_share(9, claim, cap = step(x, bands_of)), to = 0.5)')  # fmt: skip


def test_derived_calls_nested_in_one_another_are_limited_before_they_multiply():
    assert refused("rescale(" * 9 + "x" + ", 1, 2)" * 9) == "too_many_terms"


def test_deep_nesting_of_core_calls_is_checked_in_no_time():
    assert isinstance(typed("abs(" * 30 + "x" + ")" * 30).node, tree.Call)
