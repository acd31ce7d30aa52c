"""Tables people fill in that are lists of entries, not of counties: adjustments, sources of the pool, ledgers.

The header row is the one that names most of the fields; every cell is kept with the place it came from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from allocation.errors import AllocationError, Problem, nearest
from allocation.language.units import PURE, Unit, Units
from allocation.model import Input
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.tables.figures import Measure, Unread, read_number
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.headings import unit_in
from allocation.tables.rows import code_text
from allocation.tables.spelling import fold, is_excel_error, tidy
from allocation.tables.unseen import unseen_signs
from allocation.tables.wording import SUBTOTAL, TOTAL, WITHIN, wording
from allocation.texts import Both

TEXT, NUMBER, DATE, KEY, RAW = "text", "number", "date", "key", "raw"  # RAW: the cell as it stands
SEARCHED = 15  # rows in which the header is looked for
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_PLACE = re.compile(r"(.*[ !])([A-Z]{1,3})(\d+)")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)")


@dataclass(frozen=True)
class FormField:
    """`labels` are the headers it goes by, the first one in messages; brackets in a header do not matter."""

    key: str
    labels: tuple[str, ...]
    kind: str = TEXT
    required: bool = False

    @property
    def label(self) -> Both:
        return Both(self.labels[0], self.labels[-1])


CODES = FormField("code", ("行政区代码", "行政区划代码", "代码", "code"), KEY)
NAMES = FormField("name", ("县（市、区）", "县市区", "名称", "县区", "地区", "单位", "name", "county"))


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
) -> FilledForm:
    """The entries of the sheet that has most of the fields; numbers in `unit`, whatever unit the sheet says.

    Blank rows and notes are passed over; a row of totals must add up. What is wrong with a cell joins `problems`, so
    that it is said together with what the caller finds; a file or header that cannot be read raises. `apart` names a
    sheet that is another form.
    """
    data = read_bytes(path)
    sheets = [sheet for sheet in open_grid(path, data) if sheet.name != apart]
    found = [(sheet, *header) for sheet in sheets if (header := _header(sheet, fields))]
    if not found:
        wanted = [field.labels[0] for field in fields if field.required] or [field.labels[0] for field in fields]
        raise AllocationError(Problem("forms.no_header", {"wanted": wanted}, Path(path).name))
    sheet, top, columns = max(found, key=lambda one: len(one[2]))
    absent = [field.labels[0] for field in fields if field.required and field.key not in columns]
    if absent:
        raise AllocationError(Problem("forms.no_column", {"wanted": absent}, sheet.where(top, 0)))
    written = _written(sheet, top, columns, fields, units or Units({}))
    measures = _measures(sheet, top, columns, fields, written, (unit, units or Units({})), problems)
    rows = tuple(_rows(sheet, top, columns, fields, measures, problems))
    digest, unseen = hashlib.sha256(data).hexdigest(), tuple(unseen_signs(sheet))
    return FilledForm(rows, sheet.file, sheet.name, digest, sheet.illustrative, written, unseen)


def _header(sheet: SourceSheet, fields: Sequence[FormField]) -> tuple[int, dict[str, int]] | None:
    """The row with the most headers, two at least, and the column of each."""
    best: tuple[int, dict[str, int]] | None = None
    names = {_bare(label): field.key for field in fields for label in (*field.labels, field.key)}
    for row in range(min(SEARCHED, len(sheet.rows))):
        columns: dict[str, int] = {}
        for column in range(len(sheet.rows[row])):
            key = names.get(_bare(sheet.cell(row, column).text))
            if key:
                columns.setdefault(key, column)
        if len(columns) >= 2 and (best is None or len(columns) > len(best[1])):
            best = row, columns
    return best


def _bare(label: str) -> str:
    whole = fold(label)
    return re.sub(r"[、,/_\s]", "", _BRACKETS.sub("", whole)) or whole


def _written(
    sheet: SourceSheet, top: int, columns: dict[str, int], fields: Sequence[FormField], units: Units
) -> dict[str, Unit]:
    """The unit of each column of figures that says one: in its header's brackets, or in a line `单位：` above."""
    lines = [unit_in(cell.text, units) for row in sheet.rows[:top] for cell in row if "单位" in cell.text]
    above = next((one for one in lines if one is not None), None)
    found = {}
    for field in (one for one in fields if one.kind in (NUMBER, RAW) and one.key in columns):
        text = sheet.cell(top, columns[field.key]).text
        inside = (unit_in(part, units) for part in _BRACKETS.findall(text))
        unit = next((one for one in inside if one is not None), above)
        if unit is not None:
            found[field.key] = unit
    return found


def _measures(sheet: SourceSheet, top: int, columns, fields, written: dict[str, Unit], wanted, problems: list) -> dict:
    """How each column of numbers is measured; None where its unit is of another kind: no number of it counts then."""
    unit, units = wanted
    found = {}
    for field in (one for one in fields if one.kind == NUMBER and one.key in columns):
        own = written.get(field.key)
        if own is not None and not own.same_kind(unit):
            slots = {"label": field.label, "found": own.name, "wanted": unit.name}
            problems.append(Problem("forms.unit", slots, sheet.where(top, columns[field.key])))
            found[field.key] = None
            continue
        found[field.key] = Measure(Input(field.key, field.label, unit), units, own)
    return found


