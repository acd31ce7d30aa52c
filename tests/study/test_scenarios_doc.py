"""docs/scenarios.md: its scenario file loads and runs, its commands work as a person would type them in a clone."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from allocation.analysis.scenarios import load_scenario, run_scenario
from allocation.cli import main
from allocation.run.finding import find

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
(FILE,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
COMMANDS = re.findall(r"^allocation (.+)$", PAGE, re.M)


def answer(words: list[str], monkeypatch) -> int:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["allocation", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def test_the_scenario_file_of_the_page_rests_on_its_parent_and_moves_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    path = tmp_path / "page.toml"
    path.write_text(FILE, encoding="utf-8")
    found = find("incentive_fund", None, None)
    run = run_scenario(found.model, (found.table,), load_scenario(path))
    assert [change.name for change in run.changed] == ["hold_harmless", "growth_cap_on", "settled.cross_province"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_writes_its_comparison(command, tmp_path, monkeypatch):
    book = tmp_path / "my_scenarios.xlsx"
    assert answer(["scenario", "template", "incentive_fund", "--out", str(book)], monkeypatch) == 0
    words = [str(book) if word.endswith("my_scenarios.xlsx") else word for word in shlex.split(command)]
    words = words[: words.index("--out")] if "--out" in words else words
    assert answer([*words, "--out", str(tmp_path / "c.xlsx")], monkeypatch) == 0
    assert (tmp_path / "c.xlsx").stat().st_size > 10_000


def test_the_page_shows_both_kinds_of_scenarios():
    assert len(COMMANDS) == 2
