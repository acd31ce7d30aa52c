"""What the blocks of one batch have in common: arrays of a table's figures, and formulas that no scenario touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.readings.evaluated import Evaluated
from allocation.tables.table import Column, ColumnArray

if TYPE_CHECKING:
    from allocation.errors import Problem
    from allocation.language.tree import Node
    from allocation.policy.model import Model
    from allocation.tables.table import Table


class ColumnArrays:
    """Columns of figures as arrays: the first of each name is kept with its table, others are made from it where they
    are like it.
    """

    def __init__(self, table: Table) -> None:
        self.table = table

    def of(self, name: str, figures: Column, text: bool, exact: bool) -> ColumnArray:
        first = self.table.column_array(name, exact, lambda: _made(figures, text, exact))
        return first if first.figures is figures else _like(first, figures, text)


def _made(figures: Column, text: bool, exact: bool) -> ColumnArray:
    blank = "" if text else Fraction(0)
    missing = np.fromiter((figure is None for figure in figures), bool, len(figures))
    data = np.empty(len(figures), object if text or exact else float)
    data[:] = [blank if figure is None else figure for figure in figures]
    return ColumnArray(figures, data, missing)


def _like(first: ColumnArray, figures: Column, text: bool) -> ColumnArray:
    """What is the same object as in the first column has the same array entry."""
    moved = [row for row, (old, new) in enumerate(zip(first.figures, figures, strict=True)) if old is not new]
    fresh = _made([figures[row] for row in moved], text, first.data.dtype == object)
    data, missing = first.data.copy(), first.missing.copy()
    data[moved], missing[moved] = fresh.data, fresh.missing
    return ColumnArray(figures, data, missing)


class InCommon:
    """Of one year of a batch: `varied` are the parameters and inputs that differ between any two of its scenarios.

    `known`: what a formula that rests on none of these came to. Formulas are known by what they are, and held.
    """

    def __init__(self, table: Table, varied: Iterable[str] | None = None):
        self.arrays = ColumnArrays(table)
        self.varied = None if varied is None else set(varied)
        self.known: dict[int, tuple[Node, Evaluated]] = {}
        self.rests: dict[int, tuple[Node, frozenset[str]]] = {}  # the names a formula rests on

    def once(
        self, node: Node, names: frozenset[str], work: Callable[[], Evaluated], problems: Sequence[Problem]
    ) -> Evaluated:
        """What a formula comes to, worked out in the first block alone where no scenario touches it.

        In every block where that tells of `problems`, as of a blank: else only the first block would have them.
        """
        if self.varied is None or not names or names & self.varied:
            return work()
        if id(node) in self.known:
            return self.known[id(node)][1]
        before = len(problems)
        evaluated = work()
        if len(problems) == before:
            self.known[id(node)] = node, evaluated
        return evaluated

    def column(self, name: str, names: frozenset[str]) -> None:
        """A column that rests on what differs, differs."""
        if self.varied is not None and (not names or names & self.varied):
            self.varied.add(name)


def varied_names(models: Sequence[Model], tables: Sequence[Table]) -> set[str]:
    """The parameters and inputs of which not all scenarios have the same figures."""
    parameters, values = models[0].parameters, tables[0].values
    names = {
        name
        for name, first in parameters.items()
        if any(
            first is not (other := model.parameters[name]) and first.figures != other.figures for model in models[1:]
        )
    }
    return names | {
        name for name, first in values.items() if any(first is not table.values[name] for table in tables[1:])
    }
