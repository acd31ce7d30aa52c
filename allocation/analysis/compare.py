"""Any number of scenarios against a baseline; what the table of them says stands in `report.comparison`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from allocation.analysis.scenarios import BASELINE, Scenario, run_scenario
from allocation.case import NO_FACTS, Facts
from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.policy.model import Model
from allocation.report.comparison import AWARD, MOVED, ComparedRun, compared_runs, comparison_table, movers
from allocation.report.cut import TODAY, Cut
from allocation.report.printed import PrintedTable, Shown
from allocation.run.required import is_lacking, lacking
from allocation.run.run import Run
from allocation.run.scenario import Changed
from allocation.tables.table import Table, number
from allocation.texts import say

if TYPE_CHECKING:
    import pandas

NAMED = 8  # of those who gain or lose, in a line of text


@dataclass(frozen=True)
class Comparison:
    """`runs[0]` is the baseline; scenarios stand in the order they were named. Counties are in the table's order.

    `before`: what was changed in the model and table of all of them. `cut`: how its sheets are cut.
    """

    scenarios: tuple[Scenario, ...]
    runs: tuple[Run, ...]
    before: tuple[Changed, ...] = ()
    cut: Cut = TODAY

    @property
    def base(self) -> Run:
        return self.runs[0]

    @property
    def model(self) -> Model:
        return self.base.model

    @cached_property
    def compared(self) -> tuple[ComparedRun, ...]:
        """The runs as they stand side by side, each below the name of its scenario."""
        return compared_runs(self.runs, [scenario.label for scenario in self.scenarios])

    @cached_property
    def table(self) -> PrintedTable:
        """Every kind of figure of every scenario: the table that the workbook shows."""
        return comparison_table(self.compared, "workbook", self.cut)

    @cached_property
    def shown(self) -> PrintedTable:
        """What a screen shows of it."""
        return comparison_table(self.compared, "screen")

    def figures(self, place: int, kind: str) -> tuple[Shown, ...]:
        """What a scenario has of a kind (`report.comparison`), a county."""
        figures = self.table.figures[self.compared[place].key(kind)]
        return tuple(figure for figure, line in zip(figures, self.table.lines, strict=True) if not line.summed)

    def awards(self, place: int) -> tuple[Fraction, ...]:
        return tuple(map(number, self.figures(place, AWARD)))

    def changes(self, place: int) -> tuple[Fraction, ...]:
        """Award less the baseline's, a county."""
        return tuple(map(number, self.figures(place, MOVED))) if place else (Fraction(0),) * len(self.base.table)

    def winners(self, place: int) -> tuple[str, ...]:
        return movers(self.table, self.compared[place], 1)

    def losers(self, place: int) -> tuple[str, ...]:
        return movers(self.table, self.compared[place], -1)

    def who_moved(self, place: int, lang: str) -> list[str]:
        """How many gain and how many lose, and the first of them, a line each."""
        named = {"winners": self.winners(place), "losers": self.losers(place)}
        return [
            say(lang, f"comparison.{key}", count=len(names), names=names[:NAMED] or "—") for key, names in named.items()
        ]

    def frame(self) -> pandas.DataFrame:
        """Awards by code, a column a scenario; units and titles in `attrs`."""
        import pandas

        columns: dict[str, Sequence[object]] = {"name": self.base.table.names}
        columns |= {each.name: [*map(float, self.awards(place))] for place, each in enumerate(self.scenarios)}
        frame = pandas.DataFrame(columns, index=pandas.Index(self.base.table.codes, name="code", dtype=object))
        labels = {scenario.name: scenario.label.zh for scenario in self.scenarios}
        frame.attrs = {"unit": self.table.unit.name, "labels": labels}
        return frame


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
