"""A DBF file that a system wrote, as a sheet: the names of its fields in the first row, its records below."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.filling.text_files import PAGE, library
from allocation.tables.cells import MadeRows, SourceCell, SourceSheet
from allocation.tables.grid import read_bytes

KINDS = (0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8B, 0xF5)  # how a DBF file begins
SAID = 29  # where it says its code page; 0 where it says none


def is_dbf(path: Path, data: bytes) -> bool:
    return path.suffix.lower() == ".dbf" and len(data) > 32 and data[0] in KINDS


def dbf_sheet(path: Path) -> SourceSheet:
    """Records that were struck out are left out. A file that names no code page is read in code page 936."""
    dbf, data = library(), read_bytes(path)
    try:
        with tempfile.TemporaryDirectory() as folder:
            copied = Path(folder, "shown.dbf")
            copied.write_bytes(data)
            table = dbf.Table(str(copied), codepage=None if data[SAID] else PAGE)
            with table.open(dbf.READ_ONLY):
                names = [*table.field_names]
                records = [[_value(value) for value in record] for record in table if not dbf.is_deleted(record)]
    except Exception as error:  # whatever the library makes of a damaged file
        raise AllocationError(Problem("tables.damaged", where=path.name)) from error
    rows = [[SourceCell(name) for name in names], *([SourceCell(value) for value in record] for record in records)]
    return SourceSheet(path.name, "", MadeRows(rows))


def _value(value: object) -> object:
    """A text without the blanks it is filled up with."""
    if isinstance(value, str):
        return value.strip() or None
    return float(value) if isinstance(value, Decimal) else value
