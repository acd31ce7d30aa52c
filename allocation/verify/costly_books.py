"""A result book is looked over before any library opens it: its parts unpacked within the limits, its cells counted.

Small files can hold millions of cells or one merged area of billions; what a book may cost goes with its bytes.
"""

from __future__ import annotations

import re

from allocation.errors import AllocationError, Problem
from allocation.files.limits import BOOK_CELLS, BOOK_TAGS, CELLS, COLUMNS, ROWS
from allocation.patterns import LatePattern
from allocation.tables.package import Package
from allocation.tables.scan import area

_CELL = LatePattern(rb"<(?:\w+:)?(?:c|si)[ />]")
_FAR = LatePattern(rb"""\sr=["']([A-Z]*)(\d{7,})""")
_MERGED = LatePattern(rb"""<(?:\w+:)?mergeCell\s[^<>]*?ref=["']([^"']*)["']""")
_ENTITY = LatePattern(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


def look_over(file: str, data: bytes) -> None:
    """Raises AllocationError where opening the book would cost more than its size can ask for."""
    package = Package(file, data)
    cells, tags = BOOK_CELLS + len(data), BOOK_TAGS + 8 * len(data)
    for name in package.names():
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        part = package.read(name)
        tags -= part.count(b"<")
        if tags >= 0:
            cells -= sum(1 for _ in _CELL.finditer(part)) + _merged(part, file)
        if cells < 0 or tags < 0:
            raise AllocationError(Problem("tables.too_many_cells", {"most": BOOK_CELLS}, file))
        if _ENTITY.search(part):
            raise AllocationError(Problem("tables.entities", where=file))
        for place in _FAR.finditer(part):
            if int(place[2][:20]) > ROWS:
                slots = {"cell": (place[1] + place[2])[:20].decode(), "rows": ROWS, "columns": COLUMNS}
                raise AllocationError(Problem("tables.beyond_sheet", slots, file))


def _merged(part: bytes, file: str) -> int:
    """The cells that merged areas cover."""
    areas = [area(text.decode("ascii", "replace")) for text in _MERGED.findall(part)]
    covered = sum((merge.bottom - merge.top + 1) * (merge.right - merge.left + 1) for merge in areas if merge)
    if covered > CELLS:
        raise AllocationError(Problem("tables.too_many_cells", {"most": CELLS}, file))
    return covered
