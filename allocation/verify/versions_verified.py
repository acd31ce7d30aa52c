"""A version beside what is on record of it: its bytes, and 与上一稿对比 as written from the version before it."""

from __future__ import annotations

from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_digest
from allocation.record import journal
from allocation.record.versions import FOLDER, PRESENT, Planned, Version, read_register, recorded, state
from allocation.run.run import Run
from allocation.sheets.memory import MemoryBook, MemorySheet
from allocation.texts import say
from allocation.verify.comparing import Difference, SheetComparison
from allocation.verify.reopened import Reopened
from allocation.verify.roles import Roles
from allocation.xlsx.styles import Styles
from allocation.xlsx.versions_sheet import write_differences


def unlike_registered(path: Path, book: Reopened) -> Difference | None:
    """Where the version that the workbook is, by its name or by its record, was registered with other bytes."""
    versions = _register(path.parent)
    version = next((version for version in versions if path.name in version.files), None) or _own(book, versions)
    if version is None:
        return None
    kept = version.files.get(path.name) or next(iter(version.files.values()))
    digest = given_digest(path)
    title, label = book.name("trace"), version.label(book.lang)
    return None if digest == kept else Difference("registered", title, "", "", label, digest[:12], kept[:12])


def unknown_to_journal(path: Path) -> list[Problem]:
    """That the journal beside the register knows nothing of a version, or nothing at all any more."""
    folder = next((parent for parent in path.resolve().parents[:2] if parent.name == FOLDER), None)
    versions = _register(folder) if folder else []
    if not folder or not versions:
        return []
    if lost := journal.gone(folder.parent, versions):
        return lost
    left = [name for _, name in journal.unlogged(folder.parent, versions) if name == path.name]
    return [
        Problem("versions.not_in_journal", {"file": name}, (folder.parent / journal.NAME).as_posix()) for name in left
    ]


def case_not_kept(path: Path) -> list[Problem]:
    """What is no longer as it was kept of the case that a version was made from."""
    folder = path.resolve().parent
    version = next((version for version in _register(folder) if path.name in version.files), None)
    states = {name: state(folder, name, sha256) for name, sha256 in version.case_files.items()} if version else {}
    return [Problem(f"versions.file_{kind}", {"path": (path.parent / name).as_posix()})
            for name, kind in states.items() if kind != PRESENT]  # fmt: skip


def _register(folder: Path) -> list[Version]:
    try:
        return read_register(folder)
    except AllocationError:
        return []


def _own(book: Reopened, versions: list[Version]) -> Version | None:
    kept = book.record.version
    if kept is None:
        return None
    keys = {(each.model, each.year, each.batch, each.order, each.content): each for each in reversed(versions)}
    return keys.get((kept.model, kept.year, kept.batch, kept.order, kept.content))


def sheet_differences(folder: Path, book: Reopened, run: Run, edited: bool) -> tuple[list[Difference], int] | None:
    """What differs and how many cells were compared; None where there is a sheet that cannot be checked.

    `edited`: the workbook's figures are no longer those the sheet speaks of.
    """
    title = say(book.lang, "versions.sheet")
    sheet = next((other for other in book.others if other.title == title), None)
    if sheet is None:
        return [Difference("sheet_gone", title)] if book.record.version else [], 0
    expected = None if edited else _expected(folder, book, run, title)
    if expected is None:
        return None
    comparison = SheetComparison(expected, sheet, Roles(expected))
    return [*comparison.differences(exact=True, flat=False)], len(expected.cells)


def _expected(folder: Path, book: Reopened, run: Run, title: str) -> MemorySheet | None:
    versions = _register(folder)
    version = _own(book, versions)
    if version is None:
        return None
    earlier = tuple(each for each in versions if each.issue == version.issue and each.order < version.order)
    against = book.record.version.compared_with if book.record.version else None
    last = next((other for other in earlier if other.place == against), None)
    held = recorded(folder, last) if last else None
    if against and held is None:
        return None
    cells = MemoryBook(book.lang)
    sheet = cells.add_worksheet(title)
    before = (last, held) if last and held else None
    write_differences(sheet, run, Planned(version, earlier), before, Styles(cells))
    return sheet
