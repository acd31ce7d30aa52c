"""Small sweeps of the fictional policy, for the tests of sweeps."""

from __future__ import annotations

import numpy as np

from allocation.analysis.asked import ask
from allocation.lab.ranges import parse_factors
from allocation.lab.sweep import Sweep, Swept, baseline, make_sweep, run_some
from allocation.run.run import run_model


def made(model, tables, texts, samples=0, seed=1, figures=(), exact=False, changes=()) -> Sweep:
    base = run_model(model, tables, changes, exact=exact)
    factors = parse_factors(texts, base.model, base.tables, "--range")
    return make_sweep(base, factors, [ask(one, base.model, base.table) for one in figures], None, samples, seed)


def swept(sweep: Sweep, rows: np.ndarray | None = None) -> Swept:
    """All of it run at once, or with given rows."""
    if rows is None:
        rows = run_some(sweep, [sweep.changes(run) for run in range(sweep.runs)])
    base = run_model(sweep.model, sweep.tables, exact=sweep.exact)
    return Swept(sweep, base, rows, baseline(sweep))
