"""The desk: the folder a person works in, and the files that lie there.

A name that comes from a browser never becomes a path: it is looked up among the files that are there, or, of a file
that is handed in, cut down to a plain name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_bytes
from allocation.files.text_out import file_name
from allocation.files.whole_files import bytes_writer, place
from allocation.texts import LANGUAGES, in_brackets

KEPT = ".allocation-page"  # the folder of what is typed and not yet saved, in that of the desk
DEEPEST = 4  # folders within the desk's that are looked through
MOST = 5_000  # files that are listed


@dataclass(frozen=True)
class Desk:
    folder: Path

    @property
    def kept(self) -> Path:
        return self.folder / KEPT

    def files(self) -> dict[str, Path]:
        """What lies on the desk, by its path below the folder, with `/`; hidden files and folders are left out."""
        listed = {path.relative_to(self.folder).as_posix(): path for path in _below(self.folder, DEEPEST)}
        return dict(sorted(listed.items())[:MOST])

    def file(self, name: str) -> Path:
        """The file of that name, as `files` lists it. Raises where there is none."""
        path = self.files().get(name)
        if path is None:
            raise AllocationError(Problem("page.no_file", {"name": name}))
        return path

    def take(self, name: str, data: bytes, folder: str = "") -> str:
        """Puts a file that was handed in on the desk, or in a folder there, and gives the name it has.

        The same file again stays as it is, wherever on the desk it lies; another one of the same name is put beside it:
        none is written over.
        """
        plain = PureWindowsPath(name).name
        if plain.startswith((".", "~$")):
            raise AllocationError(Problem("page_read.hidden", {"name": plain}))
        within = file_name(PureWindowsPath(folder).name) if folder else ""
        if there := self._same(plain, data, within):
            return there
        stem, ending = file_name(PureWindowsPath(plain).stem), PureWindowsPath(plain).suffix[1:]
        ending = f".{file_name(ending)}" if ending else ""
        for number in range(1, MOST):
            named = stem + (in_brackets(str(number), LANGUAGES[0]) if number > 1 else "") + ending
            target = self.folder / within / named
            if not target.exists():
                place({target: bytes_writer(data)}, claimed=(target,))
                return target.relative_to(self.folder).as_posix()
            if target.is_file() and given_bytes(target) == data:
                return target.relative_to(self.folder).as_posix()
        raise AllocationError(Problem("page.too_many", {"name": plain}))

    def _same(self, plain: str, data: bytes, within: str) -> str:
        """The name of the very file where it lies here already; in that folder, where one was named."""
        return next((name for name, path in self.files().items()
                     if path.name == plain and (not within or name == f"{within}/{plain}")
                     and path.stat().st_size == len(data) and given_bytes(path) == data), "")  # fmt: skip


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """The files of a folder and of those within, by name; links are not followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
        elif depth and entry.is_dir(follow_symlinks=False) and entry.name not in ("node_modules", "__pycache__"):
            yield from _below(Path(entry.path), depth - 1)
