"""Hard data, made up by a fixed rule: ratios with decimals, coefficients that are computed, bounds that bind, ties."""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from allocation.policy.loading import load_model
from allocation.policy.model import Input, Model
from allocation.run.scenario import Change
from allocation.tables.table import Table

ROOT = Path(__file__).resolve().parent.parent
HARD = {"hold_harmless": Fraction(9, 10), "growth_cap_on": Fraction(1), "growth_cap": Fraction(23, 20)}
RATIOS = {  # least, span, over
    "service_cost": (8_000, 9_000, 100), "effort": (200, 9_700, 100), "required_spending": (500, 1_500, 100),
    "standard_revenue": (500, 1_500, 100), "standard_spending": (500, 1_500, 100), "standard_gap": (50, 400, 100),
}  # fmt: skip
LEFT_OUT = ("hardship",)  # so that the coefficient is computed


@cache
def fund() -> Model:
    """The incentive fund: its hardship coefficient is computed from ratios where none is published."""
    return load_model(ROOT / "models" / "incentive_fund.toml")


def nation(count: int) -> Table:
    """So many counties for the fund; every seventh is like the one before it, so that remainders are equal."""
    values = {entry.name: _column(entry, place, count) for place, entry in enumerate(fund().inputs.values())}
    return Table(
        tuple(f"{100000 + row}" for row in range(count)), tuple(f"县{row}" for row in range(count)), values, 2024
    )


def _column(entry: Input, place: int, count: int) -> tuple[Fraction | str | None, ...]:
    rows = [row - 1 if row % 7 == 6 else row for row in range(count)]
    if entry.text or entry.name in LEFT_OUT:
        return (None,) * count
    least, span, over = RATIOS.get(entry.name, (50, 9_000, 1 if entry.whole else 100))
    return tuple(Fraction(least + (row * 7919 + place * 104729) % span, over) for row in rows)


def changes(table: Table) -> list[Change]:
    """Guarantees and caps that bind on both sides: the pool is a little above last year's sum."""
    pool = int(sum(table.values["last_award"]) * Fraction(101, 100))
    return [Change("pool", Fraction(pool)), *(Change(name, value) for name, value in HARD.items())]


def write_nation(path: Path, count: int) -> list[str]:
    """The same as a CSV file, and what is typed behind `--set`."""
    table, model = nation(count), fund()
    kept = [name for name, values in table.values.items() if values[0] is not None]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行政区代码", "名称", *(model.inputs[name].name for name in kept)])
        for row, (code, name) in enumerate(zip(table.codes, table.names, strict=True)):
            writer.writerow([code, name, *(float(table.values[column][row]) for column in kept)])
    return [f"{change.address}={change.value}" for change in changes(table)]


def shares(counties: int, scenarios: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """pool (S, 1) and claim, floor, cap (1, N): decimals, a tenth without a claim, some at both bounds."""
    random = np.random.default_rng(seed)
    claim = np.round(random.lognormal(0, 1, (1, counties)), 4)
    claim[:, ::10] = 0
    floor = np.round(random.uniform(0, 0.4, claim.shape), 4)
    cap = np.round(floor + random.uniform(0.5, 3, claim.shape), 4)
    low, high = floor.sum(), np.where(claim > 0, cap, floor).sum()
    return low + (high - low) * random.uniform(0.25, 0.75, (scenarios, 1)), claim, floor, cap


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
