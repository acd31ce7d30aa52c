"""What a system shows after import beside what was to be imported: every unit and every column, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.filling.dbf_in import dbf_sheet, is_dbf
from allocation.filling.headings import HeadingOver, called, closest, headings_of, said_over
from allocation.filling.lines import AMOUNTS, FillLine, imported, sums_of, written
from allocation.language.units import Units
from allocation.tables.cells import SourceSheet
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.spelling import fold
from allocation.tables.wording import STATEMENT, SUBTOTAL, TOTAL, wordings
from allocation.texts import Both
from allocation.verify.sealed_rows import figure_of
from allocation.xlsx.import_mapping import ImportColumnSpec
from allocation.xlsx.import_mapping import Mapping as Layout
from allocation.xlsx.importing import rounded

SUMS = {TOTAL, SUBTOTAL, STATEMENT}  # rows of no unit
LOOKED_AT, DEEPEST = 30, 3  # rows among which headings are looked for, and how many they may be
KINDS = ("figure", "text", "absent", "surplus", "twice", "name", "sum", "unseen")
FIGURE, TEXT, ABSENT, SURPLUS, TWICE, NAME, SUM, UNSEEN = KINDS


@dataclass(frozen=True)
class ShownDifference:
    """`kind` is one of those above; `wanted` and `shown` as they are written, `gap` of figures."""

    kind: str
    code: str
    name: str
    line: str
    column: Both
    wanted: str
    shown: str
    gap: Fraction | None
    where: str


@dataclass(frozen=True)
class ShownBeside:
    """`unseen`: the columns that were not found there; `cells`: how many were compared."""

    file: str
    differences: tuple[ShownDifference, ...]
    unseen: tuple[ImportColumnSpec, ...]
    rows: int
    cells: int


@dataclass(frozen=True)
class _Head:
    """Where the headings of a sheet end, and over which column each column of the layout stands."""

    sheet: SourceSheet
    first: int
    over: Mapping[str, HeadingOver]


@dataclass
class _Comparison:
    head: _Head
    layout: Layout
    units: Units
    differences: list[ShownDifference] = field(default_factory=list)
    cells: int = 0

    def add(self, kind: str, line: FillLine | None, column: ImportColumnSpec | None, wanted: str, shown: str,
            row: int, gap: Fraction | None = None) -> None:  # fmt: skip
        at = self.head.over[column.name].column if column and row >= 0 else 0
        label = Both(column.zh, column.en) if column else Both("", "")
        told = (line.unit, line.name, line.line) if line else ("", "", "")
        where = self.head.sheet.where(row, at) if row >= 0 else ""
        self.differences.append(ShownDifference(kind, *told, label, wanted, shown, gap, where))


def shown_beside(path: Path, layout: Layout, lines: Sequence[FillLine], units: Units) -> ShownBeside:
    """Raises for a file that cannot be read, and where neither units nor figures are found in it."""
    head = _head(path, layout)
    comparison = _Comparison(head, layout, units)
    taken: dict[tuple[str, str], int] = {}
    rows = 0
    for row in range(head.first, len(head.sheet.rows)):
        if _is_sum(head, row) and not _unit(comparison, row, lines):
            _compare_sums(comparison, row, sums_of(lines, layout))
        elif any(not cell.missing for cell in head.sheet.rows[row]):
            rows += 1
            _compare_row(comparison, row, lines, taken)
    for line in imported(lines, layout):
        if (line.unit, line.line) not in taken:
            comparison.add(ABSENT, line, None, "", "", -1)
    unseen = [column for column in layout.columns if column.name not in head.over]
    for column in unseen:
        if column.take in AMOUNTS and column.of not in head.over:  # nobody can say that it is alike
            comparison.add(UNSEEN, None, column, "", "", -1)
    return ShownBeside(path.name, tuple(comparison.differences), tuple(unseen), rows, comparison.cells)


# ---- which column is which


def shown_sheets(path: Path) -> list[SourceSheet]:
    data = read_bytes(path)
    return [dbf_sheet(path)] if is_dbf(path, data) else open_grid(path, data)


def _head(path: Path, layout: Layout) -> _Head:
    """The rows of headings over which most columns of the layout are found."""
    best, most = None, 0
    for sheet in shown_sheets(path):
        for first in range(min(LOOKED_AT, len(sheet.rows))):
            for deep in range(1, DEEPEST + 1):
                over = _found(headings_of(sheet, range(first, first + deep)), layout)
                if len(over) > most:
                    best, most = _Head(sheet, first + deep, over), len(over)
    takes = {column.take for column in layout.columns if best and column.name in best.over}
    if best is None or not takes & {"code", "name"} or not takes & {*AMOUNTS}:
        slots = {"known": [called(column) for column in layout.columns]}
        raise AllocationError(Problem("filling.shown_no_headings", slots, path.name))
    return best


def _found(headings: Sequence[HeadingOver], layout: Layout) -> dict[str, HeadingOver]:
    over: dict[str, HeadingOver] = {}
    for column in layout.columns:
        names = [name for name in (column.heading, column.zh, column.en, column.field) if name]
        best = closest(headings, names)
        if len(best) == 1 and best[0] not in over.values():
            over[column.name] = best[0]
    return over


def _is_sum(head: _Head, row: int) -> bool:
    return bool(wordings(head.sheet.rows[row]) & SUMS)


# ---- what differs


def _columns(comparison: _Comparison, *takes: str) -> Iterator[ImportColumnSpec]:
    return (column for column in comparison.layout.columns
            if column.take in takes and column.name in comparison.head.over)  # fmt: skip


def _cell_text(comparison: _Comparison, row: int, column: ImportColumnSpec) -> str:
    return comparison.head.sheet.cell(row, comparison.head.over[column.name].column).text


def _compare_row(
    comparison: _Comparison, row: int, lines: Sequence[FillLine], taken: dict[tuple[str, str], int]
) -> None:
    of_unit = _unit(comparison, row, lines)
    said = [(column, text) for column in _columns(comparison, "line") if (text := _cell_text(comparison, row, column))]
    fits = [line for line in of_unit if line.says(said)]
    if len(fits) != 1:
        keys = [text for column in _columns(comparison, "code", "name", "line")
                if (text := _cell_text(comparison, row, column))]  # fmt: skip
        column = next(_columns(comparison, "code", "name"))
        comparison.add(SURPLUS if not fits else TWICE, None, column, "", " · ".join(keys), row)
        return
    line = fits[0]
    if (line.unit, line.line) in taken:
        column = next(_columns(comparison, "code", "name"))
        comparison.add(TWICE, line, column, "", line.called, row)
        return
    taken[line.unit, line.line] = row
    for column in _columns(comparison, "code", "name", "year", "text", "line"):
        _compare_text(comparison, row, column, line)
    for column in _columns(comparison, *AMOUNTS):
        wanted = line.values[column.name]
        _compare_figure(comparison, row, column, wanted if isinstance(wanted, Fraction) else None, line)


def _unit(comparison: _Comparison, row: int, lines: Sequence[FillLine]) -> list[FillLine]:
    """The rows of the unit that a row names: by its code, where it shows one that is known, else by its name."""
    for column in _columns(comparison, "code"):
        text = fold(_cell_text(comparison, row, column))
        if text and (held := [line for line in lines if text in (fold(line.values[column.name]), fold(line.unit))]):
            return held
        if text:
            return []
    for column in _columns(comparison, "name"):
        text = fold(_cell_text(comparison, row, column))
        return [line for line in lines if text and text == fold(line.name)]
    return []


def _compare_text(comparison: _Comparison, row: int, column: ImportColumnSpec, line: FillLine) -> None:
    wanted, shown = written(line.values[column.name]), _cell_text(comparison, row, column)
    comparison.cells += 1
    known = {fold(wanted), fold(line.texts.get(column.name, wanted))}
    known |= {fold(line.unit)} if column.take == "code" else set()
    if fold(shown) not in known and (wanted or column.take != "text"):
        comparison.add(NAME if column.take == "name" else TEXT, line, column, wanted, shown or "—", row)


def _compare_figure(
    comparison: _Comparison, row: int, column: ImportColumnSpec, wanted: Fraction | None, line: FillLine | None
) -> None:
    head, units = comparison.head, comparison.units  # a system may show more decimals than the layout: none counts
    at = head.over[column.name]
    cell = head.sheet.cell(row, at.column)
    figure = figure_of(cell, row, at.column, units)
    comparison.cells += 1
    if figure is None or figure.value is None:
        if figure is None or wanted:
            comparison.add(FIGURE if line else SUM, line, column, written(wanted) or "—", cell.text or "—", row)
        return
    unit = units.parse(column.in_unit)
    heads = said_over(head.sheet, head.first, at, unit, units)
    said = figure.unit or next((each for each in heads if each.same_kind(unit)), next(iter(heads), unit))
    if not said.same_kind(unit):
        shown = cell.text if figure.unit else f"{cell.text} {said.name}"
        comparison.add(FIGURE if line else SUM, line, column, written(wanted) or "—", shown, row)
        return
    value = rounded(figure.value, said.factor_to(unit), column.decimals) or Fraction(0)
    if wanted is None or value != wanted:  # what is not known is no 0
        gap = value - (wanted or Fraction(0))
        comparison.add(FIGURE if line else SUM, line, column, written(wanted) or "—", cell.text, row, gap)


def _compare_sums(comparison: _Comparison, row: int, sums: Mapping[str, Fraction]) -> None:
    """合计 as it is shown; of part of the units nobody can say here what it should be."""
    if TOTAL in wordings(comparison.head.sheet.rows[row]):
        for column in _columns(comparison, *AMOUNTS):
            if not comparison.head.sheet.cell(row, comparison.head.over[column.name].column).missing:
                _compare_figure(comparison, row, column, sums[column.name], None)
