"""Calls about the table of a work as it stands in its file: its cells, what is wrong beside them, what was mended."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from allocation.doubts.doubt import POLICY, Doubt
from allocation.errors import AllocationError, Problem, told_together
from allocation.files.given_files import given_bytes
from allocation.files.limits import CELLS
from allocation.files.whole_files import bytes_writer, place
from allocation.page.call import ApiCall, OfRevision, OfWork, Visit
from allocation.page.choices import choices
from allocation.page.desk import MOST
from allocation.page.mending import address, cell_text, counted, grid, mended, mended_copy, required_source
from allocation.page.works import Resolved, Work
from allocation.page.workshop import Answer
from allocation.patterns import LatePattern
from allocation.report.problems_json import told
from allocation.tables.case_sheets import DATA, sheet_of
from allocation.tables.cells import SourceSheet, letters
from allocation.tables.headings import key_role
from allocation.tables.keys import NAME
from allocation.tables.scan import area
from allocation.tables.spelling import squeeze
from allocation.texts import LANGUAGES, in_brackets

HEADED, MOST_HELD = 15, 3  # rows in which headings stand, and columns that may stay in sight
SENT = CELLS // 5  # cells that a browser is given at once
_CELL = LatePattern(r"(?:^|[!:] ?)([A-Z]{1,3}[0-9]{1,7})$")
WRONG, DOUBT, HINT = "wrong", "doubt", "hint"


class OfSheet(OfWork):
    """A sheet of the table; empty: the one that is read."""

    sheet: str | None = None


class Mended(OfRevision):
    """`cells`: by address what is to stand there; None as it stands in the file."""

    sheet: str
    cells: dict[str, str | None]


class Chosen(OfRevision):
    """How the table is read; what is not named stays."""

    sheet: str = ""
    year: int | None = None
    data_year: int | None = None
    unused: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    reference: bool = False


class Answered(OfRevision):
    """How a doubt is resolved; without a reason it is open again."""

    doubt: str
    reason: str = ""
    basis: str = ""
    prepared: str = ""
    reviewed: str = ""


class KeptAs(OfRevision):
    """The mends go on to hold though the file has changed, or are given up."""

    keep: bool


class MendShown(TypedDict):
    sheet: str
    cell: str
    old: str
    new: str


class SheetShown(TypedDict):
    """`rows`: what the cells show, as far as the longest; `fixed`: cells that repeat the first of a merged area, which
    alone can be mended. `held`: the first columns, which stay in sight: up to that of the names. `left_out`: rows
    beyond what a browser is given. `can_mend` is empty, or says why nothing can be mended."""

    revision: int
    file: str
    sheets: list[str]
    sheet: str
    columns: list[str]
    rows: list[list[str]]
    fixed: list[str]
    held: int
    left_out: int
    can_mend: str
    mends: list[MendShown]
    reading: dict[str, object]


class ChoiceShown(TypedDict):
    field: str
    value: str
    label: str


class MarkShown(TypedDict):
    """One thing to mend, to resolve or to know, and the cells of the sheet that it is about."""

    kind: str
    id: str
    text: str
    sheet: str
    cells: list[str]
    choices: list[ChoiceShown]
    resolved: dict[str, str] | None


class MarksShown(TypedDict):
    revision: int
    sheet: str
    marks: list[MarkShown]
    changed: bool


class RevisionLeft(TypedDict):
    revision: int


class MendedShown(TypedDict):
    """`cells`: what those that changed show now."""

    revision: int
    cells: dict[str, str]
    mends: list[MendShown]


class Saved(TypedDict):
    """`name`: the file, which is the table of the work from now on."""

    revision: int
    name: str


def _look(visit: Visit, asked: OfSheet) -> SheetShown:
    work = visit.works.get(asked.work)
    path = required_source(work, visit.desk)
    before = grid(path.name, given_bytes(path))
    refused = "" if _can_mend(path) else visit.say("page_read.old_book")
    copy = None if refused or _is_stale(work, path) else mended_copy(work, visit.desk)
    after = grid(path.name, given_bytes(copy)) if copy else before
    names = [sheet.name for sheet in after]
    chosen = asked.sheet if asked.sheet in names else _sheet_read(visit.engine.answer(work, partly=True), after, path)
    sheet = after[names.index(chosen)] if names else None
    shown = _rows(sheet) if sheet else []
    return {
        "revision": work.revision, "file": path.name, "sheets": names, "sheet": chosen,
        "columns": [letters(at) for at in range(sheet.width() if sheet else 0)], "rows": shown,
        "fixed": _fixed(sheet, len(shown)) if sheet else [], "held": _held(shown),
        "left_out": len(sheet.rows) - len(shown) if sheet else 0, "can_mend": refused,
        "mends": _mends(work, before),
        "reading": work.model_dump(include={*Chosen.model_fields} - {*OfRevision.model_fields}, mode="json"),
    }  # fmt: skip


def _held(rows: list[list[str]]) -> int:
    """How many columns there are up to that of the names; 0 where none is headed so, or too many would stay."""
    roles = [(role, at) for row in rows[:HEADED] for at, text in enumerate(row) if (role := key_role(squeeze(text)))]
    named = sorted((rank, at) for (role, rank), at in roles if role == NAME)
    return named[0][1] + 1 if named and named[0][1] < MOST_HELD else 0


def _can_mend(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) != bytes.fromhex("d0cf11e0")


def _is_stale(work: Work, path: Path) -> bool:
    """Whether the file has changed since its cells were mended."""
    return bool(work.mended_from) and work.mended_from != hashlib.sha256(given_bytes(path)).hexdigest()


def _rows(sheet: SourceSheet) -> list[list[str]]:
    most = max(1, SENT // max(1, sheet.width()))
    return [[cell_text(cell) for cell in row] for row in sheet.rows[:most]]


def _fixed(sheet: SourceSheet, rows: int) -> list[str]:
    return [address(row, column) for row in range(rows) for column, cell in enumerate(sheet.rows[row]) if cell.merged]


def _sheet_read(answer: Answer, sheets: Sequence[SourceSheet], path: Path) -> str:
    """The sheet that the table is read from: where its cells are, else where something is wrong, else the first."""
    names = [sheet.name for sheet in sheets]
    of_case = sheet_of(sheets, DATA)
    table = answer.material.table if answer.material else None
    places = [*table.cells.values()][:1] if table else []
    places += [problem.where for problem in answer.problems]
    said = [_place(where, path.name)[0] for where in places]
    return next(
        (name for name in said if name in names and name), of_case.name if of_case else names[0] if names else ""
    )


def _place(where: str, file: str) -> tuple[str, str]:
    """Sheet and cell of a place in that file; both empty of any other place."""
    front = where.removeprefix(f"{file}: ")
    if front == where:
        return "", ""
    match = _CELL.search(front)
    sheet = front.rpartition("!")[0] if match and "!" in front else "" if match else front
    return sheet, match[1] if match else ""


def _mends(work: Work, sheets: Sequence[SourceSheet]) -> list[MendShown]:
    known = {sheet.name: sheet for sheet in sheets}
    return [
        {"sheet": name, "cell": cell, "old": _shown(known.get(name), cell), "new": text}
        for name, cells in work.mends.items()
        for cell, text in cells.items()
    ]


def _shown(sheet: SourceSheet | None, cell: str) -> str:
    span = area(cell)
    return cell_text(sheet.cell(span.top, span.left)) if sheet and span else ""


def _stands(sheet: SourceSheet | None, cell: str, text: str) -> bool:
    """Whether a cell holds this already: of a text what it holds, however it shows, in full width or between blanks."""
    span = area(cell)
    held = sheet.cell(span.top, span.left).value if sheet and span else None
    return text == (held if isinstance(held, str) else _shown(sheet, cell))


def _marks(visit: Visit, asked: OfWork) -> MarksShown:
    """All that is wrong, in doubt or to be known of the table, with the cells it is about."""
    work = visit.works.get(asked.work)
    path = required_source(work, visit.desk)
    answer = visit.engine.answer(work, partly=True)
    marks = [_mark(group, HINT if group[0].advice else WRONG, path, visit) for group in told_together(answer.problems)]
    if answer.run:
        marks += [_doubted(doubt, work, path, visit) for doubt in answer.run.doubts if doubt.kind != POLICY]
    notes = [*(answer.material.table.notes if answer.material else answer.hints)]
    notes += [note for note in answer.run.notes if "places" in note.slots] if answer.run else []
    marks += [_mark(group, HINT, path, visit) for group in told_together(notes)]
    sheet = _sheet_read(answer, grid(path.name, given_bytes(path)), path)
    return {"revision": work.revision, "sheet": sheet, "marks": marks, "changed": _is_stale(work, path)}


def _mark(group: Sequence[Problem], kind: str, path: Path, visit: Visit) -> MarkShown:
    every = [_place(where, path.name) for problem in group for where in _places(problem)]
    texts = [line["text"].removeprefix(f"{path.name}: ") for line in told(group, visit)]
    return {
        "kind": kind, "id": group[0].id, "text": "\n".join(texts),
        "sheet": every[0][0], "cells": [cell for _, cell in every if cell],
        "choices": [{"field": choice.field, "value": choice.value, "label": choice.label[visit.lang]}
                    for choice in choices(group[0])] if kind == WRONG else [],
        "resolved": None,
    }  # fmt: skip


def _places(problem: Problem) -> Sequence[str]:
    places = problem.slots.get("places")
    return places if isinstance(places, list | tuple) else (problem.where,)


def _doubted(doubt: Doubt, work: Work, path: Path, visit: Visit) -> MarkShown:
    shown = _mark([doubt.problem], DOUBT, path, visit)
    said = work.resolved.get(doubt.id)
    return {**shown, "id": doubt.id, "resolved": said.model_dump() if said else None}


def _mend(visit: Visit, asked: Mended) -> MendedShown:
    """Cells are written, all or none: a copy of the file with them is made before anything is kept."""
    path = required_source(visit.works.get(asked.work), visit.desk)
    data = given_bytes(path)
    before = grid(path.name, data)
    sheet = next((sheet for sheet in before if sheet.name == asked.sheet), None)
    prior: list[SourceSheet | None] = [sheet]

    def changed(work: Work) -> Work:
        if _is_stale(work, path):
            raise AllocationError(Problem("page_read.changed_since", {"count": counted(work.mends)}, path.name))
        cells = {**work.mends.get(asked.sheet, {}), **asked.cells}
        kept = {cell: text for cell, text in cells.items() if text is not None and not _stands(sheet, cell, text)}
        mends = {name: said for name, said in {**work.mends, asked.sheet: kept}.items() if said}
        prior[0] = _sheet_of(path.name, mended(path, data, work.mends) if work.mends else data, asked.sheet)
        grid(path.name, mended(path, data, mends))  # what could not be opened again is not kept
        digest = hashlib.sha256(data).hexdigest() if mends else ""
        return work.model_copy(update={"mends": mends, "mended_from": digest})

    work = visit.works.change(asked.work, asked.revision, changed)
    copy = mended_copy(work, visit.desk)
    after = _sheet_of(path.name, given_bytes(copy) if copy else data, asked.sheet)
    shown = {cell: _shown(after, cell) for cell in asked.cells} | _moved(prior[0], after)
    return {"revision": work.revision, "cells": shown, "mends": _mends(work, before)}


def _sheet_of(file: str, data: bytes, name: str) -> SourceSheet | None:
    return next((sheet for sheet in grid(file, data) if sheet.name == name), None)


def _moved(before: SourceSheet | None, after: SourceSheet | None) -> dict[str, str]:
    """What cells show that showed something else: those that were mended, and results that rest on them."""
    moved: dict[str, str] = {}
    for row in range(len(after.rows) if after else 0):
        now, was = after.rows[row] if after else (), before.rows[row] if before and row < len(before.rows) else ()
        if now != was:
            moved |= {address(row, at): cell_text(cell) for at, cell in enumerate(now)
                      if at >= len(was) or was[at] != cell}  # fmt: skip
    return moved


def _keep(visit: Visit, asked: KeptAs) -> RevisionLeft:
    """Of a file that has changed since it was mended."""
    path = required_source(visit.works.get(asked.work), visit.desk)
    data = given_bytes(path)

    def changed(work: Work) -> Work:
        mends = work.mends if asked.keep else {}
        mended(path, data, mends)
        return work.model_copy(
            update={"mends": mends, "mended_from": hashlib.sha256(data).hexdigest() if mends else ""}
        )

    return {"revision": visit.works.change(asked.work, asked.revision, changed).revision}


def _choose(visit: Visit, asked: Chosen) -> RevisionLeft:
    said = {key: getattr(asked, key) for key in asked.model_fields_set - {*OfRevision.model_fields}}
    work = visit.works.change(asked.work, asked.revision, lambda work: work.model_copy(update=said))
    return {"revision": work.revision}


def _resolve(visit: Visit, asked: Answered) -> RevisionLeft:
    said = Resolved(**{key: getattr(asked, key).strip() for key in Resolved.model_fields})

    def changed(work: Work) -> Work:
        others = {id: kept for id, kept in work.resolved.items() if id != asked.doubt}
        return work.model_copy(update={"resolved": {**others, asked.doubt: said} if said.reason else others})

    return {"revision": visit.works.change(asked.work, asked.revision, changed).revision}


def _save(visit: Visit, asked: OfRevision) -> Saved:
    """The mended table as a file of its own beside the one it was made of, which stays; the work goes on with it."""
    names: list[str] = []

    def saved(work: Work) -> Work:
        path, copy = required_source(work, visit.desk), mended_copy(work, visit.desk)
        if copy is None:
            raise AllocationError(Problem("page_read.nothing_mended", where=path.name))
        names.append(_placed(visit, path, copy.read_bytes()))
        return work.model_copy(update={"table": names[0], "mends": {}, "mended_from": ""})

    return {"revision": visit.works.change(asked.work, asked.revision, saved).revision, "name": names[0]}


def _placed(visit: Visit, path: Path, data: bytes) -> str:
    """A file with these bytes beside another: written, or there already."""
    for number in range(1, MOST):
        more = in_brackets(visit.say("page_read.mended_word") + (str(number) if number > 1 else ""), LANGUAGES[0])
        target = path.with_name(path.stem + more + path.suffix)
        if not target.exists():
            place({target: bytes_writer(data)}, claimed=(target,))
        if target.is_file() and given_bytes(target) == data:
            return target.relative_to(visit.desk.folder).as_posix()
    raise AllocationError(Problem("page.too_many", {"name": path.name}))


CALLS = (
    ApiCall("data.look", OfSheet, SheetShown, _look, changes=False),
    ApiCall("data.marks", OfWork, MarksShown, _marks, changes=False),
    ApiCall("data.mend", Mended, MendedShown, _mend),
    ApiCall("data.keep", KeptAs, RevisionLeft, _keep),
    ApiCall("data.choose", Chosen, RevisionLeft, _choose),
    ApiCall("data.resolve", Answered, RevisionLeft, _resolve),
    ApiCall("data.save", OfRevision, Saved, _save),
)
