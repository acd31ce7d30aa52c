"""Where products go: what a person wrote after --out, one rule for every command.

A folder is meant where one of that name is there, whatever the name, where it ends in a slash or backslash, and where
it has no ending that files have (`outputs`, `2024.3`): it is made if need be. `结果.xlsx` that is no folder is a file.
"""

from __future__ import annotations

import os
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.file_names import refused

ENDINGS = frozenset(
    (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt", ".json", ".toml")
    + (".pdf", ".doc", ".docx", ".wps", ".rtf", ".zip", ".html", ".htm", ".md")
)  # of files that people name; what ends otherwise is a folder, as 2024.3


@dataclass(frozen=True)
class Destination:
    """A folder, or, where `is_file`, one file in it."""

    path: Path
    is_file: bool = False

    @property
    def folder(self) -> Path:
        return self.path.parent if self.is_file else self.path

    def file(self, name: str, *endings: str) -> Path:
        """The file asked for, else one called `name` in the folder.

        Raises where it is to end otherwise than `name` does, or than one of `endings`.
        """
        path, allowed = self.named(name), endings or (Path(name).suffix,)
        if path.suffix.lower() not in allowed:
            slots = {"ending": path.suffix, "allowed": " / ".join(allowed)}
            raise AllocationError(Problem("files.other_ending", slots, path.as_posix()))
        return path

    def named(self, name: str) -> Path:
        """The same, whatever its ending."""
        return self.path if self.is_file else self.path / name

    def only_folder(self) -> Path:
        """The folder. Raises where a file was named: what is written has names of its own."""
        if self.is_file:
            folder = self.path.parent.as_posix()
            raise AllocationError(Problem("files.needs_folder", {"folder": folder}, self.path.as_posix()))
        return self.path


def destination(typed: str | os.PathLike[str]) -> Destination:
    """What was typed, as a folder or a file. Raises for a name that no system would hold."""
    text = os.fsdecode(typed)
    plain = text.rstrip("/\\") or text
    path = Path(plain)
    if problem := refused(path):
        raise AllocationError(problem)
    return Destination(path, plain == text and not path.is_dir() and path.suffix.lower() in ENDINGS)
