"""What is asked of any file of ours, whatever it is: whether it still is what it was, and to be made again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allocation.classes import dataclass
from allocation.documents.in_word import record_in
from allocation.errors import AllocationError, Problem
from allocation.files.whole_files import place
from allocation.office.compared import Told, compare_files
from allocation.office.document_verified import verify_document
from allocation.office.filling import is_filled
from allocation.office.letters_again import letters_again, record_of_letters
from allocation.record.record import LETTERS, Record
from allocation.tables.grid import read_bytes
from allocation.verify.edition_verified import EditionVerdict, held_by_journal
from allocation.verify.issued import IssuedResult
from allocation.verify.issued import verify_issued as issued_beside
from allocation.verify.papers import is_word
from allocation.verify.rerunning import Again, make_again, record_at, unlike
from allocation.verify.verifying import Verdict
from allocation.verify.verifying import verify as verify_workbook


def verify(path: Path, manifest: Path | None = None) -> Verdict:
    """Raises AllocationError when the file is none of ours, or nothing tells what should stand in it."""
    if _is_word(path):
        return verify_document(path, manifest)
    try:
        return verify_workbook(path, manifest)
    except AllocationError:
        if not is_filled(path):
            raise
    told = EditionVerdict()  # somebody else's workbook, of which the journal alone tells
    held_by_journal(path.resolve(), manifest, path.name, told)
    notes = [*told.notes, Problem("verify.filled")] if told.differences else told.notes
    return Verdict(path.name, None, told.differences, failed=told.failed, notes=notes)


def verify_issued(result: Path, paper: Path) -> IssuedResult:
    """What was issued beside the record of a result; of a letter of ours that lists no units, how it is verified."""
    try:
        return issued_beside(result, paper)
    except AllocationError as error:
        if not (_is_word(paper) and record_in(paper)):
            raise
        raise AllocationError([*error.problems, Problem("verify.issued_letter", where=paper.name)]) from error


def _is_word(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0 and is_word(read_bytes(path))


@dataclass(frozen=True)
class Remade:
    """What was made again: of which record, the fields of it that differ, and of each file beside the one before."""

    record: Record
    fields: tuple[str, ...]
    files: tuple[tuple[Path, Told], ...]


def rerun(path: Path, folder: Path, places: Sequence[Path]) -> Remade:
    """Writes the files of a record again into `folder`; a letter's own record leads to that of the office.

    Raises AllocationError with all that is missing.
    """
    kept, base, again = _again(path, places)
    if folder.resolve() == base.resolve():
        raise AllocationError(Problem("rerun.same_folder", where=folder.as_posix()))
    writers = {folder / name: write for name, write in again.writers.items()}
    if outside := [target for target in writers if not target.resolve().is_relative_to(folder.resolve())]:
        slots = {"files": [target.as_posix() for target in outside]}
        raise AllocationError(Problem("rerun.outside", slots, path.name))
    place(writers)
    files = tuple((folder / name, compare_files(base / name, folder / name)) for name in again.writers)
    return Remade(kept, tuple(unlike(kept, again.record)), files)


def _again(path: Path, places: Sequence[Path]) -> tuple[Record, Path, Again]:
    """The record, the folder in which what was written before lies, and what is made again."""
    if _is_word(path):
        return _document_again(path, places)
    kept = record_at(path)
    if kept.kind == LETTERS:
        return kept, path.parent, letters_again(kept, path, places).again
    return kept, path.parent, make_again(kept, path, places)


def _document_again(path: Path, places: Sequence[Path]) -> tuple[Record, Path, Again]:
    record = record_in(path)
    if record is None or record.document is None:
        raise AllocationError(Problem("rerun.letter", where=path.name))
    of_office = record_of_letters(path, record.document)
    if of_office is None:
        raise AllocationError(Problem("rerun.no_letters", {"name": f"{record.document.of}.json"}, path.name))
    file, kept = of_office
    again = letters_again(kept, file, places)
    target = again.path_of(record.document)
    if target is None:
        raise AllocationError(Problem("rerun.not_among", {"file": file.name}, path.name))
    return kept, file.parent, Again(again.record, {target.as_posix(): again.papers.every[target]})
