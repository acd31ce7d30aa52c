"""docs/verify.md: its commands give what the page shows."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from recorded_book import edit
from tampered import hide, tampered

from allocation.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "verify.md"
EXAMPLES = re.findall(r"```console\n\$ (allocation .+?)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


def told(command: str, monkeypatch, capsys) -> str:
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr()
    return said.out + said.err


def test_the_commands_of_the_page_show_what_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    told("allocation run incentive_fund", monkeypatch, capsys)
    book = Path("outputs/incentive_fund.xlsx")
    typed = edit(book, Path("typed.xlsx"), {("测算", "AS10"): 900, ("分配表", "A2"): "2017年奖励资金分配表"})
    tampered(typed, Path("outputs/改过.xlsx"), hide("辅助"))
    assert len(EXAMPLES) == 2
    for command, shown in EXAMPLES:
        assert told(command, monkeypatch, capsys) == shown
