"""Runs a second of a sweep on the Jinzhou table: two parameters; with every county's figure moving; in fractions;
and where some of the runs cannot be run, because floors exceed the pool: at what part of the speed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from allocation.lab.ranges import parse_factors
from allocation.lab.sweep import REFUSED, make_sweep, run_some
from allocation.run.finding import find
from allocation.run.run import run_model

ROOT = Path(__file__).resolve().parent.parent
PARAMETERS = ["pool=5000:6000", "hold_harmless=70%:90%"]
CASES = {
    "two parameters": (PARAMETERS, False),
    "and every county": ([*PARAMETERS, "settled[in_city]@each=±10%"], False),
    "fractions": (PARAMETERS, True),
    "some refused": (["pool=4000:6000", "hold_harmless=80%:100%"], False),
}


def main(rounds: int = 3) -> None:
    found = find(str(ROOT / "models" / "incentive_fund@2017.toml"), ROOT / "inputs" / "jinzhou_2017.xlsx", None)
    speeds = {}
    for name, (texts, exact) in CASES.items():
        base = run_model(found.model, found.table, exact=exact)
        sweep = make_sweep(base, parse_factors(texts, base.model, base.tables, "--range"), [], None, 256, 1)
        times, rows = [], None
        for _ in range(rounds):
            start = time.perf_counter()
            rows = run_some(sweep, [sweep.changes(run) for run in range(sweep.chunk)])
            times.append(time.perf_counter() - start)
        lost = f", {(rows[:, 0] == REFUSED).mean():.0%} refused" if (rows[:, 0] == REFUSED).any() else ""
        speeds[name] = sweep.chunk / min(times)
        print(f"{name}: {speeds[name]:,.0f} runs a second (chunks of {sweep.chunk}{lost})")
    print(f"some refused against none: {speeds['some refused'] / speeds['two parameters']:.2f}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
