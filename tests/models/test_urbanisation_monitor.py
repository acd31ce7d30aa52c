"""Urbanisation rates and settlement against target: rates of two decimals, ranks, changes and sums over the years."""

from __future__ import annotations

from fractions import Fraction

import pytest
from shipped import sample_table
from worked import ROOT, decimals, failing, model_of, worked

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


CHANNELS, QUARTERS = ("students", "veterans", "five_years", "families", "other"), ("q1", "q2", "q3", "q4")
HALF_YEAR = {
    **YEAR, "settled": [100, 150, 60],
    **{f"by_channel__{channel}": [20, 30, 12] for channel in CHANNELS},
    "students_moved__to_school": [12, 18, 8], "students_moved__to_work": [8, 12, 4], "students_moved__back": [3, 0, 5],
    "family_households": [7, 10, 4], "farmers": [80, 90, None],
    "by_quarter__q1": [40, 80, 60], "by_quarter__q2": [60, 70, 0], "by_quarter__q3": [None] * 3,
    "by_quarter__q4": [None] * 3,
    **{f"target_by_quarter__{quarter}": [25, 25, 20] for quarter in QUARTERS},
}  # fmt: skip


def test_the_law_channels_add_up_to_settled_people_and_quarters_to_years():
    model = model_of("urbanisation_monitor")
    for table in read_years([sample_table("urbanisation_monitor")], model):
        for family, items, whole in (
            ("by_channel", CHANNELS, "settled"), ("by_quarter", QUARTERS, "settled"),
            ("target_by_quarter", QUARTERS, "settled_target"),
        ):  # fmt: skip
            parts = zip(*(table.values[f"{family}.{item}"] for item in items), strict=True)
            assert tuple(sum(part) for part in parts) == table.values[whole]


def test_completion_by_quarter_is_cumulative_over_the_quarters_that_are_over():
    run = worked("urbanisation_monitor", **HALF_YEAR)
    assert run.ok and decimals(run, "quarters_reported") == [2, 2, 2]
    assert decimals(run, "target_by_quarters") == [50, 50, 40]  # of two quarters, not of four
    assert decimals(run, "quarter_completion") == [2, 3, 1.5]
    assert run.figure("quarter_completion_all") == round(Fraction(310, 140), 4)
    assert run.figures("by_quarter.q3") == (None, None, None)  # unknown, not 0


@pytest.mark.parametrize(
    ("changed", "check"),
    [
        ({"by_channel__veterans": [20, 30, 11]}, "channels_add_up"),
        ({"students_moved__to_work": [8, 12, 5]}, "students_add_up"),
        ({"students_moved__to_work": [None] * 3}, "students_add_up"),
        ({"by_channel__families": [0, 30, 12], "by_channel__other": [40, 30, 12]}, "families_within"),
        ({"farmers": [101, 90, 40]}, "farmers_within"),
        ({"by_quarter__q2": [60, 69, 0]}, "quarters_add_up"),
        ({"target_by_quarter__q4": [25, 25, 21]}, "quarter_targets_add_up"),
        ({"by_quarter__q2": [None] * 3, "by_quarter__q3": [60, 70, 0]}, "quarters_in_order"),
    ],
)
def test_parts_that_do_not_make_up_their_whole_fail_with_the_county(changed, check):
    run = worked("urbanisation_monitor", **{**HALF_YEAR, **changed})
    assert not run.ok and check in failing(run)


@pytest.mark.parametrize("quarter", ["q1", "q2"])
def test_a_quarter_s_target_that_is_missing_is_asked_for_and_never_the_year_s_in_its_stead(quarter):
    blank = {f"target_by_quarter__{quarter}": [None] * 3, "target_by_quarter__q4": [50, 50, 40]}
    with pytest.raises(AllocationError) as told:
        worked("urbanisation_monitor", **{**HALF_YEAR, **blank})
    assert all(f"target_by_quarter.{quarter}" in str(problem.slots) or "季度" in problem.text("zh")
               for problem in told.value.problems)  # fmt: skip


def test_a_county_that_is_a_quarter_behind_in_reporting_is_named():
    run = worked("urbanisation_monitor", **{**HALF_YEAR, "by_quarter__q2": [60, 70, None]})
    assert run.ok and failing(run) == {"quarters_alike": ("丙",)}


def test_a_table_without_channels_and_quarters_gives_the_same_figures():
    model = model_of("urbanisation_monitor")
    tables = read_years([sample_table("urbanisation_monitor")], model)
    lists = ("by_channel.", "by_quarter.", "target_by_quarter.", "students_moved.")
    new = [name for name in model.inputs if name.startswith(lists) or name in ("family_households", "farmers")]
    plain = [table.with_values(**dict.fromkeys(new, (None,) * len(table))) for table in tables]
    found, before = timeline(model, tables), timeline(model, plain)
    names = ("completion", "behind", "settled_to_date", "completion_to_date_all", "registered_rate_change")
    for run, old in zip(found.runs, before.runs, strict=True):
        assert [run.figures(name) for name in names] == [old.figures(name) for name in names]
        assert old.figures("quarter_completion") == old.figures("completion")  # of the whole year


def test_contradicting_figures_are_told_with_their_cells(allocation, folder):
    rows = (ROOT / "inputs/urbanisation_monitor.csv").read_text(encoding="utf-8-sig").splitlines()
    first = rows[2].split(",")
    place = rows[1].split(",").index("按渠道落户人数/参军人员（人）")
    first[place] = str(int(first[place]) + 7)
    (folder / "a.csv").write_text("\n".join([*rows[:2], ",".join(first), *rows[3:9]]), encoding="utf-8")
    told = allocation("timeline urbanisation_monitor --input a.csv")
    said = told.out + told.err
    assert told.code == 1 and "按渠道落户人数之和等于当年落户人数：古塔区" in said and "相差 7 人" in said
    assert "a.csv: H3" in said and "a.csv: K3" in said


def test_students_who_go_back_are_no_settled_people_and_farmers_are_a_share_of_those_told_apart():
    run = worked("urbanisation_monitor", **HALF_YEAR)
    assert run.ok and decimals(run, "students_moved_in") == decimals(run, "by_channel.students")
    assert decimals(run, "students_net") == [17, 30, 7]
    assert run.figure("farmers_share_all") == Fraction(170, 250)  # the third county did not tell
    none = worked("urbanisation_monitor", **{**HALF_YEAR, "farmers": [None] * 3})
    assert none.ok and none.figure("farmers_share_all") == 0
