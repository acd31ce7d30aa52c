"""A case workbook (测算底稿) read: facts, settings, files beside it, resolved doubts. It is never written over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

from allocation.case import (
    FACT,
    FACTS,
    RESOLUTION,
    SETTING,
    TABLE,
    CaseFile,
    Facts,
    PrintedNote,
    Setting,
    at_odds,
    with_fact,
)
from allocation.doubts.resolution import PARTICULARS, Resolution
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.files.reach import reached
from allocation.language.units import PURE, Units
from allocation.opening.figure_cells import cell_figure
from allocation.patterns import LatePattern
from allocation.policy.stages import STATES, key_of
from allocation.tables.case_sheets import (
    ATTACHED,
    DATA,
    DOUBTS,
    FORMAT,
    INFO,
    NOTES,
    TITLES,
    case_format,
    kind_of,
    sheet_of,
)
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.tables.forms import CODES, DATE, NAMES, PROSE, FormField, day, read_form
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.named_files import file_named, file_names
from allocation.tables.spelling import fold, tidy
from allocation.texts import LANGUAGES, Both, say
from allocation.texts.vocabulary import Spellings

_ANY = LatePattern(".")
HEADS = 6  # rows in which the headings of the data are looked for
MODEL = FormField("model", Spellings("form_words.case_model"))
KIND = FormField("kind", Spellings("form_words.case_kind"))
SETTINGS = (
    FormField("label", Spellings("form_words.case_label")),
    FormField("unit", Spellings("form_words.case_unit")),
    FormField("last", Spellings("form_words.case_last")),
    FormField("value", Spellings("form_words.case_value")),
    FormField("state", Spellings("form_words.case_state")),
    FormField("basis", Spellings("form_words.basis")),
    FormField("by", Spellings("form_words.case_by")),
    FormField("date", Spellings("form_words.case_date"), DATE),
    FormField("address", Spellings("form_words.case_address")),
)
RESOLUTIONS = (
    FormField("id", Spellings("form_words.case_id"), required=True),
    FormField("text", Spellings("form_words.case_text")),
    FormField("reason", Spellings("form_words.case_reason"), PROSE),
    FormField("basis", Spellings("form_words.basis"), PROSE),
    FormField("prepared", Spellings("form_words.prepared"), PROSE),
    FormField("reviewed", Spellings("form_words.reviewed"), PROSE),
    FormField("date", Spellings("form_words.date"), DATE),
)
PRINTED_NOTES = (CODES, NAMES, FormField("note", Spellings("form_words.case_note"), PROSE))
ITEMS, SHEETS = Spellings("form_words.items"), Spellings("form_words.sheets")
DATA_SHEET = Spellings("form_words.data_sheet")  # heads, beside the files, which sheet of that of the data is read


@cache
def _blocks() -> dict[str, str]:
    """What the headings that begin a block of the sheet 基本信息与参数 say of it."""
    begins = (("facts", ITEMS), ("settings", SETTINGS[0].labels), ("files", SHEETS))
    return {fold(word): block for block, words in begins for word in words}


def is_case_book(path: Path) -> bool:
    """Whether a workbook is a case; False for what is no workbook."""
    try:
        return case_format(open_grid(path, read_bytes(path))) is not None
    except AllocationError:
        return False


def read_case_book(path: Path) -> CaseFile:
    """The case that a workbook holds. Raises AllocationError with every cell of its own sheets that is wrong."""
    data = read_bytes(path)
    sheets = open_grid(path, data)
    written = case_format(sheets)
    if written is None:
        raise AllocationError(Problem("case.no_case", {"sheet": TITLES[INFO]}, path.name))
    if written > FORMAT:
        raise AllocationError(Problem("case.newer", {"found": written, "known": FORMAT}, path.name))
    info = sheet_of(sheets, INFO)
    assert info is not None  # the mark stands on it
    reader = _Info(info)
    problems = reader.problems
    if not reader.model and not any(problem.id == "case.item_unknown" for problem in problems):
        row, _ = reader.rows.get((FACT, MODEL.key), (0, {}))
        problems.append(Problem("case.no_model", {"label": MODEL.labels[0]}, info.where(row, 1 if row else 0)))
    problems += [replace(problem, where=reader.places[FACT, "issued"]) for problem in at_odds(reader.facts)]
    problems += _amiss(path, sheets, reader.files)
    given = _given(path, sheets, reader.files, problems)
    resolved, places = _resolutions(path, sheets, reader.facts, problems)
    notes = _notes(path, sheets, problems)
    if problems:
        raise AllocationError(problems)
    table, digest = given.pop(DATA, path), hashlib.sha256(data).hexdigest()
    settings = tuple(reader.settings)
    return CaseFile(path, reader.model, table, reader.facts, settings, (), given, resolved, sha256=digest,
                    places={**reader.places, **places}, notes=notes, sheet=reader.data_sheet)  # fmt: skip


class _Info:
    """The sheet 基本信息与参数, block by block; each starts with a row of its own headings."""

    def __init__(self, sheet: SourceSheet):
        self.sheet = sheet
        self.problems: list[Problem] = []
        self.model = ""
        self.facts = Facts()
        self.settings: list[Setting] = []
        self.places: dict[tuple[str, str], str] = {}
        self.rows: dict[tuple[str, str], tuple[int, dict[str, int]]] = {}  # of each, with the columns of its block
        self.files: dict[str, tuple[str, str]] = {}  # by kind: the name of a file, and its cell
        self.data_sheet = ""
        block, columns, head = "", dict[str, int](), 0
        for row in range(len(sheet.rows)):
            first = sheet.cell(row, 0)
            start = _blocks().get(fold(first.text))
            named = block == "settings" and "address" in columns and not sheet.cell(row, columns["address"]).missing
            if start and not named:  # a parameter may be called 项目, too
                block, columns, head = start, self._columns(row), row
                says_sheet = fold(sheet.cell(row, 2).text) in {fold(word) for word in DATA_SHEET}
            elif block == "facts" and not first.missing:
                self._fact(row)
            elif block == "settings" and not all(sheet.cell(row, at).missing for at in columns.values()):
                self._setting(row, columns)
            elif block == "files" and not first.missing:
                self._file(row, says_sheet, head)

    def _columns(self, row: int) -> dict[str, int]:
        names = {fold(label): entry.key for entry in SETTINGS for label in entry.labels}
        texts = [fold(self.sheet.cell(row, column).text) for column in range(len(self.sheet.rows[row]))]
        columns = {names[text]: column for column, text in reversed([*enumerate(texts)]) if text in names}
        if _blocks()[fold(self.sheet.cell(row, 0).text)] == "settings":
            absent = [entry.label for entry in SETTINGS if entry.key in ("value", "state") and entry.key not in columns]
            self.problems += [
                Problem("case.no_column", {"wanted": label}, self.sheet.where(row, 0)) for label in absent
            ]
        return columns

    def _fact(self, row: int) -> None:
        label, cell, where = self.sheet.cell(row, 0).text, self.sheet.cell(row, 1), self.sheet.where(row, 1)
        known = {fold(word): entry.key for entry in (MODEL, KIND, *FACTS) for word in (*entry.labels, entry.key)}
        key = known.get(fold(label))
        if key and (FACT, key) in self.places:
            slots = {"found": label, "other": self.places[FACT, key]}
            self.problems.append(Problem("case.row_twice", slots, where))
        self.places[FACT, key or ""], self.rows[FACT, key or ""] = where, (row, {})
        if key is None:
            near = nearest(label, [entry.labels[0] for entry in FACTS])
            slots = {"found": label, "nearest": near}
            self.problems.append(Problem("case.item_unknown", slots, self.sheet.where(row, 0)))
        elif cell.missing or key == KIND.key:
            return
        elif cell.uncached:
            self.problems.append(Problem("tables.uncached", {"found": cell.text}, where))
        elif key == MODEL.key:
            self.model = tidy(cell.text)
        else:
            try:
                self.facts = with_fact(self.facts, key, _day(cell) if _is_day(cell) else cell.prose)
            except AllocationError as error:
                self.problems += [replace(problem, where=where) for problem in error.problems]

    def _setting(self, row: int, columns: Mapping[str, int]) -> None:
        cells = {key: self.sheet.cell(row, column) for key, column in columns.items()}
        text = {key: tidy(cell.text) for key, cell in cells.items() if not cell.missing}
        where = self.sheet.where(row, columns.get("value", 0))
        address = text.get("address") or text.get("label", "")
        state = key_of(STATES, text.get("state", ""))
        if text.get("state") and not state:
            slots = {"found": text["state"], "known": [word.zh for word in STATES.values()]}
            self.problems.append(Problem("case.state", slots, self.sheet.where(row, columns["state"])))
        state = state or "open"  # nobody wrote that it is decided
        self.places[SETTING, address], self.rows[SETTING, address] = where, (row, dict(columns))
        basis, by = (cells[key].prose if key in text else "" for key in ("basis", "by"))
        unit, label = text.get("unit", ""), text.get("label", "")
        value = self._figure(cells.get("value"), where, label or address, unit)
        last = self._figure(cells.get("last"), "", label or address, unit)
        date = self._date(cells["date"], self.sheet.where(row, columns["date"])) if "date" in text else ""
        self.settings.append(Setting(address, value, state, basis, last, where, label, unit, by, date))

    def _date(self, cell: SourceCell, where: str) -> str:
        if _is_day(cell):
            return _day(cell)
        try:
            return day(tidy(cell.text))
        except ValueError:
            self.problems.append(Problem("forms.not_date", {"found": tidy(cell.text)}, where))
            return ""

    def _figure(self, cell: SourceCell | None, where: str, label: str, unit: str) -> Fraction | str | None:
        """A cell's figure; `where` is empty for one that nothing is calculated with."""
        if cell is None or cell.missing:
            return None
        units = Units({})
        try:
            return cell_figure(cell, Both(label, label), units.parse(unit) if units.knows(unit) else PURE, units)
        except AllocationError as error:
            self.problems += [replace(problem, where=where) for problem in error.problems if where]
            return None

    def _file(self, row: int, says_sheet: bool, head: int) -> None:
        label, cell = self.sheet.cell(row, 0).text, self.sheet.cell(row, 1)
        kinds = {fold(title[lang]): kind for kind, title in TITLES.items() for lang in ("zh", "en")}
        kind = kinds.get(fold(label), "")
        if kind == DATA:
            self.rows[TABLE, TABLE] = (row, {"head": head})
        if kind in (DATA, *ATTACHED):
            if not cell.missing:
                self.files[kind] = tidy(cell.text), self.sheet.where(row, 1)
                if kind == DATA and says_sheet:
                    self.data_sheet = self.sheet.cell(row, 2).text.strip()
        elif not cell.missing:
            near = nearest(label, [TITLES[kind]["zh"] for kind in (DATA, *ATTACHED)])
            slots = {"found": label, "nearest": near}
            self.problems.append(Problem("case.sheet_unknown", slots, self.sheet.where(row, 0)))


