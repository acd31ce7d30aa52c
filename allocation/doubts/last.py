"""Last year's figures from what there is of them: a result workbook, a manifest or version record, or a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from allocation.doubts.beside import LAST, Known, Listing
from allocation.errors import AllocationError, Problem
from allocation.given_files import json_value
from allocation.model import Model
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.keys import Figure
from allocation.tables.past import award_input
from allocation.tables.reading import read_table
from allocation.tables.table import Table

_YEAR = re.compile(r"\byear: (\d{4})")


def read_last_year(path: Path, model: Model, year: int | None) -> Listing:
    """The units and figures at `path`. Raises AllocationError where it cannot be read, or is not of an earlier year."""
    listing = _of_json(path, model) if path.suffix.lower() == ".json" else _of_table(path, model)
    if year is not None and listing.year is not None and listing.year >= year:
        raise AllocationError(Problem("doubts.last_not_before", {"found": listing.year, "year": year}, path.name))
    return listing


def _of_json(path: Path, model: Model) -> Listing:
    data = read_bytes(path)
    try:
        return record_listing(LAST, json_value(data), path.name, model)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise AllocationError(Problem("doubts.last_unread", where=path.name)) from None


def record_listing(kind: str, record: Mapping[str, Any], file: str, model: Model) -> Listing:
    """Of a manifest, or of a version's JSON, which has the figures of every input as well."""
    kept = record.get("figures", {})
    names = kept.get("names") or record["names"]
    units = tuple(Known(code, name, where=f"{file}: {code}") for code, name in names.items())
    figures = {
        name: {code: _figure(text) for code, text in column.items()}
        for name, column in kept.get("inputs", {}).items()
        if name in model.inputs
    }
    years = [one["year"] for one in record["inputs"] if one["year"]]
    totals = record["totals"]
    award = _award(totals["award"], totals["unit"], model)
    return Listing(kind, file, units, max(years, default=None), figures, award)


def _figure(text: str | None) -> Figure:
    try:
        return None if text is None else Fraction(text)
    except ValueError:
        return text


def _award(total: str | None, unit: str, model: Model) -> Fraction | None:
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
    trace = recorded(path)
    given = [value for value in table.values.get(model.award, ()) if isinstance(value, Fraction)]
    total = _award(trace.get("totals.award"), trace.get("totals.unit", ""), model)
    total = total if total is not None else sum(given, Fraction(0)) if given else None
    listing = table_listing(LAST, table, total)
    return listing if listing.year else replace(listing, year=recorded_year(path))


def table_listing(kind: str, table: Table, award: Fraction | None = None) -> Listing:
    units = tuple(
        Known(code, name, where=table.unit_where(row))
        for row, (code, name) in enumerate(zip(table.codes, table.names, strict=True))
    )
    figures = {name: dict(zip(table.codes, column, strict=True)) for name, column in table.values.items()}
    unseen = tuple(note for note in table.notes if note.id == "tables.unseen")
    return Listing(kind, table.file, units, table.year, figures, award, unseen)


def recorded(path: Path) -> dict[str, str]:
    """What sheet 溯源 of a workbook says, by key; nothing in a file that has none."""
    return {
        row[0].text: row[1].text
        for sheet in open_grid(path, read_bytes(path))
        for row in sheet.rows
        if sheet.name and len(row) > 1 and re.fullmatch(r"[a-z_]+(\.\S+)?", row[0].text)
    }


def recorded_year(path: Path) -> int | None:
    """The last year that a result's own record speaks of: sheet 溯源 of a workbook, the list beside a CSV."""
    said = recorded(path).get("inputs")
    texts = [said] if said else _listed(path)
    return max((int(year) for text in texts for year in _YEAR.findall(text)), default=None)


def _listed(path: Path) -> list[str]:
    try:
        record = json_value(read_bytes(path.with_suffix(".json")))
        return [f"year: {one['year']}" for one in record["inputs"]]
    except (AllocationError, ValueError, KeyError, TypeError):
        return []  # no run left a list here
