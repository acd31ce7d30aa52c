"""docs/documents.md: its commands, in order, say and write what the page shows."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from word import ROOT, lines

from allocation.cli import cli, main
from allocation.documents.placeholders import KEYS, NAMES, NEEDED

PAGE = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ allocation (.+?)\n(.*?)```", PAGE, re.S)


def test_the_commands_of_the_page_say_and_write_what_it_shows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert len(EXAMPLES) == 7
    for command, shown in EXAMPLES:
        monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        assert stopped.value.code == 0, said.err
        assert [line for line in shown.splitlines() if line not in said.out.splitlines()] == [], command
    named = set(re.findall(r"outputs/\S+?\.(?:docx|xlsx)", PAGE))
    assert len(named) == 8 and [name for name in sorted(named) if not Path(name).is_file()] == []
    assert "示例数据" in "\n".join(lines(Path("outputs/incentive_fund_2017_测算说明.docx")))


def test_the_page_lists_every_placeholder_in_both_languages():
    listed = re.findall(r"\| `{(\S+?)}` \| `{(\S+?)}` \|(.*)\|", PAGE)
    assert {zh: en for zh, en, _ in listed} == {names.zh: names.en for names in NAMES.values()}
    required = {KEYS[zh] for zh, _, about in listed if "required" in about}
    assert required == {key for keys in NEEDED for key in keys}


def test_the_page_has_an_example_of_each_command():
    named = {command.split()[0] for command, _ in EXAMPLES}
    assert named == {"evaluate", "notices", "run", "template"} <= set(cli.commands)
