"""A workbook this program wrote is no table: what was marked, adjusted or estimated in it would be lost."""

from __future__ import annotations

import re
from collections.abc import Sequence

from allocation.errors import AllocationError, Problem
from allocation.tables.cells import SourceSheet

_SCHEMA = re.compile(r"allocation\.\w+/\d+")
_TABLE = re.compile(r"file: ([^,]+),")
_LOOKED = 10  # rows of 溯源 in which the schema stands


def refuse_results(sheets: Sequence[SourceSheet]) -> None:
    """AllocationError when a sheet is the record of a run. A result's CSV says in every row what it is, and is read."""
    for sheet in sheets:
        lines = [(sheet.cell(row, 0).text, sheet.cell(row, 1).text) for row in range(min(_LOOKED, len(sheet.rows)))]
        said = dict(lines)
        if _SCHEMA.fullmatch(said.get("schema", "")):
            table = _TABLE.search(said.get("inputs", ""))
            slots = {"table": table[1] if table else ""}
            raise AllocationError(Problem("tables.result_book", slots, f"{sheet.file}: {sheet.name}"))
