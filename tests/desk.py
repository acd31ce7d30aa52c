"""What the plain test command leaves to CI: every family is tried on a desk too, by fewer of its members."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

IN_CI = os.environ.get("CI") == "true"
COSTLY = ("documents", "hands", "models", "notebooks", "opening", "page", "readings", "study", "week", "workbook")
ONE_IN = 10  # tests of a file of these folders, when nobody asked for files of his own: three minutes on two cores
STARTED = (
    "libreoffice",
    "chromium",
)  # in the names of files whose tests start it: a start takes as long as a hundred tests
Member = TypeVar("Member")
Test = TypeVar("Test")


def starts(path: Path) -> bool:
    """Whether the tests of a file start a program of their own."""
    return any(program in path.stem for program in STARTED)


def without_most_of_costly_folders(tests: Iterable[Test], path_of: Callable[[Test], Path]) -> list[Test]:
    """What a plain test command tries: of every file of these folders one test in so many, all of the others; none
    that starts LibreOffice or a browser."""
    seen: dict[Path, int] = {}
    kept = []
    for test in tests:
        path = path_of(test)
        if starts(path):
            continue
        seen[path] = seen.get(path, 0) + 1
        if path.parent.name not in COSTLY or seen[path] % ONE_IN == 1:
            kept.append(test)
    return kept


def some(members: Iterable[Member], on_a_desk: int) -> list[Member]:
    """All of them where CI runs; on a desk so many, spread over all, the first among them."""
    every = list(members)
    return every if IN_CI else every[:: max(1, -(-len(every) // on_a_desk))]


def examples(in_ci: int) -> int:
    """How many examples Hypothesis tries: a quarter on a desk, three at least."""
    return in_ci if IN_CI else max(3, in_ci // 4)
