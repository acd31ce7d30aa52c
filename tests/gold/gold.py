"""What the tree writes today beside what it wrote at BEFORE: every difference is wanted and named, or this ends with 1.

    python tests/gold/gold.py              all commands, some ten minutes
    python tests/gold/gold.py land_quota   only those that speak of land_quota

Both trees are copied into a temporary folder and run their own models and samples there. What they write is not kept.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from gold_commands import REFUSED, commands
from gold_products import of_a_folder
from gold_wanted import wanted

BEFORE = "28030061"
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
    shutil.copytree(tree / "tests" / "cases" / "returned", tree / "returned")
    for words in lines:
        named = [_with_hash(tree, word) for word in words]
        start = "import sys; from allocation.cli import main; sys.argv[0] = 'allocation'; sys.exit(main())"
        told = subprocess.run(
            [sys.executable, "-c", start, *named], cwd=tree, env=environment, capture_output=True, check=False
        )
        text = (told.stdout + told.stderr).decode("utf-8", "replace").replace(str(tree), "TREE")
        said["$ allocation " + " ".join(words)] = {"exit code": str(told.returncode)} | {
            str(number): line for number, line in enumerate(text.splitlines(), 1)
        }
    return said


HASH = "XXXXXXXX"  # of a version, in a path of the week


def _with_hash(tree: Path, word: str) -> str:
    found = [*tree.glob(word.replace(HASH, "?" * len(HASH)))] if HASH in word else []
    return found[0].relative_to(tree).as_posix() if found else word


def refused(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> list[str]:
    """Commands that wrote nothing in either tree: of them nothing is compared, and a gold of nothing is none."""
    ended = "exit code"
    return [name for name, said in before.items() if said.get(ended) == "2" == after.get(name, {}).get(ended)]


def made(tree: Path, only: str) -> dict[str, dict[str, str]]:
    """{command or file: {place: what stands there}} of one tree."""
    return typed(tree, commands(tree, only)) | of_a_folder(tree / "outputs")


NUMBERED = re.compile(r"(?P<front>.*?)(?P<column>[A-Z]{0,3})(?P<row>\d+)(?P<back> format)?")
COUNTED = re.compile(r"\((\d+), \1\)")  # the running number of a line of the model's text on 溯源


TOLD = re.compile(r"(?<![0-9a-zA-Z])(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{8})(?![0-9a-zA-Z])")  # a hash, or its head


def unhashed(facts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Hashes out of names and texts: what they are of is compared itself, and a model's text has more to say today."""
    return {
        TOLD.sub("HASH", file): {TOLD.sub("HASH", place): TOLD.sub("HASH", text) for place, text in places.items()}
        for file, places in facts.items()
    }


def differences(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> list[tuple[str, str, str, str]]:
    """(file, place, before, after) of everything that is not the same; a line more or less moves no other line."""
    unlike = []
    for file in sorted(before.keys() | after.keys()):
        old, new = _by_rows(before.get(file, {})), _by_rows(after.get(file, {}))
        for front in sorted(old.keys() | new.keys()):
            for row, here, there in _aligned(old.get(front, {}), new.get(front, {})):
                unlike += [
                    (file, f"{front}{key.replace('#', row)}", here.get(key, ""), there.get(key, ""))
                    for key in sorted(here.keys() | there.keys())
                    if here.get(key, "") != there.get(key, "")
                ]
    return unlike


def _by_rows(places: dict[str, str]) -> dict[str, dict[int, dict[str, str]]]:
    """By sheet or part of a file, by row or line, what stands there; what is of no row stands in row 0."""
    rows: dict[str, dict[int, dict[str, str]]] = {}
    for place, text in places.items():
        match = NUMBERED.fullmatch(place)
        front, row = (match["front"], int(match["row"])) if match else ("", 0)
        key = f"{match['column']}#{match['back'] or ''}" if match else place
        rows.setdefault(front, {}).setdefault(row, {})[key] = text
    return rows


def _aligned(old: dict, new: dict) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """The rows that are not alike, those that only moved left out; each beside the one that stands where it stood."""
    if old == new:
        return
    before, after = sorted(old), sorted(new)
    signs = [[_sign(rows[row]) for row in order] for rows, order in ((old, before), (new, after))]
    for tag, low, high, first, last in SequenceMatcher(None, *signs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for at in range(max(high - low, last - first)):
            here = before[low + at] if low + at < high else None
            there = after[first + at] if first + at < last else None
            yield str(there if here is None else here), old.get(here, {}), new.get(there, {})


def _sign(row: dict[str, str]) -> str:
    return json.dumps({key: text for key, text in row.items() if not COUNTED.fullmatch(text)}, sort_keys=True)


SHOWN = 400


def main(only: str = "") -> int:
    with tempfile.TemporaryDirectory() as folder:
        before, after = (
            made(copied(commit, Path(folder) / name), only) for name, commit in (("before", BEFORE), ("after", ""))
        )
        unlike = differences(unhashed(before), unhashed(after))
    reasons: dict[str, int] = {}
    unnamed = []
    for difference in unlike:
        reason = wanted(*difference)
        reasons[reason] = reasons.get(reason, 0) + 1
        if not reason:
            unnamed.append(difference)
    for reason, count in sorted(reasons.items()):
        print(f"{count:7} {reason or 'NOT NAMED'}")
    for file, place, old, new in unnamed[:SHOWN]:
        print(json.dumps([file, place, old[:300], new[:300]], ensure_ascii=False))
    nothing = [name for name in refused(before, after) if not any(re.search(known, name) for known in REFUSED)]
    print("\n".join(f"wrote nothing in either tree: {name}" for name in nothing))
    print(f"{sum(map(len, before.values()))} places of {len(before)} files; {len(unnamed)} differences not named")
    return 1 if unnamed or nothing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
