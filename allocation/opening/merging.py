"""What a department returns, merged with the table of a case: every figure that differs, cell by cell, old → new.

Nothing is taken in silence: where the case has another figure a person chooses, a blank takes no figure away, and what
is not a department's own is told and left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cache
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.opening.cases import is_case
from allocation.policy.model import Model
from allocation.tables.departments import as_returned, department_named, departments_in, supplied
from allocation.tables.keys import NAME, Figure
from allocation.tables.reading import read_as_far
from allocation.tables.spelling import fold
from allocation.tables.table import Table
from allocation.texts import Both, exact_text
from allocation.texts.vocabulary import Spellings

CASE, RETURNED = "case", "returned"


@cache
def sides() -> dict[str, str]:
    """Whose figure stands, by how one says it."""
    return {said: side for side in (CASE, RETURNED) for said in Spellings(f"case_words.{side}_side")}


@dataclass(frozen=True)
class DepartmentReturn:
    """A table that came back from a department; `rows` gives of each of its rows the row of the case's table."""

    department: str
    table: Table
    rows: tuple[int | None, ...]


@dataclass(frozen=True)
class MergedFigure:
    """One figure of a unit that the case lacks or has otherwise. `side`: which of the two stands."""

    row: int
    name: str
    unit: str
    label: Both
    old: Figure
    new: Figure
    where: str
    standing: str  # the cell of the case
    side: str = RETURNED

    @property
    def key(self) -> Both:
        return Both(f"{self.unit}/{self.label.zh}", f"{self.unit}/{self.label.en}")


@dataclass(frozen=True)
class Merge:
    """What is filled in, what stands in place of another figure, and what was left; `departments` by key."""

    departments: tuple[str, ...]
    figures: tuple[MergedFigure, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def taken(self) -> tuple[MergedFigure, ...]:
        return tuple(figure for figure in self.figures if figure.side == RETURNED)


@dataclass(frozen=True)
class MergeAsked:
    """`department`: whose the tables are that do not say it; `chosen`: by unit, column or unit/column the side."""

    department: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)


def merge(model: Model, table: Table, files: Sequence[Path], asked: MergeAsked) -> Merge:
    """`table`: the case's, read with `as_returned(model)`. Raises AllocationError with every cell that stops it."""
    problems: list[Problem] = []
    notes: list[Problem] = []
    department = tried(problems, department_named, model, asked.department) if asked.department else ""
    read = [_returned(path, model, table, department or "", problems, notes) for path in files]
    returned = [each for each in read if each]
    figures = _figures(model, table, returned, problems, notes)
    figures = _chosen(figures, asked.chosen, model, problems)
    if problems:
        raise AllocationError(problems)
    return Merge(tuple(dict.fromkeys(each.department for each in returned)), tuple(figures), tuple(notes))


def _returned(
    path: Path, model: Model, table: Table, department: str, problems: list[Problem], notes: list[Problem]
) -> DepartmentReturn | None:
    if is_case(path):
        problems.append(Problem("departments.is_case", where=path.name))
        return None
    wrong: list[Problem] = []
    read = read_as_far(path, as_returned(model), wrong, budget_year=table.year)
    if not len(read):
        problems += wrong
        return None
    other = read.year if table.year and read.year != table.year else None
    if other:
        where = next((where for where, text in read.margins if str(other) in text), path.name)
        wrong.append(Problem("departments.other_year", {"found": other, "wanted": table.year}, where))
    whose = _whose(path, model, read, department, wrong)
    rows = _rows(read, table, wrong)
    if whose:
        _columns(model, read, whose, wrong, notes)
        notes += [Problem("departments.no_unit", {"name": table.names[row], "file": path.name}, table.unit_where(row))
                  for row in range(len(table)) if row not in rows]  # fmt: skip
    notes += [Problem("departments.remark", {"name": read.names[row], "text": text}, read.unit_where(row))
              for row, text in enumerate(read.row_notes) if text]  # fmt: skip
    problems += wrong
    return DepartmentReturn(whose, read, rows) if whose else None


def _whose(path: Path, model: Model, read: Table, department: str, problems: list[Problem]) -> str:
    """The department that a table says it is of, else the one that was asked for."""
    named = departments_in(model, read)
    if department and named and department not in named:
        slots = {"found": [model.departments[key] for key in named], "wanted": model.departments[department]}
        problems.append(Problem("departments.other_form", slots, next(iter(named.values()))))
        return ""
    if not department and len(named) != 1:
        problems.append(Problem("departments.whose", {"known": [*model.departments.values()]}, path.name))
        return ""
    return department or next(iter(named))


def _rows(read: Table, table: Table, problems: list[Problem]) -> tuple[int | None, ...]:
    """Of each row the case's row of that unit, by code and name, which must agree."""
    rows = tuple(_row(read, row, table, problems) for row in range(len(read)))
    seen: dict[int, int] = {}
    for place, row in enumerate(rows):
        if row is not None and row in seen:
            slots = {"name": table.names[row], "other": read.unit_where(seen[row])}
            problems.append(Problem("departments.unit_twice", slots, read.unit_where(place)))
        elif row is not None:
            seen[row] = place
    return rows


