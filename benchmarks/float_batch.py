"""Float batches of a whole model, in nanoseconds a cell: of every column, county and scenario.

The incentive fund with hardship computed from ratios with decimals, floors and caps that bind; pool, hold-harmless rate
and a weight differ in every scenario. Figures are made up by a fixed rule. Processor time, the least of a few runs.
"""

from __future__ import annotations

import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from allocation.analysis.batch import run_batch
from allocation.policy.loading import load_model
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table

ROOT = Path(__file__).resolve().parent.parent
SHAPES = ((2_850, 1_000), (35_000, 100))  # counties, scenarios
FIXED = (Change("hold_harmless", Fraction(85, 100)), Change("growth_cap_on", Fraction(1)))


def hard_table(model, count: int) -> Table:
    """Whole people, money with two decimals of lognormal sizes, no hardship coefficient published."""
    chance = np.random.default_rng(15)
    values: dict[str, tuple] = {}
    for entry in model.inputs.values():
        sizes = chance.lognormal(6, 1, count)
        if entry.text:
            values[entry.name] = tuple(f"组{row % 14}" for row in range(count))
        elif entry.name == "hardship":
            values[entry.name] = (None,) * count
        elif entry.whole or entry.name == "last_award":
            values[entry.name] = tuple(Fraction(int(size) + 1) for size in sizes)
        else:
            values[entry.name] = tuple(Fraction(int(size * 100) + 1, 100) for size in sizes)
    return Table(
        tuple(f"{100000 + row}" for row in range(count)), tuple(f"县{row}" for row in range(count)), values, 2017
    )


def sets_of(table: Table, count: int) -> list[list[Change]]:
    last = sum(table.values["last_award"])
    return [
        [*FIXED, Change("pool", last + last * at // 1000), Change("growth_cap", Fraction(2000 + at, 1000)),
         Change("weight[settled]", Fraction(6000 - at, 10000)), Change("weight[schooling]", Fraction(2000 + at, 10000))]
        for at in range(count)
    ]  # fmt: skip


def measure(counties: int, scenarios: int, rounds: int = 2) -> float:
    """Nanoseconds a cell; the first scenario equals the run alone."""
    model = load_model(ROOT / "models" / "incentive_fund@2017.toml")
    table = hard_table(model, counties)
    sets = sets_of(table, scenarios)
    alone = run_model(model, table, sets[0], exact=False).figures(model.award)
    least = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        outcomes = run_batch(model, (table,), sets, (model.award,), exact=False)
        least = min(least, time.process_time() - start)
        assert [*map(float, alone)] == outcomes[0].columns[0].tolist()
        assert all(outcome.ok for outcome in outcomes), "bounds that bind, and every check holds"
    return least * 1e9 / (len(model.columns) * counties * scenarios)


def main(small: bool = False) -> None:
    for counties, scenarios in ((285, 100), (3_500, 10)) if small else SHAPES:
        print(f"{counties:,} x {scenarios:,}: {measure(counties, scenarios):.1f} ns a column cell")


if __name__ == "__main__":
    main(*(word == "small" for word in sys.argv[1:]))
