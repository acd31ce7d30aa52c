"""What a sweep says: how far each county's award ranges, and how much of that each factor accounts for.

First-order indices by Saltelli et al. (2010), total indices by Jansen (1999); groups of inputs as in Sobol (2001).

- Sobol, I. M. (2001). Global sensitivity indices for nonlinear mathematical models and their Monte Carlo estimates.
  Mathematics and Computers in Simulation 55, 271-280.
- Jansen, M. J. W. (1999). Analysis of variance designs for model output. Computer Physics Communications 117, 35-43.
- Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. Design and estimator for the total
  sensitivity index. Computer Physics Communications 181, 259-270, table 2, lines (b) and (f).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from allocation.analysis.batch import SIDES
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.lab.sweep import BROKEN, HELD, REFUSED, Swept
from allocation.run.run import run_model
from allocation.sealing import seal_fields, sealed_through
from allocation.texts import Both

PERCENTILES = (5, 25, 50, 75, 95)
SAMPLED = ("baseline", "mean", "deviation", "lowest", *(f"p{level}" for level in PERCENTILES), "highest", "less")
GRID = ("baseline", "lowest", "highest", "less")
AT = {"floor": "at_floor", "cap": "at_cap"}
SHARES = ("less", *AT.values())  # of runs
NOISE = 1e-9  # of a figure: float runs differ by less
RESAMPLES, CONFIDENCE = 500, 0.95
MOST_LEFT_OUT = 0.1  # of the rows: above it the rest no longer stands for the ranges asked for
TERMS = 4_000_000  # figures held at once


def spread(swept: Swept) -> dict[str, np.ndarray]:
    """Each measure (outcomes,) over the runs that hold their checks: of a grid all, of a sample those of A and B.

    `less`: the share of runs below the baseline. `at_floor`, `at_cap`: of runs in which the award stands there, not a
    number for a figure asked for, left out where awards have no such bound. `deviation` is that of a sample (n − 1).
    """
    sweep = swept.sweep
    end = 2 * sweep.samples or sweep.runs
    held = swept.state[:end] == HELD
    figures, lone = swept.outcomes[:end][held], np.full(sweep.outcomes, np.nan)
    margin = NOISE * np.maximum(1, np.abs(swept.baseline))
    measures = {
        "baseline": swept.baseline,
        "lowest": figures.min(axis=0),
        "highest": figures.max(axis=0),
        "less": (figures < swept.baseline - margin).mean(axis=0),
    }
    at = {}
    for side in sweep.sides:
        stands = swept.stands[:end][held].astype(int) & SIDES[side] > 0
        at[AT[side]] = np.concatenate([stands.mean(axis=0), lone[len(sweep.table) :]])
    if not sweep.samples:
        return {key: measures[key] for key in GRID} | at
    measures |= {"mean": figures.mean(axis=0), "deviation": figures.std(axis=0, ddof=1) if len(figures) > 1 else lone}
    levels = np.percentile(figures, PERCENTILES, axis=0)
    measures |= {f"p{level}": values for level, values in zip(PERCENTILES, levels, strict=True)}
    return {key: measures[key] for key in SAMPLED} | at


@dataclass(frozen=True)
class Indices:
    """Sobol indices (outcomes, factors), not a number where the outcome does not vary.

    `low` and `high` bound each at 95 %, by bootstrap. `used` of `rows` rows of the sample could be used: a row with a
    run that failed is left out of all its matrices.
    """

    first: np.ndarray
    total: np.ndarray
    first_low: np.ndarray
    first_high: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray
    used: int
    rows: int

    def __post_init__(self) -> None:
        seal_fields(self)


def indices(swept: Swept) -> Indices | None:
    """None where too many rows would have to be left out."""
    sweep = swept.sweep
    blocks = len(sweep.factors) + 2
    held = (swept.state.reshape(blocks, sweep.samples) == HELD).all(axis=0)
    used = int(held.sum())
    if used < 2 or used < (1 - MOST_LEFT_OUT) * sweep.samples:
        return None
    runs = swept.outcomes.reshape(blocks, sweep.samples, sweep.outcomes)[:, held]
    parts = [sobol(part, sweep.seed) for part in _in_parts(runs)]
    whole = [np.concatenate(measure) for measure in zip(*parts, strict=True)]
    first, total, first_low, first_high, total_low, total_high = whole
    return Indices(first, total, first_low, first_high, total_low, total_high, used, sweep.samples)


@dataclass(frozen=True)
class Findings:
    """All that is said of a sweep. `spread` by measure (outcomes,), over `held` runs; no `indices` of a grid, or where
    too few rows are left. `why` the first of the `refused` could not be run, `checks` the first of the `broken` fails.
    """

    swept: Swept
    spread: Mapping[str, np.ndarray]
    indices: Indices | None
    held: int
    refused: int
    broken: int
    why: AllocationError | None = None
    checks: tuple[Both, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "spread", sealed_through(self.spread))


def findings(swept: Swept) -> Findings:
    """Raises AllocationError where no run can be used."""
    sweep, state = swept.sweep, swept.state
    refused, broken = int((state == REFUSED).sum()), int((state == BROKEN).sum())
    first_refused, first_broken = swept.first(REFUSED), swept.first(BROKEN)
    why = None if first_refused is None else swept.why(first_refused)
    end = 2 * sweep.samples or sweep.runs
    held = int((state[:end] == HELD).sum())
    if not held:
        slots = {"runs": sweep.runs, "refused": refused, "broken": broken}
        raise AllocationError([Problem("sweep.none_held", slots), *(why.problems if why else [])])
    failed: tuple[Both, ...] = ()
    if first_broken is not None:
        changes = sweep.changes(first_broken)
        run = run_model(sweep.model, sweep.tables, changes, exact=sweep.exact, reference=sweep.reference)
        failed = tuple(check.label for check in run.checks if not check.ok and check.severity == "error")
    sampled = indices(swept) if sweep.samples else None
    return Findings(swept, spread(swept), sampled, held, refused, broken, why, failed)


def _in_parts(runs: np.ndarray) -> Iterator[np.ndarray]:
    blocks, rows, outcomes = runs.shape
    size = max(1, TERMS // (blocks * rows))
    return (runs[:, :, start : start + size] for start in range(0, outcomes, size))


def sobol(runs: np.ndarray, seed: int) -> tuple[np.ndarray, ...]:
    """First and total indices and their bounds (low, high of each), every one (outcomes, factors).

    `runs` (2 + factors, rows, outcomes): the outcomes of A, of B, and of A with each factor taken from B.
    """
    constant = np.ptp(runs, axis=(0, 1)) <= NOISE * np.maximum(1, np.abs(runs).max(axis=(0, 1)))
    runs = runs - runs[:2].mean(axis=(0, 1))
    a, b, mixed = runs[0], runs[1], runs[2:]
    terms = np.stack([b * (mixed - a), (a - mixed) ** 2 / 2])  # (first or total, factors, rows, outcomes)
    level, square = (a + b) / 2, (a**2 + b**2) / 2  # (rows, outcomes)
    rows = len(a)

    def estimate(weights: np.ndarray) -> np.ndarray:
        """(first or total, factors, resamples, outcomes) from the share of each row (resamples, rows)."""
        variance = weights @ square - (weights @ level) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(constant, np.nan, (weights @ terms) / variance)

    first, total = estimate(np.full((1, rows), 1 / rows))[:, :, 0].transpose(0, 2, 1)
    rng = np.random.default_rng(seed)
    step = max(1, TERMS // rows)
    drawn = [
        estimate(rng.multinomial(rows, np.full(rows, 1 / rows), min(step, RESAMPLES - start)) / rows)
        for start in range(0, RESAMPLES, step)
    ]
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(np.concatenate(drawn, axis=2), (tail, 100 - tail), axis=2).transpose(0, 1, 3, 2)
    return first, total, low[0], high[0], low[1], high[1]
