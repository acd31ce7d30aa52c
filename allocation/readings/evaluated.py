"""What the numbers reading leaves at each node, and where a value is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

import numpy as np

from allocation.allotting import Bounded
from allocation.classes import dataclass
from allocation.language import tree
from allocation.sealing import seal_fields, sealed

YES = np.array([[True]])


@dataclass(frozen=True, repr=False)
class Evaluated:
    """A node with its values: `figures` (scenario or 1, county or 1), exact ones in columns, `data` the plain array.

    Its evaluated parts, what a share was bound by, and of amounts closed over a named county which one that is: `tail`,
    true for the one that takes what rounding leaves.
    """

    node: tree.Node
    figures: np.ndarray
    parts: tuple[Evaluated, ...] = ()
    missing: np.ndarray | None = None
    bounded: Bounded | None = None
    tail: np.ndarray | None = None

    @property
    def data(self) -> np.ndarray:
        """The figures as an array: Fractions of exact ones, made when first asked for and kept."""
        return np.asarray(self.figures)


def seal_all(waiting: Iterable[Evaluated]) -> None:
    """Of values that are a run's: no array of theirs, nor of their parts, is written to any more."""
    seen: set[int] = set()
    rest = [*waiting]
    while rest:
        evaluated = rest.pop()
        if id(evaluated) in seen:
            continue
        seen.add(id(evaluated))
        sealed(evaluated.figures)
        sealed(evaluated.missing)
        sealed(evaluated.tail)
        if evaluated.bounded is not None:
            seal_fields(evaluated.bounded)
        rest += evaluated.parts


@dataclass(frozen=True)
class Active:
    """Where a value is needed: `runs` (scenario, 1) for functions over counties, `rows` (scenario, county)."""

    runs: np.ndarray = field(default_factory=lambda: YES)
    rows: np.ndarray = field(default_factory=lambda: YES)

    def where(self, test: np.ndarray, whole: bool) -> Active:
        return Active(self.runs & test if whole else self.runs, self.rows & test)

    @property
    def across(self) -> Active:
        """Functions over counties inside a branch range over all counties."""
        return Active(self.runs, self.runs)
