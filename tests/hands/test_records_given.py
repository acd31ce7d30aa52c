"""Registers, journals, plans and states are read as any other file: within limits, and never one that has no end."""

from __future__ import annotations

import os
import resource
import shutil
import signal
from pathlib import Path

import pytest
from pace import MOST, within

IN_CI = os.environ.get("CI") == "true"
MEMORY = 2**30
STAGE = "run reward --year 2017 --set pool=1000 --stage 试算"
COLLECT = "collect reward returned --recipients recipients.csv --date 2018-03-05"
RECORDS = {
    "versions/register.json": "versions", "versions/register/reward_2017_001.json": "versions",
    "journal.csv": "journal", "journal/000001.json": "journal", ".allocation-plan.json": "journal",
    "versions/.allocation-plan.json": STAGE, "reward_collected.json": COLLECT, "reward_collected.xlsx": COLLECT,
}  # fmt: skip # by the command that reads it


def pipe(path: Path) -> None:
    os.mkfifo(path)


def without_end(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def two_gigabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 * 2**30)


def deep(path: Path) -> None:
    path.write_bytes(b"[" * 100_000)


def wide(path: Path) -> None:
    path.write_bytes(b"[" + b"[]," * (24 * 2**20 // 3 - 2) + b"0]")


def other_words(path: Path) -> None:
    path.write_text(
        '{"versions": [{"model": [], "year": {}, "marks": []}], "lines": {}, "claims": 3}', encoding="utf-8"
    )


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.fixture
def issued(folder, allocation) -> Path:
    """A version and a collection that are on record."""
    assert allocation(STAGE).code == 0
    (folder / "returned").mkdir()
    (folder / "recipients.csv").write_text("代码,名称\n210702,古塔区\n", encoding="utf-8")
    shutil.copy(folder / "inputs" / "reward.csv", folder / "returned" / "a.csv")
    allocation(f"{COLLECT} --partial")
    return folder / "outputs"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("kind", [pipe, without_end, loop, two_gigabytes, deep, wide, other_words])
def test_a_record_that_is_none_is_refused_in_words_at_once(issued, allocation, record, kind):
    path = issued / record
    path.unlink(missing_ok=True)
    kind(path)
    signal.alarm(60)  # a pipe may never answer
    for command in dict.fromkeys([RECORDS[record], *(["versions", "journal", STAGE, COLLECT] if IN_CI else [])]):
        memory = peak()
        with within(MOST):
            told = allocation(command)
        assert told.code in (0, 1, 2), (command, told.text)
        assert "Traceback" not in told.text
        assert told.code != 2 or len(told.err) > 20
        if kind is not wide and command == RECORDS[record]:
            assert told.code or kind in (deep, loop, other_words), (command, told.text)
        assert peak() - memory < MEMORY, command
        if not os.path.lexists(path):
            kind(path)
    signal.alarm(0)
