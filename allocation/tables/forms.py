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
from allocation.tables.cells import Cell, Sheet
from allocation.tables.figures import Measure, Unread, read_number
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.headings import unit_in
from allocation.tables.rows import code_text, total_kind
from allocation.tables.spelling import fold, squeeze, tidy
from allocation.texts import Both

TEXT, NUMBER, DATE, KEY, RAW = "text", "number", "date", "key", "raw"  # RAW: the cell as it stands
SEARCHED = 15  # rows in which the header is looked for
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_SPAN = re.compile(r"((?:19|20)\d\d)年?(?:[-–—至到]((?:19|20)\d\d)年?)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True)
class Field:
    """`labels` are the headers it goes by, the first one in messages; brackets in a header do not matter."""

    key: str
    labels: tuple[str, ...]
    kind: str = TEXT
    required: bool = False


CODES = Field("code", ("行政区代码", "行政区划代码", "代码", "code"), KEY)
NAMES = Field("name", ("县（市、区）", "县市区", "名称", "县区", "地区", "单位", "name", "county"))


@dataclass(frozen=True)
class Row:
    """One entry: `values` by key, None where blank; `where(key)` names the cell."""

    values: dict[str, object]
    places: dict[str, str]

    def __getitem__(self, key: str) -> object:
        return self.values[key]

    def where(self, key: str) -> str:
        return self.places[key]


@dataclass(frozen=True)
class Form:
    rows: tuple[Row, ...]
    file: str
    sheet: str
    sha256: str
    illustrative: bool
    written: dict[str, Unit]  # the unit that a column's header, or a line above it, names


def read_form(path: str | Path, fields: Sequence[Field], unit: Unit = PURE, units: Units | None = None) -> Form:
    """The entries of the sheet that has most of the fields; numbers in `unit`, whatever unit the sheet says.

    Blank rows and notes are passed over; a row of totals must add up. Raises all problems of the file.
    """
    data = read_bytes(path)
    found = [(sheet, *header) for sheet in open_grid(path, data) if (header := _header(sheet, fields))]
    if not found:
        wanted = [field.labels[0] for field in fields if field.required] or [field.labels[0] for field in fields]
        raise AllocationError(Problem("forms.no_header", {"wanted": wanted}, Path(path).name))
    sheet, top, columns = max(found, key=lambda one: len(one[2]))
    absent = [field.labels[0] for field in fields if field.required and field.key not in columns]
    if absent:
        raise AllocationError(Problem("forms.no_column", {"wanted": absent}, sheet.where(top, 0)))
    problems: list[Problem] = []
    written = _written(sheet, top, columns, fields, units or Units({}))
    measures = _measures(sheet.where(top, 0), fields, columns, written, (unit, units or Units({})), problems)
    rows = tuple(_rows(sheet, top, columns, fields, measures, problems)) if not problems else ()
    if problems:
        raise AllocationError(problems)
    digest = hashlib.sha256(data).hexdigest()
    return Form(rows, sheet.file, sheet.name, digest, sheet.illustrative, written)


def _header(sheet: Sheet, fields: Sequence[Field]) -> tuple[int, dict[str, int]] | None:
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


def _written(sheet: Sheet, top: int, columns: dict[str, int], fields: Sequence[Field], units: Units) -> dict[str, Unit]:
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


def _measures(where: str, fields: Sequence[Field], columns, written: dict[str, Unit], wanted, problems: list) -> dict:
    """How each column of numbers is measured."""
    unit, units = wanted
    found = {}
    for field in (one for one in fields if one.kind == NUMBER and one.key in columns):
        own = written.get(field.key)
        if own is not None and not own.same_kind(unit):
            slots = {"label": field.labels[0], "found": own.name, "wanted": unit.name}
            problems.append(Problem("forms.unit", slots, where))
            own = None
        label = Both(field.labels[0], field.labels[-1])
        found[field.key] = Measure(Input(field.key, label, unit), units, own)
    return found


def _rows(
    sheet: Sheet, top: int, columns: dict[str, int], fields: Sequence[Field], measures: dict, problems: list
) -> Iterator[Row]:
    known = [field for field in fields if field.key in columns]
    sums = dict.fromkeys(measures, Fraction(0))
    for row in range(top + 1, len(sheet.rows)):
        cells = {field.key: sheet.cell(row, columns[field.key]) for field in known}
        texts = [cell.text for cell in cells.values() if not cell.missing]
        first = sheet.rows[row][0].text
        if not texts:
            continue
        if total_kind(texts[0]) or total_kind(first):
            _check_total(sheet, row, columns, measures, sums, problems)
            continue
        if len(texts) == 1 and (len(first) > 20 or first.startswith(("注", "说明"))):
            continue
        values: dict[str, object] = {field.key: None for field in fields}
        places = {field.key: sheet.where(row, columns.get(field.key, 0)) for field in fields}
        for field in known:
            cell = cells[field.key]
            if cell.missing and field.required:
                problems.append(Problem("forms.blank", {"label": field.labels[0]}, places[field.key]))
            if field.kind == NUMBER:
                values[field.key] = _number(cell, measures[field.key], places[field.key], problems)
                sums[field.key] += values[field.key] or 0
                continue
            try:
                values[field.key] = None if cell.missing else _READ[field.kind](cell)
            except ValueError:
                problems.append(Problem(f"forms.not_{field.kind}", {"found": cell.text}, places[field.key]))
        yield Row(values, places)


def _number(cell: Cell, measure: Measure, where: str, problems: list[Problem]) -> Fraction | None:
    """The number in the unit wanted, read as in a table; None where there is none."""
    if cell.missing:
        return None
    try:
        plain = cell.text.replace("＋", "+").removeprefix("+") if isinstance(cell.value, str) else None
        return read_number(cell if plain is None else replace(cell, value=plain), measure)
    except Unread as slip:
        slots = {"label": measure.entry.label, "unit": measure.label(), "choices": "—"}
        problems.append(Problem(slip.id, slots | slip.slots, where))
        return None


def _check_total(sheet: Sheet, row: int, columns: dict[str, int], measures: dict, sums: dict, problems: list) -> None:
    """A row of totals is no entry; what it says must be the sum of the entries above it."""
    for key, measure in measures.items():
        cell, where = sheet.cell(row, columns[key]), sheet.where(row, columns[key])
        stated = _number(cell, measure, where, problems)
        if stated is not None and stated != sums[key] and not problems:
            slots = {"label": measure.entry.label, "stated": stated, "sum": sums[key], "gap": stated - sums[key]}
            problems.append(Problem("forms.total", slots, where))


def _day(cell: Cell) -> str:
    """A date as 2018-03-05."""
    if isinstance(cell.value, datetime | date):
        return f"{cell.value:%Y-%m-%d}"
    return day(cell.text)


def day(text: str) -> str:
    """A written date as 2018-03-05. Raises ValueError."""
    found = _DAY.fullmatch(tidy(text))
    if not found:
        raise ValueError
    return date(*map(int, found.groups())).isoformat()


def _key(cell: Cell) -> str:
    try:
        return code_text(cell)
    except Exception as error:
        raise ValueError from error


_READ = {TEXT: lambda cell: tidy(cell.text), DATE: _day, KEY: _key, RAW: lambda cell: cell}


def listed(text: object) -> tuple[str, ...]:
    """Several entries in one cell, separated by `；`, `;` or `、`."""
    return tuple(squeeze(part) for part in re.split("[;、]", tidy(text or "")) if squeeze(part))


def span(text: object) -> tuple[int, int] | None:
    """Years as `2017` or `2017-2020`; None for anything else."""
    found = _SPAN.fullmatch(squeeze(text or ""))
    return (int(found[1]), int(found[2] or found[1])) if found else None


def county_row(entry: Row, codes: Sequence[str], names: Sequence[str]) -> int:
    """The row of the county an entry names by code, by name, or by both. Raises AllocationError."""
    code, name = entry["code"], entry["name"]
    if code is None and name is None:
        raise AllocationError(Problem("forms.no_county", where=entry.where("name")))
    if code is not None:
        rows = [codes.index(code)] if code in codes else []
        rows = [row for row in rows if name in (None, names[row])]
    elif names.count(name) == 1:
        rows = [names.index(name)]
    else:
        rows = [row for row, own in enumerate(names) if own == name]
    if len(rows) == 1:
        return rows[0]
    if len(rows) > 1:
        slots = {"name": name, "codes": [codes[row] for row in rows]}
        raise AllocationError(Problem("scenario.ambiguous", slots, entry.where("name")))
    if code in codes:
        slots = {"code": code, "name": name, "known": names[codes.index(code)]}
        raise AllocationError(Problem("forms.code_name", slots, entry.where("name")))
    slots = {"name": name or code, "nearest": nearest(name or code, [*names, *codes]) or "—"}
    raise AllocationError(Problem("scenario.no_county", slots, entry.where("code" if name is None else "name")))
