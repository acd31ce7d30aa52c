"""A model that builds on earlier years, run on one year alone: told how to run it over years, not to mend a formula."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def yearly(folder):
    """The shipped models over years and their tables in one's own folder."""
    for name in ("urbanisation_monitor", "dynamic_fund"):
        shutil.copy(HOUSE / "models" / f"{name}.toml", folder / "models")
        for ending in ("csv", "toml"):
            shutil.copy(HOUSE / "inputs" / f"{name}.{ending}", folder / "inputs")
    return folder


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_year_that_lacks_the_one_before_is_told_the_command(yearly, allocation, command):
    told = allocation(f"{command} urbanisation_monitor --year 2018")
    assert told.code == 2 and "given(" not in told.err and "请补填" not in told.err
    assert "请用：allocation timeline urbanisation_monitor" in told.err and "allocation evaluate" in told.err
    assert "共 1 处需要修改" in told.err
    told = allocation(f"{command} urbanisation_monitor --year 2018 --lang en")
    assert "Use: allocation timeline urbanisation_monitor (" in told.err
    assert not (yearly / "outputs").exists()


def test_the_command_names_the_table_that_was_typed(yearly, allocation):
    told = allocation("run urbanisation_monitor --year 2018 --input inputs/urbanisation_monitor.csv")
    assert "allocation timeline urbanisation_monitor --input inputs/urbanisation_monitor.csv" in told.err


def test_the_command_that_is_named_runs(yearly, allocation):
    assert allocation("timeline urbanisation_monitor").code == 0
    assert allocation("timeline dynamic_fund").code == 0


def test_other_slips_of_the_year_stay(yearly, allocation):
    table = yearly / "inputs" / "urbanisation_monitor.csv"
    text = table.read_text("utf-8-sig").replace("2018,242000,", "2018,,")
    table.write_text(text, encoding="utf-8")
    told = allocation("run urbanisation_monitor --year 2018")
    assert "D17: 古塔区的“户籍人口”没有填" in told.err and "allocation timeline" in told.err
    assert "第一年的上年" not in told.err and "共 2 处" in told.err


def test_a_table_of_several_years_is_told_both_ways(yearly, allocation):
    told = allocation("run dynamic_fund")
    assert told.code == 2 and "请用 --year 指明" in told.err and "allocation timeline dynamic_fund" in told.err


def test_one_year_that_can_be_run_alone_says_that_it_was(yearly, allocation):
    told = allocation("check dynamic_fund --year 2018")
    assert told.code == 0 and "只算了 2018 年一年，没有接着以前年度往下算" in told.out


def test_a_model_of_one_year_is_told_nothing_of_years(yearly, allocation):
    told = allocation("check reward")
    assert told.code == 0 and "timeline" not in told.text
    told = allocation("check reward --input inputs/none.csv")
    assert told.code == 2 and "timeline" not in told.text
    table = (yearly / "inputs" / "reward.csv").read_text("utf-8-sig").splitlines()
    years = [f"{line},{'年度' if place == 0 else 2016 + place % 2}" for place, line in enumerate(table)]
    (yearly / "几年.csv").write_text("\n".join(years) + "\n", encoding="utf-8")
    told = allocation("check reward --input 几年.csv")
    assert told.code == 2 and "请用 --year 指明" in told.err and "timeline" not in told.text
