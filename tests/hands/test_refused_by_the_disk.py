"""A full disk, a folder that may not be written in, a name that cannot be: a message, exit code 2, nothing touched."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from trials import TRIALS

SEED = os.environ.get("SEED", "1")
TRIED = random.Random(SEED).sample(sorted(TRIALS), 9) if os.environ.get("CI") == "true" else ["collect again"]


@pytest.mark.skipif(os.name == "nt", reason="processes are forked")
def test_what_the_disk_refuses_is_said_and_leaves_everything_as_it_was():
    words = [
        sys.executable,
        str(Path(__file__).parent / "refusals.py"),
        "--each",
        "1",
        "--seed",
        SEED,
        "--only",
        *TRIED,
    ]
    told = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=400)
    assert told.returncode == 0, told.stderr[-2000:]
    found = json.loads(told.stdout)
    assert all(one["refusals"] >= 2 for one in found.values())
    assert {name: one["wrong"] for name, one in found.items() if one["wrong"]} == {}
