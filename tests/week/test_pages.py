"""docs/issuing.md and docs/years.md: their commands give what the pages show."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from allocation.cli import main

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"```(bash|console)\n(.*?)```", re.S)


def told(command: str, monkeypatch, capsys) -> tuple[int, str]:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    return stopped.value.code, said.out + said.err


@pytest.mark.parametrize("page", ["issuing", "years"])
def test_the_commands_of_a_page_give_what_it_shows(page, monkeypatch, capsys, tmp_path):
    blocks = BLOCK.findall((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"))
    assert any(kind == "console" for kind, _ in blocks)
    for kind, text in blocks:
        command, _, shown = text.removeprefix("$ ").partition("\n")
        code, said = told(command.replace("OUT", tmp_path.as_posix()), monkeypatch, capsys)
        assert code == 0
        if kind == "console":
            assert said.replace(tmp_path.as_posix(), "OUT") == shown
