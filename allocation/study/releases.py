"""What would give a county more: every input of its own and every parameter tried, and the model run again with each.

Only what a run has shown is told. Floating-point runs look for the smallest step; an exact run then confirms it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from allocation.errors import AllocationError
from allocation.language import tree
from allocation.model import Input, Parameter
from allocation.readings.derivation import PAST
from allocation.run import Run, run_model
from allocation.scenario import Change
from allocation.study.binding import earlier
from allocation.tables.table import Figure

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
class Found:
    """`sure`: changes an exact run confirmed, of the county's own inputs, then of parameters. `larger`: names that
    raised the figure in a floating-point run, by larger changes. `without`: names whose changes gave nothing."""

    sure: tuple[Release, ...] = ()
    larger: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def releases(run: Run, name: str, row: int, limit: str = "") -> Found:
    """The smallest changes found that raise the figure, the smallest and then the strongest first."""
    trials = _Trials(run, name, row, limit)
    leaves = list(trials.leaves())
    found = [one for leaf in leaves for one in trials.smallest(leaf)]
    found.sort(key=lambda one: (one.size or max(SIZES) + 1, -(one.after - one.before)))
    sure: list[Release] = []
    for group in (run.model.inputs, run.model.parameters):
        sure += islice(trials.confirmed([one for one in found if one.leaf.name in group]), MOST)
    told, helped = ({one.leaf.name: None for one in some} for some in (sure, found))
    without = dict.fromkeys(leaf.name for leaf in leaves if leaf.name not in helped)
    return Found(tuple(sure), tuple(name for name in helped if name not in told), tuple(without))


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
                    yield Leaf(name, "", f"{_listed(name)}@{table.codes[self.row]}{year}", old)
            else:
                for key, old in _entries(model.parameters[name]):
                    if isinstance(old, Fraction):
                        yield Leaf(name, key, _listed(name) + (f".{key}" if key else ""), old)

    def smallest(self, leaf: Leaf) -> Iterator[Release]:
        """The smallest step up, and the smallest down, that raise the figure in a floating-point run."""
        entry = self.run.model.entry(leaf.name)
        if isinstance(leaf.old, str):
            others = (self.tried(leaf, text, 0, False) for text in entry.one_of if text != leaf.old)
            yield from (one for one in others if one)
            return
        for sign in (1, -1):
            failed, one = 0, None
            for size in SIZES:
                one = self.step(leaf, sign * size)
                if one:
                    break
                failed = size
            while one and one.size - failed > 1:
                middle = (failed + one.size) // 2
                nearer = self.step(leaf, sign * middle)
                failed, one = (failed, nearer) if nearer else (middle, one)
            if one:
                yield one

    def step(self, leaf: Leaf, steps: int) -> Release | None:
        return self.tried(leaf, leaf.old + steps * step(self.run.model.entry(leaf.name), leaf.old), abs(steps), False)

    def confirmed(self, found: list[Release]) -> Iterator[Release]:
        """The first of each name that holds in a run like the one explained."""
        told: set[str] = set()
        for one in found:
            sure = one.leaf.name not in told and self.tried(one.leaf, one.new, one.size, self.run.exact)
            if sure:
                told.add(one.leaf.name)
                yield sure

    def tried(self, leaf: Leaf, new: Figure, size: int, exact: bool) -> Release | None:
        """What one change does; None when it raises nothing, cannot be run, or breaks a check that held."""
        change = Change(leaf.address, new)
        try:
            trial = run_model(self.run.model, self.run.tables, [change], exact=exact, reference=self.run.reference)
        except AllocationError:
            return None
        before, after = (self.at(run, self.name) for run in (self.run, trial))
        if after - before <= (0 if exact else NOISE * max(1, abs(before))) or self.run.ok and not trial.ok:
            return None
        made = Release(leaf, new, size, before, after)
        if not self.limit:
            return made
        return replace(made, limit=self.limit, limit_before=self.at(self.run, self.limit),
                       limit_after=self.at(trial, self.limit))  # fmt: skip

    def at(self, run: Run, name: str) -> Fraction:
        if name in run.model.parameters:
            return run.model.parameters[name].value
        return run.figures(name)[self.row]


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


def _listed(name: str) -> str:
    """`weight.settled` is written `weight[settled]` in an address."""
    family, _, item = name.partition(".")
    return f"{family}[{item}]" if item else family


def _entries(entry: Parameter) -> list[tuple[str, Figure]]:
    if entry.kind == "keyed":
        return list(entry.values)
    if entry.kind == "bands":
        return [(str(place), band.value) for place, band in enumerate(entry.bands, start=1)]
    return [("", entry.value)]
