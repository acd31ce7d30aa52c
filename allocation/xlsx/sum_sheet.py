"""A table of amounts by unit whose rows and columns close: described, and written as CSV or a workbook of live sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.language.units import PURE, Units
from allocation.report.printed import PrintedColumn, PrintedTable
from allocation.report.study import across, head_of, study_table
from allocation.sheets.sheet import Book
from allocation.texts import Both
from allocation.texts.decimals import decimals_needed
from allocation.xlsx.figure_book import check_told, figure_book
from allocation.xlsx.printed_text import LineCells
from allocation.xlsx.study_csv import write_table_csv
from allocation.xlsx.study_sheet import StudySheet
from allocation.xlsx.styles import Styles, width

HEAD, TOP = 2, 3  # zero-based: the header row, the first unit


@dataclass(frozen=True)
class SummedColumn:
    """Amounts by code; or, with `adds`, what those columns of the table add up to, by their places."""

    head: Both
    amounts: Mapping[str, Fraction]
    adds: tuple[int, ...] = ()


@dataclass(frozen=True)
class SumSheet:
    """`names` of the units by code, in their order."""

    title: Both
    sheet: Both
    names: Mapping[str, str]
    columns: tuple[SummedColumn, ...]
    notes: tuple[Problem, ...]

    @cached_property
    def table(self) -> PrintedTable:
        """合计 last; a unit without an amount has 0. Each heading has its unit; decimals as the amounts need them."""
        values = {
            str(place): tuple(column.amounts.get(code, Fraction(0)) for code in self.names)
            for place, column in enumerate(self.columns)
            if not column.adds
        }
        needed = {key: decimals_needed(amounts) for key, amounts in values.items()}
        columns = []
        for key, column in zip(map(str, range(len(self.columns))), self.columns, strict=True):
            added = [*map(str, column.adds)]
            decimals = max([needed.get(other, 0) for other in (key, *added)])
            plain = PrintedColumn(key, column.head, PURE, decimals, total="sum")
            columns.append(replace(plain, total="own", node=across(added)) if added else plain)
        return study_table("sums", self.title, PURE, Units(), self.names, columns, values, "last")


def write_sum_sheet(sums: SumSheet, path: Path, lang: str) -> None:
    """A workbook whose sums are live, or a CSV file."""
    table = sums.table
    if path.suffix.lower() == ".csv":
        write_table_csv(table, path, lang, titled=True)
        return
    places = [*sums.names, ""]  # the code of each line
    figures = [table.figures[column.key] for column in table.columns[2:]]
    check_told((table.title[lang], code, column[at]) for at, code in enumerate(places) for column in figures)
    book = figure_book(path, lang, table.title[lang])
    sum_sheet(book, sums)
    book.close()


def sum_sheet(book: Book, sums: SumSheet) -> None:
    sheet, styles, table = book.add_worksheet(sums.sheet[book.lang]), Styles(book), sums.table
    sheet.merge_range(0, 0, 0, len(table.columns) - 1, table.title[book.lang], styles.title())
    heads = [head_of(column, book.lang) for column in table.columns]
    sheet.set_row(HEAD, 16 * max(1, *(1 + int(width(head) / 15) for head in heads)))
    end = StudySheet(sheet, table, HEAD, styles, LineCells(table, TOP)).write([16] * len(heads))
    for row, note in enumerate(sums.notes, start=end + 1):
        sheet.write_string(row, 0, note.text(book.lang), styles.note())
    sheet.freeze_panes(TOP, 2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
