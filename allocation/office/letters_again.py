"""Letters made again from what is on record of them: the same run, the same template, the same facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from allocation.classes import dataclass
from allocation.documents.corrected import changes
from allocation.documents.letter import Letters
from allocation.errors import AllocationError, Problem
from allocation.files.folders import folders
from allocation.office.letters import Papers, papers_of
from allocation.office.letters_record import letter_kept, letters_record, template_kept
from allocation.record.reading import read_record
from allocation.record.record import LETTERS, DocumentKept, LettersKept, Record
from allocation.record.recording import record_of
from allocation.record.versions import FOLDER, issued_record, read_register, version_of
from allocation.run.run import Run
from allocation.tables.grid import read_bytes
from allocation.verify.rerun_sources import Files, archived
from allocation.verify.rerunning import Again, run_again
from allocation.xlsx.files import write_manifest


@dataclass(frozen=True)
class LettersAgain:
    """The run of the letters, their papers and their record, as they are made now; paths begin at the record's."""

    run: Run
    papers: Papers
    record: Record

    @property
    def again(self) -> Again:
        """All of them, the record too."""
        files = {path.as_posix(): write for path, write in self.papers.every.items()}
        return Again(self.record, {**files, self._record: lambda path: write_manifest(self.record, path)})

    @property
    def _record(self) -> str:
        return f"{self.papers.folder.name}.json"

    def path_of(self, document: DocumentKept) -> Path | None:
        """Which of the papers a document is, by its reader's units; None where there is none for them any more."""
        if document.key == "note":
            return self.papers.note
        return next((path for path, units in self.papers.units.items() if units == document.units), None)


def letters_again(record: Record, path: Path, places: Sequence[Path]) -> LettersAgain:
    """Raises AllocationError with all that is missing. `path`: the record's file; `places` are files and folders."""
    kept = record.letters
    if kept is None:
        raise AllocationError(Problem("record.none", where=path.name))
    run = run_again(record, path, Files((path.parent, *archived(record, path), *places)))
    letter, template = letter_kept(kept), template_kept(kept, path.name)
    issued = version_of(kept.issued) if kept.issued else None
    against = version_of(kept.against) if kept.against else None
    if kept.against:
        letter = replace(letter, changes=changes(run, _against(kept, path)))
    letters = Letters(run, record.lang, letter)
    papers = papers_of(letters, template, Path(), issued, kept.against is not None)
    of_run = record_of(run, record.command, record.date, record.print)
    return LettersAgain(run, papers, letters_record(of_run, letters, template, issued, against))


def _against(kept: LettersKept, path: Path) -> Record:
    """What is on record of the version that a correction puts right."""
    assert kept.against is not None
    folder, wanted = path.parent / FOLDER, version_of(kept.against)
    version = next((entry for entry in read_register(folder) if entry.key == wanted.key), None)
    if version is None:
        slots = {"stage": wanted.stage, "number": wanted.number, "folder": FOLDER}
        raise AllocationError(Problem("rerun.no_version", slots, path.name))
    return issued_record(folder, version)


def record_of_letters(path: Path, document: DocumentKept, given: Path | None = None) -> tuple[Path, Record] | None:
    """The office's record of the letters that a document is one of: the one given, else by its name, beside or above.

    Raises AllocationError where the one that is given is none of them.
    """
    if given:
        record = read_record(read_bytes(given), given.name)
        if record.letters is None or record.letters.name != document.of:
            raise AllocationError(Problem("verify.not_these_letters", {"file": path.name}, given.name))
        return given, record
    for folder in (path.resolve().parent, path.resolve().parent.parent):
        named = folder / f"{document.of}.json"
        for file in dict.fromkeys((named, *sorted(folder.glob("*.json")))):
            try:
                held = read_record(read_bytes(file), file.name) if file.is_file() else None
            except AllocationError:  # another's file
                continue
            if held and held.kind == LETTERS and held.letters and held.letters.name == document.of:
                return file, held
    return None


def nearby(file: Path) -> tuple[Path, ...]:
    """Where the tables of a record may lie when nobody says where: above it, where one works, and in `inputs/`."""
    return (file.parent.parent, Path(), *folders("inputs"))
