"""The visible sheets of an Excel workbook as raw cells, with the values its program stored beside the formulas."""

from __future__ import annotations

import re
import warnings
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO

from allocation.errors import AllocationError, Problem
from allocation.tables.cells import Cell, Sheet, as_rows, fill_merged

_FORMULA = rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)"
_UNCALCULATED = re.compile(_FORMULA + rb"(?!\s*<(?:\w+:)?v>[^<])")  # no value, or an empty one, behind it


def read_xlsx(file: str, data: bytes) -> list[Sheet]:
    """Visible sheets in their order. AllocationError when the bytes are no readable xlsx workbook."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            uncalculated = any(
                _UNCALCULATED.search(archive.read(name)) for name in names if name.startswith("xl/worksheets/sheet")
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise AllocationError(Problem("tables.damaged", where=file)) from error
    if "xl/workbook.xml" not in names:
        raise AllocationError(Problem("tables.not_xlsx", where=file))
    book = _load(file, data, data_only=True)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    # Only a second reading tells a formula that was never calculated from a blank cell; it takes no styles or comments.
    written = _load(file, data, data_only=False, read_only=True) if uncalculated else None
    typed = _days(file, data) if any(_no_day(cell) for sheet in shown for cell in sheet._cells.values()) else {}
    return [
        _sheet(file, sheet, _formulas(written[sheet.title]) if written else set(), typed.get(sheet.title, {}))
        for sheet in shown
    ]


def _load(file: str, data: bytes, **how: bool):
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drawings and validations it does not keep
            return load_workbook(BytesIO(data), **how)
    except Exception as error:  # a damaged workbook surfaces as any of a dozen exceptions in openpyxl's parsers
        raise AllocationError(Problem("tables.damaged", where=file)) from error


def _formulas(sheet) -> set[tuple[int, int]]:
    """Row and column of every formula of a sheet."""
    return {(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}


def _no_day(cell) -> bool:
    """Whether it is, for openpyxl, an error: often a number in a date format that counts no day of any calendar."""
    return cell.data_type == "e" and cell.value == "#VALUE!"


def _days(file: str, data: bytes) -> dict[str, dict[tuple[int, int], datetime]]:
    """By sheet and cell, the date of every 20161205 typed where a date format makes it the 20,161,205th day."""
    book = _load(file, data, data_only=True, read_only=True)
    book._date_formats = set()  # so that numbers stay numbers
    found: dict[str, dict[tuple[int, int], datetime]] = {}
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if re.fullmatch(r"\d{8}", str(cell.value))):
            with suppress(ValueError):
                day = datetime.strptime(str(cell.value), "%Y%m%d")
                found.setdefault(sheet.title, {})[cell.row, cell.column] = day
    return found


def _sheet(file: str, sheet, formulas: set[tuple[int, int]], typed: dict[tuple[int, int], datetime]) -> Sheet:
    """`typed`: dates to take in the place of errors."""
    # `_cells` holds only cells that exist; iter_rows would create every cell up to a stray format in row 1,048,576.
    found: dict[tuple[int, int], Cell] = {}
    for key, cell in sheet._cells.items():
        value = typed.get(key, cell.value) if _no_day(cell) else cell.value
        if value is not None:
            number = isinstance(value, (int, float))
            remark = cell.comment.text.strip() if cell.comment else ""
            found[key] = Cell(value, cell.number_format if number else "", remark=remark)
    for key in formulas - found.keys():
        # A formula with an empty text as its result keeps the type `str`; one never calculated has none.
        if sheet._cells[key].data_type == "n":
            found[key] = Cell(uncached=True)
    fill_merged(found, [(a.min_row, a.max_row, a.min_col, a.max_col) for a in sheet.merged_cells.ranges])
    rows = frozenset(row - 1 for row, one in sheet.row_dimensions.items() if one.hidden)
    spans = [(one.min, one.max) for one in sheet.column_dimensions.values() if one.hidden]
    columns = frozenset(column - 1 for first, last in spans for column in range(first, last + 1))
    return Sheet(file, sheet.title, as_rows(found), rows, columns)
