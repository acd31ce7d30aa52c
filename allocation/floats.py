"""Snapping and rounding of float64 arrays, few passes each: the same doubles, bit for bit, as `arrays` says in words.

A law holds them to the plain formulation, which stands in that law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocation.exact.rounding import DECIMALS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

POWERS = np.array([float(f"1e{k}") for k in range(23)])  # the powers of ten a double holds exactly
NINE = 1e5  # below it nine decimals are kept of every figure
WHOLE = 1e14  # below it a whole number is snapped to itself
HALF = 0.49999999999999994  # the largest double below a half: added to a half, the sum rounds to one


def snapped(x: Floats) -> Floats:
    """Half away from zero at the decimals that are kept; one a unit in the last place below a half counts as a half."""
    if not np.size(x) or np.max(x) < NINE and np.min(x) > -NINE:
        return _nine_decimals(x)
    whole = (np.trunc(x) == x) & (np.abs(x) < WHOLE)
    small, large = np.abs(x) < NINE, ~whole
    large &= ~small
    figures = np.where(small, _nine_decimals(np.where(small, x, 0.0)), x)
    if large.any():
        figures[large] = _any_decimals(x[large])
    return figures


def _nine_decimals(x: Floats) -> Floats:
    figures = np.multiply(x, 10.0**DECIMALS, out=np.empty(np.shape(x)))
    figures += 0.0  # no zero stays negative
    bits = figures.view(np.int64)
    bits += 1  # the next double away from zero
    figures = _turned(figures)
    figures /= 10.0**DECIMALS
    return figures


def _any_decimals(x: Floats) -> Floats:
    decimals = kept_decimals(x)
    up, down = POWERS[np.maximum(decimals, 0)], POWERS[np.maximum(-decimals, 0)]
    raised = x * up / down
    figures: Floats = rounded_half_away(raised + np.spacing(raised)) / up * down
    return figures


def kept_decimals(x: Floats) -> Whole:
    beyond = np.searchsorted(POWERS[1:], np.abs(x), side="right") if np.max(np.abs(x), initial=0) >= NINE else 0
    return np.minimum(DECIMALS, 13 - beyond)


def rounded_half_away(x: Floats) -> Floats:
    """To whole units, halves away from zero."""
    return _turned(np.add(x, 0.0, out=np.empty(np.shape(x))))


def _turned(figures: Floats) -> Floats:
    """The same in place; not floor(size + 0.5), which lifts 0.49999999999999994."""
    figures += np.copysign(HALF, figures)
    return np.trunc(figures, out=figures)
