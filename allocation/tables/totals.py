"""合计, 小计 and 其中 rows are set aside and held against the counties: a total that disagrees is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from fractions import Fraction

import numpy as np

from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.policy.model import Input
from allocation.tables.cells import SourceSheet
from allocation.tables.limits import NOISE
from allocation.tables.rows import TableRow
from allocation.tables.wording import COUNTY, STATEMENT, TOTAL, WITHIN
from allocation.texts import shortened

Where = Callable[[int, int], str]  # row and column → the cell
SHOWN = 6  # columns that are named
ODD = 1000  # times the middle of the others, or a part of it
SMALL = 200  # a difference below this part of the sum may be a rounding


@dataclass(frozen=True)
class Written:
    """What a table says of one additive input, by row of the sheet: `figures` in the model's unit, None for a blank;
    `about` the same as floats, NaN for a blank: enough to find what exact figures then decide."""

    entry: Input
    column: int
    figures: np.ndarray
    about: np.ndarray

    def total(self, rows: list[TableRow]) -> Fraction:
        # Added up by denominator: a nation's fractions one by one take a second.
        numerators: dict[int, int] = {}
        for row in rows:
            figure = self.figures[row.index]
            if figure:
                numerators[figure.denominator] = numerators.get(figure.denominator, 0) + figure.numerator
        return sum((Fraction(top, bottom) for bottom, top in numerators.items()), Fraction(0))


@dataclass(frozen=True)
class Sorted:
    """`rows` with what each is; `spans[row index]`: the sets of units a holder may add up, the likely one first;
    `settled`: rows a person named, whose differences are only said; `unnamed`: holders that no word calls so;
    `doubtful`: some row waits for a person."""

    rows: list[TableRow]
    spans: Mapping[int, list[list[TableRow]]] = field(default_factory=dict)
    settled: frozenset[int] = frozenset()
    unnamed: frozenset[int] = frozenset()
    doubtful: bool = False


def reconcile(
    told: Sorted, written: list[Written], sheet: SourceSheet, problems: list[Problem], notes: list[Problem]
) -> None:
    """Compares every holder with the units it adds up; what differs is an error, or said where a person named it."""
    rows = told.rows
    for place, row in enumerate(rows):
        if row.kind in (COUNTY, STATEMENT):
            continue
        heard = notes if row.index in told.settled else problems
        if row.kind == WITHIN:
            _part_of_the_whole(rows, place, written, sheet.where, heard)
        else:
            within = [other.name for other in rows if other.kind == WITHIN]
            above = _above(rows, place) if row.kind == TOTAL else []
            for column in written:
                _compare(row, told.spans.get(row.index, []), column, sheet, heard, (within, above))
        first = written[0].column if written else 0
        if row.index not in told.unnamed:
            notes.append(Problem("tables.total_set_aside", {"name": row.name}, sheet.where(row.index, first)))
    counties = [row for row in rows if row.kind == COUNTY]
    indices = [row.index for row in counties]
    about = [np.nan_to_num(column.about[indices]) for column in written]
    _suspicious(counties, written, about, sheet.where, notes)
    _of_another_size(counties, written, about, sheet.where, notes)


def totals_to_come(told: Sorted, written: list[Written], sheet: SourceSheet) -> list[Problem]:
    """That the totals of these columns can be held against nothing until what is wrong with them is mended."""
    for row in told.rows:
        labels = [column.entry.label for column in written if column.figures[row.index] is not None]
        if row.kind not in (COUNTY, STATEMENT, WITHIN) and labels:
            slots = {"name": row.name, "labels": shortened(labels, SHOWN)}
            return [Problem("tables.totals_to_come", slots, sheet.where(row.index, 0), advice=True)]
    return []


def _above(rows: list[TableRow], place: int) -> list[TableRow]:
    """The units right above a total, up to the next one: those it may speak of if it is a 小计."""
    block: list[TableRow] = []
    for row in reversed(rows[:place]):
        if row.kind not in (COUNTY, WITHIN):
            break
        block += [row] if row.kind == COUNTY else []
    return block[::-1]


def _compare(
    row: TableRow,
    spans: list[list[TableRow]],
    column: Written,
    sheet: SourceSheet,
    problems: list[Problem],
    beside: tuple[list[str], list[TableRow]],
) -> None:
    """`beside`: the names of rows 其中, and the counties right above a total, whose 小计 it may be."""
    stated = column.figures[row.index]
    if stated is None or not spans:
        return
    sums = [column.total(span) for span in spans]
    # Each county's float noise was taken away, the total's own sum still holds it.
    if any(abs(stated - total) <= NOISE * (len(span) + 1) for total, span in zip(sums, spans, strict=True)):
        return
    within, above = beside
    slots = {
        "above": len(above) if above and stated == column.total(above) else "",
        "name": row.name,
        "label": column.entry.label,
        "stated": stated,
        "computed": sums[0],
        "gap": stated - sums[0],
        "count": len(spans[0]),
        "unit": column.entry.unit.name,
        "counties": _named(spans[0]),
        "within": within,
        "texts": _unsummed(spans[0], column, sums[0] - stated, sheet),
        "key": (row.code or row.name) if abs(stated - sums[0]) * SMALL <= abs(sums[0]) else "",
    }
    problems.append(Problem("tables.total_differs", slots, sheet.where(row.index, column.column)))


def _unsummed(span: list[TableRow], column: Written, gap: Fraction, sheet: SourceSheet) -> list[str]:
    """Cells of a workbook whose figure is a text, which its own SUM passes over, where they explain the gap."""
    texts = {row.index: column.figures[row.index] for row in span
             if column.figures[row.index] and isinstance(sheet.cell(row.index, column.column).value, str)}  # fmt: skip
    if not sheet.name:  # a CSV file holds nothing but texts: only the figure itself can tell
        texts = {index: figure for index, figure in texts.items() if figure == gap}
        return _places(texts, column, sheet) if len(texts) == 1 else []
    alone = {index: figure for index, figure in texts.items() if figure == gap}
    return _places(alone if len(alone) == 1 else texts if sum(texts.values()) == gap else {}, column, sheet)


def _places(indices: Iterable[int], column: Written, sheet: SourceSheet) -> list[str]:
    return [sheet.where(index, column.column).rpartition("!")[2].rpartition(": ")[2] for index in indices]


def _named(rows: list[TableRow]) -> list[str]:
    names = [row.name for row in rows]
    return names if len(names) <= 8 else [*names[:4], "…", *names[-3:]]


def _part_of_the_whole(
    rows: list[TableRow], place: int, written: list[Written], where: Where, problems: list[Problem]
) -> None:
    """`其中` details the row above it and cannot be more than that."""
    whole = next((row for row in reversed(rows[:place]) if row.kind != WITHIN), None)
    if whole is None:
        return
    row = rows[place]
    for column in written:
        part, all_of = column.figures[row.index], column.figures[whole.index]
        if part is not None and all_of is not None and part > all_of >= 0:
            slots = {"name": row.name, "label": column.entry.label, "part": part, "whole": all_of, "above": whole.name}
            problems.append(Problem("tables.part_exceeds", slots, where(row.index, column.column)))


def _of_another_size(
    counties: list[TableRow], written: list[Written], floats: list[np.ndarray], where: Where, notes: list[Problem]
) -> None:
    """A figure a thousand times the others' middle, or a thousandth: yuan for 万元, 万人 for persons."""
    for column, figures in zip(written, floats, strict=True):
        about = np.abs(figures)
        filled = np.flatnonzero(about)
        if len(filled) < 4:
            continue
        # Floats find the middle and what is far from it, exact figures decide.
        place = (len(filled) - 1) // 2
        middle_row = counties[filled[np.argpartition(about[filled], place)[place]]]
        middle = abs(column.figures[middle_row.index])
        far = (about * 1.01 >= ODD * float(middle)) | (about * 0.99 * ODD <= float(middle))
        near = [counties[place] for place in filled[far[filled]].tolist()]
        known = {row.index: abs(column.figures[row.index]) for row in near}
        for row in near:
            if known[row.index] >= ODD * middle or ODD * known[row.index] <= middle:
                slots = {"name": row.name, "label": column.entry.label, "unit": column.entry.unit.name}
                slots |= {"value": column.figures[row.index], "middle": middle}
                notes.append(Problem("tables.another_size", slots, where(row.index, column.column)))


def _suspicious(
    counties: list[TableRow], written: list[Written], about: list[np.ndarray], where: Where, notes: list[Problem]
) -> None:
    """A unit that equals all others together in too few figures to be asked about: a total that is not called one?"""
    if len(counties) < 3 or not written:
        return
    nothing, slack = Fraction(0), NOISE * len(counties)
    near = [np.abs(2 * figures - figures.sum()) <= float(slack) + 1e-9 * np.abs(figures).sum() for figures in about]
    places = np.flatnonzero(np.all(near, axis=0)).tolist()
    sums = [column.total(counties) for column in written] if places else []
    for row in (counties[place] for place in places):
        figures = [column.figures[row.index] or nothing for column in written]
        telling = sum(1 for figure in figures if figure)
        same = all(abs(2 * figure - total) <= slack for figure, total in zip(figures, sums, strict=True))
        if same and (telling >= 2 or telling and len(counties) >= 4):
            notes.append(Problem("tables.looks_like_total", {"name": row.name}, where(row.index, written[0].column)))
