"""A sweep run block by block: here, or by workers that hand blocks back in any order.

A block that was lost with its worker is handed out again; only some are out at a time, however large the sweep is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import field, replace
from typing import Protocol

import numpy as np

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.lab.sweep import Sweep, run_block
from allocation.lab.workers import OURS, Crew, Workers, rows_of

TRIES = 3  # times a block is handed out
LOOK = 10.0  # seconds in which no block comes back, after which it is asked whether any worker is left
LOOKS = 6  # times it is asked in vain
DETAIL = 200  # signs of what a worker's end is told with


class RowsKept(Protocol):
    """Where the rows of finished blocks are kept: `done` runs of them so far."""

    done: int
    rows: np.ndarray

    def has(self, start: int) -> bool:
        """Whether the block that begins with this run is there."""

    def add(self, start: int, rows: np.ndarray) -> None: ...


class RowsInMemory:
    def __init__(self, sweep: Sweep):
        self.done, self.rows = 0, np.empty((sweep.runs, sweep.width))
        self._starts = set[int]()

    def has(self, start: int) -> bool:
        return start in self._starts

    def add(self, start: int, rows: np.ndarray) -> None:
        self.rows[start : start + len(rows)] = rows
        self.done += len(rows)
        self._starts.add(start)


def run_sweep(
    sweep: Sweep, kept: RowsKept, report: Callable[[int], None], workers: Workers | None = None
) -> np.ndarray:
    """Rows of every run: those that `kept` holds already, the others block by block; without workers here.

    Raises AllocationError where a block was lost `TRIES` times or no worker is left. What is done stays in `kept`.
    """

    def take(start: int, rows: np.ndarray) -> None:
        kept.add(start, rows)
        report(kept.done)

    report(kept.done)
    missing = (start for start in range(0, sweep.runs, sweep.chunk) if not kept.has(start))
    if workers is not None:
        _HandingOut(sweep, missing, take, workers).until_done()
    else:
        for start in missing:
            take(start, run_block(sweep, sweep.block(start)))
    return kept.rows


@dataclass
class _HandingOut:
    """Blocks on their way, by the run they begin with: `out` at workers, `again` those that were lost."""

    sweep: Sweep
    fresh: Iterator[int]
    take: Callable[[int, np.ndarray], None]
    workers: Workers
    out: dict[Future[np.ndarray], int] = field(default_factory=dict)
    again: list[int] = field(default_factory=list)
    tried: dict[int, int] = field(default_factory=dict)

    def until_done(self) -> None:
        told = replace(self.sweep, points=None)  # points go with the blocks
        done = False
        while not done:
            try:
                with self.workers.open(told) as crew:
                    done = self._with(crew)
            finally:
                for future in self.out:
                    future.cancel()

    def _with(self, crew: Crew) -> bool:
        """Whether all is done; a crew that lost a block is asked for no more, and left when the others are back."""
        sound = True
        while True:
            sound = sound and self._filled(crew)
            if not self.out:
                return sound
            for future in self._finished():
                start = self.out.pop(future)
                try:
                    rows = future.result()
                except AllocationError:
                    raise
                except Exception as error:  # whatever became of the worker: `rows_of` itself raises nothing else
                    sound = self._lost(start, error)
                else:
                    self.tried.pop(start, None)
                    self.take(start, rows)

    def _filled(self, crew: Crew) -> bool:
        """Hands out as many as may be out; whether it could."""
        while len(self.out) < crew.at_once:
            start = self.again.pop() if self.again else next(self.fresh, None)
            if start is None:
                break
            try:
                future = crew.executor.submit(rows_of, crew.sweep, self.sweep.block(start), OURS)
            except Exception as error:  # a pool that broke takes nothing more
                return self._lost(start, error)
            self.out[future] = start
        return True

    def _finished(self) -> set[Future[np.ndarray]]:
        for _ in range(LOOKS):
            finished, _ = wait(self.out, LOOK, FIRST_COMPLETED)
            if finished:
                return finished
            if self.workers.present():
                return set()
        raise AllocationError(Problem("sweep.no_workers", {"seconds": round(LOOK * LOOKS)}))

    def _lost(self, start: int, error: Exception) -> bool:
        """Keeps the block for another crew; never true: the crew is not sound."""
        self.tried[start] = self.tried.get(start, 0) + 1
        self.again.append(start)
        if self.tried[start] >= TRIES:
            stop = min(start + self.sweep.chunk, self.sweep.runs)
            detail = f"{type(error).__name__}: {error}".strip(": ")[:DETAIL]
            raise AllocationError(
                Problem("sweep.lost_block", {"first": start + 1, "last": stop, "tries": TRIES, "detail": detail})
            )
        return False