def info_rows(sheet: SourceSheet) -> dict[tuple[str, str], tuple[int, dict[str, int]]]:
    """By FACT, SETTING or TABLE and its name the row of each, and of a setting the columns of its fields.

    Of the table `head`: the row of its block's headings.
    """
    return _Info(sheet).rows


def _is_day(cell: SourceCell) -> bool:
    return hasattr(cell.value, "year")


def _day(cell: SourceCell) -> str:
    return f"{cell.value:%Y-%m-%d}"


def _amiss(path: Path, sheets: Sequence[SourceSheet], files: Mapping[str, object]) -> list[Problem]:
    """Sheets that are there twice, the data that are nowhere, and a filled sheet that goes by another name now."""
    problems, named = [], [(kind_of(sheet.name), sheet) for sheet in sheets]
    for kind, title in TITLES.items():
        alike = [sheet.name for known, sheet in named if known == kind]
        if len(alike) > 1:
            problems.append(Problem("case.two_sheets", {"sheets": alike, "title": title}, path.name))
    absent = {kind for kind in (DATA, *ATTACHED, DOUBTS, NOTES) if sheet_of(sheets, kind) is None and kind not in files}
    if DATA in absent:
        problems.append(Problem("case.no_data", {"sheet": TITLES[DATA], "like": _like_data(named)}, path.name))
    for known, sheet in named:
        stands = kind_of(sheet.cell(0, 0).text) if sheet.rows and not known else ""
        if stands in absent and _filled(sheet, stands):
            slots = {"found": sheet.name, "sheet": TITLES[stands]}
            problems.append(Problem("case.renamed", slots, sheet.where(0, 0)))
    return problems


