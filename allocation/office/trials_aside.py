"""What trials left where a final version is made is laid in a folder of its own: nobody imports a trial's figures.

Only what this program wrote of that very issue is moved, and nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path

from allocation.case import IssueKey, facts_of, issue_key
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.files.whole_files import put_aside, records
from allocation.opening.cases import is_result
from allocation.policy.stages import ISSUED
from allocation.record.reading import read_record
from allocation.record.record import RUN, Record
from allocation.record.versions import FOLDER, Version, read_register
from allocation.run.shelf import base_name
from allocation.tables.grid import open_grid, read_bytes
from allocation.xlsx.files import targets


@dataclass(frozen=True)
class Aside:
    """The folder that the files of trials were laid in, how many, and those that could not be moved."""

    folder: Path
    count: int
    left: tuple[Path, ...] = ()


def lay_trials_aside(out: Path, issue: IssueKey, folder: Path, spared: Collection[Path] = ()) -> Aside | None:
    """From `out` into `folder`; `spared`: files that were read. None where there was nothing."""
    read = {path.resolve() for path in spared}
    moved, left = 0, list[Path]()
    for files in _trials(out, issue):
        files = [path for path in files if path.resolve() not in read]
        stem = files[0].stem if files else ""
        for path, target in zip(files, _free(files, folder, stem), strict=True):
            try:
                put_aside(path, target)
                moved += 1
            except AllocationError:  # a program holds it open
                left.append(path)
    return Aside(folder, moved, tuple(left)) if moved or left else None


def final_on_record(out: Path, issue: IssueKey) -> Version | None:
    """The version in force of an issue, beside which a run is a trial; None where nothing was issued."""
    try:
        issued = [version for version in read_register(out / FOLDER) if version.stage in ISSUED]
    except AllocationError:
        return None  # whoever makes a version there is told
    return next((version for version in reversed(issued) if version.issue == issue), None)


def _trials(out: Path, issue: IssueKey) -> Iterator[list[Path]]:
    """The files of each run of the issue that is no version, the workbook first."""
    for path in records(out):
        try:
            record = read_record(read_bytes(path), path.name)
        except AllocationError:
            continue  # another's file
        if record.kind == RUN and _issue(record) == issue:
            named = targets(Destination(path.with_suffix(".xlsx"), is_file=True), path.stem).values()
            yield [file for file in named if file == path or _is_of(file, record)]


def _issue(record: Record) -> IssueKey:
    return issue_key(base_name(record.model.name), facts_of(record.facts, record.case), record.year)


def _is_of(path: Path, record: Record) -> bool:
    """Whether a file beside a record is a result, or lists its units as the program writes them."""
    if not path.is_file():
        return False
    if path.suffix == ".xlsx":
        return is_result(path.as_posix())
    try:
        cells = {cell.text for sheet in open_grid(path, read_bytes(path)) for row in sheet.rows for cell in row}
    except AllocationError:
        return False
    return bool({*record.rows} & cells)


def _free(files: list[Path], folder: Path, stem: str) -> list[Path]:
    """Where they go: under their own names, or all with the next number."""
    for number in count(1):
        more = f"_{number}" if number > 1 else ""
        wanted = [folder / (stem + more + path.name.removeprefix(stem)) for path in files]
        if not any(path.exists() for path in wanted):
            return wanted
    raise AssertionError  # one of all numbers is free


def trial_beside(final: Version) -> Problem:
    return Problem("versions.trial_beside", {"version": final.both})
