"""Which units years can be compared over: those that are there in all of them."""

from __future__ import annotations

from collections.abc import Sequence

from allocation.classes import dataclass
from allocation.run.run import Run


@dataclass(frozen=True)
class Comparable:
    """A run a year; `codes` are the units that are there in every one of them."""

    runs: tuple[Run, ...]
    codes: frozenset[str]

    @property
    def alike(self) -> bool:
        """No year has a unit that another lacks."""
        return all(len(run.table) == len(self.codes) for run in self.runs)

    @property
    def others(self) -> list[str]:
        """Names of the units that some year lacks, each once."""
        lines = [pair for run in self.runs for pair in zip(run.table.codes, run.table.names, strict=True)]
        return list({code: name for code, name in lines if code not in self.codes}.values())

    def rows(self, run: Run) -> list[int]:
        return [row for row, code in enumerate(run.table.codes) if code in self.codes]


def comparable(runs: Sequence[Run]) -> Comparable:
    return Comparable(tuple(runs), frozenset.intersection(*(frozenset(run.table.codes) for run in runs)))
