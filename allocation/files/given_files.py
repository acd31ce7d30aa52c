"""The one door through which a file that a person names is read: only a regular file of a size that is allowed.

A pipe, a socket or a device may never end or never begin: what is no regular file is refused before it is opened. So is
what lies farther than whoever asks may reach (reach.py).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any, TypeVar

from allocation.errors import AllocationError, Problem
from allocation.files.limits import FILE_BYTES, JSON_BYTES, JSON_PARTS, TEXT_NESTING
from allocation.files.reach import reached

_MIB = 2**20
Nested = TypeVar("Nested")


def given_bytes(path: str | Path, most: int = FILE_BYTES) -> bytes:
    """What the file holds. OSError as from `open`; AllocationError where it is no regular file, has over `most` or
    lies too far."""
    try:
        kind = os.stat(reached(Path(path))).st_mode
    except ValueError as error:  # a NUL within the name
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from error
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise AllocationError(Problem("files.not_regular", where=str(path)))
    with open(path, "rb") as file:
        data = file.read(most + 1)  # what a file says of its own size need not be true
    if len(data) > most:
        raise AllocationError(Problem("files.too_large", {"most": size_text(most)}, str(path)))
    return data


def given_digest(path: str | Path) -> str:
    """SHA-256 of what the file holds; raises as `given_bytes` does."""
    return hashlib.sha256(given_bytes(path)).hexdigest()


def given_json(path: str | Path) -> Any:
    """The value of a JSON file. ValueError where it is none that this program would write; else as `given_bytes`."""
    return json_value(given_bytes(path, JSON_BYTES))


def size_text(count: int) -> str:
    """So many bytes in the unit people read."""
    return f"{count // _MIB} MB" if count >= _MIB else f"{count // 1024} KB"


def json_value(text: str | bytes) -> Any:
    """The value of a JSON text, of a form that only its reader can judge. ValueError for whatever is none that this
    program would write."""
    count = text.count(b"[") + text.count(b"{") if isinstance(text, bytes) else text.count("[") + text.count("{")
    if count > JSON_PARTS:
        raise ValueError("too many parts")
    try:
        return shallow(json.loads(text))
    except RecursionError:
        raise ValueError("too deep") from None


def shallow(value: Nested) -> Nested:
    """The value of a TOML or JSON text. ValueError where it nests deeper than is allowed."""
    level: list[object] = [value]
    depth = 0
    while level := [part for entry in level if isinstance(entry, dict | list) for part in _parts(entry)]:
        depth += 1
        if depth > TEXT_NESTING:
            raise ValueError("too deep")
    return value


def _parts(value: dict[str, object] | list[object]) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else value
