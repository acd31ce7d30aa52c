"""The blank workbook a county finance bureau fills in; filled, it reads back through `read_table`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from filecmp import cmp
from fractions import Fraction
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files import whole_files
from allocation.files.excel_limits import fits_list
from allocation.files.text_out import new_book
from allocation.policy.model import Input, Model
from allocation.sheets.looks import Dress, Look, Role, look
from allocation.tables.guide import note, range_text, required_text, unit_label, with_unit
from allocation.tables.keys import Figure
from allocation.tables.limits import places, shown_places
from allocation.texts import Both, both, say
from allocation.texts.decimals import PERCENTAGE, cell_format
from allocation.texts.spans import year_label
from allocation.texts.typefaces import BODY
from allocation.texts.widths import text_width

if TYPE_CHECKING:
    from allocation.sheets.sheet import Book, Sheet

Choices = str | list[str]  # of a list as Excel's validation takes them: a range, or the words
Rule = dict[str, object]  # a validation's
BLANK_ROWS, YEARLY_ROWS = 30, 150
ROOM = 20  # units that a blank table takes before it is made longer
WIDE = 6  # columns that a title takes
EXAMPLES = 3
YEARS = (1950, 2100)
FIRST_YEAR = 2017  # of an example whose model names no years
_TOP, _FIRST = 2, 4  # two header rows below the title and the line on filling in
_FONT: Dress = {"font_name": BODY, "font_size": 11, "valign": "vcenter"}
_FARTHEST = 10**14  # a limit where the model has none: validation also keeps text out


def write_template(
    model: Model, path: str | Path, lang: str = "zh", example: bool = False, year: int | None = None
) -> None:
    """Writes the template for `model` to `path` whole or not at all; with `example`, three invented counties in it.

    The same model gives the same bytes. Raises AllocationError when the file is open elsewhere or cannot be written.
    """

    whole_files.place({Path(path): template_writer(model, Path(path), lang, example, year)})


def template_writer(model: Model, path: Path, lang: str, example: bool, year: int | None) -> whole_files.Write:
    """What writes the template that is to stand at `path`."""
    low, high = model.effective
    year = year or (low or high if example else None)  # a table without a year says nothing of which rule it is for
    year = year or (FIRST_YEAR if example and model.years else None)

    def write(beside: Path) -> None:
        with new_book(str(beside), lang) as book:
            data = write_sheets(book, model, year, _example_counties(model, lang, year) if example else Counties())
            data.protect("", {"insert_rows": True, "delete_rows": True, "format_columns": True, "format_rows": True})

    return unless_filled(path, write)


def unless_filled(path: Path, write: whole_files.Write) -> whole_files.Write:
    """What writes a workbook to fill in at `path`, never over one that was filled in.

    Raises for a name that is no workbook's: `填报表.csv` would hold a workbook.
    """
    if path.suffix.lower() != ".xlsx" and not path.is_dir():
        raise AllocationError(Problem("tables.template_ending", where=str(path)))

    def written(beside: Path) -> None:
        write(beside)
        if path.is_file() and not cmp(path, beside, shallow=False):
            raise AllocationError(Problem("tables.filled", where=str(path)))  # a county's figures may be in it

    return written


@dataclass(frozen=True)
class Counties:
    """Units that stand in a table before it is filled in, with what is known of them by input, a figure a unit; `year`
    is theirs in a table over years. `closed`: nobody is to add another.
    """

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    figures: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    year: int | None = None
    closed: bool = False

    def below(self, model: Model) -> int:
        """The first row below those to fill in."""
        if self.closed:
            return _FIRST + len(self.codes)
        return _FIRST + (YEARLY_ROWS if model.years else BLANK_ROWS) + max(0, len(self.codes) - ROOM)


def write_sheets(book: Book, model: Model, year: int | None, counties: Counties, title: str = "") -> Sheet:
    """The sheet to fill in, and the guide to it behind."""
    data = book.add_worksheet(title or both("sheets.data").zh)
    guide = book.add_worksheet(book.say("tables.sheet_guide"))
    entries = list(model.inputs.values())
    lists = _write_guide(guide, model, entries)
    _write_header(data, model, entries, year)
    _write_cells(data, model, counties, lists)
    data.freeze_panes(_FIRST, _keys(model))
    data.set_landscape()
    data.set_paper(9)
    data.fit_to_pages(1, 0)
    data.repeat_rows(_TOP, _FIRST - 1)
    return data


def _title(model: Model, year: int | None) -> Both:
    """With the year where it is known: a table's title is where its year is read from."""
    text, said = both("tables.title", label=model.label), year_label(year).zh if year else ""
    return Both(said, said) + text if said and not model.years else text


