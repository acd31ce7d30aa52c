"""The table that an issued version was made of, beside the table that a later step reads: asked by all of them alike.

What was issued rests on one table, whose bytes are kept with it. Since then the case may name another one, or its own
may have been saved anew: then the figures of a later step are not those that were issued, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from allocation.case import IssueKey
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.version_folders import versions_near
from allocation.opening.keeping import name_in_case
from allocation.policy.stages import ISSUED
from allocation.record.record import Record
from allocation.record.versions import Version, read_register, recorded
from allocation.run.finding import ModelWithTable
from allocation.tables.table import Table
from allocation.texts import exact_text

SAME, CHANGED, OTHER = "same", "changed", "other"


@dataclass(frozen=True)
class MadeOf:
    """An issued version, its record, and the folder of versions that it lies in."""

    version: Version
    folder: Path
    held: Record

    @property
    def files(self) -> list[str]:
        """The names of its tables."""
        return [kept.file for kept in self.held.inputs]

    @property
    def place(self) -> str:
        """Where the very bytes of its table are kept; empty where they are not."""
        used = {kept.sha256 for kept in self.held.inputs}
        kept = (self.folder / name for name, sha256 in self.version.case_files.items() if sha256 in used)
        return next((path.as_posix() for path in kept if path.is_file()), "")

    def beside(self, material: ModelWithTable, named: bool) -> str:
        """SAME: the same figures, whatever the file is called and wherever it lies. OTHER: a table that was passed over
        when the version was made, and that nobody `named` now. CHANGED: any other.
        """
        if self._same(material.table):
            return SAME
        return OTHER if not named and self._passed_over(material) else CHANGED

    def _same(self, table: Table) -> bool:
        kept = self.held.inputs
        if any((entry.sha256, entry.sheet) == (table.sha256, table.sheet or "") for entry in kept):
            return True
        figures, moved = self.held.figures, self._moved()
        if figures is None:
            return False
        for name, values in table.values.items():
            now = dict(zip(table.codes, map(exact_text, values), strict=True))
            then = figures.inputs.get(name)
            if then is None or now.keys() != then.keys():
                return False
            if any(now[code] != then[code] for code in now if (name, code) not in moved):
                return False
        return True

    def _moved(self) -> set[tuple[str, str]]:
        """The figures that the version took from elsewhere: by input and code."""
        held = self.held
        codes = {name: code for code, name in (held.figures.names if held.figures else {}).items()}
        of_ledger = {(name, code) for name, by_code in held.ledger.items() for code in by_code}
        return of_ledger | {(change.name, codes.get(change.county, change.county)) for change in held.changes}

    def _passed_over(self, material: ModelWithTable) -> bool:
        """Whether the table stood there when the version was made, by its bytes or by its name, and was not used."""
        used = {kept.sha256 for kept in self.held.inputs}
        stood = self.held.case.files if self.held.case else {}
        if material.case is None or material.case.sample or not stood:
            return material.table.file not in self.files
        name = name_in_case(material.case)
        called = [sha256 for file, sha256 in stood.items() if file == name]
        called = called or [sha256 for file, sha256 in stood.items() if Path(file).name == Path(name).name]
        by_bytes = material.table.sha256 in stood.values() and material.table.sha256 not in used
        return by_bytes or bool(called) and called[0] not in used


def made_of(issue: IssueKey, out: Path | None, case: Path | None = None) -> MadeOf | None:
    """What is in force of an issue: the last correction of its final version, or that.

    It is looked for in `out`, then where versions usually are, and in the folders beside the `case`. None where nothing
    was issued, or its record is lost.
    """
    first, others = versions_near(out, case)
    issued = list(_issued(issue, first)) or list(_issued(issue, others))
    return max(issued, key=lambda each: (each.version.date, each.version.order), default=None)


def _issued(issue: IssueKey, places: list[Path]) -> Iterator[MadeOf]:
    for folder in places:
        try:
            every = [version for version in read_register(folder) if version.stage in ISSUED]
            last = [version for version in every if version.issue == issue][-1:]
            held = [(version, recorded(folder, version)) for version in last]
        except AllocationError:
            continue  # whoever makes a version there is told
        yield from (MadeOf(version, folder, record) for version, record in held if record)


def said_beside(material: ModelWithTable, named: bool, out: Path | None, settles: bool) -> tuple[Problem | None, bool]:
    """What is to be said of the table that is read, None where it is that of what was issued, and whether it stops the
    step: a settlement (`settles`) is of what was issued.
    """
    case = material.case.path if material.case and not material.case.sample else None
    issued = made_of(material.issue, out, case) if material.issue.year and len(material.table) else None
    beside = issued.beside(material, named) if issued else SAME
    if issued is None or beside == SAME:
        return None, False
    stops = settles and beside == OTHER
    return passed_over(issued, material, "settle.other_table" if stops else "versions.made_of_other"), stops


def passed_over(issued: MadeOf, material: ModelWithTable, message: str) -> Problem:
    slots = {"version": issued.version.both, "files": issued.files, "place": issued.place, "found": material.table.file}
    return Problem(message, slots, material.table.file)
