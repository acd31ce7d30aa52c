"""The result workbook whole: sheets in order, protection, fixed bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from allocation.record.in_book import write_record
from allocation.record.record import AS_BEFORE, Record
from allocation.report.printed import Page
from allocation.report.tables import annex_table, award_table, factor_table
from allocation.run.marks import marks
from allocation.run.run import Run
from allocation.sheets.sheet import Book
from allocation.texts import say
from allocation.xlsx.approval_papers import write_decided, write_explained, write_units
from allocation.xlsx.checking import write_checks
from allocation.xlsx.disputes import write_disputes
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, write_calculation, write_data, write_helpers, write_parameters
from allocation.xlsx.importing import Mapping, write_import
from allocation.xlsx.layout import Layout, shown_sheets
from allocation.xlsx.originals import write_originals
from allocation.xlsx.pages import write_cover, write_notes
from allocation.xlsx.plan import make_plan
from allocation.xlsx.printable import PrintedPaper, write_paper
from allocation.xlsx.styles import Styles
from allocation.xlsx.trace import write_trace


def write_workbook(run: Run, path: Path, lang: str, record: Record, mapping: Mapping | None = None) -> None:
    """Writes the workbook to `path`, which must lie in a folder that exists; the caller renames it into place."""
    book = figure_book(path, lang, run.model.label[lang], run)
    write_sheets(book, run, lang, record, mapping)
    book.close()


def write_sheets(book: Book, run: Run, lang: str, record: Record, mapping: Mapping | None = None) -> None:
    """Every sheet of the workbook into `book`; `record.print` says how the printed ones are laid out."""
    page = page_of(record)
    plan = make_plan(run, lang, Layout(run.model, len(run.table), lang, as_before=page.as_before))
    styles, record = Styles(book), replace(record, lang=lang)
    writers: dict[str, Callable] = {
        "cover": lambda *args: write_cover(*args, page=page),
        "parameters": write_parameters, "data": write_data, "calculation": write_calculation,
        "helpers": write_helpers, "checks": write_checks,  "disputes": write_disputes, "notes": write_notes,
        **{key: lambda sheet, *_, key=key: write_paper(sheet, plan, styles, paper_of(run, key, page, lang))
           for key in ("annex", "award", "factors")},
        "decided": write_decided, "explained": write_explained, "units": write_units,
        "import": lambda *args: write_import(*args, mapping=mapping),
        "originals": write_originals,
        "trace": lambda sheet, *_: write_trace(sheet, record, styles),
    }  # fmt: skip
    sheets = {key: book.add_worksheet(plan.layout.names[key]) for key in shown_sheets(run, page)}
    for key, sheet in sheets.items():
        writers[key](sheet, run, plan, styles, lang)
        if said := marks(run, lang):  # on every page: comments and titles further up do not print with it
            sheet.set_header("&R" + said)
        sheet.protect("", PROTECT)
    write_record(book, record)
    sheets["award" if page.as_before else "annex"].activate()


def page_of(record: Record) -> Page:
    """How the printed sheets are laid out."""
    return Page(**record.print, as_before=record.papers == AS_BEFORE)


def paper_of(run: Run, key: str, page: Page, lang: str) -> PrintedPaper:
    """附件, 资金测算表 or 因素得分表 of a run."""
    if key == "annex":
        return PrintedPaper(annex_table(run), say(lang, "workbook.annex", number="").strip(), lang, wide=True)
    table = award_table(run, page) if key == "award" else factor_table(run, page)
    if table.page.approval:
        return PrintedPaper(table, say(lang, "workbook.approval"), lang)
    if not page.as_before:
        return PrintedPaper(table, say(lang, "workbook.office"), lang)
    number = "" if page.approval or not run.model.factors else 1 if key == "award" else 2
    return PrintedPaper(table, say(lang, "workbook.annex", number=number), lang)
