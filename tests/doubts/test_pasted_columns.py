"""A column pasted over another of the same unit is a doubt; no shipped table has one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from allocation.doubts.pasted import pasted_doubts
from allocation.policy.loading import load_model
from allocation.run.finding import find
from allocation.run.shelf import model_shelf
from allocation.tables.reading import read_table

MODEL = load_model(Path("models/incentive_fund.toml"))
TABLE = read_table(Path("inputs/jinzhou_2017.xlsx"), MODEL)
PEOPLE = [name for name, entry in MODEL.inputs.items() if entry.unit.name == "人"]
ONE_YEAR = sorted(
    {path.stem.partition("@")[0] for path in model_shelf()} - {"dynamic_fund", "quota_book", "urbanisation_monitor"}
)


@pytest.mark.parametrize("name", ONE_YEAR)
def test_no_shipped_table_has_a_pasted_column(name):
    sample = find(name, None, None)
    assert [*pasted_doubts(sample.model, sample.table)] == []


@pytest.mark.parametrize("target", PEOPLE)
def test_each_column_of_people_pasted_over_another_is_one_doubt(target):
    for source in (name for name in PEOPLE if name != target):
        table = replace(TABLE, values={**TABLE.values, target: TABLE.values[source]})
        (doubt,) = pasted_doubts(MODEL, table)
        assert {*doubt.figures[:2]} == {source, target} and doubt.problem.slots["count"] == len(TABLE)
        assert str(MODEL.inputs[source].label.zh) in doubt.text("zh") and doubt.text("en")


def test_one_other_figure_or_few_different_ones_say_nothing():
    first, second, *_ = PEOPLE
    nearly = (TABLE.values[first][0] + 1, *TABLE.values[first][1:])
    assert not [*pasted_doubts(MODEL, replace(TABLE, values={**TABLE.values, second: nearly}))]
    few = tuple(TABLE.values[first][row % 3] for row in range(len(TABLE)))
    assert not [*pasted_doubts(MODEL, replace(TABLE, values={**TABLE.values, first: few, second: few}))]
