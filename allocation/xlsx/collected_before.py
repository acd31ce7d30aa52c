"""The merged table of an earlier collection, kept beside the new one where something hangs on it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.files.given_files import given_bytes, given_digest
from allocation.record import journal
from allocation.record.versions import FOLDER, Version, read_register, recorded


@dataclass(frozen=True)
class Before:
    """What is kept: where, the bytes, and why as a note."""

    path: Path
    content: bytes
    note: Problem


def table_before(book: Path, day: str) -> Before | None:
    """The merged table at `book`, collected on `day`, before it is written anew.

    None where nothing hangs on it: no version was made from these bytes, and they are as the collection wrote them; or
    where it is kept already.
    """
    if not book.exists():
        return None
    content = given_bytes(book)
    digest = hashlib.sha256(content).hexdigest()
    versions = [
        version.both
        for version in read_register(book.parent / FOLDER)
        if digest in _inputs(book.parent / FOLDER, version)
    ]
    of_book = (line for line in journal.logged(book.parent) if (line.action, line.file) == ("collect", book.name))
    wrote = [line.sha256 for line in of_book]
    if not versions and digest in wrote[-1:]:
        return None
    path = _beside(book, day, digest)
    if path.exists():
        return None
    slots = {"path": path.as_posix(), "version": versions[-1] if versions else "", "more": len(versions) - 1 or ""}
    return Before(path, content, Problem("collect.kept_version" if versions else "collect.kept_edited", slots))


def _inputs(folder: Path, version: Version) -> set[str]:
    """SHA-256 of every table a version was made from."""
    held = recorded(folder, version)
    return {kept.sha256 for kept in held.inputs} | {kept.sha256 for kept in held.attached} if held else set()


def _beside(book: Path, day: str, digest: str) -> Path:
    """`reward_collected_2018-03-01.xlsx`; a number behind it where that is another file."""
    stem, number = "_".join(part for part in (book.stem, day) if part), 1
    path = book.with_name(f"{stem}.xlsx")
    while path.exists() and given_digest(path) != digest:
        number += 1
        path = book.with_name(f"{stem}_{number}.xlsx")
    return path
