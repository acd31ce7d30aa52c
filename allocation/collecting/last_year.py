"""Fills inputs of a merged table, last year's award first of all, from last year's result, split by a crosswalk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from allocation.collecting.crosswalk import Step, carry_over
from allocation.doubts.last import record_of_file
from allocation.errors import AllocationError, Problem, nearest
from allocation.policy.model import Input, Model
from allocation.tables.cells import SourceSheet
from allocation.tables.figures import Measure, Unread, read_number
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.keys import Figure
from allocation.tables.reading import read_table
from allocation.tables.recipients import Recipients
from allocation.tables.spelling import fold
from allocation.tables.table import Table
from allocation.texts import both, exact_text

_DEEPEST = 10


def _code() -> tuple[str, str]:
    """The heading of codes, as our own workbooks write it."""
    return both("workbook.code").zh, "code"


def carried_pairs(model: Model, asked: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Input of this year and column of last year's result for each `--carry input=column`, by name or label.

    Without any: the input the model compares with, from its award.
    """
    if not asked:
        if not model.compare_with:
            raise AllocationError(Problem("collect.no_compare_with", {"model": model.name}, "--last"))
        return ((model.compare_with, model.award),)
    pairs: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for text in asked:
        left, equals, right = text.partition("=")
        into, source = _name(model, left, model.inputs), _name(model, right, [*model.inputs, *model.columns])
        pairs.append((into, source))
        for said, name, known in ((left, into, [*model.inputs]), (right, source, [*model.inputs, *model.columns])):
            if not equals or not name:
                slots = {"found": said or text, "nearest": nearest(said, known)}
                problems.append(Problem("collect.carry_unknown", slots, f"--carry {text}"))
                break
    if problems:
        raise AllocationError(problems)
    return tuple(pairs)


def _name(model: Model, text: str, known: Iterable[str]) -> str:
    word = fold(text.replace("[", ".").replace("]", ""))
    spelt: dict[str, str] = {}
    for name in known:
        entry = model.entry(name)
        spelt |= dict.fromkeys((fold(name), fold(entry.label.zh), fold(entry.label.en)), name)
    return spelt.get(word, "")


def read_last(path: Path, model: Model, sources: tuple[str, ...]) -> Table:
    """Those columns of last year's result: its workbook, its CSV, or any table with codes."""
    inputs = {}
    for name in sources:
        entry = model.inputs.get(name) or model.columns[name]
        inputs[name] = Input(name, entry.label, entry.unit, heading=entry.heading, item=entry.item)
    table = _from_result(path, replace(model, inputs=inputs)) or read_table(path, replace(model, inputs=inputs))
    if not table.coded:
        raise AllocationError(Problem("collect.last_without_codes", where=path.name))
    record = None if table.year else record_of_file(path)
    return replace(table, year=record.year) if record else table


def check_last_year(last: Table, year: int, said: int | None) -> None:
    """AllocationError unless `last` is known to be of the year before `year`, or of the earlier one that was `said`."""
    wanted, slots = said or year - 1, {"year": year, "found": last.year}
    if wanted >= year:
        raise AllocationError(Problem("collect.last_not_before", {**slots, "found": wanted}, "--last-year"))
    if last.year is None and said is None:
        raise AllocationError(Problem("collect.last_no_year", {"wanted": wanted}, last.file))
    if last.year not in (None, wanted):
        raise AllocationError(Problem("collect.last_year", {**slots, "wanted": wanted}, last.file))


def _from_result(path: Path, model: Model) -> Table | None:
    """The columns from sheets 数据 and 测算 of a result workbook, which give each column's name in a row of its own."""
    codes: dict[str, None] = {}
    columns: dict[str, dict[str, Figure]] = {}
    for sheet in open_grid(path, read_bytes(path)):
        for row, line in enumerate(sheet.rows[:_DEEPEST] if sheet.name else ()):
            named = {cell.text: column for column, cell in enumerate(line) if cell.text in model.inputs}
            heads = [fold(sheet.cell(row - 2, column).text) for column in range(3)] if row >= 2 else []
            if not named or not {*_code()} & set(heads):
                continue
            key = next(column for column, text in enumerate(heads) if text in _code())
            rows = [at for at in range(row + 1, len(sheet.rows)) if not sheet.cell(at, key).missing]
            codes |= dict.fromkeys(sheet.cell(at, key).text for at in rows)
            for name, column in named.items():
                columns[name] = {sheet.cell(at, key).text: _figure(sheet, at, column, name, model) for at in rows}
    if columns.keys() != model.inputs.keys():
        return None
    values = {name: tuple(column.get(code) for code in codes) for name, column in columns.items()}
    return Table(tuple(codes), tuple(codes), values, file=path.name)


def _figure(sheet: SourceSheet, row: int, column: int, name: str, model: Model) -> Figure:
    cell, measure = sheet.cell(row, column), Measure(model.inputs[name], model.units)
    if cell.missing:
        return None
    try:
        return read_number(cell, measure)
    except Unread as slip:
        slots = {"label": measure.entry.label, "unit": measure.label(), **slip.slots}
        raise AllocationError(Problem(slip.id, slots, sheet.where(row, column))) from None


def fill_last(
    table: Table, model: Model, recipients: Recipients, last: Table, pairs: Iterable[tuple[str, str]],
    steps: tuple[Step, ...], notes: list[Problem],
) -> Table:  # fmt: skip
    """The table with each input of `pairs` taken from last year's result. What a county wrote differently is noted.

    AllocationError when a figure has no recipient this year: its boundary moved and no crosswalk says where it went.
    """
    problems: list[Problem] = []
    columns: dict[str, tuple[Figure, ...]] = {}
    assert table.year is not None, "what was collected is of a year"
    known = {recipient.code for recipient in recipients.in_force(table.year)}
    for name, source in pairs:
        entry = model.inputs[name]
        try:
            given = carry_over(dict(zip(last.codes, last.values[source], strict=True)), entry, steps, table.year)
        except AllocationError as error:
            problems += error.problems
            continue
        lost = {code: figure for code, figure in given.items() if code not in known and figure}
        slots = {"label": entry.label, "year": table.year}
        problems += [
            Problem("collect.nowhere", {**slots, "code": code, "figure": figure}, last.file)
            for code, figure in lost.items()
        ]
        columns[name] = _column(table, name, given, entry, notes)
    if problems:
        raise AllocationError(problems)
    return table.with_values(**columns)


def _column(
    table: Table, name: str, given: Mapping[str, Figure], entry: Input, notes: list[Problem]
) -> tuple[Figure, ...]:
    column = []
    for row, (code, written) in enumerate(zip(table.codes, table.values[name], strict=True)):
        figure = given.get(code, written)
        column.append(figure)
        slots = {"name": table.names[row], "label": entry.label, "own": exact_text(written) or "—"}
        if code not in given:
            notes.append(Problem("collect.no_last", slots, table.where(name, row)))
        elif written is not None and written != figure:
            notes.append(Problem("collect.replaced", {**slots, "figure": figure}, table.where(name, row)))
    return tuple(column)
