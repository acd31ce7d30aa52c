"""Back-testing a model against what was actually awarded, and finding parameters nobody published.

Calibration is bounded least squares (Branch, Coleman and Li, 1999, as in scipy.optimize.least_squares) from many
starting points, on awards before rounding. Actual awards are rounded, so sets of parameters that come as near as
rounding allows fit equally well; they are all reported, with the range of every parameter among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from allocation.analysis.batch import run_batch
from allocation.analysis.margins import before_rounding
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.lab.ranges import Balance, FactorRange, parse_balance, parse_factors
from allocation.policy.model import Model
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table, number
from allocation.texts.decimals import last_place

STARTS = 32
ROUNDING = 12**-0.5  # standard deviation of what one rounding to 1 takes away
STEP = 1e-4  # of a range: for derivatives
EVEN = 1.05  # a fit this much worse than the best, at most, is as good
Actual = Mapping[str, Fraction]


@dataclass(frozen=True)
class Backtest:
    """One year: what the model gives, what was awarded; `None` where a county was awarded nothing on record."""

    run: Run
    actual: tuple[Fraction | None, ...]

    @property
    def errors(self) -> tuple[Fraction | None, ...]:
        """Computed less actual, in the award's unit."""
        computed = self.run.amounts(self.run.model.award)
        return tuple(None if b is None else a - b for a, b in zip(computed, self.actual, strict=True))

    @property
    def misplaced(self) -> Fraction:
        """The share of the money that would have to move for the two to agree: half the sum of |error| ÷ the total."""
        known = [value for value in self.actual if value is not None]
        total = sum(known, Fraction(0))
        gaps = sum((abs(value) for value in self.errors if value is not None), Fraction(0))
        return gaps / (2 * total) if total else Fraction(0)


def backtest(
    model: Model,
    tables: Sequence[Table],
    actual: Mapping[int, Actual] | None = None,
    changes: Sequence[Change] = (),
    *,
    reference: bool = False,
) -> list[Backtest]:
    """Runs each year by itself. `actual[year][code]` is what was awarded; else the next year's table says it."""
    known = actual if actual is not None else _from_next(model, tables)
    tests = []
    for table, awarded in _awarded(tables, known):
        run = run_model(model, table, of_year(changes, table), reference=reference)
        tests.append(Backtest(run, awarded))
    return tests


def _awarded(tables: Sequence[Table], known: Mapping[int, Actual]) -> list[tuple[Table, tuple[Fraction | None, ...]]]:
    """The tables of years that something is known of, with what was awarded. Raises where there are none."""
    chosen = [
        (table, tuple(known[table.year].get(code) for code in table.codes))
        for table in tables
        if table.year is not None and table.year in known
    ]
    if not chosen:
        raise AllocationError(Problem("calibrate.no_actual", {"years": [table.year for table in tables] or "—"}))
    return chosen


def of_year(changes: Sequence[Change], table: Table) -> list[Change]:
    """Those that hold in the table's year: all but the ones that name another, as `pool#2018` does."""
    return [change for change in changes if change.parts.year in (None, str(table.year))]


def _from_next(model: Model, tables: Sequence[Table]) -> dict[int, Actual]:
    """What each year's table says was awarded the year before."""
    awarded: dict[int, Actual] = {}
    for table in tables:
        if model.compare_with and table.year is not None:
            figures = zip(table.codes, table.values.get(model.compare_with, ()), strict=False)
            awarded[table.year - 1] = {code: number(value) for code, value in figures if value is not None}
    return awarded


@dataclass(frozen=True)
class Calibration:
    """Values by address, in the order of the ranges, the balancing one last.

    `spread`: lowest and highest value of each among the sets that fit equally well. `misfit`: root mean square of
    computed less actual before rounding, in the award's unit; `matched` of `counted` awards agree once rounded.
    """

    addresses: tuple[str, ...]
    values: tuple[Fraction, ...]
    spread: tuple[tuple[Fraction, Fraction], ...]
    widths: tuple[Fraction, ...]  # of the ranges searched
    misfit: float
    matched: int
    counted: int
    equal: int  # sets that fit equally well and differ

    @property
    def loose(self) -> tuple[str, ...]:
        """Addresses that the awards do not determine to a hundredth of their range."""
        rows = zip(self.addresses, self.spread, self.widths, strict=True)
        return tuple(address for address, (low, high), width in rows if high - low > width / 100)

    @property
    def unique(self) -> bool:
        return not self.loose


def calibrate(
    model: Model,
    tables: Sequence[Table],
    ranges: Sequence[str],
    actual: Mapping[int, Actual] | None = None,
    *,
    balance: str = "",
    seed: int = 1,
    reference: bool = False,
    changes: Sequence[Change] = (),
) -> Calibration:
    """The values within `ranges` (`weight[settled]=40%:70%`) with which the model comes nearest to what was awarded.

    `changes` hold throughout: this year's pool, or `pool#2018` for that year alone.
    """
    known = actual if actual is not None else _from_next(model, tables)
    years = _awarded(tables, known)
    factors = parse_factors(ranges, model, tables, "ranges")
    if not factors:
        raise AllocationError(Problem("calibrate.no_range"))
    balanced = parse_balance(balance, model) if balance else None
    return _Fit(model, years, factors, balanced, reference, changes).best(seed)


