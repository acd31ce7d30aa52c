"""What is typed at the end of a day and is not meant: dates in words, endings, nothing to compare."""

from __future__ import annotations

import json

import pytest


def test_a_date_in_words_is_refused_and_nothing_is_written(allocation, contents):
    before = contents()
    for command in ("run reward", "run reward --stage 试算", "notices reward", "evaluate reward"):
        told = allocation(f"{command} --date 昨天")
        assert told.code == 2 and "--date: 日期应写作 2018-03-05 或 2018年3月5日，实际是“昨天”" in told.err
    assert contents() == before


@pytest.mark.parametrize(
    "typed", ["2018-03-05", "2018年3月5日", "2018-3-5", "2018/3/5", "20180305", "２０１８－３－５"]
)
def test_a_date_may_be_typed_as_people_do(allocation, folder, typed):
    assert allocation(f"run reward --date {typed}").code == 0
    assert json.loads((folder / "outputs/reward.json").read_text(encoding="utf-8"))["date"] == "2018-03-05"


@pytest.mark.parametrize("command", ["template reward", "scenario template reward", "template reward --form ledger"])
@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.docx"])
def test_a_workbook_is_not_written_under_another_ending(allocation, contents, command, name):
    before = contents()
    told = allocation(f"{command} --out {name}")
    assert told.code == 2 and "以 .xlsx 结尾" in told.err and contents() == before


def test_an_example_of_a_dated_model_says_its_year_and_checks(allocation):
    assert allocation("template dated --example --out 例.xlsx").code == 0
    told = allocation("check dated --input 例.xlsx")
    assert told.code == 0 and "2022 按人分配" in told.out, told.text


def test_compare_without_scenarios_leaves_the_last_comparison(allocation, contents):
    before = contents()
    told = allocation("compare reward")
    assert told.code == 2 and "allocation scenario list" in told.err and contents() == before


def test_decompose_without_changes_asks_for_them(allocation):
    told = allocation("decompose reward")
    assert told.code == 2 and "--set pool=6000" in told.err


def test_english_lists_say_english_units(allocation):
    assert allocation("run reward --year 2017 --stage 试算 --date 2018-03-05").code == 0
    for command in ("versions", "journal"):
        told = allocation(f"{command} --lang en").out
        assert "1000 × 10,000 yuan" in told and "万元" not in told
        assert "1000 万元" in allocation(command).out
