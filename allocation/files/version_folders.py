"""Where the versions lie that a step may rest on: in the folder of its products, and in the folders around."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from allocation.files.folders import OUT, VERSIONS, apart
from allocation.files.reach import in_reach

MOST = 200  # folders beside a case that are looked into


def versions_near(out: Path | None, case: Path | None) -> tuple[list[Path], list[Path]]:
    """The folders of versions that are there: in `out`; and where versions usually are, or in folders of the one that
    one works in, or in which the `case` lies. A page follows no link to beyond what it may read.
    """
    near = [OUT]
    for folder in (Path(), *([case.parent] if case else [])):
        with suppress(OSError):
            every = (path for path in folder.iterdir() if in_reach(path.absolute()))
            below = (path for path in every if path.is_dir() and not path.name.startswith("."))
            near += sorted(below)[:MOST]
    first, others = ([place / VERSIONS for place in places] for places in ([out or OUT], near))
    return apart(first), apart(others)
