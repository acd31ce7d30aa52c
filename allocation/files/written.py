"""What the running command has put in place so far: only where that is nothing may a message say so."""

from __future__ import annotations

from pathlib import Path

WRITTEN: list[Path] = []  # whole files under their own names, in the order in which they came


def written(path: Path) -> None:
    """A file now stands under its own name."""
    WRITTEN.append(Path(path))
