"""A year that is not over is told by the quarters reported: no end of the year, and not its whole target."""

from __future__ import annotations

import csv
import re

import pytest
from docx import Document
from openpyxl import load_workbook
from shipped import HOUSE


@pytest.fixture
def half_a_year(folder):
    """The sample with nothing reported after the second quarter of 2018."""
    with (HOUSE / "inputs/urbanisation_monitor.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    heads = rows[1]
    later = [place for place, head in enumerate(heads) if head.startswith(("分季度落户人数/三", "分季度落户人数/四"))]
    assert len(later) == 2
    for row in rows[2:]:
        if row[heads.index("年度")] == "2018":
            for place in later:
                row[place] = ""
            for head in (head for head in heads if head.startswith(("按渠道落户人数", "其中：进城"))):
                row[heads.index(head)] = ""
            quarters = (row[heads.index(f"分季度落户人数/{quarter}季度（人）")] for quarter in "一二")
            row[heads.index("当年落户人数（人）")] = str(sum(map(int, quarters)))
    with (folder / "半年.csv").open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows(rows)
    return folder


def said(folder, name: str) -> str:
    report = Document(str(next((folder / name).glob("*.docx"))))
    return "\n".join(paragraph.text for paragraph in report.paragraphs)


def test_half_a_year_is_evaluated_by_its_quarters_and_a_whole_year_by_its_target(allocation, half_a_year):
    made = allocation("evaluate --input 半年.csv --year 2018 --out 半")
    assert made.code == 0, made.text
    half = said(half_a_year, "半")
    assert (
        "2018年末，" not in half
        and "2018年末城镇化率" not in half
        and "未达到2018年当年目标" not in half
        and "均达到2018年当年目标" not in half
    )
    assert "未达到累计目标" not in half and "有的年份未达到" not in half and "由高到低排列" not in half
    assert "2018年还没有结束" in half and "同期目标" in half and "年度未结束，按已报的数" in half
    whole = allocation("evaluate --year 2018 --out 全")
    assert whole.code == 0
    text = said(half_a_year, "全")
    assert "2018年末" in text and "还没有结束" not in text and "年度未结束" not in text


def test_so_it_is_in_english(allocation, half_a_year):
    assert allocation("evaluate --input 半年.csv --year 2018 --out half --lang en").code == 0
    half = said(half_a_year, "half")
    assert "At the end of 2018" not in half and "2018 is not over" in half


def test_every_number_of_half_a_year_stands_in_a_cell(allocation, half_a_year):
    assert allocation("evaluate --input 半年.csv --year 2018 --out 半").code == 0
    book = load_workbook(next((half_a_year / "半").glob("*.xlsx")), data_only=True)
    known = {f"{cell.value:,}" for row in book["评估"].iter_rows() for cell in row if isinstance(cell.value, int)}
    rates = {f"{cell.value:.2%}" for row in book["评估"].iter_rows() for cell in row if isinstance(cell.value, float)}
    told = [line for line in said(half_a_year, "半").split("\n") if "同期目标" in line or "按各地已报" in line]
    figures = [figure for line in told for figure in re.findall(r"[\d,]+(?:\.\d+%)?(?=人|%|个(?!季)|。|，|；)", line)]
    assert len(told) > 5 and len(figures) > 30
    assert [figure for figure in figures if figure not in known | rates] == []


def test_who_reports_no_quarters_leaves_the_year_as_it_is(allocation, half_a_year):
    """Quarters may be left out: one county without them beside others with all four is no year under way."""
    table = (HOUSE / "inputs/urbanisation_monitor.csv").read_text("utf-8-sig")
    lines = list(csv.reader(table.splitlines()))
    quarters = [place for place, head in enumerate(lines[1]) if head.startswith("分季度落户人数")]
    for row in lines[2:]:
        if row[1] == "义县" and row[2] == "2018":
            for place in quarters:
                row[place] = ""
    with (half_a_year / "无季度.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)
    assert allocation("evaluate --input 无季度.csv --year 2018 --out 无").code == 0
    assert "2018年末" in said(half_a_year, "无") and "还没有结束" not in said(half_a_year, "无")
