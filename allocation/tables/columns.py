"""One input's column read down: its figures, where they stood, what the totals rows say, and what to tell a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction

import numpy as np

from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.policy.model import Input
from allocation.tables.cells import SourceCell, SourceColumn, SourceSheet
from allocation.tables.exact import coprime, in_lowest_terms, plain_numbers
from allocation.tables.figures import Measure, Unread, oddly_written, read_number, read_text
from allocation.tables.headers import Header
from allocation.tables.keys import WHOLE_COLUMN, Figure
from allocation.tables.limits import places, settle
from allocation.tables.number_formats import section_of
from allocation.tables.spelling import fold
from allocation.tables.totals import Written

_CellResult = tuple[Figure, Fraction | None, Unread | None]  # the figure, what it was settled from, what is wrong
_OFF_GRID, _MANY = ("tables.not_whole", "tables.decimals"), 3  # so many figures off in one way speak of the unit


@dataclass(frozen=True)
class ReadColumn:
    """`values` one a county, of which `filled` or not; `remarks` keyed as a Table's are; `written` None if not
    additive.
    """

    values: list[Figure] = field(default_factory=list)
    filled: bool = False
    remarks: dict[tuple[str, int], str] = field(default_factory=dict)
    written: Written | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


class CellPlaces(Mapping[tuple[str, int], str]):
    """The cell of every input and county, `(input, row)` → `表.xlsx: 数据!C7`: named when somebody asks."""

    def __init__(self, sheet: SourceSheet, columns: Mapping[str, int], rows: Sequence[int]):
        self._file, self._name = sheet.file, sheet.name
        self._columns, self._rows = dict(columns), tuple(rows)

    def __getitem__(self, key: tuple[str, int]) -> str:
        return SourceSheet(self._file, self._name, ()).where(*self.at(*key))

    def at(self, name: str, row: int) -> tuple[int, int]:
        """The row and the column of the sheet, from zero. KeyError where the table has no such cell."""
        if name not in self._columns or not 0 <= row < len(self._rows):
            raise KeyError((name, row))
        return self._rows[row], self._columns[name]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return ((name, row) for name in self._columns for row in range(len(self._rows)))

    def __len__(self) -> int:
        return len(self._columns) * len(self._rows)


def absent_column(entry: Input, counties: int) -> ReadColumn:
    """An input the table leaves out: its default, or missing everywhere."""
    return ReadColumn(values=[entry.default] * counties)


def read_column(header: Header, counties: np.ndarray, others: np.ndarray, measure: Measure) -> ReadColumn:
    """Reads one input's column over the county rows and the others, given by their places in the sheet."""
    entry, sheet = measure.entry, header.sheet
    column = header.columns[entry.name]
    cells = sheet.column(column)
    looked = _Looked(measure, sheet, column, cells)
    read = ReadColumn(written=Written(entry, column, looked.numbers, looked.about) if entry.adds_up else None)
    remark = _header_remark(header, column, entry)
    if remark:
        read.remarks[entry.name, WHOLE_COLUMN] = remark
    for place, index in enumerate(counties.tolist()) if cells.remarks else ():
        if index in cells.remarks:
            read.remarks[entry.name, place] = cells.remarks[index]
    looked.simple(counties)
    for index in looked.left(counties):
        looked.single(index, county=True)
    for index in looked.left(others) if read.written else ():
        looked.single(index, county=False)
    read.values.extend(looked.values[counties].tolist())
    read = replace(read, filled=bool(looked.filled[counties].any()))
    read.problems.extend(looked.problems())
    line = header.unit_lines.get(entry.name, "").rpartition("!")[2]
    read.notes.extend(_notes(measure, (sheet.where(header.last, column), line), looked, counties))
    return read


