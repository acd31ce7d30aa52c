"""Machine code for bounded shares: the same awards, taken only where it is installed and pays, never in the way."""

from __future__ import annotations

import subprocess
import sys

import numba
import numpy as np
import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import compiled
from allocation.allocators import bounded_share
from allocation.arrays import snap


@pytest.fixture(scope="module")
def kernel():
    machine_code = compiled.compiled()
    assert machine_code is not None, 'python -m pip install -e ".[test]"'
    return machine_code


@st.composite
def shares(draw):
    """pool (S, 1), claim, floor and cap (1 or S, N): hard ones, with zero claims, no caps and everybody at a bound."""
    chance = np.random.default_rng(draw(st.integers(0, 10**6)))
    counties, scenarios = draw(st.integers(1, 40)), draw(st.integers(1, 6))
    rows = [draw(st.sampled_from([1, scenarios])) for _ in range(3)]
    claim = chance.lognormal(0, draw(st.sampled_from([0.1, 1, 4])), (rows[0], counties))
    claim[chance.uniform(size=claim.shape) < draw(st.sampled_from([0, 0.3]))] = 0
    floor = chance.uniform(0, draw(st.sampled_from([0, 1, 1000])), (rows[1], counties))
    cap = floor.max(axis=0) + chance.uniform(0, draw(st.sampled_from([0, 1, 1000])), (rows[2], counties))
    cap[chance.uniform(size=cap.shape) < draw(st.sampled_from([0, 0.3, 1]))] = np.inf
    most = np.where(claim > 0, np.where(cap == np.inf, floor + 10 * counties, cap), floor).sum(axis=1, keepdims=True)
    least = (floor + 0 * claim).sum(axis=1, keepdims=True) if len(floor) >= len(claim) else floor.sum(axis=1)[:, None]
    between = chance.choice([0, 1, 0.5, 0.1, 0.9], (scenarios, 1))
    return least * (1 - between) + most * between, claim, floor, cap


@given(shares())
@settings(max_examples=examples(150), deadline=None)
def test_awards_are_the_same_figures(kernel, problem):
    before = compiled.COMPILER.kernel
    try:
        compiled.COMPILER.kernel = None
        plain = bounded_share(*problem)
        compiled.COMPILER.kernel = kernel
        quick = bounded_share(*problem)
    finally:
        compiled.COMPILER.kernel = before
    size = np.abs(problem[0]).max()
    assert np.abs(quick.awards - plain.awards).max() <= 1e-13 * (1 + size)
    assert (np.abs(snap(quick.awards) - snap(plain.awards)) <= 1e-9 * (1 + size)).all()
    assert np.abs(quick.awards.sum(axis=1) - plain.awards.sum(axis=1)).max() <= 1e-12 * (1 + size)


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
    monkeypatch.setattr(compiled.COMPILER, "kernel", kernel if quick else None)
    awards = bounded_share(np.array([[3.0]]), np.ones((1, 3)), np.array([[1.0, 1.0, 0.0]]), np.array([[1.0, 1.0, 9.0]]))
    assert awards.awards.tolist() == [[1, 1, 1]]
