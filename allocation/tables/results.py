"""A workbook this program wrote is no table: what was marked, adjusted or estimated in it would be lost."""

from __future__ import annotations

from collections.abc import Sequence

from allocation.errors import AllocationError, Problem
from allocation.record.from_0_1 import is_trace, of_cells
from allocation.record.in_book import is_record, text_of
from allocation.record.record import EDITION, Record
from allocation.tables.cells import SourceSheet


def record_in(sheets: Sequence[SourceSheet]) -> Record | None:
    """The record that a workbook of ours holds; None of any other."""
    from allocation.record.reading import read_record

    for sheet in sheets:
        if is_record(_cells(sheet, 1)):
            return read_record(text_of(_cells(sheet, len(sheet.rows))), sheet.file)
        if is_trace(_cells(sheet, 3)):
            return of_cells(_cells(sheet, len(sheet.rows)), "zh", sheet.file)
    return None


def _cells(sheet: SourceSheet, rows: int) -> dict[tuple[int, int], object]:
    """The first two columns of the first `rows` lines, as they stand: a record's texts are not tidied."""
    shown = range(min(rows, len(sheet.rows)))
    places = ((row, column) for row in shown for column in (0, 1))
    return {place: value for place in places if (value := sheet.cell(*place).value) is not None}


def refuse_results(sheets: Sequence[SourceSheet]) -> None:
    """AllocationError when a workbook holds the record of a run. A result's CSV says in every row what it is, and is
    read; so does an edition.
    """
    record = record_in(sheets)
    if record and record.kind != EDITION:
        table = record.inputs[0].file if record.inputs else ""
        raise AllocationError(Problem("tables.result_book", {"table": table}, sheets[0].file))


def tables_of(sheets: Sequence[SourceSheet]) -> list[SourceSheet]:
    """The sheets that people read: all but a record."""
    return [sheet for sheet in sheets if not is_record(_cells(sheet, 1))]
