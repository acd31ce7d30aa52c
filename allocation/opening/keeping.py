"""What is kept of a case: which files it is, by hash, and the very bytes of them beside a version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from allocation.case import CaseFile, Facts
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_bytes, given_digest
from allocation.record.record import CaseKept, FileKept


def kept_facts(case: CaseFile, used: Path | None = None) -> Facts:
    """The facts of a case; of a bureau's own, with which files it is now. `used`: the table read instead of its own."""
    return replace(case.facts, of_case=not case.sample, kept=None if case.sample else case_kept(case, used))


def case_kept(case: CaseFile, used: Path | None = None) -> CaseKept:
    """The book, its side file and the files that it names, as they are now; one that cannot be read is left out."""
    hashes: dict[str, str] = {}
    for name, path in case_files(case, used).items():
        try:
            hashes[name] = given_digest(path)
        except (OSError, AllocationError):
            continue  # reading it says what is wrong
    beside = tuple(FileKept(name, sha256) for name, sha256 in hashes.items() if name != case.path.name)
    return CaseKept(case.path.name, hashes.get(case.path.name, ""), beside)


def case_files(case: CaseFile, used: Path | None = None) -> dict[str, Path]:
    """The files that a case is, the book first, by the name from its folder; of one that lies elsewhere its own name.

    The last is the table that was `used` instead of its own: an archive without it could not be calculated again.
    Vouchers are none of them: the record has their hashes.
    """
    paths = [path for path in (case.path, case.added, case.table, *case.given.values()) if path]
    if used and used.resolve() not in [path.resolve() for path in paths]:
        paths.append(used)
    files: dict[str, Path] = {}
    for path in dict.fromkeys(paths):
        name = _name(path, case.path.parent)
        while name in files:
            name = PurePosixPath(name).with_name(f"_{PurePosixPath(name).name}").as_posix()
        files[name] = path
    return files


def name_in_case(case: CaseFile) -> str:
    """How the table of a case is called among its files."""
    return _name(case.table, case.path.parent)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) and ".." not in path.parts else path.name


def copied(sources: Mapping[str, Path], kept: CaseKept, folder: Path) -> dict[Path, Callable[[Path], None]]:
    """Writers of the kept files of a case into `folder`, byte for byte; each stops where it was changed."""
    return {folder / name: _copy(sources[name], sha256) for name, sha256 in kept.files.items() if name in sources}


def _copy(source: Path, sha256: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        try:
            data = given_bytes(source)
        except OSError as error:
            raise AllocationError(Problem("versions.case_moved", {"file": source.name}, source.as_posix())) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise AllocationError(Problem("versions.case_moved", {"file": source.name}, source.as_posix()))
        path.write_bytes(data)

    return write


def is_inside(name: str) -> bool:
    """Whether a name in a register stays within its folder."""
    path = PurePosixPath(name)
    return (
        bool(path.parts)
        and path.as_posix() == name
        and not path.is_absolute()
        and ".." not in path.parts
        and not ({*name} & {"\\", ":", "\0"})
    )
