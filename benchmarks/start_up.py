"""`allocation run incentive_fund` on seven counties against a bare import of numpy, openpyxl and XlsxWriter.

Prints the ratio of the least times of interleaved runs. Also an exact run of a nation's 2,850 counties, in seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Python keeps compiled modules unless told not to, as on anyone's machine.
USUAL = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
BARE = [sys.executable, "-c", "import numpy, openpyxl, xlsxwriter"]


def timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, env=USUAL, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(rounds: int = 12) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "allocation.cli", "run", "incentive_fund", "--out", folder]
        pairs = [(timed(BARE), timed(run)) for _ in range(rounds)]
    bare, whole = (min(times) for times in zip(*pairs, strict=True))
    print(f"bare import {bare:.3f} s, allocation run {whole:.3f} s, ratio {whole / bare:.2f} (wanted: 2.5 or less)")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
