"""A version beside what is on record of it: its bytes, and 与上一稿对比 as written from the version before it."""

from __future__ import annotations

from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.given_files import given_digest
from allocation.run import Run
from allocation.texts import say
from allocation.workbook import journal
from allocation.workbook.comparing import Comparison, Difference, Look
from allocation.workbook.recorded import Book, Sheet
from allocation.workbook.reopened import Reopened
from allocation.workbook.styles import Styles
from allocation.workbook.versions import FOLDER, Planned, Version, read_register, recorded
from allocation.workbook.versions_sheet import HEAD, TOP, write_differences


def unlike_registered(path: Path, book: Reopened) -> Difference | None:
    """Where the version that the workbook is, by its name or by its record, was registered with other bytes."""
    made = _register(path.parent)
    own = next((one for one in made if path.name in one.files), None) or _own(book, made)
    if own is None:
        return None
    kept = own.files.get(path.name) or next(iter(own.files.values()))
    found = given_digest(path)
    title, label = book.name("trace"), own.label(book.lang)
    return None if found == kept else Difference("registered", title, "", "", label, found[:12], kept[:12])


def unknown_to_journal(path: Path) -> list[Problem]:
    """That the journal beside the register knows nothing of a version, or nothing at all any more."""
    folder = next((one for one in path.resolve().parents[:2] if one.name == FOLDER), None)
    made = _register(folder) if folder else []
    if not folder or not made:
        return []
    if lost := journal.gone(folder.parent, made):
        return lost
    left = [name for _, name in journal.unlogged(folder.parent, made) if name == path.name]
    return [
        Problem("versions.not_in_journal", {"file": name}, (folder.parent / journal.NAME).as_posix()) for name in left
    ]


def _register(folder: Path) -> list[Version]:
    try:
        return read_register(folder)
    except AllocationError:
        return []


def _own(book: Reopened, made: list[Version]) -> Version | None:
    kept = book.record.version
    wanted = (kept.model, kept.year, kept.batch, kept.order, kept.content) if kept else None
    return next((one for one in made if (one.model, one.year, one.batch, one.order, one.content) == wanted), None)


def sheet_differences(folder: Path, book: Reopened, run: Run, edited: bool) -> tuple[list[Difference], int] | None:
    """What differs and how many cells were compared; None where there is a sheet that cannot be checked.

    `edited`: the workbook's figures are no longer those the sheet speaks of.
    """
    title = say(book.lang, "versions.sheet")
    found = next((one for one in book.others if one.title == title), None)
    if found is None:
        return [Difference("sheet_gone", title)] if book.record.version else [], 0
    expected = None if edited else _expected(folder, book, run, title)
    if expected is None:
        return None
    comparison = Comparison(expected, found, Look(TOP, (), 1, (HEAD,)), {})
    return [*comparison.differences(exact=True, flat=False)], len(expected.cells)


def _expected(folder: Path, book: Reopened, run: Run, title: str) -> Sheet | None:
    made = _register(folder)
    own = _own(book, made)
    if own is None:
        return None
    earlier = tuple(one for one in made if one.issue == own.issue and one.order < own.order)
    against = book.record.version.compared_with
    last = next((one for one in earlier if one.place == against), None)
    held = recorded(folder, last) if last else None
    if against and held is None:
        return None
    cells = Book()
    sheet = cells.add_worksheet(title)
    before = (last, held) if last else None
    write_differences(sheet, run, Planned(own, earlier), before, Styles(cells), book.lang)
    return sheet
