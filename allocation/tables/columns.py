"""One input's column read down: its figures, where they stood, what the totals rows say, and what to tell a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from allocation.errors import Problem
from allocation.model import Input
from allocation.tables.cells import Cell
from allocation.tables.figures import Measure, Unread, read_number, read_text
from allocation.tables.headers import Header
from allocation.tables.limits import settle
from allocation.tables.rows import Row
from allocation.tables.spelling import fold
from allocation.tables.table import WHOLE_COLUMN, Figure
from allocation.tables.totals import Written, is_additive
from allocation.tables.wording import COUNTY


@dataclass(frozen=True)
class ReadColumn:
    """`values` one a county; `cells` and `remarks` keyed as a Table's are; `written` None if not additive."""

    values: list[Figure] = field(default_factory=list)
    cells: dict[tuple[str, int], str] = field(default_factory=dict)
    remarks: dict[tuple[str, int], str] = field(default_factory=dict)
    written: Written | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def absent_column(entry: Input, counties: int) -> ReadColumn:
    """An input the table leaves out: its default, or missing everywhere."""
    return ReadColumn(values=[entry.default] * counties)


def read_column(header: Header, rows: list[Row], measure: Measure) -> ReadColumn:
    """Reads one input's column over county and total rows."""
    entry, sheet = measure.entry, header.sheet
    column = header.columns[entry.name]
    figures: dict[int, Fraction] = {}
    read = ReadColumn(written=Written(entry, column, figures) if is_additive(entry) else None)
    remark = _header_remark(header, column, entry)
    if remark:
        read.remarks[entry.name, WHOLE_COLUMN] = remark
    noisy: list[str] = []
    for row in rows:
        cell, place = sheet.cell(row.index, column), sheet.where(row.index, column)
        county = row.kind == COUNTY
        if county:
            key = (entry.name, len(read.values))
            read.cells[key] = place
            if cell.remark:
                read.remarks[key] = cell.remark
        value = entry.default if county else None
        if not cell.missing and (county or read.written):
            try:
                value, number = _figure(cell, measure, county)
                if number is not None:
                    figures[row.index] = number
                    noisy += [place] if county and number is not value and number != value else []
            except Unread as slip:
                value = None
                common = {"label": entry.label, "unit": measure.label(), "choices": list(entry.one_of)}
                read.problems.append(Problem(slip.id, common | slip.slots, place))
        if county:
            read.values.append(value)
    cells = [sheet.cell(row.index, column) for row in rows if row.kind == COUNTY]
    place = sheet.where(header.last, column), header.unit_lines.get(entry.name, "").rpartition("!")[2]
    read.notes.extend(_notes(measure, place, noisy, cells))
    return read


def _header_remark(header: Header, column: int, entry: Input) -> str:
    """The comments on the column's header cells; those of our own template, which open with the label, say nothing."""
    cells = [header.sheet.cell(row, column) for row in range(header.top, header.last + 1)]
    remarks = dict.fromkeys(cell.remark for cell in cells if cell.remark)
    labels = {fold(entry.label.zh), fold(entry.label.en)}
    return "\n".join(remark for remark in remarks if fold(remark.partition("\n")[0]) not in labels)


def _figure(cell: Cell, measure: Measure, county: bool) -> tuple[Figure, Fraction | None]:
    """The figure as the model takes it and as the table writes it, both in the model's unit."""
    if measure.entry.text:
        return read_text(cell, measure.entry), None
    number = read_number(cell, measure)
    # A total is compared, never used: limits on one county's figure are not limits on a sum.
    return (settle(number, measure) if county else number), number


def _notes(measure: Measure, place: tuple[str, str], noisy: list[str], cells: list[Cell]) -> list[Problem]:
    """`place`: the header, and the cell above it that gives the unit, empty where none does."""
    label, (header, line) = measure.entry.label, place
    notes: list[Problem] = []
    if noisy:
        notes.append(Problem("tables.noise", {"label": label, "count": len(noisy)}, noisy[0]))
    if measure.written is None or measure.written == measure.entry.unit and not measure.written.is_percent:
        return notes
    if not measure.written.is_percent:
        slots = {"label": label, "written": measure.label(), "unit": measure.label(measure.entry.unit), "line": line}
        return [*notes, Problem("tables.converted", slots, header)]
    plain = [abs(cell.value) for cell in cells if _is_plain(cell)]
    if plain and 0 < max(plain) <= 1:
        notes.append(Problem("tables.percent_small", {"label": label, "most": max(plain)}, header))
    return notes


def _is_plain(cell: Cell) -> bool:
    return isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool) and "%" not in cell.format
