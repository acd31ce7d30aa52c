"""A table of amounts by unit whose rows and columns close: as rows to print, as CSV, and as a workbook of live sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.errors import Problem
from allocation.files.text_out import csv_rows
from allocation.texts import exact_text, say
from allocation.xlsx.figure_book import check_told, figure_book
from allocation.xlsx.grids import plain
from allocation.xlsx.layout import letters
from allocation.xlsx.styles import Styles, width

if TYPE_CHECKING:
    from allocation.sheets.sheet import Sheet

HEAD, TOP = 2, 3  # zero-based: the header row, the first unit


@dataclass(frozen=True)
class SummedColumn:
    """Amounts by code; or, with `adds`, what those columns of the table add up to, by their places."""

    head: str
    amounts: Mapping[str, Fraction]
    adds: tuple[int, ...] = ()


@dataclass(frozen=True)
class SumSheet:
    """`names` of the units by code, in their order."""

    title: str
    sheet: str
    names: Mapping[str, str]
    columns: tuple[SummedColumn, ...]
    notes: tuple[Problem, ...]

    def heads(self, lang: str) -> list[str]:
        return [*(say(lang, f"workbook.{key}") for key in ("code", "name")), *(column.head for column in self.columns)]

    def rows(self, lang: str) -> Iterator[tuple[str, str, list[Fraction]]]:
        """Code, name and an amount a column; the last row has the sums of the columns."""
        totals = [Fraction(0)] * len(self.columns)
        for code, name in self.names.items():
            amounts: list[Fraction] = []
            for column in self.columns:
                added = sum((amounts[place] for place in column.adds), Fraction(0))
                amounts.append(added if column.adds else column.amounts.get(code, Fraction(0)))
            totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
            yield code, name, amounts
        yield "", say(lang, "workbook.total"), totals


def write_sum_sheet(table: SumSheet, path: Path, lang: str) -> None:
    """A workbook whose sums are live, or a CSV file."""
    if path.suffix.lower() == ".csv":
        rows = [[code, name, *(exact_text(amount) for amount in amounts)] for code, name, amounts in table.rows(lang)]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv_rows(file, [[table.title], table.heads(lang), *rows])
        return
    check_told((table.title, code, amount) for code, _, amounts in table.rows(lang) for amount in amounts)
    book = figure_book(path, lang, table.title)
    sheet, styles, heads = book.add_worksheet(table.sheet), Styles(book), table.heads(lang)
    sheet.merge_range(0, 0, 0, len(heads) - 1, table.title, styles.title())
    sheet.set_row(HEAD, 16 * max(1, *(1 + int(width(head) / 15) for head in heads)))
    for column, head in enumerate(heads):
        sheet.set_column(column, column, 16)
        sheet.write_string(HEAD, column, head, styles.head())
    _body(sheet, table, styles, lang)
    for row, note in enumerate(table.notes, start=TOP + len(table.names) + 2):
        sheet.write_string(row, 0, note.text(lang), styles.note())
    sheet.freeze_panes(TOP, 2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    book.close()


def _body(sheet: Sheet, table: SumSheet, styles: Styles, lang: str) -> None:
    last = TOP + len(table.names)
    for row, (code, name, amounts) in enumerate(table.rows(lang), start=TOP):
        for column, text in enumerate((code, name)):
            sheet.write_string(row, column, text, styles.text(num_format="@"))
        for column, amount in enumerate(amounts, start=2):
            style = styles.figure("General", bold=row == last)
            adds = table.columns[column - 2].adds
            if adds:
                sheet.write_formula(row, column, _sum(row, [place + 2 for place in adds]), style, plain(amount))
            elif row == last:
                area = f"{letters(column)}{TOP + 1}:{letters(column)}{last}"
                sheet.write_formula(row, column, f"SUM({area})", style, plain(amount))
            else:
                sheet.write_number(row, column, amount, style)


def _sum(row: int, columns: list[int]) -> str:
    """`SUM(C4:D4,F4)`: columns side by side as one range."""
    spans: list[list[int]] = []
    for column in columns:
        if spans and spans[-1][-1] == column - 1:
            spans[-1].append(column)
        else:
            spans.append([column])
    cells = [[f"{letters(column)}{row + 1}" for column in dict.fromkeys((span[0], span[-1]))] for span in spans]
    return f"SUM({','.join(':'.join(ends) for ends in cells)})"
