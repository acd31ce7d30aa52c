"""Machine code for bounded shares: the same awards, taken only where it is installed and pays, never in the way."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

import numba
import numpy as np
import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import compiled
from allocation.allocators import bounded_share
from allocation.arrays import snap, total
from allocation.errors import AllocationError


@pytest.fixture(scope="module")
def kernel():
    machine_code = compiled.compiled()
    assert machine_code is not None, 'python -m pip install -e ".[test]"'
    return machine_code


@contextmanager
def shared_by(kernels):
    before, compiled.COMPILER.kernels = compiled.COMPILER.kernels, kernels
    try:
        yield
    finally:
        compiled.COMPILER.kernels = before


def with_and_without(kernel, figures):
    """What is shared by machine code and without it; what either refuses instead."""
    outcomes = []
    for kernels in (kernel, None):
        with shared_by(kernels):
            try:
                outcomes.append(bounded_share(*figures))
            except AllocationError as error:
                outcomes.append(([problem.text("en") for problem in error.problems], np.array(error.runs).tolist()))
    return outcomes


class Alone(compiled.Kernels):
    """Machine code that must not leave anything to be shared without it."""

    def share(self, *given):
        assert super().share(*given)
        return True


@st.composite
def shares(draw, most=40):
    """pool (S, 1 or N), claim, floor and cap (1 or S, N), groups: hard ones, with zero claims, blank bounds and none,
    everybody at a bound."""
    chance = np.random.default_rng(draw(st.integers(0, 10**6)))
    counties, scenarios = draw(st.integers(1, most)), draw(st.integers(1, 6))
    rows = [draw(st.sampled_from([1, scenarios])) for _ in range(3)]
    claim = chance.lognormal(0, draw(st.sampled_from([0.1, 1, 4])), (rows[0], counties))
    claim[chance.uniform(size=claim.shape) < draw(st.sampled_from([0, 0.3]))] = 0
    floor = chance.uniform(0, draw(st.sampled_from([0, 1, 1000])), (rows[1], counties))
    cap = floor.max(axis=0) + chance.uniform(0, draw(st.sampled_from([0, 1, 1000])), (rows[2], counties))
    cap[chance.uniform(size=cap.shape) < draw(st.sampled_from([0, 0.3, 1]))] = draw(st.sampled_from([np.inf, np.nan]))
    floor[chance.uniform(size=floor.shape) < draw(st.sampled_from([0, 0.3]))] = np.nan
    groups = draw(st.sampled_from([None, np.arange(counties) % draw(st.integers(1, 3))]))
    low, high = np.nan_to_num(floor), np.where(np.isfinite(cap), cap, np.nan_to_num(floor) + 10 * counties)
    least, greatest = total(low + 0 * claim, groups), total(np.where(claim > 0, high, low), groups)
    between = chance.choice([0, 1, 0.5, 0.1, 0.9], (scenarios, 1))
    return least * (1 - between) + greatest * between, claim, floor, cap, groups


def assert_the_same(quick, plain, size):
    assert np.abs(quick.awards - plain.awards).max() <= 1e-13 * (1 + size)
    assert (np.abs(snap(quick.awards) - snap(plain.awards)) <= 1e-9 * (1 + size)).all()
    assert np.abs(quick.awards.sum(axis=1) - plain.awards.sum(axis=1)).max() <= 1e-12 * (1 + size)


def assert_at_bounds(shared, figures):
    """The sides that are told are those where the awards stand, all at the level that is told."""
    _, claim, floor, cap, _ = figures
    low, high = np.nan_to_num(floor), np.where(np.isnan(cap), np.inf, cap)
    assert (shared.at_floor == (shared.awards == low)).all()
    high = np.where(claim > 0, high, low)
    assert (shared.at_cap == (shared.awards == high)).all()
    at_level = np.minimum(np.maximum(shared.level * claim, low), high)
    assert np.abs(at_level - shared.awards).max() <= 1e-13 * (1 + shared.awards.max())


@given(shares())
@settings(max_examples=examples(150), deadline=None)
def test_awards_are_the_same_figures(kernel, problem):
    quick, plain = with_and_without(Alone(*kernel), problem)
    assert_the_same(quick, plain, np.abs(problem[0]).max())
    for shared in (quick, plain):
        assert_at_bounds(shared, problem)


@pytest.mark.parametrize("apart", ["", "claim", "floor cap", "claim floor cap"])
def test_awards_of_many_counties_are_the_same_whichever_figures_scenarios_share(apart, kernel):
    pool, *figures = hard_shares(counties=3_000, scenarios=40)
    factor = np.linspace(0.99, 1.01, 40)[:, None]
    moved = [
        x * (factor if name in apart.split() else 1) for name, x in zip(("claim", "floor", "cap"), figures, strict=True)
    ]
    quick, plain = with_and_without(Alone(*kernel), (pool, *moved))
    assert_the_same(quick, plain, pool.max())
    assert_at_bounds(quick, (pool, *moved, None))


def hard_shares(counties, scenarios):
    """pool (S, 1) and claim, floor, cap (1, N) of which some bind on either side."""
    chance = np.random.default_rng(5)
    claim, floor = np.abs(chance.normal(0, 1, (2, 1, counties)))
    claim[:, ::9] = 0
    cap = floor + chance.exponential(1, floor.shape)
    most = np.where(claim > 0, cap, floor).sum()
    return floor.sum() + (most - floor.sum()) * chance.uniform(0.2, 0.8, (scenarios, 1)), claim, floor, cap


WRONG = {
    "a negative claim": ("claim", -1.0),
    "a floor above its cap": ("floor", 1e9),
    "no such claim": ("claim", np.nan),
    "an endless claim": ("claim", np.inf),
    "an endless floor": ("floor", np.inf),
    "an endless debt": ("floor", -np.inf),
    "a pool below all floors": ("pool", 1.0),
    "a pool above all caps": ("pool", 1e9),
    "an endless pool": ("pool", np.inf),
    "no such pool": ("pool", np.nan),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_shared_is_told_in_the_same_words(wrong, grouped, kernel):
    names, (changed, figure) = ("pool", "claim", "floor", "cap"), WRONG[wrong]
    given = dict(zip(names, hard_shares(counties=30, scenarios=4), strict=True))
    given[changed] = np.array(np.broadcast_to(given[changed], (4, given[changed].shape[1])))
    given[changed][2, -1] = figure
    groups = np.zeros(30, int) if grouped else None
    quick, plain = with_and_without(kernel, (*given.values(), groups))
    if isinstance(plain, tuple):
        assert quick == plain
    else:  # where infinities leave no number it is the same no number
        np.testing.assert_array_equal(quick.awards, plain.awards)


def test_it_is_compiled_once_when_the_work_pays_for_it(kernel, monkeypatch):
    asked = []
    monkeypatch.setattr(compiled, "compiled", lambda: asked.append(1) or kernel)
    compiler = compiled.Compiler()
    assert compiler.asked(compiled.PAYS - 1) is None and not asked
    assert compiler.asked(1) is kernel and compiler.asked(1) is kernel
    assert asked == [1]


def test_a_part_is_shared_as_the_whole_is_whatever_the_process_shared_before(kernel, monkeypatch):
    """Or a sweep would end in other last bits on more workers, or where it was gone on with."""
    monkeypatch.setattr(compiled, "compiled", lambda: kernel)
    fresh, used = compiled.Compiler(), compiled.Compiler()
    used.asked(compiled.PAYS)
    for whole, wanted in ((compiled.PAYS - 1, None), (compiled.PAYS, kernel)):
        with compiled.part_of(whole):
            assert fresh.asked(1) is used.asked(1) is wanted
    assert compiled.Compiler().asked(1) is None  # what comes after is no part of it


def test_nothing_of_it_is_loaded_for_a_small_share():
    code = (
        "import sys, numpy as np; from allocation.allocators import bounded_share;"
        "bounded_share(np.ones((9, 1)), np.ones((9, 50)));"
        "print('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_where_nothing_can_be_written_it_is_compiled_for_the_process_alone(kernel, monkeypatch):
    tried = []

    def unwritable(kept: bool):
        tried.append(kept)
        if kept:
            raise RuntimeError("cannot cache function: no locator available")
        return kernel

    monkeypatch.setattr(compiled, "_compiled", unwritable)
    assert compiled.compiled() is kernel and tried == [True, False]
    monkeypatch.setattr(compiled, "_compiled", lambda kept: 1 / 0)
    assert compiled.compiled() is None


def test_without_it_everything_runs(monkeypatch):
    assert compiled.compiler_version() == [f"Numba {numba.__version__}"]
    monkeypatch.setattr(compiled, "find_spec", lambda name: None)
    assert compiled.compiled() is None and not compiled.compiler_version()


@pytest.mark.parametrize("quick", [False, True])
def test_a_pool_between_bounds_that_hold_everybody_is_spent_with_and_without(quick, kernel, monkeypatch):
    monkeypatch.setattr(compiled.COMPILER, "kernels", kernel if quick else None)
    awards = bounded_share(np.array([[3.0]]), np.ones((1, 3)), np.array([[1.0, 1.0, 0.0]]), np.array([[1.0, 1.0, 9.0]]))
    assert awards.awards.tolist() == [[1, 1, 1]]
