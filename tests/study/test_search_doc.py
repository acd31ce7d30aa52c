"""docs/search.md: its commands give what the page shows, and each is what a person sees in a clone."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from allocation.cli import cli, main

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "search.md"
EXAMPLES = re.findall(r"```console\n\$ allocation (.+?)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


def told(command: str, monkeypatch, capsys) -> tuple[int, str]:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    return stopped.value.code, said.out + said.err


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_a_command_of_the_page_shows_what_the_page_says(command, shown, monkeypatch, capsys):
    code, text = told(command, monkeypatch, capsys)
    assert text == shown
    assert code == (1 if "No value reaches" in text else 0)


def test_the_page_has_an_example_of_each_command():
    shown = {command.split()[0] for command, _ in EXAMPLES}
    assert shown == {"seek", "decompose", "margins", "design"} <= set(cli.commands)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("seek incentive_fund --vary pool --figure award@黑山 --target 900", "黑山县"),
        ("seek incentive_fund --vary pool --figure award@黑山县 --target 九百", "--target: 应为数字"),
        ("seek incentive_fund --vary pool --figure award@黑山县 --target 9 --low 9 --high 1", "没有可取的值"),
        ("decompose incentive_fund --set poll=1", "最接近的是“pool”"),
        ("margins incentive_fund --of pool", "是参数"),
        ("margins incentive_fund --step 0", "应大于 0"),
    ],
)
def test_a_mistake_is_a_message_and_exit_code_2(command, said, monkeypatch, capsys):
    code, text = told(command, monkeypatch, capsys)
    assert code == 2 and said in text and "Traceback" not in text


def test_a_check_that_fails_with_the_answer_is_said(monkeypatch, capsys):
    command = 'seek incentive_fund --vary "weight[settled]" --figure award@黑山县 --target 880'
    code, text = told(command, monkeypatch, capsys)
    assert code == 0 and "核对不通过：因素权重之和等于 100%" in text
