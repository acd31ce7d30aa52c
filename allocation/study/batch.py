"""Many sets of changes run at once: the engine walks scenarios × counties together.

Where one set cannot be run (bounds that miss the pool, a change out of range), the others are run without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocation.arrays import snap
from allocation.errors import AllocationError
from allocation.model import Model
from allocation.readings.each import decimal
from allocation.readings.numbers import Evaluator, Past
from allocation.run import closes, in_force, parameter_arrays
from allocation.scenario import Change, apply_by_year
from allocation.study.asked import Asked
from allocation.tables.table import Table

CELLS = 100_000  # scenarios × counties held at once


@dataclass(frozen=True)
class Outcome:
    """One set of changes: the figures asked for in order, a row of figures a county for each column asked for.

    `ok`: every error check holds. `error`: why the set cannot be run; there are no figures then.
    """

    figures: tuple[Fraction, ...] = ()
    columns: tuple[np.ndarray, ...] = ()
    ok: bool = False
    error: AllocationError | None = None


def run_batch(
    model: Model,
    tables: Sequence[Table],
    sets: Sequence[Sequence[Change]],
    columns: Sequence[str] = (),
    asked: Sequence[Asked] = (),
    *,
    exact: bool = True,
    reference: bool = False,
) -> list[Outcome]:
    """An Outcome for each set, in order. `columns` are arrays (county,): exact figures, or float64 without `exact`."""
    in_force(model, tables, reference)
    outcomes: list[Outcome | None] = [None] * len(sets)
    ready: list[tuple[int, tuple[Model, ...], tuple[Table, ...]]] = []
    for place, changes in enumerate(sets):
        try:
            ready.append((place, *apply_by_year(model, tables, changes)[:2]))
        except AllocationError as error:
            outcomes[place] = Outcome(error=error)
    size = max(1, CELLS // max(1, len(tables[-1])))
    waiting = [ready[start : start + size] for start in range(0, len(ready), size)]
    while waiting:
        some = waiting.pop()
        found = _together([one for _, one, _ in some], [own for *_, own in some], columns, asked, exact)
        if isinstance(found, list):
            for (place, *_), outcome in zip(some, found, strict=True):
                outcomes[place] = outcome
        elif len(some) == 1:
            outcomes[some[0][0]] = Outcome(error=found)
        else:
            half = len(some) // 2
            waiting += [some[half:], some[:half]]
    return outcomes


def _together(
    models: Sequence[tuple[Model, ...]], tables: Sequence[tuple[Table, ...]], columns, asked, exact: bool
) -> list[Outcome] | AllocationError:
    """Outcomes of models alike but for their parameters, on tables alike but for their figures; or what is wrong.

    Each has a model and a table a year.
    """
    past: list[Past] = []
    ok = np.ones(len(models), bool)
    for own, variants in zip(zip(*models, strict=True), zip(*tables, strict=True), strict=True):
        parameters = parameter_arrays(own, exact)
        evaluator = Evaluator(own[0], variants[0], parameters, exact, tuple(past), variants)
        evaluator.columns()
        if evaluator.problems:
            return AllocationError(evaluator.problems)
        ok &= _ok(evaluator, len(models))
        past.append(Past(variants[0].codes, evaluator.values))
    figures = [one.among(evaluator) for one in asked]
    if evaluator.problems:
        return AllocationError(evaluator.problems)
    shape = (len(models), len(evaluator.table))
    found = [np.broadcast_to(_shown(evaluator.values[name].data, exact), shape) for name in columns]
    figures = [np.broadcast_to(one, len(models)) for one in figures]
    return [
        Outcome(tuple(decimal(one[row]) for one in figures), tuple(one[row] for one in found), bool(ok[row]))
        for row in range(len(models))
    ]


def _shown(data: np.ndarray, exact: bool) -> np.ndarray:
    return np.frompyfunc(decimal, 1, 1)(data) if exact else data


def _ok(evaluator: Evaluator, count: int) -> np.ndarray:
    """Which scenarios (count,) hold every error check, the closing one among them."""
    model = evaluator.model
    ok = np.ones(count, bool)
    if model.pool:
        handed, wanted = closes(evaluator)
        ok &= (snap(handed) == snap(wanted))[:, 0]
    for check in model.checks:
        if check.severity == "error":
            found = evaluator.guarded(check.node, check.label)
            if found is not None:
                ok &= found.data.astype(bool).all(axis=-1)
    return ok
