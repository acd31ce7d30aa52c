"""The visible sheets of an Excel 97–2003 workbook (.xls) as raw cells, with the results stored beside its formulas.

The format does not tell a formula that was never calculated from one whose result is 0: unlike in xlsx, such a cell
reads as 0.
"""

from __future__ import annotations

import os

from allocation.errors import AllocationError, Problem
from allocation.tables.cells import Cell, Sheet, as_rows, fill_merged

# What xlrd says of a password, and of another program's file (Word's old ones begin with the same bytes).
_SAID = {"encrypted": "tables.encrypted", "Can't find workbook": "tables.not_xlsx"}


def read_xls(file: str, data: bytes) -> list[Sheet]:
    """Visible sheets in their order. AllocationError when the bytes are no workbook, damaged or under a password."""
    import xlrd

    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # xlrd prints what it finds odd
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=nowhere)
        return [_sheet(file, book, sheet) for sheet in book.sheets() if sheet.visibility == 0]
    except Exception as error:  # a damaged workbook surfaces as any of a dozen exceptions in xlrd's parsers
        problem = next((id for words, id in _SAID.items() if words in str(error)), "tables.damaged")
        raise AllocationError(Problem(problem, where=file)) from error


def _sheet(file: str, book, sheet) -> Sheet:
    found: dict[tuple[int, int], Cell] = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = _cell(book, sheet, row, column)
            if cell is not None:
                found[row + 1, column + 1] = cell
    # Of a merged area xlrd gives the row and the column behind its last.
    fill_merged(found, [(top + 1, bottom, left + 1, right) for top, bottom, left, right in sheet.merged_cells])
    rows = frozenset(row for row, one in sheet.rowinfo_map.items() if one.hidden)
    columns = frozenset(column for column, one in sheet.colinfo_map.items() if one.hidden)
    return Sheet(file, sheet.name, as_rows(found), rows, columns)


def _cell(book, sheet, row: int, column: int) -> Cell | None:
    """The cell as openpyxl would give it: whole numbers whole, dates as dates, errors as their text."""
    import xlrd

    raw = sheet.cell(row, column)
    value, form = raw.value, ""
    match raw.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return None
        case xlrd.XL_CELL_NUMBER:
            value = int(value) if value.is_integer() and abs(value) < 10**15 else value
            form = book.format_map[book.xf_list[raw.xf_index].format_key].format_str
        case xlrd.XL_CELL_DATE:
            value = xlrd.xldate_as_datetime(value, book.datemode)
        case xlrd.XL_CELL_BOOLEAN:
            value = bool(value)
        case xlrd.XL_CELL_ERROR:
            value = xlrd.error_text_from_code.get(value, "#N/A")
    note = sheet.cell_note_map.get((row, column))
    return Cell(value, form, remark=note.text.strip() if note else "")
