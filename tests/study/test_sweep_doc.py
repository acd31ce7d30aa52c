"""docs/sweep.md: its commands give what the page shows, and every option of the command is on the page."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from allocation.cli import cli, main
from allocation.commands.shared import table_options
from allocation.parts.kinds import PARTS

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "sweep.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ allocation (.+?)\n(.*?)```", TEXT, re.S)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command[:40] for command, _ in EXAMPLES])
def test_a_command_of_the_page_shows_what_the_page_says(command, shown, tmp_path, monkeypatch, capsys):
    for name in ("models", "inputs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    assert (stopped.value.code, said.out + said.err) == (0, shown)


def test_the_page_has_a_grid_samples_and_every_option():
    assert [command.split()[2] for command, _ in EXAMPLES] == ["--grid", "--range"]
    shared = {option for one in table_options(lambda: None).__click_params__ for option in one.opts}
    options = {option for one in cli.commands["sweep"].params for option in one.opts}
    assert "--resume" in options - shared
    parts = {option for one in PARTS if one.option for option in (one.option.flag, *(s.flag for s in one.settings))}
    assert {one for one in options - shared - parts if one.startswith("--") and one not in TEXT} == set()
