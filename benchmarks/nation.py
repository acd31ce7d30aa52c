"""A nation's 2,850 counties: the exact run of the incentive fund, the float run, and the workbook.

Figures are made up by a fixed rule; only their size matters. Times are of one process, the least of a few runs; the
ratio exact ÷ float says what exactness costs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from allocation.policy.loading import load_model
from allocation.policy.model import Model
from allocation.record.record import Record
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table
from allocation.xlsx.writer import write_workbook

ROOT = Path(__file__).resolve().parent.parent


def made_up(model: Model, count: int) -> Table:
    """A table of whole numbers that look like counties: no two columns alike."""
    values: dict[str, tuple] = {}
    for place, entry in enumerate(model.inputs.values()):
        if entry.text:
            values[entry.name] = tuple(f"组{row % 14}" for row in range(count))
        elif entry.name == "hardship":
            values[entry.name] = tuple(Fraction(80 + row % 41, 100) for row in range(count))
        else:
            values[entry.name] = tuple(Fraction(50 + (row * 7919 + place * 104729) % 9000) for row in range(count))
    codes = tuple(f"{100000 + row}" for row in range(count))
    return Table(codes, tuple(f"县{row}" for row in range(count)), values, 2017)


def least(times: int, work: Callable[[], object]) -> tuple[float, object]:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        found.append(time.perf_counter() - start)
    return min(found), result


def main(count: int = 2850) -> None:
    model = load_model(ROOT / "models" / "incentive_fund@2017.toml")
    table = made_up(model, count)
    last = sum(table.values["last_award"])
    changes = [Change("pool", last), Change("hold_harmless", Fraction(9, 10)), Change("growth_cap_on", Fraction(1))]
    exact, run = least(3, lambda: run_model(model, table, changes))
    rough, other = least(3, lambda: run_model(model, table, changes, exact=False))
    same = run.figures(model.award) == other.figures(model.award)
    print(
        f"{count} counties: exact {exact:.2f} s, float {rough:.2f} s, ratio {exact / rough:.1f}; awards equal: {same}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nation.xlsx"
        written, _ = least(1, lambda: write_workbook(run, path, "zh", Record("run")))
        print(f"workbook {written:.1f} s, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
