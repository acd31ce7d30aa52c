"""What many cells of a column lack is told in one line with all its cells; mere advice is told and not counted."""

from __future__ import annotations

import re

import pytest

from allocation.errors import MANY, AllocationError, Problem, gathered

ROWS = [("210702", "古塔区"), ("210703", "凌河区"), ("210726", "黑山县"), ("210781", "凌海市")]


def blank_table(folder, blanks: int) -> None:
    head = "行政区代码,名称,城市规模,落户人数（人）,财政收入（万元）,城镇化率（%）,困难系数,上年分配额（万元）"
    rows = [
        f"{code},{name},小城市,{'' if place < blanks else 90},100,40,1,100" for place, (code, name) in enumerate(ROWS)
    ]
    (folder / "表.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("blanks", [1, 2, 3, 4])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_blanks_of_a_column_are_a_line_each_up_to_two_and_one_line_from_three_on(allocation, folder, blanks, lang):
    blank_table(folder, blanks)
    told = allocation(f"check reward --input 表.csv --lang {lang}")
    assert told.code == 2
    lines = [line for line in told.err.splitlines() if re.match(r"表\.csv: D\d", line)]
    assert len(lines) == (1 if blanks >= MANY else blanks)
    for _, county in ROWS[:blanks]:
        assert sum(line.count(county) for line in lines) == 1
    assert {cell for line in lines for cell in re.findall(r"D\d", line.split(": ")[1])} >= {"D2", f"D{blanks + 1}"}
    assert re.search(rf"共 {blanks} 处|^{blanks} thing", told.err, re.M), told.err


def test_what_is_told_keeps_the_order_and_every_problem_that_is_not_alike():
    def blank(cell: str, county: str, label: str) -> Problem:
        return Problem("run.missing", {"county": county, "input": label, "column": "丙"}, f"表.xlsx: 数据!{cell}")

    first = [blank(f"D{row}", f"县{row}", "甲") for row in range(5, 25)]
    second = [blank(f"E{row}", f"县{row}", "乙") for row in (5, 6)]
    other = Problem("cli.twice", {"option": "--set"})
    told = gathered([first[0], other, *second, *first[1:]])
    assert [problem.id for problem in told] == ["run.missing_several", "cli.twice", "run.missing", "run.missing"]
    text = told[0].text("zh")
    assert text.startswith("表.xlsx: 数据!D5:D24: “甲”有 20 个没有填（县5、县6") and "…" in text and "县20" not in text
    assert AllocationError([*first, *second, other]).count == 23


def test_advice_is_told_and_not_counted():
    advice = Problem("departments.choose", {"count": 1, "key": "甲/乙", "label": "乙"}, "--choose", advice=True)
    error = AllocationError([Problem("cli.twice", {"option": "--set"}), advice])
    assert error.count == 1 and "--choose" in error.text("zh")
