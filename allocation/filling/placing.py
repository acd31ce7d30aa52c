"""Which row of a template each row of the import goes to: that of its unit, or the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from itertools import takewhile

from allocation.classes import dataclass
from allocation.errors import Problem, nearest, places_text
from allocation.filling.code_lists import CodeList
from allocation.filling.headings import HeadingOver
from allocation.filling.lines import FillLine, imported
from allocation.tables.cells import SourceSheet
from allocation.tables.headings import is_numbering
from allocation.tables.scan import area
from allocation.tables.spelling import fold
from allocation.tables.wording import SUBTOTAL, TOTAL, wordings
from allocation.xlsx.import_mapping import ImportColumnSpec, TemplateSpec
from allocation.xlsx.import_mapping import Mapping as Layout

SHOWN = 8  # units that are named


@dataclass
class Placed:
    """`rows`: by row of the sheet from zero what goes there; `totals`: rows that hold sums of all; `notes`: what was
    not looked at."""

    rows: dict[int, FillLine] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Body:
    """The part of a template's sheet below its headings, and where the columns of the layout are in it.

    `called`: how the units of the run are called, which may look like the number of a column.
    """

    sheet: SourceSheet
    layout: Layout
    spec: TemplateSpec
    over: Mapping[str, HeadingOver]
    called: frozenset[str] = frozenset()

    @property
    def first(self) -> int:
        """The row, from zero, below the headings and what numbers the columns."""
        if self.spec.first:
            return self.spec.first - 1
        row = self.spec.headings[-1]
        while row < len(self.sheet.rows) and self._numbers(row):
            row += 1
        return row

    def _numbers(self, row: int) -> bool:
        texts = [cell.text for cell in self.sheet.rows[row] if not cell.empty and not cell.merged]
        return len(texts) > 1 and all(map(is_numbering, texts)) and self.called.isdisjoint(map(fold, texts))

    @property
    def rows(self) -> range:
        end = len(self.sheet.rows)
        return range(self.first, end if self.spec.last is None else min(self.spec.last, end))

    def columns(self, *takes: str) -> list[ImportColumnSpec]:
        return [column for column in self.layout.columns if column.take in takes and column.name in self.over]

    def text(self, row: int, column: ImportColumnSpec) -> str:
        return self.sheet.cell(row, self.over[column.name].column).text

    def where(self, row: int, column: ImportColumnSpec) -> str:
        return self.sheet.where(row, self.over[column.name].column)

    def sums(self, row: int) -> bool:
        """Whether a row says that it is a sum."""
        cells = self.sheet.rows[row] if row < len(self.sheet.rows) else ()
        return bool(wordings(cells) & {TOTAL, SUBTOTAL})

    @property
    def totals(self) -> list[int]:
        """Rows that hold sums, those that stand directly below the last row of units too."""
        rows, end = self.rows, len(self.sheet.rows)
        below = (row for row in range(rows.stop, end) if not all(cell.empty for cell in self.sheet.rows[row]))
        return [*filter(self.sums, rows), *takewhile(self.sums, below)]


def placed(body: Body, lines: Sequence[FillLine], lists: Mapping[str, CodeList], problems: list[Problem]) -> Placed:
    """What cannot be placed, and rows for which there is nothing, join `problems`."""
    places = Placed(totals=body.totals)
    if body.spec.units == "append":
        _append(body, lines, lists, places, problems)
    else:
        _match(body, lines, places, problems)
    return places


# ---- a body without units


def _append(
    body: Body, lines: Sequence[FillLine], lists: Mapping[str, CodeList], places: Placed, problems: list[Problem]
) -> None:
    """In the order of the list of the units' codes, else of the run; above the sum, and within the rows there are."""
    kept = imported(lines, body.layout)
    unit = next((column for column in body.layout.columns if column.take == "code" and column.codes), None)
    listed = lists.get(unit.codes or "") if unit else None
    if unit and listed:
        order = {code: place for place, code in enumerate(listed.codes.values())}
        kept.sort(key=lambda line: order.get(str(line.values[unit.name]), len(order)))
    last = min([*places.totals, *([body.spec.last] if body.spec.last is not None else [])], default=None)
    if last is not None and last - body.first < len(kept):
        slots = {"room": last - body.first, "needed": len(kept)}
        problems.append(Problem("filling.no_room", slots, body.sheet.where(last - 1, 0)))
        return
    places.rows |= {body.first + place: line for place, line in enumerate(kept)}


# ---- a body that lists its units