def _keys(model: Model) -> int:
    """Columns before the inputs: code and name, and the year where the model runs over years."""
    return 3 if model.years else 2


def _fill_line(model: Model) -> Both:
    return both("tables.fill_line", year=both(f"tables.fill_{'years' if model.years else 'year'}"))


def _write_header(sheet: Sheet, model: Model, entries: list[Input], year: int | None) -> None:
    last = max(len(entries) + _keys(model) - 1, WIDE - 1)
    title = look(Role.TITLE, {**_FONT, "bold": True, "font_size": 16, "align": "center", "locked": False})
    line = look(Role.NOTE, {**_FONT, "font_color": "#666666", "text_wrap": True})
    style: Dress = {**_FONT, "bold": True, "align": "center", "text_wrap": True, "border": 1, "bg_color": "#D9E1F2"}
    head = look(Role.HEADING, style)
    sheet.merge_range(0, 0, 0, last, _title(model, year)[sheet.lang], title)
    sheet.merge_range(1, 0, 1, last, _fill_line(model)[sheet.lang], line)
    sheet.set_row(0, 30)
    sheet.set_row(1, 34)
    sheet.set_row(_TOP, 32)
    sheet.set_row(_TOP + 1, 32)
    keys = (("county_code", "code", 14), ("county_name", "name", 16), ("year", "year", 10))[: _keys(model)]
    for column, (key, kind, size) in enumerate(keys):
        sheet.merge_range(_TOP, column, _TOP + 1, column, sheet.say(f"tables.{key}"), head)
        _comment(sheet, _TOP, column, sheet.say(f"tables.{kind}_note"))
        sheet.set_column(column, column, size)
    column = len(keys)
    for heading, group in groupby(entries, key=lambda entry: entry.heading if entry.item else None):
        members = list(group)
        if heading is not None:
            _merge(sheet, _TOP, column, column + len(members) - 1, heading[sheet.lang], head)
        for entry in members:
            label = (entry.item or entry.label) if heading else entry.label
            text = with_unit(label[sheet.lang], entry, model.units, sheet.lang)
            if heading is None:
                sheet.merge_range(_TOP, column, _TOP + 1, column, text, head)
            else:
                sheet.write_string(_TOP + 1, column, text, head)
            _comment(sheet, _TOP + 1 if heading else _TOP, column, note(entry, model.units, sheet.lang))
            sheet.set_column(column, column, min(26, max(12, text_width(text) * 0.75 + 2)))
            column += 1


def _merge(sheet: Sheet, row: int, first: int, last: int, text: str, style: Look) -> None:
    if first == last:
        sheet.write_string(row, first, text, style)
    else:
        sheet.merge_range(row, first, row, last, text, style)


def _comment(sheet: Sheet, row: int, column: int, text: str) -> None:
    lines = sum(1 + text_width(line) // 36 for line in text.split("\n"))
    sheet.write_comment(row, column, text, {"author": "", "x_scale": 2, "height": 18 * lines + 10})


def _write_cells(sheet: Sheet, model: Model, counties: Counties, lists: Mapping[str, Choices]) -> None:
    base: Dress = {**_FONT, "border": 1, "bg_color": "#FFF9E5", "locked": False}
    text = look(Role.FILL_IN, {**base, "num_format": "@"})
    keys, whole = _keys(model), look(Role.FILL_IN, {**base, "num_format": "0"})
    formats = [text, text, whole][:keys]
    entries = list(model.inputs.values())
    formats += [look(Role.FILL_IN, {**base, "num_format": _number_format(entry)}) for entry in entries]
    below = counties.below(model)
    for row in range(_FIRST, below):
        for column, style in enumerate(formats):
            sheet.write_blank(row, column, None, style)
    for column, entry in enumerate(entries, start=keys):
        rule = _validation(sheet, entry, model, lists.get(entry.name))
        if rule:
            sheet.data_validation(_FIRST, column, below - 1, column, rule)
    if model.years:
        rule = {"validate": "integer", "criteria": "between", "minimum": YEARS[0], "maximum": YEARS[1]}
        rule |= {"error_title": sheet.say("tables.enter_title"), "error_message": sheet.say("tables.year_note")}
        sheet.data_validation(_FIRST, 2, below - 1, 2, rule)
    for row, (code, name) in enumerate(zip(counties.codes, counties.names, strict=True), start=_FIRST):
        sheet.write_string(row, 0, code, text)
        sheet.write_string(row, 1, name, text)
        if model.years and counties.year:
            sheet.write_number(row, 2, counties.year, whole)
        for column, entry in enumerate(entries, start=keys):
            value = counties.figures[entry.name][row - _FIRST] if entry.name in counties.figures else None
            if value is not None:
                sheet.write(row, column, value if isinstance(value, str) else _plain(value), formats[column])


def _number_format(entry: Input) -> str:
    digits = shown_places(entry)
    if entry.text:
        return "@"
    if digits is None:
        return cell_format(PERCENTAGE, percent=True) if entry.unit.is_percent else "General"
    return cell_format(digits, entry.unit.is_percent)


def _validation(sheet: Sheet, entry: Input, model: Model, choices: Choices | None) -> Rule | None:
    messages = {"error_title": sheet.say("tables.enter_title"), "error_type": "stop", "ignore_blank": True}
    if choices:
        shown = sheet.say("tables.enter_choice")
        return {"validate": "list", "source": choices, "error_message": shown, **messages}
    if entry.text:
        return None
    unit = unit_label(entry, model.units, sheet.lang) or "—"
    shown = sheet.say("tables.enter_number", range=range_text(entry, sheet.lang), unit=unit)[:255]
    low = -_FARTHEST if entry.min is None else _plain(entry.min)
    high = _FARTHEST if entry.max is None else _plain(entry.max)
    kind = "integer" if places(entry) == 0 else "decimal"
    rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, "error_message": shown}
    return {**rule, "input_title": entry.label[sheet.lang][:32], "input_message": shown, **messages}


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _example_counties(model: Model, lang: str, year: int | None) -> Counties:
    """Three invented ones."""
    places = range(EXAMPLES)
    names = tuple(say(lang, "tables.example_county", number=place + 1) for place in places)
    figures = {entry.name: tuple(_example(entry, place) for place in places) for entry in model.inputs.values()}
    return Counties(tuple(f"99000{place + 1}" for place in places), names, figures, year)


