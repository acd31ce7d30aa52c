"""A result workbook opened again: its record, and its sheets by what they are."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.limits import COLUMNS
from allocation.record.from_0_1 import is_trace, of_cells
from allocation.record.in_book import is_record, text_of
from allocation.record.reading import read_record
from allocation.record.record import EDITION, SEVERAL, YEARS, Record
from allocation.report.cut import CUTS, TODAY, Cut
from allocation.tables.grid import read_bytes
from allocation.texts import say
from allocation.verify.costly_books import look_over
from allocation.verify.other_kinds import refuse_other_kinds
from allocation.xlsx.layout import letters

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

STUDIES = (
    "timeline.sheet",
    "comparison.sheet",
    "comparison.charts",
    "evaluate.sheet",
    "evaluate.sheet_charts",
    "workbook.sheet_choices",
)  # sheets of a study of several runs, and one of lists
LARGEST = 10**308  # what a double holds, near enough
THIN = 1  # points, or signs: a row or a column below that is as good as hidden


@dataclass(frozen=True)
class OpenSheet:
    """Cells by (row, column) from zero: values as stored, formulas with their `=`, number formats.

    `hidden_lines`: rows and columns that cannot be seen, `masked`: ranges whose figures a condition shows otherwise,
    `headers`: what stands at the top of printed pages, of each kind of page.
    """

    title: str
    values: Mapping[tuple[int, int], object]
    formulas: Mapping[tuple[int, int], str]
    formats: Mapping[tuple[int, int], str]
    hidden: bool
    hidden_lines: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()

    def text(self, row: int, column: int) -> str:
        value = self.values.get((row, column))
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Reopened:
    """`sheets` by the name the program gives them, as far as that can be told; `others` have other names."""

    file: str
    record: Record
    sheets: dict[str, OpenSheet]
    others: list[OpenSheet]
    names: dict[str, str]

    @property
    def lang(self) -> str:
        return self.record.lang

    @property
    def several(self) -> bool:
        """Whether it is a workbook of several runs: a timeline, an evaluation or a comparison."""
        return self.record.kind in SEVERAL

    @property
    def cut(self) -> Cut:
        """How its papers are cut."""
        return Cut.of(self.record.papers)

    def name(self, key: str, year: int | str | None = None) -> str:
        """What the program calls a sheet; in a workbook of several years, of one of them."""
        return f"{self.cut.sheet_name(key)[self.lang]}{year or ''}"

    def needed(self, key: str, year: int | str | None = None) -> OpenSheet:
        """A sheet nothing can be recomputed without."""
        name = self.name(key, year)
        if name not in self.sheets:
            raise AllocationError(Problem("verify.sheet_needed", {"sheets": [name]}, self.file))
        return self.sheets[name]


def reopen(path: Path) -> Reopened:
    """Raises AllocationError when the file is no workbook of ours that can be computed again, or holds no values."""
    refuse_other_kinds(path)
    sheets, names = _open(path)
    record = _record(sheets, path.name)
    sheets = [sheet for sheet in sheets if not is_record(sheet.values)]
    known = _known(sheets, record)
    others = [sheet for sheet in sheets if sheet not in known.values()]
    book = Reopened(path.name, record, known, others, names)
    years = [run.year for run in record.runs] if record.kind in YEARS else [None]
    needed = [book.name("parameters"), *(book.name("data", year) for year in years)] if record.kind != EDITION else []
    if missing := [name for name in needed if name not in known]:
        raise AllocationError(Problem("verify.sheet_needed", {"sheets": missing}, path.name))
    return book


def _record(sheets: list[OpenSheet], file: str) -> Record:
    for sheet in sheets:
        if is_record(sheet.values):
            return read_record(text_of(sheet.values), file)
    english = {say("en", f"workbook.sheet_{key}") for key in TODAY.sheets} & {sheet.title for sheet in sheets}
    for sheet in sheets:
        if is_trace(sheet.values):
            return of_cells(sheet.values, "en" if english else "zh", file)
    raise AllocationError(Problem("verify.not_result", where=file))


def open_sheets(path: Path) -> list[OpenSheet]:
    """The sheets of any workbook, as they stand. Raises AllocationError for one that cannot be opened, or costs too
    much."""
    return _sheets_of(path)[0]


def _sheets_of(path: Path) -> tuple[list[OpenSheet], Workbook]:
    """The sheets, and the book with its formulas."""
    data = read_bytes(path)
    look_over(path.name, data)
    written, stored = (_book(path.name, data, values) for values in (False, True))
    return [_sheet(sheet, stored[sheet.title]) for sheet in written.worksheets], written


def _open(path: Path) -> tuple[list[OpenSheet], dict[str, str]]:
    sheets, written = _sheets_of(path)
    # A formula that may give an empty text stores nothing beside it when it does.
    bare = [
        (sheet.title, place)
        for sheet in sheets
        for place, text in sheet.formulas.items()
        if place not in sheet.values and '""' not in text
    ]
    if bare:
        (title, (row, column)), count = bare[0], len(bare)
        raise AllocationError(
            Problem("verify.uncached", {"count": count}, f"{path.name}: {title}!{letters(column)}{row + 1}")
        )
    places = [("", written), *((sheet.title, sheet) for sheet in written)]
    names = {(title, name): defined.attr_text for title, on in places for name, defined in on.defined_names.items()}
    return sheets, {f"{title}!{name}".lstrip("!"): to for (title, name), to in names.items() if name[0] != "_"}


def _book(file: str, data: bytes, values: bool) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(data), data_only=values)
    except Exception as error:  # a damaged workbook surfaces as any of a dozen exceptions in openpyxl's parsers
        raise AllocationError(Problem("tables.damaged", where=file)) from error


def _sheet(written: Worksheet, stored: Worksheet) -> OpenSheet:
    formulas = {
        (row - 1, column - 1): str(getattr(cell.value, "text", cell.value))
        for (row, column), cell in written._cells.items()
        if cell.data_type == "f"
    }
    values, formats = {}, {}
    for (row, column), cell in stored._cells.items():
        place = row - 1, column - 1
        if cell.value is not None or (place in formulas and cell.data_type != "n"):
            values[place] = "" if cell.value is None else _held(cell.value)
        if cell.value is not None:
            formats[place] = cell.number_format
    hidden, lines = written.sheet_state != "visible", (*_thin_rows(written), *_thin_columns(written))
    return OpenSheet(
        written.title, values, formulas, formats, hidden, lines, tuple(_masks(written)), tuple(_headers(written))
    )


def _held(value: object) -> object:
    """A figure that no cell of any program can hold is no figure: it stays a text."""
    beyond = isinstance(value, int | float) and not abs(value) < LARGEST
    return f"{value:.9}" if beyond and isinstance(value, float) else str(value)[:99] if beyond else value


def _thin_rows(sheet: Worksheet) -> Iterator[str]:
    """Rows that are hidden, or too low to see."""
    usual = sheet.sheet_format.defaultRowHeight
    for row in sorted({*sheet.row_dimensions, *(row for row, _ in sheet._cells)}):
        thin = sheet.row_dimensions.get(row)
        height = thin.height if thin and thin.height is not None else usual
        if (thin and thin.hidden) or (height is not None and height < THIN):
            yield str(row)


def _thin_columns(sheet: Worksheet) -> Iterator[str]:
    """Columns that are hidden, or too narrow to see; of those alike, all that hold something."""
    usual, used = sheet.sheet_format.defaultColWidth, {column for _, column in sheet._cells}
    known = {
        column: span.hidden or span.width < THIN
        for span in sheet.column_dimensions.values()
        for column in range(span.min, min(span.max, COLUMNS) + 1)
        if column in used or column == span.min
    }
    thin = usual is not None and usual < THIN
    yield from (letters(column - 1) for column in sorted({*known, *used}) if known.get(column, thin))


def _headers(sheet: Worksheet) -> Iterator[str]:
    headers = sheet.HeaderFooter
    kinds = (
        (headers.oddHeader, True),
        (headers.evenHeader, headers.differentOddEven),
        (headers.firstHeader, headers.differentFirst),
    )
    for header, used in kinds:
        if used:
            yield "".join(part.text or "" for part in (header.left, header.center, header.right))


def _masks(sheet: Worksheet) -> Iterator[str]:
    """Ranges in which a conditional format shows figures in another way, or shows none."""
    for conditional in sheet.conditional_formatting:
        for rule in conditional.rules:
            number = getattr(getattr(rule.dxf, "numFmt", None), "formatCode", None) or "General"
            bars = [bar for bar in (rule.iconSet, rule.dataBar) if bar and bar.showValue is False]
            if bars or number.upper() != "GENERAL":
                yield str(conditional.sqref)


def _known(sheets: list[OpenSheet], record: Record) -> dict[str, OpenSheet]:
    """The sheets by what the program calls them; one under another name is known by its title, where it has one."""
    plain = {cut.sheet_name(key)[record.lang] for cut in CUTS.values() for key in TODAY.sheets}
    names = plain | {say(record.lang, key) for key in STUDIES}
    names |= {f"{name}{run.year}" for name in plain for run in record.runs if record.kind in YEARS}
    named = {sheet.title: sheet for sheet in sheets if sheet.title in names}
    titled = {sheet.text(0, 0): sheet for sheet in sheets if sheet.title not in named and sheet.text(0, 0) in names}
    return titled | named
