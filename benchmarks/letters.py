"""`allocation notices` for many payees: memory at its height, processor seconds, and how both grow.

The command itself, in a process of its own, on the shipped made-up province written out as often as is asked for.
"""

from __future__ import annotations

import csv
import math
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEBIBYTE = 2**20
POOL = 978  # a payee, in 万元: as in the shipped case
MEMORY, GROWTH = 300, 1.15  # MiB of a thousand letters; the exponent


def province(path: Path, count: int) -> None:
    """A table of `count` payees of one county each, with the figures of the shipped ones over and over."""
    with (ROOT / "inputs" / "provincial_fund.csv").open(encoding="utf-8-sig", newline="") as file:
        title, heads, *rows = csv.reader(file)
    kept = [row for row in rows if row[0].isdigit()]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([title, heads])
        for place in range(count):
            figures = kept[place % len(kept)][3:]
            writer.writerow([f"{100001 + place}", f"甲{place}县", f"甲{place}县", *figures])


def spent(command: Sequence[str]) -> tuple[float, float]:
    """Processor seconds of a command, and MiB at its height."""
    import resource  # of systems that tell of another process's memory: not of Windows

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / MEBIBYTE


def letters(count: int, action: str = "notices", *more: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "province.csv"
        province(table, count)
        command = [
            sys.executable, "-m", "allocation", action, "provincial_fund", "--input", str(table), "--out", folder,
            "--set", f"pool={POOL * count}", "--decided", "settled_weight", "--decided", "hold_harmless",
            "--data-year", "2024", *more,
        ]  # fmt: skip
        return spent(command)


def main(counts: Sequence[int] = (100, 300, 1000)) -> None:
    """Children's height of memory never falls: counts rise."""
    told = []
    for count in counts:
        seconds, height = letters(count)
        told.append((count, seconds))
        print(f"notices, {count} payees: {seconds:.1f} s, {height:.0f} MiB at the height", flush=True)
    (few, first), (many, last) = told[0], told[-1]
    print(f"growth: n^{math.log(last / first) / math.log(many / few):.2f} (wanted: {GROWTH} or less)")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or (100, 300, 1000))
