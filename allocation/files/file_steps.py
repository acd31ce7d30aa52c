"""The steps by which a file comes to the disk, each whole or not at all: filled, synced, put in place, claimed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from allocation.errors import Problem
from allocation.files.file_names import beside, open_elsewhere
from allocation.files.given_files import given_digest


def empty(target: Path) -> Path:
    """A file of ours beside the target, with the rights that the person's umask gives."""
    path = beside(target)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
    return path


def filled(target: Path, content: bytes) -> Path:
    """A file of ours beside the target with this content, on the disk; none where that fails."""
    path = empty(target)
    try:
        path.write_bytes(content)
        sync(path)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    return path


def sync(path: Path) -> None:
    """What was written is on the disk, not only on its way there."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folders(folders: Iterable[Path]) -> None:
    """The names in the folders are on the disk, where a system can say so of a folder."""
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def rename(path: Path, target: Path, back: bool = False) -> bool:
    """Renames over what stands there; nothing is left to do where another put `path` in place.

    `back`: put back; a target that holds the same already stays, and the answer is False. On Windows a reader of a
    moment ago may still hold the target: that passes, what Excel holds does not.
    """
    for count in range(20 if os.name == "nt" else 1, 0, -1):
        try:
            os.replace(path, target)
        except FileNotFoundError:
            if path.exists():
                raise
        except PermissionError:
            if back and digest(path) == digest(target):
                path.unlink()
                return False
            if count == 1:
                raise
            time.sleep(0.05)
            continue
        break
    return True


def claim(path: Path, target: Path) -> bool:
    """Whether what stands in `path` was the first to take the name `target`: a link is made whole, and once only."""
    try:
        os.link(path, target)
        return True
    except FileExistsError:
        return False
    except FileNotFoundError:
        return False  # `path` was put in place by another
    except OSError:  # a disk without links: the name is taken first and filled at once
        try:
            number = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            return False
        try:
            with os.fdopen(number, "wb") as file:
                file.write(path.read_bytes())
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return True


def digest(path: Path) -> str:
    """SHA-256 of a file, empty where there is none."""
    try:
        return given_digest(path)
    except FileNotFoundError:
        return ""


def refused_by(target: Path, error: OSError) -> Problem:
    """Why a file could not be put in place."""
    return open_elsewhere(target) if isinstance(error, PermissionError) else failed(target, error)


def failed(target: Path, error: OSError) -> Problem:
    return Problem("workbook.write_failed", {"detail": getattr(error, "strerror", None) or error}, str(target))
