"""The command line as a person sees it, in this process: `allocation("run reward")` in a folder of their own."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from desk import COSTLY, IN_CI, ONE_IN, starts, without_most_of_costly_folders

from allocation.cli import main

SHARED = Path(__file__).parent / "cases" / "shared"  # models/ and inputs/ of a small, fictional policy


SLOW = ("readings", "workbook", "notebooks", "documents")  # folders whose files take longest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A file goes to one worker: those that start LibreOffice first, long ones next, so that both end together."""
    items.sort(key=lambda item: (not starts(item.path), item.path.parent.name not in SLOW))
    if plain(config):
        items[:] = without_most_of_costly_folders(items, lambda item: item.path)


def plain(config: pytest.Config) -> bool:
    """Whether everything is to be tried, on a desk: nobody named a file, a folder or a word."""
    return not IN_CI and config.args == config.getini("testpaths") and not config.option.keyword


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if plain(config):
        folders = ", ".join(COSTLY)
        terminalreporter.line(
            f"of each file of {folders}: one test in {ONE_IN}; none that starts LibreOffice or a browser (all take"
        )
        terminalreporter.line("five times as long): CI=true python -m pytest tries all, and so does naming a file")


@pytest.fixture(autouse=True, scope="session")
def _disk_that_is_not_pulled_out() -> None:
    """Waiting for the disk at every file would take minutes; that files are synced is told by tests/hands."""
    os.fsync = lambda number: None


@dataclass(frozen=True)
class Told:
    """The exit code of a command, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A person's working folder with `models/` and `inputs/`."""
    place = tmp_path / "work"
    shutil.copytree(SHARED, place)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def allocation(folder, monkeypatch, capsys):
    """allocation("run reward --set pool=900") types a command in `folder`; a list of words is taken as it is."""

    def run(command: str | list[str]) -> Told:
        words = shlex.split(command) if isinstance(command, str) else command
        monkeypatch.setattr(sys, "argv", ["allocation", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        return Told(stopped.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def contents(folder):
    """What stands in the folder now: every file with its bytes, every folder."""

    def look(below: str = ".") -> dict[str, bytes | None]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
            for path in (folder / below).rglob("*")
        }

    return look