def _like_data(named: Iterable[tuple[str, SourceSheet]]) -> list[str]:
    """The sheets of a name of their own that have the data's column of codes among their first rows; a form is headed
    by the name it goes by, or by that of its kind.
    """
    heads = {fold(say(lang, "tables.county_code")) for lang in LANGUAGES}
    return [
        sheet.name for known, sheet in named
        if not known and sheet.rows and not kind_of(title := sheet.cell(0, 0).text) and fold(title) != fold(sheet.name)
        and any(place < HEADS and fold(text) in heads for place, _, text in sheet.texts(_ANY))
    ]  # fmt: skip


def _given(
    path: Path, sheets: Sequence[SourceSheet], files: Mapping[str, tuple[str, str]], problems: list[Problem]
) -> dict[str, Path]:
    """By kind the file to read it from: the book itself where its sheet holds something, or the one named instead."""
    given: dict[str, Path] = {}
    for kind in (DATA, *ATTACHED):
        sheet = sheet_of(sheets, kind)
        filled = sheet is not None and (kind == DATA or _filled(sheet, kind))
        if kind in files:
            name, where = files[kind]
            if tried(problems, reached, path.parent / name, where) is None:
                continue
            beside = file_named(path.parent, name)
            if beside is None:
                near = nearest(name, file_names(path.parent))
                problems.append(Problem("case.no_file", {"name": name, "nearest": near}, where))
            elif filled and kind != DATA:
                problems.append(Problem("case.twice", {"sheet": TITLES[kind], "file": name}, where))
            else:
                given[kind] = beside
        elif filled:
            given[kind] = path
    return given


