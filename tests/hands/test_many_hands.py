"""Several people who make a version at once in one folder: nobody who was told that a file was written loses it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from trials import FINAL, furnished

SHARED = Path(__file__).parent.parent / "cases" / "shared"
ROOT = Path(__file__).parent.parent.parent
IN_CI = os.environ.get("CI") == "true"
HANDS, ROUNDS = (8, int(os.environ.get("ROUNDS", 3))) if IN_CI else (3, 1)
PROGRAM = "import sys; from allocation.cli import main; sys.argv[0] = 'allocation'; main()"


def started(folder: Path, pool: int) -> subprocess.Popen:
    return typed(folder, f"run reward --set pool={pool} --stage 试算 --year 2018 --reason 各算各的 --out out")


def typed(folder: Path, command: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *command.split()],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip


@pytest.mark.parametrize("number", range(ROUNDS))
def test_versions_made_at_once_are_all_on_record_with_their_files(tmp_path, number):
    folder = tmp_path / "work"
    shutil.copytree(SHARED, folder)
    hands = [started(folder, 900 + 10 * hand) for hand in range(HANDS)]
    told = [(hand.communicate(timeout=300)[0], hand.returncode) for hand in hands]
    assert [code for _, code in told] == [0] * HANDS, told
    versions = json.loads((folder / "out" / "versions" / "register.json").read_text(encoding="utf-8"))["versions"]
    assert sorted(row["order"] for row in versions) == list(range(1, HANDS + 1))
    assert len({row["content"] for row in versions}) == HANDS
    for row in versions:
        assert all((folder / "out" / "versions" / name).is_file() for name in row["files"])
    left = [path.name for path in (folder / "out").rglob(".allocation-*")]
    assert left == []


MIXED = (
    "collect reward returned --recipients recipients.csv --date 2018-03-05",
    "correct reward --year 2017 --set pool=1100 --reason 增加资金 --settle-year 2018",
    "notices reward --year 2017 --set pool=1000",
    "journal",
)


def told(folder: Path, command: str) -> tuple[str, int]:
    hand = typed(folder, command)
    return hand.communicate(timeout=300)[0], hand.returncode


@pytest.mark.parametrize("number", range(2 if IN_CI else 1))
def test_different_commands_at_once_lose_nothing_and_accuse_nobody(tmp_path, number):
    folder = furnished(tmp_path / "work")
    assert told(folder, FINAL)[1] == 0
    hands = [(command, typed(folder, command)) for command in MIXED * (2 if IN_CI else 1)]
    ends = [(command.split()[0], hand.communicate(timeout=300)[0], hand.returncode) for command, hand in hands]
    for name, text, code in ends:
        assert (code, "Traceback" in text) == (0, False) or (name, code) == ("correct", 2), (name, text)
    for _ in range(2):  # who was overtaken types it again; once it is made, there is nothing left to correct
        text, code = told(folder, MIXED[1])
    assert code == 2 and "完全相同" in text
    assert [told(folder, look)[1] for look in ("journal", "versions")] == [0, 0]
    rows = [line.split(",")[2] for line in (folder / "outputs/journal.csv").read_text("utf-8-sig").splitlines()[1:]]
    done = [name for name, _, code in ends if code == 0]
    assert rows.count("correct") == 2  # the workbook and its JSON, once
    assert rows.count("collect") >= 2 * done.count("collect")
    assert rows.count("notices") == 10 * done.count("notices")  # two for each of four, note and record
    assert [path.name for path in (folder / "outputs").rglob(".allocation-*")] == []
