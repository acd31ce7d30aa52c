"""The files of a folder of returns: which are tables, what each holds, and of which year it speaks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.opening.case_book import is_case_book
from allocation.policy.loading import load_model
from allocation.policy.model import Model
from allocation.policy.parts_of_year import PartOfYear, known_inputs, later_inputs
from allocation.run.finding import model_files, model_of_year
from allocation.tables.keys import WHOLE_COLUMN, Figure
from allocation.tables.reading import read_as_far
from allocation.tables.recipients import Match, Recipients
from allocation.tables.said import NOTHING, Said
from allocation.tables.table import Table

SAID_OF_NOTHING = ("tables.unused_absent", "tables.row_absent")
TABLES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ett", ".ods", ".csv", ".txt", ".tsv")


@dataclass(frozen=True)
class Returned:
    """The figures of one recipient: row `row` of the table of a file."""

    match: Match
    said: str  # the name or code as the file has it
    table: Table
    row: int

    @property
    def code(self) -> str:
        return self.match.recipient.code

    @property
    def file(self) -> str:
        return self.table.file

    def figures(self) -> dict[str, Figure]:
        return {name: column[self.row] for name, column in self.table.values.items()}

    @property
    def row_note(self) -> str:
        """What 备注 of its row says."""
        return self.table.row_notes[self.row] if self.table.row_notes else ""

    def remark(self, name: str) -> str:
        remarks = self.table.remarks
        return remarks.get((name, self.row)) or remarks.get((name, WHOLE_COLUMN), "")


@dataclass(frozen=True)
class ReadFile:
    """One file: its table, or why it has none."""

    name: str
    table: Table | None = None
    returned: tuple[Returned, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = field(default=())
    absent: tuple[Problem, ...] = ()  # what was said of columns and rows that it does not have


def list_files(folder: Path, without: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """The tables of a folder by name, and notes on what was passed over: a link that leads out of it, too.
    AllocationError without any."""
    if not folder.is_dir():
        problem = "collect.file_for_folder" if folder.exists() else "collect.no_folder"
        raise AllocationError(Problem(problem, where=str(folder)))
    ours = {os.path.realpath(path) for path in without}
    files: list[Path] = []
    notes: list[Problem] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or os.path.realpath(path) in ours:
            continue
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            notes.append(Problem("collect.leads_out", where=path.name))
        elif path.is_dir():
            notes.append(Problem("collect.folder_within", where=path.name))
        elif path.suffix.lower() in TABLES:
            files.append(path)
        else:
            notes.append(Problem("collect.not_a_table", where=path.name))
    if not files:
        raise AllocationError([Problem("collect.empty_folder", where=str(folder)), *notes])
    return files, notes


def read_files(
    name: str, files: list[Path], asked: int | None, said: Said = NOTHING
) -> tuple[Model, int | None, list[ReadFile]]:
    """Every file read for the model `name` in force in the year asked for, else in the year that most files give.

    The year is None when no file that could be read gives one.
    """
    # The year of a table is known once it is read, and reading needs the inputs of that year's model: each is tried.
    models = [model_of_year(name, asked)] if asked else [load_model(file) for file in model_files(name)]
    tries = []
    for model in models:
        read = [_read(path, model, asked, said) for path in files]
        year = asked or _usual_year(read)
        tries.append((model, year, [_of_year(file, year) for file in read]))
        if year and model_of_year(name, year).name == model.name:
            return tries[-1]
    return tries[0]


def _read(path: Path, model: Model, year: int | None, said: Said) -> ReadFile:
    locks = [lock for lock in (f"~${path.name}", f".~lock.{path.name}#") if path.with_name(lock).exists()]
    if locks:  # by Excel and WPS, by LibreOffice: what is not yet saved would be missed
        return ReadFile(path.name, problems=(Problem("collect.open", {"lock": locks[0]}, path.name),))
    if is_case_book(path):  # of this office, put there by mistake: no county returns one
        return ReadFile(path.name, problems=(Problem("collect.case", where=path.name),))
    problems: list[Problem] = []
    table = read_as_far(path, model, problems, year=year, said=said)
    absent = tuple(problem for problem in problems if problem.id in SAID_OF_NOTHING)  # may be said of another file
    problems = [_named(problem, path) for problem in problems if problem not in absent]
    if problems:
        return ReadFile(path.name, problems=tuple(problems), absent=absent)
    return ReadFile(path.name, table, notes=table.notes, absent=absent)


def said_of_none(read: Sequence[ReadFile]) -> list[Problem]:
    """What was said of a column or row that no file has."""
    each = [{(said.id, str(said.slots.get("header") or said.slots.get("found"))): said for said in file.absent}
            for file in read]  # fmt: skip
    return [problem for key, problem in each[0].items() if all(key in others for others in each)] if each else []


def _named(problem: Problem, path: Path) -> Problem:
    """A problem of the file is said with the file's name."""
    named = problem.where.startswith(path.name)
    return problem if named else replace(problem, where=path.name)


