"""Editions for readers outside the office: values only, the columns a reader may see, the rows meant for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from platform import python_version

from allocation import __version__
from allocation.errors import AllocationError, Problem
from allocation.files.text_out import file_name
from allocation.language.units import HECTARE, PURE, Unit
from allocation.policy.edition_columns import reveals
from allocation.policy.model import Column, EditionColumns
from allocation.policy.naming import PRINTED
from allocation.policy.stages import EDITIONS
from allocation.record.in_book import write_record
from allocation.record.record import EDITION, EditionKept, ModelKept, Program, Record, VersionPlace
from allocation.record.versions import content
from allocation.report.formats import number_format, shown
from allocation.run.marks import fund_name, mark_notes, marks, year_text
from allocation.run.run import Run
from allocation.sheets.sheet import Book, Sheet
from allocation.texts import say
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import plain
from allocation.xlsx.styles import HEAD as TITLE
from allocation.xlsx.styles import Styles, column_width, in_two_lines, width
from allocation.xlsx.versions_sheet import footer

HEAD, TOP = 2, 4  # zero-based first of two header rows, first row below them
NOTE = "_printed_note"  # a column that is no entry of the model
WIDEST = 30.0  # of a column
MOST = 80  # a narrow table is widened for its title, up to the width of a page
Rows = tuple[int, ...]


@dataclass(frozen=True)
class Shown:
    """One column of an edition: `figures` one a row of the table, None where blank; `adds` when 合计 has its sum."""

    heading: str
    item: str
    unit: Unit
    number: str
    figures: tuple
    adds: bool


@dataclass(frozen=True)
class EditionBook:
    """One workbook of an edition: where it goes, how it is written, what the awards in it add up to.

    `fill` writes its one sheet into a workbook that is open already; `record` says what it is.
    """

    target: Path
    write: Callable[[Path], None]
    total: Fraction
    fill: Callable[[Book], None] | None = None
    record: Record | None = None


def columns_of(run: Run, key: str) -> EditionColumns:
    """What an edition shows; to the county itself what is noted of it (备注（印）) as well."""
    columns = _columns_of_model(run, key)
    noted = key == "county" and any(run.table.printed_notes)
    return replace(columns, columns=(*columns.columns, NOTE)) if noted else columns


def _columns_of_model(run: Run, key: str) -> EditionColumns:
    """What the model file says an edition shows, or the default; figures that are one a run are never shown.

    Of an award that was adjusted or corrected, its own table stands in its place, but for the public.
    """
    model, held = run.model, run.model.editions.get(key)
    listed = [] if key == "public" else [name for name in model.award_list if _of_county(run, name, key)]
    if held and (key == "public" or model.calculated in ("", model.award)):
        return held
    if held:
        amounts = listed if model.award in listed else [*listed, model.award]
        columns = [name for name in held.columns if name not in amounts or name == model.award]
        place = columns.index(model.award) if model.award in columns else len(columns)
        return replace(held, columns=(*columns[:place], *amounts, *columns[place + 1 :]))
    names = ["name"] if key == "county" else ["code", "name"]
    names += [model.award] if key == "land" and model.award not in listed else []
    names += [*listed, *([] if model.award in listed or key == "land" else [model.award])]
    compared = key == "county" and model.compare_with
    compared = compared and any(value is not None for value in run.figures(model.compare_with))
    by = model.issued_to if key == "county" else ""
    return EditionColumns((*names, *((model.compare_with, "change") if compared else ())), by)


def _of_county(run: Run, name: str, key: str) -> bool:
    """Whether a listed name is one figure a county and, for a county's own eyes, tells nothing of the others."""
    model, entry = run.model, run.model.entry(name)
    if not isinstance(entry, Column):
        return name in model.inputs
    if key == "county":
        held = model.editions.get(key, EditionColumns((), model.issued_to))
        known = {model.award, model.calculated, *held.open}
        return entry.shape == "column" and (name in known or not reveals(entry.node, model.columns, known, held.by))
    return entry.shape != "scalar"


