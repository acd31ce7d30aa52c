"""What stands around a header: the year in the title, the `单位：万元` line, rows of units and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from allocation.errors import Problem
from allocation.language.units import Unit, Units
from allocation.patterns import LatePattern
from allocation.policy.model import Model
from allocation.tables.cells import SourceSheet
from allocation.tables.headings import ColumnHeading, is_numbering, unit_in
from allocation.tables.spelling import fold, squeeze
from allocation.texts.vocabulary import Pattern, Spellings

Dims = tuple[tuple[str, int], ...]  # of a unit: the powers of its bases
_TITLE_YEAR = Pattern("table_words.title_year")
_NO_TITLE = Pattern("table_words.no_title")
_ASIDE = LatePattern(r"\([^()]*\)")
_UNIT_LINE = Pattern("table_words.unit_line")
_UNIT_LIKE = Pattern("table_words.unit_like")


def title_year(sheet: SourceSheet, header_row: int) -> int | None:
    """The year a title above the header gives, `2017年…`; a date of filling in, a legend or a sentence is no title."""
    for row in sheet.rows[:header_row]:
        for cell in row:
            said = fold(cell.value) if isinstance(cell.value, str) else ""
            year = None if _NO_TITLE.search(_ASIDE.sub("", said)) else _TITLE_YEAR.search(said)
            if year:
                return int(year[1])
    return None


def written_units(
    sheet: SourceSheet,
    top: int,
    at: dict[str, int],
    headings: Mapping[int, ColumnHeading],
    model: Model,
    problems: list[Problem],
) -> tuple[dict[str, Unit], dict[str, str]]:
    """The written unit of each input that has one, and the cell of the line above the header it comes from, if so.

    `at`: input → its column.
    """
    lines = _unit_lines(sheet, top, model.units, problems)
    units, places = {}, {}
    for name, column in at.items():
        if name not in model.inputs or model.inputs[name].text:
            continue
        written, wanted, over = headings[column].unit, model.inputs[name].unit, headings[column].above_unit
        if written and over and over.same_kind(wanted) and over.scale != written.scale:
            slots = {"label": model.inputs[name].label, "found": written.name, "above": over.name}
            problems.append(Problem("tables.unit_over_differs", slots, sheet.where(top, column)))
        written = written or (over if over and over.same_kind(wanted) else None)
        if written:
            units[name] = written
        for unit, place in () if written else lines:
            # A line `单位：%` speaks of percentages only, not of every coefficient.
            if unit.same_kind(wanted) and unit.is_percent == wanted.is_percent:
                units[name], places[name] = unit, place
    return units, places


def _unit_lines(sheet: SourceSheet, header_row: int, units: Units, problems: list[Problem]) -> list[tuple[Unit, str]]:
    """Units named above the header and where, at most one a dimension: `单位：万元`, `单位：万元、人`."""
    units_said: dict[Dims, tuple[Unit, str]] = {}
    doubtful: set[Dims] = set()
    for r, row in enumerate(sheet.rows[:header_row]):
        for c, cell in enumerate(row):
            wording = isinstance(cell.value, str) and not cell.merged
            match = _UNIT_LINE.fullmatch(squeeze(cell.value)) if wording else None
            for word in _words(match, units):
                where = sheet.where(r, c)
                if units.knows(word):
                    unit = units.parse(word)
                    if units_said.setdefault(unit.dims, (unit, where))[0] != unit:
                        other = units_said[unit.dims][0].name
                        doubtful.add(unit.dims)
                        problems.append(Problem("tables.unit_line_twice", {"one": other, "other": unit.name}, where))
                elif _UNIT_LIKE.fullmatch(word):
                    # `单位：锦州市财政局` is an office and passed over, `单位：千万元` a unit we do not know.
                    problems.append(Problem("tables.unit_unknown", {"unit": word}, where))
    # A doubtful unit would make every figure look wrong.
    return [line for dims, line in units_said.items() if dims not in doubtful]


def _words(match: re.Match[str] | None, units: Units) -> list[str]:
    if match is None:
        return []
    return [match[1]] if units.knows(match[1]) else re.split(r"[、,;]", match[1])


def unit_row(sheet: SourceSheet, row: int, units: Units) -> dict[int, Unit] | None:
    """Column → unit when every filled cell of `row` is a unit (or `单位`, `计量单位`); else None."""
    units_of: dict[int, Unit] = {}
    for column, cell in enumerate(sheet.rows[row] if row < len(sheet.rows) else ()):
        if cell.missing or fold(cell.text) in Spellings("table_words.unit_heading"):
            continue
        unit = unit_in(cell.text, units) if isinstance(cell.value, str) else None
        if unit is None:
            return None
        units_of[column] = unit
    return units_of or None


def repeats_header(sheet: SourceSheet, row: int) -> bool:
    """A row that merely belongs to the merged cells of the header above it."""
    line = sheet.rows[row] if row < len(sheet.rows) else ()
    filled = [(column, cell) for column, cell in enumerate(line) if not cell.empty]
    return bool(filled) and all(cell.merged and cell.text == sheet.cell(row - 1, c).text for c, cell in filled)


def is_numbering_row(sheet: SourceSheet, row: int, keys: tuple[int | None, int | None]) -> bool:
    """A row that numbers the columns: 栏次 · (1) · (3)=(1)+(2), or 甲 · 乙 · 1 · 2. `keys`: code and name column."""
    filled = [c for c, cell in enumerate(sheet.rows[row] if row < len(sheet.rows) else ()) if not cell.missing]
    texts = [squeeze(sheet.cell(row, column).text) for column in filled]
    if len(texts) < 2 or not all(is_numbering(text) for text in texts):
        return False
    if all(not text.isdigit() for text in texts[1:]):
        return "(" in texts[-1]
    # Bare numbers may be a county's figures: a numbering only as 1, 2, 3 …, after 甲, 乙 if there are letters.
    letters = [text for text in texts if not text[0].isdigit()]
    numbers = [int(digits[0]) for text in texts[len(letters) :] if (digits := re.search(r"\d+", text))]
    if texts[: len(letters)] != letters or numbers != list(range(1, len(texts) - len(letters) + 1)):
        return False
    if letters:
        # Counties called 甲, 乙, 丙 go on below.
        return fold(sheet.cell(row + 1, filled[len(letters) - 1]).text) not in Spellings("table_words.next_letters")
    code, name = (sheet.cell(row, column).missing if column is not None else True for column in keys)
    return code or not name
