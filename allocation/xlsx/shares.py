"""Shares only, as a workbook of one sheet or a CSV file: no amount stands in either, and every page says 总额未定."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from allocation.analysis.shares_table import remarks, shares_table
from allocation.run.marks import mark_words
from allocation.sheets.sheet import Sheet
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.printed_text import LineCells
from allocation.xlsx.study_csv import write_table_csv
from allocation.xlsx.study_sheet import StudySheet
from allocation.xlsx.styles import Styles

if TYPE_CHECKING:
    from allocation.analysis.shares import Shares

HEAD = 2  # zero-based: the header row
WIDE = 26


def write_shares(shares: Shares, path: Path, lang: str) -> None:
    table, said = shares_table(shares), [word[lang] for word in mark_words(shares.keys)]
    if path.suffix.lower() == ".csv":
        write_table_csv(table, path, lang, units_only=True, remark="；".join(said))
        return
    book = figure_book(path, lang, table.title[lang], (shares.run.model, shares.run.table))
    sheet = book.add_worksheet(table.columns[-1].label[lang])
    write_shares_sheet(sheet, shares, Styles(book))
    sheet.set_footer("&L" + " ".join(said) + "&R&P / &N")
    book.close()


def write_shares_sheet(sheet: Sheet, shares: Shares, styles: Styles) -> None:
    table = shares_table(shares)
    sheet.merge_range(0, 0, 0, len(table.columns) - 1, table.title[sheet.lang], styles.title())
    sheet.set_row(0, 60)
    end = StudySheet(sheet, table, HEAD, styles, LineCells(table, HEAD + 1)).write([WIDE] * len(table.columns))
    for row, text in enumerate(remarks(shares, sheet.lang), start=end + 1):
        sheet.merge_range(row, 0, row, len(table.columns) - 1, text, styles.note(text_wrap=True))
        sheet.set_row(row, 15 * (1 + len(text) // 34))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEAD)
