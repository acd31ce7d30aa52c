"""What is worked on at the desk: which model with which table, and what was typed on the page since (试一试).

Every change is on the disk before it is answered, and no command reads it: only 存入底稿 hands it on. A work has a
revision, so that what two tabs change at once is told instead of lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from pydantic import BaseModel, ConfigDict, ValidationError

from allocation.errors import AllocationError, Problem
from allocation.files.file_plans import Overtaken
from allocation.files.given_files import given_bytes
from allocation.files.limits import JSON_BYTES
from allocation.files.whole_files import bytes_writer, place, records
from allocation.page.desk import Desk

EARLIER = 2  # revisions that are kept: one that cannot be read leaves the one before


class Resolved(BaseModel):
    """How a person resolved a doubt, on the page."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reason: str
    basis: str = ""
    prepared: str = ""
    reviewed: str = ""


class Work(BaseModel):
    """`model`: a name of the shelf, or a case or result on the desk; `table`: a file on the desk, empty where the model
    brings its own. `mends`: by sheet and cell what is to stand there instead, `mended_from` the hash of the file as it
    was then; `settings`: by address what is tried; `facts`: the same of the facts of the issue.
    `map_numbers`: 审图号 by file of boundaries.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    revision: int = 0
    title: str = ""
    model: str
    table: str = ""
    sheet: str = ""
    year: int | None = None
    data_year: int | None = None
    mends: dict[str, dict[str, str]] = {}
    mended_from: str = ""
    settings: dict[str, str] = {}
    facts: dict[str, str] = {}
    bases: dict[str, str] = {}
    resolved: dict[str, Resolved] = {}
    decided: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    reference: bool = False
    map_numbers: dict[str, str] = {}


class Overwritten(AllocationError):
    """Somebody changed the same work meanwhile, in another tab."""


class Works:
    """Those of a desk, a file each revision: of two servers on one folder, too, only one makes a next revision."""

    def __init__(self, desk: Desk):
        self._folder = desk.kept / "works"
        self._lock = Lock()

    def listed(self) -> list[Work]:
        """Newest first. One whose file cannot be read is left out: `get` says why."""
        newest = {id: paths[-1] for id, paths in self._kept().items()}
        paths = sorted(newest.values(), key=_changed, reverse=True)
        return [work for path in paths if (work := _read(path))]

    def get(self, id: str) -> Work:
        """Raises where there is none."""
        work = next((work for path in reversed(self._kept().get(id, [])) if (work := _read(path))), None)
        if work is None:
            raise AllocationError(Problem("page.no_work", {"id": id}))
        return work

    def revision(self, id: str) -> int | None:
        """The newest; None where the work is gone meanwhile."""
        paths = self._kept().get(id)
        return int(paths[-1].stem.rpartition(".")[2]) if paths else None

    def changed(self, id: str) -> str:
        """When a work was last changed, by the clock of this machine; empty where it is gone meanwhile."""
        paths = self._kept().get(id)
        return datetime.fromtimestamp(_changed(paths[-1])).isoformat(" ", "minutes") if paths else ""

    def begin(self, model: str, table: str = "", title: str = "") -> Work:
        """A work of this model and table: the one that is there, else a new one."""
        with self._lock:
            same = [work for work in self.listed() if (work.model, work.table) == (model, table)]
            if same:
                return same[0]
            return self._put(Work(id=secrets.token_hex(6), model=model, table=table, title=title or table or model))

    def change(self, id: str, revision: int, change: Callable[[Work], Work]) -> Work:
        """The work as changed. Raises Overwritten where it is no longer of that revision."""
        with self._lock:
            work = self.get(id)
            if work.revision != revision:
                raise Overwritten(Problem("page.overwritten", {"title": work.title}))
            return self._put(change(work).model_copy(update={"revision": revision + 1}))

    def forget(self, id: str) -> None:
        with self._lock:
            self.get(id)
            for path in self._kept()[id]:
                path.unlink(missing_ok=True)

    def _kept(self) -> dict[str, list[Path]]:
        """The files of each work, its latest revision last."""
        kept: dict[str, list[tuple[int, Path]]] = {}
        for path in records(self._folder):
            id, _, revision = path.stem.partition(".")
            if revision.isascii() and revision.isdecimal():
                kept.setdefault(id, []).append((int(revision), path))
        return {id: [path for _, path in sorted(numbered)] for id, numbered in kept.items()}

    def _put(self, work: Work) -> Work:
        """Raises Overwritten where another server was first, and where it is more than is read again."""
        data = (work.model_dump_json(indent=1, exclude_defaults=True) + "\n").encode()
        if len(data) > JSON_BYTES:
            raise AllocationError(Problem("page.too_large"))
        target = self._folder / f"{work.id}.{work.revision}.json"
        try:
            place({target: bytes_writer(data)}, claimed=(target,))
        except Overtaken:
            if _read(target) is None:  # damaged: files appear whole
                target.unlink(missing_ok=True)
                return self._put(work)
            raise Overwritten(Problem("page.overwritten", {"title": work.title})) from None
        for path in self._kept().get(work.id, [])[:-EARLIER]:
            path.unlink(missing_ok=True)
        return work


def _changed(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0


def _read(path: Path) -> Work | None:
    try:
        return Work.model_validate_json(given_bytes(path, JSON_BYTES))
    except (OSError, AllocationError, ValidationError):
        return None
