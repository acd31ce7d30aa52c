"""Editions for readers outside the office: values only, the columns a reader may see, the rows meant for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from platform import python_version

from allocation import __version__
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.policy.stages import EDITIONS
from allocation.record.in_book import write_record
from allocation.record.record import EDITION, EditionKept, ModelKept, Program, Record, VersionPlace
from allocation.record.versions import content
from allocation.report.columns import edition_of, is_area
from allocation.report.lines import readers
from allocation.report.printed import PrintedTable
from allocation.report.tables import edition_tables
from allocation.run.run import Run
from allocation.sheets.sheet import Book, Sheet
from allocation.texts import Both
from allocation.texts.typefaces import HEAD as TITLE
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.printed_table import SheetTable
from allocation.xlsx.styles import Styles, width
from allocation.xlsx.versions_sheet import foot_label

HEAD, TOP = 2, 4  # zero-based first of two heading rows, first row below them
MOST = 80  # a narrow table is widened for its title, up to the width of a page


@dataclass(frozen=True)
class EditionBook:
    """One workbook of an edition: where it goes, how it is written, what the awards in it add up to.

    `fill` writes its one sheet into a workbook that is open already; `record` says what it is.
    """

    target: Path
    write: Callable[[Path], None]
    total: Fraction | None
    fill: Callable[[Book], None] | None = None
    record: Record | None = None


def edition_books(
    run: Run, key: str, folder: Path, stem: Callable[[str], str], label: str, lang: str,
    version: VersionPlace | None = None,
) -> list[EditionBook]:  # fmt: skip
    """The workbooks of an edition. `stem` makes a name from the edition's word; `label` stands at the foot of pages.

    `version`: which version it is of, for what it says of itself.
    """
    model, asked = run.model, edition_of(run, key)
    name = stem(EDITIONS[key][lang])
    if key == "land" and key not in model.editions and not is_area(run):
        unit = model.columns[model.award].unit
        slots = {"award": model.columns[model.award].label, "unit": model.units.label(unit.name, lang)}
        raise AllocationError(Problem("versions.no_land", slots, model.file))
    books = [(folder / f"{name}.xlsx", tuple(range(len(run.table))))]
    if key == "county":
        books = [(folder / name / f"{title}.xlsx", rows) for title, rows in readers(run, asked.by)]
    awards = [value or Fraction(0) for value in run.numbers(model.award)]
    whole = Record(EDITION, lang=lang, model=ModelKept(model.name), versions=Program(__version__, python_version()),
                   content=content(run))  # fmt: skip
    written = []
    tables = edition_tables(run, key, [rows for _, rows in books])
    for (target, rows), table in zip(books, tables, strict=True):
        units = tuple(run.table.codes[row] for row in rows)
        record = replace(whole, edition=EditionKept(key, tuple(asked.columns), units, version))
        fill = _filler(table, foot_label(Both(label, label), run)[lang])
        total = sum((awards[row] for row in rows), Fraction(0))
        written.append(EditionBook(target, _writer(run, table, fill, record), total, fill, record))
    return written


def _writer(run: Run, table: PrintedTable, fill: Callable[[Book], None], record: Record) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        book = figure_book(path, record.lang, table.title[record.lang], run)
        fill(book)
        write_record(book, record)
        book.close()

    return write


def _filler(table: PrintedTable, foot: str) -> Callable[[Book], None]:
    def fill(book: Book) -> None:
        title, styles = table.title[book.lang], Styles(book)
        sheet = book.add_worksheet(book.say("workbook.sheet_issued"))
        shown = SheetTable(sheet, table, styles)
        last = max(len(table.columns) - 1, 1)
        unit_line = sheet.say("workbook.unit_line", unit=table.units.label(table.unit.name, sheet.lang))
        sheet.merge_range(1, 0, 1, last, unit_line, styles.get(align="right"))
        widths = _widths(shown)
        shown.write_heads(HEAD, widths)
        below = shown.write_lines(TOP, widths)
        wide = sum(widths)
        style = styles.get(font_name=TITLE, font_size=16, align="center", text_wrap=True)
        sheet.merge_range(0, 0, 0, last, title, style)
        sheet.set_row(0, 26 * (1 + int(width(title) * 1.6 // wide)))
        for place, note in enumerate(table.notes):
            sheet.merge_range(below + place, 0, below + place, last, note[sheet.lang], styles.note(text_wrap=True))
            sheet.set_row(below + place, 14 * (1 + int(width(note[sheet.lang]) // wide)))
        _page(sheet, len(table.columns))
        sheet.sign_pages(foot, sheet.say("workbook.page_of", count="&N"))

    return fill


def _widths(of: SheetTable) -> list[float]:
    """The columns as wide as what stands in them, those of a narrow table wider for its title."""
    sheet, widths = of.sheet, of.widths()
    stretch = max(1.0, min(MOST, width(of.table.title[sheet.lang]) * 1.7) / sum(widths))
    for column, size in enumerate(widths):
        sheet.set_column(column, column, size * stretch)
    return [size * stretch for size in widths]


def _page(sheet: Sheet, columns: int) -> None:
    sheet.set_paper(9)
    if columns > 6:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.repeat_rows(HEAD, HEAD + 1)
    sheet.freeze_panes(TOP, 0)