def _usual_year(read: list[ReadFile]) -> int | None:
    years = [file.table.year for file in read if file.table and file.table.year]
    return max(sorted(set(years)), key=years.count, default=None)


def _of_year(file: ReadFile, year: int | None) -> ReadFile:
    """The file, or the problem that its table speaks of another year."""
    if file.table is None or year is None:
        return file
    titled = [note for note in file.notes if note.id == "tables.title_year_differs"]
    other = titled[0].slots["title"] if titled else file.table.year
    if other is not None and other != year:
        problem = Problem("collect.other_year", {"title": other, "wanted": year}, file.name)
        return replace(file, table=None, problems=(problem,), notes=())
    if other is None:
        return replace(file, notes=(*file.notes, Problem("collect.year_taken", {"year": year}, file.name)))
    return file


def match_rows(
    file: ReadFile, model: Model, recipients: Recipients, year: int, through: PartOfYear | None = None
) -> ReadFile:
    """The file with each row that holds figures matched to its recipient; rows left blank are passed over.

    A template sent round with everyone's names in it comes back with file row filled.
    """
    table = file.table
    if table is None:
        return file
    filled = [row for row in range(len(table)) if _filled(table, row, model)]
    problems = [] if filled else [Problem("collect.nothing_filled", {"count": len(table)}, file.name)]
    returned = []
    for row in filled:
        code, name = table.codes[row] if table.coded else "", table.names[row]
        place = next((table.cells[key] for key in ((entry, row) for entry in model.inputs) if key in table.cells), "")
        try:
            match = recipients.match_row(code, name, year, place or file.name)
            returned.append(Returned(match, name or code, table, row))
        except AllocationError as error:
            problems += error.problems
    problems += _untimely(table, filled, model, through) if through else []
    notes = tuple(note for note in file.notes if note.id != "tables.no_codes")  # names are matched, codes follow
    if problems:
        return replace(file, table=None, problems=tuple(problems), notes=())
    return replace(file, returned=tuple(returned), notes=notes)


def _untimely(table: Table, rows: Sequence[int], model: Model, through: PartOfYear) -> list[Problem]:
    """Figures of parts of the year that are not over, which nobody can know, and blanks of those that are."""
    known, later = known_inputs(model, through), later_inputs(model, through)
    return [
        Problem(message, {"label": entry.label, "name": table.names[row], "part": through.label},
                table.where(entry.name, row))
        for row in rows
        for message, entries, given in (("collect.not_yet", later, True), ("collect.part_blank", known, False))
        for entry in entries
        if (table.values[entry.name][row] is not None) == given
    ]  # fmt: skip


def _filled(table: Table, row: int, model: Model) -> bool:
    """Whether a row gives any figure of its own: classes and last year's award may have been filled in beforehand."""
    figures = [entry for entry in model.inputs.values() if not entry.text and entry.name != model.compare_with]
    values = [(table.values[entry.name][row], entry.default) for entry in figures or model.inputs.values()]
    return any(value is not None and value != default for value, default in values)
