"""The result workbook whole: sheets in order, protection, fixed bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from allocation.record.in_book import write_record
from allocation.record.record import Record
from allocation.report.printed import Page
from allocation.run.marks import marks
from allocation.run.run import Run
from allocation.sheets.sheet import Book
from allocation.xlsx.approval_papers import write_decided, write_explained, write_units
from allocation.xlsx.checking import write_checks
from allocation.xlsx.disputes import write_disputes
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, write_calculation, write_data, write_helpers, write_parameters
from allocation.xlsx.importing import Mapping, write_import
from allocation.xlsx.layout import shown_sheets
from allocation.xlsx.originals import write_originals
from allocation.xlsx.pages import write_cover, write_notes
from allocation.xlsx.plan import make_plan
from allocation.xlsx.printable import write_award, write_factors
from allocation.xlsx.styles import Styles
from allocation.xlsx.trace import write_trace


def write_workbook(run: Run, path: Path, lang: str, record: Record, mapping: Mapping | None = None) -> None:
    """Writes the workbook to `path`, which must lie in a folder that exists; the caller renames it into place."""
    book = figure_book(path, run.model.label[lang], run)
    write_sheets(book, run, lang, record, mapping)
    book.close()


def write_sheets(book: Book, run: Run, lang: str, record: Record, mapping: Mapping | None = None) -> None:
    """Every sheet of the workbook into `book`; `record.print` says how the printed ones are laid out."""
    plan, page = make_plan(run, lang), Page(**record.print)
    styles, record = Styles(book), replace(record, lang=lang)
    writers: dict[str, Callable] = {
        "cover": lambda *args: write_cover(*args, page=page),
        "parameters": write_parameters, "data": write_data, "calculation": write_calculation,
        "helpers": write_helpers, "checks": write_checks,  "disputes": write_disputes, "notes": write_notes,
        "award": lambda *args: write_award(*args, page=page),
        "factors": lambda *args: write_factors(*args, page=page),
        "decided": write_decided, "explained": write_explained, "units": write_units,
        "import": lambda *args: write_import(*args, mapping=mapping),
        "originals": write_originals,
        "trace": lambda sheet, *_: write_trace(sheet, record, styles),
    }  # fmt: skip
    sheets = {key: book.add_worksheet(plan.layout.names[key]) for key in shown_sheets(run, page.approval)}
    for key, sheet in sheets.items():
        writers[key](sheet, run, plan, styles, lang)
        if said := marks(run, lang):  # on every page: comments and titles further up do not print with it
            sheet.set_header("&R" + said)
        sheet.protect("", PROTECT)
    write_record(book, record)
    sheets["award"].activate()
