"""A batch gives for every set of changes what a run of that set gives, and the same refusal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation.analysis import batch
from allocation.analysis.asked import ask
from allocation.analysis.batch import run_batch
from allocation.errors import AllocationError
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change

FOUND = find("incentive_fund", None, None)
AWARD = FOUND.model.award
CHANGES = st.one_of(
    st.builds(lambda n: Change("pool", Fraction(n)), st.integers(1, 9000)),
    st.builds(lambda n: Change("hold_harmless", Fraction(n, 10)), st.integers(0, 12)),  # above 1: floors too high
    st.builds(lambda n: Change("settled[cross_province]@黑山县", Fraction(n), "add"), st.integers(-5, 4000)),
    st.builds(lambda n: Change("settled[in_city]", Fraction(n, 10), "scale"), st.integers(0, 20)),
    st.builds(lambda text: Change("area_class@210727", text), st.sampled_from(["县", "市辖区", "没有的类"])),
    st.just(Change("no_such", Fraction(1))),
)
SETS = st.lists(st.lists(CHANGES, max_size=3), min_size=1, max_size=6)


def alone(changes: list[Change], asked, exact: bool):
    """What run_model makes of one set: (award, figure, ok), or the text of what is wrong."""
    try:
        run = run_model(FOUND.model, FOUND.table, changes, exact=exact)
        return run.figures(AWARD), asked.of(run), all(one.ok or one.severity == "warning" for one in run.checks)
    except AllocationError as error:
        return error.text("en")


@pytest.mark.parametrize("exact", [True, False])
@given(sets=SETS)
@settings(max_examples=examples(25), deadline=None)
def test_a_batch_equals_runs_one_by_one(exact, sets):
    asked = ask("highest(award / settled_people)", FOUND.model, FOUND.table)
    outcomes = run_batch(FOUND.model, (FOUND.table,), sets, (AWARD,), (asked,), exact=exact)
    for changes, outcome in zip(sets, outcomes, strict=True):
        wanted = alone(changes, asked, exact)
        if isinstance(wanted, str):
            assert outcome.refused and outcome.error.text("en") == wanted
        else:
            assert not outcome.refused
            assert list(outcome.columns[0]) == pytest.approx([float(v) for v in wanted[0]], abs=0 if exact else 1e-9)
            assert outcome.figures[0] == pytest.approx(wanted[1], rel=0 if exact else 1e-12)
            assert outcome.ok == wanted[2]


def test_chunks_give_the_same(monkeypatch):
    sets = [[Change("pool", Fraction(4000 + n))] for n in range(11)]
    whole = run_batch(FOUND.model, (FOUND.table,), sets, (AWARD,))
    monkeypatch.setattr(batch, "CELLS", 20)
    pieces = run_batch(FOUND.model, (FOUND.table,), sets, (AWARD,))
    assert [one.columns[0].sum() for one in pieces] == [4000 + n for n in range(11)]
    assert all(np.array_equal(a.columns[0], b.columns[0]) for a, b in zip(whole, pieces, strict=True))


def test_a_check_that_fails_is_told_by_scenario():
    sets = [[], [Change("weight[settled]", Fraction(9, 10))]]
    assert [one.ok for one in run_batch(FOUND.model, (FOUND.table,), sets)] == [True, False]


def test_years_differ_in_their_parameters_and_a_check_of_any_year_counts():
    later = replace(FOUND.table, year=2018)
    sets = [[Change("pool#2018", Fraction(6000))], [Change("weight[settled]#2017", Fraction(9, 10))]]
    first, second = run_batch(FOUND.model, (FOUND.table, later), sets, (AWARD,))
    run = run_model(FOUND.model, (FOUND.table, later), sets[0])
    assert list(first.columns[0]) == list(run.figures(AWARD))
    assert first.columns[0].sum() == 6000
    assert first.ok and not second.ok
    assert not run_model(FOUND.model, (FOUND.table, later), sets[1]).ok
