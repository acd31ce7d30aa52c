"""Which case a name means: a case workbook, or a case as TOML."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from allocation.case import CaseFile
from allocation.opening.case_toml import is_case_toml, read_case_toml
from allocation.tables.grid import read_bytes

BOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")


def case_at(name: str) -> CaseFile | None:
    """The case that a path names; None for the name or the file of a model.

    Raises AllocationError where the workbook is none, or with all that is wrong with it.
    """
    path = Path(name)
    if path.suffix.lower() in BOOKS:
        return _book(path, hashlib.sha256(read_bytes(path)).hexdigest())
    if path.suffix.lower() == ".toml" and path.is_file() and is_case_toml(path):
        return read_case_toml(path)
    return None


@lru_cache(maxsize=8)
def _book(path: Path, sha256: str) -> CaseFile:
    """A book is read once a command, as long as its bytes are the same."""
    from allocation.opening.case_book import read_case_book

    return read_case_book(path)
