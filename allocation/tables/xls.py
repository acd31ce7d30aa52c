"""The visible sheets of an Excel 97–2003 workbook (.xls) as raw cells, with the results stored beside its formulas.

xlrd reads the values; what it cannot tell, or would never come back from, is looked at in the records first.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem
from allocation.tables.cells import SourceCell, SourceSheet, as_rows, fill_merged
from allocation.tables.compound import Broken, stream
from allocation.tables.days import ELAPSED, day_kind, day_number
from allocation.tables.xls_records import COLUMNS, bare_formulas, sheet_starts

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Cell, Sheet

_STREAMS = ("Workbook", "Book")
_OTHER = (("WordDocument", "PowerPoint Document"), "tables.word_file")


def read_xls(file: str, data: bytes) -> list[SourceSheet]:
    """Visible sheets in their order. AllocationError when the bytes are no workbook, damaged or under a password."""
    import xlrd

    try:
        book_stream = stream(data, _STREAMS)
        if book_stream is None:
            problem = _OTHER[1] if stream(data, _OTHER[0]) is not None else "tables.not_xlsx"
            raise AllocationError(Problem(problem, where=file))
        starts, calculated = sheet_starts(book_stream)
        bare = [bare_formulas(book_stream, start, calculated) for start in starts]
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # xlrd prints what it finds odd
            book = xlrd.open_workbook(
                file_contents=book_stream, formatting_info=True, ragged_rows=True, logfile=nowhere
            )
        bare += [set()] * (book.nsheets - len(bare))
        return [_sheet(file, book, sheet, bare[at]) for at, sheet in enumerate(book.sheets()) if sheet.visibility == 0]
    except AllocationError:
        raise
    except IndexError as error:
        if not error.args or not isinstance(error.args[0], tuple):
            raise AllocationError(Problem("tables.damaged", where=file)) from error
        row, column = error.args[0]
        slots = {"cell": f"R{row + 1}C{column + 1}", "rows": 65536, "columns": COLUMNS}
        raise AllocationError(Problem("tables.beyond_sheet", slots, file)) from error
    except Broken as error:
        raise AllocationError(Problem("tables.damaged", where=file)) from error
    except Exception as error:  # a damaged workbook surfaces as any of a dozen exceptions in xlrd's parsers
        problem = "tables.encrypted" if "encrypted" in str(error) else "tables.damaged"
        raise AllocationError(Problem(problem, where=file)) from error


def _sheet(file: str, book: Book, sheet: Sheet, bare: set[tuple[int, int]]) -> SourceSheet:
    cells: dict[tuple[int, int], SourceCell] = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = SourceCell(uncached=True) if (row, column) in bare else _cell(book, sheet, row, column)
            if cell is not None:
                cells[row + 1, column + 1] = cell
    # Of a merged area xlrd gives the row and the column behind its last.
    fill_merged(cells, [(top + 1, bottom, left + 1, right) for top, bottom, left, right in sheet.merged_cells])
    rows = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden)
    columns = frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden)
    return SourceSheet(file, sheet.name, as_rows(cells), rows, columns)


def _cell(book: Book, sheet: Sheet, row: int, column: int) -> SourceCell | None:
    """The cell as openpyxl would give it: whole numbers whole, dates as dates, errors as their text."""
    import xlrd

    raw = sheet.cell(row, column)
    value, form = raw.value, ""
    match raw.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return None
        case xlrd.XL_CELL_NUMBER:
            value = int(value) if value.is_integer() and abs(value) < 10**15 else value
            form = _format(book, raw)
        case xlrd.XL_CELL_DATE:
            value = day_number(value, bool(book.datemode), elapsed=day_kind(_format(book, raw)) == ELAPSED)
        case xlrd.XL_CELL_BOOLEAN:
            value = bool(value)
        case xlrd.XL_CELL_ERROR:
            value = xlrd.error_text_from_code.get(value, "#N/A")
    note = sheet.cell_note_map.get((row, column))
    return SourceCell(value, form, remark=note.text.strip() if note else "")


def _format(book: Book, cell: Cell) -> str:
    return str(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)
