"""What a measurement is: a description, and a function that lays our work beside its peer's, at one size.

Times are of the processor and stand beside a peer's of the same moment, so that another machine gives about the same
ratio. A function first asserts that peer and ours give the same figures.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from allocation.texts import Both


@dataclass(frozen=True)
class Outcome:
    """`ratio` is what the limit is held against; `ours` and `peer` are in the row's unit, for the reader."""

    ratio: float
    ours: float
    peer: float
    note: Both = Both("", "")


@dataclass(frozen=True)
class Row:
    """One line of the table. `measure` takes the size; `small` is that of CI. `seconds`: what it may take at most."""

    name: str
    what: Both
    unit: Both
    peer: Both
    limit: float
    source: Both  # of the limit
    measure: Callable[[int], Outcome]
    whole: int
    small: int
    seconds: int = 60


def spent(work: Callable[[], object]) -> float:
    """Processor seconds, with the collector as it stands after a full round."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def in_pairs(ours: Callable[[], object], peer: Callable[[], object], times: int = 5) -> tuple[float, float, float]:
    """Median of the ratios of interleaved pairs, and the least seconds of each; a first pair warms up."""
    spent(peer), spent(ours)
    pairs = [(spent(ours), spent(peer)) for _ in range(times)]
    return median(a / max(b, 1e-9) for a, b in pairs), min(a for a, _ in pairs), min(b for _, b in pairs)


def outcome(pair: tuple[float, float, float], per: float = 1.0, note: Both = Both("", "")) -> Outcome:  # noqa: B008
    """An Outcome of `in_pairs`, its seconds times `per`: 1e9 / cells for nanoseconds a cell."""
    ratio, ours, peer = pair
    return Outcome(ratio, ours * per, peer * per, note)


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The b of seconds = a · size^b, fitted by least squares on logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(max(s, 1e-9)) for s in seconds]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    above = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True))
    return above / sum((a - middle_x) ** 2 for a in x)
