"""A merged table is not lost under a later one: what a version was made from, or somebody edited, is kept beside it."""

from __future__ import annotations

import hashlib
import json

import pytest
from openpyxl import load_workbook
from returned_files import HEAD, HEISHAN

BOOK = "outputs/reward_collected.xlsx"
KEPT = "reward_collected_2018-03-01.xlsx"


@pytest.fixture
def later(returns, collect):
    """later() collects once more on the next day, when 黑山县 has sent other figures."""

    def run(settled: int = 95):
        returns("黑山县.csv", [[*HEISHAN[:3], settled, *HEISHAN[4:]]], head=HEAD)
        return collect(day="2018-03-02")

    return run


@pytest.mark.parametrize("stage", ["送审稿", "正式稿"])
def test_the_table_a_version_was_made_from_is_kept_and_makes_it_again(
    returns, collect, later, folder, allocation, stage
):
    returns()
    collect()
    made = allocation(f"run reward --input {BOOK} --stage {stage} --date 2018-03-01")
    assert made.code == 0, made.text
    told = later()
    assert f"{stage} 第1稿" in told.out and f"已另存为 outputs/{KEPT}" in told.out
    (record,) = (folder / "outputs" / "versions").glob("reward*.json")
    (of_version,) = json.loads(record.read_text(encoding="utf-8"))["inputs"]
    digest = hashlib.sha256((folder / "outputs" / KEPT).read_bytes()).hexdigest()
    assert digest == of_version["sha256"] != hashlib.sha256((folder / BOOK).read_bytes()).hexdigest()
    again = allocation(f"run reward --input outputs/{KEPT} --stage {stage} --edition 公开 --date 2018-03-03")
    assert again.code == 0 and [record] == list(record.parent.glob("reward*.json")), again.text
    assert KEPT in allocation("journal").out


def test_a_table_on_which_nothing_hangs_is_written_over(returns, collect, later, written):
    returns()
    collect()
    told = later()
    assert "另存为" not in told.text and "reward_collected.xlsx" in written() and KEPT not in written()


def test_a_table_edited_by_hand_is_kept_as_edited_once_a_day_and_content(returns, collect, later, folder, written):
    returns()
    collect()

    def edit(figure: int) -> None:
        book = load_workbook(folder / BOOK)
        book.worksheets[0]["D5"] = figure
        book.save(folder / BOOK)

    edit(181)
    told = later()
    assert f"原来的汇总表收表以后有人改过，改过的已另存为 outputs/{KEPT}" in told.out
    assert load_workbook(folder / "outputs" / KEPT).worksheets[0]["D5"].value == 181
    assert load_workbook(folder / BOOK).worksheets[0]["D5"].value == 180
    edit(182)
    later(96)
    edit(183)
    later(97)
    names = [name for name in written() if name.startswith("reward_collected_")]
    assert names == [KEPT, "reward_collected_2018-03-02.xlsx", "reward_collected_2018-03-02_2.xlsx"]


def test_a_table_kept_already_is_not_kept_again(returns, collect, later, folder, allocation, written):
    returns()
    collect()
    assert allocation(f"run reward --input {BOOK} --stage 试算 --date 2018-03-01").code == 0
    (folder / "outputs" / KEPT).write_bytes((folder / BOOK).read_bytes())
    told = later()
    assert "另存为" not in told.text and [name for name in written() if name.startswith("reward_collected_")] == [KEPT]
