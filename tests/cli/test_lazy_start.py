"""Start-up is what people wait for: a command loads the libraries it uses and no others (in a process of its own)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
names = sorted({name.split(".")[0] for name in sys.modules})
print("\\n" + json.dumps({"code": code, "modules": names}))
"""


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
        (["models"], {"openpyxl", "xlsxwriter", "pandas", "wcwidth"}),
        (["check", "reward"], {"openpyxl", "xlsxwriter", "pandas", "scipy", "matplotlib", "rich"}),
        (["run", "reward"], {"openpyxl", "pandas", "scipy", "matplotlib", "rich", "wcwidth"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_no_library_that_it_does_not_use(folder, words, unwanted):
    assert not loaded(words, folder) & unwanted
