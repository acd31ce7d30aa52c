"""Which counties years can be compared over, and totals over them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocation.arrays import rounded
from allocation.run.run import Run
from allocation.tables.table import number

PARTS = {
    "registered_rate": ("registered_urban", "registered"),
    "resident_rate": ("resident_urban", "resident"),
    "completion": ("settled", "settled_target"),
}  # a rate of all counties is one total divided by the other
DECIMALS = 4


@dataclass(frozen=True)
class Comparable:
    """A run a year; `codes` are the counties that are there in every one of them."""

    runs: tuple[Run, ...]
    codes: frozenset[str]

    @property
    def alike(self) -> bool:
        """No year has a county that another lacks."""
        return all(len(run.table) == len(self.codes) for run in self.runs)

    @property
    def others(self) -> list[str]:
        """Names of the counties that some year lacks, each once."""
        lines = [pair for run in self.runs for pair in zip(run.table.codes, run.table.names, strict=True)]
        return list({code: name for code, name in lines if code not in self.codes}.values())

    def rows(self, run: Run) -> list[int]:
        return [row for row, code in enumerate(run.table.codes) if code in self.codes]

    def total(self, run: Run, name: str) -> Fraction:
        values = run.amounts(name)
        return sum((values[row] for row in self.rows(run)), Fraction(0))

    def rate(self, run: Run, name: str) -> Fraction:
        """One of PARTS; the model's own figure where the years are alike."""
        if self.alike:
            return number(run.figure(f"{name}_all"))
        part, whole = (self.total(run, figure) for figure in PARTS[name])
        return rounded(part / whole, DECIMALS)

    def path(self, name: str) -> tuple[Fraction, ...]:
        """A rate in every year; nothing where no county is there in all of them."""
        return tuple(self.rate(run, name) for run in self.runs) if self.codes else ()


def comparable(runs: Sequence[Run]) -> Comparable:
    return Comparable(tuple(runs), frozenset.intersection(*(frozenset(run.table.codes) for run in runs)))
