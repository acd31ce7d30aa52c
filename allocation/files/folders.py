"""Where files with a plain name are sought: the folder one works in, a house above it, then what came with the program.

A *house* is a folder whose `models/` holds model files; `inputs/` and `templates/` stand beside it. A clone is one, and
a wheel brings one inside the package.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path

from allocation.patterns import LatePattern
from allocation.texts import Both, both

VERSIONS = "versions"  # the folder, in that of the products, of all that was numbered
OUT = Path("outputs")  # where products go when nobody says where
HEAD = LatePattern(rb"^\s*\[\s*model\s*\]", re.M)  # what makes a TOML file a model


@lru_cache(maxsize=1)
def shipped() -> Path:
    """The house that came with the program: inside the package of a wheel, around it in a clone."""
    package = Path(str(resources.files("allocation")))
    return package if (package / "models").is_dir() else package.parent


def house() -> Path | None:
    """The nearest house at or above the folder one works in, none when there is only the shipped one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if _holds_models(folder / "models")), None)


def folders(kind: str) -> list[Path]:
    """Folders called `models`, `inputs` or `templates` that are looked through, the first one's files coming first."""
    return apart([*own_folders(kind), shipped() / kind])


def own_folders(kind: str) -> list[Path]:
    """Those of the folder one works in and of the house above it, as a person would type them; not the shipped one."""
    near = house()
    return apart([Path(kind), *([_as_typed(near / kind)] if near else [])])


def apart(places: list[Path]) -> list[Path]:
    """Those that are there, each once, under the name it has first."""
    first = {place.resolve(): place for place in reversed(places)}
    return [place for place in places if place.is_dir() and first[place.resolve()] is place]


def searched(kind: str) -> list[str | Both] | str:
    """What was looked through, as a person is told: those of theirs by path, the shipped one in words."""
    in_package = shipped() / kind
    words = both("model.shipped_folder", kind=kind)
    return [words if place.resolve() == in_package.resolve() else place.as_posix() for place in folders(kind)] or "—"


def _holds_models(folder: Path) -> bool:
    """Whether one of its TOML files is a model: somebody's other folder of this name is passed over."""
    return folder.is_dir() and any(HEAD.search(_beginning(file)) for file in sorted(folder.glob("*.toml")))


def _beginning(file: Path) -> bytes:
    try:
        if not file.is_file():
            return b""
        with file.open("rb") as held:
            return held.read(20_000)
    except OSError:  # no model that one could read
        return b""


def _as_typed(folder: Path) -> Path:
    try:
        return Path(os.path.relpath(folder))
    except ValueError:  # another drive of Windows
        return folder
