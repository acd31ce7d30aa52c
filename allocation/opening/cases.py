"""Which case a name means: a case workbook, or a case as TOML."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from allocation.case import CaseFile
from allocation.errors import AllocationError
from allocation.files.reach import in_reach, reached
from allocation.opening.additions import with_additions
from allocation.opening.case_toml import is_case_toml, read_case_toml
from allocation.tables.grid import open_grid, read_bytes

BOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")


def case_at(name: str) -> CaseFile | None:
    """The case that a path names, with what its side file adds; None for the name or the file of a model.

    Raises AllocationError where the workbook is none, or with all that is wrong with it.
    """
    path = reached(Path(name))
    if path.suffix.lower() in BOOKS:
        return None if is_result(name) else with_additions(case_alone(path))
    if path.suffix.lower() == ".toml" and path.is_file() and is_case_toml(path):
        return with_additions(case_alone(path))
    return None


def is_case(path: Path) -> bool:
    """Whether a file is a case; False for one that is not there."""
    from allocation.opening.case_book import is_case_book

    if not (in_reach(path) and path.is_file()):
        return False
    return is_case_toml(path) if path.suffix.lower() == ".toml" else path.suffix.lower() in BOOKS and is_case_book(path)


def is_result(name: str) -> bool:
    """Whether a name is that of a workbook of this program's that holds the record of a run."""
    path = Path(name)
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not (in_reach(path) and path.is_file()):
        return False
    return _holds_record(path, hashlib.sha256(read_bytes(path)).hexdigest())


@lru_cache(maxsize=8)
def _holds_record(path: Path, sha256: str) -> bool:
    from allocation.record.record import RUN, VERSION
    from allocation.tables.results import record_in

    try:
        record = record_in(open_grid(path, read_bytes(path)))
    except AllocationError:
        return False
    return record is not None and record.kind in (RUN, VERSION)


def case_alone(path: Path) -> CaseFile:
    """The case of a file, without its side file. Raises AllocationError as `case_at` does."""
    if path.suffix.lower() == ".toml":
        return read_case_toml(path)
    return _book(path, hashlib.sha256(read_bytes(path)).hexdigest())


@lru_cache(maxsize=8)
def _book(path: Path, sha256: str) -> CaseFile:
    """A book is read once a command, as long as its bytes are the same."""
    from allocation.opening.case_book import read_case_book

    return read_case_book(path)
