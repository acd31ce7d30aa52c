"""`allocation check`: the whole run, and not a byte written."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("words", "code"),
    [("", 0), ("--set settled@210702=0", 0), ("--input 混用.csv", 1), ("--set pool=-1", 2), ("--input none.csv", 2)],
)
def test_check_writes_nothing_whatever_comes_of_it(allocation, contents, folder, words, code):
    table = (folder / "inputs/reward.csv").read_text(encoding="utf-8")
    (folder / "混用.csv").write_text(table.replace("0.92", ""), encoding="utf-8")
    before = contents()
    told = allocation(f"check reward {words}")
    assert told.code == code, told.text
    assert contents() == before


def test_check_shows_what_a_run_shows_but_for_the_files(allocation):
    checked, run = allocation("check reward"), allocation("run reward")
    assert checked.out == "".join(line for line in run.out.splitlines(True) if not line.startswith("已写出"))


def test_check_of_a_failing_table_gives_1_and_says_what_to_mend(allocation, folder):
    table = (folder / "inputs/reward.csv").read_text(encoding="utf-8")
    (folder / "混用.csv").write_text(table.replace("0.92", ""), encoding="utf-8")
    told = allocation("check reward --input 混用.csv")
    assert "请按上面“×”的各项改正" in told.err and told.code == 1
