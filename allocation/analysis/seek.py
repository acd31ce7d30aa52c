"""The value of one parameter (or input) at which a figure of the run reaches a target.

Awards are step functions: the range is walked in coarse steps on a grid of round values, and wherever two neighbours
stand on different sides of the target the gap between them is halved, in exact arithmetic, down to the grid.

The same search in floating point goes ahead: it decides nothing but which exact figures are worked out together. What
it did not foresee is worked out when the exact search comes there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from math import ceil, floor

from allocation.analysis.asked import Asked
from allocation.analysis.batch import Outcome, run_batch
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.policy.model import Input, Model
from allocation.run.run import run_model
from allocation.run.scenario import Change, apply_changes, entry_of
from allocation.tables.table import Table, number
from allocation.texts.decimals import last_place

COARSE = 60  # cells the range is first cut into
FINEST = 10_000  # grid steps in the range where none is given: at least as many
WIDE = 1000  # in a range this wide, a parameter that is whole now stays whole
SMALLEST = Fraction(1, 10**6)
VALLEYS = 3  # places where the figure comes nearest without crossing that are looked into
POWERS = 13  # of ten, up to which is looked where nothing is declared and nothing is there yet
Figures = Callable[[Sequence[Fraction]], list[Outcome]]
FAR = 4  # without a declared bound, the search goes up to this many times the present value


@dataclass(frozen=True)
class Target:
    """What is asked: the value of `address` at which the figure comes to `value`, `changes` made in every run."""

    model: Model
    tables: Sequence[Table]
    address: str
    asked: Asked
    value: Fraction
    changes: Sequence[Change] = ()
    reference: bool = False

    def figure(self, varied: Fraction) -> Fraction:
        """What the figure is with a value of `address`. Raises AllocationError where the model cannot be run."""
        changes = [*self.changes, Change(self.address, varied)]
        return self.asked.of(run_model(self.model, self.tables, changes, reference=self.reference))

    def figures(self, values: Sequence[Fraction], exact: bool) -> list[Outcome]:
        """The outcome of a run with each value, the figure asked for its only one."""
        sets = [[*self.changes, Change(self.address, value)] for value in values]
        return run_batch(
            self.model, self.tables, sets, asked=(self.asked,), exact=exact, reference=self.reference
        )  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """Where to search: what is not given is what is declared, or what the present value suggests."""

    low: Fraction | None = None
    high: Fraction | None = None
    step: Fraction | None = None
    within: Fraction | None = None


@dataclass(frozen=True)
class Reached:
    """A value of the parameter and the figure it gives."""

    value: Fraction
    figure: Fraction


@dataclass(frozen=True)
class Stretch:
    """Values from `low` to `high` that reach the target; `figure` is what they give, off it by `within` at most."""

    low: Fraction
    high: Fraction
    figure: Fraction


@dataclass(frozen=True)
class Sought:
    """What a search found, from lowest value to highest. `answer` is the reaching value nearest the present one."""

    address: str
    target: Fraction
    within: Fraction
    low: Fraction
    high: Fraction
    step: Fraction
    present: Fraction | None
    stretches: tuple[Stretch, ...]
    jumps: tuple[tuple[Reached, Reached], ...]  # neighbours on the grid between which the figure jumps past the target
    below: Reached | None  # the nearest figures that are reached on each side of the target
    above: Reached | None
    answer: Reached | None
    tried: int
    refused: int  # of the values tried, those with which the model cannot be run


def seek(target: Target, limits: Limits = Limits()) -> Sought:  # noqa: B008  # frozen
    """Searches the declared range of what the target's address names, or the one given.

    Without `within`, a figure reaches the target when off it by no more than its published unit (0.1 % without one).
    Raises AllocationError when the address is wrong, the range empty, or the model runs nowhere in it.
    """
    present, low, high, whole = _range(target, limits)
    step = _round_step(high - low, present, whole) if limits.step is None else limits.step
    within = _within(target) if limits.within is None else limits.within
    first, last = ceil(low / step), floor(high / step)
    if first > last or step <= 0:
        raise AllocationError(Problem("study.empty_range", {"low": low, "high": high, "step": step}))
    ahead = _GridSearch(partial(target.figures, exact=False), target.value, step, first, last)
    ahead.search(present)
    search = _GridSearch(partial(target.figures, exact=True), target.value, step, first, last)
    search.foresee(ahead.seen)
    search.search(present)
    if search.nothing:
        raise AllocationError(search.nothing)
    stretches, jumps = search.outcome(within)
    below, above = search.nearest(-1), search.nearest(1)
    answer = _answer(stretches, present, step)
    return Sought(
        target.address, target.value, within, low, high, step, present, stretches, jumps, below, above, answer,
        len(search.seen), sum(value is None for value in search.seen.values()),
    )  # fmt: skip


def reach(target: Target, limits: Limits) -> Limits:
    """The same limits with both ends, where the address has no figure yet: those given, else those declared, else up
    to the first power of ten past the target. Raises AllocationError where the model runs nowhere on the way.
    """
    entry = entry_of(target.model, target.address)
    low = next(bound for bound in (limits.low, entry.min, Fraction(0)) if bound is not None)
    high = limits.high if limits.high is not None else entry.max
    if high is not None:
        return replace(limits, low=low, high=high)
    start: bool | None = None
    refusal: AllocationError | None = None
    for value in (low, *(Fraction(10**power) for power in range(POWERS) if 10**power > low)):
        try:
            figure = target.figure(value)
        except AllocationError as error:
            refusal = error
            continue
        start, high = (figure > target.value if start is None else start), value
        if figure == target.value or (figure > target.value) != start:
            break
    if high is None and refusal is not None:
        raise refusal
    return replace(limits, low=low, high=high)


def _within(target: Target) -> Fraction:
    decimals = target.asked.decimals
    return last_place(decimals) if decimals is not None else max(abs(target.value), Fraction(1)) / 1000


def _range(target: Target, limits: Limits) -> tuple[Fraction | None, Fraction, Fraction, bool]:
    """The present value (None where counties differ), the range, whether values are whole.

    An address that cannot be varied is an error.
    """
    model, tables, changes = target.model, target.tables, target.changes
    still = Change(target.address, Fraction(0), "add")
    alone = {(change.name, change.key, change.county) for change in apply_changes(model, tables, [still])[2]}
    record = apply_changes(model, tables, [*changes, still])[2]
    moved = [change for change in record if (change.name, change.key, change.county) in alone]
    olds = [number(change.old) for change in moved]  # what zero was added to
    present = olds[0] if len(set(olds)) == 1 else None
    entry = entry_of(model, target.address)
    size = max((abs(old) for old in olds), default=Fraction(1)) or Fraction(1)
    least = Fraction(0) if all(old >= 0 for old in olds) else -FAR * size
    low = next(bound for bound in (limits.low, entry.min, least) if bound is not None)
    high = next(bound for bound in (limits.high, entry.max, max(low, FAR * size)) if bound is not None)
    if low > high:
        raise AllocationError(Problem("study.empty_range", {"low": low, "high": high, "step": "—"}))
    whole = isinstance(entry, Input) and entry.whole
    for end in (ceil(low), floor(high)) if whole else (low, high):  # outside the declared range is an error, said once
        apply_changes(model, tables, [*changes, Change(target.address, Fraction(end))])
    return present, low, high, whole


def _round_step(span: Fraction, present: Fraction | None, whole: bool) -> Fraction:
    """A power of ten that cuts the range finely, on which the present value lies; 1 where whole values are meant."""
    step = Fraction(1)
    if whole or present is not None and present.denominator == 1 and span >= WIDE:
        return step
    while span and span < FINEST * step:
        step /= 10
    while present is not None and (present / step).denominator != 1 and step > SMALLEST:
        step /= 10
    return step


def _answer(stretches: Sequence[Stretch], present: Fraction | None, step: Fraction) -> Reached | None:
    """The end of a stretch, or the present value within one, that asks for the least change."""
    ends = [Reached(value, stretch.figure) for stretch in stretches for value in (stretch.low, stretch.high)]
    if present is None:
        return ends[0] if ends else None
    now: Fraction = present
    if (now / step).denominator == 1:  # then it was tried
        ends = [Reached(now, stretch.figure) for stretch in stretches if stretch.low <= now <= stretch.high] or ends
    return min(ends, key=lambda end: abs(end.value - now), default=None)


class _GridSearch:
    """Figures at whole multiples of the step, each worked out once; None where the model refuses to run."""

    def __init__(self, figures: Figures, target: Fraction, step: Fraction, first: int, last: int):
        self.figures, self.target, self.step, self.first, self.last = figures, target, step, first, last
        self.seen: dict[int, Fraction | None] = {}
        self.known: dict[int, Outcome] = {}  # worked out, whether the search comes there or not

    def foresee(self, places: Iterable[int]) -> None:
        """Works out together what the search will ask for."""
        wanted = sorted(place for place in set(places) if place not in self.known)
        outcomes = self.figures([place * self.step for place in wanted]) if wanted else []
        self.known |= zip(wanted, outcomes, strict=True)

    def at(self, place: int) -> Fraction | None:
        if place not in self.seen:
            self.foresee([place])
            outcome = self.known[place]
            self.seen[place] = None if outcome.refused else outcome.figures[0]
        return self.seen[place]

    def side(self, place: int) -> int | None:
        """-1 below the target, 0 on it, 1 above it, None where there is no figure."""
        figure = self.at(place)
        return None if figure is None else (figure > self.target) - (figure < self.target)

    @property
    def nothing(self) -> list[Problem]:
        """Why the model runs nowhere in the range; empty where it runs somewhere."""
        error = None if any(value is not None for value in self.seen.values()) else self.known[[*self.seen][-1]].error
        return error.problems if error else []

    def search(self, present: Fraction | None) -> None:
        width = self.last - self.first
        places = {self.first + width * cell // COARSE for cell in range(COARSE + 1)}
        if present is not None and (present / self.step).denominator == 1:
            places |= {place for place in (int(present / self.step),) if self.first <= place <= self.last}
        self.foresee(places)
        for place in sorted(places):
            self.at(place)
        for left, middle, right in self._valleys():
            self._descend(left, middle, right)
        for left, right in pairwise(sorted(self.seen)):
            self._halve(left, right)

    def _halve(self, left: int, right: int) -> None:
        waiting = [(left, right)]
        while waiting:
            left, right = waiting.pop()
            if right - left > 1 and self.side(left) != self.side(right):
                middle = (left + right) // 2
                self.at(middle)
                waiting += [(left, middle), (middle, right)]

    def _valleys(self) -> list[tuple[int, int, int]]:
        """Where the figure is nearer to the target than on both sides and does not cross it."""
        places = sorted(place for place, value in self.seen.items() if value is not None)
        valleys = [
            (left, middle, right)
            for left, middle, right in zip(places, places[1:], places[2:], strict=False)
            if self.side(left) == self.side(middle) == self.side(right) != 0
            and self._off(middle) <= min(self._off(left), self._off(right))
            and self._off(middle) < max(self._off(left), self._off(right))
        ]
        return sorted(valleys, key=lambda valley: self._off(valley[1]))[:VALLEYS]

    def _off(self, place: int) -> Fraction:
        return abs(number(self.seen[place]) - self.target)

    def _descend(self, left: int, middle: int, right: int) -> None:
        while right - left > 2:
            inner = {left, (left + middle) // 2, middle, (middle + right) // 2, right}
            places = sorted(place for place in inner if self.at(place) is not None)
            best = min(places[1:-1] or [middle], key=self._off)
            if self.side(best) != self.side(left):
                return  # it crosses after all: halving finds where
            at = places.index(best)
            if at in (0, len(places) - 1) or (places[at - 1], places[at + 1]) == (left, right):
                return
            left, middle, right = places[at - 1], best, places[at + 1]

    def reached(self, place: int) -> Reached:
        return Reached(place * self.step, number(self.seen[place]))

    def _point(self, place: int) -> Stretch:
        return Stretch(place * self.step, place * self.step, number(self.seen[place]))

    def outcome(self, within: Fraction) -> tuple[tuple[Stretch, ...], tuple[tuple[Reached, Reached], ...]]:
        """Stretches that reach the target, exactly where any do at that spot, and the jumps past it."""
        places = sorted(self.seen)
        stretches: list[Stretch] = []
        jumps: list[tuple[Reached, Reached]] = []
        start: int | None = None
        for at, place in enumerate(places):
            after = places[at + 1] if at + 1 < len(places) else None
            here, there = self.side(place), None if after is None else self.side(after)
            if here == 0:
                start = place if start is None else start
                if there != 0:
                    stretches.append(Stretch(start * self.step, place * self.step, self.target))
                    start = None
            elif after is not None and here is not None and there is not None and here == -there:
                near = min(place, after, key=self._off)
                if self._off(near) <= within:
                    stretches.append(self._point(near))
                else:
                    jumps.append((self.reached(place), self.reached(after)))
        if not stretches:  # a valley or an end of the range that comes near enough
            near = min((place for place in places if self.seen[place] is not None), key=self._off)
            if self._off(near) <= within:
                stretches.append(self._point(near))
        return tuple(stretches), tuple(jumps)

    def nearest(self, side: int) -> Reached | None:
        """The nearest figure on one side of the target."""
        places = [place for place in sorted(self.seen) if self.side(place) == side]
        return self.reached(min(places, key=self._off)) if places else None
