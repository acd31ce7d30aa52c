"""Two cases set against each other: every fact, setting, resolution and cell that differs, old → new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from allocation.case import BY_KEY, FACT, RESOLUTION, CaseFile
from allocation.classes import dataclass
from allocation.opening.additions import both_of, standing
from allocation.report.printed import NOTHING, PrintedColumn, PrintedTable
from allocation.report.study import plain_table
from allocation.tables.case_sheets import ATTACHED, DATA, NOTES, TITLES, taken
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.tables.grid import open_grid, read_bytes
from allocation.texts import Both, both

Cell = tuple[int, int]


@dataclass(frozen=True)
class CaseDifference:
    """What stands in one place of a case and of another; `kind` is a sheet, `key` what is meant, `where` its cell."""

    kind: Both
    key: str
    where: str
    old: Both
    new: Both


def differences(old: CaseFile, new: CaseFile) -> list[CaseDifference]:
    """Facts and settings first, then the data and all that is attached, in the order of the sheets."""
    return [
        *_said(old, new),
        *_notes(old, new),
        *(moved for kind in (DATA, *ATTACHED) for moved in _cells(old, new, kind)),
    ]


def differences_table(places: Sequence[CaseDifference]) -> PrintedTable:
    """A line each, with where it stands."""
    columns = [
        PrintedColumn(key, both(f"case.moved_{key}"), kind="text") for key in ("kind", "key", "where", "old", "new")
    ]
    columns = [replace(column, words=words) for column, words in zip(columns, _words(places), strict=True)]
    rows = [{"kind": str(at), "key": moved.key, "where": moved.where, "old": str(at), "new": str(at)}
            for at, moved in enumerate(places)]  # fmt: skip
    return plain_table("differences", NOTHING, columns, rows)


def _words(places: Sequence[CaseDifference]) -> Iterator[tuple[tuple[str, Both], ...]]:
    """What the texts of each column are called, where they have two languages."""
    for key in ("kind", "", "", "old", "new"):
        yield tuple((str(at), getattr(moved, key)) for at, moved in enumerate(places)) if key else ()


def _said(old: CaseFile, new: CaseFile) -> Iterator[CaseDifference]:
    places = [(FACT, key) for key in BY_KEY]
    for case in (old, new):
        places += [("setting", setting.address) for setting in case.settings]
        places += [(RESOLUTION, id) for id in case.resolved]
    if old.model != new.model:
        yield CaseDifference(
            TITLES["info"], "model", new.path.name, Both(old.model, old.model), Both(new.model, new.model)
        )
    for kind, key in dict.fromkeys(places):
        before, now = standing(old, kind, key), standing(new, kind, key)
        if before != now:
            where = new.places.get((kind, key)) or old.places.get((kind, key), new.path.name)
            title = TITLES["doubts" if kind == RESOLUTION else "info"]
            yield CaseDifference(title, key, where, both_of(before), both_of(now))


def _notes(old: CaseFile, new: CaseFile) -> Iterator[CaseDifference]:
    """What is printed of a recipient."""
    before, now = ({note.unit: note for note in case.notes} for case in (old, new))
    for unit in dict.fromkeys([*before, *now]):
        texts = [notes[unit].text if unit in notes else "—" for notes in (before, now)]
        if texts[0] != texts[1]:
            where = (now.get(unit) or before[unit]).where
            yield CaseDifference(TITLES[NOTES], unit, where, *(Both(text, text) for text in texts))


def _cells(old: CaseFile, new: CaseFile, kind: str) -> Iterator[CaseDifference]:
    """The cells of a sheet that differ, its rows by what stands first in them: an inserted row moves no other."""
    before, now = (_rows(_file(case, kind), kind) for case in (old, new))
    for key in dict.fromkeys([*before, *now]):
        left, right = before.get(key, {}), now.get(key, {})
        for column in sorted({*left, *right}):
            (old_text, old_at), (new_text, new_at) = left.get(column, ("", "")), right.get(column, ("", ""))
            if old_text != new_text:
                texts = (Both(text or "—", text or "—") for text in (old_text, new_text))
                yield CaseDifference(TITLES[kind], key[0], new_at or old_at, *texts)


def _file(case: CaseFile, kind: str) -> Path | None:
    return case.table if kind == DATA else case.given.get(kind)


def _rows(path: Path | None, kind: str) -> dict[tuple[str, int], dict[int, tuple[str, str]]]:
    """By the first text of a row, and which row of that text it is, its cells with their places."""
    sheets = taken(open_grid(path, read_bytes(path)), kind) if path else []
    rows: dict[tuple[str, int], dict[int, tuple[str, str]]] = {}
    for sheet in sheets:
        seen: Counter[str] = Counter()
        for row in range(len(sheet.rows)):
            cells = {column: (cell.text, sheet.where(row, column)) for column, cell in _filled(sheet, row)}
            if cells:
                first = next(iter(cells.values()))[0]
                seen[first] += 1
                rows[first, seen[first]] = cells
    return rows


def _filled(sheet: SourceSheet, row: int) -> Iterator[tuple[int, SourceCell]]:
    return ((column, cell) for column, cell in enumerate(sheet.rows[row]) if not cell.empty and not cell.merged)
