"""What is done of a sweep, kept beside its output: a heading line, then a record for each finished block.

A record is a SHA-256 of what follows, the run the block begins with and its figures, all 64-bit, little-endian; blocks
stand in the order in which they were finished. One that was cut off while it was being written is run again; one whose
figures do not match is damage.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np

from allocation.errors import AllocationError, Problem
from allocation.files.file_names import refused
from allocation.files.file_steps import rename
from allocation.files.given_files import json_value
from allocation.files.limits import JSON_BYTES
from allocation.lab.sweep import Sweep
from allocation.texts import both

FORMS = "allocation.sweep/"
FORM = f"{FORMS}3"
START = 8  # bytes
DIGEST = hashlib.sha256().digest_size


class PartFile:
    """The rows of finished blocks, in memory and in the file; `aside` is where an older file was moved."""

    def __init__(self, path: Path, sweep: Sweep, resume: bool):
        self.path, self.sweep = path, sweep
        self.done, self.resumed, self.made_folder = 0, False, False
        self.aside: Path | None = None
        self.rows = np.empty((sweep.runs, sweep.width))
        self._starts = set[int]()
        if problem := refused(path):
            raise AllocationError(problem)
        if path.exists() and not path.is_file():
            raise AllocationError(Problem("files.not_regular", where=str(path)))
        try:
            self.file = self._opened(resume)
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> AllocationError:
        return AllocationError(Problem("workbook.write_failed", {"detail": error.strerror or error}, str(self.path)))

    def __enter__(self) -> PartFile:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # what a full disk would not take has been told
            self.file.close()

    def has(self, start: int) -> bool:
        return start in self._starts

    def add(self, start: int, rows: np.ndarray) -> None:
        content = start.to_bytes(START, "little") + rows.astype("<f8").tobytes()
        try:
            self.file.write(hashlib.sha256(content).digest() + content)
            self.file.flush()
        except OSError as error:  # what is whole in the file can be gone on with
            raise self._failed(error) from None
        self._take(start, rows)

    def finish(self) -> None:
        self.file.close()
        self.path.unlink(missing_ok=True)  # another sweep of this name may have moved it aside

    def discard(self) -> None:
        """Leaves nothing behind, not even the folder where it was made for this file."""
        self.finish()
        if self.made_folder:
            with suppress(OSError):
                self.path.parent.rmdir()

    def _take(self, start: int, rows: np.ndarray) -> None:
        self.rows[start : start + len(rows)] = rows
        self.done += len(rows)
        self._starts.add(start)

    def _opened(self, resume: bool) -> BinaryIO:
        heading = json.dumps({"form": FORM, **self.sweep.identity}, ensure_ascii=False).encode() + b"\n"
        begun = self.path.exists() and not self._cut_off(heading)
        if begun and resume:
            file = self.path.open("r+b")
            try:
                self._read(file)
            except AllocationError:
                file.close()
                raise
            self.resumed = True
            return file
        if begun:
            self.aside = self.path.with_suffix(".old.part")
            rename(self.path, self.aside)
        self.made_folder = not self.path.parent.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("w+b")
        try:
            file.write(heading)
            file.flush()
        except OSError:
            with suppress(OSError):
                file.close()
            self.path.unlink()
            raise
        return file

    def _cut_off(self, heading: bytes) -> bool:
        """Whether the file holds part of its heading only: its sweep was killed before there was anything to keep."""
        with self.path.open("rb") as file:
            start = file.read(len(heading))
        return len(start) < len(heading) and heading.startswith(start)

    def _read(self, file: BinaryIO) -> None:
        """Takes every whole record; the file then ends behind the last one."""
        self._same(file.readline(JSON_BYTES))
        while self.done < self.sweep.runs:
            place = file.tell()
            digest, begin = file.read(DIGEST), file.read(START)
            start = int.from_bytes(begin, "little")
            count = max(0, min(self.sweep.chunk, self.sweep.runs - start))
            size = count * self.sweep.width * 8
            figures = file.read(size)
            if len(begin) < START or len(figures) < size:
                file.seek(place)
                break
            known = count and start % self.sweep.chunk == 0 and not self.has(start)
            if not known or hashlib.sha256(begin + figures).digest() != digest:
                raise AllocationError(Problem("sweep.part_damaged", where=str(self.path)))
            self._take(start, np.frombuffer(figures, "<f8").reshape(count, self.sweep.width))
        file.truncate()

    def _same(self, line: bytes) -> None:
        try:
            head = json_value(line)
        except ValueError:
            head = None
        form = head.get("form") if isinstance(head, dict) else None
        if not isinstance(form, str) or not form.startswith(FORMS):
            raise AllocationError(Problem("sweep.part_damaged", where=str(self.path)))
        identity = self.sweep.identity
        differ = [key for key in identity if head.get(key) != identity[key] or key == "version" and form != FORM]
        if "points" in differ and len(differ) > 1:
            differ.remove("points")  # they follow from the others
        if differ:
            what = [both(f"sweep.same_{key}") for key in differ]
            raise AllocationError(Problem("sweep.part_differs", {"what": what}, str(self.path)))
