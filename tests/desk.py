"""What the plain test command leaves to CI: every family is tried on a desk too, by fewer of its members."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

IN_CI = os.environ.get("CI") == "true"
Member = TypeVar("Member")


def some(members: Iterable[Member], on_a_desk: int) -> list[Member]:
    """All of them where CI runs; on a desk so many, spread over all, the first among them."""
    every = list(members)
    return every if IN_CI else every[:: max(1, -(-len(every) // on_a_desk))]


def examples(in_ci: int) -> int:
    """How many examples Hypothesis tries: a quarter on a desk, three at least."""
    return in_ci if IN_CI else max(3, in_ci // 4)
