"""A result workbook opened again: its sheets by what they are, its record and its model text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.scenario import Changed
from allocation.schema import figure_or_text
from allocation.tables.grid import read_bytes
from allocation.tables.table import Figure
from allocation.texts import LANGUAGES, say
from allocation.workbook.layout import SHEETS, letters

NEEDED = ("parameters", "data", "trace")
INPUTS = re.compile(
    r"(?:file: (?P<file>[^；]*?), )?(?:sha256: (?P<sha256>\w+), )?(?:year: (?P<year>\d+), )?counties: \d+, "
    r"illustrative: (?P<mark>\w+)"
)
CHANGES = re.compile(
    r"name: (?P<name>\S+?)(?:, key: (?P<key>.*?))?(?:, county: (?P<county>.*?))?"
    r"(?:, old: (?P<old>.*?))?(?:, new: (?P<new>.*))?"
)


@dataclass(frozen=True)
class OpenSheet:
    """Cells by (row, column) from zero: values as stored, formulas with their `=`, number formats of figures."""

    title: str
    values: Mapping[tuple[int, int], object]
    formulas: Mapping[tuple[int, int], str]
    formats: Mapping[tuple[int, int], str]
    hidden: bool
    hidden_lines: tuple[str, ...] = ()

    def text(self, row: int, column: int) -> str:
        value = self.values.get((row, column))
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Reopened:
    """`sheets` by key of SHEETS, as far as their names tell; `others` have other names. `record` is what 溯源 lists."""

    file: str
    lang: str
    sheets: dict[str, OpenSheet]
    others: list[OpenSheet]
    names: dict[str, str]
    record: dict[str, str]
    model_file: str
    model_text: str

    def said(self, *key: str) -> str:
        """A line of the record: `said("model", "sha256")`."""
        return self.record.get(".".join(key), "")


def reopen(path: Path) -> Reopened:
    """Raises AllocationError when the file is no result workbook, or holds no stored values."""
    sheets, names = _open(path)
    lang, known = _known(sheets)
    missing = [key for key in NEEDED if key not in known]
    if missing:
        message = "verify.not_result" if len(missing) == len(NEEDED) else "verify.sheet_needed"
        shown = [say(lang, f"workbook.sheet_{key}") for key in missing]
        raise AllocationError(Problem(message, {"sheets": shown}, path.name))
    record, file, text = _trace(known["trace"])
    if not text.strip() or "inputs" not in record:
        raise AllocationError(Problem("verify.no_model", {"sheet": known["trace"].title}, path.name))
    titles = {sheet.title for sheet in known.values()}
    others = [sheet for sheet in sheets if sheet.title not in titles]
    return Reopened(path.name, lang, known, others, names, record, file, text)


def _open(path: Path) -> tuple[list[OpenSheet], dict[str, str]]:
    data = read_bytes(path)
    if not data.startswith(b"PK"):
        raise AllocationError(Problem("verify.not_xlsx", where=path.name))
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
    return sheets, {name: one.attr_text for name, one in written.defined_names.items() if not name.startswith("_")}


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
            values[place] = "" if cell.value is None else cell.value
        if isinstance(cell.value, int | float):
            formats[place] = cell.number_format
    lines = [str(row) for row, one in written.row_dimensions.items() if one.hidden]
    lines += [column for column, one in written.column_dimensions.items() if one.hidden]
    return OpenSheet(written.title, values, formulas, formats, written.sheet_state != "visible", tuple(lines))


def _known(sheets: list[OpenSheet]) -> tuple[str, dict[str, OpenSheet]]:
    """The language whose sheet names fit best; a needed sheet under another name is known by its title."""
    found = {}
    for lang in LANGUAGES:
        names = {say(lang, f"workbook.sheet_{key}"): key for key in SHEETS}
        found[lang] = {names[one.title]: one for one in sheets if one.title in names}
        for one in sheets:
            key = names.get(one.text(0, 0))
            if one.title not in names and key in NEEDED:
                found[lang].setdefault(key, one)
    lang = max(LANGUAGES, key=lambda one: len(found[one]))
    return lang, found[lang]


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


def recorded_changes(record: Mapping[str, str]) -> tuple[Changed, ...]:
    """The changes the workbook was written with."""
    lines = [CHANGES.fullmatch(line) for line in record.get("changes", "").split("；") if line]
    return tuple(
        Changed(line["name"], line["key"] or "", line["county"] or "", *(_figure(line[key]) for key in ("old", "new")))
        for line in lines
        if line
    )


def _figure(text: str | None) -> Figure:
    return None if text is None else figure_or_text(text)
