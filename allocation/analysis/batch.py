"""Many sets of changes run at once: the engine walks scenarios × counties together.

Where some sets cannot be run (bounds that miss the pool, a change out of range), the others are run again without them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from fractions import Fraction
from functools import cached_property, partial

import numpy as np

from allocation.analysis.asked import Asked, Condition
from allocation.arrays import snap
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.policy.model import Model
from allocation.readings.each import decimal
from allocation.readings.evaluated import Evaluated
from allocation.readings.evaluation import Past
from allocation.readings.in_common import InCommon, varied_names
from allocation.readings.numbers import Evaluator
from allocation.run.applied import AppliedSets
from allocation.run.checks import closes
from allocation.run.required import lacking
from allocation.run.run import in_force, parameter_arrays, run_model
from allocation.run.scenario import Change, apply_by_year
from allocation.tables.table import Table

CELLS = 140_000  # scenarios × counties held at once
SIDES = {"floor": 1, "cap": 2}  # as `Outcome.stands` counts them


@dataclass(frozen=True)
class Outcome:
    """One set of changes: the figures asked for in order, a row of figures a county for each column asked for.

    `ok`: every error check holds. `stands` (county,): the award is at a floor (1), at a cap (2), at both (3), at
    neither (0); None where it is shared without bounds. `why` finds out why the set cannot be run; there are no figures
    then.
    """

    figures: tuple[Fraction, ...] = ()
    columns: tuple[np.ndarray, ...] = ()
    ok: bool = False
    stands: np.ndarray | None = None
    why: Callable[[], AllocationError] | None = None

    @property
    def refused(self) -> bool:
        return self.why is not None

    @cached_property
    def error(self) -> AllocationError | None:
        """What a run of this set alone says, found by running it; None where it can be run."""
        return self.why() if self.why else None


@dataclass(frozen=True)
class _Batch:
    """What the sets have in common."""

    model: Model
    tables: tuple[Table, ...]
    columns: tuple[str, ...]
    asked: tuple[Asked | Condition, ...]
    exact: bool
    reference: bool
    years: list[InCommon] = field(default_factory=list)  # what all sets have in common, a year each

    def refused(self, changes: Sequence[Change], together: list[Problem]) -> Outcome:
        return Outcome(why=partial(self._why, changes, together))

    def _why(self, changes: Sequence[Change], together: list[Problem]) -> AllocationError:
        """What a run alone says; what the batch says where floats are so near an edge that a run alone just passes."""
        try:
            run_model(self.model, self.tables, changes, exact=self.exact, reference=self.reference)
        except AllocationError as error:
            return error
        models, tables, _ = apply_by_year(self.model, self.tables, changes)
        _, alone = _together(self, [models], [tables])
        return AllocationError(alone.problems or together)


def run_batch(
    model: Model,
    tables: Sequence[Table],
    sets: Sequence[Sequence[Change]],
    columns: Sequence[str] = (),
    asked: Sequence[Asked | Condition] = (),
    *,
    exact: bool = True,
    reference: bool = False,
) -> list[Outcome]:
    """An Outcome for each set, in order. `columns` are arrays (county,): exact figures, or float64 without `exact`."""
    in_force(model, tables, reference)
    batch = _Batch(model, tuple(tables), tuple(columns), tuple(asked), exact, reference)
    outcomes: dict[int, Outcome] = {}
    ready: list[tuple[int, tuple[Model, ...], tuple[Table, ...]]] = []
    applied = AppliedSets(model, tables)
    for place, changes in enumerate(sets):
        try:
            models, moved = applied.apply(changes)
            if missing := lacking(model, changes, tables):
                raise AllocationError(missing)
            ready.append((place, models, moved))
        except AllocationError as error:
            outcomes[place] = batch.refused(changes, error.problems)
    models_of, tables_of = (zip(*some, strict=True) for some in ([m for _, m, _ in ready], [t for *_, t in ready]))
    years = zip(tables, models_of, tables_of, strict=True) if ready else ()
    batch.years.extend(InCommon(table, varied_names(*of_year)) for table, *of_year in years)
    size = max(1, CELLS // max(1, len(tables[-1])))
    waiting = [ready[start : start + size] for start in range(0, len(ready), size)]
    while waiting:
        some = waiting.pop()
        together, evaluator = _together(batch, [models for _, models, _ in some], [moved for *_, moved in some])
        lost = np.broadcast_to(evaluator.refused | (len(some) == 1), len(some))
        if together:
            for (place, *_), outcome in zip(some, together, strict=True):
                outcomes[place] = outcome
        elif lost.any():
            for (place, *_), bad in zip(some, lost, strict=True):
                if bad:
                    outcomes[place] = batch.refused(sets[place], evaluator.problems)
            rest = [variant for variant, bad in zip(some, lost, strict=True) if not bad]
            waiting += [rest] if rest else []
        else:  # which of them cannot be told
            half = len(some) // 2
            waiting += [some[half:], some[:half]]
    return [outcomes[place] for place in range(len(sets))]


def _together(
    batch: _Batch, models: Sequence[tuple[Model, ...]], tables: Sequence[tuple[Table, ...]]
) -> tuple[list[Outcome], Evaluator]:
    """Outcomes of models alike but for their parameters, on tables alike but for their figures, a model and a table a
    year each; none where the evaluator that is given with them has problems.
    """
    past: list[Past] = []
    ok = np.ones(len(models), bool)
    years = batch.years or [InCommon(table) for table in batch.tables]
    for in_common, of_year, variants in zip(years, zip(*models, strict=True), zip(*tables, strict=True), strict=True):
        parameters = parameter_arrays(of_year, batch.exact)
        evaluator = Evaluator(of_year[0], variants[0], parameters, batch.exact, tuple(past), variants, in_common)
        evaluator.columns()
        if not evaluator.problems:
            ok &= _ok(evaluator, len(models))
        if evaluator.problems:
            return [], evaluator
        past.append(Past(variants[0].codes, evaluator.values))
    answers = [asked.among(evaluator) for asked in batch.asked]
    if evaluator.problems:
        return [], evaluator
    shape = (len(models), len(evaluator.table))
    columns = [np.broadcast_to(_shown(evaluator.values[name].data, batch.exact), shape) for name in batch.columns]
    answers = [np.broadcast_to(answer, len(models)) for answer in answers]
    stands = _stands(evaluator, shape)
    outcomes = [
        Outcome(
            tuple(decimal(answer[row]) for answer in answers),
            tuple(column[row] for column in columns),
            bool(ok[row]),
            None if stands is None else stands[row],
        )
        for row in range(len(models))
    ]
    return outcomes, evaluator


def _stands(evaluator: Evaluator, shape: tuple[int, int]) -> np.ndarray | None:
    """At which bounds each award stands (scenario, county); without a claim at its floor, whatever the cap."""
    share = bounded_by(evaluator.values[evaluator.model.award])
    if share is None or share.bounded is None:
        return None
    stands, claim = np.zeros(shape, int), share.parts[1].figures
    for side, bound in zip(sides(share), share.parts[2:], strict=True):
        at = share.bounded.at_floor if side == "floor" else share.bounded.at_cap & (claim > 0)
        stands += SIDES[side] * (at if bound.missing is None else at & ~bound.missing)
    return stands


def bounded_by(figure: Evaluated) -> Evaluated | None:
    """The bounded share that a figure is but for names, units and rounding; None where it is none."""
    while figure.bounded is not None:
        if isinstance(figure.node, tree.Call) and figure.node.fn == "bounded_share":
            return figure
        figure = next(part for part in figure.parts if part.bounded is figure.bounded)
    return None


def sides(share: Evaluated) -> tuple[str, ...]:
    """Which bounds it has, in the order of its parts."""
    assert isinstance(share.node, tree.Call)
    return tuple(side for side in SIDES if share.node.arg(side) is not None)


def _shown(data: np.ndarray, exact: bool) -> np.ndarray:
    return np.frompyfunc(decimal, 1, 1)(data) if exact else data


def _ok(evaluator: Evaluator, count: int) -> np.ndarray:
    """Which scenarios (count,) hold every error check, the closing one among them."""
    model = evaluator.model
    ok = np.ones(count, bool)
    if model.pool:
        handed, wanted = closes(evaluator)
        ok &= (snap(handed) == snap(wanted))[:, 0]
    for check in model.checks:  # one that only warns refuses a run too where it cannot be asked
        truth = evaluator.guarded(check.node, check.label)
        if truth is not None and check.severity == "error":
            ok &= truth.data.astype(bool).all(axis=-1)
    if model.reference_when is not None:
        evaluator.guarded(model.reference_when, model.label)
    return ok
