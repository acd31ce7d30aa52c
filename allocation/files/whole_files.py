"""Files put in place: complete, together and on the disk, or not at all, whenever a kill or a power cut comes.

What is written stands beside its target under a name of ours until all of it is on the disk. Where several files belong
together, a plan of what is still to be renamed is then laid down in their folder.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from allocation.errors import AllocationError, Problem
from allocation.files.file_names import none_open, refused
from allocation.files.file_plans import FilePlan, Overtaken, Unfinished, carry_out, finish, mend, plan_of
from allocation.files.file_steps import claim, digest, empty, failed, filled, refused_by, rename, sync, sync_folders
from allocation.files.written import written

TRIES = 200
NO_FOLDER = (None, errno.ENOENT, errno.EACCES, errno.ENOTDIR, errno.EROFS)
OURS = ".allocation-"  # how the names of all that is not yet in place begin
Write = Callable[[Path], None]
T = TypeVar("T")


def place(writers: Mapping[Path, Write], claimed: Collection[Path] = ()) -> None:
    """Writes every file beside its target first, then puts all in place: complete or untouched.

    `claimed`: those among them that must not exist yet, in the order in which they are claimed. Raises Overtaken where
    another has made one of these, and AllocationError where anything cannot be written, a target that Excel holds open
    among them.
    """
    problems = [problem for target in writers if (problem := refused(target))]
    if problems:
        raise AllocationError(problems)
    temporary: dict[Path, Path] = {}
    folders: list[Path] = []
    plan = None
    try:
        for folder in dict.fromkeys(target.parent for target in writers):
            _make(folder, folders)
            mend(folder)
        for target, write in writers.items():
            temporary[target] = _beside(target)
            _written(temporary[target], target, write)
        none_open([target for target in writers if target not in claimed])
        if len(temporary) == 1 and not claimed:
            _put_alone(*next(iter(temporary.items())))
        else:
            plan = plan_of(temporary, claimed)
            sync_folders(target.parent for target in temporary)
            _lay(plan)
            carry_out(plan)
        _tell(temporary)
        folders.clear()
    except (KeyboardInterrupt, Unfinished):
        _tell(temporary)
        raise
    finally:
        if plan is None or not plan.stands:  # or they wait for whoever comes next
            for path in temporary.values():
                with suppress(OSError):
                    path.unlink()
            for folder in reversed(folders):
                with suppress(OSError):  # another may have put something there meanwhile
                    folder.rmdir()


def put_aside(path: Path, target: Path) -> None:
    """Moves a file to a name that is free, its bytes as they are. Raises where that cannot be."""
    _make(target.parent, [])
    try:
        none_open([path])
        if claim(path, target):
            sync_folders([target.parent])
            path.unlink()
    except OSError as error:
        raise AllocationError(refused_by(path, error)) from None


def in_turn(attempt: Callable[[], T]) -> T:
    """What `attempt` gives; it plans on what is there and places, and does so again where another was first."""
    for count in range(TRIES):
        try:
            return attempt()
        except Overtaken:
            time.sleep(secrets.randbelow(20 * min(count + 1, 10)) / 1000)
    raise AllocationError(Problem("files.overtaken"))


def _make(folder: Path, added: list[Path]) -> None:
    """The folder with those above it; what had to be made joins `made`."""
    above = [folder, *folder.parents]
    try:
        for parent in reversed(above):
            if not parent.exists():
                with suppress(FileExistsError):
                    parent.mkdir()
                    added.append(parent)
        if not folder.is_dir():
            raise NotADirectoryError
    except OSError:
        raise AllocationError(_no_folder(folder)) from None


def _no_folder(folder: Path) -> Problem:
    file = next((path for path in [folder, *folder.parents] if path.is_file()), None)
    return Problem("workbook.not_folder" if file else "workbook.cannot_write", where=str(file or folder))


def _beside(target: Path) -> Path:
    if target.is_dir():
        raise AllocationError(Problem("workbook.target_folder", where=str(target)))
    try:
        if not stat.S_ISREG(os.stat(target).st_mode):
            raise AllocationError(Problem("files.not_regular", where=str(target)))
    except FileNotFoundError:
        pass
    except OSError as error:  # a link that leads to itself
        if error.errno not in NO_FOLDER:
            raise AllocationError(failed(target, error)) from None
    try:
        return empty(target)
    except OSError as error:
        raise AllocationError(
            _no_folder(target.parent) if error.errno in NO_FOLDER else failed(target, error)
        ) from None


def _written(path: Path, target: Path, write: Write) -> None:
    try:
        write(path)
        sync(path)
    except OSError as error:
        raise AllocationError(failed(target, error)) from None


def _tell(temporary: Mapping[Path, Path]) -> None:
    """Says of each target that stands under its own name that this process wrote it, whoever carried the plan out."""
    for target, path in temporary.items():
        if not path.exists() or digest(path) == digest(target):  # put in place, or claimed
            written(target)


def _put_alone(target: Path, path: Path) -> None:
    """One file needs no plan: it is renamed or it is not."""
    try:
        rename(path, target)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise AllocationError(refused_by(target, error)) from None
    sync_folders([target.parent])


def _lay(plan: FilePlan) -> None:
    """The plan, where no other stands; one that does is carried out first."""
    try:
        laid = filled(plan.path, plan.text)
    except OSError as error:
        raise AllocationError(failed(plan.path, error)) from None
    try:
        for _ in range(TRIES):
            if claim(laid, plan.path):
                return
            finish(plan.path.parent)
        raise AllocationError(Problem("files.overtaken"))
    except OSError as error:
        raise AllocationError(failed(plan.path, error)) from None
    finally:
        with suppress(OSError):
            laid.unlink()


def records(folder: Path) -> list[Path]:
    """The JSON files of a folder by name; one that is still being written, or was never finished, is none of them."""
    return sorted(path for path in folder.glob("*.json") if not path.name.startswith(OURS))


def holds(path: Path) -> bool:
    """Whether a file stands here, or a folder with anything in it but what a process that was killed left."""
    return not path.is_dir() or any(not file.name.startswith(OURS) for file in path.iterdir())


def bytes_writer(data: bytes) -> Write:
    """Writes what was put together beforehand."""

    def write(path: Path) -> None:
        path.write_bytes(data)

    return write