class _Fit:
    def __init__(
        self, model: Model, years: Sequence[tuple[Table, tuple[Fraction | None, ...]]], factors: list[FactorRange],
        balance: Balance | None, reference: bool, fixed: Sequence[Change],
    ):  # fmt: skip
        self.tables = [table for table, _ in years]
        self.model, self.factors, self.balance, self.fixed = model, factors, balance, fixed
        self.smooth, _ = before_rounding(model)
        self.reference = reference
        awarded = [value for _, row in years for value in row]
        self.mask = np.array([value is not None for value in awarded])
        self.wanted = np.array([float(value) for value in awarded if value is not None])
        self.unit = float(last_place(model.columns[model.award].decimals))

    def changes(self, place: Sequence[float] | np.ndarray) -> list[Change]:
        """The changes at a place in the unit cube; finer than the grid a sweep uses, so that derivatives show."""
        changes: list[Change] = []
        for factor, share in zip(self.factors, place, strict=True):
            value = factor.low + Fraction(float(share)).limit_denominator(10**9) * (factor.high - factor.low)
            changes += factor.changes([value] * factor.width)
        return [*changes, self.balance.change(self.model, changes)] if self.balance else changes

    def residuals(self, places: Sequence[Sequence[float] | np.ndarray]) -> np.ndarray:
        """Computed less actual before rounding (place, county and year); far off where the model cannot be run."""
        sets = [self.changes(place) for place in places]
        parts = []
        for table in self.tables:
            award = (self.model.award,)
            whole = [[*of_year(self.fixed, table), *changes] for changes in sets]
            outcomes = run_batch(self.smooth, (table,), whole, award, exact=False, reference=self.reference)
            far = np.full(len(table), 1e6 * self.unit + abs(self.wanted).max() * 10)
            parts.append([far if outcome.refused else outcome.columns[0] for outcome in outcomes])
        computed: np.ndarray = np.concatenate([np.array(part, float) for part in parts], axis=1)[:, self.mask]
        return np.asarray(computed - self.wanted)

    def jacobian(self, place: np.ndarray) -> np.ndarray:
        steps = [np.where(np.arange(len(place)) == i, STEP if place[i] <= 0.5 else -STEP, 0) for i in range(len(place))]
        here, *moved = self.residuals([place, *(place + step for step in steps)])
        return np.stack([(row - here) / step.sum() for row, step in zip(moved, steps, strict=True)], axis=1)

    def best(self, seed: int) -> Calibration:
        from scipy.optimize import least_squares
        from scipy.stats import qmc

        count = len(self.factors)
        starts = qmc.Sobol(count, seed=seed).random(STARTS)
        fits = [
            least_squares(lambda x: self.residuals([x])[0], start, self.jacobian, bounds=(0, 1), xtol=1e-10)
            for start in starts
        ]
        misfits = np.array([np.sqrt(np.mean(fit.fun**2)) for fit in fits])
        first = int(misfits.argmin())
        awards = self._awards(self._values(fits[first].x))
        rounding = float(np.sqrt(np.mean((awards - (fits[first].fun + self.wanted)) ** 2)))
        enough = float(np.nanmax([misfits[first] * EVEN, ROUNDING * self.unit, rounding]))
        good = [fit.x for fit, misfit in zip(fits, misfits, strict=True) if misfit <= enough]
        good += self._along(fits[first].x, enough)
        values = [self._values(place) for place in (fits[first].x, *good)]
        spread = tuple((min(column), max(column)) for column in zip(*values, strict=True))
        addresses = tuple(change.address for change in self.changes(fits[first].x))
        widths = [factor.high - factor.low for factor in self.factors for _ in range(factor.width)]
        widths += [sum(widths, Fraction(0))] if self.balance else []
        matched = int((np.abs(awards - self.wanted) < self.unit / 2).sum())
        distinct = {tuple(round(float(v), 6) for v in row) for row in values}
        return Calibration(addresses, tuple(values[0]), spread, tuple(widths), float(misfits[first]), matched,
                           len(self.wanted), len(distinct))  # fmt: skip

    def _values(self, place: Sequence[float] | np.ndarray) -> list[Fraction]:
        return [number(change.value).limit_denominator(10**6) for change in self.changes(place)]

    def _along(self, place: np.ndarray, enough: float) -> list[np.ndarray]:
        """Ends of the directions in which the awards hardly move: as far as the fit stays good."""
        _, sizes, directions = np.linalg.svd(self.jacobian(place), full_matrices=True)
        sizes = np.concatenate([sizes, np.zeros(len(place) - len(sizes))])
        ends = []
        for size, direction in zip(sizes, directions, strict=True):
            if size / np.sqrt(len(self.wanted)) > 20 * enough:
                continue
            for sign in (1, -1):
                steps = [np.clip(place + sign * t * direction, 0, 1) for t in np.linspace(0, 1.5, 61)[1:]]
                misfits = np.sqrt(np.mean(self.residuals(steps) ** 2, axis=1))
                inside = np.flatnonzero(misfits > enough)
                last = (inside[0] if inside.size else len(steps)) - 1
                if last >= 0:
                    ends.append(steps[last])
        return ends

    def _awards(self, values: Sequence[Fraction]) -> np.ndarray:
        """The rounded awards with these values, where something was awarded; NaN where the model cannot be run."""
        changes = [
            Change(change.address, value, change.how)
            for change, value in zip(self.changes([0.5] * len(self.factors)), values, strict=True)
        ]
        computed: list[float] = []
        for table in self.tables:
            whole = [*of_year(self.fixed, table), *changes]
            outcome = run_batch(self.model, (table,), [whole], (self.model.award,), reference=self.reference)[0]
            computed += [np.nan] * len(table) if outcome.refused else [float(v) for v in outcome.columns[0]]
        return np.asarray(np.array(computed)[self.mask])
