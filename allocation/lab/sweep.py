"""A sweep: a model run on every combination of a grid, or on inputs sampled from their ranges.

Sampled runs are laid out for Sobol indices: two matrices A and B of `samples` rows from one scrambled Sobol sequence,
then for each factor A with that factor's columns taken from B. A factor of `@each` moves all its counties together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from math import prod

import numpy as np

from allocation import __version__
from allocation.analysis.asked import Asked
from allocation.analysis.batch import Outcome, bounded_by, run_batch, sides
from allocation.classes import dataclass
from allocation.compiled import part_of
from allocation.errors import AllocationError, Problem
from allocation.lab.ranges import Balance, FactorRange
from allocation.language.units import Unit
from allocation.policy.model import Model
from allocation.run.run import Run
from allocation.run.scenario import Change, apply_changes
from allocation.sealing import seal_fields
from allocation.tables.table import Table, number

MOST_COMBINATIONS = 100_000
MOST_FIGURES = 50_000_000  # runs × figures kept of each
CELLS = {False: 50_000, True: 1_000}  # counties × runs of a chunk, floats and exact: about a second at most
MOST_CHUNK = 512
HELD, BROKEN, REFUSED = 0, 1, 2  # every check holds; an error check fails; the model cannot be run so


@dataclass(frozen=True)
class RunBlock:
    """Runs that are run together, `start` up to `stop`; `places` (runs, numbers that move) are their sample points."""

    start: int
    stop: int
    places: np.ndarray | None

    def __post_init__(self) -> None:
        seal_fields(self)


@dataclass(frozen=True)
class Sweep:
    """What is to be run. `samples` is 0 for a grid; `points` are (samples, 2 × numbers that move) between 0 and 1.

    `sides`: which of floor and cap the award has.
    """

    model: Model
    tables: tuple[Table, ...]
    factors: tuple[FactorRange, ...]
    asked: tuple[Asked, ...] = ()
    balance: Balance | None = None
    exact: bool = False
    reference: bool = False
    samples: int = 0
    seed: int = 0
    points: np.ndarray | None = None
    sides: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        seal_fields(self)

    @property
    def table(self) -> Table:
        return self.tables[-1]

    @cached_property
    def parts(self) -> tuple[slice, ...]:
        """Which of the numbers that move are each factor's."""
        ends = np.cumsum([factor.width for factor in self.factors]).tolist()
        return tuple(slice(end - factor.width, end) for end, factor in zip(ends, self.factors, strict=True))

    @cached_property
    def grids(self) -> tuple[tuple[Fraction, ...], ...]:
        """The values of each number that moves; the last one changes fastest."""
        return tuple(factor.grid() for factor in self.factors for _ in range(factor.width))

    @property
    def runs(self) -> int:
        return self.samples * (len(self.factors) + 2) if self.samples else prod(map(len, self.grids))

    @property
    def moved(self) -> list[str]:
        """The address of every number that moves, the balancing one last."""
        addresses = [
            f"{factor.address}@{code}" if code else factor.address
            for factor in self.factors
            for code in factor.apart or ("",)
        ]
        return addresses + ([self.balance.address] if self.balance else [])

    @property
    def outcomes(self) -> int:
        return len(self.table) + len(self.asked)

    @property
    def width(self) -> int:
        """Figures kept of a run: its state, what moved, awards, figures asked for, at which bounds the awards stand."""
        return 1 + len(self.moved) + self.outcomes + (len(self.table) if self.sides else 0)

    @property
    def chunk(self) -> int:
        return max(1, min(MOST_CHUNK, CELLS[self.exact] // len(self.table)))

    def changes(self, run: int) -> list[Change]:
        """What run number `run` changes, from 0; one change for each of `moved`."""
        return self._changes_at(run, self._places(run) if self.samples else None)

    def block(self, start: int) -> RunBlock:
        """The runs from `start` on that are run together, whoever runs them."""
        stop = min(start + self.chunk, self.runs)
        places = np.stack([self._places(run) for run in range(start, stop)]) if self.samples else None
        return RunBlock(start, stop, places)

    def changes_of(self, block: RunBlock) -> list[list[Change]]:
        """What each run of a block changes; the sample points are not asked for again."""
        runs = range(block.start, block.stop)
        places = [None] * len(runs) if block.places is None else block.places
        return [self._changes_at(run, at) for run, at in zip(runs, places, strict=True)]

    def _changes_at(self, run: int, places: np.ndarray | None) -> list[Change]:
        if places is not None:
            at = places.tolist()
            each = [factor.at(at[part]) for factor, part in zip(self.factors, self.parts, strict=True)]
        else:
            picked = np.unravel_index(run, [len(grid) for grid in self.grids])
            values = [grid[at] for grid, at in zip(self.grids, picked, strict=True)]
            each = [factor.changes(values[part]) for factor, part in zip(self.factors, self.parts, strict=True)]
        moves = [change for changes in each for change in changes]
        return [*moves, self.balance.change(self.model, self._parameters(moves))] if self.balance else moves

    def _places(self, run: int) -> np.ndarray:
        assert self.points is not None, "a sample has its points"
        block, row = divmod(run, self.samples)
        first, second = np.split(self.points[row], 2)
        if block > 1:
            first = first.copy()
            first[self.parts[block - 2]] = second[self.parts[block - 2]]
        return second if block == 1 else first

    def _parameters(self, changes: Sequence[Change]) -> list[Change]:
        names = [name for factor, name in zip(self.factors, self.names, strict=True) for _ in range(factor.width)]
        return [change for change, name in zip(changes, names, strict=True) if name in self.model.parameters]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameter or input that each factor moves."""
        firsts = [factor.changes([factor.low] * factor.width)[:1] for factor in self.factors]
        return tuple(apply_changes(self.model, self.tables, changes)[2][0].name for changes in firsts)

    @property
    def identity(self) -> dict[str, object]:
        """What must be the same for two sweeps to give the same figures: what a resumed one is checked against."""
        model, points = self.model, b"" if self.points is None else self.points.tobytes()
        figures = [[t.codes, t.year, {name: list(map(str, v)) for name, v in t.values.items()}] for t in self.tables]
        return {
            "model": _digest(model.text.encode()),
            "table": _digest(json.dumps(figures, sort_keys=True).encode()),
            "settings": _digest(repr([(n, p.value, p.bands, p.values) for n, p in model.parameters.items()]).encode()),
            "factors": [factor.text.strip() for factor in self.factors],
            "balance": self.balance.address if self.balance else "",
            "figures": [asked.text for asked in self.asked],
            "samples": self.samples,
            "seed": self.seed,
            "exact": self.exact,
            "reference": self.reference,
            "points": _digest(points),
            "version": f"{__version__}, {self.chunk}",
        }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def make_sweep(
    base: Run, factors: Sequence[FactorRange], asked: Sequence[Asked], balance: Balance | None, samples: int, seed: int
) -> Sweep:
    """A sweep around `base`, of a grid where `samples` is 0. Raises AllocationError for one that is too large."""
    reference, exact = base.reference, base.exact
    share = bounded_by(base.periods[-1][base.model.award])
    sweep = Sweep(base.model, base.tables, tuple(factors), tuple(asked), balance, exact, reference, samples, seed)
    sweep = replace(sweep, sides=sides(share) if share else ())
    if not samples and sweep.runs > MOST_COMBINATIONS:
        raise AllocationError(Problem("sweep.many", {"count": sweep.runs, "most": MOST_COMBINATIONS}, "--grid"))
    if sweep.runs * sweep.width > MOST_FIGURES:
        slots = {"runs": sweep.runs, "width": sweep.width, "most": MOST_FIGURES // sweep.width}
        raise AllocationError(Problem("sweep.large", slots))
    if samples:
        points = sobol_points(samples, 2 * sum(factor.width for factor in factors), seed)
        sweep = replace(sweep, points=points)
    _each_cell_once(sweep)
    return sweep


def sobol_points(samples: int, dimensions: int, seed: int) -> np.ndarray:
    """(samples, dimensions) of a scrambled Sobol sequence; `samples` is a power of two. Needs SciPy."""
    try:
        from scipy.stats import qmc
    except ImportError:
        raise AllocationError(Problem("sweep.no_scipy")) from None
    if dimensions > qmc.Sobol.MAXDIM:
        slots = {"count": dimensions // 2, "most": qmc.Sobol.MAXDIM // 2}
        raise AllocationError(Problem("sweep.wide", slots, "--range"))
    return np.asarray(qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(samples.bit_length() - 1))


def _each_cell_once(sweep: Sweep) -> None:
    """Two factors that move one figure contradict each other in every run; other faults are a run's own."""
    try:
        apply_changes(sweep.model, sweep.tables, sweep.changes(0))
    except AllocationError as error:
        twice = [problem for problem in error.problems if problem.id == "scenario.twice"]
        if twice:
            raise AllocationError(twice) from None


def run_some(sweep: Sweep, sets: Sequence[Sequence[Change]]) -> np.ndarray:
    """A row of `sweep.width` for each set of changes; figures of a set that cannot be run are not a number."""
    rows = np.full((len(sets), sweep.width), np.nan)
    moved = len(sweep.moved)
    for row, changes, outcome in zip(rows, sets, outcomes(sweep, sets), strict=True):
        row[0] = REFUSED if outcome.refused else HELD if outcome.ok else BROKEN
        row[1 : 1 + len(changes)] = [float(number(change.value)) for change in changes]
        if not outcome.refused:
            stands = outcome.stands if sweep.sides and outcome.stands is not None else ()
            row[1 + moved :] = [*map(float, outcome.columns[0]), *map(float, outcome.figures), *stands]
    return rows


def run_block(sweep: Sweep, block: RunBlock) -> np.ndarray:
    """(runs of the block, width); the same figures in whatever process, and in whatever order blocks are run."""
    return run_some(sweep, sweep.changes_of(block))


def outcomes(sweep: Sweep, sets: Sequence[Sequence[Change]]) -> list[Outcome]:
    """Of some runs of a sweep, as in all of it: whichever process runs them, and whatever it ran before."""
    names, cells = (sweep.model.award,), sweep.runs * len(sweep.table)
    with part_of(cells):
        return run_batch(
            sweep.model, sweep.tables, sets, names, sweep.asked, exact=sweep.exact, reference=sweep.reference
        )


@dataclass(frozen=True)
class Measured:
    """What is measured in every run: a county's award, or, without a code, a figure asked for."""

    code: str
    name: str
    unit: Unit
    decimals: int | None


def measured(sweep: Sweep) -> list[Measured]:
    """In the order of the outcomes."""
    entry, table = sweep.model.columns[sweep.model.award], sweep.table
    awards = [Measured(c, n, entry.unit, entry.decimals) for c, n in zip(table.codes, table.names, strict=True)]
    return awards + [Measured("", asked.text, asked.unit, asked.decimals) for asked in sweep.asked]


@dataclass(frozen=True)
class Swept:
    """All that came of a sweep: `rows` (runs, width); `baseline` (outcomes,) is the run that moves nothing."""

    sweep: Sweep
    base: Run
    rows: np.ndarray
    baseline: np.ndarray

    def __post_init__(self) -> None:
        seal_fields(self)

    @property
    def state(self) -> np.ndarray:
        return self.rows[:, 0]

    @property
    def values(self) -> np.ndarray:
        return self.rows[:, 1 : 1 + len(self.sweep.moved)]

    @property
    def outcomes(self) -> np.ndarray:
        """(runs, counties + figures)"""
        start = 1 + len(self.sweep.moved)
        return self.rows[:, start : start + self.sweep.outcomes]

    @property
    def stands(self) -> np.ndarray:
        """(runs, counties): at which bounds each award stands, as `Outcome.stands`; none wide without bounds."""
        return self.rows[:, 1 + len(self.sweep.moved) + self.sweep.outcomes :]

    def first(self, state: int) -> int | None:
        """The first run that ended so."""
        runs = np.flatnonzero(self.state == state)
        return int(runs[0]) if len(runs) else None

    def why(self, run: int) -> AllocationError | None:
        """Why a run could not be run, found again by running it."""
        return outcomes(self.sweep, [self.sweep.changes(run)])[0].error


def baseline(sweep: Sweep) -> np.ndarray:
    """Outcomes of the run that moves nothing. Raises AllocationError where a figure asked for has none."""
    only = outcomes(sweep, [[]])[0]
    if only.error:
        raise only.error
    return np.array([*map(float, only.columns[0]), *map(float, only.figures)])
