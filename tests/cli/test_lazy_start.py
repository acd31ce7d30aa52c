"""Start-up is what people wait for: a command loads the libraries it uses and no others (in a process of its own)."""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from allocation import commands
from allocation.cli import cli
from allocation.commands.by_name import FILES

REPOSITORY = Path(__file__).parent.parent.parent
ASK = """
import json, sys
from allocation.cli import main
sys.argv = ["allocation", *json.loads(sys.argv[1])]
code = 0
try:
    main()
except SystemExit as stopped:
    code = stopped.code
print("\\n" + json.dumps({"code": code, "modules": sorted(sys.modules)}))
"""

# Rooms that a run has no use for: the other commands, and what they ask of runs.
UNASKED = {
    *(f"allocation.commands.{file}" for file in set(FILES.values()) - {"basic"}),
    *(f"allocation.{room}" for room in ("analysis.batch", "analysis.scenarios", "years.timeline", "tables.xls")),
    *(f"allocation.{room}" for room in ("commands.usage", "commands.helping", "verify", "page", "documents")),
    *("allocation.xlsx.editions", "allocation.xlsx.versions_sheet", "docx", "starlette", "uvicorn"),
}


def loaded(words: list[str], folder: Path) -> set[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(words)],
        cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["code"] == 0, done.stderr
    return set(found["modules"])


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (["--version"], {"numpy", "pydantic", "openpyxl", "xlsxwriter", "pandas"}),
        (["models"], {"pydantic", "openpyxl", "xlsxwriter", "pandas", "wcwidth"}),
        (["check", "reward"], {"pydantic", "openpyxl", "xlsxwriter", "pandas", "scipy", "matplotlib", "rich"}),
        (["run", "reward"], {"pydantic", "openpyxl", "pandas", "scipy", "matplotlib", "rich", "wcwidth"}),
        (["run", "incentive_fund"], {"numpy.random", "numpy.ma", *UNASKED}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_no_library_that_it_does_not_use(folder, words, unwanted):
    assert not loaded(words, folder) & unwanted


# Of our own, each of which takes some 0.3 ms to find, open and run: that noise cannot change, as it does a time.
@pytest.mark.parametrize(("words", "most"), [(["--version"], 20), (["check", "reward"], 222), (["run", "reward"], 290)])
def test_a_command_reads_no_more_files_than_it_did_when_its_start_was_measured(folder, words, most):
    assert len([name for name in loaded(words, folder) if name.partition(".")[0] == "allocation"]) <= most


def test_every_command_that_a_file_holds_is_listed_by_its_name():
    files = [import_module(f"{commands.__name__}.{one.name}") for one in pkgutil.iter_modules(commands.__path__)]
    held = [value for file in files for value in vars(file).values() if isinstance(value, click.Command)]
    deeper = [command for group in held if isinstance(group, click.Group) for command in group.commands.values()]
    assert {command.name: command for command in held if command not in deeper} == dict(cli.commands)
