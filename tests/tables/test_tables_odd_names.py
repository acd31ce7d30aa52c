"""Rows among counties that neither code nor sum tells: what is held back, what is left over, notes below a table."""

from __future__ import annotations

import pytest
from small_tables import refused, table

HEAD = ["名称", "落户人数", "投资额"]
ROWS = [["古塔区", 10, 300], ["凌河区", 11, 400], ["太和区", 12, 500], ["黑山县", 13, 600]]
OTHER = (
    "预留", "机动", "待分配", "扣除", "尾差", "计划数", "任务数", "省级留用", "已提前下达",
    "其他", "其他地区", "P90", "上四分位", "减：调整数",
    "折算系数", "与上年比", "单位：人", "序号",
)  # fmt: skip
UNITS = (
    "市本级",
    "高新区",
    "农垦局",
    "第一师",
    "市一中",
    "小计庄",
    "单位A",
    "县1",
    "大余县",
    "增城区",
    "Sumter County",
    "合计县",
    "平均镇",
)


@pytest.mark.parametrize("name", OTHER)
def test_what_is_held_back_or_left_over_is_asked_about(tmp_path, name):
    problems = refused(tmp_path, [HEAD, *ROWS, [name, 5, 50]])
    assert [one.id for one in problems] == ["tables.row_doubt"] and name.split("：")[0] in problems[0].text("zh")
    assert len(table(tmp_path, [HEAD, *ROWS, [name, 5, 50]], rows={name: "within"}).names) == 4
    assert len(table(tmp_path, [HEAD, *ROWS, [name, 5, 50]], rows={name: "unit"}).names) == 5


def test_a_total_that_leaves_it_out_decides_and_one_that_holds_it_does_not(tmp_path):
    without, with_it = ["合计", 46, 1800], ["合计", 51, 1850]
    assert len(table(tmp_path, [HEAD, *ROWS, ["预留", 5, 50], without]).names) == 4
    held = refused(tmp_path, [HEAD, *ROWS, ["预留", 5, 50], with_it])
    assert [one.id for one in held] == ["tables.row_doubt", "tables.totals_to_come"]
    assert len(table(tmp_path, [HEAD, *ROWS, ["凤凰", 5, 50], with_it]).names) == 5


@pytest.mark.parametrize("name", UNITS)
def test_a_name_of_a_place_or_an_office_asks_nothing(tmp_path, name):
    assert table(tmp_path, [HEAD, *ROWS, [name, 5, 50]]).names[-1] == name


def test_names_without_endings_are_alike_and_ask_nothing(tmp_path):
    rows = [["古塔", 10, 300], ["凌河", 11, 400], ["太和", 12, 500], ["黑山", 13, 600]]
    assert len(table(tmp_path, [HEAD, *rows]).names) == 4


@pytest.mark.parametrize(
    "note", ["2017年12月31日", "第1页 共2页", "1.本表由财政局填报", "以下空白", "单位：万元", "主管领导："]
)
def test_a_note_without_figures_is_no_county(tmp_path, note):
    coded = [["代码", *HEAD], *([f"21070{at}", *row] for at, row in enumerate(ROWS, 2))]
    for rows in ([HEAD, *ROWS, [note]], [*coded, [note]]):
        read = table(tmp_path, rows)
        assert len(read.names) == 4


def test_a_county_without_figures_stays(tmp_path):
    assert len(table(tmp_path, [HEAD, *ROWS, ["义县"]]).names) == 5
