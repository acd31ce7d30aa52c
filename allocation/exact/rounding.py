"""Snapping and whole units of exact figures: what rises with its figure is decided by both ends of the bounds."""

from __future__ import annotations

import numpy as np

from allocation.exact import bounds
from allocation.exact.cells import exact_root
from allocation.exact.quotients import Quotients, held_root, of_fractions
from allocation.exact.whole import SURE, peak, smallest

DECIMALS = 9  # kept when snapping, fewer where the magnitude leaves fewer than 14 digits
GRID = 10**DECIMALS
PLAIN = 10**5  # below it every figure keeps all nine decimals
_NEAR = 1e-5  # a float of billionths this close to a half is looked at again; it is within 1e-6 of the true one


def snapped(x: Quotients) -> Quotients:
    """x rounded half away from zero at min(9, 14 - digits) decimals, over 10^9."""
    if x._radius is not None:
        return Quotients(np.asarray(_SNAPPED(x._tops, x._radius, x._cells)), GRID)
    plain = PLAIN * smallest(x._bottom)
    if (x._most < plain or x.tight()._most < plain) and peak(x._bottom) < SURE > x._most:
        if isinstance(x._bottom, int) and GRID % x._bottom == 0:
            return x
        return _snapped_fast(x)
    if isinstance(x._bottom, int) and x._bottom == 1 and x._most < 10**14:
        return x
    return Quotients(np.asarray(_SNAPPED_WHOLE(x._tops.astype(object), x._bottom)), GRID)


def _snapped_fast(x: Quotients) -> Quotients:
    """The same of figures below PLAIN in int64: in floats, and again in whole numbers where those stand near a half."""
    bottom = np.asarray(x._bottom, np.int64)
    below = x._tops < 0
    signed = below.any()
    size = np.abs(x._tops) if signed else x._tops
    whole = (size / bottom).astype(np.int64)
    rest = size - whole * bottom
    for beyond, step in ((rest < 0, -1), (rest >= bottom, 1)):  # a float quotient is off by one at most
        if beyond.any():
            whole, rest = whole + step * beyond, rest - step * beyond * bottom
    rough = rest / bottom * GRID + 0.5
    billionths = rough.astype(np.int64)
    doubtful = np.abs(rough - np.rint(rough)) < _NEAR
    if doubtful.any():
        under = np.broadcast_to(bottom, rest.shape)[doubtful]
        over = rest[doubtful]
        if peak(x._bottom) > 4 * 10**9:  # else twice a rest in billionths is int64
            over, under = over.astype(object), under.astype(object)
        billionths[doubtful] = (2 * GRID * over + under) // (2 * under)
    counts = whole * GRID + billionths
    return Quotients(np.where(below, -counts, counts) if signed else counts, GRID, (PLAIN + 1) * GRID)


def snapped_count(top: int, bottom: int) -> int:
    """One figure snapped, in billionths."""
    size = abs(top)
    whole = size // bottom
    places = DECIMALS if whole < PLAIN else min(DECIMALS, 14 - len(str(whole)))
    if places >= 0:
        step = 10 ** (DECIMALS - places)
        count: int = (2 * size * 10**places + bottom) // (2 * bottom) * step
    else:
        step = 10**-places
        count = (2 * size + bottom * step) // (2 * bottom * step) * step * GRID
    return -count if top < 0 else count


def _down(top: int, bottom: int) -> int:
    return top // bottom


def near_count(top: int, bottom: int) -> int:
    """To whole units, halves away from zero."""
    size = (2 * abs(top) + bottom) // (2 * bottom)
    return -size if top < 0 else size


_SNAPPED_WHOLE = np.frompyfunc(snapped_count, 2, 1)
_SNAPPED = np.frompyfunc(bounds.monotone(snapped_count), 3, 1)
_DOWN = np.frompyfunc(bounds.monotone(_down), 3, 1)
_NEAREST = np.frompyfunc(bounds.monotone(near_count), 3, 1)


def floors(x: Quotients) -> Quotients:
    """Whole units down, towards minus infinity."""
    if x._radius is not None:
        return Quotients(np.asarray(_DOWN(x._tops, x._radius, x._cells)))
    if isinstance(x._bottom, int) and x._bottom == 1:
        return x
    return Quotients(_tops(x) // x._bottom)


def nearest(x: Quotients) -> Quotients:
    """Whole units, halves away from zero."""
    if x._radius is not None:
        return Quotients(np.asarray(_NEAREST(x._tops, x._radius, x._cells)))
    if isinstance(x._bottom, int) and x._bottom == 1:
        return x
    tops = _tops(x) if 2 * x._most + peak(x._bottom) < SURE else x._tops.astype(object)
    size = (2 * np.abs(tops) + x._bottom) // (2 * x._bottom)
    return Quotients(np.where(tops < 0, -size, size))


def _tops(x: Quotients) -> np.ndarray:
    return x._tops if peak(x._bottom) < SURE else x._tops.astype(object)


def billionths(quota: Quotients, down: Quotients) -> np.ndarray:
    """What whole units down leave of each snapped quota, in whole billionths: int64 of the same shape."""
    rest = (quota - down) * GRID
    counts: np.ndarray = (rest._tops // rest._bottom).astype(np.int64)
    return counts


def roots(x: Quotients) -> Quotients:
    """Square roots, the irrational ones cut off far below the snapping grid."""
    if x._radius is not None:
        return held_root(x)
    return of_fractions(np.asarray(np.frompyfunc(exact_root, 1, 1)(x.fractions()), object))
