"""An editor knows what `al` gives: mypy, strict, on what an analyst writes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import allocation as al

SCRIPT = """\
import allocation as al

model = al.load("incentive_fund")
run = model.run(pool=6000)
reveal_type(model)
reveal_type(run)
reveal_type(run.frame)
reveal_type(run.total)
reveal_type(run.compare({"pool": 5000}).changes)
reveal_type(run.sweep("pool=4000:6000").frame)
reveal_type(model["pool"])
reveal_type(al.compare(model, "pool=5000"))
reveal_type(al.find("incentive_fund").table)
copied: al.Run = run
stopped: type[UserWarning] = al.DoubtWarning
"""
WANTED = [
    "ModelView", "RunView", "frame", "Fraction | None", "frame", "frame", "EntryView | Entries",
    "ComparisonView", "Table",
]  # fmt: skip


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="half a minute of mypy: CI runs it")
def test_mypy_reveals_the_types_of_what_an_analyst_writes(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    root = Path(al.__file__).parent.parent
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--follow-imports=silent",
        "--ignore-missing-imports",
        str(script),
    ]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300).stdout
    revealed = re.findall(r'Revealed type is "([^"]+)"', told)
    short = [re.sub(r"[\w.]+\.(\w+)", r"\1", one) for one in revealed]
    short = ["frame" if one in ("Any", "DataFrame") else one for one in short]  # Any where pandas has no stubs
    assert short == WANTED, told
    assert "error:" not in told, told


def test_the_package_shows_few_names_and_all_of_them_are_there():
    assert [*dir(al)] == sorted([*al.__all__, "__version__"])
    assert len(al.__all__) <= 20 and all(hasattr(al, name) for name in al.__all__)


def test_what_is_returned_is_of_the_public_class(run):
    assert isinstance(run, al.Run) and isinstance(run.compare("pool=900"), al.Comparison)
    assert type(run).__name__ == "RunView" and al.Run is type(run)
