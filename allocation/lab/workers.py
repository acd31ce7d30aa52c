"""Who runs the blocks of a sweep: processes of this machine, any executor that is handed in, a Dask cluster.

Nothing here listens on the network, and nothing is looked for there but the address that somebody gave.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from types import ModuleType
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import numpy as np

from allocation import __version__
from allocation.classes import dataclass
from allocation.compiled import compiler_version
from allocation.errors import AllocationError, Problem
from allocation.lab.sweep import RunBlock, Sweep, run_block

OUT = 2  # blocks at each worker: one that runs, one that waits
OUT_UNKNOWN = 64  # blocks at an executor that does not say how many workers it has
PATIENCE = 10  # seconds for a cluster to answer and to show a worker
SCHEMES = ("tcp", "tls")
LOUD = ("distributed", "tornado", "asyncio")  # what Dask stands on, each with words and tracebacks of its own
# Two of these may differ in a figure's last digits.
OURS = ", ".join([f"allocation {__version__}", f"NumPy {np.__version__}", *compiler_version()])
Answer = TypeVar("Answer")


class Client(Protocol):
    """What is asked of Dask's client, whose own methods say nothing of their types."""

    def scatter(self, data: object, *, broadcast: bool) -> Any: ...
    def get_executor(self, *, pure: bool) -> Executor: ...
    def nthreads(self) -> Mapping[str, int]: ...
    def wait_for_workers(self, n_workers: int, timeout: float) -> None: ...
    def close(self) -> object: ...


@dataclass(frozen=True)
class Crew:
    """Where blocks are handed in, at most `at_once` at a time, with `sweep`: by what a worker knows it."""

    executor: Executor
    sweep: Any
    at_once: int


@dataclass(frozen=True)
class Workers:
    """`open` gives a crew for a sweep; again, another one, where that lost a block.

    `present`: whether anybody is there to hand a block back.
    """

    open: Callable[[Sweep], AbstractContextManager[Crew]]
    present: Callable[[], bool] = lambda: True


def rows_of(sweep: Sweep | None, block: RunBlock, versions: str) -> np.ndarray:
    """What a worker does: the rows of a block. Without `sweep` it is the one its process began with."""
    if versions != OURS:
        raise AllocationError(Problem("sweep.worker_differs", {"here": versions, "there": OURS}))
    return run_block(sweep or _begun[0], block)


_begun: list[Sweep] = []


def _begin(sweep: Sweep) -> None:
    _begun[:] = [sweep]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that began it


class _Pool(ProcessPoolExecutor):
    """Its processes begin when something is handed in."""

    def __init__(self, count: int, sweep: Sweep):
        spawned = multiprocessing.get_context("spawn")  # alike on every system, and safe beside threads
        super().__init__(count, spawned, _begin, (sweep,))

    def submit(self, work: Callable[..., Answer], /, *given: Any, **named: Any) -> Future[Answer]:
        with _apart():
            return super().submit(work, *given, **named)


@contextmanager
def _apart() -> Iterator[None]:
    """A process that begins here does not run the program again that began it, and never hears Ctrl-C."""
    running, blocked = sys.modules["__main__"], hasattr(signal, "pthread_sigmask")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if blocked else set()
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = running
        if blocked:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def in_processes(count: int) -> Workers:
    """So many processes of this machine; another pool where one of them ends before its time."""

    @contextmanager
    def hired(sweep: Sweep) -> Iterator[Crew]:
        with _Pool(count, sweep) as pool:
            try:
                yield Crew(pool, None, OUT * count)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    return Workers(hired)


def in_executor(executor: Executor) -> Workers:
    """Somebody's own, which stays open."""

    @contextmanager
    def lent(sweep: Sweep) -> Iterator[Crew]:
        yield Crew(executor, sweep, OUT_UNKNOWN)

    return Workers(lent)


@contextmanager
def in_cluster(address: str) -> Iterator[Workers]:
    """The workers of the Dask cluster whose scheduler is at this address, as `tcp://10.0.0.5:8786`.

    Raises AllocationError where nobody answers within `PATIENCE`, or no worker is there within as long again.
    """
    if problem := wrong_address(address):
        raise AllocationError(problem)
    client = _connected(address)

    def threads() -> int:
        return _in_time(lambda: _threads(client)) or 0

    @contextmanager
    def hired(sweep: Sweep) -> Iterator[Crew]:
        held = _in_time(lambda: client.scatter(sweep, broadcast=True))
        yield Crew(client.get_executor(pure=False), sweep if held is None else held, OUT * max(1, threads()))

    try:
        _in_time(lambda: client.wait_for_workers(1, timeout=PATIENCE))
        if not threads():
            slots = {"address": address, "seconds": PATIENCE}
            raise AllocationError(Problem("sweep.cluster_empty", slots, "--cluster"))
        yield Workers(hired, lambda: threads() > 0)
    finally:
        _in_time(client.close)


def wrong_address(address: str) -> Problem | None:
    """What is wrong with the address as it is written."""
    try:
        parts = urlsplit(_with_scheme(address))
        right = parts.scheme in SCHEMES and parts.hostname and parts.port and parts.path in ("", "/")
    except ValueError:  # a port that is no number, a bracket that is not closed
        right = False
    return None if right else Problem("sweep.cluster_address", {"address": address}, "--cluster")


def _with_scheme(address: str) -> str:
    return address.strip() if "://" in address else f"tcp://{address.strip()}"


def _connected(address: str) -> Client:
    try:
        import distributed
    except ImportError:
        raise AllocationError(Problem("sweep.no_distributed", where="--cluster")) from None
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in LOUD:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # it is told here, in the reader's language
    whole = _with_scheme(address)
    parts = urlsplit(whole)
    there = parts.hostname or "", parts.port or 0

    def client() -> Client:
        with socket.create_connection(there, PATIENCE):  # where nobody listens this is known at once
            pass
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared by the workers themselves, in `rows_of`
            make: Callable[..., Client] = distributed.Client
            return make(whole, timeout=PATIENCE, set_as_default=False)

    reached = _in_time(client)  # who listens may be no scheduler, and say nothing for ever
    if reached is None:
        raise AllocationError(Problem("sweep.cluster_silent", {"address": address, "seconds": PATIENCE}, "--cluster"))
    return reached


def _threads(client: Client) -> int:
    """Threads of all workers that are there."""
    return sum(client.nthreads().values())


def _in_time(work: Callable[[], Answer]) -> Answer | None:
    """What it gives; None where it fails, or is not done within `PATIENCE`."""
    answers = []

    def go() -> None:
        with suppress(Exception):
            answers.append(work())

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return answers[0] if answers else None
