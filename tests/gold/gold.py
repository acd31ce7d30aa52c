"""What the tree writes today beside what it wrote at BEFORE: every difference is wanted and named, or this ends with 1.

    python tests/gold/gold.py              all commands, some ten minutes
    python tests/gold/gold.py land_quota   only those that speak of land_quota

Both trees are copied into a temporary folder and run their own models and samples there. What they write is not kept.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from gold_commands import commands
from gold_products import of_a_folder
from gold_wanted import wanted

BEFORE = "06569cd"
TREE = Path(__file__).parents[2]


def copied(commit: str, place: Path) -> Path:
    """A commit's files in `place`; the files as they stand now, changed or not, for an empty commit."""
    place.mkdir()
    if commit:
        packed = subprocess.run(["git", "archive", commit], cwd=TREE, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(place, filter="data")
        return place
    names = (
        subprocess.run(
            ["git", "ls-files", "-z", "-c", "-o", "--exclude-standard"], cwd=TREE, check=True, capture_output=True
        )
        .stdout.decode()
        .split("\0")
    )
    for name in filter(None, names):
        if (TREE / name).exists():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes((TREE / name).read_bytes())
    return place


def typed(tree: Path, lines: list[list[str]]) -> dict[str, dict[str, str]]:
    """What each command said and its exit code, run one after the other in the tree's own folder."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "120"}
    said = {}
    for words in lines:
        start = "import sys; from allocation.cli import main; sys.argv[0] = 'allocation'; sys.exit(main())"
        told = subprocess.run(
            [sys.executable, "-c", start, *words], cwd=tree, env=environment, capture_output=True, check=False
        )
        text = (told.stdout + told.stderr).decode("utf-8", "replace").replace(str(tree), "TREE")
        said["$ allocation " + " ".join(words)] = {"exit code": str(told.returncode)} | {
            str(number): line for number, line in enumerate(text.splitlines(), 1)
        }
    return said


def made(tree: Path, only: str) -> dict[str, dict[str, str]]:
    """{command or file: {place: what stands there}} of one tree."""
    return typed(tree, commands(tree, only)) | of_a_folder(tree / "outputs")


def differences(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> list[tuple[str, str, str, str]]:
    """(file, place, before, after) of everything that is not the same."""
    unlike = []
    for file in sorted(before.keys() | after.keys()):
        old, new = before.get(file, {}), after.get(file, {})
        unlike += [
            (file, place, old.get(place, ""), new.get(place, ""))
            for place in sorted(old.keys() | new.keys())
            if old.get(place, "") != new.get(place, "")
        ]
    return unlike


def main(only: str = "") -> int:
    with tempfile.TemporaryDirectory() as folder:
        before, after = (
            made(copied(commit, Path(folder) / name), only) for name, commit in (("before", BEFORE), ("after", ""))
        )
        found = differences(before, after)
    reasons: dict[str, int] = {}
    unnamed = []
    for difference in found:
        reason = wanted(*difference)
        reasons[reason] = reasons.get(reason, 0) + 1
        if not reason:
            unnamed.append(difference)
    for reason, count in sorted(reasons.items()):
        print(f"{count:7} {reason or 'NOT NAMED'}")
    for file, place, old, new in unnamed[:200]:
        print(json.dumps([file, place, old[:300], new[:300]], ensure_ascii=False))
    print(f"{sum(map(len, before.values()))} places of {len(before)} files; {len(unnamed)} differences not named")
    return 1 if unnamed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
