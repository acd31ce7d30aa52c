"""docs/data.md: its commands, in a folder of one's own, say every line that the page shows and write what it names."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from allocation.cli import main

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ allocation (.+?)\n(.*?)```", PAGE, re.S)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_a_command_of_the_page_says_what_the_page_shows(command, shown, tmp_path, monkeypatch, capsys):
    for name in ("models", "inputs", "docs/examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    lines = (said.out + said.err).splitlines()
    assert stopped.value.code == (2 if "undecided" in command else 0)
    places = [
        next((i for i, line in enumerate(lines) if line.startswith(wanted)), None) for wanted in shown.splitlines()
    ]
    assert None not in places and places == sorted(places), "\n".join(lines)
    for path in re.findall(r"outputs/\S+", shown):
        assert (tmp_path / path).is_file()


def test_the_page_shows_every_command_it_speaks_of():
    assert {command.split()[0] for command, _ in EXAMPLES} == {"template", "check", "confirm", "compare"}
