"""Shares only, as a workbook of one sheet or a CSV file: no amount stands in either, and every page says 总额未定."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.doubts.doubt import told
from allocation.files.text_out import csv_rows
from allocation.run.decisions import standing_lines
from allocation.run.marks import heading, in_title, mark_words
from allocation.texts import say
from allocation.texts.decimals import cell_format, figure_text
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import plain
from allocation.xlsx.layout import letters
from allocation.xlsx.styles import Styles

if TYPE_CHECKING:
    from allocation.analysis.shares import Shares

HEAD, TOP = 2, 3  # zero-based: the header row, the first unit
PLACES = 6  # four decimals of a per cent


def title(shares: Shares, lang: str) -> str:
    return say(lang, "pools.title", heading=heading(shares.run, lang), marks=in_title(shares.keys, lang))


def heads(lang: str) -> list[str]:
    return [say(lang, key) for key in ("workbook.code", "workbook.name", "pools.share")]


def share_rows(shares: Shares, lang: str) -> list[list[str]]:
    """Code, name and share in per cent, the whole last."""
    table = shares.run.table
    rows = zip(table.codes, table.names, shares.shares, strict=True)
    whole = sum(shares.shares, Fraction(0))
    return [[code, name, figure_text(share, PLACES, True)] for code, name, share in
            (*rows, ("", say(lang, "workbook.total"), whole))]  # fmt: skip


def remarks(shares: Shares, lang: str) -> list[str]:
    """What a reader must know: that no amount is meant, what only stands for now, what is to be resolved."""
    return [say(lang, "pools.about"), *standing_lines(shares.run, lang), *told([shares.run.doubts], lang)]


def write_shares(shares: Shares, path: Path, lang: str) -> None:
    if path.suffix.lower() == ".csv":
        said = "；".join(mark_words(shares.keys, lang))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            rows = [[*row, said] for row in share_rows(shares, lang)[:-1]]
            csv_rows(file, [[*heads(lang), say(lang, "workbook.remark")], *rows])
        return
    book = figure_book(path, lang, title(shares, lang), (shares.run.model, shares.run.table))
    sheet, styles = book.add_worksheet(say(lang, "pools.share")), Styles(book)
    sheet.merge_range(0, 0, 0, 2, title(shares, lang), styles.title())
    sheet.set_row(0, 60)
    for column, head in enumerate(heads(lang)):
        sheet.set_column(column, column, 26)
        sheet.write_string(HEAD, column, head, styles.head())
    table, last = shares.run.table, TOP + len(shares.shares)
    for row, share in enumerate(shares.shares, start=TOP):
        sheet.write_string(row, 0, table.codes[row - TOP], styles.text(num_format="@"))
        sheet.write_string(row, 1, table.names[row - TOP], styles.text(num_format="@"))
        sheet.write_number(row, 2, float(share), styles.figure(cell_format(PLACES - 2, percent=True)))
    sheet.write_string(last, 1, say(lang, "workbook.total"), styles.text())
    cells = f"{letters(2)}{TOP + 1}:{letters(2)}{last}"
    sheet.write_formula(
        last,
        2,
        f"SUM({cells})",
        styles.figure(cell_format(PLACES - 2, percent=True), bold=True),
        plain(sum(shares.shares)),
    )
    for row, text in enumerate(remarks(shares, lang), start=last + 2):
        sheet.merge_range(row, 0, row, 2, text, styles.note(text_wrap=True))
        sheet.set_row(row, 15 * (1 + len(text) // 34))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEAD)
    sheet.set_footer("&L" + " ".join(mark_words(shares.keys, lang)) + "&R&P / &N")
    book.close()
