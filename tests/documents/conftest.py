"""The small policy `reward` in a folder of one's own, the shipped monitor, and the command line in this process."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from word import MONITOR, ROOT

from allocation.cli import main
from allocation.finding import find
from allocation.run import run_model
from allocation.study.timeline import read_years, timeline

SHARED = ROOT / "tests" / "cases" / "shared"


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A person's working folder: `reward`, its table (of 2017, illustrative), and the monitor's model."""
    place = tmp_path / "work"
    shutil.copytree(SHARED, place)
    shutil.copy(ROOT / "models" / "urbanisation_monitor.toml", place / "models")
    table = place / "inputs" / "reward.csv"
    table.write_text("2017年落户奖励资金（示例数据）\n" + table.read_text("utf-8-sig"), encoding="utf-8")
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def allocation(folder, monkeypatch, capsys):
    def run(command: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        return Told(stopped.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def reward(folder):
    """The run of the folder's own table."""
    found = find("reward", None, None)
    return run_model(found.model, found.table)


@pytest.fixture(scope="session")
def monitor():
    """monitor(2018): the shipped monitor's run over the years up to one."""
    model = find("urbanisation_monitor", MONITOR, 2016).model
    tables = read_years([MONITOR], model)
    return lambda year: timeline(model, [table for table in tables if table.year <= year])
