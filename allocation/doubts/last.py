"""Last year's figures from what there is of them: a result workbook, a manifest or version record, or a table."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation.doubts.beside import LAST, Known, Listing
from allocation.errors import AllocationError, Problem
from allocation.policy.model import Model
from allocation.policy.stages import MAIN
from allocation.record.record import Record
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.keys import Figure
from allocation.tables.past import award_input
from allocation.tables.reading import read_table
from allocation.tables.results import record_in
from allocation.tables.table import Table


def read_last_year(path: Path, model: Model, year: int | None) -> Listing:
    """The units and figures at `path`. Raises AllocationError where it cannot be read, or is not of an earlier year."""
    listing = (
        record_listing(LAST, _of_json(path), path.name, model)
        if path.suffix.lower() == ".json"
        else _of_table(path, model)
    )
    if year is not None and listing.year is not None and listing.year >= year:
        raise AllocationError(Problem("doubts.last_not_before", {"found": listing.year, "year": year}, path.name))
    return listing


def _of_json(path: Path) -> Record:
    from allocation.record.reading import read_record

    try:
        return read_record(read_bytes(path), path.name)
    except AllocationError as error:
        raise AllocationError([Problem("doubts.last_unread", where=path.name), *error.problems]) from None


def record_listing(kind: str, record: Record, file: str, model: Model) -> Listing:
    """Of the record of a run, or of a version, which has the figures of every input as well."""
    units = tuple(Known(code, name, where=f"{file}: {code}") for code, name in record.names.items())
    inputs = record.figures.inputs if record.figures else {}
    figures = {
        name: {code: _figure(text) for code, text in column.items()}
        for name, column in inputs.items()
        if name in model.inputs
    }
    award = amount_in(record.totals.award, record.totals.unit, model)
    awards = _awards(record, model)
    return Listing(kind, file, units, record.year, figures, award, _batch(record), awards)


def _awards(record: Record | None, model: Model) -> dict[str, Figure]:
    """By code, in the award's unit of today."""
    if record is None or not record.awards:
        return {}
    return {code: amount_in(text, record.totals.unit, model) for code, text in record.awards.items()}


def _batch(record: Record | None) -> str:
    """The kind of batch that it is a record of."""
    return (record.facts.get("batch", "") if record else "").partition(".")[0] or MAIN


def _figure(text: str | None) -> Figure:
    try:
        return None if text is None else Fraction(text)
    except ValueError:
        return text


def amount_in(total: str | None, unit: str, model: Model) -> Fraction | None:
    """What was handed out, in the award's unit of today; None where the units are of different kinds."""
    mine = model.columns[model.award].unit
    try:
        theirs = model.units.parse(unit)
        if total is None or not theirs.same_kind(mine):
            return None
        return Fraction(total) * Fraction(theirs.scale) / Fraction(mine.scale)
    except (AllocationError, ValueError, TypeError, KeyError):
        return None


def _of_table(path: Path, model: Model) -> Listing:
    """Of a table of last year or a result workbook: whatever inputs it has, and its award where it says one."""
    inputs = {name: replace(entry, optional=True) for name, entry in model.inputs.items()}
    if award := award_input(model):
        inputs[award.name] = award
    table = read_table(path, replace(model, inputs=inputs))
    record = record_of_file(path)
    given = [value for value in table.values.get(model.award, ()) if isinstance(value, Fraction)]
    total = amount_in(record.totals.award, record.totals.unit, model) if record else None
    total = total if total is not None else sum(given, Fraction(0)) if given else None
    awards = _awards(record, model) or dict(zip(table.codes, table.values.get(model.award, ()), strict=False))
    listing = replace(table_listing(LAST, table, total), batch=_batch(record), awards=awards)
    return listing if listing.year or record is None else replace(listing, year=record.year)


def table_listing(kind: str, table: Table, award: Fraction | None = None) -> Listing:
    units = tuple(
        Known(code, name, where=table.unit_where(row))
        for row, (code, name) in enumerate(zip(table.codes, table.names, strict=True))
    )
    figures = {name: dict(zip(table.codes, column, strict=True)) for name, column in table.values.items()}
    unseen = tuple(note for note in table.notes if note.id == "tables.unseen")
    return Listing(kind, table.file, units, table.year, figures, award, notes=unseen)


def record_of_file(path: Path) -> Record | None:
    """The record in a workbook of ours, or in the list beside a CSV; None where there is none."""
    from allocation.record.reading import read_record

    if record := record_in(open_grid(path, read_bytes(path))):
        return record
    try:
        return read_record(read_bytes(path.with_suffix(".json")), path.with_suffix(".json").name)
    except AllocationError:
        return None  # no run left a list here
