"""What would give a county more: every input of its own and every parameter tried, and the model run again with each.

Only what a run has shown is told. Floating-point runs, many at a time, look for the smallest step; an exact run then
confirms it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.analysis.batch import Outcome, run_batch
from allocation.analysis.binding import earlier
from allocation.classes import dataclass
from allocation.language import tree
from allocation.policy.model import Input, Parameter, spelt
from allocation.readings.derivation import PAST
from allocation.readings.each import decimal
from allocation.run.run import Run
from allocation.run.scenario import Change, apply_changes
from allocation.tables.keys import Figure
from allocation.tables.table import number
from allocation.texts.decimals import last_place

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
    steps = trials.smallest(leaves)
    steps.sort(key=lambda release: (release.size or max(SIZES) + 1, -(release.after - release.before)))
    sure: list[Release] = []
    for names in (set(run.model.inputs), set(run.model.parameters)):
        sure += trials.confirmed([release for release in steps if release.leaf.name in names])
    told, helped = ({release.leaf.name: None for release in some} for some in (sure, steps))
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
        old = number(self.leaf.old)  # classes are tried one at a time
        return self.leaf, old + self.sign * size * step(entry, old), size

    @property
    def between(self) -> int | None:
        """The step halfway between the largest that failed and the best; None where none is left."""
        if self.best is None or self.best.size - self.failed <= 1:
            return None
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
            release
            for leaf in leaves
            for release in classes.get(leaf) or [way.best for way in ways.get(leaf, ())]
            if release
        ]

    def others(self, leaf: Leaf) -> list[Release | None]:
        """What the other classes do, one at a time: they may change the groups that are shared within."""
        known = [text for text in self.run.model.inputs[leaf.name].one_of if text != leaf.old]
        return [self.tried([(leaf, text, 0)], False)[0] for text in known]

    def halved(self, ways: list[_Way]) -> None:
        """All sizes of all ways at once; then, in rounds, halfway between the largest that failed and the best."""
        tried = iter(self.tried([way.trial(self.entry(way.leaf), size) for way in ways for size in SIZES], False))
        for way in ways:
            for size, release in [(size, next(tried)) for size in SIZES]:
                if release and not way.best:
                    way.best = release
                elif not way.best:
                    way.failed = size
        while waiting := [(way, middle) for way in ways if (middle := way.between) is not None]:
            trials = [way.trial(self.entry(way.leaf), middle) for way, middle in waiting]
            for (way, middle), release in zip(waiting, self.tried(trials, False), strict=True):
                if release:
                    way.best = release
                else:
                    way.failed = middle

    def confirmed(self, waiting: list[Release]) -> list[Release]:
        """The first of each name that holds in a run like the one explained, so many as are told."""
        told: dict[str, Release] = {}
        while waiting and len(told) < MOST:
            some, waiting = waiting[: MOST - len(told)], waiting[MOST - len(told) :]
            for release in self.tried([(step.leaf, step.new, step.size) for step in some], self.run.exact):
                if release:
                    told.setdefault(release.leaf.name, release)
            waiting = [release for release in waiting if release.leaf.name not in told]
        return list(told.values())

    def entry(self, leaf: Leaf) -> Parameter | Input:
        return self.run.model.inputs.get(leaf.name) or self.run.model.parameters[leaf.name]

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
        after, *limit = (decimal(column[self.row]) for column in outcome.columns)
        if after - before <= (0 if exact else NOISE * max(1.0, float(abs(before)))):
            return None
        leaf, new, size = trial
        release = Release(leaf, new, size, before, after)
        if not self.limit:
            return release
        if not limit:  # a parameter
            fresh = apply_changes(self.run.model, self.run.tables, [Change(leaf.address, new)])[0]
            limit = [number(fresh.parameters[self.limit].value)]
        return replace(release, limit=self.limit, limit_before=self.at(self.limit), limit_after=limit[0])

    def at(self, name: str) -> Fraction:
        """The figure in the run explained."""
        if name in self.run.model.parameters:
            return number(self.run.model.parameters[name].value)
        return number(self.run.figures(name)[self.row])


def step(entry: Parameter | Input, old: Fraction) -> Fraction:
    """One hundredth of the figure, or one percentage point; on the grid its table is held to."""
    plain = Fraction(1, 100) if entry.unit.is_percent else abs(old) / 100 or Fraction(1)
    if isinstance(entry, Parameter) or not entry.whole and entry.decimals is None:
        return plain
    grid = Fraction(1) if entry.whole else last_place(entry.decimals)
    return math.ceil(plain / grid) * grid


def feeding(run: Run, name: str) -> list[str]:
    """Inputs and parameters a column is computed from, in the model's order; those of branches not taken too."""
    model, waiting = run.model, [name]
    seen: set[str] = set()
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