class _Looked:
    """What the cells of one column say, by row of the sheet: the figure, the number before it was settled, what is
    wrong. What is not beyond doubt as an array is read cell by cell, equal ones once."""

    def __init__(self, measure: Measure, sheet: SourceSheet, column: int, cells: SourceColumn):
        self.measure, self.sheet, self.column, self.cells = measure, sheet, column, cells
        height = len(cells.kinds)
        self.values = np.full(height, measure.entry.default, object)
        self.filled = np.zeros(height, bool)
        self.numbers = np.full(height, None, object)
        self.about = np.full(height, np.nan)  # the numbers as floats
        self.slips: dict[int, Unread] = {}
        self.noisy: list[int] = []
        self.slashes: list[int] = []  # rows with / for no figure
        self.spelled: list[int] = []  # rows whose figure is written in an odd way
        self.otherwise: list[int] = []  # rows whose figure is what is shown, not what is stored
        self._done = np.zeros(height, bool)
        self._read: dict[tuple[str, bool], _CellResult] = {}  # a text → what it gives

    def simple(self, rows: np.ndarray) -> None:
        """The plain numbers of counties' rows."""
        if self.measure.entry.text or not len(rows):
            return
        numbers, known = plain_numbers(self.cells, rows)
        there = rows[known]
        sure = self._settle(numbers, there)
        results: dict[float, _CellResult] = {}
        for index, number in zip(there[~sure].tolist(), numbers[~sure].tolist(), strict=True):
            if number not in results:
                whole = int(number) if number.is_integer() and abs(number) < 1e15 else number
                results[number] = self._result(SourceCell(whole), county=True)
            self._keep(index, results[number], county=True)
        self._done[there] = True

    def left(self, rows: np.ndarray) -> list[int]:
        """The rows whose cell is filled and not yet read."""
        left: list[int] = rows[(self.cells.kinds[rows] != SourceColumn.BLANK) & ~self._done[rows]].tolist()
        return left

    def _settle(self, numbers: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Keeps the figures that are beyond doubt on their decimals and within their range; says which these are."""
        measure, entry = self.measure, self.measure.entry
        if entry.unit.is_percent or measure.written is not None and measure.written.is_percent:
            return np.zeros(len(numbers), bool)
        digits, factor = places(entry), measure.factor
        about = np.clip(numbers, -1e15, 1e15) * float(factor)
        slack = np.abs(about) * (0 if measure.as_written else 1e-9)
        above, below = in_lowest_terms(numbers, factor)
        sure: np.ndarray = (np.abs(numbers) < 1e15) & (below > 0)
        # On the very bound the exact comparison decides.
        sure &= about - slack > float(entry.min) if entry.min is not None else True
        sure &= about + slack < float(entry.max) if entry.max is not None else True
        if digits is not None:
            sure &= 10 ** min(digits, 18) % np.maximum(below, 1) == 0
        figures = np.empty(int(sure.sum()), object)
        figures[:] = coprime(above[sure].tolist(), below[sure].tolist())
        self.values[rows[sure]] = self.numbers[rows[sure]] = figures
        self.filled[rows[sure]] = True
        self.about[rows[sure]] = about[sure]
        return sure

    def single(self, index: int, county: bool) -> None:
        """One cell that is no plain number."""
        kind = int(self.cells.kinds[index])
        text = kind == SourceColumn.TEXT and not self.cells.merged[index]
        key = (self.cells.texts[int(self.cells.numbers[index])], county) if text else None
        result = self._read.get(key) if key else None
        if result is None:
            cell = self.sheet.cell(index, self.column)
            if cell.missing:
                self.slashes += [index] if county and cell.text == "/" else []
                return
            result = self._result(cell, county)
            if key:
                self._read[key] = result
        self._keep(index, result, county)
        if key and result[1] is not None and oddly_written(key[0], self.measure):
            self.spelled.append(index)
        if kind == SourceColumn.NUMBER and result[2] is None and not self.measure.entry.text:
            self._shown(index)

    def _result(self, cell: SourceCell, county: bool) -> _CellResult:
        try:
            return *_figure(cell, self.measure, county), None
        except Unread as slip:
            return None, None, slip

    def _keep(self, index: int, result: _CellResult, county: bool) -> None:
        value, number, slip = result
        self.filled[index] = True
        if slip is not None:
            self.slips[index], self.values[index] = slip, None
            return
        self.values[index] = value
        if number is not None:
            self.numbers[index], self.about[index] = number, float(number)
            if county and number is not value and number != value:
                self.noisy.append(index)

    def _shown(self, index: int) -> None:
        cell = self.sheet.cell(index, self.column)
        stored = Fraction(f"{cell.value:.15g}") if isinstance(cell.value, (int, float)) else Fraction(0)
        section = section_of(cell.format, stored)
        if section.power and not section.percent:
            self.otherwise.append(index)

    def problems(self) -> list[Problem]:
        """Row by row; a format that cannot be followed, or a unit that does not fit, is one cause and said once, with
        how many cells it has."""
        entry, measure = self.measure.entry, self.measure
        common = {"label": entry.label, "unit": measure.label(), "choices": list(entry.one_of)}
        alike = Counter((slip.id, slip.slots.get("form")) for slip in self.slips.values())
        problems, said = [], set()
        for index, slip in sorted(self.slips.items()):
            key, more = (slip.id, slip.slots.get("form")), {}
            if "form" in slip.slots or slip.id in _OFF_GRID and "plain" in slip.slots and alike[key] >= _MANY:
                if key in said:
                    continue
                said.add(key)
                more = {"others": alike[key] - 1 or ""}
            problems.append(Problem(slip.id, common | slip.slots | more, self.sheet.where(index, self.column)))
        return problems


def _header_remark(header: Header, column: int, entry: Input) -> str:
    """The comments on the column's header cells; those of our own template, which open with the label, say nothing."""
    cells = [header.sheet.cell(row, column) for row in range(header.top, header.last + 1)]
    remarks = dict.fromkeys(cell.remark for cell in cells if cell.remark)
    labels = {fold(entry.label.zh), fold(entry.label.en)}
    return "\n".join(remark for remark in remarks if fold(remark.partition("\n")[0]) not in labels)


def _figure(cell: SourceCell, measure: Measure, county: bool) -> tuple[Figure, Fraction | None]:
    """The figure as the model takes it and as the table writes it, both in the model's unit."""
    if measure.entry.text:
        return read_text(cell, measure.entry), None
    number = read_number(cell, measure)
    # A total is compared, never used: limits on one county's figure are not limits on a sum.
    return (settle(number, measure) if county else number), number


def _notes(measure: Measure, place: tuple[str, str], looked: _Looked, counties: np.ndarray) -> list[Problem]:
    """`place`: the header, and the cell above it that gives the unit, empty where none does."""
    label, (header, line) = measure.entry.label, place
    notes: list[Problem] = []
    if looked.slashes:
        slots = {"label": label, "count": len(looked.slashes)}
        notes.append(Problem("tables.slash", slots, looked.sheet.where(min(looked.slashes), looked.column)))
    if looked.spelled:
        row = min(looked.spelled)
        slots = {"label": label, "count": len(looked.spelled), "found": looked.sheet.cell(row, looked.column).text,
                 "value": looked.numbers[row], "unit": measure.label(measure.entry.unit)}  # fmt: skip
        notes.append(Problem("tables.spelled", slots, looked.sheet.where(row, looked.column)))
    for key, rows in (("tables.noise", looked.noisy), ("tables.read_as_shown", looked.otherwise)):
        if rows:
            slots = {"label": label, "count": len(rows), **(_stored(looked, min(rows)) if "shown" in key else {})}
            notes.append(Problem(key, slots, looked.sheet.where(min(rows), looked.column)))
    if measure.written is None or measure.written == measure.entry.unit and not measure.written.is_percent:
        return notes
    if not measure.written.is_percent:
        slots = {"label": label, "written": measure.label(), "unit": measure.label(measure.entry.unit), "line": line}
        return [*notes, Problem("tables.converted", slots, header)]
    cells = (looked.sheet.cell(index, looked.column) for index in counties.tolist())
    plain = [abs(number) for cell in cells if (number := _plain_number(cell)) is not None]
    if plain and 0 < max(plain) <= 1:
        notes.append(Problem("tables.percent_small", {"label": label, "most": max(plain)}, header))
    return notes


def _stored(looked: _Looked, row: int) -> dict[str, object]:
    cell = looked.sheet.cell(row, looked.column)
    stored = Fraction(f"{cell.value:.15g}")
    return {"stored": stored, "shown": section_of(cell.format, stored).text(stored)}


def _plain_number(cell: SourceCell) -> int | float | None:
    """The number of a cell that shows no percent sign."""
    number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool) and "%" not in cell.format
    return cell.value if number and isinstance(cell.value, (int, float)) else None
