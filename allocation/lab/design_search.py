"""The search behind `design`: combinations of values, each run once, and the best of them confirmed exactly.

Awards are step functions, so slopes tell nothing. Combinations that break a condition are worse than any that hold all,
and the nearer to holding the better: the search is led out of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import numpy as np

from allocation.analysis.asked import Asked, Condition
from allocation.analysis.batch import Outcome, run_batch
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.lab.ranges import Balance, FactorRange
from allocation.policy.model import Model
from allocation.run.scenario import Change
from allocation.tables.table import Table, number
from allocation.texts import LANGUAGES, Both, both

STARTS = 3
GENERATIONS = 60  # without a better one, and the next start is made
SURE = 20  # of the best in floating point, run exactly at a time
BACK = 16  # values tried between the best and the present one
WRONG = 1e18  # a combination that breaks a condition, against any figure
SLIGHT = 1e-9  # what the change made weighs against the figure
DIGITS = 10  # in which floating-point figures are compared
Place = tuple[int, ...]


@dataclass(frozen=True)
class Mover:
    """One number that moves: the grid of its values, and what it is now (the mean, where counties differ)."""

    factor: FactorRange
    code: str
    values: tuple[Fraction, ...]
    present: Fraction

    def distance(self, place: int) -> float:
        """How far a value is from the present one, as a share of the range (up to the present value if outside)."""
        span = max(self.factor.high, self.present) - min(self.factor.low, self.present)
        return float(abs(self.values[place] - self.present) / span) if span else 0.0

    def nearest(self) -> int:
        return min(range(len(self.values)), key=self.distance)


@dataclass(frozen=True)
class Task:
    """What is asked: `sign` 1 for the least figure, -1 for the largest. `changes` are made in every run, which is to
    hold what it is `subject` to.
    """

    model: Model
    tables: tuple[Table, ...]
    factors: tuple[FactorRange, ...]
    goal: Asked
    sign: int = 1
    changes: tuple[Change, ...] = ()
    balance: Balance | None = None
    subject: tuple[Condition, ...] = ()
    reference: bool = False

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The model's own error checks, then those asked for."""
        checks = (Condition(check.label, check.node) for check in self.model.checks if check.severity == "error")
        return (*checks, *self.subject)


@dataclass(frozen=True)
class Tried:
    """One combination: its figure, None where the model cannot be run; which conditions it breaks and by how much."""

    figure: Fraction | None = None
    broken: tuple[int, ...] = ()
    short: float = 0.0

    @property
    def holds(self) -> bool:
        return self.figure is not None and not self.broken


class _Generation(Protocol):
    """What SciPy tells of a generation: the least energy so far."""

    fun: float


