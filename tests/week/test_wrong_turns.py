"""The wrong turns of docs/week.md: each is refused with words that say what to do, and nothing is written."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from turns import CORRECT, LEDGER, PARTS, RUN, TURNS
from walk import LATE, PAGE, VERSIONS, city, contents, say, step


@pytest.fixture(scope="module")
def days(tmp_path_factory) -> dict[str, Path]:
    """The folder as it is on Monday, without 义县; on Tuesday, complete; on Friday, the final version made."""
    monday = city(tmp_path_factory.mktemp("monday"))
    assert say(monday, step("collect incentive_fund returned", "--date 2018-03-05")).code == 1
    tuesday, friday = (tmp_path_factory.mktemp(day) / "work" for day in ("tuesday", "friday"))
    shutil.copytree(monday, tuesday)
    (tuesday / LATE).rename(tuesday / "returned" / LATE)
    assert say(tuesday, step("collect incentive_fund returned", "--date 2018-03-06")).code == 0
    shutil.copytree(tuesday, friday)
    assert say(friday, step("--stage 正式稿", "--edition")).code == 0
    _six(friday)
    return {"monday": monday, "tuesday": tuesday, "friday": friday}


def _six(folder: Path) -> None:
    """six.csv: the collected table without its last county."""
    sheet = load_workbook(folder / "outputs/incentive_fund_collected.xlsx", data_only=True)["汇总数据"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] != "210782" and row[1] != "合计"]
    with (folder / "six.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.title)
def test_a_wrong_turn_is_refused_with_words_that_say_what_to_do_and_nothing_is_written(days, turn):
    folder = days[turn.day]
    if turn.file:
        (folder / turn.file).write_text(turn.text, encoding="utf-8")
    before = contents(folder)
    try:
        said = say(folder, turn.command)
        assert said.code == turn.code, said.text
        assert [word for word in turn.words if word not in said.text] == [], said.text
        assert "Traceback" not in said.text
        assert contents(folder) == before
    finally:
        if turn.file:
            (folder / turn.file).unlink()


def test_what_is_refused_in_chinese_is_refused_in_english_too(days):
    for turn in TURNS:
        folder = days[turn.day]
        if not turn.file:
            said = say(folder, f"{turn.command} --lang en")
            assert said.code == turn.code
            own = said.err.replace("农业转移人口市民化奖励资金分配", "")
            assert not any(word in own for word in ("请", "不能", "没有")), own


def test_the_page_lists_every_wrong_turn_with_its_words():
    assert len(TURNS) >= 20
    missing = [turn.title for turn in TURNS if f"| {turn.title} | {turn.words[0].strip()}" not in PAGE]
    assert missing == []


def test_a_late_file_after_the_final_version_is_collected_as_late_and_points_to_correct(days, tmp_path):
    folder = tmp_path / "work"
    shutil.copytree(days["friday"], folder)
    final = contents(folder / VERSIONS)
    path = folder / "returned" / "太和区.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace('"2,240"', '"2,420"'), encoding="utf-8")
    said = say(folder, "collect incentive_fund returned --due 2018-03-05 --date 2018-03-12")
    assert said.code == 0 and "变动：太和区 当年落户人数/本市 2240 → 2420" in said.out
    assert "正式稿已定" in said.out and "allocation correct incentive_fund" in said.out
    assert contents(folder / VERSIONS) == final
    assert say(folder, f"{RUN} {LEDGER} {PARTS} --stage 正式稿 --reason 迟报").code == 2
    said = say(folder, f"{CORRECT} {LEDGER} {PARTS}")
    assert said.code == 0 and "应补发 12 万元，应扣回 12 万元" in said.out


def test_an_edited_version_and_an_edited_journal_are_noticed(days, tmp_path):
    folder = tmp_path / "work"
    shutil.copytree(days["friday"], folder)
    (path,) = (path for path in (folder / VERSIONS).glob("*_正式稿_1_*.xlsx") if "公开" not in path.name)
    path.write_bytes(path.read_bytes() + b"\0")
    said = say(folder, "versions")
    assert said.code == 1 and "文件已改动" in said.err and "请从备份恢复" in said.err
    journal = folder / "outputs/journal.csv"
    text = journal.read_text(encoding="utf-8").replace("2018-03-06", "2018-03-05")
    journal.write_text(text, encoding="utf-8", newline="")
    said = say(folder, "journal")
    assert said.code == 1 and "被改动过" in said.err
