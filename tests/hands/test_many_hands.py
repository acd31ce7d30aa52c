"""Several people who make a version at once in one folder: nobody who was told that a file was written loses it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parent.parent / "cases" / "shared"
ROOT = Path(__file__).parent.parent.parent
IN_CI = os.environ.get("CI") == "true"
HANDS, ROUNDS = (8, int(os.environ.get("ROUNDS", 3))) if IN_CI else (3, 1)
PROGRAM = "import sys; from allocation.cli import main; sys.argv[0] = 'allocation'; main()"


def started(folder: Path, pool: int) -> subprocess.Popen:
    words = f"run reward --set pool={pool} --stage 试算 --year 2018 --reason 各算各的 --out out".split()
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
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
