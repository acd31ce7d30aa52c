"""The engine as it walks over plain Fractions, cell by cell: the oracle of its columns of exact figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

import numpy as np
import pytest

from allocation import allocators, arrays
from allocation.run import run


def _fractions(x: np.ndarray) -> np.ndarray:
    return x if x.dtype == object else np.asarray(np.frompyfunc(lambda v: Fraction(int(v)), 1, 1)(x), object)


def _one(value: Fraction, ndim: int) -> np.ndarray:
    data = np.empty((1,) * ndim, object)
    data[...] = value
    return data


@contextmanager
def plain_fractions() -> Iterator[None]:
    """Within it exact figures are object arrays of Fractions, and nothing is a `Quotients`."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (arrays, allocators, run):
            patch.setattr(module, "in_columns", _fractions)
        patch.setattr(allocators, "in_quotients", lambda x: True)  # a largest remainder stays with what it is given
        patch.setattr(arrays, "exactly", _one)
        yield
