"""A case workbook to fill in (测算底稿): facts, settings beside last year's, data, all that is attached.

It confirms nothing: a figure that is carried stands as 未定 until somebody decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation.analysis.parameter_workbook import entries
from allocation.case import CHOICES, FACTS, Facts, words_of
from allocation.files.text_out import new_book
from allocation.files.whole_files import Write
from allocation.opening.beginning import Beginning
from allocation.opening.case_book import DATA_SHEET, ITEMS, KIND, MODEL, PRINTED_NOTES, RESOLUTIONS, SETTINGS, SHEETS
from allocation.opening.splicing import held_whole
from allocation.parts.part import BlankForm
from allocation.policy.model import Model, Parameter
from allocation.policy.stages import STATES
from allocation.report.formats import number_format
from allocation.sheets.looks import Look
from allocation.sheets.sheet import Sheet
from allocation.tables import forms
from allocation.tables.case_sheets import ATTACHED, DATA, DOUBTS, INFO, MARK, NOTES, TITLES
from allocation.tables.keys import Figure
from allocation.tables.recipients import FIELDS as RECIPIENTS
from allocation.tables.table import Table
from allocation.tables.template import unless_filled, write_sheets
from allocation.texts import exact_text, say
from allocation.xlsx.forms import FORMS, FormBook, write_form_sheets
from allocation.xlsx.grids import validation
from allocation.xlsx.styles import Styles, width

WIDTHS = (30, 24, 14, 14, 9, 34, 18, 12, 22)
LAST = len(WIDTHS) - 1
ONE_PAGE = 55  # rows above the files
PLAIN = {
    DOUBTS: BlankForm(DOUBTS, RESOLUTIONS),
    "recipients": BlankForm("recipients", RECIPIENTS),
    NOTES: BlankForm(NOTES, PRINTED_NOTES, prefilled=True),
}


def case_writer(model: Model, path: Path, lang: str, beginning: Beginning) -> Write:
    """What writes the workbook that is to stand at `path`; never over one that was filled in."""
    return unless_filled(path, lambda beside: _write(model, str(beside), lang, beginning))


def _write(model: Model, path: str, lang: str, beginning: Beginning) -> None:
    with new_book(path, lang) as book:
        styles = Styles(book)
        info = book.add_worksheet(TITLES[INFO][lang])
        row = _facts(info, model, styles, lang, beginning.facts)
        row = _settings(info, row + 2, model, styles, lang, beginning.last)
        _files(info, row + 2, styles, lang, beginning)
        _page(info, row)
        counties, year = beginning.counties, beginning.facts.data_year or beginning.facts.budget_year
        write_sheets(book, model, year, replace(counties, year=year), TITLES[DATA][lang])
        table = Table(counties.codes, counties.names, {}, beginning.facts.budget_year) if counties.codes else None
        forms_of = FormBook(book, model, table, styles, lang, beginning.facts.budget_year)
        for kind in ATTACHED:
            write_form_sheets(forms_of, PLAIN.get(kind) or FORMS[kind], TITLES[kind][lang])
        for kind in (DOUBTS, NOTES):
            write_form_sheets(forms_of, PLAIN[kind], TITLES[kind][lang])
        forms_of.close()
        info.activate()


def _word(labels: Sequence[str], lang: str) -> str:
    """A label as its reader knows it."""
    return labels[0] if lang == "zh" else labels[-1][:1].upper() + labels[-1][1:]


def _facts(sheet: Sheet, model: Model, styles: Styles, lang: str, facts: Facts) -> int:
    """Title, mark and a row a fact; the row below the last."""
    year = say(lang, "case.title_year", year=facts.budget_year) if facts.budget_year else ""
    sheet.merge_range(0, 0, 0, LAST, say(lang, "case.title", year=year, label=model.label), styles.title())
    sheet.merge_range(1, 0, 1, LAST, say(lang, "case.guide"), styles.note(text_wrap=True))
    sheet.set_row(0, 30)
    sheet.set_row(1, 16 * (1 + int(width(say(lang, "case.guide")) / 150)))
    for column, text in enumerate((_word(ITEMS, lang), say(lang, "case.content"), say(lang, "case.remark"))):
        sheet.write_string(3, column, text, styles.head())
    sheet.merge_range(3, 2, 3, LAST, say(lang, "case.remark"), styles.head())
    fixed = ((KIND, MARK[lang]), (MODEL, model.name.partition("@")[0]))
    for row, (entry, text) in enumerate(fixed, start=4):
        sheet.write_string(row, 0, _word(entry.labels, lang), styles.text())
        sheet.write_string(row, 1, text, styles.text())
        sheet.merge_range(row, 2, row, LAST, say(lang, "case.fixed"), styles.note())
    for row, entry in enumerate(FACTS, start=4 + len(fixed)):
        sheet.write_string(row, 0, _word(entry.labels, lang), styles.text())
        number = "yyyy-mm-dd" if entry.kind == forms.DATE else "0" if entry.kind == "year" else "@"
        style = styles.input(number, align="left")
        value = getattr(facts, entry.key)
        shown = value.label[lang] if entry.key == "batch" and value else value
        if entry.key in CHOICES and value:
            shown = CHOICES[entry.key][value][lang]
        sheet.write(row, 1, "" if shown is None else shown, style)
        sheet.merge_range(row, 2, row, LAST, say(lang, f"case.about_{entry.key}"), styles.note(text_wrap=True))
        if choices := [words[lang] for words in words_of(entry.key)]:
            rule = {"validate": "list", "source": choices, "show_error": False}  # 追加 第2批 is typed
            sheet.data_validation(row, 1, row, 1, rule)
    return 4 + len(fixed) + len(FACTS)


def _settings(sheet: Sheet, top: int, model: Model, styles: Styles, lang: str, last: Mapping[str, Figure]) -> int:
    for column, (entry, size) in enumerate(zip(SETTINGS, WIDTHS, strict=True)):
        sheet.write_string(top, column, _word(entry.labels, lang), styles.head())
        sheet.set_column(column, column, size)
    row = top
    for row, (parameter, key, value, _) in enumerate(entries(model), start=top + 1):
        address = parameter.address(key)
        number = number_format(parameter.unit, parameter.decimals) if parameter.unit.is_percent else "General"
        label = parameter.label[lang] + (f"/{key}" if key else "")
        told = {0: label, 1: model.units.label(parameter.unit.name, lang), LAST: address}
        for column, text in told.items():
            sheet.write_string(row, column, text, styles.text(text_wrap=True))
        _figure(sheet, row, 2, last.get(address), styles.figure(number))
        _figure(sheet, row, 3, value, styles.input(number, align="right"))
        sheet.write_string(row, 4, _state(parameter, value, lang), styles.input("@", align="center"))
        basis = parameter.source if not parameter.decide and not parameter.required else ""
        sheet.write_string(row, 5, basis, styles.input("@", text_wrap=True))
        sheet.write_blank(row, 6, None, styles.input("@", text_wrap=True))
        sheet.write_blank(row, 7, None, styles.input("yyyy-mm-dd", align="left"))
        states = [STATES[state][lang] for state in STATES]
        sheet.data_validation(row, 4, row, 4, {"validate": "list", "source": states})
        if rule := validation(parameter, styles):
            sheet.data_validation(row, 3, row, 3, {**rule, "ignore_blank": True})
        sheet.set_row(row, 15 * max(1, int(width(basis) / WIDTHS[5]) + 1, int(width(label) / WIDTHS[0]) + 1))
    return row + 1


def _state(entry: Parameter, value: Fraction | str | None, lang: str) -> str:
    """Nobody has decided on what law leaves to the bureau, nor on what only the bureau knows."""
    undecided = entry.decide or value is None or "open" in entry.states.values()
    return STATES["open" if undecided else "decided"][lang]


def _figure(sheet: Sheet, row: int, column: int, value: Figure, style: Look) -> None:
    """A figure that a cell would round, such as 2/37, as the text that is read back whole."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, Fraction) and held_whole(value):
        sheet.write_number(row, column, float(value), style)
    else:
        sheet.write_string(row, column, exact_text(value) or "", style)


def _files(sheet: Sheet, top: int, styles: Styles, lang: str, beginning: Beginning) -> None:
    for column, text in enumerate((_word(SHEETS, lang), say(lang, "case.beside"))):
        sheet.write_string(top, column, text, styles.head())
    sheet.set_row(top, 15 * (1 + int(width(say(lang, "case.beside")) / WIDTHS[1])))
    for row, kind in enumerate((DATA, *ATTACHED), start=top + 1):
        sheet.write_string(row, 0, TITLES[kind][lang], styles.text())
        sheet.write(row, 1, beginning.table if kind == DATA else "", styles.input("@"))
    if beginning.sheet:
        sheet.write_string(top, 2, _word(DATA_SHEET, lang), styles.head())
        sheet.write(top + 1, 2, beginning.sheet, styles.input("@"))


def _page(sheet: Sheet, rows: int) -> None:
    """One page wide, and one long as long as that can be read."""
    sheet.freeze_panes(4, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1 if rows <= ONE_PAGE else 0)
