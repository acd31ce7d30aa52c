"""A collection keeps 备注, is told of columns and rows as any table, and says what is to be resolved."""

from __future__ import annotations

from openpyxl import load_workbook
from returned_files import FOUR, GUTA, HEAD, HEISHAN

BOOK = "outputs/reward_collected.xlsx"


def test_remarks_of_the_returns_stand_beside_the_merged_figures_and_are_read_again(
    returns, collect, allocation, folder
):
    returns("古塔区.csv", [[*GUTA, "不含经济开发区"]], head=[*HEAD, "备注"])
    returns("其余.csv", FOUR[1:])
    told = collect()
    assert told.code == 0 and told.out.count("remark-") == 1 and "古塔区.csv: I3" in told.out
    book = load_workbook(folder / BOOK)
    sheet = book["汇总数据"]
    assert [cell.value for cell in sheet["I"]][3:5] == ["备注", "不含经济开发区"]
    assert any("remark-" in str(cell.value) for row in book["问题"].iter_rows() for cell in row)
    again = allocation(f"check reward --input {BOOK}")
    assert again.code == 0 and "不含经济开发区" in again.out and "remark-" in again.out
    returns("古塔区.csv", [GUTA])
    assert "remark-" not in collect(day="2018-03-02").text and load_workbook(folder / BOOK)["汇总数据"].max_column == 8


def test_a_column_that_is_not_used_and_a_row_in_doubt_are_said_of_whatever_file_they_stand_in(returns, collect):
    head = [*HEAD[:6], "困难数", HEAD[7]]
    returns("古塔区.csv", [GUTA], head=head)
    returns("其余.csv", FOUR[1:])
    assert collect().code == 2
    assert collect("--unused 困难数").code == 0
    wrong = collect("--unused 没有这一列")
    assert wrong.code == 2 and "不是表中的表头" in wrong.err
    absent = collect("--unused 困难数 --row 没有这一行=单位")
    assert absent.code == 2 and "没有这一行" in absent.err
    assert collect("--unused 困难数 --row 210726=单位").code == 0


def test_last_year_s_figures_are_compared_with_and_who_has_not_reported_is_said_once(returns, collect, folder):
    rows = [[*row[:3], row[3] // 10 if row is HEISHAN else row[3], *row[4:]] for row in FOUR]
    last = "\n".join(",".join(map(str, row)) for row in [HEAD, *rows])
    (folder / "last.csv").write_text(f"2016年落户奖励数据\n{last}\n", encoding="utf-8")
    returns("三地.csv", FOUR[:3])
    told = collect("--last last.csv --last-year 2016 --carry last_award=last_award")
    assert told.code == 1 and told.out.count("size-") == 1 and "9 → 90" in told.out and "missing-" not in told.text
