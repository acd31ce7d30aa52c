"""Limits on time, in work of known size that the same machine does in the same run: machines differ, and slow down."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import cache

MOST = 100  # times: some seconds on an ordinary machine; what these limits are for takes minutes, or all memory
KNOWN = "[" + ",".join('{"a": [1, "two", 3.5]}' for _ in range(10_000)) + "]"


def known_work() -> float:
    """Processor seconds of a task of the kinds these tests do: text read, objects made, exact sums."""
    begun = time.process_time()
    for _ in range(3):
        assert len(json.loads(KNOWN)) == 10_000
        assert sum(Fraction(1, n % 7 + 1) for n in range(1, 5_000))
    return time.process_time() - begun


@contextmanager
def within(times: float) -> Iterator[None]:
    """What stands in it takes less processor time than so many times the known work."""
    begun = time.process_time()
    yield
    spent = time.process_time() - begun
    if spent >= times * _at_first():  # the machine may have slowed since
        assert spent < times * max(known_work() for _ in range(3)), (spent, times)


@cache
def _at_first() -> float:
    """The known work, once a process; the least of three, so that it is never taken for slower than it is."""
    return min(known_work() for _ in range(3))
