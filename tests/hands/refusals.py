"""Every writing command on a disk that refuses: full, read only, held open, a name too long, a file for a folder.

What must hold: a message in the reader's language, exit code 2, every file as it was, nothing left of our own.
`python tests/hands/refusals.py --each 3 --seed 1` refuses every command so many times at steps drawn at random.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

from kills import OURS, told_alike  # noqa: E402
from steps import loaded, tree, typed  # noqa: E402
from trials import TRIALS, furnished  # noqa: E402

ENDING = {True: "no file was written", False: "没有写出任何文件"}
FULL = ("open", "os.mkdir", "os.link", "fsync")  # what a full disk refuses; a rename needs no room
CLOSED = (*FULL, "os.rename")
LONG = "很长的名字" * 40


def refusing(step: int, kinds: tuple[str, ...], number: int) -> Callable[[int, str], None]:
    """From a step on, everything of these kinds is refused."""

    def at(count: int, name: str) -> None:
        kind, _, path = name.partition(" ")
        if count >= step and kind in kinds:
            raise OSError(number, os.strerror(number), path or None)

    return at


def out_of(command: str, out: str) -> str:
    """The command with another output."""
    return re.sub(r" --out \S+", "", command) + f" --out {out}"


def elsewhere(folder: Path, command: str) -> Iterator[tuple[str, str]]:
    """The command with outputs that cannot be, made in the folder, each with its kind."""
    named = "template" in command or ".xlsx" in command or "decompose" in command  # --out is a file
    (folder / "一个文件").write_bytes(b"x")
    yield "a name too long", out_of(command, LONG + (".xlsx" if named else ""))
    yield "a path too long", out_of(command, "/".join(["长" * 60] * 30) + ("/表.xlsx" if named else ""))
    yield "a file for a folder", out_of(command, "一个文件/里面" + (".xlsx" if named else ""))
    yield "no such device", out_of(command, "/dev/null/里面" + (".xlsx" if named else ""))


def begun(home: Path, name: str) -> tuple[Path, tuple[str, ...]]:
    """The folder in which the trial's command is typed, and the steps it takes there."""
    start = furnished(home / "start")
    for command in TRIALS[name].before:
        assert typed(start, command).code == 0, command
    TRIALS[name].change(start)
    shutil.copytree(start, home / "work")
    told = typed(home / "work", TRIALS[name].command)
    assert told.code in (0, 1), told.text
    return start, told.steps


def refused(home: Path, name: str, each: int, drawn: random.Random) -> tuple[int, list[str]]:
    """How often the command was refused, and what was wrong."""
    start, steps = begun(home, name)
    count, wrong, folder = 0, [], home / "work"
    command = TRIALS[name].command

    def attempt(kind: str, words: str, at=None, bytes_at: int = 0) -> None:
        nonlocal count
        before = told_alike(tree(folder))
        english = "--lang en" in words or drawn.random() < 0.3
        words += " --lang en" if english and "--lang en" not in words else ""
        told = typed(folder, words, at, bytes_at, dies=False)
        if told.code in (0, 1) and bytes_at:
            return  # no file grew so far
        count += 1
        after = told_alike(tree(folder))
        if told.code != 2 or "Traceback" in told.text or not re.search(ENDING[english], told.text):
            wrong.append(f"{kind}: exit {told.code}: {words}: {told.text[-400:]}")
        moved = [one for one in {*before, *after} if before.get(one) != after.get(one)]
        wrong.extend(
            f"{kind}: {words}: {one} is {'left' if OURS.search(one) else 'another'}" for one in sorted(moved)[:3]
        )

    def anew() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(start, folder)

    kinds = [("full", FULL, errno.ENOSPC), ("read only", CLOSED, errno.EROFS), ("no right", CLOSED, errno.EACCES)]
    for kind, refuses, number in kinds:
        able = [place for place, step in enumerate(steps, 1) if step.partition(" ")[0] in refuses]
        renamed = [place for place, step in enumerate(steps, 1) if step.startswith("os.rename")]
        able = [place for place in able if place < (renamed or [len(steps)])[0]]
        for place in drawn.sample(able, min(each, len(able))):
            anew()
            attempt(f"{kind} at {place} {steps[place - 1]}", command, refusing(place, refuses, number))
    for _ in range(each):
        anew()
        bytes_at = 1 + drawn.randrange(9000)
        attempt(f"full after {bytes_at} bytes", command, None, bytes_at)
    anew()
    if not command.startswith("versions") and name != "sweep on":
        for kind, words in elsewhere(folder, command):
            attempt(kind, words)
    return count, wrong


def all_refused(names: list[str], each: int, seed: int) -> dict[str, dict]:
    loaded()
    found = {}
    for name in names:
        with tempfile.TemporaryDirectory() as home:
            count, wrong = refused(Path(home), name, each, random.Random(f"{seed} {name}"))
        found[name] = {"refusals": count, "wrong": wrong}
        print(name, json.dumps(found[name], ensure_ascii=False), file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=list(TRIALS))
    asked = parser.parse_args()
    print(json.dumps(all_refused(asked.only, asked.each, asked.seed), ensure_ascii=False))
