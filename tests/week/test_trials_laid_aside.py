"""Where a final version is made no trial's file is left to be imported; what nobody's program wrote stays."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from small_case import CASE

from allocation.office import trials_aside

RUN = "run 奖励.toml --date 2017-08-20"
FINAL = f"{RUN} --stage 正式稿 --reason 下达"


@pytest.fixture
def case(folder) -> Path:
    (folder / "奖励.toml").write_text(
        CASE + '\n[files]\nrecipients = "inputs/recipients_reward.csv"\n', encoding="utf-8"
    )
    return folder / "outputs"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


TRIAL = {"reward.xlsx", "reward.csv", "reward.json", "reward.import.csv"}


def test_a_final_version_lays_the_files_of_trials_aside_and_a_draft_leaves_them(case, allocation):
    assert allocation(RUN).code == 0 and names(case) > TRIAL
    assert allocation(f"{RUN} --stage 送审稿").code == 0 and names(case) > TRIAL
    held = {name: (case / name).read_bytes() for name in TRIAL}
    told = allocation(FINAL)
    assert told.code == 0 and "4 个文件已移到 outputs/试算/" in told.out, told.text
    assert not names(case) & TRIAL
    assert {name: (case / "试算" / name).read_bytes() for name in TRIAL} == held
    assert allocation("verify outputs/试算/reward.xlsx").code == 0 and allocation("journal").code == 0


def test_a_trial_after_the_final_version_writes_no_import_file_and_says_where_that_comes_from(case, allocation):
    assert allocation(FINAL).code == 0
    told = allocation(RUN)
    assert told.code == 0 and "没有写导入表" in told.out and "allocation fill" in told.out, told.text
    assert "reward.import.csv" not in names(case) and "reward.xlsx" in names(case)
    assert "allocation fill" in allocation(f"{RUN} --lang en").out
    told = allocation("fill 奖励.toml")
    [flat] = (case / "versions").glob("*正式稿*_导入.csv")
    assert told.code == 0 and sum(float(row[-1]) for row in [*csv.reader(flat.open(encoding="utf-8-sig"))][1:]) == 900
    assert allocation("correct 奖励.toml --set pool=950 --reason 增加 --date 2017-09-01").code == 0
    assert not names(case) & TRIAL and names(case / "试算") >= TRIAL - {"reward.import.csv"}


def test_another_year_s_trial_and_what_the_program_did_not_make_stay(case, folder, allocation):
    assert allocation("run reward --year 2018 --out outputs/别年.xlsx").code == 0
    assert allocation(f"{RUN} --out outputs/另名.xlsx").code == 0
    (case / "另名.import.csv").write_text("我的,表\n1,2\n", encoding="utf-8")
    (case / "reward.csv").write_text("我的,表\n1,2\n", encoding="utf-8")
    (case / "试算").mkdir()
    (case / "试算" / "另名.xlsx").write_bytes(b"mine")
    assert allocation(FINAL).code == 0
    assert {"别年.xlsx", "别年.import.csv", "另名.import.csv", "reward.csv"} <= names(case)
    assert {"另名.xlsx", "另名_2.xlsx", "另名_2.json", "另名_2.csv"} == names(case / "试算")
    assert (case / "试算" / "另名.xlsx").read_bytes() == b"mine"
    assert allocation("verify outputs/试算/另名_2.xlsx").code == 0


def test_a_table_that_is_read_stays_where_it_is(case, folder, allocation):
    """A trial's own CSV may have become the table of the case: its units stand in it, and it was read."""
    assert allocation(RUN).code == 0
    text = (folder / "inputs/reward.csv").read_text("utf-8")
    (case / "reward.csv").write_text(text, encoding="utf-8")
    (folder / "奖励.toml").write_text(
        (folder / "奖励.toml").read_text("utf-8").replace("inputs/reward.csv", "outputs/reward.csv"), encoding="utf-8"
    )
    told = allocation(FINAL)
    assert told.code == 0 and (case / "reward.csv").read_text("utf-8") == text, told.text
    assert "reward.import.csv" not in names(case)


def test_what_cannot_be_moved_is_named_and_the_version_stands(case, allocation, monkeypatch):
    assert allocation(RUN).code == 0

    def refused(path: Path, target: Path) -> None:
        raise trials_aside.AllocationError(trials_aside.Problem("workbook.open_elsewhere", {"program": "Excel"}))

    monkeypatch.setattr(trials_aside, "put_aside", refused)
    told = allocation(FINAL)
    assert told.code == 0 and "outputs/reward.import.csv" in told.out and "自行移走" in told.out, told.text
    assert names(case) > TRIAL
