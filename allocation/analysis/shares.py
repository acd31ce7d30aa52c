"""Shares only (份额), where no total is known yet: what part of it each unit has, and no amount of anything.

The shares are those of the amounts before they are rounded, taken where rounding is nothing beside the total. There are
none where an award does not move in proportion to its pool: then they depend on the total, and the reader is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.analysis.degrees import Degrees
from allocation.analysis.pools import the_pool, undecided_total
from allocation.case import NO_FACTS, Facts
from allocation.classes import dataclass
from allocation.doubts.doubting import doubts_beside
from allocation.doubts.policy import policy_doubts
from allocation.errors import AllocationError, Problem
from allocation.policy.model import Model, Parameter
from allocation.run.marks import mark_keys
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change, Changed, name_of
from allocation.tables.table import Table

BEYOND = Fraction(10**10)  # beside it no rounding shows in a share; figures beyond 14 digits are snapped
PARTS = 10**6  # a share is told to a ten thousandth of a per cent, and all of them add up to 100 %


@dataclass(frozen=True)
class Shares:
    """`run` holds no total: its titles, marks and doubts are asked of it, never an amount."""

    run: Run
    shares: tuple[Fraction, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return (*mark_keys(self.run), "open_total")


def shares_only(
    model: Model, table: Table, changes: Sequence[Change] = (), *, reference: bool = False, facts: Facts = NO_FACTS
) -> Shares:
    """Raises AllocationError where shares depend on the total, or with all that is wrong."""
    entry = the_pool(model)
    if any(name_of(model, change) == entry.name for change in changes):
        raise AllocationError(Problem("pools.total_given", {"label": entry.label, "name": entry.name}))
    try:
        run = run_model(_with_total(model, entry, BEYOND), table, changes, reference=reference, facts=facts)
    except AllocationError:
        _refuse_moving(model, Degrees(model, table, entry.name))
        raise
    _refuse_moving(model, Degrees(run.model, run.table, entry.name, run.periods[-1]))
    amounts = run.amounts(model.award)
    total = sum(amounts, Fraction(0))
    if not total > 0 or min(amounts) < 0:
        raise AllocationError(Problem("pools.no_shares", {"model": model.label}, table.file))
    totalless = _with_total(run.model, entry, None)
    doubts = doubts_beside(model, run.tables, policy=policy_doubts(totalless))
    shown = replace(run, model=totalless, models=(), checks=(), changed=_others(run, entry),
                    notes=tuple(note for note in run.notes if note.id != "run.near_edge"),
                    recorded_doubts=doubts)  # fmt: skip
    return Shares(shown, _closed([amount / total for amount in amounts]))


def _with_total(model: Model, entry: Parameter, total: Fraction | None) -> Model:
    free = replace(model.parameters[entry.name], value=total, min=None, max=None, decimals=None)
    return undecided_total(replace(model, parameters={**model.parameters, entry.name: free}))


def _others(run: Run, entry: Parameter) -> tuple[Changed, ...]:
    return tuple(change for change in run.changed if change.name != entry.name)


def _refuse_moving(model: Model, degrees: Degrees) -> None:
    if not degrees.in_proportion(model.award):
        column = model.columns[degrees.blame or model.award]
        slots = {"column": column.label, "formula": " ".join(column.formula.split())}
        raise AllocationError(Problem("pools.depends", slots, model.file))


def _closed(shares: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """By largest remainder, so that what is told adds up to the whole."""
    parts = [share * PARTS // 1 for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda at: (parts[at] - shares[at] * PARTS, at))
    more = {*by_rest[: PARTS - int(sum(parts))]}
    return tuple(Fraction(int(part) + (at in more), PARTS) for at, part in enumerate(parts))
