"""A result workbook opened again: its sheets by what they are, its record and its model text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.limits import COLUMNS
from allocation.scenario import Changed
from allocation.schema import figure_or_text
from allocation.tables.grid import read_bytes
from allocation.tables.keys import Figure
from allocation.texts import LANGUAGES, say
from allocation.workbook.costly_books import look_over
from allocation.workbook.layout import SHEETS, letters
from allocation.workbook.other_kinds import refuse_other_kinds
from allocation.workbook.study_record import COMPARISON, EVALUATION, TIMELINE

NEEDED = ("parameters", "data", "trace")
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
YEARED = re.compile(r"(?P<name>.+?)(?P<year>\d{4})?")
INPUTS = re.compile(
    r"(?:file: (?P<file>[^；]*?), )?(?:sha256: (?P<sha256>\w+), )?(?:year: (?P<year>\d+), )?counties: \d+, "
    r"illustrative: (?P<mark>\w+)"
)
CHANGES = re.compile(
    r"name: (?P<name>\S+?)(?:, key: (?P<key>.*?))?(?:, county: (?P<county>.*?))?(?:, year: (?P<year>\d{4}))?"
    r"(?:, old: (?P<old>.*?))?(?:, new: (?P<new>.*))?"
)


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
    """`sheets` by the name the program gives them, as far as that can be told; `others` have other names.

    `record` is what 溯源 lists.
    """

    file: str
    lang: str
    sheets: dict[str, OpenSheet]
    others: list[OpenSheet]
    names: dict[str, str]
    record: dict[str, str] = field(default_factory=dict)
    model_file: str = ""
    model_text: str = ""

    def said(self, *key: str) -> str:
        """A line of the record: `said("model", "sha256")`."""
        return self.record.get(".".join(key), "")

    @property
    def edition(self) -> bool:
        """Whether it holds one table of values and no record: an edition for readers outside."""
        return not self.record

    def name(self, key: str, year: int | str | None = None) -> str:
        """What the program calls a sheet of SHEETS; in a workbook of several years, of one of them."""
        return f"{say(self.lang, f'workbook.sheet_{key}')}{year or ''}"

    def needed(self, key: str, year: int | str | None = None) -> OpenSheet:
        """A sheet nothing can be recomputed without."""
        name = self.name(key, year)
        if name not in self.sheets:
            raise AllocationError(Problem("verify.sheet_needed", {"sheets": [name]}, self.file))
        return self.sheets[name]

    @property
    def several(self) -> str:
        """The schema of a workbook of several runs: a timeline or a comparison; empty for that of one."""
        schema = self.said("schema")
        return schema if schema in (TIMELINE, EVALUATION, COMPARISON) else ""


def reopen(path: Path) -> Reopened:
    """Raises AllocationError when the file is no workbook of ours that can be computed again, or holds no values."""
    refuse_other_kinds(path)
    sheets, names = _open(path)
    lang, known = _known(sheets)
    others = [sheet for sheet in sheets if sheet not in known.values()]
    book = Reopened(path.name, lang, known, others, names)
    if [*known] == [book.name("award")] and not others and not known[book.name("award")].formulas:
        return book
    missing = [key for key in NEEDED if not any(YEARED.fullmatch(name)["name"] == book.name(key) for name in known)]
    if missing:
        message = "verify.not_result" if len(missing) == len(NEEDED) else "verify.sheet_needed"
        raise AllocationError(Problem(message, {"sheets": [book.name(key) for key in missing]}, path.name))
    record, file, text = _trace(book.needed("trace"))
    if not text.strip() or "inputs" not in record:
        raise AllocationError(Problem("verify.no_model", {"sheet": book.needed("trace").title}, path.name))
    return Reopened(path.name, lang, known, others, names, record, file, text)


def _open(path: Path) -> tuple[list[OpenSheet], dict[str, str]]:
    data = read_bytes(path)
    look_over(path.name, data)
    written, stored = (_load(path.name, data, values) for values in (False, True))
    sheets = [_sheet(sheet, stored[sheet.title]) for sheet in written.worksheets]
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
    names = {(title, name): one.attr_text for title, on in [("", written), *((sheet.title, sheet) for sheet in written)]
             for name, one in on.defined_names.items()}  # fmt: skip
    return sheets, {f"{title}!{name}".lstrip("!"): to for (title, name), to in names.items() if name[0] != "_"}


def _load(file: str, data: bytes, values: bool):
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(data), data_only=values)
    except Exception as error:  # a damaged workbook surfaces as any of a dozen exceptions in openpyxl's parsers
        raise AllocationError(Problem("tables.damaged", where=file)) from error


def _sheet(written, stored) -> OpenSheet:
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


def _thin_rows(sheet) -> Iterator[str]:
    """Rows that are hidden, or too low to see."""
    usual = sheet.sheet_format.defaultRowHeight
    for row in sorted({*sheet.row_dimensions, *(row for row, _ in sheet._cells)}):
        one = sheet.row_dimensions.get(row)
        height = one.height if one and one.height is not None else usual
        if (one and one.hidden) or (height is not None and height < THIN):
            yield str(row)


def _thin_columns(sheet) -> Iterator[str]:
    """Columns that are hidden, or too narrow to see; of those alike, all that hold something."""
    usual, used = sheet.sheet_format.defaultColWidth, {column for _, column in sheet._cells}
    known = {
        column: one.hidden or one.width < THIN
        for one in sheet.column_dimensions.values()
        for column in range(one.min, min(one.max, COLUMNS) + 1)
        if column in used or column == one.min
    }
    thin = usual is not None and usual < THIN
    yield from (letters(column - 1) for column in sorted({*known, *used}) if known.get(column, thin))


def _headers(sheet) -> Iterator[str]:
    own = sheet.HeaderFooter
    kinds = ((own.oddHeader, True), (own.evenHeader, own.differentOddEven), (own.firstHeader, own.differentFirst))
    for one, used in kinds:
        if used:
            yield "".join(part.text or "" for part in (one.left, one.center, one.right))


def _masks(sheet) -> Iterator[str]:
    """Ranges in which a conditional format shows figures in another way, or shows none."""
    for found in sheet.conditional_formatting:
        for rule in found.rules:
            number = getattr(getattr(rule.dxf, "numFmt", None), "formatCode", None) or "General"
            bars = [one for one in (rule.iconSet, rule.dataBar) if one and one.showValue is False]
            if bars or number.upper() != "GENERAL":
                yield str(found.sqref)


def _known(sheets: list[OpenSheet]) -> tuple[str, dict[str, OpenSheet]]:
    """The language whose sheet names fit best; a sheet under another name is known by its title, where it has one."""
    found = {}
    for lang in LANGUAGES:
        names = {say(lang, f"workbook.sheet_{key}") for key in SHEETS} | {say(lang, key) for key in STUDIES}
        own = {one.title: one for one in sheets if _named(one.title, names)}
        titled = {one.text(0, 0): one for one in sheets if one.title not in own and _named(one.text(0, 0), names)}
        found[lang] = titled | own
    lang = max(LANGUAGES, key=lambda one: len(found[one]))
    return lang, found[lang]


def _named(text: str, names: set[str]) -> bool:
    match = YEARED.fullmatch(text)
    return bool(match) and match["name"] in names


def _trace(sheet: OpenSheet) -> tuple[dict[str, str], str, str]:
    """The record, the model file's name, and its text."""
    last = max((row for row, _ in sheet.values), default=0)
    record, row = {}, 2
    while sheet.text(row, 0):
        record[sheet.text(row, 0)] = sheet.text(row, 1)
        row += 1
    while row <= last and not sheet.text(row, 0):
        row += 1
    lines = [sheet.text(line, 1) for line in range(row + 1, last + 1)]
    return record, sheet.text(row, 0) or "model.toml", "\n".join(lines) + "\n"


def table_of(record: Mapping[str, str]) -> tuple[re.Match, ...]:
    """What the record says of each input file."""
    return tuple(INPUTS.finditer(record.get("inputs", "")))


def recorded_changes(record: Mapping[str, str], key: str = "changes") -> tuple[Changed, ...]:
    """The changes the workbook was written with: those of the line `key` of its record."""
    lines = [CHANGES.fullmatch(line) for line in record.get(key, "").split("；") if line]
    return tuple(
        Changed(
            line["name"],
            line["key"] or "",
            line["county"] or "",
            *(_figure(line[key]) for key in ("old", "new")),
            int(line["year"]) if line["year"] else None,
        )
        for line in lines
        if line
    )


def _figure(text: str | None) -> Figure:
    return None if text is None else figure_or_text(text)
