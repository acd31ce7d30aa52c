"""Where a figure adds up parts that are each rounded for themselves, that is said: in its derivation, and on 说明."""

from __future__ import annotations

import pytest
from shipped import HOUSE, sample_model
from small_models import run

from allocation.readings.derivation import derive, text
from allocation.readings.tails import remarks, rounded_parts

POTS = {
    "first": "largest_remainder(pool, share(pool, a), to = 1)",
    "second": "largest_remainder(pot, share(pot, b), to = 1)",
}
UNITS = {"pool": "万元", "pot": "万元", "first": "万元", "second": "万元", "result": "万元"}
GIVEN = {"a": [1, 1, 1], "b": [1, 1, 1], "pool": 100, "pot": 100, "units": UNITS}
SAID = "各项分别按最大余数法取整"


def test_a_sum_of_parts_rounded_each_for_itself_says_so_where_it_is_derived_and_on_the_sheet():
    of = run(**GIVEN, columns=POTS, formula="first + second")
    assert rounded_parts(of.model, "result") == ("first", "second")
    assert of.amounts("result") == (68, 66, 66)  # of 200 added up first: 67, 67, 66
    assert SAID in text(derive(of, "result", 0)) and sum(SAID in note.zh for note in remarks(of)) == 1


@pytest.mark.parametrize(
    ("columns", "formula"),
    [
        (POTS, "first"),
        ({"first": "share(pool, a)", "second": "share(pot, b)"}, "first + second"),
        ({**POTS, "second": "share(pot, b)"}, "first + second"),
        ({}, "largest_remainder(pool, share(pool, a + b), to = 1)"),
    ],
)
def test_nothing_is_said_of_what_is_rounded_once_or_not_at_all(columns, formula):
    of = run(**GIVEN, columns=columns, formula=formula)
    assert SAID not in text(derive(of, "result", 0)) and not any(SAID in note.zh for note in remarks(of))


def test_of_the_shipped_models_those_say_so_that_round_each_factor():
    models = {path.stem: sample_model(path.stem) for path in (HOUSE / "models").glob("*.toml")}
    saying = {
        name: [column for column in model.columns if rounded_parts(model, column)] for name, model in models.items()
    }
    assert saying["incentive_fund"] == saying["infrastructure_subsidy"] == ["preliminary"]
    assert not saying["land_quota"] and not saying["地方奖补"]
