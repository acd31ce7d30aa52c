"""An edition for readers outside, beside what its own writer writes of the result workbook it came from.

An edition holds values only and not all the rows: nothing in it can be recomputed. What can be told of it alone is
whether its bytes are those that the journal has on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_bytes, given_digest
from allocation.policy.model import Model
from allocation.policy.stages import EDITIONS
from allocation.record import journal
from allocation.record.record import RUN, VERSION, Record
from allocation.run.run import Run
from allocation.sheets.memory import MemoryBook, MemorySheet
from allocation.texts import Both
from allocation.verify.comparing import Difference, SheetComparison
from allocation.verify.own_figures import runs_in
from allocation.verify.provenance import (
    award_changes,
    county_differences,
    original_table,
    read_manifest,
    record_differences,
)
from allocation.verify.recomputed import rerun
from allocation.verify.reopened import Reopened, reopen
from allocation.verify.roles import Roles
from allocation.xlsx.editions import edition_books


@dataclass
class EditionVerdict:
    """`whole`: the name of the result workbook it was compared with, empty where there was none.

    `failed`: what is wrong with the journal. `alone`: what is said of one that nothing tells of.
    """

    model: Model | None = None
    whole: str = ""
    differences: list[Difference] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    cells: int = 0
    alone: str = "verify.edition_alone"


def verify_edition(path: Path, book: Reopened, manifest: Path | None, sheets: Sequence[Difference]) -> EditionVerdict:
    """`sheets`: what is known to differ before its cells are looked at.

    Raises AllocationError where neither a result workbook nor a journal tells anything of it.
    """
    path, record = path.resolve(), book.record
    sheet = next(iter([*book.sheets.values(), *book.others]))
    verdict = EditionVerdict(differences=[*sheets])
    verdict.differences += [Difference("record", sheet.title, column=key) for key in record.unsealed()]
    whole = _whole(path, record, manifest)
    if whole:
        run = _run(whole)
        verdict.model, verdict.whole = run.model, whole.name
        expected = _expected(run, record, whole)
        comparison = SheetComparison(expected, sheet, Roles(expected))
        verdict.differences += comparison.differences(exact=True, flat=False)
        verdict.cells = len(expected.cells)
    held_by_journal(path, manifest, sheet.title, verdict)
    return verdict


def _whole(path: Path, record: Record, manifest: Path | None) -> Path | None:
    """The result workbook it came from: beside the manifest that is named, or that stands where it was written.

    An edition of a version is of no other; of several that hold the figures of a run, the first.
    """
    if manifest is not None:
        book = manifest.with_suffix(".xlsx")
        if not book.is_file():
            raise AllocationError(Problem("verify.no_whole", {"file": book.name}, str(manifest)))
        if read_manifest(manifest).content != record.content:
            raise AllocationError(Problem("verify.not_edition_of", {"file": book.name}, path.name))
        return book
    fits = []
    for folder in (path.parent, path.parent.parent):
        for file in sorted(folder.glob("*.json")):
            book = file.with_suffix(".xlsx")
            if not book.is_file() or record.content.encode() not in given_bytes(file):
                continue
            try:
                kept = read_manifest(file)
            except AllocationError:  # another's file
                continue
            if kept.content == record.content:
                fits.append((kept.version.place if kept.version else None, book))
    place = record.edition.version if record.edition else None
    return next((book for held, book in fits if place in (held, None)), None)


def _run(whole: Path) -> Run:
    """The run of a result workbook that is still what its manifest says."""
    book = reopen(whole)
    if book.record.kind not in (RUN, VERSION):
        raise AllocationError(Problem("verify.no_whole", {"file": whole.name}, str(whole)))
    every = runs_in(book)
    [run] = rerun(book, every)
    manifest = whole.with_suffix(".json")
    edited = record_differences(book, manifest if manifest.is_file() else None) + award_changes(every[0], run)
    if edited or county_differences(every[0], original_table(whole, book.record, every[0])):
        raise AllocationError(Problem("verify.whole_edited", where=str(whole)))
    return run


def _expected(run: Run, record: Record, whole: Path) -> MemorySheet:
    """The sheet that the edition's own writer writes of the run, for the same units."""
    kept = record.edition
    if kept is None or kept.key not in EDITIONS:
        raise AllocationError(Problem("verify.not_edition_of", {"file": whole.name}))
    for book in edition_books(run, kept.key, Path(), str, "", record.lang, kept.version):
        known = book.record
        if known and book.fill and known == replace(record, versions=known.versions, seals={}):
            cells = MemoryBook(record.lang)
            book.fill(cells)
            [sheet] = cells.sheets.values()
            return sheet
    raise AllocationError(Problem("verify.not_edition_of", {"file": whole.name}))


def held_by_journal(path: Path, manifest: Path | None, title: str | Both, verdict: EditionVerdict) -> None:
    """What the journal says of these very bytes, or of a file of this name; `title`: of what is shown of it.

    Raises AllocationError where it says nothing, and nothing differs of a file that nothing else tells of.
    """
    digest = given_digest(path)
    near = [*path.parents[:3], *(manifest.resolve().parents[:2] if manifest else [])]
    folder = next((place for place in near if (place / journal.NAME).is_file()), None)
    lines = journal.logged(folder) if folder else []
    verdict.failed += journal.check(folder) if folder else []
    name = path.relative_to(folder).as_posix() if folder and folder in path.parents else path.name
    same = [line for line in lines if line.sha256 == digest]
    named = [line for line in lines if line.file == name]
    if same:
        here = [line for line in same if line.file == name] or same
        verdict.notes.append(Problem("verify.as_issued", vars(here[-1])))
    elif named and verdict.whole:
        if not verdict.differences:
            verdict.notes.append(Problem("verify.resaved", {"number": named[-1].number}))
    elif named:
        verdict.differences.append(Difference("issued", title, actual=digest[:12], expected=named[-1].sha256[:12]))
    elif not verdict.whole and not verdict.differences:
        raise AllocationError(Problem(verdict.alone, where=path.name))
