"""A timeline and a comparison of the small policy `reward`, as written: the table of 2017 beside them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation import load_model, read_table
from allocation.analysis.compare import Comparison, compare
from allocation.analysis.scenarios import Scenario
from allocation.run.scenario import Change
from allocation.texts import Both
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.timeline import write_timeline
from allocation.years.timeline import Timeline, timeline

SHARED = Path(__file__).parent.parent / "cases" / "shared"
MODEL = load_model(SHARED / "models" / "reward.toml")
TABLE = replace(read_table(SHARED / "inputs" / "reward.csv", MODEL), year=2017)
RICHER = Scenario("richer", Both("多一百", "richer"), ((Change("pool", Fraction(1100)),),))
FEWER = Scenario(
    "fewer",
    Both("少落户", "fewer people"),
    ((Change("settled@凌河区", Fraction(200)), Change("floor_rate", Fraction(9, 10))),),
)


def years() -> Timeline:
    """2017 as it was, 2018 and 2019 with five in a hundred more people, 2019 with a pool of its own."""
    changes = [Change("pool#2019", Fraction(1100)), Change("size_rate.小城市", Fraction(13, 10))]
    return timeline(MODEL, [TABLE], changes, growth=[Change("settled", Fraction(1, 20))], until=2019)


def variants() -> Comparison:
    return compare(MODEL, (TABLE,), (RICHER, FEWER))


def write_both(folder: Path, lang: str = "zh") -> dict[str, Path]:
    shutil.copy(SHARED / "inputs" / "reward.csv", folder)
    made = {name: folder / f"{name}_{lang}.xlsx" for name in ("years", "variants")}
    write_timeline(years(), made["years"], lang)
    write_comparison(variants(), made["variants"], lang)
    return made
