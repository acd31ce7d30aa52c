"""The command line in a folder of one's own that has no models: those of the clone are taken."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from allocation.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def allocation(folder, monkeypatch, capsys):
    class Told:
        def __init__(self, code: int, out: str, err: str):
            self.code, self.out, self.err = code, out, err

    def run(command: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        return Told(stopped.value.code, *capsys.readouterr())

    return run
