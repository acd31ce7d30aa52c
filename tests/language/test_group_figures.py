"""A figure of a group is one a group: where the figures of all counties are added up it would count once for each of
its counties, and the author is told how to mean once a group."""

from __future__ import annotations

import re

import pytest
from small_models import run

from allocation.errors import AllocationError
from allocation.language.functions import FUNCTIONS

TABLE = {"x": [1, 1, 2], "n": [1, 2, 3], "g": ["A", "A", "B"], "h": ["p", "q", "q"]}
OF_GROUP = ("total(x, by = g)", "mean(x, by = g)", "highest(x, by = g) * 2 + 1", "max(total(x, by = g), 1)",
            "(total(x, by = g) if total(x, by = g) > 1 else 0)", "city")  # fmt: skip
CALLS = {
    ("total", "x"): "total({})", ("mean", "x"): "mean({})", ("deviation", "x"): "round(deviation({}), 3)",
    ("part", "x"): "part({})", ("index", "x"): "index({})", ("standardise", "x"): "round(standardise({}), 3)",
    ("weighted_mean", "weight"): "weighted_mean(n, {})", ("share", "claim"): "share(100, {})",
    ("bounded_share", "claim"): "bounded_share(100, {})", ("largest_remainder", "quota"): "largest_remainder(5, {})",
    ("fill", "need"): "fill(100, {}, order = n)",
}  # fmt: skip


def refused(formula: str, **more: object) -> AllocationError:
    with pytest.raises(AllocationError) as caught:
        run(**TABLE, columns={"city": "total(x, by = g)"}, formula=formula, **more)
    return caught.value


@pytest.mark.parametrize("figure", OF_GROUP)
@pytest.mark.parametrize("place", CALLS)
def test_a_groups_figure_where_counties_are_added_up_is_refused(place, figure):
    (problem,) = refused(CALLS[place].format(figure)).problems
    assert problem.id in ("language.group_claimed", "language.group_added")


def test_every_argument_that_the_table_says_is_added_up_is_tried():
    assert {(name, arg.name) for name, row in FUNCTIONS.items() for arg in row.args if arg.adds} == set(CALLS)


@pytest.mark.parametrize("place", [place for place in CALLS if place[0] in ("share", "bounded_share", "total")])
def test_the_remedy_the_message_gives_counts_each_group_once(place):
    remedy = re.search(r"Once a group: (.*?), each", refused(CALLS[place].format("total(x, by = g)")).text("en"))[1]
    result = run(**TABLE, formula=CALLS[place].format(remedy))
    if place[0] == "total":
        assert result.figure("result") == 4
    else:
        assert result.figures("result") == (25, 25, 50)  # two groups of equal weight


def test_a_pool_for_each_group_shared_within_it_is_the_other_remedy():
    columns = {"pot": "100 * total(x, by = g) / total(x)", "result": "share(pot, n, by = g)"}
    figures = run(**TABLE, columns=columns).figures("result")
    assert (figures[0] + figures[1], figures[2]) == (50, 50)


@pytest.mark.parametrize(
    "formula",
    [
        "share(100, x * total(x, by = g))", "share(100, x / total(x, by = g))", "total(x - mean(x, by = g))",
        "share(total(x, by = g), n, by = g)", "share(total(x, by = g), total(x, by = g), by = g)",
        "bounded_share(100, n, floor = total(x, by = g), cap = total(x, by = g) * 40)",
        "weighted_mean(total(x, by = g), n)", "highest(total(x, by = g))", "count(total(x, by = g) > 1)",
        "total(1 / total(1, by = g))", "share(100, city / size)", "largest_remainder(6, share(6, x, by = g), by = g)",
        "share(100, total(x) * n)", "share(100, total(x))", "rescale(total(x, by = g), 1, 2)",
    ],
)  # fmt: skip
def test_what_is_one_figure_a_county_or_the_same_for_all_stays_right(formula):
    run(**TABLE, columns={"city": "total(x, by = g)", "size": "total(1, by = g)"}, formula=formula)


def test_another_grouping_is_no_excuse():
    assert [one.id for one in refused("share(100, total(x, by = g), by = h)").problems] == ["language.group_claimed"]