def _example(entry: Input, place: int) -> Figure:
    """An invented value inside the input's limits; not a recommendation."""
    if entry.text:
        return entry.one_of[place % len(entry.one_of)] if entry.one_of else f"{'ABC'[place]}"
    low = entry.min if entry.min is not None else Fraction(0)
    step = Fraction(1, 10) if entry.unit.is_percent or not entry.unit.dims else Fraction(100)
    if places(entry) == 0:
        step = max(Fraction(1), step)
    value = low + step * 2**place  # 1, 2, 4: no county equals the others together, as a total would
    return entry.max if entry.max is not None and value > entry.max else value


def _write_guide(sheet: Sheet, model: Model, entries: list[Input]) -> dict[str, Choices]:
    """The sheet that lists every input; returns each class's choices as a validation takes them."""
    title = look(Role.TITLE, {**_FONT, "bold": True, "font_size": 14})
    head = look(Role.HEADING, {**_FONT, "bold": True, "border": 1, "bg_color": "#D9E1F2", "align": "center"})
    body = look(Role.NOTE, {**_FONT, "border": 1, "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, sheet.say("tables.guide_title", label=model.label), title)
    heads = ("label", "name", "unit", "range", "required", "source")
    line = look(Role.NOTE, {**_FONT, "text_wrap": True})
    sheet.merge_range(1, 0, 1, len(heads) - 1, _fill_line(model)[sheet.lang], line)
    sheet.set_row(1, 34)
    widths = (28, 24, 14, 36, 18, 44)
    for column, (key, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(3, column, sheet.say(f"tables.guide_{key}"), head)
        sheet.set_column(column, column, width)
    lists: dict[str, Choices] = {}
    for place, entry in enumerate(entries):
        unit = unit_label(entry, model.units, sheet.lang) or "—"
        told = range_text(entry, sheet.lang), required_text(entry, sheet.lang)
        cells = (entry.label[sheet.lang], entry.name, unit, *told, entry.source)
        for column, text in enumerate(cells):
            sheet.write_string(4 + place, column, text, body)
        tall = max(ceil(text_width(text) * 1.15 / width) for text, width in zip(cells, widths, strict=True))
        sheet.set_row(4 + place, 15 * max(1, tall))
        if entry.one_of:
            lists[entry.name] = _choices(sheet, entry, 7 + len(lists), sheet.say("tables.sheet_guide"))
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return lists


def _choices(sheet: Sheet, entry: Input, column: int, title: str) -> Choices:
    """The choices themselves, or a range that holds them: Excel's inline list ends at 255 characters and at commas."""
    if fits_list(entry.one_of):
        return list(entry.one_of)
    from xlsxwriter.utility import xl_range_abs

    sheet.write_column(4, column, entry.one_of)
    return f"='{title}'!{xl_range_abs(4, column, 3 + len(entry.one_of), column)}"
