"""What a difference between sources does: the run again with each value that was not chosen."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.analysis.batch import run_batch
from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.readings.each import decimal
from allocation.run.run import Run
from allocation.run.scenario import Change

CELLS = 30_000  # runs × counties: some twenty seconds


@dataclass(frozen=True)
class Effect:
    """With the rival's value: the county's own award and its change, and the other county that is moved most.

    `other` is None where none is. `error` says why the run is impossible; no figures then, nor where it was not run.
    """

    award: Fraction | None = None
    change: Fraction | None = None
    other: int | None = None
    other_change: Fraction | None = None
    error: AllocationError | None = None


def effects(run: Run) -> list[list[Effect | None]]:
    """For each dispute an Effect for each of its rivals; None for the value used and those equal to it.

    Beyond CELLS nothing is run: the Effects of the last disputes are empty then.
    """
    table, wanted = run.table, []
    told: list[list[Effect | None]] = [[None] * len(dispute.rivals) for dispute in table.disputes]
    for place, dispute in enumerate(table.disputes):
        for number, rival in enumerate(dispute.rivals):
            if rival.value != dispute.rivals[dispute.chosen].value:
                told[place][number] = Effect()
                wanted.append((place, number, Change(f"{dispute.name}@{table.codes[dispute.row]}", rival.value)))
    wanted = wanted[: max(1, CELLS // max(1, len(table)))]
    if not wanted:
        return told
    sets = [[change] for *_, change in wanted]
    outcomes = run_batch(run.model, run.tables, sets, [run.model.award], exact=run.exact, reference=run.reference)
    before = run.amounts(run.model.award)
    for (place, number, _), outcome in zip(wanted, outcomes, strict=True):
        if outcome.error:
            told[place][number] = Effect(error=outcome.error)
        else:
            awards = [decimal(value) for value in outcome.columns[0]]
            told[place][number] = _effect(awards, before, table.disputes[place].row)
    return told


def _effect(awards: list[Fraction], before: Sequence[Fraction], row: int) -> Effect:
    moved = [new - old for new, old in zip(awards, before, strict=True)]
    others = [place for place in range(len(moved)) if place != row and moved[place]]
    other = max(others, key=lambda place: abs(moved[place]), default=None)
    return Effect(awards[row], moved[row], other, None if other is None else moved[other])
