"""The roundest values near a fit that give back the actual awards to the unit.

A fit is made before rounding, and a policy may round several times on the way to the award: the fit is off by what
that took away. A set that gives every award, roundings and all, is better than one that is nearer before rounding,
and what nobody published is a round figure as a rule. Such sets are looked for around the fit, coarsest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from allocation.analysis.batch import run_batch
from allocation.classes import dataclass
from allocation.lab.calibrate import Actual, Calibration, of_year
from allocation.lab.ranges import Balance, FactorRange, fine_step
from allocation.policy.model import Model
from allocation.run.scenario import Change
from allocation.tables.table import Table, number
from allocation.texts.decimals import last_place

STEPS = (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)  # times the fine step of a range
FINER = 1000  # a fit that no round set beats is given to this part of the fine step
MOST = 8  # numbers that move; with more, only the fit itself is tried


@dataclass(frozen=True)
class Rounded:
    """`changes`: the set chosen, the balancing one last. `spread`: as of a Calibration, with the sets tried here."""

    changes: tuple[Change, ...]
    spread: tuple[tuple[Fraction, Fraction], ...]


def round_fit(
    model: Model, tables: Sequence[Table], known: Mapping[int, Actual], fit: Calibration,
    factors: Sequence[FactorRange], balance: Balance | None, *, reference: bool = False, changes: Sequence[Change] = (),
) -> Rounded:  # fmt: skip
    """The roundest set that gives every award once rounded; where none does, the one that comes nearest."""
    moved = [factor for factor in factors for _ in range(factor.width)]
    places = _places(moved, fit.values)
    sets = [_changes(model, tables, factors, values, balance) for values in places]
    scores = _scores(model, tables, known, sets, reference, changes)
    best = max(range(len(sets)), key=lambda place: (scores[place], -place))
    values = [tuple(number(change.value) for change in changes) for changes in sets]
    whole = scores[best] == 0
    alike = [row for row, score in zip(values, scores, strict=True) if score == 0] if whole else [values[best]]
    kept = [] if fit.unique and whole else list(zip(*fit.spread, strict=True))
    spread = tuple((min(column), max(column)) for column in zip(*alike, *kept, strict=True))
    return Rounded(tuple(sets[best]), spread)


def _places(moved: Sequence[FactorRange], fit: Sequence[Fraction]) -> list[tuple[Fraction, ...]]:
    """Sets of values around the fit, coarsest first, the fit itself last."""
    count = 3 if len(moved) <= 4 else 2
    sets: dict[tuple[Fraction, ...], None] = {}
    for times in STEPS if len(moved) <= MOST else ():
        near = [_near(factor, value, times, count) for factor, value in zip(moved, fit, strict=False)]
        sets |= dict.fromkeys(product(*near))
    last = tuple(_near(factor, value, Fraction(1, FINER), 1)[0] for factor, value in zip(moved, fit, strict=False))
    return [*sets, last]


def _near(factor: FactorRange, value: Fraction, times: Fraction | int, count: int) -> list[Fraction]:
    """The multiples of a step that are next to a value, within the range; an end of the range where there is none."""
    step = fine_step(factor.high - factor.low) * times
    middle = round(value / step)
    some = [step * place for place in range(middle - 1, middle + 2)]
    inside = [multiple for multiple in some if factor.low <= multiple <= factor.high]
    return sorted(inside, key=lambda multiple: abs(multiple - value))[:count] or [
        min(max(value, factor.low), factor.high)
    ]


def _changes(
    model: Model, tables: Sequence[Table], factors: Sequence[FactorRange], values: Sequence[Fraction],
    balance: Balance | None,
) -> list[Change]:  # fmt: skip
    rest = list(values)
    changes: list[Change] = []
    for factor in factors:
        changes += factor.changes(rest[: factor.width])
        rest = rest[factor.width :]
    return [*changes, balance.change(model, changes, tables)] if balance else changes


def _scores(
    model: Model, tables: Sequence[Table], known: Mapping[int, Actual], sets: Sequence[Sequence[Change]],
    reference: bool, fixed: Sequence[Change],
) -> list[float]:  # fmt: skip
    """Of each set: 0 where every award is the same, else less the sum of squared errors; -inf: it cannot run."""
    half = float(last_place(model.columns[model.award].decimals)) / 2
    off = np.zeros(len(sets))
    for table in tables:
        awarded = known[table.year] if table.year is not None else {}
        wanted = [awarded.get(code) for code in table.codes]
        mask = np.array([value is not None for value in wanted])
        aims = np.array([float(value) for value in wanted if value is not None])
        whole = [[*of_year(fixed, table), *changes] for changes in sets]
        outcomes = run_batch(model, (table,), whole, (model.award,), exact=False, reference=reference)
        for place, outcome in enumerate(outcomes):
            gaps = np.asarray(outcome.columns[0], float)[mask] - aims if outcome.ok else np.array([np.inf])
            off[place] += (gaps[abs(gaps) >= half] ** 2).sum()
    return [-float(error) for error in off]
