"""What 0.1 and 0.2 wrote is read by the program of today: versions, journal, workbooks (tests/old_files)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
OLD = REPOSITORY / "tests" / "old_files" / "0.1"  # a final version with an advance, and a correction of it


@pytest.fixture
def old(folder, monkeypatch) -> Path:
    """A folder as an office that worked with 0.1 has it."""
    place = folder / "2017"
    shutil.copytree(OLD, place / "outputs")
    for name in ("models", "inputs"):
        shutil.copytree(REPOSITORY / name, place / name)
    monkeypatch.chdir(place)
    return place


def test_old_versions_and_the_journal_are_listed_as_they_were_made(old, allocation):
    told = allocation("versions")
    assert told.code == 0 and "正式稿" in told.out and "更正" in told.out
    assert allocation("journal").code == 0


def test_old_workbooks_are_verified(old, allocation):
    for path in sorted((old / "outputs" / "versions").glob("*.xlsx")):
        told = allocation(["verify", str(path)])
        assert told.code == 0 and "全部相符" in told.out, told.text


def test_a_correction_of_an_old_correction_starts_from_what_was_owed(old, allocation):
    told = allocation("correct incentive_fund --advance outputs/advance.csv --set pool=5020 --reason 再追加")
    assert told.code == 0, told.text
    assert "更正后待收回 319 万元" in told.out


RECORDED = REPOSITORY / "tests" / "old_files" / "0.2" / "outputs"  # a result, a timeline, a version, an edition


@pytest.fixture
def recorded(folder) -> Path:
    return shutil.copytree(RECORDED, folder / "outputs")


def test_what_0_2_wrote_opens_and_is_verified_for_ever(recorded, allocation):
    books = sorted(recorded.rglob("*.xlsx"))
    assert len(books) == 4
    for path in books:
        told = allocation(["verify", str(path)])
        assert told.code == 0 and "全部相符" in told.out, told.text
    told = allocation("verify outputs/reward.xlsx --manifest outputs/reward.json")
    assert told.code == 0, told.text


def test_the_versions_and_the_journal_of_0_2_are_listed_and_gone_on_with(recorded, allocation):
    told = allocation("versions")
    assert told.code == 0 and "征求意见稿" in told.out
    assert allocation("journal").code == 0
    told = allocation("run reward --year 2017 --stage 送审稿 --set pool=1100 --reason 追加")
    assert told.code == 0 and "资金" in told.out, told.text
