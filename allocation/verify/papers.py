"""What was sealed, as sheets of cells: a workbook, a CSV file, or the tables of a Word document."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.tables.cells import MadeRows, SourceCell, SourceSheet
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.package import Package


@dataclass(frozen=True)
class SealedSheet:
    """One table as it was sealed, with the texts that stand above it in a document."""

    sheet: SourceSheet
    above: tuple[str, ...] = ()


def sealed_sheets(path: Path) -> list[SealedSheet]:
    """Every sheet or table of the paper. Raises AllocationError for what cannot be read."""
    data = read_bytes(path)
    if is_word(data):
        Package(path.name, data).refuse_costly()
        sheets = [*_tables(path.name, data)]
        if not sheets:
            raise AllocationError(Problem("verify.issued_no_table", where=path.name))
        return sheets
    return [SealedSheet(sheet) for sheet in open_grid(path, data)]


def is_word(data: bytes) -> bool:
    """Whether it is a Word file, by what is in it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _tables(file: str, data: bytes) -> Iterator[SealedSheet]:
    """The tables in their order, each with what was said since the one before."""
    try:
        import docx
        from docx.table import Table
    except ImportError:
        raise AllocationError(Problem("notices.needs")) from None
    try:
        document = docx.Document(BytesIO(data))
        blocks = [*document.iter_inner_content()]
    except Exception as error:  # a damaged document surfaces as any of a dozen exceptions
        raise AllocationError(Problem("verify.issued_damaged", where=file)) from error
    above: list[str] = []
    number = 0
    for block in blocks:
        if not isinstance(block, Table):
            above.append(block.text)
            continue
        number += 1
        rows = []
        for row in block.rows:
            cells, last = [], None
            for cell in row.cells:
                cells.append(SourceCell(cell.text or None, merged=cell is last))
                last = cell
            rows.append(tuple(cells))
        yield SealedSheet(SourceSheet(file, f"#{number}", MadeRows(rows)), tuple(above))
        above = []
