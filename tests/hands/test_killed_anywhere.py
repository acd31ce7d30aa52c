"""A command that is killed anywhere leaves nothing half, accuses nobody, and is mended by typing it again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from trials import TRIALS

from allocation.cli import cli
from allocation.commands.blank_form import FORMS
from allocation.commands.issue import BY_RUN
from allocation.commands.shared import OutPlace
from allocation.policy.stages import EDITIONS

KILLS = int(os.environ.get("KILLS", 16 if os.environ.get("CI") == "true" else 2))
DESK = () if KILLS > 2 else ("--only", "collect again")
SEED = os.environ.get("SEED", "1")
READS = ("journal", "import-check")  # their --out is the folder that they read
SAME_FILES = ("--reference", "--json")  # flags that change figures or what is printed, and nothing of what is written


def commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")
        else:
            yield above + name, command


WRITING = {
    name: command
    for name, command in commands(cli)
    if name not in READS and any(isinstance(one.type, OutPlace) for one in command.params)
}


def typed(name: str) -> list[str]:
    """The words of all trials of a command."""
    trials = [one.command for one in TRIALS.values() if f"{one.command} ".startswith(f"{name} ")]
    return [word for command in trials for word in command.split()]


@pytest.mark.parametrize("name", WRITING)
def test_every_command_that_writes_has_its_trial_with_every_flag(name):
    flags = [one.opts[0] for one in WRITING[name].params if isinstance(one, click.Option) and one.is_flag]
    assert typed(name)
    assert set(flags) - set(typed(name)) - set(SAME_FILES) == set()


@pytest.mark.parametrize(("name", "choices"), [
    ("run", (*BY_RUN.values(), *(word.zh for word in EDITIONS.values()), "呈批", "A3")),
    ("template", tuple(FORMS)),
])  # fmt: skip
def test_every_stage_edition_and_form_has_its_trial(name, choices):
    assert set(choices) - set(typed(name)) == set()


@pytest.mark.skipif(os.name == "nt", reason="processes are forked")
def test_a_command_killed_anywhere_leaves_nothing_half_and_is_mended_by_typing_it_again():
    words = [sys.executable, str(Path(__file__).parent / "kills.py"), "--kills", str(KILLS), "--seed", SEED, *DESK]
    told = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=KILLS * 30 + 60)
    assert told.returncode == 0, told.stderr[-2000:]
    found = json.loads(told.stdout.splitlines()[-1])  # what a killed command had shown may stand before
    assert sum(one["kills"] for one in found.values()) >= KILLS // 2  # some steps lie behind the last
    assert {name: one["wrong"] for name, one in found.items() if one["wrong"]} == {}
