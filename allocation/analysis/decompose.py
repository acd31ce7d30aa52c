"""The difference between a run and its baseline split into its causes: Shapley values over the changes.

A cause's part is what it adds to the changes made before it, averaged over every order in which the changes can be
made (L. S. Shapley, A value for n-person games, 1953). Of many causes the orders are sampled, each with its reverse
(J. Castro, D. Gómez, J. Tejada, 2009). Either way the parts add up to the difference exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import factorial, lcm
from typing import Any

import numpy as np

from allocation.analysis.batch import run_batch
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.exact.whole import multiple_of
from allocation.policy.model import Model
from allocation.readings.each import decimal
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table
from allocation.texts import say
from allocation.texts.decimals import last_place

MOST = 60  # causes
EVERY = 12  # causes of which every order is averaged: 4,096 runs
ORDERS = 200  # sampled for more


@dataclass(frozen=True)
class Decomposition:
    """`parts[county][cause]`: exact figures, counties in the table's order, causes as they were given.

    `orders`: how many were sampled, 0 where every one was averaged; `errors` are then the standard errors of `parts`,
    with a last row for those of their totals.
    """

    before: Run
    after: Run
    causes: tuple[Change, ...]
    parts: tuple[tuple[Fraction, ...], ...]
    orders: int = 0
    errors: tuple[tuple[float, ...], ...] = ()

    @property
    def changes(self) -> tuple[Fraction, ...]:
        """The award after less the award before, a county."""
        before, after = (run.amounts(run.model.award) for run in (self.before, self.after))
        return tuple(new - old for old, new in zip(before, after, strict=True))

    @property
    def unit(self) -> Fraction:
        """The award's published unit; a ten-thousandth without one."""
        return last_place(self.before.model.columns[self.before.model.award].decimals)

    def closed(self) -> tuple[tuple[Fraction, ...], ...]:
        """Rows of parts and change, a county each and the total last, in whole units: every row and column closes.

        Each figure is its exact value rounded down or up.
        """
        rows = [[*parts, -change] for parts, change in zip(self.parts, self.changes, strict=True)]
        rows.append([-sum(column, Fraction(0)) for column in zip(*rows, strict=True)])
        whole = round_closed([[value / self.unit for value in row] for row in rows])
        signs = [1] * len(self.causes) + [-1]
        *counties, total = ([value * sign * self.unit for value, sign in zip(row, signs, strict=True)] for row in whole)
        return (*map(tuple, counties), tuple(-value for value in total))


def decompose(
    model: Model,
    tables: Sequence[Table],
    causes: Sequence[Change],
    *,
    exact: bool = True,
    reference: bool = False,
    orders: int | None = None,
    seed: int = 1,
) -> Decomposition:
    """Each change is one cause. Every order up to twelve causes; above, or where `orders` is given, so many sampled.

    Raises AllocationError above sixty causes, or where a part of the changes cannot be run.
    """
    causes = tuple(causes)
    if len(causes) > MOST:
        raise AllocationError(Problem("study.too_many_causes", {"count": len(causes), "most": MOST}))
    before = run_model(model, tables, exact=exact, reference=reference)
    after = run_model(model, tables, causes, exact=exact, reference=reference)
    worth = _Worth(model, tuple(tables), causes, exact, reference)
    if len(causes) > EVERY or orders and causes:
        return Decomposition(before, after, causes, *_sampled(worth, orders or ORDERS, seed))
    parts = shapley(worth.of(range(1 << len(causes))), len(causes))
    return Decomposition(before, after, causes, _rows(parts, len(before.table)))


@dataclass(frozen=True)
class _Worth:
    model: Model
    tables: tuple[Table, ...]
    causes: tuple[Change, ...]
    exact: bool
    reference: bool

    def of(self, masks: Sequence[int]) -> dict[int, np.ndarray]:
        """The awards (county,) that the causes whose bits are set bring together; an error names the causes."""
        sets = [[cause for bit, cause in enumerate(self.causes) if mask >> bit & 1] for mask in masks]
        columns = (self.model.award,)
        outcomes = run_batch(self.model, self.tables, sets, columns, exact=self.exact, reference=self.reference)
        for some, outcome in zip(sets, outcomes, strict=True):
            if outcome.error is not None:
                said = Problem("study.set_fails", {"causes": [cause.address for cause in some] or "—"})
                raise AllocationError([said, *outcome.error.problems])
        plain = np.frompyfunc(decimal, 1, 1)
        return {mask: plain(outcome.columns[0]) for mask, outcome in zip(masks, outcomes, strict=True)}


