"""Tables people fill in that are lists of entries, not of counties: adjustments, sources of the pool, ledgers.

The header row is the one that names most of the fields; every cell is kept with the place it came from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.language.units import PURE, Unit, Units
from allocation.patterns import LatePattern
from allocation.policy.model import Input
from allocation.tables.case_sheets import taken
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.tables.figures import Measure, Unread, read_number
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.headings import unit_in
from allocation.tables.rows import code_text
from allocation.tables.spelling import fold, is_excel_error, tidy
from allocation.tables.unseen import unseen_signs
from allocation.tables.wording import SUBTOTAL, TOTAL, WITHIN, wording
from allocation.texts import Both
from allocation.texts.vocabulary import Pattern, Spellings, the_word

TEXT, NUMBER, DATE, KEY = "text", "number", "date", "key"
RAW, PROSE = "raw", "prose"  # the cell as it stands; a text that is printed as it was written
SEARCHED = 15  # rows in which the header is looked for
Measures = Mapping[str, Measure | None]
_BRACKETS = LatePattern(r"[(\[【].*?[)\]】]")
_PLACE = LatePattern(r"(.*[ !])([A-Z]{1,3})(\d+)")
_DAY = Pattern("table_words.form_day")


@dataclass(frozen=True)
class FormField:
    """`labels` are the headers it goes by, the first one in messages; brackets in a header do not matter."""

    key: str
    labels: Sequence[str]
    kind: str = TEXT
    required: bool = False

    @property
    def label(self) -> Both:
        return Both(self.labels[0], self.labels[-1])


CODES = FormField("code", Spellings("form_words.code"), KEY)
NAMES = FormField("name", Spellings("form_words.name"))


@dataclass(frozen=True)
class FormRow:
    """One entry: `values` by key, None where blank; `where(key)` names the cell.

    `faulty`: the keys of cells that were said to be wrong, blank where they must not be or unreadable; their value is
    None.
    """

    values: dict[str, object]
    places: dict[str, str]
    faulty: frozenset[str] = frozenset()

    def __getitem__(self, key: str) -> object:
        return self.values[key]

    def text(self, key: str) -> str:
        """What the cell of a text, a date or a key says, empty where it is blank."""
        value = self.values[key]
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> Fraction | None:
        """What the cell of a number says, None where it is blank."""
        value = self.values[key]
        return value if isinstance(value, Fraction) else None

    def cell(self, key: str) -> SourceCell | None:
        """A cell taken as it stands, None where it is blank."""
        value = self.values[key]
        return value if isinstance(value, SourceCell) else None

    def where(self, key: str) -> str:
        return self.places[key]


@dataclass(frozen=True)
class FilledForm:
    rows: tuple[FormRow, ...]
    file: str
    sheet: str
    sha256: str
    illustrative: bool
    written: dict[str, Unit]  # the unit that a column's header, or a line above it, names
    notes: tuple[Problem, ...] = ()  # cells with signs that nobody sees, passed over when they were read


def read_form(
    path: str | Path,
    fields: Sequence[FormField],
    problems: list[Problem],
    unit: Unit = PURE,
    units: Units | None = None,
    *,
    apart: str | None = None,
    kind: str = "",
) -> FilledForm:
    """The entries of the sheet that has most of the fields; numbers in `unit`, whatever unit the sheet says.

    Blank rows and notes are passed over; a row of totals must add up. What is wrong with a cell joins `problems`, so
    that it is said together with what the caller finds; a file or header that cannot be read raises. `apart` names a
    sheet that is another form; of a case workbook the sheet of that `kind` is taken alone.
    """
    data = read_bytes(path)
    sheets = [sheet for sheet in taken(open_grid(path, data), kind) if sheet.name != apart]
    layouts = [layout for sheet in sheets if (layout := _layout(sheet, fields))]
    if not layouts:
        wanted = [field.labels[0] for field in fields if field.required] or [field.labels[0] for field in fields]
        raise AllocationError(Problem("forms.no_header", {"wanted": wanted}, Path(path).name))
    layout = max(layouts, key=lambda layout: len(layout.columns))
    sheet = layout.sheet
    absent = [field.labels[0] for field in fields if field.required and field.key not in layout.columns]
    if absent:
        raise AllocationError(Problem("forms.no_column", {"wanted": absent}, sheet.where(layout.top, 0)))
    known = units or Units({})
    written = _written(layout, known)
    measures = _measures(layout, written, unit, known, problems)
    rows = tuple(_rows(layout, measures, problems))
    digest, unseen = hashlib.sha256(data).hexdigest(), tuple(unseen_signs(sheet))
    return FilledForm(rows, sheet.file, sheet.name, digest, sheet.illustrative, written, unseen)


@dataclass(frozen=True)
class _FormLayout:
    """Where a form stands: its header in row `top`, the `fields` that have a column, and the column of each by key."""

    sheet: SourceSheet
    top: int
    fields: tuple[FormField, ...]
    columns: Mapping[str, int]
    asked: tuple[FormField, ...]  # those without a column too

    def head(self, field: FormField) -> str:
        return self.sheet.cell(self.top, self.columns[field.key]).text


def _layout(sheet: SourceSheet, fields: Sequence[FormField]) -> _FormLayout | None:
    """By the row with the most headers, two at least."""
    best: tuple[int, dict[str, int]] | None = None
    names = {_bare(label): field.key for field in fields for label in (*field.labels, field.key)}
    for row in range(min(SEARCHED, len(sheet.rows))):
        columns: dict[str, int] = {}
        for column, cell in enumerate(sheet.rows[row]):
            if key := names.get(_bare(cell.text)):
                columns.setdefault(key, column)
        if len(columns) >= 2 and (best is None or len(columns) > len(best[1])):
            best = row, columns
    if best is None:
        return None
    top, columns = best
    return _FormLayout(sheet, top, tuple(field for field in fields if field.key in columns), columns, tuple(fields))


def headings_in(sheet: SourceSheet, fields: Sequence[FormField]) -> int:
    """How many columns of a form a sheet has; none where one that the form needs is absent."""
    layout = _layout(sheet, fields)
    if layout is None or any(field.required and field.key not in layout.columns for field in fields):
        return 0
    return len(layout.columns)


def _bare(label: str) -> str:
    whole = fold(label)
    return re.sub(r"[、,/_\s]", "", _BRACKETS.sub("", whole)) or whole


def _written(layout: _FormLayout, units: Units) -> dict[str, Unit]:
    """The unit of each column of figures that says one: in its header's brackets, or in a line `单位：` above."""
    above = [
        cell.text
        for row in layout.sheet.rows[: layout.top]
        for cell in row
        if the_word("table_words.unit") in cell.text
    ]
    written = {}
    for field in (field for field in layout.fields if field.kind in (NUMBER, RAW)):
        texts = [*_BRACKETS.findall(layout.head(field)), *above]
        unit = next((unit for text in texts if (unit := unit_in(text, units)) is not None), None)
        if unit is not None:
            written[field.key] = unit
    return written