@dataclass
class Search:
    """`seen`: every combination tried, by its places in the grids. `faults`: how often each thing stood in the way."""

    task: Task
    movers: tuple[Mover, ...]
    exact: bool
    seen: dict[Place, Tried] = field(default_factory=dict)
    faults: Counter[object] = field(default_factory=Counter)
    named: dict[object, Both] = field(default_factory=dict)

    # ---- combinations

    def changes(self, place: Place) -> list[Change]:
        """The changes of a combination; what balances them comes last."""
        values = iter([mover.values[at] for mover, at in zip(self.movers, place, strict=True)])
        changes: list[Change] = []
        for factor in self.task.factors if self.movers else ():
            changes += factor.changes([next(values) for _ in range(factor.width)])
        if self.task.balance and changes:
            changes.append(self.task.balance.change(self.task.model, [*self.task.changes, *changes], self.task.tables))
        return changes

    def distance(self, place: Place) -> float:
        """The change made: each number's as a share of its range, added up."""
        return sum(mover.distance(at) for mover, at in zip(self.movers, place, strict=True))

    def run(self, places: Sequence[Place]) -> None:
        new = [place for place in dict.fromkeys(places) if place not in self.seen]
        for place, outcome in zip(new, self.outcomes(new, self.exact), strict=True):
            self.seen[place] = self.judged(outcome)

    def outcomes(self, places: Sequence[Place], exact: bool) -> list[Outcome]:
        task = self.task
        sets = [[*task.changes, *self.changes(place)] for place in places]
        asked: list[Asked | Condition] = [task.goal, *task.conditions]
        return run_batch(task.model, task.tables, sets, (), asked, exact=exact, reference=task.reference)

    def judged(self, outcome: Outcome) -> Tried:
        """The outcome as the search sees it; counts what stands in the way."""
        if outcome.error is not None:
            first = outcome.error.problems[0]
            self.fault(first.id, Both(*(first.text(lang) for lang in LANGUAGES)))
            return Tried(short=2.0 + len(self.task.conditions))
        figure, *shorts = outcome.figures
        broken = tuple(at for at, short in enumerate(shorts) if short > 0)
        for at in broken:
            self.fault(at, self.task.conditions[at].label)
        if not outcome.ok and not broken:
            model = self.task.model
            slots = {"award": model.columns[model.award].label, "pool": model.entry(model.pool).label}
            self.fault("closing", both("run.closing", **slots))
            broken = (len(shorts),)
        return Tried(figure, broken, float(sum(shorts)) or 1.0)

    def fault(self, key: object, label: Both) -> None:
        self.faults[key] += 1
        self.named.setdefault(key, label)

    # ---- the best of them

    def key(self, place: Place) -> tuple[Fraction | float, float, Place]:
        """The better the lower: the figure, then the change made."""
        figure = self.signed(self.seen[place])
        return figure if self.exact else float(f"{float(figure):.{DIGITS}g}"), self.distance(place), place

    def signed(self, tried: Tried) -> Fraction:
        """The figure of a combination that can be run, the less the better."""
        return self.task.sign * number(tried.figure)

    def held(self) -> list[Place]:
        return [place for place, tried in self.seen.items() if tried.holds]

    def confirmed(self) -> tuple[Place | None, Fraction | None]:
        """The best combination that an exact run confirms, with its figure; None where none does."""
        ranked = sorted(self.held(), key=self.key)
        if self.exact:
            return (ranked[0], self.seen[ranked[0]].figure) if ranked else (None, None)
        for start in range(0, len(ranked), SURE):
            some = ranked[start : start + SURE]
            judged = [self.judged(outcome) for outcome in self.outcomes(some, True)]
            sure = [
                (self.signed(tried), self.distance(place), place)
                for place, tried in zip(some, judged, strict=True)
                if tried.holds
            ]
            if sure:
                figure, _, place = min(sure)
                return place, self.task.sign * figure
        return None, None

    # ---- where not every combination can be tried

    def evolve(self, tries: int, seed: int) -> None:
        """Differential evolution from several starts; about `tries` combinations in all, fewer when none is better."""
        chance = np.random.default_rng(seed)
        for start in range(STARTS):
            if not start or len(self.seen) < tries and any(tried.figure is not None for tried in self.seen.values()):
                self.generations(tries - len(self.seen), chance, start == 0)

    def generations(self, tries: int, chance: np.random.Generator, from_present: bool) -> None:
        """Each generation is one batch."""
        differential_evolution, width, best, since = _library(), len(self.movers), np.inf, 0
        count = max(5, min(max(30, 15 * width), 400, tries // 2))

        def energies(numbers: np.ndarray) -> list[float]:
            places = [self.place(column) for column in numbers.T]
            self.run(places)
            return [self.energy(place) for place in places]

        def stale(intermediate_result: _Generation) -> bool:
            nonlocal best, since
            since = 0 if intermediate_result.fun < best else since + 1
            best = intermediate_result.fun
            return since >= GENERATIONS

        now = [(mover.nearest() + 0.5) / len(mover.values) for mover in self.movers] if from_present else None
        differential_evolution(
            energies, [(0, 1)] * width, init=chance.random((count, width)), x0=now, maxiter=max(1, tries // count - 1),
            tol=0, atol=-1, polish=False, updating="deferred", vectorized=True, rng=chance, callback=stale,
        )  # fmt: skip

    def place(self, numbers: np.ndarray) -> Place:
        return tuple(
            min(int(number * len(mover.values)), len(mover.values) - 1)
            for number, mover in zip(numbers, self.movers, strict=True)
        )

    def energy(self, place: Place) -> float:
        tried = self.seen[place]
        if not tried.holds:
            return WRONG * (1 + tried.short)
        figure = float(self.signed(tried))
        return figure + SLIGHT * max(1.0, abs(figure)) * self.distance(place) / len(self.movers)

    def less_change(self, tries: int) -> None:
        """From the best, back towards the present values as far as nothing is lost, one number at a time and all."""
        now = tuple(mover.nearest() for mover in self.movers)
        best: Place | None = None
        each = max(1, min(BACK, tries // (10 * len(self.movers))))
        while self.held() and (better := min(self.held(), key=self.key)) != best and len(self.seen) < 2 * tries:
            best = better
            self.run([place for step in range(1, each + 1) for place in _towards(better, now, step, each)])


def _towards(place: Place, now: Place, step: int, steps: int) -> Iterator[Place]:
    """Each number moved `step` of `steps` of its way to `now`, alone; then all of them."""
    nearer = tuple(here + round((there - here) * step / steps) for here, there in zip(place, now, strict=True))
    for at in range(len(place)):
        yield (*place[:at], nearer[at], *place[at + 1 :])
    yield nearer


def _library() -> Callable[..., object]:
    try:
        from scipy.optimize import differential_evolution
    except ImportError:
        raise AllocationError(Problem("design.no_scipy")) from None
    search: Callable[..., object] = differential_evolution
    return search
