"""The week of docs/week.md walked through the command line in a folder of its own: what every command said."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from allocation.cli import main

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "week.md").read_text(encoding="utf-8")
STEPS = re.findall(r"```console\n\$ allocation (.+?)\n(.*?)```", PAGE, re.S)  # (command, the lines shown)
HASH = "XXXXXXXX"
LATE = "义县.xlsx"  # comes a day after the others
VERSIONS = Path("outputs/versions")


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def say(folder: Path, command: str) -> Said:
    """A command as typed in `folder`; eight X in a path stand for a version's hash."""
    words = [_named(folder, word) for word in shlex.split(command)]
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["allocation", *words])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as stopped:
            main()
    return Said(stopped.value.code, out.getvalue(), err.getvalue())


def _named(folder: Path, word: str) -> str:
    if HASH not in word:
        return word
    (path,) = folder.glob(word.replace(HASH, "?" * 8))
    return path.relative_to(folder).as_posix()


def city(folder: Path) -> Path:
    """The shipped models and inputs, and the seven returned files but for the late one."""
    for part in ("models", "inputs"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(ROOT / "tests" / "cases" / "returned", folder / "returned")
    (folder / "returned" / LATE).rename(folder / LATE)
    return folder


def walked(folder: Path) -> Iterator[tuple[str, Said]]:
    """Every step of the page in its order."""
    for number, (command, _) in enumerate(STEPS):
        if number == 1:
            (folder / LATE).rename(folder / "returned" / LATE)
        yield command, say(folder, command)


def step(*words: str) -> str:
    """The one command of the page that has all the words."""
    (found,) = [command for command, _ in STEPS if all(word in command for word in words)]
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
