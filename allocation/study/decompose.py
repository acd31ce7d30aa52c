"""The difference between a run and its baseline split into its causes: exact Shapley values over the changes.

A cause's part is what it adds to the changes made before it, averaged over every order in which the changes can be
made (L. S. Shapley, A value for n-person games, 1953). The parts add up to the difference exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

import numpy as np

from allocation.errors import AllocationError, Problem
from allocation.model import Model
from allocation.readings.each import decimal
from allocation.readings.numbers import Evaluator, Past
from allocation.run import Run, parameter_arrays, run_model
from allocation.scenario import Change, apply_changes
from allocation.tables.table import Table

MOST = 12  # causes: 4,096 runs


@dataclass(frozen=True)
class Decomposition:
    """`parts[county][cause]`: exact figures, counties in the table's order, causes as they were given."""

    before: Run
    after: Run
    causes: tuple[Change, ...]
    parts: tuple[tuple[Fraction, ...], ...]

    @property
    def changes(self) -> tuple[Fraction, ...]:
        """The award after less the award before, a county."""
        figures = (run.figures(run.model.award) for run in (self.before, self.after))
        return tuple(new - old for old, new in zip(*figures, strict=True))

    @property
    def unit(self) -> Fraction:
        """The award's published unit; a ten-thousandth without one."""
        decimals = self.before.model.columns[self.before.model.award].decimals
        return Fraction(1, 10 ** (4 if decimals is None else decimals))

    def closed(self) -> tuple[tuple[Fraction, ...], ...]:
        """Rows of parts and change, a county each and the total last, in whole units: every row and column closes.

        Each figure is its exact value rounded down or up.
        """
        rows = [[*parts, -change] for parts, change in zip(self.parts, self.changes, strict=True)]
        rows.append([-sum(column, Fraction(0)) for column in zip(*rows, strict=True)])
        whole = round_closed([[value / self.unit for value in row] for row in rows])
        signs = [1] * len(self.causes) + [-1]
        found = [[value * sign * self.unit for value, sign in zip(row, signs, strict=True)] for row in whole]
        found[-1] = [-value for value in found[-1]]
        return tuple(map(tuple, found))


def decompose(
    model: Model, tables: Sequence[Table], causes: Sequence[Change], *, exact: bool = True, reference: bool = False
) -> Decomposition:
    """Each change is one cause. Raises AllocationError above twelve, or where a part of the changes cannot be run."""
    causes = tuple(causes)
    if len(causes) > MOST:
        raise AllocationError(Problem("study.too_many_causes", {"count": len(causes), "most": MOST}))
    before = run_model(model, tables, exact=exact, reference=reference)
    after = run_model(model, tables, causes, exact=exact, reference=reference)
    awards = _awards(model, tables, causes, exact, reference)
    parts = shapley(awards, len(causes))
    return Decomposition(before, after, causes, tuple(map(tuple, np.array(parts, object).reshape(len(causes), -1).T))
                         if causes else tuple(() for _ in before.table.codes))  # fmt: skip


def shapley(worth: Sequence[np.ndarray], count: int) -> list[np.ndarray]:
    """The part of each of `count` causes; `worth[mask]` is what the causes whose bits are set bring together."""
    parts = []
    for cause in range(count):
        sums = 0 * worth[0]
        for mask in range(1 << count):
            if not mask >> cause & 1:
                size = mask.bit_count()
                sums = sums + factorial(size) * factorial(count - size - 1) * (worth[mask | 1 << cause] - worth[mask])
        parts.append(sums / Fraction(factorial(count)))
    return parts


def _awards(model: Model, tables: Sequence[Table], causes: tuple[Change, ...], exact: bool, reference: bool) -> list:
    """The awards (county,) for every set of causes: those that differ in parameters only are run together."""
    sets = [[cause for bit, cause in enumerate(causes) if mask >> bit & 1] for mask in range(1 << len(causes))]
    of_inputs = sum(1 << bit for bit, c in enumerate(causes) if _moves_inputs(model, tables, c))
    alike: dict[int, list[int]] = {}
    for mask in range(len(sets)):
        alike.setdefault(mask & of_inputs, []).append(mask)
    awards: list = [None] * len(sets)
    for masks in alike.values():
        changed = [apply_changes(model, tables, sets[mask])[:2] for mask in masks]
        found = _together([one for one, _ in changed], changed[0][1], exact)
        for row, mask in enumerate(masks):
            awards[mask] = _alone(model, tables, sets[mask], exact, reference) if found is None else found[row]
    return awards


def _moves_inputs(model: Model, tables: Sequence[Table], change: Change) -> bool:
    fresh, *_ = apply_changes(model, tables, [change])
    return fresh is model


def _together(models: Sequence[Model], tables: Sequence[Table], exact: bool) -> np.ndarray | None:
    """Awards (model, county) of models alike but for their parameters; None where one of them cannot be run."""
    parameters, past = parameter_arrays(models, exact), []
    for table in tables:
        evaluator = Evaluator(models[0], table, parameters, exact, tuple(past))
        evaluator.columns()
        if evaluator.problems:
            return None
        past.append(Past(table.codes, evaluator.values))
    data = evaluator.values[models[0].award].data
    shown = np.frompyfunc(decimal, 1, 1)(data)
    return np.broadcast_to(shown, (len(models), len(tables[-1])))


def _alone(model: Model, tables: Sequence[Table], causes: Sequence[Change], exact: bool, reference: bool):
    """One set of causes; an error says which causes it came of."""
    try:
        run = run_model(model, tables, causes, exact=exact, reference=reference)
    except AllocationError as error:
        said = [cause.address for cause in causes]
        raise AllocationError([Problem("study.set_fails", {"causes": said or "—"}), *error.problems]) from None
    return np.array(run.figures(model.award), object)


def round_closed(rows: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Whole figures, each the given one rounded down or up, that keep the sum of every row and column.

    The sums must be whole. Controlled rounding (B. D. Causey, L. H. Cox, L. R. Ernst, 1985): along a closed path of
    figures that are not whole, alternately add and take the same amount until one of them is.
    """
    table = [list(row) for row in rows]
    across = [{j for j, value in enumerate(row) if value.denominator != 1} for row in table]
    down = [{i for i, row in enumerate(across) if j in row} for j in range(len(table[0]) if table else 0)]
    for start in range(len(table)):
        while across[start]:
            path = _path(across, down, start)
            signs = [1 if place % 2 == 0 else -1 for place in range(len(path))]
            more = min(_room(table[i][j], sign) for (i, j), sign in zip(path, signs, strict=True))
            less = min(_room(table[i][j], -sign) for (i, j), sign in zip(path, signs, strict=True))
            amount = more if more <= less else -less
            for (i, j), sign in zip(path, signs, strict=True):
                table[i][j] += sign * amount
                if table[i][j].denominator == 1:
                    across[i].discard(j)
                    down[j].discard(i)
    return table


def _room(value: Fraction, sign: int) -> Fraction:
    """How far a figure may move before it is whole."""
    return -value % 1 if sign > 0 else value % 1


def _path(across: list[set[int]], down: list[set[int]], row: int) -> list[tuple[int, int]]:
    """Cells of a closed path, along a row, then along a column: no row and no column twice. Lines hold two or none."""
    cells: list[tuple[int, int]] = []
    rows, columns, column = {row: 0}, {}, -1
    while True:
        column = min(across[row] - {column})
        cells.append((row, column))
        if column in columns:
            return cells[columns[column] :]
        row = min(down[column] - {row})
        cells.append((row, column))
        if row in rows:
            return cells[rows[row] :]
        rows[row], columns[column] = len(cells), len(cells) - 1
