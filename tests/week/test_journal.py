"""The journal: a line for every file issued, written with it or not at all, and an edit of any line is noticed."""

from __future__ import annotations

import csv
import hashlib
import re

import pytest

from allocation.errors import AllocationError
from allocation.record.journal import HEAD, Entry, check, read, record

YEAR = "--year 2017 --date 2017-08-20"


def writer(text: str):
    return lambda path: path.write_text(text, encoding="utf-8") and None


@pytest.fixture
def three(tmp_path):
    """A journal of three actions: one with two files, one without a file, one with one."""
    both = {tmp_path / "甲.csv": writer("1"), tmp_path / "乙.csv": writer("2")}
    record(tmp_path, Entry("collect", model="reward", year=2017), both, date="2017-03-01")
    record(tmp_path, Entry("correct", note="更正\n黑山县"), date="2017-09-01")
    third = {tmp_path / "丙.csv": writer("3")}
    record(tmp_path, Entry("edition 公开", total="5000 万元"), third, date="2017-09-02")
    return tmp_path


def test_every_file_of_an_action_has_a_line_with_its_hash(three):
    lines = read(three)
    assert [line[0] for line in lines] == ["1", "2", "3", "4"]
    assert [line[2] for line in lines] == ["collect", "collect", "correct", "edition 公开"]
    assert [line[6] for line in lines] == ["甲.csv", "乙.csv", "", "丙.csv"]
    assert [line[7] for line in lines if line[6]] == [hashlib.sha256(one).hexdigest() for one in (b"1", b"2", b"3")]
    assert lines[0][1:6] == ["2017-03-01", "collect", "reward", "2017", ""] and lines[3][8] == "5000 万元"
    assert lines[2][9] == "更正 黑山县" and check(three) == []


def test_the_journal_opens_in_excel_and_old_lines_stay_byte_for_byte(three):
    before = (three / "journal.csv").read_bytes()
    assert before.startswith(b"\xef\xbb\xbf") and before.count(b"\r\n") == 5
    record(three, Entry("collect", note="=1+1"), date="2017-10-01")
    after = (three / "journal.csv").read_bytes()
    assert after.startswith(before) and read(three)[-1][9] == "'=1+1" and check(three) == []


def test_every_line_carries_the_hash_of_the_line_before(three):
    lines = read(three)
    assert [line[-2] for line in lines[1:]] == [line[-1] for line in lines[:-1]]
    assert all(re.fullmatch("[0-9a-f]{64}", line[-1]) for line in lines)


@pytest.mark.parametrize("cell", range(len(HEAD)))
@pytest.mark.parametrize("line", [0, 3])
def test_an_altered_cell_is_noticed_in_the_first_line_and_the_last(three, line, cell):
    lines = read(three)
    lines[line][cell] += "0"
    rewrite(three, lines)
    assert check(three)[0].slots["line"] == line + 2


@pytest.mark.parametrize("change", [lambda lines: lines.pop(1), lambda lines: lines.insert(2, lines[0]),
                                    lambda lines: lines.reverse()])  # fmt: skip
def test_a_line_taken_out_put_in_or_moved_is_noticed(three, change):
    lines = read(three)
    change(lines)
    rewrite(three, lines)
    assert {problem.id for problem in check(three)} == {"versions.line_loose"}


def test_a_line_forged_whole_is_noticed_by_the_line_after(three):
    forged = three / "甲"
    changed = {forged / "甲.csv": writer("9")}
    record(forged, Entry("collect", model="reward", year=2017), changed, date="2017-03-01")
    rewrite(three, [*read(forged), *read(three)[1:]])
    assert [(one.id, one.slots["line"]) for one in check(three)] == [("versions.line_loose", 3)]


def test_a_sign_moved_to_the_next_cell_is_noticed(three):
    lines = read(three)
    lines[0][3:5] = ["rewar", "d2017"]
    rewrite(three, lines)
    assert [one.id for one in check(three)] == ["versions.line_altered"]


def test_new_quotes_round_a_cell_are_no_alteration(three):
    path = three / "journal.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("collect", '"collect"'), encoding="utf-8-sig")
    assert check(three) == []


def test_without_a_date_a_line_has_today_s(tmp_path):
    record(tmp_path, Entry("collect"))
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", read(tmp_path)[0][1])


@pytest.mark.parametrize("lock", ["~$journal.csv", ".~lock.journal.csv#"])
def test_a_journal_that_is_open_in_excel_stops_the_action_before_anything_is_written(allocation, folder, lock):
    allocation(f"run reward {YEAR} --stage 试算")
    (folder / "outputs" / lock).write_text("")
    before = {path: path.read_bytes() for path in (folder / "outputs").rglob("*") if path.is_file()}
    told = allocation(f"run reward {YEAR} --stage 试算 --set pool=1100 --reason 改 --edition 送县")
    assert told.code == 2 and "journal.csv" in told.err and "关闭" in told.err
    assert {path: path.read_bytes() for path in (folder / "outputs").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("broken", ["xlsx.versions_sheet.write_sheets", "record.journal.tame"])
def test_a_failure_midway_leaves_neither_files_nor_lines(allocation, folder, monkeypatch, broken):
    allocation(f"run reward {YEAR} --stage 试算")
    before = {path: path.read_bytes() for path in (folder / "outputs").rglob("*") if path.is_file()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"allocation.{broken}", full)
    told = allocation(f"run reward {YEAR} --stage 试算 --set pool=1100 --reason 改")
    assert told.code == 2 and "No space left" in told.err
    assert {path: path.read_bytes() for path in (folder / "outputs").rglob("*") if path.is_file()} == before


def test_a_journal_saved_anew_in_another_encoding_or_with_another_head_is_told_of(three):
    path = three / "journal.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("动作", "操作"), encoding="utf-8-sig")
    with pytest.raises(AllocationError) as caught:
        record(three, Entry("collect"))
    assert "表头" in caught.value.text("zh")
    path.write_text(text, encoding="gb18030")
    with pytest.raises(AllocationError) as caught:
        record(three, Entry("collect"), {three / "丁.csv": writer("4")})
    assert "Excel" in caught.value.text("zh") and not (three / "丁.csv").exists()


def test_the_command_lists_the_journal_and_checks_it(allocation, folder):
    assert allocation("journal").code == 0
    allocation(f"run reward {YEAR} --stage 试算 --edition 送县")
    told = allocation("journal")
    assert told.code == 0 and "run --stage 试算" in told.out and "共 6 行，逐行校验相符" in told.out
    assert "edition 送县" in told.out and "黑山县.xlsx" in told.out and "252 万元" in told.out
    lines = read(folder / "outputs")
    lines[4][8] = "999 万元"
    rewrite(folder / "outputs", lines)
    told = allocation("journal --lang en")
    assert told.code == 1 and "line 6 (number 5) was altered" in told.err


def test_last_lines_that_were_cut_off_are_missed_by_the_register(allocation, folder):
    allocation(f"run reward {YEAR} --stage 试算")
    rewrite(folder / "outputs", read(folder / "outputs")[:1])
    told = allocation("journal")
    assert told.code == 1 and re.search(r"日志里没有 reward_2017_试算_1_\w+\.json", told.err)


def test_a_plain_run_writes_no_line(allocation, folder):
    allocation("run reward")
    assert not (folder / "outputs/journal.csv").exists()


def rewrite(folder, lines) -> None:
    with (folder / "journal.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEAD, *lines])
