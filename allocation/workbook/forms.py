"""Blank forms for what is filled in by hand: ledger, receipts, adjustments, sources of the pool, advances.

The heads are the labels that the readers know; counties and fixed words are chosen from lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from allocation.errors import AllocationError, Problem
from allocation.model import Model
from allocation.parts import adjustments, due_dates, settlement, sources
from allocation.tables import forms, ledger, receipts
from allocation.tables.table import Table
from allocation.tables.template import check_ending
from allocation.text_out import EPOCH, new_book
from allocation.texts import say
from allocation.whole_files import place
from allocation.workbook.layout import letters
from allocation.workbook.styles import Styles, width

ROWS = 60  # ruled for filling in
HEAD = 3  # zero-based
SIZES = {"code": 12, "name": 16, "input": 36, "source": 18, "reason": 34, "approved": 22, "bearer": 24, "note": 40}


@dataclass(frozen=True)
class Form:
    """`prefilled`: a row a county, with codes and names in it. `rows`: how many are ruled."""

    fields: tuple[forms.FormField, ...]
    prefilled: bool = False
    rows: int = ROWS


FORMS = {
    "ledger": Form(ledger.FIELDS),
    "receipts": Form(receipts.FIELDS, prefilled=True),
    "adjustments": Form(adjustments.FIELDS),
    "sources": Form(sources.FIELDS),
    "advance": Form(settlement.FIELDS, prefilled=True),
}
STATUS_WORDS = {"ledger": ledger.STATUSES, "receipts": receipts.STATES}


def write_form(kind: str, model: Model, table: Table | None, path: Path, lang: str, year: int | None = None) -> None:
    """Writes the blank form whole or not at all; never over one that was filled in.

    `table` gives the counties; `year` the year of the money where there is no table of it.
    """

    def write(beside: Path) -> None:
        _write(kind, model, table, str(beside), lang, table.year if table and table.year else year)
        if path.is_file() and not cmp(path, beside, shallow=False):
            raise AllocationError(Problem("tables.filled", where=str(path)))

    check_ending(path)
    place({path: write})


def title_of(kind: str, lang: str) -> str:
    return say(lang, f"ledger.form_{kind}")


def _write(kind: str, model: Model, table: Table | None, path: str, lang: str, year: int | None) -> None:
    book = new_book(path, title_of(kind, lang))
    form, styles = FORMS[kind], Styles(book)
    sheets = [book.add_worksheet(title_of(kind, lang))]
    advanced = kind == "sources"
    sheets += [book.add_worksheet(say(lang, "ledger.form_advances"))] if advanced else []
    sheets += [book.add_worksheet(due_dates.SHEETS[0 if lang == "zh" else 1])] if kind == "advance" else []
    choices = book.add_worksheet(say(lang, "ledger.form_lists"))
    choices.hide()
    lists = _Lists(choices, kind, model, table, styles, lang)
    example = next(iter(model.inputs.values())).label
    message = "adjust.template_note" if kind == "adjustments" else f"ledger.guide_{kind}"
    guide = say(lang, message, label=example)
    guide += say(lang, "ledger.form_required") if any(field.required for field in form.fields) else ""
    _sheet(sheets[0], form, title_of(kind, lang), guide, model, lists, styles, lang)
    if form.prefilled:
        _counties(sheets[0], table, styles)
    if kind == "advance":
        dates = Form(due_dates.FIELDS, rows=12)
        _sheet(sheets[1], dates, sheets[1].get_name(), say(lang, "ledger.guide_dates"), model, lists, styles, lang)
        _dates(sheets[1], model, year, styles, lang)
    if advanced:
        county = Form((forms.CODES, forms.NAMES), prefilled=True)
        texts = say(lang, "ledger.form_advances"), say(lang, "ledger.guide_advances")
        _sheet(sheets[1], county, *texts, model, lists, styles, lang)
        _counties(sheets[1], table, styles)
        for column in range(2, 6):
            sheets[1].set_column(column, column, 18)
            sheets[1].write_blank(HEAD, column, None, styles.head(locked=False))
            for row in range(HEAD + 1, HEAD + 1 + ROWS):
                sheets[1].write_blank(row, column, None, styles.input("General"))
    book.close()


def _sheet(
    sheet: Worksheet, form: Form, title: str, guide: str, model: Model, lists: _Lists, styles: Styles, lang: str
) -> None:
    last = max(len(form.fields) - 1, 5)
    sheet.merge_range(0, 0, 0, last, title, styles.title())
    sheet.merge_range(1, 0, 1, last, guide, styles.note(text_wrap=True))
    sheet.set_row(0, 30)
    sheet.set_row(1, 16 * (1 + int(width(guide) / 110)))
    for column, field in enumerate(form.fields):
        size = SIZES.get(field.key, 14)
        sheet.set_column(column, column, size)
        sheet.write_string(HEAD, column, head(field, model, lang), styles.head(bold=field.required))
        number = {forms.NUMBER: "General", forms.DATE: "yyyy-mm-dd", forms.RAW: "General"}.get(field.kind, "@")
        for row in range(HEAD + 1, HEAD + 1 + form.rows):
            sheet.write_blank(row, column, None, styles.input(number, text_wrap=True))
        if rule := lists.rule(field):
            sheet.data_validation(HEAD + 1, column, HEAD + form.rows, column, rule)
    sheet.set_row(HEAD, 32)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.repeat_rows(HEAD)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def head(field: forms.FormField, model: Model, lang: str) -> str:
    """The label a reader knows; amounts of money with the unit of the award."""
    label = field.labels[0] if lang == "zh" else field.labels[-1]
    unit = model.columns[model.award].unit if field.kind == forms.NUMBER else None
    return model.units.with_unit(label, unit, lang)


def _counties(sheet: Worksheet, table: Table | None, styles: Styles) -> None:
    for row in range(len(table) if table else 0):
        sheet.write_string(HEAD + 1 + row, 0, table.codes[row], styles.input("@"))
        sheet.write_string(HEAD + 1 + row, 1, table.names[row], styles.input("@"))


def _dates(sheet: Worksheet, model: Model, year: int | None, styles: Styles, lang: str) -> None:
    """A row a level and step; of money the day by which the ministry tells the provinces, others set their own."""
    steps, levels = (words.values() for words in (due_dates.STEPS, due_dates.LEVELS))
    pairs = [[words[0 if lang == "zh" else -1] for words in (level, step)] for step in steps for level in levels]
    for row, pair in enumerate(pairs, start=HEAD + 1):
        for column, text in enumerate(pair):
            sheet.write_string(row, column, text, styles.input("@"))
    money = model.columns[model.award].unit.same_kind(model.units.parse("元"))
    if money and (day := due_dates.ministry_day(year)):
        sheet.write_datetime(HEAD + 1, 2, day, styles.input("yyyy-mm-dd"))


class _Lists:
    """What may be chosen, column by column on a sheet of its own: Excel's inline lists end at 255 characters."""

    def __init__(self, sheet: Worksheet, kind: str, model: Model, table: Table | None, styles: Styles, lang: str):
        self.sheet, self.kind, self.lang, self.styles = sheet, kind, lang, styles
        self.words: dict[str, Sequence[str]] = {
            "code": table.codes if table else (),
            "name": table.names if table else (),
            "input": [entry.label[lang] for entry in model.inputs.values()] if kind == "ledger" else (),
            "status": [one[lang] for one in ledger.known_words(STATUS_WORDS.get(kind, {}))],
            "level": [words[0 if lang == "zh" else -1] for words in due_dates.LEVELS.values()],
            "step": [words[0 if lang == "zh" else -1] for words in due_dates.STEPS.values()],
            "used": [say(lang, "ledger.yes")] if kind == "ledger" else (),
            "bearer": [
                *(words[0 if lang == "zh" else -1] for words in adjustments.BEARERS.values()),
                *(table.names if table else ()),
            ],
        }
        self.places: dict[str, str] = {}

    def rule(self, field: forms.FormField) -> dict | None:
        """The validation of a column; None where anything may be written."""
        if words := self.words.get(field.key):
            shown = {"error_message": say(self.lang, "ledger.form_choose"), "error_type": "stop"}
            # A code or name is checked when the file is read; several bearers may be written, separated by 、
            free = {"show_error": False} if field.key in ("code", "name", "bearer") else shown
            return {"validate": "list", "source": self._place(field, words), **free}
        if field.kind == forms.NUMBER:
            message = say(self.lang, "ledger.form_number")
            return {
                "validate": "decimal",
                "criteria": "between",
                "minimum": -1e14,
                "maximum": 1e14,
                "error_message": message,
            }
        if field.kind == forms.DATE:
            message = say(self.lang, "ledger.form_date")
            return {
                "validate": "date",
                "criteria": ">",
                "value": EPOCH.date(),
                "error_message": message,
                "error_type": "warning",
            }
        return None

    def _place(self, field: forms.FormField, words: Sequence[str]) -> str:
        """Where the words stand; written there at first use."""
        if field.key not in self.places:
            column, letter = len(self.places), letters(len(self.places))
            self.sheet.set_column(column, column, SIZES.get(field.key, 14))
            self.sheet.write_string(
                0, column, field.labels[0] if self.lang == "zh" else field.labels[-1], self.styles.head()
            )
            for row, word in enumerate(words, start=1):
                self.sheet.write_string(row, column, word, self.styles.text())
            title = self.sheet.get_name()
            self.places[field.key] = f"='{title}'!${letter}$2:${letter}${len(words) + 1}"
        return self.places[field.key]
