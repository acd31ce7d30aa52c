"""What a command was asked, as one object: its body takes that, not an argument for each of its options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TypeVar

Request = TypeVar("Request")


@dataclass(frozen=True, kw_only=True)
class TableRequest:
    """What every command that runs a model on a table is asked (`table_options`)."""

    model: str
    table: Path | None
    sheet: str | None
    year: int | None
    settings: tuple[str, ...]
    reference: bool
    lang: str


def gathered(kind: Callable[..., Request]) -> Callable[[Callable[[Request], int]], Callable[..., int]]:
    """Hands the options of a command on as one `kind`, whose fields have their names."""

    def wrap(command: Callable[[Request], int]) -> Callable[..., int]:
        @wraps(command)
        def gather(**options: object) -> int:
            return command(kind(**options))

        return gather

    return wrap
