"""What stands around a header: the year in the title, the `单位：万元` line, a row of units, a row of column numbers."""

from __future__ import annotations

import re

from allocation.errors import Problem
from allocation.language.units import Unit, Units
from allocation.tables.cells import Sheet
from allocation.tables.headings import is_numbering, unit_in
from allocation.tables.spelling import fold

_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
_FILLED_ON = re.compile(r"填表|填报|编制|制表|日期|时间|说明")
_UNIT_LINE = re.compile(r"(?:.*[^报制位]|)\(?(?:计量|金额|货币)?(?:单位|unit):([^()]+?)\)?")
_UNIT_LIKE = re.compile(r".*(元|人|亩|顷|米|里|户|套|%)$")


def title_year(sheet: Sheet, header_row: int) -> int | None:
    """The year a title above the header gives, `2017年…`; a date of filling in is no title."""
    for row in sheet.rows[:header_row]:
        for cell in row:
            if isinstance(cell.value, str) and not _FILLED_ON.search(cell.value):
                found = _TITLE_YEAR.search(fold(cell.value))
                if found:
                    return int(found[1])
    return None


def unit_line(sheet: Sheet, header_row: int, units: Units, problems: list[Problem]) -> list[Unit]:
    """Units named above the header, at most one a dimension: `单位：万元`, `单位：万元、人`."""
    found: dict[tuple, Unit] = {}
    for r, row in enumerate(sheet.rows[:header_row]):
        for c, cell in enumerate(row):
            match = _UNIT_LINE.fullmatch(fold(cell.text)) if isinstance(cell.value, str) and not cell.merged else None
            for word in re.split(r"[、,;]", match[1]) if match else ():
                where = sheet.where(r, c)
                if units.knows(word):
                    unit = units.parse(word)
                    if found.setdefault(unit.dims, unit) != unit:
                        other = found[unit.dims].name
                        problems.append(Problem("tables.unit_line_twice", {"one": other, "other": unit.name}, where))
                elif _UNIT_LIKE.fullmatch(word):  # `单位：锦州市财政局` is an office, `单位：千万元` a unit we do not know
                    problems.append(Problem("tables.unit_unknown", {"unit": word}, where))
    return list(found.values())


def unit_row(sheet: Sheet, row: int, units: Units) -> dict[int, Unit] | None:
    """Column → unit when every filled cell of `row` is a unit (or `单位`, `计量单位`); else None."""
    found: dict[int, Unit] = {}
    for column, cell in enumerate(sheet.rows[row] if row < len(sheet.rows) else ()):
        if cell.missing or fold(cell.text) in ("单位", "计量单位", "unit", "units"):
            continue
        unit = unit_in(cell.text, units) if isinstance(cell.value, str) else None
        if unit is None:
            return None
        found[column] = unit
    return found or None


def is_numbering_row(sheet: Sheet, row: int) -> bool:
    """A row that numbers the columns: 栏次 · (1) · (2) · (3)=(1)+(2), or 甲 · 乙 · 1 · 2."""
    cells = [cell.text for cell in (sheet.rows[row] if row < len(sheet.rows) else ()) if not cell.missing]
    if len(cells) < 2 or not all(is_numbering(text) for text in cells):
        return False
    if any(not text[0].isdigit() for text in cells):
        return True
    # Bare numbers: only 1, 2, 3 … in order is a numbering, anything else may be figures.
    return [int(re.match(r"\d+", text)[0]) for text in cells] == list(range(1, len(cells) + 1))