def _row(read: Table, row: int, table: Table, problems: list[Problem]) -> int | None:
    code, name = read.codes[row] if read.coded else "", read.names[row]
    coded = bool(code) and table.coded
    by_code = [at for at, known in enumerate(table.codes) if coded and known == code]
    by_name = [at for at, known in enumerate(table.names) if name and fold(known) == fold(name)]
    if coded and by_code and (not name or by_code[0] in by_name):
        return by_code[0]
    if not coded and len(by_name) == 1:
        return by_name[0]
    where = read.unit_where(row)
    if coded and by_code:
        slots = {"code": code, "name": name, "known": table.names[by_code[0]]}
        problems.append(Problem("departments.code_name", slots, where))
    elif len(by_name) > 1:
        codes = [table.codes[at] for at in by_name]
        problems.append(Problem("departments.name_twice", {"name": name, "codes": codes}, where))
    else:
        near = table.names[by_name[0]] if by_name else nearest(name or code, [*table.names, *table.codes])
        said = " ".join(filter(None, [code, name]))
        problems.append(Problem("departments.unit_unknown", {"found": said, "nearest": near}, where))
    return None


def _columns(model: Model, read: Table, department: str, problems: list[Problem], notes: list[Problem]) -> None:
    """Columns of theirs that are not there, and others that are."""
    theirs = supplied(model, department)
    for name, entry in model.inputs.items():
        there = (name, 0) in read.cells
        if name in theirs and not there:
            slots = {"label": entry.label, "department": model.departments[department]}
            problems.append(Problem("departments.no_column", slots, read.file))
        elif name not in theirs and name not in read.absent and there:
            row = next(row for row, value in enumerate(read.values[name]) if value is not None)
            owner = model.departments.get(entry.department, Both("", ""))
            slots = {"label": entry.label, "department": model.departments[department], "owner": owner}
            notes.append(Problem("departments.not_theirs", slots, read.where(name, row)))


def _figures(
    model: Model, table: Table, returned: Sequence[DepartmentReturn], problems: list[Problem], notes: list[Problem]
) -> list[MergedFigure]:
    """What differs from the case, in the order of its rows; two returns that differ are a problem."""
    said: dict[tuple[int, str], tuple[Figure, str]] = {}
    for each in returned:
        for place, row in enumerate(each.rows):
            for name, entry in supplied(model, each.department).items() if row is not None else ():
                if row is None or (name, place) not in each.table.cells:
                    continue
                new, where = each.table.values[name][place], each.table.where(name, place)
                held = said.get((row, name))
                slots = {"name": table.names[row], "label": entry.label}
                if new is None:
                    stays = exact_text(table.values[name][row])
                    notes += [Problem("departments.left_blank", {**slots, "old": stays}, where)] if stays else []
                elif held and held[0] != new:
                    more = {"first": exact_text(held[0]), "other": held[1], "new": exact_text(new)}
                    problems.append(Problem("departments.two_returns", {**slots, **more}, where))
                else:
                    said.setdefault((row, name), (new, where))
    figures = []
    for (row, name), (new, where) in sorted(said.items(), key=lambda item: item[0][0]):
        old = table.values[name][row]
        if old != new:
            label, standing = model.inputs[name].label, table.cells.get((name, row), "")
            figures.append(MergedFigure(row, name, table.names[row], label, old, new, where, standing))
    for name in dict.fromkeys(figure.name for figure in figures if not figure.standing):
        slots = {"label": model.inputs[name].label}
        problems.append(Problem("departments.case_lacks", slots, table.cells.get((NAME, 0), table.file)))
    return figures


def _chosen(
    figures: Sequence[MergedFigure], chosen: Mapping[str, str], model: Model, problems: list[Problem]
) -> list[MergedFigure]:
    """Each with the side that was chosen for it, where the case has another figure; one for it alone counts first."""
    differing = [figure for figure in figures if figure.old is not None]
    used: set[str] = set()
    sides: dict[MergedFigure, str] = {}
    open_ones: list[MergedFigure] = []
    for figure in differing:
        exact, wide = ([key for key in chosen if fold(key) in words] for words in _words(figure, model))
        used |= {*exact, *wide}
        meant = {chosen[key] for key in exact or wide}
        sides[figure] = meant.pop() if len(meant) == 1 else RETURNED
        slots = {"name": figure.unit, "label": figure.label, "key": figure.key}
        if meant:
            problems.append(Problem("departments.choice_crossed", {**slots, "keys": wide}, "--choose"))
        elif not exact and not wide:
            texts = {"old": exact_text(figure.old), "new": exact_text(figure.new), "standing": figure.standing}
            problems.append(Problem("departments.differs", {**slots, **texts}, figure.where))
            open_ones.append(figure)
    if open_ones:
        slots = {"count": len(open_ones), "key": open_ones[0].key, "label": open_ones[0].label}
        problems.append(Problem("departments.choose", slots, "--choose", advice=True))
    keys = [figure.key.zh for figure in differing]
    problems += [Problem("departments.choice_unused", {"key": key, "nearest": nearest(key, keys)}, "--choose")
                 for key in chosen if key not in used]  # fmt: skip
    return [replace(figure, side=sides.get(figure, RETURNED)) for figure in figures]


def _words(figure: MergedFigure, model: Model) -> tuple[set[str], set[str]]:
    """How a choice may name a figure alone, and how all of its column or all of its unit."""
    entry = model.inputs[figure.name]
    columns = {fold(word) for word in (figure.name, entry.label.zh, entry.label.en)}
    heading = {fold(entry.heading[lang]) for lang in ("zh", "en")} if entry.heading else set()
    unit = fold(figure.unit)
    return {f"{unit}/{column}" for column in columns | heading}, {*columns, *heading, unit}
