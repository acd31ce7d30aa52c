"""The small, fictional policy of the bad cases, loaded once."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from allocation import load_model, read_table
from allocation.cli import main

TESTS = Path(__file__).parents[1]
sys.path += [str(TESTS / "language"), str(TESTS / "readings")]  # the small models, and recalculating a file

ROOT = Path(__file__).parents[2]
SHARED = Path(__file__).parent.parent / "cases" / "shared"


@pytest.fixture(scope="session")
def reward():
    return load_model(SHARED / "models" / "reward.toml")


@pytest.fixture(scope="session")
def counties(reward):
    return (read_table(SHARED / "inputs" / "reward.csv", reward),)


@pytest.fixture
def told_at_root(monkeypatch, capsys):
    """told_at_root("allocation explain …") types a command beside the shipped models: its exit code, out and err."""

    def told(command: str) -> tuple[int, str, str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code, *capsys.readouterr()

    return told
