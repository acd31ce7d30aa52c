"""Notices agree with the final version on record, and say how many earlier ones they replaced."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from letters import COUNTIES, FOLDER, GIVEN, awards
from word import sentences


@pytest.fixture
def issued(allocation):
    told = allocation("run reward --stage 正式稿 --date 2018-01-05")
    assert told.code == 0, told.text
    return told


def test_notices_of_other_amounts_than_the_final_version_are_refused(issued, sent, reward):
    told = sent(f"{GIVEN} --set pool=2000", code=2)
    was = int(awards(reward)["210702"])
    assert "与已登记的正式稿 第1稿" in told.err and f"古塔区分配额 {was}（现在 " in told.err
    assert "等 4 处" in told.err and "allocation correct" in told.err and "--correction" in told.err
    assert "--out 另写一个文件夹" in told.err and not FOLDER.exists()
    sent(f"{GIVEN} --set pool=2000 --out 试写")


def test_notices_of_the_final_versions_own_amounts_are_written(issued, sent):
    assert "更正" not in sent().out and len(list(FOLDER.glob("*.docx"))) == 4


def test_an_account_that_the_final_version_did_not_settle_is_refused(allocation, issued, sent):
    Path("提前.csv").write_text("代码,名称,提前下达数\n210702,古塔区,100\n", encoding="utf-8")
    told = sent("--advance 提前.csv", code=2)
    assert "这次用了 --advance，正式稿没有" in told.err and not FOLDER.exists()


def test_other_advances_than_those_of_the_final_version_are_refused(allocation, sent):
    Path("提前.csv").write_text("代码,名称,提前下达数\n210702,古塔区,100\n", encoding="utf-8")
    assert allocation("run reward --stage 正式稿 --date 2018-01-05 --advance 提前.csv").code == 0
    assert "正式稿用了 --advance，这次没有" in sent("", code=2).err
    Path("提前.csv").write_text("代码,名称,提前下达数\n210702,古塔区,110\n", encoding="utf-8")
    told = sent("--advance 提前.csv", code=2)
    assert "古塔区应抵扣（已提前下达） 100（现在 110）" in told.err and not FOLDER.exists()


def test_after_a_correction_the_first_notices_can_be_written_again_with_a_word_on_it(allocation, issued, sent):
    assert allocation("correct reward --set floor_rate=100% --reason 保基数 --date 2018-03-01").code == 0
    assert "更正 第1稿" in sent("").out
    told = sent("--set floor_rate=100%", code=2).err  # these are the amounts of the correction
    assert "就是已登记的更正 第1稿" in told and "--correction" in told and "先运行" not in told
    assert "与已登记的正式稿 第1稿" in sent("--set floor_rate=90%", code=2).err


def test_a_countys_workbook_says_at_its_foot_which_version_it_is_of(allocation, sent):
    def feet() -> set[str]:
        every = [openpyxl.load_workbook(path).worksheets for path in FOLDER.parent.glob("*通知/*.xlsx")]
        return {" ".join(sheets[0].oddFooter.left.text.split()[:2]) for sheets in every}

    sent()
    assert feet() == {"未编稿次 示例数据"}
    assert allocation("run reward --stage 正式稿 --date 2018-01-05").code == 0
    sent()
    assert feet() == {"正式稿 第1稿"}
    assert allocation("correct reward --set floor_rate=100% --reason 保基数 --date 2018-03-01").code == 0
    sent("--set floor_rate=100% --correction")
    assert feet() == {"正式稿 第1稿", "更正 第1稿"}


def test_letters_that_replace_others_are_counted(sent):
    assert "已替换" not in sent().out and "已替换" not in sent().out
    assert "其中 4 份与先前写的不同，已替换" in sent(f"{GIVEN} --set pool=2000").out
    name = "210726_" + COUNTIES["210726"]
    (FOLDER / f"{name}.docx").write_bytes(b"changed by hand")
    assert "其中 1 份与先前写的不同，已替换" in sent(f"{GIVEN} --set pool=2000").out
    assert sentences(FOLDER / f"{name}.docx")


def test_a_heading_that_does_not_fit_a_countys_column_is_broken_before_its_bracket(allocation, sent):
    Path("提前.csv").write_text("代码,名称,提前下达数\n210702,古塔区,100\n", encoding="utf-8")
    sent("--advance 提前.csv")
    (path,) = FOLDER.glob("210702*.xlsx")
    heads = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][3]]
    assert "应抵扣\n（已提前下达）" in heads
