"""Merges the returned templates of a folder into one county table, and says who is missing, late or changed.

A figure is taken as the file has it, or not at all: two files that differ, a name that nobody listed, people counted
in two places are problems, all of them said at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from fractions import Fraction
from pathlib import Path

from allocation.classes import dataclass
from allocation.collecting.files import ReadFile, Returned, list_files, match_rows, read_files, said_of_none
from allocation.collecting.state import Kept, State
from allocation.doubts.doubt import Doubts
from allocation.errors import AllocationError, Problem
from allocation.files.folders import folders
from allocation.policy.model import Model
from allocation.policy.parts_of_year import PartOfYear
from allocation.run.shelf import base_name
from allocation.tables.keys import NAME, REMARK, Figure
from allocation.tables.recipients import Recipient, Recipients
from allocation.tables.said import NOTHING, Said
from allocation.tables.table import Table
from allocation.texts import Both, exact_text

MISSING, LEFT_OUT, RECEIVED, LATE, CHANGED, TWICE = "missing", "left_out", "received", "late", "changed", "twice"
MOST_CELLS = 4


@dataclass(frozen=True)
class Ask:
    """What a collection is asked: dates as 2018-03-05; `prefer` names files that win over others of a county;
    `partial`: files with problems are left out instead of stopping it; `said` of columns and rows, in whatever file
    they stand; `without`: files of the folder that are ours; `through`: the part of the year that is over."""

    date: str
    due: str = ""
    year: int | None = None
    prefer: tuple[str, ...] = ()
    partial: bool = False
    said: Said = NOTHING
    without: tuple[Path, ...] = ()
    through: PartOfYear | None = None


@dataclass(frozen=True)
class ReturnStatus:
    """One recipient: what became of its return. `first_seen` is empty while nothing has come."""

    recipient: Recipient
    status: tuple[str, ...]
    returned: Returned | None = None
    files: tuple[str, ...] = ()
    first_seen: str = ""


@dataclass(frozen=True)
class Moved:
    """A figure that is not what it was at the last collection, as texts."""

    recipient: Recipient
    input: str
    old: str | None
    new: str | None
    where: str


@dataclass(frozen=True)
class Collected:
    """The merged `table`, and what became of each return; `problems` are those of files that were left out."""

    model: Model
    year: int
    ask: Ask
    lines: tuple[ReturnStatus, ...]
    table: Table
    state: State
    changes: tuple[Moved, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = field(default=())
    doubts: Doubts = Doubts()

    def of_status(self, status: str) -> tuple[Recipient, ...]:
        return tuple(line.recipient for line in self.lines if status in line.status)

    @property
    def complete(self) -> bool:
        return not self.problems and not self.of_status(MISSING)


def default_recipients() -> Path:
    """`inputs/recipients.csv` of the folder one works in, else the shipped table of Jinzhou."""
    names = ("recipients.csv", "recipients_jinzhou.csv")
    for path in (folder / name for folder in folders("inputs") for name in names):
        if path.exists():
            return path
    raise AllocationError(Problem("collect.no_recipients"))


def collect(name: str, folder: Path, recipients: Recipients, ask: Ask, earlier: State | None = None) -> Collected:
    """The returns in `folder` for the model called `name`. Raises AllocationError with every problem of every file;
    with `ask.partial` those of single files come back in the result instead."""
    files, notes = list_files(folder, ask.without)
    model, year, read = read_files(name, files, ask.year, ask.said)
    problems = _preferences(ask, read) + said_of_none(read)
    if year is None:
        of_files = [problem for file in read for problem in file.problems]
        raise AllocationError(problems + (of_files or [Problem("collect.needs_year", where=str(folder))]))
    read = [match_rows(file, model, recipients, year, ask.through) for file in read]
    bad = [problem for file in read for problem in file.problems]
    notes += [note for file in read for note in file.notes]
    chosen, disputed = _choose(read, model, ask, notes)
    codes = set(chosen)
    problems += [_twice_counted(chosen, *pair, year) for pair in recipients.counted_twice(codes, year)]
    left_out = bad + disputed
    if problems or (left_out and not ask.partial):
        raise AllocationError(problems + left_out)
    if not chosen:
        raise AllocationError(left_out)
    kept = earlier if earlier and (earlier.model, earlier.year) == (base_name(model.name), year) else None
    if earlier and not kept:
        notes.append(Problem("collect.other_state", {"model": earlier.model, "year": earlier.year}))
    before = kept or State(base_name(model.name), year)
    changes = _changes(chosen, before)
    lines = _lines(recipients, chosen, read, before, {change.recipient.code for change in changes}, ask, year)
    skipped = {file.name for file in read if file.problems}
    notes += [
        Problem("collect.withdrawn", {"name": last.name, "file": last.file})
        for code, last in before.recipients.items()
        if code not in chosen and last.file not in skipped
    ]
    return Collected(
        model,
        year,
        ask,
        lines,
        _merged([line.returned for line in lines if line.returned], model, year),
        _state(before, read, lines, ask),
        changes,
        tuple(left_out),
        tuple(notes),
    )


def read_returns(name: str, folder: Path, ask: Ask) -> None:
    """Raises what is wrong with the files of `folder` themselves, whoever they are from."""
    files, _ = list_files(folder, ask.without)
    read = read_files(name, files, ask.year, ask.said)[2]
    problems = [*said_of_none(read), *(problem for file in read for problem in file.problems)]
    if problems:
        raise AllocationError(problems)


def _preferences(ask: Ask, read: Sequence[ReadFile]) -> list[Problem]:
    names = [file.name for file in read]
    absent = [name for name in ask.prefer if name not in names]
    return [Problem("collect.no_prefer", {"found": name, "files": names}, "--prefer") for name in absent]


def _choose(
    read: Sequence[ReadFile], model: Model, ask: Ask, notes: list[Problem]
) -> tuple[dict[str, Returned], list[Problem]]:
    """One return for each code, and the problems of those that differ between files."""
    by_code: dict[str, list[Returned]] = {}
    for returned in (returned for file in read for returned in file.returned):
        by_code.setdefault(returned.code, []).append(returned)
    chosen: dict[str, Returned] = {}
    problems: list[Problem] = []
    for code, those in by_code.items():
        named = [returned for returned in those if returned.file in ask.prefer]
        rest = named or those
        first = rest[0]
        differing = [other for other in rest[1:] if other.figures() != first.figures()]
        if differing:
            problems += [_conflict(first, other, model) for other in differing]
            continue
        chosen[code] = first
        others = [other.file for other in those if other is not first]
        if others:
            message = "collect.preferred" if named and len(named) < len(those) else "collect.same_twice"
            slots = {"name": first.match.recipient.name, "file": first.file, "others": others}
            notes.append(Problem(message, slots))
    return chosen, problems


def _conflict(first: Returned, other: Returned, model: Model) -> Problem:
    names = [name for name, figure in first.figures().items() if figure != other.figures()[name]]
    cells = []
    for name in names[:MOST_CELLS]:
        said = " ≠ ".join(
            f"{each.table.where(name, each.row)} = {exact_text(each.figures()[name]) or '—'}" for each in (first, other)
        )
        label = model.inputs[name].label
        cells.append(Both(f"{label.zh} {said}", f"{label.en} {said}"))
    cells += [Both("…", "…")] * (len(names) > MOST_CELLS)
    slots = {"name": first.match.recipient.name, "cells": cells, "count": len(names), "file": other.file}
    message = "collect.conflict_within" if first.file == other.file else "collect.conflict"
    return Problem(message, slots, first.file)


def _twice_counted(chosen: dict[str, Returned], whole: Recipient, part: Recipient, year: int) -> Problem:
    slots = {"whole": whole.name, "part": part.name, "declare": f"{part.code}@{year}", "place": whole.where}
    slots |= {"file": chosen[part.code].file}
    return Problem("collect.counted_twice", slots, chosen[whole.code].file)


def _changes(chosen: dict[str, Returned], before: State) -> tuple[Moved, ...]:
    changes = []
    for code, returned in chosen.items():
        old = before.recipients[code].figures if code in before.recipients else {}
        for name, figure in returned.figures().items():
            if name in old and old[name] != exact_text(figure):
                where = returned.table.where(name, returned.row)
                changes.append(Moved(returned.match.recipient, name, old[name], exact_text(figure), where))
    return tuple(changes)


def _lines(
    recipients: Recipients, chosen: dict[str, Returned], read: Sequence[ReadFile], before: State, changed: set[str],
    ask: Ask, year: int,
) -> tuple[ReturnStatus, ...]:  # fmt: skip
    """A line for each recipient that is expected or has returned something, in the order of the recipients' table."""
    files: dict[str, list[str]] = {}
    for returned in (returned for file in read for returned in file.returned):
        files.setdefault(returned.code, []).append(returned.file)
    lines = []
    for recipient in recipients.in_force(year):
        if recipient.code in files and recipient.code not in chosen:
            lines.append(ReturnStatus(recipient, (LEFT_OUT,), files=tuple(files[recipient.code])))
        elif recipient.code not in chosen and recipient.reports:
            lines.append(ReturnStatus(recipient, (MISSING,)))
        if recipient.code not in chosen:
            continue
        kept = before.recipients.get(recipient.code)
        first_seen = kept.first_seen if kept else ask.date
        status = [LATE] if ask.due and first_seen > ask.due else []
        status += [CHANGED] if recipient.code in changed else []
        status += [TWICE] if len(files[recipient.code]) > 1 else []
        lines.append(
            ReturnStatus(
                recipient, tuple(status or [RECEIVED]), chosen[recipient.code], tuple(files[recipient.code]), first_seen
            )
        )
    return tuple(lines)


