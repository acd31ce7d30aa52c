"""Units that a sheet names elsewhere than in the heading: read where that is sure, else they stop."""

from __future__ import annotations

from fractions import Fraction

import pytest
from small_tables import HEAD, ROWS, refused, table

ELSEWHERE = (
    "单位（元）", "金额：元", "（元）", "元", "人民币：元", "单位为元", "以元为单位", "单位：（元）",
    "单位：元（保留整数）", "单位=元", "单位：元；单位：人", "2017年投资表（元）", "单位：元/人", "in yuan",
    "金额单位为元。",
)  # fmt: skip


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_unit_named_elsewhere_is_never_passed_over(tmp_path, text):
    for rows in ([["表"], [None, None, None, text], HEAD, *ROWS], [HEAD, *ROWS, [f"注：{text}"]]):
        if rows[0] == HEAD and not ("单位" in text or "金额" in text or "为" in text):
            continue  # a bare 元 behind 注 says nothing of the table
        problems = refused(tmp_path, rows)
        assert {"tables.unit_elsewhere"} == {one.id for one in problems}
        assert "投资额（元）" in problems[0].text("zh")


def test_what_the_message_says_to_do_gives_the_right_figures(tmp_path):
    head = [*HEAD[:3], "投资额（元）"]
    read = table(tmp_path, [["表"], ["单位（元）"], head, *ROWS])
    assert read.values["money"] == (3, 4, 5)


@pytest.mark.parametrize(
    "text", ["单位（万元）", "金额：万元", "2017年投资表（万元）", "安排资金8000万元", "单位：人/万元", "广元", "多元"]
)
def test_a_unit_that_agrees_and_words_that_are_none_stop_nothing(tmp_path, text):
    assert table(tmp_path, [[text], HEAD, *ROWS]).values["money"] == (30000, 40000, 50000)


@pytest.mark.parametrize("above", ["金额（元）", "金额（单位：元）", "元"])
def test_the_unit_of_a_heading_over_several_columns_holds_for_what_it_measures(tmp_path, above):
    rows = [["代码", "名称", above, None], [None, None, "落户人数", "投资额"], *ROWS]
    read = table(tmp_path, rows)
    assert read.values["money"] == (3, 4, 5) and read.values["people"] == (10, 11, 12)


def test_a_column_of_units_is_asked_about(tmp_path):
    rows = [["代码", "名称", "计量单位", "落户人数", "投资额"], *([*row[:2], "元", *row[2:]] for row in ROWS)]
    assert {"tables.unit_elsewhere"} <= {one.id for one in refused(tmp_path, rows)}


def test_a_line_in_yuan_is_still_converted(tmp_path):
    assert table(tmp_path, [["单位：元"], HEAD, *ROWS]).values["money"][0] == Fraction(3)


@pytest.mark.parametrize("heading", ["投资额——元", "投资额（百元）"])
def test_the_way_out_of_a_near_heading_names_the_unit(tmp_path, heading):
    said = " ".join(one.text("zh") for one in refused(tmp_path, [[*HEAD[:3], heading], *ROWS]))
    assert "投资额（万元）" in said and "不是万元的" in said
