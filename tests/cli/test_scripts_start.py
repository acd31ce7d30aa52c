"""The scripts that docs/trust.md and CONTRIBUTING.md name start as they are typed there, outside pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SCRIPTS = ("tests/laws/law_of_readings.py", "tests/hands/kills.py", "tests/hands/refusals.py")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_starts_by_itself(script):
    told = subprocess.run(
        [sys.executable, script, "--help"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0 and "--seed" in told.stdout, told.stderr


def test_the_program_starts_as_a_module():
    told = subprocess.run(
        [sys.executable, "-m", "allocation", "models"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0 and "incentive_fund" in told.stdout, told.stderr
