"""What runs have in common, the arrays of a table and the columns of exact figures, is read by all and written by none;
and what they spend, they spend of one effort.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from plain_fractions import plain_fractions
from small_models import model, run, tables

from allocation.analysis.batch import run_batch
from allocation.exact import quotients, rounding, whole
from allocation.exact.quotients import Quotients, of_fractions
from allocation.readings.numbers import Evaluator
from allocation.run.run import parameter_arrays
from allocation.run.scenario import apply_changes, parse_assignment
from allocation.sealing import sealed

SHARED = {"x": [1, 2, "—", 7], "y": [3, 5, 2, 11], "p": 30, "formula": "bounded_share(p, y, floor = x, cap = 20)"}
BOTH = pytest.mark.parametrize("exact", [True, False])


def never():
    raise AssertionError("no run kept this column")


@BOTH
def test_a_batch_that_changes_inputs_leaves_the_arrays_kept_with_the_table_as_they_were(exact):
    base, (table,) = model(**SHARED), tables(SHARED)
    run_batch(base, (table,), [[]], (base.award,), exact=exact)
    kept = [table.column_array(name, exact, never) for name in base.inputs]
    before = [(list(column.data), list(column.missing)) for column in kept]
    sets = [[parse_assignment(f"p={pool}"), parse_assignment(f"y@01={claim}")] for pool in (24, 30) for claim in (1, 9)]
    outcomes = run_batch(base, (table,), sets, (base.award,), exact=exact)
    assert len({tuple(map(float, outcome.columns[0])) for outcome in outcomes}) == len(sets)
    assert [table.column_array(name, exact, never) for name in base.inputs] == kept
    assert [(list(column.data), list(column.missing)) for column in kept] == before
    assert not any(part.flags.writeable for column in kept for part in (column.data, column.missing))


LIMITS = {"whole numbers": {}, "within bounds": {"LONG": 1}, "Python's integers": {"SURE": 8}}


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
def test_a_sealed_column_of_exact_figures_is_written_nowhere_however_it_is_asked(limits, monkeypatch):
    for name, value in limits.items():
        for module in (whole, quotients, rounding):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    plain = np.array(
        [[Fraction(1, 3), Fraction(5, 7), Fraction(-2)], [Fraction(4), Fraction(1, 9), Fraction(6)]], object
    )
    column = sealed(of_fractions(plain) * Fraction(2, 11))
    columns = (column, column.tight(), column.reduced())
    arrays = [part for figures in columns for part in (*parts(figures), *figures.between(), figures.fractions())]
    assert len(arrays) > 6
    assert not any(array.flags.writeable for array in arrays)


def parts(column: Quotients) -> list[np.ndarray]:
    """The arrays that a column is held in."""
    slots = [getattr(column, name) for kind in type(column).__mro__ for name in getattr(kind, "__slots__", ())]
    return [part for part in slots if isinstance(part, np.ndarray)]


def test_every_run_is_held_in_sealed_columns():
    kept = run(**SHARED | {"x": [1, 2, 4, 7]}).periods[0]["result"]
    share = kept.bounded
    assert [part for figures in (kept.figures, share.awards, share.level) for part in parts(figures)]
    assert not [part for figures in (kept.figures, share.awards, share.level) for part in parts(figures)
                if part.flags.writeable]  # fmt: skip


def spent(example: dict, pools: list[int]) -> float:
    base, given = model(**example), tables(example)
    models = [apply_changes(base, given, [parse_assignment(f"p={pool}")])[0] for pool in pools]
    evaluator = Evaluator(base, given[0], parameter_arrays(models, True), True)
    evaluator.columns()
    assert evaluator.problems == []
    return evaluator.effort.spent


def test_scenarios_alike_spend_what_one_of_each_kind_spends():
    """Of the steps that the walk weighs, and of those that are told while a share is worked out."""
    example = SHARED | {"x": [1, 2, 4, 7], "formula": "bounded_share(p, y * y / p, floor = x, cap = 20)"}
    with plain_fractions():
        apart, alike = spent(example, [24, 30]), spent(example, [24, 30, 24, 30])
    assert alike == apart > 0
