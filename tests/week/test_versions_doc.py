"""docs/versions.md: its commands work one after the other in a person's folder and write the files it names."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from allocation.cli import main

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^allocation (.+)$", PAGE, re.M)


def test_the_commands_of_the_page_work_one_after_the_other(tmp_path, monkeypatch, capsys):
    assert len(COMMANDS) >= 6
    for name in ("models", "inputs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:
        monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 0, command + capsys.readouterr().err
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("outputs/**/*") if path.is_file()}
    for line in re.findall(r"^outputs/\S+$", PAGE, re.M):
        pattern = re.escape(line).replace("XXXXXXXX", "[0-9a-f]{8}")
        assert any(re.fullmatch(pattern, name) for name in written), line
