"""`journal.csv`: a line for every file that was issued, each tied to the line before it, so that an edit is noticed.

The lines of an action stand first in a file of their own in `journal/`, named by the number of the first of them: of
two who write at once only one can make it. `journal.csv` is for people and follows from these.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date as calendar
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.file_plans import mend
from allocation.files.given_files import given_bytes, given_json
from allocation.files.text_out import tame
from allocation.files.whole_files import in_turn, place, records

if TYPE_CHECKING:
    from allocation.record.versions import Version

NAME, ENTRIES = "journal.csv", "journal"
HEAD = (
    "序号", "日期", "动作", "模型", "年度", "稿次", "文件", "SHA-256", "合计", "说明/原因", "上一行校验", "本行校验",
)  # fmt: skip
FRONT = "\ufeff".encode() + ",".join(HEAD).encode() + b"\r\n"
Writers = Mapping[Path, Callable[[Path], None]]


@dataclass(frozen=True)
class Entry:
    """One action: `files` are those it wrote, a line each; an action without files has one line.

    `totals` are of files that hold a part of `total` only.
    """

    action: str
    files: tuple[Path, ...] = ()
    model: str = ""
    year: int | None = None
    version: str = ""
    total: str = ""
    note: str = ""
    totals: Mapping[Path, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Logged:
    """A line of `journal.csv`, its cells as texts by their headings; `before` and `seal` tie it to the line above."""

    number: str
    date: str
    action: str
    model: str
    year: str
    version: str
    file: str
    sha256: str
    total: str
    note: str
    before: str
    seal: str


def today(date: str = "") -> str:
    """The date given, or today's."""
    return date.strip() or calendar.today().isoformat()


@dataclass(frozen=True)
class Standing:
    """The journal when an action was planned: its last line's number and hash, and what is to stand above new lines."""

    folder: Path
    number: int
    last: str
    text: bytes


def standing(folder: Path) -> Standing:
    """What was cut off by a power cut, and lines that only `journal/` has, are put right in `text`."""
    mend(folder)
    text = _bytes(folder)
    rows, kept = _rows(folder, text), _kept(folder)
    if cut_off(text, rows):
        text, rows = text[: text.rfind(b"\n") + 1], rows[:-1]
    hashes = {row[-1] for row in rows}
    absent = [row for row in kept if row[-1] not in hashes and int(row[0]) > _number(rows)]
    newest = max(rows[-1:] + kept[-1:], key=lambda row: _number([row]), default=["0", _hash(HEAD)])
    text = text or FRONT
    return Standing(
        folder,
        max(_number(rows), _number(kept)),
        newest[-1],
        text + (b"" if text.endswith(b"\n") else b"\r\n") + _csv(absent),
    )


def _number(rows: list[list[str]]) -> int:
    return 0 if not rows else int(rows[-1][0]) if rows[-1][0].isdecimal() else len(rows)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def record(
    folder: Path, entry: Entry, writers: Writers | None = None, before: Standing | None = None, date: str = ""
) -> None:
    """Writes the files of one action and its lines in the journal of `folder`: all of them or nothing.

    `entry` names no files: they are those of `writers`. `before`: the journal on which the action was planned;
    Overtaken is raised where it has gone on since.
    """

    def attempt() -> None:
        digests: dict[Path, str] = {}
        files = hashed(writers or {}, digests)
        added = lines(before or standing(folder), [replace(entry, files=tuple(files))], digests, date)
        place({**files, **added}, claims(added))

    attempt() if before else in_turn(attempt)


def hashed(writers: Writers, digests: dict[Path, str]) -> dict[Path, Callable[[Path], None]]:
    """The same writers; each leaves the SHA-256 of what it wrote in `digests`, by its target."""

    def noting(target: Path, write: Callable[[Path], None]) -> Callable[[Path], None]:
        def noted(path: Path) -> None:
            write(path)
            digests[target] = hashlib.sha256(path.read_bytes()).hexdigest()

        return noted

    return {target: noting(target, write) for target, write in writers.items()}


def lines(
    before: Standing, entries: Sequence[Entry], digests: Mapping[Path, str], date: str = ""
) -> dict[Path, Callable[[Path], None]]:
    """Writers of new lines: alone, and below the others; to be placed behind the files whose `digests` they hold."""
    rows: list[list[str]] = []
    folder = before.folder

    def alone(path: Path) -> None:
        number, last = before.number, before.last
        for entry in entries:
            for file in entry.files or (None,):
                number += 1
                cells = [str(number), today(date), *_cells(entry, folder, file, digests), last]
                cells = [tame(cell) for cell in cells]
                last = _hash(cells)
                rows.append([*cells, last])
        kept = {"writer": secrets.token_hex(8), "lines": rows}  # two who write the same are still two
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def below(path: Path) -> None:
        path.write_bytes(before.text + _csv(rows))

    return {folder / ENTRIES / f"{before.number + 1:06}.json": alone, folder / NAME: below}


def claims(added: Writers) -> list[Path]:
    """Those of the files of new lines that must not exist yet."""
    return [path for path in added if path.name != NAME]