def _measures(
    layout: _FormLayout, written: Mapping[str, Unit], wanted: Unit, units: Units, problems: list[Problem]
) -> Measures:
    """How each column of numbers is measured; None where its unit is of another kind: no number of it counts then."""
    measures: dict[str, Measure | None] = {}
    for field in (field for field in layout.fields if field.kind == NUMBER):
        unit = written.get(field.key)
        if unit is not None and not unit.same_kind(wanted):
            slots = {"label": field.label, "found": unit.name, "wanted": wanted.name}
            problems.append(Problem("forms.unit", slots, layout.sheet.where(layout.top, layout.columns[field.key])))
            measures[field.key] = None
            continue
        measures[field.key] = Measure(Input(field.key, field.label, wanted), units, unit)
    return measures


def _rows(layout: _FormLayout, measures: Measures, problems: list[Problem]) -> Iterator[FormRow]:
    sheet, columns = layout.sheet, layout.columns
    sums = dict.fromkeys(measures, Fraction(0))
    doubtful: set[str] = set()  # of a doubtful column no sum says anything
    for row in range(layout.top + 1, len(sheet.rows)):
        cells = {field.key: sheet.cell(row, columns[field.key]) for field in layout.fields}
        texts = [cell.text for cell in cells.values() if not cell.missing]
        first = sheet.cell(row, 0).text
        if not texts or all(cells[field.key].text in ("", layout.head(field)) for field in layout.fields):
            continue  # blank, or the header once more, on top of a printed page
        if {wording(texts[0]), wording(first)} & {TOTAL, SUBTOTAL, WITHIN}:
            sure = {key: measure for key, measure in measures.items() if measure and key not in doubtful}
            _check_total(layout, row, sure, sums, problems)
            continue
        if len(texts) == 1 and (len(first) > 20 or first.startswith(tuple(Spellings("table_words.note_begins")))):
            continue
        values: dict[str, object] = {field.key: None for field in layout.asked}
        places = {field.key: sheet.where(row, columns.get(field.key, 0)) for field in layout.asked}
        faulty = {key for key, measure in measures.items() if measure is None and not cells[key].missing}
        for field in layout.fields:
            before = len(problems)
            values[field.key] = _value(cells[field.key], field, measures, places[field.key], problems)
            faulty |= {field.key} if len(problems) > before else set()
        entry = FormRow(values, places, frozenset(faulty))
        for key in sums:
            sums[key] += entry.number(key) or 0
        doubtful |= faulty
        problems += sheet.cut_short(row, max(columns.values()) + 1)
        yield entry


