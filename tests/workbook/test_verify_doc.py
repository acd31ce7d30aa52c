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
COUNT = re.compile(r"(?<=核对了 )\d+(?= 个单元格)")  # moves with every line that joins a sheet
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
    typed = edit(book, Path("typed.xlsx"), {("测算", "AS10"): 900, ("资金测算表", "A2"): "2017年奖励资金分配表"})
    tampered(typed, Path("outputs/改过.xlsx"), hide("辅助"))
    told('allocation timeline incentive_fund --until 2019 --growth "settled[in_city]=5%"', monkeypatch, capsys)
    edit(Path("outputs/incentive_fund_timeline.xlsx"), Path("outputs/多年改过.xlsx"), {("各年", "D10"): 900})
    told("allocation run incentive_fund --edition 公开 --date 2018-03-05", monkeypatch, capsys)
    public = Path("outputs/incentive_fund_2017_公开_示例数据.xlsx")
    edit(public, Path("typed.xlsx"), {("分配表", "C9"): 900}).replace(public)
    assert len(EXAMPLES) == 4
    for command, shown in EXAMPLES:
        assert COUNT.sub("N", told(command, monkeypatch, capsys)) == COUNT.sub("N", shown)
