"""Blank forms for what is filled in by hand: ledger, receipts, adjustments, sources of the pool, advances.

The heads are the labels that the readers know; counties and fixed words are chosen from lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allocation.files.text_out import EPOCH, new_book
from allocation.files.whole_files import Write
from allocation.parts.kinds import PARTS
from allocation.parts.part import BlankForm
from allocation.policy.model import Model
from allocation.sheets.sheet import Book, Sheet
from allocation.tables import forms
from allocation.tables.case_sheets import TITLES
from allocation.tables.table import Table
from allocation.tables.template import unless_filled
from allocation.texts import say
from allocation.xlsx.layout import letters
from allocation.xlsx.styles import Styles, width

HEAD = 3  # zero-based
SHARED = ("code", "name")  # fields whose choices are the same on every sheet
SIZES = {"code": 12, "name": 16, "input": 36, "source": 18, "reason": 34, "approved": 22, "bearer": 24, "note": 40}


FORMS = {part.form.key: part.form for part in PARTS if part.form}


def form_writer(kind: str, model: Model, table: Table | None, path: Path, lang: str, year: int | None = None) -> Write:
    """What writes the blank form that is to stand at `path`; never over one that was filled in.

    `table` gives the counties; `year` the year of the money where there is no table of it.
    """
    year = table.year if table and table.year else year
    return unless_filled(path, lambda beside: _write(kind, model, table, str(beside), lang, year))


def title_of(kind: str, lang: str) -> str:
    return say(lang, f"ledger.form_{kind}")


def _write(kind: str, model: Model, table: Table | None, path: str, lang: str, year: int | None) -> None:
    with new_book(path, lang, title_of(kind, lang)) as book:
        into = FormBook(book, model, table, Styles(book), lang, year)
        write_form_sheets(into, FORMS[kind], title_of(kind, lang))
        into.close()


class FormBook:
    """A workbook that blank forms are written into, one after the other; its hidden sheet of lists comes last."""

    def __init__(self, book: Book, model: Model, table: Table | None, styles: Styles, lang: str, year: int | None):
        self.book, self.model, self.table = book, model, table
        self.styles, self.lang, self.year = styles, lang, year
        self.rules: list[tuple[Sheet, BlankForm]] = []

    def sheet(self, title: str, form: BlankForm, guide: str) -> None:
        sheet = self.book.add_worksheet(title)
        _sheet(sheet, form, title, guide, self)
        self.rules.append((sheet, form))
        if form.prefilled:
            _counties(sheet, self.table, self.styles)
        _prefilled(sheet, form, self)

    def close(self) -> None:
        """Writes what may be chosen."""
        choices = self.book.add_worksheet(say(self.lang, "ledger.form_lists"))
        choices.hide()
        lists = _Lists(choices, self)
        for sheet, form in self.rules:
            for column, entry in enumerate(form.fields):
                if rule := lists.rule(entry, form):
                    sheet.data_validation(HEAD + 1, column, HEAD + form.rows, column, rule)


def write_form_sheets(into: FormBook, form: BlankForm, title: str) -> None:
    """The sheet of one form, and the second one that it has beside it."""
    required = any(entry.required for entry in form.fields)
    into.sheet(title, form, _guide(form, into) + (say(into.lang, "ledger.form_required") if required else ""))
    if form.second:
        into.sheet(TITLES[form.second.key][into.lang], form.second, _guide(form.second, into))


def _guide(form: BlankForm, into: FormBook) -> str:
    example = next(iter(into.model.inputs.values())).label
    return say(into.lang, form.guide or f"ledger.guide_{form.key}", label=example)


def _sheet(sheet: Sheet, form: BlankForm, title: str, guide: str, into: FormBook) -> None:
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


def _counties(sheet: Sheet, table: Table | None, styles: Styles) -> None:
    places = zip(table.codes, table.names, strict=True) if table else ()
    for row, told in enumerate(places, start=HEAD + 1):
        for column, text in enumerate(told):
            sheet.write_string(row, column, text, styles.input("@"))


def _prefilled(sheet: Sheet, form: BlankForm, into: FormBook) -> None:
    """What stands in a form's rows from the start, and the columns that people name themselves."""
    rows = form.prefill(into.model, into.year, into.lang) if form.prefill else []
    for row, cells in enumerate(rows, start=HEAD + 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell, into.styles.input("@"))
            else:
                sheet.write_datetime(row, column, cell, into.styles.input("yyyy-mm-dd"))
    for column in range(len(form.fields), len(form.fields) + form.open_columns):
        sheet.set_column(column, column, 18)
        sheet.write_blank(HEAD, column, None, into.styles.head(locked=False))
        for row in range(HEAD + 1, HEAD + 1 + form.rows):
            sheet.write_blank(row, column, None, into.styles.input("General"))


class _Lists:
    """What may be chosen, column by column on a sheet of its own: Excel's inline lists end at 255 characters."""

    def __init__(self, sheet: Sheet, into: FormBook):
        self.sheet, self.lang, self.styles = sheet, into.lang, into.styles
        self.model, self.table = into.model, into.table
        self.places: dict[tuple[str, str], str] = {}

    def words(self, field: forms.FormField, form: BlankForm) -> list[str]:
        """What may be chosen in a column of a form; nothing where anything may be written."""
        names = [*self.table.names] if self.table else []
        if field.key in SHARED:
            return names if field.key == "name" else [*self.table.codes] if self.table else []
        words = [word[self.lang] for word in form.words.get(field.key, ())]
        words += names if field.key in form.with_names else []
        return words + [
            *(entry.label[self.lang] for entry in self.model.inputs.values() if field.key in form.with_inputs)
        ]

    def rule(self, field: forms.FormField, form: BlankForm) -> dict[str, object] | None:
        """The validation of a column of a form; None where anything may be written."""
        if words := self.words(field, form):
            key = ("", field.key) if field.key in SHARED else (form.key, field.key)
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

    def _place(self, key: tuple[str, str], field: forms.FormField, words: Sequence[str]) -> str:
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