def _filled(sheet: SourceSheet, kind: str) -> bool:
    """Whether anybody entered something below the headings: units that stood there beforehand are no entry, but where
    a code and a name are all that is asked for.
    """
    rows = [[(column, cell) for column, cell in enumerate(row) if not cell.missing and not cell.merged]
            for row in sheet.rows]  # fmt: skip
    head = next((at for at, cells in enumerate(rows) if len(cells) > 1), len(rows))
    listed = kind == "recipients" or head == len(rows)
    keys = set() if listed else {column for column, cell in rows[head] if _names_a_unit(cell)}
    return any(column not in keys for cells in rows[head + 1 :] for column, _ in cells)


def _names_a_unit(cell: SourceCell) -> bool:
    return fold(cell.text) in {fold(word) for word in (*CODES.labels, *NAMES.labels)}


def _resolutions(
    path: Path, sheets: Sequence[SourceSheet], facts: Facts, problems: list[Problem]
) -> tuple[dict[str, Resolution], dict[tuple[str, str], str]]:
    """By id how doubts were resolved, and where each is; those whom the facts name sign where nobody else has."""
    sheet = sheet_of(sheets, DOUBTS)
    if sheet is None or not _filled(sheet, DOUBTS):
        return {}, {}
    try:
        form = read_form(path, RESOLUTIONS, problems, kind=DOUBTS)
    except AllocationError as error:
        problems += error.problems
        return {}, {}
    resolved, places = {}, {}
    for row in form.rows:
        said = {key: str(row[key]) for key in PARTICULARS if row[key]}
        if not said:
            continue  # listed, not resolved
        id = str(row["id"])
        resolution = Resolution(**{"reason": "", **said}).signed(facts.prepared, facts.reviewed)
        for key in ("reason", "prepared"):
            if not getattr(resolution, key):
                label = next(entry.label for entry in RESOLUTIONS if entry.key == key)
                problems.append(Problem("case.resolution_lacks", {"label": label}, row.where(key)))
        if id in resolved:
            problems.append(Problem("case.resolved_twice", {"id": id}, row.where("id")))
        resolved[id], places[RESOLUTION, id] = resolution, row.where("reason")
    return resolved, places


def _notes(path: Path, sheets: Sequence[SourceSheet], problems: list[Problem]) -> tuple[PrintedNote, ...]:
    """What is to be printed of each recipient; which of them are in the table is seen beside it."""
    sheet = sheet_of(sheets, NOTES)
    if sheet is None or not _filled(sheet, NOTES):
        return ()
    try:
        form = read_form(path, PRINTED_NOTES, problems, kind=NOTES)
    except AllocationError as error:
        problems += error.problems
        return ()
    return tuple(
        PrintedNote(row.text("code"), row.text("name"), row.text("note"),
                    *(row.where(key) for key in ("code", "name", "note")))
        for row in form.rows if row.text("note")
    )  # fmt: skip
