"""Urbanisation rates and settlement against target: rates of two decimals, ranks, changes and sums over the years."""

from __future__ import annotations

from fractions import Fraction

import pytest
from shipped import sample_table
from worked import decimals, model_of, worked

from allocation.errors import AllocationError
from allocation.run.run import run_model
from allocation.years.timeline import read_years, timeline

YEAR = {
    "registered": [30000, 30000, 50000], "registered_urban": [10000, 20000, 25000], "resident": [20000, 40000, 50000],
    "resident_urban": [15000, 20000, 40000], "settled": [100, 150, 60], "settled_target": [100, 100, 80],
    "settled_before": [0, 50, 0], "target_before": [0, 100, 20], "registered_rate_before": [0.33, 0.67, 0.5],
    "resident_rate_before": [0.75, 0.4, 0.9],
}  # fmt: skip


def test_rates_have_two_decimals_and_that_of_all_is_of_the_sums():
    run = worked("urbanisation_monitor", **YEAR)
    assert decimals(run, "registered_rate") == [0.3333, 0.6667, 0.5]
    assert run.figure("registered_rate_all") == Fraction(1, 2) == round(Fraction(55000, 110000), 4)
    assert decimals(run, "registered_rate_change") == pytest.approx([0.0033, -0.0033, 0])
    assert decimals(run, "resident_rate_rank") == [2, 3, 1]


def test_completion_is_ranked_and_who_is_behind_is_behind_by_people():
    run = worked("urbanisation_monitor", **YEAR)
    assert decimals(run, "completion") == [1, 1.5, 0.75] and decimals(run, "completion_rank") == [2, 1, 3]
    assert decimals(run, "behind") == [0, 0, 20]
    assert decimals(run, "settled_to_date") == [100, 200, 60] and decimals(run, "target_to_date") == [100, 200, 100]
    assert decimals(run, "behind_to_date") == [0, 0, 40] and run.figure("completion_to_date_all") == Fraction(9, 10)


def test_over_the_years_settled_people_add_up_and_a_change_is_against_the_year_before():
    model = model_of("urbanisation_monitor")
    found = timeline(model, read_years([sample_table("urbanisation_monitor")], model))
    for code in found.counties:
        assert found.path("settled_to_date", code)[-1] == sum(found.path("settled", code))
        rates, changes = found.path("registered_rate", code), found.path("registered_rate_change", code)
        assert [new - old for old, new in zip(rates, rates[1:], strict=False)] == list(changes[1:])


def test_the_totals_are_the_citys_published_ones_where_there_are_any():
    model = model_of("urbanisation_monitor")
    tables = {table.year: table for table in read_years([sample_table("urbanisation_monitor")], model)}
    assert sum(tables[2018].values["registered"]) == 2_949_600
    assert sum(tables[2018].values["registered_urban"]) == 1_248_800
    real = dict(zip(tables[2020].names, tables[2020].values["resident"], strict=True))
    assert (real["凌海市"], real["北镇市"]) == (412_513, 422_289)
    assert all(table.illustrative for table in tables.values())


def test_more_urban_people_than_people_fail_and_a_missing_rate_before_is_asked_for():
    run = worked("urbanisation_monitor", **{**YEAR, "resident_urban": [15000, 20000, 60000]})
    assert [check.name for check in run.checks if not check.ok] == ["resident_urban_within"]
    with pytest.raises(AllocationError) as caught:
        run_model(run.model, run.table.with_values(registered_rate_before=(None, Fraction(1, 2), Fraction(1, 2))))
    assert "甲" in caught.value.text("zh")
