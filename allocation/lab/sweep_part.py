"""What is done of a sweep, kept beside its output: a heading line, then a record for each finished chunk.

A record is the SHA-256 of its figures and the figures, 64-bit, little-endian. One that was cut off while it was being
written is run again; one whose figures do not match is damage.
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

FORM = "allocation.sweep/2"
DIGEST = hashlib.sha256().digest_size


class PartFile:
    """The rows of finished chunks, in memory and in the file; `aside` is where an older file was moved."""

    def __init__(self, path: Path, sweep: Sweep, resume: bool):
        self.path, self.sweep = path, sweep
        self.done, self.resumed, self.made_folder = 0, False, False
        self.aside: Path | None = None
        self.rows = np.empty((sweep.runs, sweep.width))
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

    def add(self, rows: np.ndarray) -> None:
        content = rows.astype("<f8").tobytes()
        try:
            self.file.write(hashlib.sha256(content).digest() + content)
            self.file.flush()
        except OSError as error:  # what is whole in the file can be gone on with
            raise self._failed(error) from None
        self._take(rows)

    def finish(self) -> None:
        self.file.close()
        self.path.unlink(missing_ok=True)  # another sweep of this name may have moved it aside

    def discard(self) -> None:
        """Leaves nothing behind, not even the folder where it was made for this file."""
        self.finish()
        if self.made_folder:
            with suppress(OSError):
                self.path.parent.rmdir()

    def _take(self, rows: np.ndarray) -> None:
        self.rows[self.done : self.done + len(rows)] = rows
        self.done += len(rows)

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
            start = file.tell()
            count = min(self.sweep.chunk, self.sweep.runs - self.done)
            size = count * self.sweep.width * 8
            digest, content = file.read(DIGEST), file.read(size)
            if len(content) < size:
                file.seek(start)
                break
            if hashlib.sha256(content).digest() != digest:
                raise AllocationError(Problem("sweep.part_damaged", where=str(self.path)))
            self._take(np.frombuffer(content, "<f8").reshape(count, self.sweep.width))
        file.truncate()

    def _same(self, line: bytes) -> None:
        try:
            head = json_value(line)
        except ValueError:
            head = None
        if not isinstance(head, dict) or head.get("form") != FORM:
            raise AllocationError(Problem("sweep.part_damaged", where=str(self.path)))
        identity = self.sweep.identity
        differ = [key for key in identity if head.get(key) != identity[key]]
        if "points" in differ and len(differ) > 1:
            differ.remove("points")  # they follow from the others
        if differ:
            what = [both(f"sweep.same_{key}") for key in differ]
            raise AllocationError(Problem("sweep.part_differs", {"what": what}, str(self.path)))