def edition_books(
    run: Run, key: str, folder: Path, stem: Callable[[str], str], label: str, lang: str,
    version: VersionPlace | None = None,
) -> list[EditionBook]:  # fmt: skip
    """The workbooks of an edition. `stem` makes a name from the edition's word; `label` stands at the foot of pages.

    `version`: which version it is of, for what it says of itself.
    """
    model, asked = run.model, columns_of(run, key)
    name = stem(EDITIONS[key][lang])
    if key == "land" and key not in model.editions and not _is_area(run):
        unit = model.columns[model.award].unit
        slots = {"award": model.columns[model.award].label, "unit": model.units.label(unit.name, lang)}
        raise AllocationError(Problem("versions.no_land", slots, model.file))
    columns = [column_of(run, name, lang) for name in asked.columns]
    books = [(folder / f"{name}.xlsx", tuple(range(len(run.table))))]
    if key == "county":
        books = [(folder / name / f"{title}.xlsx", rows) for title, rows in readers(run, asked.by)]
    awards = [value or Fraction(0) for value in run.figures(model.award)]
    whole = Record(EDITION, lang=lang, model=ModelKept(model.name), versions=Program(__version__, python_version()),
                   content=content(run))  # fmt: skip
    written = []
    for target, rows in books:
        units = tuple(run.table.codes[row] for row in rows)
        record = replace(whole, edition=EditionKept(key, tuple(asked.columns), units, version))
        fill = _filler(run, columns, rows, label, lang)
        total = sum((awards[row] for row in rows), Fraction(0))
        written.append(EditionBook(target, _writer(run, fill, record), total, fill, record))
    return written


def _is_area(run: Run) -> bool:
    return run.model.columns[run.model.award].unit.dims == run.model.units.parse(HECTARE).dims


def readers(run: Run, by: str) -> list[tuple[str, Rows]]:
    """Each reader's file name and rows: a county, or all rows with one value of the input `by`."""
    table = run.table
    groups = run.figures(by) if by else (None,) * len(table)
    grouped: dict[object, list[int]] = {}
    for row, group in enumerate(groups):
        grouped.setdefault(group if group is not None else row, []).append(row)
    named = [(table.codes[rows[0]], key if isinstance(key, str) else table.names[rows[0]], rows)
             for key, rows in grouped.items()]  # fmt: skip
    return [(file_name(f"{code}_{name}"), tuple(rows)) for code, name, rows in named]


def column_of(run: Run, name: str, lang: str) -> Shown:
    model = run.model
    if name == NOTE:
        notes = tuple(note or None for note in run.table.printed_notes) or (None,) * len(run.table)
        return Shown(say(lang, "workbook.printed_note"), "", PURE, "@", notes, False)
    if name in PRINTED:
        if name != "change":
            figures = run.table.codes if name == "code" else run.table.names
            return Shown(say(lang, f"workbook.{name}"), "", PURE, "@", figures, False)
        entry, before = model.columns[model.award], run.figures(model.compare_with)
        moved = tuple(new - (old or 0) for new, old in zip(run.figures(model.award), before, strict=True))
        return Shown(say(lang, "workbook.change"), "", entry.unit, number_format(entry.unit, entry.decimals), moved,
                     model.adds_up(model.award))  # fmt: skip
    entry = model.entry(name)
    kind = "text" if getattr(entry, "text", False) else getattr(entry, "kind", "number")
    heading, item = (entry.heading, entry.item[lang]) if entry.heading and entry.item else (entry.label, "")
    number = number_format(entry.unit, entry.decimals, kind)
    return Shown(heading[lang], item, entry.unit, number, run.figures(name), model.adds_up(name))


def _writer(run: Run, fill: Callable[[Book], None], record: Record) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        book = figure_book(path, _title(run, record.lang), run)
        fill(book)
        write_record(book, record)
        book.close()

    return write


