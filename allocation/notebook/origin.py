"""Where a run in a notebook came from."""

from __future__ import annotations

from pathlib import Path

from allocation.classes import dataclass


@dataclass(frozen=True)
class Origin:
    """Where a run came from: the files it must not overwrite, the model's folder, none of a result workbook, and the
    command that does the same.
    """

    files: tuple[Path, ...]
    folder: Path | None
    command: str = ""
