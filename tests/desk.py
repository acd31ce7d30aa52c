"""What the plain test command leaves to CI: every family is tried on a desk too, by fewer of its members."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

IN_CI = os.environ.get("CI") == "true"
COSTLY = ("documents", "hands", "models", "notebooks", "opening", "readings", "study", "week", "workbook")
ONE_IN = 3  # tests of a file of these folders, when nobody asked for files of his own
Member = TypeVar("Member")
Test = TypeVar("Test")


def of_costly_folders(tests: Iterable[Test], path_of: Callable[[Test], Path]) -> list[Test]:
    """Those that a plain test command leaves out: of every file of these folders all but one test in so many."""
    seen: dict[Path, int] = {}
    left = []
    for test in tests:
        path = path_of(test)
        if path.parent.name in COSTLY:
            seen[path] = seen.get(path, 0) + 1
            if seen[path] % ONE_IN != 1:
                left.append(test)
    return left


def some(members: Iterable[Member], on_a_desk: int) -> list[Member]:
    """All of them where CI runs; on a desk so many, spread over all, the first among them."""
    every = list(members)
    return every if IN_CI else every[:: max(1, -(-len(every) // on_a_desk))]


def examples(in_ci: int) -> int:
    """How many examples Hypothesis tries: a quarter on a desk, three at least."""
    return in_ci if IN_CI else max(3, in_ci // 4)
