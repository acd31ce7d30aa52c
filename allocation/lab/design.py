"""The values of several parameters at which a figure is least or largest, with the checks and any conditions held."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import prod

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.lab.design_search import Mover, Search, Task, Tried
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change, apply_changes
from allocation.tables.table import number
from allocation.texts import Both

TRIES = 20_000
EXACT = 1_000  # combinations tried in exact arithmetic, of at most so many counties:
COUNTIES = 60


@dataclass(frozen=True)
class Designed:
    """`settings`: every change that gives the best, on `run`, the exact run that confirmed it; None with no answer.

    `proven`: every combination was tried, exactly where `exact`. `distance`: the changes made, each as a share of its
    range, added up. `faults`: what stood in the way and how often, the most frequent first.
    """

    task: Task
    movers: tuple[Mover, ...]
    before: Run | None
    baseline: Tried
    run: Run | None
    figure: Fraction | None
    settings: tuple[Change, ...]
    distance: float
    combinations: int
    tried: int
    refused: int
    broken: int
    proven: bool
    exact: bool
    faults: tuple[tuple[Both, int], ...]


def design(task: Task, *, tries: int = TRIES, seed: int = 1) -> Designed:
    """The least figure (or the largest) with which the model runs and every check and condition holds.

    About `tries` combinations are tried. Raises AllocationError where a change is made twice, or where the figure or
    a condition has no value although the model runs as it is.
    """
    before, baseline = _baseline(task)
    movers = tuple(_movers(task))
    combinations = prod(len(mover.values) for mover in movers)
    proven, exact = combinations <= tries, combinations <= EXACT and len(task.tables[-1]) <= COUNTIES
    search = Search(task, movers, exact)
    if proven:
        search.run([*product(*(range(len(mover.values)) for mover in movers))])
    else:
        search.evolve(tries, seed)
        search.less_change(tries)
    place, figure = search.confirmed()
    settings = () if place is None else (*task.changes, *search.changes(place))
    run = None if place is None else run_model(task.model, task.tables, settings, reference=task.reference)
    seen = search.seen.values()
    return Designed(
        task, movers, before, baseline, run, figure, settings, 0.0 if place is None else search.distance(place),
        combinations, len(seen), sum(tried.figure is None for tried in seen),
        sum(bool(tried.broken) for tried in seen), proven, exact,
        tuple((search.named[key], count) for key, count in search.faults.most_common()),
    )  # fmt: skip


def _baseline(task: Task) -> tuple[Run | None, Tried]:
    """The run without what is sought, None where the model cannot be run so, and what the search would make of it."""
    apply_changes(task.model, task.tables, task.changes)
    search = Search(task, (), True)
    (outcome,) = search.outcomes([()], True)
    try:
        run = run_model(task.model, task.tables, task.changes, reference=task.reference)
    except AllocationError:
        return None, search.judged(outcome)
    if outcome.error is not None:
        raise outcome.error
    return run, search.judged(outcome)


def _movers(task: Task) -> Iterator[Mover]:
    """Every number that moves. Two changes of one cell are an error now, whatever the values."""
    _no_change_twice(task)
    for factor in task.factors:
        for code in factor.apart or ("",):
            still = Change(f"{factor.address}@{code}" if code else factor.address, Fraction(1), "scale")
            olds = [number(figure.old) for figure in apply_changes(task.model, task.tables, [still])[2]]
            mean = sum(olds, Fraction(0)) / len(olds)
            now = {"scale": Fraction(1), "add": Fraction(0), "set": mean}[factor.how]
            yield Mover(factor, code, factor.grid(), now)


def _no_change_twice(task: Task) -> None:
    ends = [change for factor in task.factors for change in factor.changes([factor.grid()[0]] * factor.width)]
    last = [Change(task.balance.address, Fraction(1), "scale")] if task.balance else []
    try:
        apply_changes(task.model, task.tables, [*task.changes, *ends, *last])
    except AllocationError as error:
        twice = [Problem(p.id, p.slots, "--range") for p in error.problems if p.id == "scenario.twice"]
        if twice:
            raise AllocationError(twice) from None
