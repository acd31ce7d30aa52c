"""Returns by quarter: a blank form up to a quarter, and figures of quarters that are not over are unknown, not 0."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from worked_quarters import GUTA, HEAD, LINGHE

FORM = "outputs/urbanisation_monitor_二季度_填报表.xlsx"


@pytest.fixture
def county_returns(folder):
    """county_returns(guta=…, linghe=…) writes the two counties' files with these cells changed, by heading."""

    def write(**changed: dict[str, object]) -> None:
        for name, row in (("guta", GUTA), ("linghe", LINGHE)):
            cells = {**dict(zip(HEAD, row, strict=True)), **changed.get(name, {})}
            with (folder / "returned" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([["2018年落户监测表"], list(cells), list(cells.values())])

    (folder / "inputs" / "recipients.csv").write_text("代码,名称\n210702,古塔区\n210703,凌河区\n", encoding="utf-8")
    return write


def collect(allocation, through: str = "二季度"):
    return allocation(f"collect urbanisation_monitor returned --through {through} --date 2018-07-10")


def test_the_blank_form_of_a_quarter_asks_for_no_later_quarter_but_for_all_targets(allocation, folder):
    told = allocation("template urbanisation_monitor --through 二季度")
    assert told.code == 0, told.err
    items = [cell.value for cell in load_workbook(folder / FORM)["数据"][4] if cell.value]
    assert [sum(text.startswith(word) for text in items) for word in ("二季度", "三季度", "四季度")] == [2, 1, 1]


def test_a_half_year_is_collected_and_evaluated_with_later_quarters_unknown(allocation, county_returns):
    county_returns()
    told = collect(allocation)
    assert told.code == 0, told.err
    book = Path("outputs/urbanisation_monitor_collected_q2.xlsx")
    assert "（报到二季度）" in load_workbook(book).worksheets[0]["A1"].value
    told = allocation(f"timeline urbanisation_monitor --input {book}")
    assert told.code == 0 and "分季度落户人数（三季度、四季度）按没有计" in told.out


def test_a_figure_of_a_quarter_that_is_not_over_and_a_blank_of_one_that_is_are_told_with_their_cells(
    allocation, county_returns
):
    county_returns(guta={"分季度落户人数/三季度": 0}, linghe={"分季度落户人数/二季度": ""})
    told = collect(allocation)
    assert told.code == 2 and not Path("outputs/urbanisation_monitor_collected_q2.xlsx").exists()
    assert "guta.csv: V3: 古塔区的“分季度落户人数/三季度”填了数，本次只报到二季度" in told.err
    assert "linghe.csv: P3: 凌河区没有填“分季度落户人数/二季度”" in told.err


def test_a_part_of_the_year_that_is_none_and_a_model_without_parts_are_refused(allocation, folder):
    assert "可以写 一季度、二季度、三季度、四季度" in allocation("template urbanisation_monitor --through 五季度").err
    assert "没有分季度一类填报的指标" in allocation("template reward --through 2").err
