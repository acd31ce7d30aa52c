"""What is tried on a case stands in the journal: who, what was sought, as typed, the answer; of bare models nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_case import CASE

from allocation.record import journal

TRIED = {
    "seek": 'seek {model} --vary pool --figure "highest(award)" --target 500 --low 900 --high 2000 --step 1',
    "design": 'design {model} --range pool=900:1000:50 --minimise "highest(award) / lowest(award)"',
    "sweep": "sweep {model} --grid pool=900:1000:50",
    "run": "run {model} --set pool=950",
    "compare": "compare {model} --pools 900,950",
}


@pytest.fixture
def case(folder) -> Path:
    path = folder / "奖励.toml"
    path.write_text(CASE, encoding="utf-8")
    return path


@pytest.mark.parametrize("action", TRIED)
def test_what_is_tried_on_a_case_is_told_in_its_journal(allocation, folder, case, action):
    typed = TRIED[action].format(model=case.name)
    told = allocation(typed)
    assert told.code == 0, told.text
    assert "已记入日志：outputs/journal.csv" in told.out
    (row,) = journal.read(folder / "outputs")
    assert (row[2], row[3], row[4], row[5]) == (action, "reward", "2017", "试算")
    assert row[9].startswith("经办人：张三；结果：") and f"命令：allocation {typed.replace(chr(34), '')}" in row[9]
    assert "底稿：奖励.toml" in row[9]
    assert journal.check(folder / "outputs") == []


@pytest.mark.parametrize("action", TRIED)
def test_of_a_bare_model_nothing_is_kept(allocation, folder, action):
    told = allocation(TRIED[action].format(model="reward"))
    assert told.code == 0, told.text
    assert not (folder / "outputs" / journal.NAME).exists()


def test_the_answer_stands_in_the_line_and_so_does_a_search_in_vain(allocation, folder, case):
    found = allocation(TRIED["seek"].format(model=case.name))
    value = found.out.split('--set "pool=')[1].split('"')[0]
    assert allocation(TRIED["seek"].format(model=case.name).replace("500", "5000")).code == 1
    first, second = (row[9] for row in journal.read(folder / "outputs"))
    assert f"结果：pool={value} → highest(award)=" in first
    assert "结果：没有取值能达到目标；最接近：pool=" in second


def test_a_trial_keeps_the_hash_of_its_workbook_and_a_failed_one_its_line(allocation, folder, case):
    allocation(f"run {case.name}")
    (row,) = journal.read(folder / "outputs")
    assert (row[6], len(row[7]), row[8]) == ("reward.xlsx", 64, "900 万元")
    allocation(f"sweep {case.name} --grid pool=900:1000:50 --out elsewhere/试.xlsx")
    assert [row[6] for row in journal.read(folder / "elsewhere")] == ["试.xlsx"]


def test_a_journal_that_cannot_be_written_keeps_the_answer_back(allocation, folder, case):
    (folder / "outputs").mkdir()
    (folder / "outputs" / journal.NAME).write_text("别的表,不是日志\n", encoding="utf-8")
    told = allocation(TRIED["seek"].format(model=case.name))
    assert told.code == 2 and "--set" not in told.out and "journal.csv" in told.err
