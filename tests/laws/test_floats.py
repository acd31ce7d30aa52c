"""Snapping and rounding in few passes gives, bit for bit, what the plain formulation gives."""

from __future__ import annotations

import numpy as np
import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation.arrays import round_half_away, snap
from allocation.floats import POWERS


def plainly_rounded(x):
    size = np.abs(x)
    whole = np.floor(size)
    whole = whole + (size - whole >= 0.5)
    return np.where(x < 0, -whole, whole)


def plainly_snapped(x):
    digits = np.searchsorted(POWERS[1:], np.abs(x), side="right") + 1
    decimals = np.minimum(9, 14 - digits)
    up, down = POWERS[np.maximum(decimals, 0)], POWERS[np.maximum(-decimals, 0)]
    raised = x * up / down
    return plainly_rounded(raised + np.spacing(raised)) / up * down


def on_edges() -> np.ndarray:
    """Halves of every decimal that is kept, powers of ten and of two, whole numbers past all use; their neighbours."""
    steps = np.arange(-400, 401) / 2
    edges = [steps / 10.0**place for place in range(10)] + [steps * 10.0**place for place in range(1, 17)]
    edges += [np.array([0.0, -0.0, 5e-324, -5e-324, 1e5 - 1e-9, 2.0**52 + 1, 2.0**53, 1e22, 0.49999999999999994])]
    values = np.concatenate([*edges, POWERS[:20], -POWERS[:20], 2.0 ** np.arange(-60, 60)])
    return np.concatenate([values, np.nextafter(values, np.inf), np.nextafter(values, -np.inf)])


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool((one.view(np.int64) == other.view(np.int64)).all())


@pytest.mark.parametrize("most", [1e5, 1e23])
@pytest.mark.parametrize("quick, plain", [(snap, plainly_snapped), (round_half_away, plainly_rounded)])
def test_every_figure_on_an_edge_is_the_same_double(quick, plain, most):
    values = on_edges()
    values = values[np.abs(values) < most]
    assert same_bits(quick(values), plain(values))


@given(st.lists(st.floats(-1e22, 1e22) | st.floats(-2e5, 2e5) | st.integers(-(10**15), 10**15).map(float), max_size=20))
@settings(max_examples=examples(200), deadline=None)
def test_any_figures_together_are_the_same_doubles(figures):
    values = np.array(figures).reshape(1, -1)
    assert same_bits(snap(values), plainly_snapped(values))
    assert same_bits(round_half_away(values), plainly_rounded(values))