def _match(body: Body, lines: Sequence[FillLine], places: Placed, problems: list[Problem]) -> None:
    keys = body.columns(body.spec.units)
    if not keys:
        return  # its heading was not found, which was said
    key, taken = keys[0], dict[tuple[str, str], int]()
    without = {fold(text) for text in body.spec.without}
    units: dict[str, list[FillLine]] = {}
    for line in lines:
        units.setdefault(fold(line.values[key.name]), []).append(line)
    for row in body.rows:
        text = body.text(row, key)
        if not text or row in places.totals or fold(text) in without:
            continue
        if fold(text) not in units:
            problems.append(_unknown(body, row, key, units))
            continue
        of_row = _line(body, row, units[fold(text)], problems)
        if of_row is None:
            continue
        if (of_row.unit, of_row.line) in taken:
            slots = {"row": taken[of_row.unit, of_row.line] + 1, "line": of_row.called}
            problems.append(Problem("filling.row_twice", slots, body.where(row, key)))
        taken.setdefault((of_row.unit, of_row.line), row)
        places.rows[row] = of_row
    _beyond(body, key, units, places, problems)
    _absent(body, [line for line in lines if (line.unit, line.line) not in taken], taken, problems)


def _beyond(
    body: Body, key: ImportColumnSpec, units: Mapping[str, list[FillLine]], places: Placed, problems: list[Problem]
) -> None:
    """Rows below the last that a layout names: units among them are refused, others are told of."""
    below = range(body.rows.stop, len(body.sheet.rows))
    texts = {row: text for row in below if row not in places.totals and (text := body.text(row, key))}
    slots: dict[str, object] = {"last": body.spec.last}
    if of_units := [f"{row + 1} {text}" for row, text in texts.items() if fold(text) in units]:
        where = body.where(min(texts), key)
        problems.append(Problem("filling.units_beyond", {**slots, "units": of_units[:SHOWN]}, where))
    if others := [f"{row + 1} {text}" for row, text in texts.items() if fold(text) not in units]:
        slots |= {"count": len(others), "rows": others[:SHOWN]}
        places.notes.append(Problem("filling.rows_beyond", slots, f"{body.sheet.file}: {body.sheet.name}"))


def _unknown(body: Body, row: int, key: ImportColumnSpec, units: Mapping[str, list[FillLine]]) -> Problem:
    """A unit of the template that the run does not have; why, where its code is only longer or shorter."""
    text = body.text(row, key)
    like = next((of_row for of_row in units if of_row and (fold(text).rstrip("0") == of_row.rstrip("0"))), "")
    if key.take == "code" and like:
        slots = {"found": text, "own": like, "digits": len(text)}
        return Problem("filling.other_digits", slots, body.where(row, key))
    slots = {"found": text, "nearest": nearest(fold(text), units) or "—"}
    return Problem("filling.unit_unknown", slots, body.where(row, key))


def _line(body: Body, row: int, lines: Sequence[FillLine], problems: list[Problem]) -> FillLine | None:
    """Which of a unit's rows the template's row is, by what stands in the columns that differ between them."""
    said = [(column, text) for column in body.columns("line") if (text := body.text(row, column))]
    fits = [line for line in lines if line.says(said)]
    if len(fits) == 1:
        return fits[0]
    column = said[0][0] if said else body.columns(body.spec.units)[0]
    texts = [str(line.texts.get(each.name, "")) for each in body.columns("line") for line in lines]
    slots = {"unit": lines[0].name, "found": [body.text(row, each) for each, _ in said],
             "known": list(dict.fromkeys(filter(None, texts)))}  # fmt: skip
    problems.append(Problem("filling.line_open" if fits else "filling.line_unknown", slots, body.where(row, column)))
    return None


def _absent(
    body: Body, left: Sequence[FillLine], taken: Mapping[tuple[str, str], int], problems: list[Problem]
) -> None:
    """Units, and lines of units, that the template has no row for; lines of nothing may be left out."""
    here = {unit for unit, _ in taken}
    left = imported(left, body.layout)
    whole = list(dict.fromkeys(line.name for line in left if line.unit not in here))
    where = f"{body.sheet.file}: {body.sheet.name}"
    if whole:
        slots = {"count": len(whole), "units": whole[:SHOWN]}
        problems.append(Problem("filling.unit_absent", slots, where))
    parts = [line.called for line in left if line.unit in here]
    if parts:
        slots = {"count": len(parts), "lines": parts[:SHOWN]}
        problems.append(Problem("filling.line_absent", slots, where))


def collapsed(problems: Sequence[Problem]) -> list[Problem]:
    """Problems that many cells have alike as one, with all their cells."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.id, str(problem.slots)), []).append(problem)
    return [
        Problem(group[0].id, group[0].slots, places_text(sorted((problem.where for problem in group), key=_down)))
        for group in alike.values()
    ]


def _down(where: str) -> tuple[str, int, int]:
    """Cells down each column, then those of the next."""
    sheet, _, cell = where.rpartition("!")
    span = area(cell)
    return (sheet, span.left, span.top) if span else (where, 0, 0)
