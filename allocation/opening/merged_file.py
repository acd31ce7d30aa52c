"""The figures of a merge put into a copy of the file that holds the case's table; every other cell stays as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from allocation.case import CaseFile
from allocation.errors import AllocationError, Problem
from allocation.opening.export import exported
from allocation.opening.merging import MergedFigure
from allocation.opening.splicing import with_cells
from allocation.policy.model import Model
from allocation.tables.case_sheets import DATA, taken
from allocation.tables.columns import CellPlaces
from allocation.tables.departments import as_returned
from allocation.tables.figures import Measure
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.headers import Header, find_header
from allocation.tables.keys import Figure
from allocation.tables.reading import read_as_far
from allocation.tables.results import tables_of
from allocation.tables.table import Table


def merged_file(case: CaseFile, model: Model, table: Table, figures: Sequence[MergedFigure], out: Path) -> bytes:
    """A new case with what its side file adds, or a new table where the case names one beside it.

    Raises AllocationError where the file cannot be written cell by cell, or would not read as it should.
    """
    ending = case.table.suffix.lower()
    if ending not in (".xlsx", ".xlsm"):
        raise AllocationError(Problem("departments.merge_kind", where=case.table.name))
    if out.suffix.lower() != ending:
        raise AllocationError(Problem("case.export_ending", {"ending": ending}, out.as_posix()))
    whole = case.table == case.path
    data = exported(case.path, out) if whole else read_bytes(case.table)
    header = _header(case.table, data, model, table.year)
    cells = {}
    for figure in figures:
        row, column = _place(table, figure)
        cells[row, column] = _written(figure, header, (row, column), model)
    if cells:
        data = with_cells(out.name, data, {header.sheet.name: cells})
    _check(data, model, table, figures, out)
    return data


def _header(path: Path, data: bytes, model: Model, year: int | None) -> Header:
    sheets = tables_of(taken(open_grid(path, data), DATA))
    header = find_header(sheets, as_returned(model), None, year, [], [])
    assert header is not None  # the table was read from it
    return header


def _place(table: Table, figure: MergedFigure) -> tuple[int, int]:
    assert isinstance(table.cells, CellPlaces)  # of a table that was read from a file
    return table.cells.at(figure.name, figure.row)


def _written(figure: MergedFigure, header: Header, place: tuple[int, int], model: Model) -> str | Fraction:
    """The figure as its column writes it: in the unit of the heading; a percentage where the cell shows one."""
    value = figure.new
    assert value is not None
    if isinstance(value, str) or "%" in header.sheet.cell(*place).format:
        return value
    measure = Measure(model.inputs[figure.name], model.units, header.units.get(figure.name))
    return value / measure.factor


def _check(data: bytes, model: Model, table: Table, figures: Sequence[MergedFigure], out: Path) -> None:
    """Raises unless the new file has each of these figures, and every other as it was."""
    wanted: dict[str, list[Figure]] = {name: [*values] for name, values in table.values.items()}
    for figure in figures:
        wanted[figure.name][figure.row] = figure.new
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, out.name)
        path.write_bytes(data)
        again = read_as_far(path, as_returned(model), problems, year=table.year)
    same = again.codes == table.codes and again.names == table.names
    wrong = [figure for figure in figures if not same or again.values[figure.name][figure.row] != figure.new]
    if problems or not same or any([*again.values[name]] != values for name, values in wanted.items()):
        cells = [figure.standing for figure in wrong] or "—"
        raise AllocationError(Problem("departments.cannot_merge", {"cells": cells}, out.name))
