"""The table of a work with the cells that were mended on the page: a copy of the file in the desk's hidden folder.

The copy is called as the file is, so that what is told of it names the file that a person has. Every byte but the
mended cells' stays: formulas, looks and other sheets are what they were.
"""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from allocation.errors import AllocationError, Problem, tried
from allocation.files.given_files import given_bytes
from allocation.files.limits import COLUMNS, ROWS
from allocation.files.text_out import UNSEEN
from allocation.files.whole_files import bytes_writer, place
from allocation.opening.cases import case_at, is_case
from allocation.opening.splicing import held_whole, with_cells_and_results
from allocation.opening.text_splicing import with_text_cells
from allocation.page.desk import Desk
from allocation.page.works import Work
from allocation.patterns import LatePattern
from allocation.tables.cells import SourceCell, SourceSheet, letters
from allocation.tables.grid import open_grid
from allocation.tables.scan import area

Mends = Mapping[str, Mapping[str, str]]  # by sheet and cell what is to stand there
Place = tuple[int, int]  # row and column from zero
MARGIN = 1_000  # rows and columns beyond what is filled that may be written in
_NUMBER = LatePattern(r"[+-]?(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?")
_OLE = bytes.fromhex("d0cf11e0")


def source(work: Work, desk: Desk) -> Path | None:
    """The file on the desk that a work's table stands in; None where the table is not the desk's own."""
    if work.table:
        return desk.at(work.table)
    path = desk.at(work.model)
    case = tried([], case_at, str(path)) if path and is_case(path) else None
    table = case.table.resolve() if case else None
    folder = desk.folder.resolve()
    return desk.at(table.relative_to(folder).as_posix()) if table and table.is_relative_to(folder) else None


def required_source(work: Work, desk: Desk) -> Path:
    """The same. Raises where the table is not the desk's own."""
    path = source(work, desk)
    if path is None:
        raise AllocationError(Problem("page_read.no_table", {"name": work.table or work.model}))
    return path


def mended_copy(work: Work, desk: Desk) -> Path | None:
    """The working copy of a work's table; None where nothing of it was mended.

    Raises where the file has changed since, or where it cannot be mended.
    """
    if not work.mends:
        return None
    path = required_source(work, desk)
    data = given_bytes(path)
    if work.mended_from and work.mended_from != hashlib.sha256(data).hexdigest():
        raise AllocationError(Problem("page_read.changed_since", {"count": counted(work.mends)}, path.name))
    mark = hashlib.sha256(f"{work.mended_from}{sorted((s, sorted(c.items())) for s, c in work.mends.items())}".encode())
    folder = desk.kept / "mended" / work.id
    copy = folder / mark.hexdigest()[:16] / path.name
    if not copy.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        place({copy: bytes_writer(mended(path, data, work.mends))})
    return copy


def counted(mends: Mends) -> int:
    return sum(map(len, mends.values()))


def mended(path: Path, data: bytes, mends: Mends) -> bytes:
    """The file with these cells. Raises with every cell that cannot be written."""
    if data.startswith(_OLE):
        raise AllocationError(Problem("page_read.old_book", where=path.name))
    sheets = {sheet.name: sheet for sheet in grid(path.name, data)}
    problems: list[Problem] = []
    cells: dict[str, dict[Place, str | Fraction]] = {}
    for name, said in mends.items():
        sheet = sheets.get(name)
        if sheet is None:
            problems.append(Problem("page_read.no_sheet", {"sheet": name}, path.name))
            continue
        size = min(len(sheet.rows) + MARGIN, ROWS), min(sheet.width() + MARGIN, COLUMNS)
        places = {at: text for cell, text in said.items() if (at := _place(sheet, size, cell, text, problems))}
        cells[name] = {at: _held(sheet, at, text) for at, text in places.items()}
    if problems:
        raise AllocationError(problems)
    if data.startswith(b"PK"):
        return with_cells_and_results(path.name, data, cells)
    return with_text_cells(path.name, data, {at: str(text) for at, text in cells.get("", {}).items()})


def _place(sheet: SourceSheet, size: Place, cell: str, text: str, problems: list[Problem]) -> Place | None:
    """Where a cell is, within so many rows and columns. What cannot be written there joins `problems`."""
    span = area(cell)
    if span is None or not 0 <= span.top < size[0] or span.left >= size[1] or cell != address(*span[::2]):
        problems.append(Problem("page_read.outside", {"cell": cell}, sheet.file))
        return None
    where = sheet.where(span.top, span.left)
    if sheet.cell(span.top, span.left).merged:
        problems.append(Problem("page_read.merged", where=where))
    if text.startswith("="):
        problems.append(Problem("page_read.formula", {"text": text}, where))
    return span.top, span.left


def address(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"


def _held(sheet: SourceSheet, at: Place, text: str) -> str | Fraction:
    """What is to stand in a cell: a number as the cell holds it, else the text; of a CSV the text as it was typed."""
    clean = UNSEEN.sub("", text).strip()
    return clean if not sheet.name else cell_value(clean, sheet.cell(*at))


def cell_value(text: str, cell: SourceCell) -> str | Fraction:
    """A number however a person types it: `1,234`, in full width, `12%`; a code with a zero before it stays a text.

    Where the cell shows a percentage, 12 and 12% are the same, as they are in a spreadsheet.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    share = plain.endswith("%")
    match = _NUMBER.fullmatch(plain.removesuffix("%"))
    if match is None:
        return text
    number = Fraction(match[0].replace(",", ""))
    if "%" in cell.format:
        number = number / 100 if share or abs(number) >= 1 else number
    elif share:
        return plain
    return number if held_whole(number) else plain


def cell_text(cell: SourceCell) -> str:
    """What a cell shows to whoever mends it."""
    if "%" in cell.format and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return f"{cell.value * 100:.15g}%"
    return cell.text


@lru_cache(maxsize=4)
def grid(name: str, data: bytes) -> list[SourceSheet]:
    """The sheets of a file, read once as long as its bytes are the same."""
    return open_grid(name, data)
