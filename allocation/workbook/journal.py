"""`journal.csv`: a line for every file that was issued, each tied to the line before it, so that an edit is noticed."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as calendar
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.text_out import tame
from allocation.workbook.writer import place

NAME = "journal.csv"
HEAD = (
    "序号", "日期", "动作", "模型", "年度", "稿次", "文件", "SHA-256", "合计", "说明/原因", "上一行校验", "本行校验",
)  # fmt: skip
Writers = Mapping[Path, Callable[[Path], None]]


@dataclass(frozen=True)
class Entry:
    """One action: `files` are those it wrote, a line each; an action without files has one line."""

    action: str
    files: tuple[Path, ...] = ()
    model: str = ""
    year: int | None = None
    version: str = ""
    total: str = ""
    note: str = ""


def today(date: str = "") -> str:
    """The date given, or today's."""
    return date.strip() or calendar.today().isoformat()


def record(
    folder: Path,
    action: str,
    writers: Writers | None = None,
    *,
    model: str = "",
    year: int | None = None,
    version: str = "",
    total: str = "",
    note: str = "",
    date: str = "",
) -> None:
    """Writes the files of one action and its lines in the journal of `folder`: all of them or nothing."""
    digests: dict[Path, str] = {}
    writers = hashed(writers or {}, digests)
    entry = Entry(action, tuple(writers), model, year, version, total, note)
    place({**writers, folder / NAME: lines(folder, [entry], digests, date)})


def hashed(writers: Writers, digests: dict[Path, str]) -> dict[Path, Callable[[Path], None]]:
    """The same writers; each leaves the SHA-256 of what it wrote in `digests`, by its target."""

    def noting(target: Path, write: Callable[[Path], None]) -> Callable[[Path], None]:
        def noted(path: Path) -> None:
            write(path)
            digests[target] = hashlib.sha256(path.read_bytes()).hexdigest()

        return noted

    return {target: noting(target, write) for target, write in writers.items()}


def lines(
    folder: Path, entries: Sequence[Entry], digests: Mapping[Path, str], date: str = ""
) -> Callable[[Path], None]:
    """A writer for the journal with lines added; to be placed behind the files whose `digests` it holds."""

    def write(path: Path) -> None:
        before = _bytes(folder)
        rows = read(folder)
        last = rows[-1][-1] if rows else _hash(HEAD)
        number = int(rows[-1][0]) if rows and rows[-1][0].isdigit() else len(rows)
        out = io.StringIO()
        writer = csv.writer(out)
        for entry in entries:
            for file in entry.files or (None,):
                number += 1
                cells = [str(number), today(date), *_cells(entry, folder, file, digests), last]
                cells = [tame(cell) for cell in cells]
                last = _hash(cells)
                writer.writerow([*cells, last])
        front = before or "\ufeff".encode() + ",".join(HEAD).encode() + b"\r\n"
        path.write_bytes(front + (b"" if front.endswith(b"\n") else b"\r\n") + out.getvalue().encode())

    return write


def _cells(entry: Entry, folder: Path, file: Path | None, digests: Mapping[Path, str]) -> list[str]:
    name = "" if file is None else file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name
    year = "" if entry.year is None else str(entry.year)
    note = " ".join(entry.note.split())  # a line of the journal is one line
    return [entry.action, entry.model, year, entry.version, name, digests.get(file, ""), entry.total, note]


def read(folder: Path) -> list[list[str]]:
    """The lines of the journal below its header, none where there is no journal yet."""
    path = folder / NAME
    try:
        rows = list(csv.reader(io.StringIO(_bytes(folder).decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        raise AllocationError(Problem("versions.journal_encoding", {}, path.as_posix())) from None
    if rows and tuple(rows[0]) != HEAD:
        raise AllocationError(Problem("versions.journal_head", {}, path.as_posix()))
    return [[*row, *[""] * (len(HEAD) - len(row))] for row in rows[1:] if any(row)]


def _bytes(folder: Path) -> bytes:
    path = folder / NAME
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError:
        raise AllocationError(Problem("workbook.open_elsewhere", {"program": "Excel"}, path.as_posix())) from None


def _hash(cells: Sequence[str]) -> str:
    """SHA-256 over the cells, not the bytes: a program that only sets quotes anew changes nothing."""
    return hashlib.sha256("\x1f".join(cells).encode("utf-8")).hexdigest()


def check(folder: Path) -> list[Problem]:
    """What the journal's chain says: a problem for every line that was altered, put in or taken out."""
    found, last, path = [], _hash(HEAD), (folder / NAME).as_posix()
    for place_, row in enumerate(read(folder), start=1):
        slots = {"line": place_ + 1, "number": row[0] or "—"}
        if _hash(row[: len(HEAD) - 1]) != row[-1]:
            found.append(Problem("versions.line_altered", slots, path))
        elif row[-2] != last or row[0] != str(place_):
            found.append(Problem("versions.line_loose", slots, path))
        last = row[-1]
    return found