def _rows(parts: Sequence[np.ndarray] | np.ndarray, counties: int) -> tuple[tuple[Any, ...], ...]:
    """Parts (cause, county) as a row a county."""
    return tuple(tuple(part[row] for part in parts) for row in range(counties))


def _sampled(
    worth: _Worth, orders: int, seed: int
) -> tuple[tuple[tuple[Fraction, ...], ...], int, tuple[tuple[float, ...], ...]]:
    """Parts over random orders, each with its reverse; how many orders; the standard errors, from the pairs' means."""
    count, chance = len(worth.causes), np.random.default_rng(seed)
    half = [tuple(map(int, chance.permutation(count))) for _ in range(max(2, (orders + 1) // 2))]
    pairs = [(order, order[::-1]) for order in half]
    steps = {order: _steps(order) for pair in pairs for order in pair}
    awards = worth.of([*dict.fromkeys(mask for masks in steps.values() for mask in masks)])
    sums, means = [0 * awards[0] for _ in range(count)], []
    for pair in pairs:
        of_pair = [0 * awards[0] for _ in range(count)]
        for order in pair:
            for cause, (old, new) in zip(order, zip(steps[order], steps[order][1:], strict=False), strict=True):
                of_pair[cause] = of_pair[cause] + awards[new] - awards[old]
        sums = [total + part for total, part in zip(sums, of_pair, strict=True)]
        means.append(np.array(of_pair, float) / 2)
    parts = [total / Fraction(2 * len(pairs)) for total in sums]
    figures = np.array(means)  # (pair, cause, county)
    figures = np.concatenate([figures, figures.sum(axis=2, keepdims=True)], axis=2)
    errors = figures.std(axis=0, ddof=1) / len(pairs) ** 0.5
    return _rows(parts, len(awards[0])), 2 * len(pairs), _rows(errors, len(awards[0]) + 1)


def _steps(order: Sequence[int]) -> list[int]:
    """The sets of causes met along an order, from none to all."""
    masks = [0]
    for cause in order:
        masks.append(masks[-1] | 1 << cause)
    return masks


def how(result: Decomposition, lang: str) -> str:
    """How the parts were found; of a sample how many orders, and the largest standard error in the award's unit."""
    if not result.orders:
        return say(lang, "study.decompose_how")
    model = result.before.model
    unit = model.units.label(model.columns[model.award].unit.name, lang)
    error = max(max(row) for row in result.errors)
    return say(lang, "decompose.sampled", orders=result.orders, error=f"{error:.4f}", unit=unit)


def shapley(worth: Mapping[int, np.ndarray] | Sequence[np.ndarray], count: int) -> list[np.ndarray]:
    """The part of each of `count` causes; `worth[mask]` is what the causes whose bits are set bring together."""
    figures = np.array([worth[mask] for mask in range(1 << count)], object)  # (mask, county)
    if multiple_of({value.denominator for value in figures.flat}) is not None:
        return _on_one_denominator(figures, count)
    # Of awards that are not rounded: whole numbers so long that those of all counties together may fill the memory.
    alone = [_on_one_denominator(figures[:, [county]], count) for county in range(figures.shape[1])]
    return [np.concatenate(parts) for parts in zip(*alone, strict=True)]


def _on_one_denominator(figures: np.ndarray, count: int) -> list[np.ndarray]:
    common = lcm(*{value.denominator for value in figures.flat})
    whole = np.frompyfunc(lambda value: value.numerator * (common // value.denominator), 1, 1)(figures)
    if 2 * factorial(count) * int(np.abs(whole).max(initial=0)) < 2**63:  # no sum below passes this
        whole = whole.astype(np.int64)
    masks = np.arange(1 << count)
    sizes = np.array([mask.bit_count() for mask in range(1 << count)])
    orders = np.array([factorial(size) * factorial(count - size - 1) for size in range(count)], whole.dtype)
    parts = []
    for cause in range(count):
        without = masks[masks >> cause & 1 == 0]
        gained = whole[without | 1 << cause] - whole[without]
        sums = (orders[sizes[without]][:, None] * gained).sum(axis=0)
        parts.append(np.array([Fraction(int(total), common * factorial(count)) for total in sums], object))
    return parts


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
    rows, column = {row: 0}, -1
    columns: dict[int, int] = {}
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