def _merged(returned: Sequence[Returned], model: Model, year: int) -> Table:
    values: dict[str, tuple[Figure, ...]] = {
        name: tuple(source.table.values[name][source.row] for source in returned) for name in model.inputs
    }
    keys = [(name, row) for name in model.inputs for row in range(len(returned))]
    aside = [(key, row) for key in (NAME, REMARK) for row in range(len(returned))]
    row_notes = tuple(source.row_note for source in returned)
    files = [source.table for source in returned]
    return Table(
        absent=tuple(name for name in model.inputs if files and all(name in table.absent for table in files)),
        codes=tuple(source.code for source in returned),
        names=tuple(source.match.recipient.name for source in returned),
        values=values,
        year=year,
        cells={(name, row): returned[row].table.where(name, returned[row].row) for name, row in [*keys, *aside]},
        row_notes=row_notes if any(row_notes) else (),
        margins=tuple(dict.fromkeys(line for source in returned for line in source.table.margins)),
        illustrative=any(source.table.illustrative for source in returned),
        remarks={(name, row): remark for name, row in keys if (remark := returned[row].remark(name))},
    )


def _state(before: State, read: Sequence[ReadFile], lines: Sequence[ReturnStatus], ask: Ask) -> State:
    """What the next collection compares with; who has withdrawn keeps its last figures."""
    files = {file.name: before.seen(file.name, file.table.sha256, ask.date) for file in read if file.table}
    kept = dict(before.recipients)
    for line in lines:
        if line.returned:
            figures = {name: exact_text(value) for name, value in line.returned.figures().items()}
            kept[line.recipient.code] = Kept(line.recipient.name, line.returned.file, line.first_seen, figures)
    return replace(before, date=ask.date, files={**before.files, **files}, recipients=kept)


def inexact(table: Table, model: Model) -> list[Problem]:
    """Figures that no decimal of 15 places holds, such as 10 亩 in 公顷: the merged workbook has them rounded."""
    return [
        Problem("collect.inexact", {"label": model.inputs[name].label}, table.where(name, row))
        for name, column in table.values.items()
        for row, value in enumerate(column)
        if isinstance(value, Fraction) and "/" in (exact_text(value) or "")
    ]
