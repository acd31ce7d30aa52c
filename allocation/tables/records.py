"""Small tables of our own, units of account and crosswalks: a header in Chinese or English, one record a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.tables.cells import Sheet
from allocation.tables.figures import Unread
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.rows import code_text
from allocation.tables.spelling import fold, squeeze, tidy

_SEARCHED = 10
_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:[-–—至到]((?:19|20)\d\d)年?)?")


@dataclass
class Records:
    """`rows` are the sheet's rows that hold a record; faults found while reading them join `problems`."""

    file: str
    sheet: Sheet
    columns: dict[str, int]
    rows: list[int]
    codes: Sequence[str]
    problems: list[Problem] = field(default_factory=list)

    def where(self, row: int, key: str) -> str:
        return self.sheet.where(self.rows[row], self.columns.get(key, 0))

    def fault(self, row: int, key: str, message: str) -> None:
        self.problems.append(Problem(message, {"found": self.text(row, key)}, self.where(row, key)))

    def text(self, row: int, key: str) -> str:
        """What the record says under `key`, empty when the column or the text is missing; a code keeps its zeros."""
        if key not in self.columns:
            return ""
        cell = self.sheet.cell(self.rows[row], self.columns[key])
        if key not in self.codes:
            return "" if cell.missing else tidy(cell.text)
        try:
            return code_text(cell)
        except Unread as slip:
            self.problems.append(Problem(slip.id, slip.slots, self.where(row, key)))
            return ""

    def listed(self, row: int, key: str) -> tuple[str, ...]:
        """Several entries in one cell, separated by `；` (`;` and `、` are taken as well)."""
        return tuple(squeeze(part) for part in re.split("[;、]", tidy(self.text(row, key))) if squeeze(part))

    def years(self, row: int, key: str, text: str) -> tuple[int, int] | None:
        """`2017` or `2017-2020`; None when nothing is said, or something else: that is a fault."""
        if not text:
            return None
        found = _YEARS.fullmatch(squeeze(text))
        if found is None:
            self.fault(row, key, "collect.not_years")
            return None
        return int(found[1]), int(found[2] or found[1])


def read_records(
    path: str | Path, heads: Mapping[str, str], required: Sequence[str], codes: Sequence[str] = ()
) -> Records:
    """The records of the first sheet that has the `required` headers; `heads` gives each key's spellings.

    Raises AllocationError when there is none, when a record lacks a required text, or when there are no records.
    """
    spelt = {fold(word): key for key, words in heads.items() for word in words.split()}
    sheets = open_grid(path, read_bytes(path))
    for sheet in sheets:
        for top, line in enumerate(sheet.rows[:_SEARCHED]):
            texts = [fold(cell.text) for cell in line]
            columns = {spelt[text]: texts.index(text) for text in texts if text in spelt}
            if not set(required) <= columns.keys():
                continue
            first = range(top + 1, len(sheet.rows))
            rows = [row for row in first if any(not sheet.cell(row, c).missing for c in columns.values())]
            records = Records(sheet.file, sheet, columns, rows, codes)
            for row in range(len(rows)):
                for key in required:
                    if not records.text(row, key):
                        slots = {"header": heads[key].split()[0]}
                        records.problems.append(Problem("collect.blank", slots, records.where(row, key)))
            if not rows:
                records.problems.append(Problem("collect.no_records", where=sheet.where(top, 0)))
            if records.problems:
                raise AllocationError(records.problems)
            return records
    slots = {"headers": [heads[key].split()[0] for key in required]}
    raise AllocationError(Problem("collect.no_head", slots, sheets[0].file if sheets else str(path)))
