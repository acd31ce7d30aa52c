"""Whole numbers in columns: int64 where every one surely fits, else Python's own; their common denominators."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[Any]  # of int64, or of Python's ints
    Bottom = int | Whole  # one for all, or one a row, (..., 1)

SURE = 2**62  # whole numbers below it, and sums of two of them, are int64 without overflow
LONG = 512  # bits of a common denominator; beyond it figures are held within bounds


def most_of(tops: Whole) -> int:
    if tops.dtype == object:
        return max(map(abs, tops.ravel().tolist()), default=0)
    return int(max(tops.max(), -tops.min())) if tops.size else 0


def peak(bottom: Bottom) -> int:
    return bottom if isinstance(bottom, int) else int(bottom.max())


def smallest(bottom: Bottom) -> int:
    return bottom if isinstance(bottom, int) else int(bottom.min())


def too_long(bottom: Bottom) -> bool:
    return peak(bottom).bit_length() > LONG


def fitted(whole: Whole) -> Whole:
    """Positive whole numbers as int64 where they fit."""
    if whole.dtype == object:
        return whole.astype(np.int64) if int(whole.max()) < SURE else whole
    return whole


def objects(values: Sequence[object]) -> np.ndarray:
    data = np.empty(len(values), object)
    data[:] = values
    return data


def both_alike(x: Bottom, y: Bottom, sure: bool = True) -> tuple[Bottom, Bottom]:
    """Both as Python's ints where one is, or where their product need not fit."""
    objects = not sure or any(isinstance(z, np.ndarray) and z.dtype == object for z in (x, y))
    return tuple(z.astype(object) if objects and isinstance(z, np.ndarray) else z for z in (x, y))  # type: ignore[return-value]


def product(x: Bottom, y: Bottom, most: int) -> Any:
    """x times y, where no product is larger than `most`."""
    if isinstance(y, int) and y == 1:
        return x
    sure = most < SURE
    if not sure or (isinstance(y, int) and y >= SURE):
        return np.multiply(*both_alike(x, y, False)) if not isinstance(x, int) or not isinstance(y, int) else x * y
    left, right = both_alike(x, y)
    return left * right


def common(x: Bottom, y: Bottom) -> tuple[Bottom, Bottom, Bottom] | None:
    """A denominator for both, and what each is to be multiplied by; None where it were too long."""
    if isinstance(x, int) and isinstance(y, int):
        bottom: Bottom = x if x == y else math.lcm(x, y)
    elif x is y:
        return x, 1, 1
    else:
        sure = peak(x) * peak(y) < SURE
        left, right = (z if sure else np.asarray(z).astype(object) for z in (x, y))
        bottom = fitted(np.lcm(left, right))
    if too_long(bottom):
        return None
    return bottom, bottom // x, bottom // y


def multiple_of(bottoms: set[int]) -> int | None:
    """The least common one; None where it were too long."""
    multiple = 1
    for bottom in bottoms:
        multiple = math.lcm(multiple, bottom)
        if multiple.bit_length() > LONG:
            return None
    return multiple
