"""Files that a cell names: they lie in the folder of the table, under that name however wide its signs are."""

from __future__ import annotations

from pathlib import Path

from allocation.files.reach import in_reach
from allocation.tables.spelling import tidy


def file_named(folder: Path, name: str) -> Path | None:
    """The file of that name in `folder`, or of one that reads the same: cells are read with half-width signs."""
    exact = folder / name
    if not in_reach(exact):
        return None
    try:
        if exact.is_file():
            return exact
        return next(
            (file for file in sorted(folder.iterdir()) if tidy(file.name) == tidy(name) and file.is_file()), None
        )
    except (OSError, ValueError):  # a name no disk can hold, a folder that cannot be listed
        return None


def file_names(folder: Path) -> list[str]:
    """What lies in a folder; nothing where it cannot be listed."""
    try:
        return [] if not in_reach(folder) else sorted(file.name for file in folder.iterdir() if file.is_file())
    except OSError:
        return []
