"""An edition for readers outside, beside what its own writer writes of the result workbook it came from.

An edition holds values only and not all the rows: nothing in it can be recomputed. What can be told of it alone is
whether its bytes are those that the journal has on record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.given_files import given_digest
from allocation.model import Model
from allocation.run import Run
from allocation.stages import EDITIONS
from allocation.workbook import journal
from allocation.workbook.comparing import Comparison, Difference, equal, look_of
from allocation.workbook.editions import HEAD, TOP, edition_books
from allocation.workbook.own_figures import sources
from allocation.workbook.provenance import award_changes, county_differences, original_table, record_differences
from allocation.workbook.recomputed import rerun
from allocation.workbook.recorded import Book, Sheet
from allocation.workbook.reopened import OpenSheet, Reopened, reopen

SHORT = re.compile(r"_[0-9a-f]{8}(?=_|$)")  # what a version's files have in their names
LINE = ("number", "date", "action", "model", "year", "version", "file", "sha256")  # how a line of the journal begins
ALIKE = 0.3  # a table that agrees with an edition in fewer of its cells is none of that workbook


@dataclass
class EditionVerdict:
    """`whole`: the name of the result workbook it was compared with, empty where there was none.

    `failed`: what is wrong with the journal.
    """

    model: Model | None = None
    whole: str = ""
    differences: list[Difference] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    cells: int = 0


def verify_edition(path: Path, book: Reopened, manifest: Path | None, sheets: Sequence[Difference]) -> EditionVerdict:
    """`sheets`: what is known to differ before its cells are looked at.

    Raises AllocationError where neither a result workbook nor a journal tells anything of it.
    """
    path = path.resolve()
    whole, verdict = _whole(path, manifest), EditionVerdict(differences=[*sheets])
    [sheet] = book.sheets.values()
    if whole:
        run = _run(whole)
        verdict.model, verdict.whole = run.model, whole.name
        expected = _closest(run, sheet, book.lang, path.stem, whole)
        keys = _text_columns(expected)
        look = look_of(expected, keys=keys, county=keys[-1], heads=(HEAD, HEAD + 1))
        verdict.differences += Comparison(expected, sheet, look, {}).differences(exact=True, flat=False)
        verdict.cells = len(expected.cells)
    _journal(path, manifest, sheet, verdict)
    return verdict


def _text_columns(sheet: Sheet) -> tuple[int, ...]:
    """The columns of code, name and the like, as the last row of the table has them; notes below it have no figures."""
    last = max(row for (row, _), cell in sheet.cells.items() if row >= TOP and not isinstance(cell, str))
    return tuple(sorted(column for (row, column), cell in sheet.cells.items() if row == last and isinstance(cell, str)))


def _whole(path: Path, manifest: Path | None) -> Path | None:
    """The result workbook beside the manifest that is named, or that stands where the edition was written."""
    if manifest is not None:
        found = manifest.with_suffix(".xlsx")
        if not found.is_file():
            raise AllocationError(Problem("verify.no_whole", {"file": found.name}, str(manifest)))
        return found
    fits = []
    for folder in (path.parent, path.parent.parent):
        for record in folder.glob("*.json"):
            short = SHORT.search(record.stem)
            front = record.stem[: short.end()] if short else record.stem
            for name in (path.stem, path.parent.name):
                own = SHORT.search(name)
                if name.startswith(f"{front}_") and bool(own) == bool(short) and record.with_suffix(".xlsx").is_file():
                    fits.append((len(front), record.with_suffix(".xlsx")))
    return max(fits, key=lambda one: one[0])[1] if fits else None


def _run(whole: Path) -> Run:
    """The run of a result workbook that is still what its manifest says."""
    book = reopen(whole)
    if book.edition or book.several:
        raise AllocationError(Problem("verify.no_whole", {"file": whole.name}, str(whole)))
    every = sources(book)
    [run] = rerun(book, every)
    manifest = whole.with_suffix(".json")
    edited = record_differences(book, manifest if manifest.is_file() else None) + award_changes(book, every[0], run)
    if edited or county_differences(book, every[0], original_table(whole, every[0])):
        raise AllocationError(Problem("verify.whole_edited", where=str(whole)))
    return run


def _closest(run: Run, found: OpenSheet, lang: str, stem: str, whole: Path) -> Sheet:
    """Of everything that is sent out of a run, what agrees best with the sheet; first what has its file's name."""
    best, most = None, ALIKE
    for key in (key for key in EDITIONS if key != "internal"):
        try:
            books = edition_books(run, key, Path(), str, "", lang)
        except AllocationError:  # not every award is land
            continue
        for one in books:
            made = Book()
            one.fill(made)
            [sheet] = made.sheets.values()
            right = sum(equal(found.values.get(place), cell) for place, cell in sheet.cells.items())
            share = right / max(len(sheet.cells), len(found.values)) + (one.target.stem == stem)
            if share > most:
                best, most = sheet, share
    if best is None:
        raise AllocationError(Problem("verify.not_edition_of", {"file": whole.name}, found.title))
    return best


def _journal(path: Path, manifest: Path | None, sheet: OpenSheet, verdict: EditionVerdict) -> None:
    """What the journal says of these very bytes, or of a file of this name."""
    own = given_digest(path)
    near = [*path.parents[:3], *(manifest.resolve().parents[:2] if manifest else [])]
    folder = next((one for one in near if (one / journal.NAME).is_file()), None)
    rows = journal.read(folder) if folder else []
    verdict.failed += journal.check(folder) if folder else []
    name = path.relative_to(folder).as_posix() if folder in path.parents else path.name
    lines = [dict(zip(LINE, row, strict=False)) for row in rows]
    same = [line for line in lines if line["sha256"] == own]
    named = [line for line in lines if line["file"] == name]
    if same:
        verdict.notes.append(Problem("verify.as_issued", same[-1]))
    elif named and verdict.whole:
        if not verdict.differences:
            verdict.notes.append(Problem("verify.resaved", {"number": named[-1]["number"]}))
    elif named:
        verdict.differences.append(Difference("issued", sheet.title, found=own[:12], expected=named[-1]["sha256"][:12]))
    elif not verdict.whole:
        raise AllocationError(Problem("verify.edition_alone", where=path.name))
