"""`allocation compare` of forty variants of the Jinzhou table: seconds with start-up, and against a bare import."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
USUAL = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
VARIANT = """[scenario]
zh = "情景{n}"
en = "Variant {n}"

[[change]]
address = "pool"
set = {pool}

[[change]]
address = "hold_harmless"
set = "{floor}%"
"""


def main(count: int = 40, rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for n in range(count):
            files.append(Path(folder) / f"variant_{n}.toml")
            files[-1].write_text(VARIANT.format(n=n, pool=5000 + 25 * n, floor=50 + n % 40), encoding="utf-8")
        names = map(str, files)
        command = [sys.executable, "-m", "allocation.cli", "compare", "incentive_fund", *names, "--out", folder]
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            subprocess.run(command, check=True, cwd=ROOT, env=USUAL, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
    print(f"{count} scenarios: {min(times):.2f} s with start-up (wanted: 3 or less)")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
