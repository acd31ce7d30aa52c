"""Progress on stderr with the time left: Rich where it is installed and people watch, else a plain line at times."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from allocation.commands.screen import Screen

EVERY = {True: 0.5, False: 30}  # seconds between two lines, on a terminal and in a log
QUIET = 2  # seconds of which nothing is said


@contextmanager
def progress(runs: int, screen: Screen) -> Iterator[Callable[[int], None]]:
    """What it gives is called with the runs done; the first call says how many were done before."""
    if sys.stderr.isatty():
        try:
            with _rich(runs, screen) as report:
                yield report
            return
        except ImportError:
            pass
    line = _Plain(runs, screen, sys.stderr.isatty() or screen.reader == "page")
    try:
        yield line.report
    finally:
        line.end()


@contextmanager
def _rich(runs: int, screen: Screen) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    words = TextColumn(screen.say("sweep.progress")), TextColumn(screen.say("sweep.left"))
    shown = (words[0], BarColumn(), MofNCompleteColumn(), words[1], TimeRemainingColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=runs)
        yield lambda done: bar.update(task, completed=done)


class _Plain:
    def __init__(self, runs: int, screen: Screen, terminal: bool):
        self.runs, self.screen, self.terminal = runs, screen, terminal
        self.start = self.told = monotonic()
        self.before: int | None = None
        self.length = 0

    def report(self, done: int) -> None:
        now = monotonic()
        self.before = done if self.before is None else self.before
        if now - self.start < QUIET or now - self.told < EVERY[self.terminal] or done == self.before:
            return
        self.told = now
        seconds = (now - self.start) / (done - self.before) * (self.runs - done)
        text = self.screen.say("sweep.plain_progress", done=done, runs=self.runs, left=time_left(seconds, self.screen))
        end = "\r" if self.terminal else "\n"
        sys.stderr.write(text.ljust(self.length) + end)
        sys.stderr.flush()
        self.length = len(text)

    def end(self) -> None:
        if self.terminal and self.length:
            sys.stderr.write(" " * 2 * self.length + "\r")


def time_left(seconds: float, screen: Screen) -> str:
    """Rounded up: 40 s, 3 min, 1.5 h."""
    if seconds < 60:
        return screen.say("sweep.seconds", count=int(seconds) + 1)
    if seconds < 3600:
        return screen.say("sweep.minutes", count=int(seconds / 60) + 1)
    return screen.say("sweep.hours", count=f"{seconds / 3600:.1f}")
