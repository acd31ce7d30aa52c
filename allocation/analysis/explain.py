"""`explain`: where a county's figure comes from, down to inputs and legal sources, and why it is not more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from fractions import Fraction

from allocation.analysis.binding import BindingRule, rules
from allocation.analysis.headline import Headline, headline
from allocation.analysis.releases import Releases, releases
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.policy.model import Column, Input, Parameter, item_named
from allocation.policy.schema import plain
from allocation.readings.derivation import Derivation, derive
from allocation.run.run import Run
from allocation.run.selecting import select
from allocation.tables.table import number

DEPTH = 3


@dataclass(frozen=True)
class Explanation:
    """`headline`: the sentence one says of it; none of what is no figure a county. `why_not_more`: the rules that bind,
    outermost first. `releases`: what runs have shown to raise the figure."""

    run: Run
    row: int
    derivation: Derivation
    depth: int
    headline: Headline | None = None
    why_not_more: tuple[BindingRule, ...] = ()
    releases: Releases = field(default_factory=Releases)

    @property
    def column(self) -> str:
        return self.derivation.name

    @property
    def county(self) -> tuple[str, str]:
        return self.run.table.codes[self.row], self.run.table.names[self.row]

    @property
    def last_year(self) -> Fraction | None:
        """What the award is compared with; None for other figures and where nothing was given."""
        model = self.run.model
        known = self.column == model.award and model.compare_with
        figure = self.run.figures(model.compare_with)[self.row] if known else None
        return None if figure is None else number(figure)


def explain(run: Run, county: str, column: str | None = None, depth: int = DEPTH) -> Explanation:
    """`county`: a code or unique name; `column`: a name or either label, the award if None. Raises AllocationError."""
    problems: list[Problem] = []
    for find, argument in ((find_county, county), (find_column, column or run.model.award)):
        try:
            find(run, argument)
        except AllocationError as error:
            problems += error.problems
    if problems:
        raise AllocationError(problems)
    row, name = find_county(run, county), find_column(run, column or run.model.award)
    derivation = derive(run, name, row, depth)
    entry = run.model.columns.get(name)
    if entry is None or entry.kind != "number":
        return Explanation(run, row, derivation, depth)
    bound = rules(run, name, row)
    limit = next((rule.limit for rule in bound if rule.kind in ("floor", "cap", "both", "least")), "")
    return Explanation(run, row, derivation, depth, headline(run, name, row), bound, releases(run, name, row, limit))


def find_county(run: Run, text: str) -> int:
    """The row of a code or a unique name. A group `column=value` is not one county."""
    wanted = plain(text)
    if not wanted:
        names = run.table.names
        slots = {"model": run.model.name, "unit": next((name for name in names if " " not in name), names[0])}
        raise AllocationError(Problem("explain.needs_county", {**slots, "known": names}))
    if "=" in wanted:
        near = nearest(wanted, [*run.table.names, *run.table.codes])
        raise AllocationError(Problem("scenario.no_county", {"name": text, "nearest": near}))
    return select(run.model, run.table, wanted)[0]


def find_column(run: Run, text: str) -> str:
    """The plain name of a parameter, input or column given by its name, either label, or `name[item]`."""
    wanted = plain(text)
    entries = dict(_entries(run))
    spelt = wanted.replace("[", ".").removesuffix("]")
    if spelt in entries:
        return spelt
    family, bracket, item = wanted.removesuffix("]").partition("[")
    if bracket and (meant := item_named(entries, family, item)):
        return meant
    labelled = [name for name, entry in entries.items() if wanted in (plain(entry.label.zh), plain(entry.label.en))]
    if len(labelled) > 1:
        raise AllocationError(Problem("explain.ambiguous", {"name": text, "names": labelled}))
    if not labelled:
        known = [*entries, *(label for entry in entries.values() for label in (entry.label.zh, entry.label.en))]
        columns = [entry.label for entry in run.model.columns.values()]
        near = nearest(wanted, known)
        slots = {"name": text, "nearest": near, "known": "" if near else columns}
        raise AllocationError(Problem("explain.no_column", slots))
    return labelled[0]


def _entries(run: Run) -> Iterator[tuple[str, Parameter | Input | Column]]:
    for group in (run.model.columns, run.model.inputs, run.model.parameters):
        yield from group.items()
