"""What was made from a case is verified from where one works: its case, its note of the pool, its own journal line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from small_case import CASE

SOURCES = "来源,文号,批次,金额,已提前下达,市级预留\n中央,财预〔2017〕1号,,{central},,\n市级,锦财预〔2017〕3号,,400,,\n"


@pytest.fixture
def case(folder) -> Path:
    """A case whose sources give 900, as it says itself."""
    Path("底稿.toml").write_text(f'{CASE}\n[files]\nsources = "来源.csv"\n', encoding="utf-8")
    give(500)
    return folder / "底稿.toml"


def give(central: int) -> None:
    Path("来源.csv").write_text(SOURCES.format(central=central), encoding="utf-8")


def done(allocation, command: str):
    told = allocation(command)
    assert told.code == 0, told.text
    return told


def test_a_note_of_what_only_the_case_says_comes_out_again(allocation, case):
    give(600)
    assert "底稿里" in done(allocation, "run 底稿.toml").out
    told = done(allocation, ["rerun", "outputs/reward.json", "--out", "重做", "--input", ".", "--input", "inputs"])
    assert "不同" not in told.out.replace("相同", "")
    again = {path.name: path.read_bytes() for path in Path("重做").iterdir()}
    assert again and all(Path("outputs", name).read_bytes() == held for name, held in again.items())


def test_letters_that_put_right_a_case_of_another_pool_agree_with_their_record(allocation, case):
    done(allocation, "run 底稿.toml --stage 正式稿 --date 2018-03-01 --edition 送县")
    give(600)
    done(allocation, "correct 底稿.toml --reason 省级追加 --date 2018-04-01")
    done(allocation, "notices 底稿.toml --correction --date 2018-04-02")
    for letter in Path("outputs").glob("*更正通知/*.docx"):
        assert "全部相符" in done(allocation, ["verify", str(letter)]).out


def test_tables_are_found_where_one_works_and_a_version_finds_the_case_kept_with_it(allocation, case):
    done(allocation, "run 底稿.toml --stage 正式稿 --date 2018-03-01")
    done(allocation, "notices 底稿.toml --date 2018-03-02 --out 发文/二〇一八/三月")
    (letter,) = list(Path("发文").rglob("*黑山县.docx"))
    assert "全部相符" in done(allocation, ["verify", str(letter)]).out
    Path("来源.csv").unlink()
    told = allocation(["verify", str(letter)])
    assert told.code == 2 and "来源.csv" in told.text and "--input" not in told.text
    (version,) = Path("outputs/versions").glob("*正式稿*.xlsx")
    Path("inputs/reward.csv").write_bytes(Path("inputs/reward.csv").read_bytes() + b"\n")
    told = done(allocation, ["verify", str(version)])
    assert "没有找到" not in told.out and "原值" not in told.out


def test_the_journal_has_of_each_letter_what_it_hands_out_and_says_the_line_of_the_very_file(allocation, case):
    done(allocation, "run 底稿.toml --stage 正式稿 --date 2018-03-01 --edition 送县")
    done(allocation, "notices 底稿.toml --date 2018-03-02")
    with Path("outputs/journal.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) > 8]
    letters = [row for row in rows if row[2] == "notices" and row[6].startswith("reward_2017_通知/")]
    counties = {Path(row[6]).stem: row[8] for row in rows if row[2] == "edition 送县"}
    assert letters and all(row[8] == counties[Path(row[6]).stem] for row in letters)
    (book,) = Path("outputs/versions").glob("*送县*/*黑山县.xlsx")
    assert "edition 送县" in done(allocation, ["verify", str(book)]).out


@pytest.fixture
def result(allocation, folder) -> Path:
    """A result workbook, which holds what was attached to its run."""
    Path("adjust.csv").write_text(
        "县（市、区）,调整额,由谁承担,理由,批准人或会议\n黑山县,20,其余各地,示例,局长\n", encoding="utf-8"
    )
    done(allocation, "run reward --set pool=900 --adjust adjust.csv --out 一/结果.xlsx")
    return Path("一/结果.xlsx")


def test_what_is_run_from_a_result_comes_out_again_with_what_was_attached(allocation, result):
    done(allocation, f"run {result} --out 二/再.xlsx")
    assert Path("一/结果.import.csv").read_text("utf-8") == Path("二/再.import.csv").read_text("utf-8")
    done(allocation, "rerun 二/再.xlsx --input 一 --out 重做")
    again = {path.name: path.read_bytes() for path in Path("重做").iterdir()}
    assert again and all(Path("二", name).read_bytes() == held for name, held in again.items())
    result.unlink()
    told = allocation("rerun 二/再.xlsx --input 一 --out 重做二")
    assert told.code == 2 and "结果.xlsx" in told.text and "_adjustment" not in told.text


def test_letters_written_from_a_result_agree_with_their_record(allocation, result):
    done(allocation, ["notices", str(result), "--out", "一"])
    letters = list(Path("一").glob("*_通知/*.docx"))
    assert letters
    for letter in letters:
        assert "全部相符" in done(allocation, ["verify", str(letter)]).out
