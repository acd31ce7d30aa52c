"""Blank forms for what is filled in by hand: ledger, receipts, adjustments, sources of the pool, advances.

The heads are the labels that the readers know; counties and fixed words are chosen from lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from allocation.errors import AllocationError, Problem
from allocation.model import Model
from allocation.parts import adjustments, due_dates, settlement, sources
from allocation.tables import forms, ledger, receipts
from allocation.tables.case_sheets import TITLES
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
class BlankForm:
    """`prefilled`: a row a county, with codes and names in it. `rows`: how many are ruled."""

    fields: tuple[forms.FormField, ...]
    prefilled: bool = False
    rows: int = ROWS


FORMS = {
    "ledger": BlankForm(ledger.FIELDS),
    "receipts": BlankForm(receipts.FIELDS, prefilled=True),
    "adjustments": BlankForm(adjustments.FIELDS),
    "sources": BlankForm(sources.FIELDS),
    "settlement": BlankForm(settlement.FIELDS, prefilled=True),
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
    with new_book(path, title_of(kind, lang)) as book:
        into = FormBook(book, model, table, Styles(book), lang, year)
        write_form_sheets(kind, into, FORMS[kind], title_of(kind, lang))
        into.close()


class FormBook:
    """A workbook that blank forms are written into, one after the other; its hidden sheet of lists comes last."""

    def __init__(self, book: Workbook, model: Model, table: Table | None, styles: Styles, lang: str, year: int | None):
        self.book, self.model, self.table = book, model, table
        self.styles, self.lang, self.year = styles, lang, year
        self.rules: list[tuple[Worksheet, str, BlankForm]] = []

    def sheet(self, title: str, kind: str, form: BlankForm, guide: str) -> Worksheet:
        sheet = self.book.add_worksheet(title)
        _sheet(sheet, form, title, guide, self)
        self.rules.append((sheet, kind, form))
        if form.prefilled:
            _counties(sheet, self.table, self.styles)
        return sheet

    def close(self) -> None:
        """Writes what may be chosen."""
        choices = self.book.add_worksheet(say(self.lang, "ledger.form_lists"))
        choices.hide()
        lists = _Lists(choices, self)
        for sheet, kind, form in self.rules:
            for column, entry in enumerate(form.fields):
                if rule := lists.rule(entry, kind):
                    sheet.data_validation(HEAD + 1, column, HEAD + form.rows, column, rule)


def write_form_sheets(kind: str, into: FormBook, form: BlankForm, title: str) -> None:
    """The sheet of one kind, and the second one that it has beside it: of advances their dates, of sources what each
    gave in advance.
    """
    model, lang = into.model, into.lang
    example = next(iter(model.inputs.values())).label
    message = "adjust.template_note" if kind == "adjustments" else f"ledger.guide_{kind}"
    guide = say(lang, message, label=example)
    guide += say(lang, "ledger.form_required") if any(entry.required for entry in form.fields) else ""
    into.sheet(title, kind, form, guide)
    if kind == "settlement":
        dates = BlankForm(due_dates.FIELDS, rows=12)
        sheet = into.sheet(TITLES["dates"][lang], "dates", dates, say(lang, "ledger.guide_dates"))
        _dates(sheet, model, into.year, into.styles, lang)
    if kind == "sources":
        county = BlankForm((forms.CODES, forms.NAMES), prefilled=True)
        sheet = into.sheet(TITLES["source_advances"][lang], "", county, say(lang, "ledger.guide_advances"))
        for column in range(2, 6):
            sheet.set_column(column, column, 18)
            sheet.write_blank(HEAD, column, None, into.styles.head(locked=False))
            for row in range(HEAD + 1, HEAD + 1 + ROWS):
                sheet.write_blank(row, column, None, into.styles.input("General"))


def _sheet(sheet: Worksheet, form: BlankForm, title: str, guide: str, into: FormBook) -> None:
    last, styles = max(len(form.fields) - 1, 5), into.styles
    sheet.merge_range(0, 0, 0, last, title, styles.title())
    sheet.merge_range(1, 0, 1, last, guide, styles.note(text_wrap=True))
    sheet.set_row(0, 30)
    sheet.set_row(1, 16 * (1 + int(width(guide) / 110)))
    for column, entry in enumerate(form.fields):
        size = SIZES.get(entry.key, 14)
        sheet.set_column(column, column, size)
        sheet.write_string(HEAD, column, head(entry, into.model, into.lang), styles.head(bold=entry.required))
        number = {forms.NUMBER: "General", forms.DATE: "yyyy-mm-dd", forms.RAW: "General"}.get(entry.kind, "@")
        for row in range(HEAD + 1, HEAD + 1 + form.rows):
            sheet.write_blank(row, column, None, styles.input(number, text_wrap=True))
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

    def __init__(self, sheet: Worksheet, into: FormBook):
        self.sheet, self.lang, self.styles = sheet, into.lang, into.styles
        model, table, lang = into.model, into.table, into.lang
        self.words: dict[str | tuple[str, str], Sequence[str]] = {
            "code": table.codes if table else (),
            "name": table.names if table else (),
            ("ledger", "input"): [entry.label[lang] for entry in model.inputs.values()],
            **{
                (kind, "status"): [word[lang] for word in ledger.known_words(words)]
                for kind, words in STATUS_WORDS.items()
            },
            "level": [words[0 if lang == "zh" else -1] for words in due_dates.LEVELS.values()],
            "step": [words[0 if lang == "zh" else -1] for words in due_dates.STEPS.values()],
            ("ledger", "used"): [say(lang, "ledger.yes")],
            "bearer": [
                *(words[0 if lang == "zh" else -1] for words in adjustments.BEARERS.values()),
                *(table.names if table else ()),
            ],
        }
        self.places: dict[str | tuple[str, str], str] = {}

    def rule(self, field: forms.FormField, kind: str) -> dict | None:
        """The validation of a column of a kind of form; None where anything may be written."""
        key = (kind, field.key) if (kind, field.key) in self.words else field.key
        if words := self.words.get(key):
            shown = {"error_message": say(self.lang, "ledger.form_choose"), "error_type": "stop"}
            # A code or name is checked when the file is read; several bearers may be written, separated by 、
            free = {"show_error": False} if field.key in ("code", "name", "bearer") else shown
            return {"validate": "list", "source": self._place(key, field, words), **free}
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

    def _place(self, key: str | tuple[str, str], field: forms.FormField, words: Sequence[str]) -> str:
        """Where the words stand; written there at first use."""
        if key not in self.places:
            column, letter = len(self.places), letters(len(self.places))
            self.sheet.set_column(column, column, SIZES.get(field.key, 14))
            self.sheet.write_string(
                0, column, field.labels[0] if self.lang == "zh" else field.labels[-1], self.styles.head()
            )
            for row, word in enumerate(words, start=1):
                self.sheet.write_string(row, column, word, self.styles.text())
            title = self.sheet.get_name()
            self.places[key] = f"='{title}'!${letter}$2:${letter}${len(words) + 1}"
        return self.places[key]
