"""How far a file may lie that is read for whoever asks.

Who types a command may name any. For a page nothing is sought on another machine: to ask for `\\\\server\\share` sends
that server what proves who the user is. For an office server only the desk, the shelf and its own temporary folder are
there: whoever has its token is not its user. A name is judged before the system is asked anything about it.
"""

from __future__ import annotations

import ntpath
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from allocation.errors import AllocationError, Problem
from allocation.files.file_names import DEVICES
from allocation.files.folders import folders

REACH = "ALLOCATION_REACH"  # in the environment of a page, and so of every process it begins: how far, and its desk
MACHINE, DESK = "machine", "desk"
SHELF = ("models", "inputs", "templates")


def keep_within(reach: str, desk: Path) -> None:
    """From now on this process and all it begins read no farther than MACHINE or DESK."""
    os.environ[REACH] = f"{reach}:{desk}"
    _homes.cache_clear()


def reached(path: Path, where: str = "") -> Path:
    """The path itself. Raises AllocationError where it lies too far; `where` names it, if not the path."""
    if message := _too_far(str(path)):
        raise AllocationError(Problem(message, {"name": path.name or str(path)}, where or str(path)))
    return path


def in_reach(path: Path) -> bool:
    return not _too_far(str(path))


def of_page() -> bool:
    """Whether a page reads here, or a process that it began."""
    return bool(os.environ.get(REACH))


def off_desk(path: Path) -> bool:
    """Whether a page reads it from beyond its own folders."""
    desk = os.environ.get(REACH, "").partition(":")[2]
    return bool(desk) and not is_below(os.path.realpath(path), _homes(desk))


def _too_far(name: str) -> str:
    """The id of the message that says why it may not be read; empty where it may."""
    reach, _, desk = os.environ.get(REACH, "").partition(":")
    if not reach or "\0" in name:  # no system has a file of such a name
        return ""
    homes = _homes(desk)
    if is_below(name, homes) and not is_foreign(name, homes):
        # a link leads where it leads; one of the user's own to elsewhere on the machine is the user's
        return "" if reach == MACHINE or is_below(os.path.realpath(name), homes) else "files.outside_desk"
    if is_foreign(name, homes):
        return "files.other_machine"
    return "" if reach == MACHINE else "files.outside_desk"


@lru_cache(maxsize=4)
def _homes(desk: str) -> tuple[str, ...]:
    """The desk, the shelf as it was when first asked for, and where temporary files are put."""
    shelf = [folder for kind in SHELF for folder in folders(kind)]
    every = (Path(desk), Path(tempfile.gettempdir()), *shelf)
    return tuple(dict.fromkeys(way for path in every for way in (os.path.abspath(path), os.path.realpath(path))))


def is_below(name: str, homes: tuple[str, ...], system: ModuleType = os.path) -> bool:
    """Whether a path, as far as its text tells, lies in one of these folders."""
    whole = system.normcase(system.abspath(name))
    return any(whole == home or whole.startswith(home.rstrip(system.sep) + system.sep)
               for home in map(system.normcase, homes))  # fmt: skip


def is_foreign(name: str, homes: tuple[str, ...], system: ModuleType = os.path) -> bool:
    """Whether Windows would ask another machine or a device for it, or for a stream beside a file; a desk may lie on
    another machine itself."""
    if system is not ntpath:
        return False
    drive, rest = ntpath.splitdrive(ntpath.abspath(name))
    stems = (part.partition(".")[0].rstrip() for part in rest.split("\\"))
    odd = ":" in rest or any(map(DEVICES.fullmatch, stems))
    return odd or drive.startswith("\\\\") and not is_below(name, homes, system)