def _value(cell: SourceCell, field: FormField, measures: Measures, where: str, problems: list[Problem]) -> object:
    """What the cell says, None where it is blank or wrong."""
    if cell.missing:
        problems += [Problem("forms.blank", {"label": field.label}, where)] if field.required else []
        return None
    if field.kind == NUMBER:
        measure = measures[field.key]
        return measure and _number(cell, measure, where, problems, field.required)
    error = is_excel_error(cell.text) and (field.kind, cell.text) != (DATE, "#VALUE!")  # often a number no date has
    wrong = "tables.uncached" if cell.uncached else "tables.excel_error" if error else ""
    if wrong:
        problems.append(Problem(wrong, {"found": cell.text}, where))
        return None
    try:
        return _READ[field.kind](cell)
    except ValueError:
        problems.append(Problem(f"forms.not_{field.kind}", {"found": cell.text}, where))
        return None


def _number(
    cell: SourceCell, measure: Measure, where: str, problems: list[Problem], required: bool = False
) -> Fraction | None:
    """The number in the unit wanted, read as in a table; None where there is none."""
    if cell.missing:
        return None
    try:
        plain = cell.text.replace("＋", "+").removeprefix("+") if isinstance(cell.value, str) else None
        return read_number(cell if plain is None else replace(cell, value=plain), measure)
    except Unread as slip:
        slots = {"label": measure.entry.label, "unit": measure.label(), "choices": "—"}
        problems.append(Problem(number_slip(slip.id, required), slots | slip.slots, where))
        return None


def number_slip(id: str, required: bool) -> str:
    """The message of a cell that gives no number: nobody is told to leave blank what must be filled in."""
    return "forms.not_number" if required and id == "tables.not_number" else id


def _check_total(
    layout: _FormLayout,
    row: int,
    measures: Mapping[str, Measure],
    sums: Mapping[str, Fraction],
    problems: list[Problem],
) -> None:
    """A row of totals is no entry; what it says must be the sum of the entries above it."""
    for key, measure in measures.items():
        cell, where = layout.sheet.cell(row, layout.columns[key]), layout.sheet.where(row, layout.columns[key])
        stated = _number(cell, measure, where, problems)
        if stated is not None and stated != sums[key]:
            slots = {"label": measure.entry.label, "stated": stated, "sum": sums[key], "gap": stated - sums[key]}
            problems.append(Problem("forms.total", slots, where))


def in_order(problems: list[Problem]) -> list[Problem]:
    """Cell by cell, so that a person mends a table from the top down; what is of no cell comes last."""

    def place(problem: Problem) -> tuple[str, int, int, str]:
        cell = _PLACE.fullmatch(problem.where)
        return (cell[1], int(cell[3]), len(cell[2]), cell[2]) if cell else ("\uffff", 0, 0, "")

    return sorted(problems, key=place)


def cell_day(cell: SourceCell) -> str:
    """A date as 2018-03-05. Raises ValueError."""
    if isinstance(cell.value, datetime | date):
        return f"{cell.value:%Y-%m-%d}"
    return day(cell.text)


def day(text: str) -> str:
    """A written date, 2018年3月5日 or 20180305, as 2018-03-05. Raises ValueError."""
    match = _DAY.fullmatch(tidy(text))
    if not match:
        raise ValueError
    year, month, of_month = (int(part) for part in match.groups() if part)
    return date(year, month, of_month).isoformat()


def _key(cell: SourceCell) -> str:
    try:
        return code_text(cell)
    except Exception as error:
        raise ValueError from error


_READ: dict[str, Callable[[SourceCell], object]] = {
    TEXT: lambda cell: tidy(cell.text),
    DATE: cell_day,
    KEY: _key,
    RAW: lambda cell: cell,
    PROSE: lambda cell: cell.prose,
}


def county_row(entry: FormRow, codes: Sequence[str], names: Sequence[str], problems: list[Problem]) -> int | None:
    """The row of the county an entry names by code, by name, or by both, which must agree; else None and a problem."""
    code, name = entry.text("code") or None, entry.text("name") or None
    by_name = [row for row, known in enumerate(names) if known == name]
    by_code = [row for row, known in enumerate(codes) if known == code]
    rows = by_name if code is None else by_code
    if len(rows) == 1 and (code is None or name in (None, names[rows[0]])):
        return rows[0]
    if entry.faulty & {"code", "name"}:
        return None
    where = entry.where("name" if code is None or name is not None and by_code else "code")
    right = codes[by_name[0]] if len(by_name) == 1 else ""
    if code is None and name is None:
        wrong = Problem("forms.no_county", where=where)
    elif code is None and by_name:
        wrong = Problem("scenario.ambiguous", {"name": name, "codes": [codes[row] for row in by_name]}, where)
    elif by_code:
        slots = {"code": code, "name": name, "known": names[by_code[0]], "right": right}
        wrong = Problem("forms.code_name", slots, where)
    elif by_name:
        wrong = Problem("forms.code_unknown", {"code": code, "name": name, "right": right}, where)
    else:
        said = name or code or ""
        wrong = Problem("scenario.no_county", {"name": said, "nearest": nearest(said, [*names, *codes]) or "—"}, where)
    problems.append(wrong)
    return None
