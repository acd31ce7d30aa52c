"""Any number of scenarios against a baseline: amounts, changes, shares, ranks, bounds, who wins and who loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.allocators import Bounded
from allocation.analysis.scenarios import BASELINE, Scenario, run_scenario
from allocation.case import NO_FACTS, Facts
from allocation.errors import AllocationError
from allocation.policy.model import Model
from allocation.readings.evaluated import Evaluated
from allocation.run.required import is_lacking, lacking
from allocation.run.run import Run
from allocation.run.scenario import Changed
from allocation.tables.table import Table, number

if TYPE_CHECKING:
    import pandas

FLOOR, CAP, FREE = "floor", "cap", ""


@dataclass(frozen=True)
class Comparison:
    """`runs[0]` is the baseline; scenarios stand in the order they were named. Counties are in the table's order.

    `before`: what was changed in the model and table of all of them.
    """

    scenarios: tuple[Scenario, ...]
    runs: tuple[Run, ...]
    before: tuple[Changed, ...] = ()

    @property
    def base(self) -> Run:
        return self.runs[0]

    @property
    def model(self) -> Model:
        return self.base.model

    def awards(self, place: int) -> tuple[Fraction, ...]:
        return self.runs[place].amounts(self.model.award)

    def changes(self, place: int) -> tuple[Fraction, ...]:
        """Award less the baseline's, a county."""
        return tuple(new - old for new, old in zip(self.awards(place), self.awards(0), strict=True))

    def shares(self, place: int) -> tuple[Fraction | None, ...]:
        total = sum(self.awards(place), Fraction(0))
        return tuple(value / total if total else None for value in self.awards(place))

    def each(self, place: int) -> tuple[Fraction | None, ...]:
        """Award a settled person (or whatever the model divides by); None without one."""
        if not self.model.per_person:
            return (None,) * len(self.base.table)
        heads = self.runs[place].figures(self.model.per_person)
        return tuple(
            value / number(head) if head else None for value, head in zip(self.awards(place), heads, strict=True)
        )

    def ranks(self, place: int) -> tuple[int, ...]:
        """1 for the highest award; equals share a rank."""
        awards = self.awards(place)
        return tuple(1 + sum(other > value for other in awards) for value in awards)

    def bounds(self, place: int) -> tuple[str, ...]:
        """'floor', 'cap' or '' for each county: who sits at a bound of the sharing behind the award."""
        bounded = _bounded(self.runs[place].periods[-1][self.model.award])
        if bounded is None:
            return (FREE,) * len(self.base.table)
        held = zip(bounded.at_floor[0], bounded.at_cap[0], strict=True)
        return tuple(FLOOR if low else CAP if high else FREE for low, high in held)

    def winners(self, place: int) -> tuple[str, ...]:
        return self._names(place, 1)

    def losers(self, place: int) -> tuple[str, ...]:
        return self._names(place, -1)

    def _names(self, place: int, sign: int) -> tuple[str, ...]:
        moved = sorted(zip(self.changes(place), self.base.table.names, strict=True), key=lambda pair: -sign * pair[0])
        return tuple(name for change, name in moved if change * sign > 0)

    def frame(self) -> pandas.DataFrame:
        """Awards by code, a column a scenario; units and titles in `attrs`."""
        import pandas

        columns: dict[str, Sequence[object]] = {"name": self.base.table.names}
        columns |= {scenario.name: [*map(float, self.awards(i))] for i, scenario in enumerate(self.scenarios)}
        frame = pandas.DataFrame(columns, index=pandas.Index(self.base.table.codes, name="code", dtype=object))
        frame.attrs = {
            "unit": self.model.columns[self.model.award].unit.name,
            "labels": {scenario.name: scenario.label.zh for scenario in self.scenarios},
        }
        return frame


def _bounded(award: Evaluated) -> Bounded | None:
    """The bounds of the sharing nearest to the award, through rounding and named columns."""
    while award.bounded is None:
        inner = [part for part in award.parts if part.data.shape[-1] > 1 or part.bounded is not None]
        if len(inner) != 1:
            return None
        award = inner[0]
    bounded = award.bounded
    return bounded if np.ndim(bounded.at_floor) == 2 else None


def baseline(model: Model, table: Table, scenarios: Sequence[Scenario]) -> Scenario:
    """What scenarios are set against: nothing changed, but for what nobody gave and every scenario sets; there it
    stands on the first one's figures. Raises what a scenario lacks, by scenario; once where none gives it.
    """
    missing = lacking(model, (), [table])
    if not missing:
        return BASELINE
    of_each = [lacking(model, [c for layer in scenario.layers for c in layer], [table]) for scenario in scenarios]
    if all(problems == missing for problems in of_each):
        raise AllocationError(missing)
    pairs = zip(scenarios, of_each, strict=True)
    lost = [replace(p, where=scenario.where) for scenario, problems in pairs for p in problems]
    if lost:
        raise AllocationError(lost)
    layers = [
        [c for c in layer if c.how == "set" and is_lacking(model, table, c.address)] for layer in scenarios[0].layers
    ]
    return replace(BASELINE, layers=tuple(map(tuple, layers)))


def compare(
    model: Model, tables: Sequence[Table], scenarios: Sequence[Scenario], *, exact: bool = True,
    reference: bool = False, facts: Facts = NO_FACTS,
) -> Comparison:  # fmt: skip
    """Runs the baseline and every scenario, each from the model and tables as they are."""
    everyone = (baseline(model, tables[-1], scenarios), *scenarios)
    how = {"exact": exact, "reference": reference}
    runs = tuple(run_scenario(model, tables, scenario, **how, facts=facts) for scenario in everyone)
    return Comparison(everyone, runs)
