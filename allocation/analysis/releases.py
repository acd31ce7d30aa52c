"""What would give a county more: every input of its own and every parameter tried, and the model run again with each.

Only what a run has shown is told. Floating-point runs, many at a time, look for the smallest step; an exact run then
confirms it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.analysis.batch import Outcome, run_batch
from allocation.analysis.binding import earlier
from allocation.language import tree
from allocation.model import Input, Parameter, spelt
from allocation.readings.derivation import PAST
from allocation.readings.each import decimal
from allocation.run import Run
from allocation.scenario import Change, apply_changes
from allocation.tables.keys import Figure

SIZES = (1, 10, 100)  # steps tried; between two of them the smallest is looked for by halving
MOST = 6  # changes told, of inputs and of parameters
NOISE = 1e-9  # a float run this much above, relatively, is not above


@dataclass(frozen=True)
class Leaf:
    """A figure that may be changed: `key` is an entry of a banded or keyed parameter."""

    name: str
    key: str
    address: str
    old: Figure


Trial = tuple[Leaf, Figure, int]  # a leaf, its new figure, and the steps it is moved by


@dataclass(frozen=True)
class Release:
    """Setting one figure from `old` to `new` moves the figure asked about from `before` to `after`.

    `limit` is the named bound that held it, from `limit_before` to `limit_after`.
    """

    leaf: Leaf
    new: Figure
    size: int  # steps of one hundredth of the figure, or of one percentage point; 0 for another class
    before: Fraction
    after: Fraction
    limit: str = ""
    limit_before: Fraction | None = None
    limit_after: Fraction | None = None


@dataclass(frozen=True)
class Releases:
    """`sure`: changes an exact run confirmed, of the county's own inputs, then of parameters. `larger`: names that
    raised the figure in a floating-point run, by larger changes. `without`: names whose changes gave nothing."""

    sure: tuple[Release, ...] = ()
    larger: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def releases(run: Run, name: str, row: int, limit: str = "") -> Releases:
    """The smallest changes found that raise the figure, the smallest and then the strongest first."""
    trials = _Trials(run, name, row, limit)
    leaves = list(trials.leaves())
    found = trials.smallest(leaves)
    found.sort(key=lambda one: (one.size or max(SIZES) + 1, -(one.after - one.before)))
    sure: list[Release] = []
    for group in (run.model.inputs, run.model.parameters):
        sure += trials.confirmed([one for one in found if one.leaf.name in group])
    told, helped = ({one.leaf.name: None for one in some} for some in (sure, found))
    without = dict.fromkeys(leaf.name for leaf in leaves if leaf.name not in helped)
    return Releases(tuple(sure), tuple(name for name in helped if name not in told), tuple(without))


@dataclass
class _Way:
    """One leaf moved one way: `failed` steps raise nothing, `best` is the smallest step found that does."""

    leaf: Leaf
    sign: int
    failed: int = 0
    best: Release | None = None

    def trial(self, entry: Parameter | Input, size: int) -> Trial:
        return self.leaf, self.leaf.old + self.sign * size * step(entry, self.leaf.old), size

    @property
    def middle(self) -> int:
        return (self.failed + self.best.size) // 2


@dataclass(frozen=True)
class _Trials:
    run: Run
    name: str
    row: int
    limit: str

    def leaves(self) -> Iterator[Leaf]:
        model, table = self.run.model, self.run.table
        year = f"#{table.year}" if len(self.run.tables) > 1 and table.year else ""
        for name in feeding(self.run, self.name):
            if name in model.inputs:
                old = table.values.get(name, (None,) * len(table))[self.row]
                if old is not None and not (isinstance(old, str) and not model.inputs[name].one_of):
                    yield Leaf(name, "", f"{spelt(name)}@{table.codes[self.row]}{year}", old)
            else:
                for key, old in _entries(model.parameters[name]):
                    if isinstance(old, Fraction):
                        yield Leaf(name, key, spelt(name) + (f".{key}" if key else ""), old)

    def smallest(self, leaves: Sequence[Leaf]) -> list[Release]:
        """The smallest step up, and the smallest down, of each leaf that raise the figure in a floating-point run."""
        classes = {leaf: self.others(leaf) for leaf in leaves if isinstance(leaf.old, str)}
        ways = {leaf: [_Way(leaf, sign) for sign in (1, -1)] for leaf in leaves if leaf not in classes}
        self.halved([way for two in ways.values() for way in two])
        return [
            one for leaf in leaves for one in classes.get(leaf) or [way.best for way in ways.get(leaf, ())] if one
        ]  # fmt: skip

    def others(self, leaf: Leaf) -> list[Release | None]:
        """What the other classes do, one at a time: they may change the groups that are shared within."""
        known = [text for text in self.entry(leaf).one_of if text != leaf.old]
        return [self.tried([(leaf, text, 0)], False)[0] for text in known]

    def halved(self, ways: list[_Way]) -> None:
        """All sizes of all ways at once; then, in rounds, halfway between the largest that failed and the best."""
        found = iter(self.tried([way.trial(self.entry(way.leaf), size) for way in ways for size in SIZES], False))
        for way in ways:
            for size, one in [(size, next(found)) for size in SIZES]:
                if one and not way.best:
                    way.best = one
                elif not way.best:
                    way.failed = size
        while waiting := [way for way in ways if way.best and way.best.size - way.failed > 1]:
            trials = [way.trial(self.entry(way.leaf), way.middle) for way in waiting]
            for way, one in zip(waiting, self.tried(trials, False), strict=True):
                if one:
                    way.best = one
                else:
                    way.failed = way.middle

    def confirmed(self, found: list[Release]) -> list[Release]:
        """The first of each name that holds in a run like the one explained, so many as are told."""
        told: dict[str, Release] = {}
        while found and len(told) < MOST:
            some, found = found[: MOST - len(told)], found[MOST - len(told) :]
            for one in self.tried([(one.leaf, one.new, one.size) for one in some], self.run.exact):
                if one:
                    told.setdefault(one.leaf.name, one)
            found = [one for one in found if one.leaf.name not in told]
        return list(told.values())

    def entry(self, leaf: Leaf) -> Parameter | Input:
        return self.run.model.entry(leaf.name)

    def tried(self, trials: Sequence[Trial], exact: bool) -> list[Release | None]:
        """What each change does; None when it raises nothing, cannot be run, or breaks a check that held."""
        run, before = self.run, self.at(self.name)
        columns = tuple(name for name in (self.name, self.limit) if name and name not in run.model.parameters)
        sets = [[Change(leaf.address, new)] for leaf, new, _ in trials]
        outcomes = run_batch(run.model, run.tables, sets, columns, exact=exact, reference=run.reference)
        return [
            self.release(trial, before, outcome, exact) for trial, outcome in zip(trials, outcomes, strict=True)
        ]  # fmt: skip

    def release(self, trial: Trial, before: Fraction, outcome: Outcome, exact: bool) -> Release | None:
        if outcome.refused or self.run.ok and not outcome.ok:
            return None
        after, *limit = (decimal(one[self.row]) for one in outcome.columns)
        if after - before <= (0 if exact else NOISE * max(1, abs(before))):
            return None
        leaf, new, size = trial
        made = Release(leaf, new, size, before, after)
        if not self.limit:
            return made
        if not limit:  # a parameter
            fresh = apply_changes(self.run.model, self.run.tables, [Change(leaf.address, new)])[0]
            limit = [fresh.parameters[self.limit].value]
        return replace(made, limit=self.limit, limit_before=self.at(self.limit), limit_after=limit[0])

    def at(self, name: str) -> Fraction:
        """The figure in the run explained."""
        if name in self.run.model.parameters:
            return self.run.model.parameters[name].value
        return self.run.figures(name)[self.row]


def step(entry: Parameter | Input, old: Fraction) -> Fraction:
    """One hundredth of the figure, or one percentage point; on the grid its table is held to."""
    plain = Fraction(1, 100) if entry.unit.is_percent else abs(old) / 100 or Fraction(1)
    if isinstance(entry, Parameter) or not (entry.whole or entry.decimals is not None):
        return plain
    grid = Fraction(1) if entry.whole else Fraction(1, 10**entry.decimals)
    return math.ceil(plain / grid) * grid


def feeding(run: Run, name: str) -> list[str]:
    """Inputs and parameters a column is computed from, in the model's order; those of branches not taken too."""
    model, seen = run.model, set()
    waiting = [name]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in model.columns:
            node = model.columns[name].node
            waiting += [part.id for part in tree.names(node)]
            calls = [part for part in node.walk() if isinstance(part, tree.Call) and part.fn in PAST]
            waiting += [before for call in calls for before in earlier(run, call)]
    return [name for name in (*model.inputs, *model.parameters) if name in seen]


def _entries(entry: Parameter) -> list[tuple[str, Figure]]:
    if entry.kind == "keyed":
        return list(entry.values)
    if entry.kind == "bands":
        return [(str(place), band.value) for place, band in enumerate(entry.bands, start=1)]
    return [("", entry.value)]