def _cells(entry: Entry, folder: Path, file: Path | None, digests: Mapping[Path, str]) -> list[str]:
    name = "" if file is None else file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name
    year = "" if entry.year is None else str(entry.year)
    note = " ".join(entry.note.split())  # a line of the journal is one line
    return [
        entry.action,
        entry.model,
        year,
        entry.version,
        name,
        digests.get(file, "") if file else "",
        entry.totals.get(file, entry.total) if file else entry.total,
        note,
    ]


def read(folder: Path) -> list[list[str]]:
    """The lines of `journal.csv` below its header, none where there is no journal yet."""
    mend(folder)
    return _rows(folder, _bytes(folder))


def logged(folder: Path) -> list[Logged]:
    """The same by their headings."""
    return [Logged(*row[: len(HEAD)]) for row in read(folder)]


def near(path: Path) -> Path | None:
    """The folder of the journal that a file lies below, three levels at most."""
    return next((above for above in path.resolve().parents[:3] if (above / NAME).is_file()), None)


def _rows(folder: Path, content: bytes) -> list[list[str]]:
    path = folder / NAME
    try:
        rows = list(csv.reader(io.StringIO(_text(content))))
    except (UnicodeDecodeError, csv.Error):
        raise AllocationError(Problem("versions.journal_encoding", {}, path.as_posix())) from None
    if rows and tuple(rows[0]) != HEAD:
        raise AllocationError(Problem("versions.journal_head", {}, path.as_posix()))
    return [[*row, *[""] * (len(HEAD) - len(row))] for row in rows[1:] if any(row)]


def _text(content: bytes) -> str:
    """What a power cut left of the last line may end within a sign."""
    whole, last = content[: content.rfind(b"\n") + 1], content[content.rfind(b"\n") + 1 :]
    return (whole or last).decode("utf-8-sig") + (last.decode("utf-8", "replace") if whole else "")


def _bytes(folder: Path) -> bytes:
    """`journal.csv` as it is; of a heading that was cut off nothing."""
    path = folder / NAME
    try:
        content = given_bytes(path)
        return b"" if FRONT.startswith(content) and content != FRONT else content
    except FileNotFoundError:
        return b""
    except OSError as error:
        if not isinstance(error, PermissionError):
            slots = {"detail": error.strerror or error}
            raise AllocationError(Problem("tables.unreadable", slots, path.as_posix())) from None
        raise AllocationError(Problem("workbook.open_elsewhere", {"program": "Excel"}, path.as_posix())) from None


def _hash(cells: Sequence[str]) -> str:
    """SHA-256 over the cells, not the bytes: a program that only sets quotes anew changes nothing."""
    return hashlib.sha256("\x1f".join(cells).encode("utf-8")).hexdigest()


def cut_off(text: bytes, rows: list[list[str]]) -> bool:
    """Whether the last line ends before its end, as a power cut leaves it."""
    return bool(rows) and not text.endswith(b"\n") and _hash(rows[-1][: len(HEAD) - 1]) != rows[-1][-1]


def _kept(folder: Path) -> list[list[str]]:
    """The lines that `journal/` holds, in order."""
    rows: list[list[str]] = []
    for path in records(folder / ENTRIES):
        try:
            rows += [row for row in given_json(path)["lines"] if len(row) == len(HEAD) and int(row[0])]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # what `journal.csv` says stands
    return sorted(rows, key=lambda row: int(row[0]))


def check(folder: Path) -> list[Problem]:
    """What the journal's chain says: a problem for every line that was altered, put in or taken out."""
    problems, last, path = [], _hash(HEAD), (folder / NAME).as_posix()
    kept = _kept(folder)  # first: what another is just adding is then in `journal.csv` once that is mended
    mend(folder)
    content = _bytes(folder)
    rows = _rows(folder, content)
    for place_, row in enumerate(rows, start=1):
        slots = {"line": place_ + 1, "number": row[0] or "—"}
        if place_ == len(rows) and cut_off(content, rows):
            problems.append(Problem("versions.line_cut_off", slots, path))
        elif _hash(row[: len(HEAD) - 1]) != row[-1]:
            problems.append(Problem("versions.line_altered", slots, path))
        elif row[-2] != last or row[0] != str(place_):
            problems.append(Problem("versions.line_loose", slots, path))
        last = row[-1]
    hashes = {row[-1] for row in rows}
    absent = [row[0] for row in kept if row[-1] not in hashes]
    if absent and not problems:
        message = "versions.lines_absent" if rows else "versions.journal_gone"
        problems.append(Problem(message, {"count": len(absent), "first": absent[0], "folder": ENTRIES}, path))
    return problems


def unlogged(folder: Path, versions: Sequence[Version]) -> list[tuple[Version, str]]:
    """Files of versions on record that no line of the journal holds, each with its version."""
    known = {line.sha256 for line in logged(folder)}
    return [(version, name) for version in versions for name, sha256 in version.files.items() if sha256 not in known]


def gone(folder: Path, versions: Sequence[Version]) -> list[Problem]:
    """That versions are on record and the journal has no line at all: it was emptied, or taken away."""
    left = unlogged(folder, versions)
    if not left or read(folder):
        return []
    path = folder / NAME
    slots = {"versions": list(dict.fromkeys(version.both for version, _ in left))[:3], "files": len(left)}
    return [Problem("versions.journal_emptied" if path.exists() else "versions.journal_lost", slots, path.as_posix())]
