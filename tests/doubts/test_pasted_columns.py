"""A column pasted over another of the same unit is a doubt; no shipped table has one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from shipped import sample_model, sample_table

from allocation.doubts.pasted import pasted_doubts
from allocation.policy.loading import load_model
from allocation.run.finding import find
from allocation.run.shelf import model_shelf
from allocation.tables.reading import read_table
from allocation.years.timeline import read_years

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


def doubted(**changed) -> list[tuple[str, ...]]:
    """The pairs in doubt in the sample of the monitor, by their names, with some columns changed."""
    model = sample_model("urbanisation_monitor")
    table = read_years([sample_table("urbanisation_monitor")], model)[0].with_values(**changed)
    return [doubt.figures[:2] for doubt in pasted_doubts(model, table)]


def test_a_part_that_is_the_whole_so_far_is_no_pasted_column_but_two_parts_alike_are():
    model = sample_model("urbanisation_monitor")
    values = read_years([sample_table("urbanisation_monitor")], model)[0].values
    assert doubted() == []
    assert doubted(**{"students_moved.to_school": values["by_channel.students"]}) == []  # nobody to work as yet
    assert doubted(**{"by_quarter.q1": values["settled"]}) == []  # one quarter is over
    assert doubted(**{"by_quarter.q2": values["by_quarter.q1"]}) == [("by_quarter.q1", "by_quarter.q2")]
    assert doubted(farmers=values["by_channel.families"]) == [("by_channel.families", "farmers")]