def _filler(run: Run, columns: list[Shown], rows: Rows, label: str, lang: str) -> Callable[[Book], None]:
    def fill(book: Book) -> None:
        title = _title(run, lang)
        sheet, styles = book.add_worksheet(say(lang, "workbook.sheet_award")), Styles(book)
        last = max(len(columns) - 1, 1)
        unit = run.model.columns[run.model.award].unit
        unit_line = say(lang, "workbook.unit_line", unit=run.model.units.label(unit.name, lang))
        sheet.merge_range(1, 0, 1, last, unit_line, styles.get(align="right"))
        _header(sheet, run, columns, styles, lang)
        below = _body(sheet, columns, rows, styles, lang)
        wide = _widths(sheet, columns, rows, title)
        style = styles.get(font_name=TITLE, font_size=16, align="center", text_wrap=True)
        sheet.merge_range(0, 0, 0, last, title, style)
        sheet.set_row(0, 26 * (1 + int(width(title) * 1.6 // wide)))
        for place, note in enumerate(mark_notes(run, lang)):
            sheet.merge_range(below + place, 0, below + place, last, note, styles.note(text_wrap=True))
            sheet.set_row(below + place, 14 * (1 + int(width(note) // wide)))
        _page(sheet, len(columns), footer(label, run, lang))

    return fill


def _title(run: Run, lang: str) -> str:
    slots = {"year": year_text(run, lang), "model": fund_name(run, lang)}
    return say(lang, "workbook.award_title", **slots).strip() + marks(run, lang)


def _header(sheet: Sheet, run: Run, columns: list[Shown], styles: Styles, lang: str) -> None:
    """Two rows, the upper one merged over the items of a list; a unit in brackets where it is not the table's."""
    unit = run.model.columns[run.model.award].unit
    start = 0
    while start < len(columns):
        end, first = start, columns[start]
        while first.item and end + 1 < len(columns) and columns[end + 1].heading == first.heading:
            end += 1
        heading = run.model.units.with_own_unit(first.heading, first.unit, unit, lang)
        if not first.item:
            heading = in_two_lines(heading, column_width(first.heading, 10, 16))
            sheet.merge_range(HEAD, start, HEAD + 1, start, heading, styles.head())
        elif end > start:
            sheet.merge_range(HEAD, start, HEAD, end, heading, styles.head())
        else:
            sheet.write(HEAD, start, heading, styles.head())
        for column in range(start, end + 1) if first.item else ():
            sheet.write(HEAD + 1, column, columns[column].item, styles.head())
        start = end + 1
    for row in (HEAD, HEAD + 1):
        sheet.set_row(row, 30 if any(column.item for column in columns) else 18)


def _body(sheet: Sheet, columns: list[Shown], rows: Rows, styles: Styles, lang: str) -> int:
    """合计 over the reader's own rows where there are several, then the rows; the row below."""
    lines: list[tuple[Rows, bool]] = [((row,), False) for row in rows]
    if len(rows) > 1 and any(column.adds for column in columns):
        lines.insert(0, (rows, True))
    texts = [place for place, column in enumerate(columns) if column.number == "@"]
    for place, (members, whole) in enumerate(lines):
        for column, shown_column in enumerate(columns):
            value = _sum(shown_column, members) if whole else shown_column.figures[members[0]]
            if whole and column == (texts or [0])[-1]:
                value = say(lang, "workbook.total")
            if value is None:
                sheet.write_blank(TOP + place, column, None, styles.text(bold=whole))
            elif isinstance(value, str):
                align = "center" if whole else "left"
                style = styles.text(bold=whole, align=align, text_wrap=True, num_format="@")
                sheet.write_string(TOP + place, column, value, style)
            else:
                sheet.write_number(
                    TOP + place, column, plain(value), styles.figure(shown_column.number, bold=whole, indent=1)
                )
        longest = 0.0 if whole else max((width(columns[at].figures[members[0]] or "") for at in texts), default=0.0)
        sheet.set_row(TOP + place, max(20, 14 * ceil(longest / (WIDEST - 2)) + 6))
    return TOP + len(lines)


def _widths(sheet: Sheet, columns: list[Shown], rows: Rows, title: str) -> float:
    """Sets each shown_column's width by what stands in it, a narrow table's by its title; returns their sum."""
    wide = []
    for shown_column in columns:
        values = [shown(shown_column.figures[row], shown_column.number) for row in rows]
        values += [shown(_sum(shown_column, rows), shown_column.number)] if shown_column.adds else []
        wide.append(max(column_width(shown_column.item or shown_column.heading, 10, 16), *map(_room, values)))
    stretch = max(1.0, min(MOST, width(title) * 1.7) / sum(wide))
    for column, size in enumerate(wide):
        sheet.set_column(column, column, size * stretch)
    return sum(wide) * stretch


def _sum(column: Shown, rows: Rows) -> Fraction | None:
    known = [column.figures[row] for row in rows if column.figures[row] is not None]
    return sum(known, Fraction(0)) if column.adds and known else None


def _room(text: str) -> float:
    return min(WIDEST, width(text) + 3)


def _page(sheet: Sheet, columns: int, foot: str) -> None:
    sheet.set_paper(9)
    if columns > 6:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.repeat_rows(HEAD, HEAD + 1)
    sheet.freeze_panes(TOP, 0)
    sheet.set_footer(foot)
