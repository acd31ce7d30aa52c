"""A person's folder with `returned/`, and the command line as they type it there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from returned_files import FOUR, HEAD, RECIPIENTS


@pytest.fixture
def folder(folder) -> Path:
    """A working folder with the small policy `reward`, its recipients, and an empty `returned/`."""
    (folder / "inputs" / "recipients.csv").write_text(RECIPIENTS, encoding="utf-8-sig")
    (folder / "returned").mkdir()
    return folder


@pytest.fixture
def returns(folder):
    """returns(name, rows, title=…) writes one returned CSV; without a name, one file for each of the four counties."""

    def write(name: str = "", rows=FOUR, *, title: str = "2017年落户奖励资金数据表", head=HEAD) -> None:
        if not name:
            for row in rows:
                write(f"{row[1]}.csv", [row])
            return
        with (folder / "returned" / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[title], head, *rows])

    return write


@pytest.fixture
def collect(allocation):
    """collect("--due …") collects `returned/` for the policy `reward` on 1 March 2018."""

    def run(more: str = "", day: str = "2018-03-01"):
        return allocation(f"collect reward returned --date {day} {more}")

    return run


@pytest.fixture
def written(folder):
    """The files below outputs/."""
    return lambda: sorted(path.name for path in (folder / "outputs").glob("*")) if (folder / "outputs").exists() else []