def _rows(
    sheet: SourceSheet, top: int, columns: dict[str, int], fields: Sequence[FormField], measures: dict, problems: list
) -> Iterator[FormRow]:
    known = [field for field in fields if field.key in columns]
    sums, doubtful = dict.fromkeys(measures, Fraction(0)), set()  # of a doubtful column no sum says anything
    for row in range(top + 1, len(sheet.rows)):
        cells = {field.key: sheet.cell(row, columns[field.key]) for field in known}
        texts = [cell.text for cell in cells.values() if not cell.missing]
        first = sheet.cell(row, 0).text
        if not texts or all(cells[key].text in ("", sheet.cell(top, columns[key]).text) for key in cells):
            continue  # blank, or the header once more, on top of a printed page
        if {wording(texts[0]), wording(first)} & {TOTAL, SUBTOTAL, WITHIN}:
            sure = {key: measure for key, measure in measures.items() if measure and key not in doubtful}
            _check_total(sheet, row, columns, sure, sums, problems)
            continue
        if len(texts) == 1 and (len(first) > 20 or first.startswith(("注", "说明"))):
            continue
        values: dict[str, object] = {field.key: None for field in fields}
        places = {field.key: sheet.where(row, columns.get(field.key, 0)) for field in fields}
        faulty = {key for key, measure in measures.items() if measure is None and not cells[key].missing}
        for field in known:
            before = len(problems)
            values[field.key] = _value(cells[field.key], field, measures, places[field.key], problems)
            faulty |= {field.key} if len(problems) > before else set()
        for key in sums:
            sums[key] += values[key] or 0
        doubtful |= faulty
        problems += sheet.cut_short(row, max(columns.values()) + 1)
        yield FormRow(values, places, frozenset(faulty))


def _value(cell: SourceCell, field: FormField, measures: dict, where: str, problems: list[Problem]) -> object:
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


def _number(cell: SourceCell, measure: Measure, where: str, problems: list[Problem], required=False) -> Fraction | None:
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
    sheet: SourceSheet, row: int, columns: dict[str, int], measures: dict, sums: dict, problems: list
) -> None:
    """A row of totals is no entry; what it says must be the sum of the entries above it."""
    for key, measure in measures.items():
        cell, where = sheet.cell(row, columns[key]), sheet.where(row, columns[key])
        stated = _number(cell, measure, where, problems)
        if stated is not None and stated != sums[key]:
            slots = {"label": measure.entry.label, "stated": stated, "sum": sums[key], "gap": stated - sums[key]}
            problems.append(Problem("forms.total", slots, where))


def in_order(problems: list[Problem]) -> list[Problem]:
    """Cell by cell, so that a person mends a table from the top down; what is of no cell comes last."""

    def place(one: Problem) -> tuple:
        cell = _PLACE.fullmatch(one.where)
        return (cell[1], int(cell[3]), len(cell[2]), cell[2]) if cell else ("\uffff", 0, 0, "")

    return sorted(problems, key=place)


def cell_day(cell: SourceCell) -> str:
    """A date as 2018-03-05. Raises ValueError."""
    if isinstance(cell.value, datetime | date):
        return f"{cell.value:%Y-%m-%d}"
    return day(cell.text)


def day(text: str) -> str:
    """A written date, 2018年3月5日 or 20180305, as 2018-03-05. Raises ValueError."""
    found = _DAY.fullmatch(tidy(text))
    if not found:
        raise ValueError
    return date(*(int(part) for part in found.groups() if part)).isoformat()


def _key(cell: SourceCell) -> str:
    try:
        return code_text(cell)
    except Exception as error:
        raise ValueError from error


_READ = {TEXT: lambda cell: tidy(cell.text), DATE: cell_day, KEY: _key, RAW: lambda cell: cell}


def county_row(entry: FormRow, codes: Sequence[str], names: Sequence[str], problems: list[Problem]) -> int | None:
    """The row of the county an entry names by code, by name, or by both, which must agree; else None and a problem."""
    code, name = entry["code"], entry["name"]
    by_name = [row for row, own in enumerate(names) if own == name]
    by_code = [row for row, own in enumerate(codes) if own == code]
    rows = by_name if code is None else by_code
    if len(rows) == 1 and (code is None or name in (None, names[rows[0]])):
        return rows[0]
    if entry.faulty & {"code", "name"}:
        return None
    where = entry.where("name" if code is None or name is not None and by_code else "code")
    right = codes[by_name[0]] if len(by_name) == 1 else ""
    if code is None and name is None:
        found = Problem("forms.no_county", where=where)
    elif code is None and by_name:
        found = Problem("scenario.ambiguous", {"name": name, "codes": [codes[row] for row in by_name]}, where)
    elif by_code:
        slots = {"code": code, "name": name, "known": names[by_code[0]], "right": right}
        found = Problem("forms.code_name", slots, where)
    elif by_name:
        found = Problem("forms.code_unknown", {"code": code, "name": name, "right": right}, where)
    else:
        said = name or code
        found = Problem("scenario.no_county", {"name": said, "nearest": nearest(said, [*names, *codes]) or "—"}, where)
    problems.append(found)
    return None
