"""The desk: the folder a person works in, and the files that lie there.

A name that comes from a browser never becomes a path: it is looked up among the files that are there, or, of a file
that is handed in, cut down to a plain name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PureWindowsPath

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.file_names import LONGEST_NAME
from allocation.files.given_files import given_bytes
from allocation.files.text_out import file_name
from allocation.files.whole_files import bytes_writer, place
from allocation.texts import LANGUAGES, in_brackets

KEPT = ".allocation-page"  # the folder of what is typed and not yet saved, in that of the desk
DEEPEST = 4  # folders within the desk's that are looked through
MOST = 5_000  # files that are listed
PARTING = "\0/\\:" if os.name == "nt" else "\0/"  # signs that are in no name
SHOWN = 60  # signs of a name that can be none


@dataclass(frozen=True)
class Desk:
    folder: Path

    @property
    def kept(self) -> Path:
        return self.folder / KEPT

    def stands(self) -> None:
        """Raises where the folder itself is gone: an empty desk would be no truth."""
        if not self.folder.is_dir():
            raise AllocationError(Problem("page.desk_gone", where=str(self.folder)))

    def files(self) -> dict[str, Path]:
        """What lies on the desk, by its path below the folder, with `/`; hidden files and folders are left out.

        Of more than are listed those that lie higher come first.
        """
        return self.listed()[0]

    def listed(self) -> tuple[dict[str, Path], bool]:
        """The same, and whether there are more."""
        paths = [*islice(_below(self.folder, DEEPEST), MOST + 1)]
        named = {path.relative_to(self.folder).as_posix(): path for path in paths[:MOST]}
        return dict(sorted(named.items())), len(paths) > MOST

    def at(self, name: str) -> Path | None:
        """The file of that name, were it not listed among so many; None of whatever is no file that could be.

        Every part of the name is one of a folder or of the file itself; no link is followed.
        """
        parts = name.split("/")
        if len(parts) > DEEPEST + 1 or not all(map(is_plain, parts)) or any(map(_aside, parts)):
            return None
        path = self.folder
        try:
            for part in parts[:-1]:
                path /= part
                if not stat.S_ISDIR(path.lstat().st_mode):
                    return None
            path /= parts[-1]
            return path if stat.S_ISREG(path.lstat().st_mode) else None
        except OSError:
            return None

    def file(self, name: str) -> Path:
        """The file of that name. Raises where there is none."""
        path = self.at(name)
        if path is None:
            raise AllocationError(Problem("page.no_file", {"name": told_name(name)}))
        return path

    def target(self, name: str) -> Path:
        """Where something is to be written: within the desk, however it is spelt and wherever its links lead.

        Raises where that lies outside, or among what is hidden.
        """
        path = PureWindowsPath(name)
        whole = all(map(is_plain, path.parts)) and not path.drive and not path.root
        if not whole or any(part.startswith(".") for part in path.parts) or not self._holds(name):
            raise AllocationError(Problem("page.outside", {"name": told_name(name)}))
        return self.folder / name

    def _holds(self, name: str) -> bool:
        try:
            return (self.folder / name).resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError):  # a link that leads to itself, a name too long
            return False

    def take(self, name: str, data: bytes, folder: str = "") -> str:
        """Puts a file that was handed in on the desk, or in a folder there, and gives the name it has.

        The same file again stays as it is, wherever on the desk it lies; another one of the same name is put beside it:
        none is written over.
        """
        plain = PureWindowsPath(name).name
        if plain.startswith((".", "~$")):
            raise AllocationError(Problem("page_read.hidden", {"name": plain}))
        within = file_name(PureWindowsPath(folder).name) if folder else ""
        if within:
            self.target(within)
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


def is_plain(part: str) -> bool:
    """Whether it can be the name of a file or folder: no path, nothing that no disk would hold."""
    odd = any(sign in PARTING or "\ud800" <= sign <= "\udfff" for sign in part)
    return part.strip() not in ("", ".", "..") and not odd and len(part.encode("utf-8")) <= LONGEST_NAME


def told_name(name: str) -> str:
    """As much of a name as a message can show."""
    shown = "".join(sign if sign.isprintable() else "□" for sign in name[: SHOWN + 1])
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"


def _aside(name: str) -> bool:
    """Whether nobody is to see it: hidden, or a program's own."""
    return name.startswith((".", "~$")) or name in ("node_modules", "__pycache__")


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """The files of a folder by name, then those of the folders within, level by level; links are not followed."""
    level = [folder]
    for _ in range(depth + 1):
        deeper: list[Path] = []
        for each in level:
            try:
                entries = sorted(os.scandir(each), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                if _aside(entry.name):
                    continue
                if entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    deeper.append(Path(entry.path))
        level = deeper
