"""The result workbook whole: sheets in order, protection, fixed bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from allocation.record.in_book import write_record
from allocation.record.record import Record
from allocation.report.cut import Cut
from allocation.report.printed import Page, PageLayout, PaperSize
from allocation.report.tables import annex_table, award_table, factor_table
from allocation.run.marks import marks
from allocation.run.run import Run
from allocation.sheets.sheet import Book, Sheet
from allocation.texts import both
from allocation.xlsx.approval_papers import write_decided, write_explained, write_units
from allocation.xlsx.checking import write_checks
from allocation.xlsx.disputes import write_disputes
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, write_calculation, write_data, write_helpers, write_parameters
from allocation.xlsx.import_mapping import Mapping
from allocation.xlsx.importing import write_import
from allocation.xlsx.layout import Layout, shown_sheets
from allocation.xlsx.originals import write_originals
from allocation.xlsx.pages import write_cover, write_notes
from allocation.xlsx.plan import Plan, make_plan
from allocation.xlsx.printable import PrintedPaper, summary_paper, write_paper
from allocation.xlsx.styles import Styles
from allocation.xlsx.trace import write_trace

WRITERS: dict[str, Callable[[Sheet, Run, Plan, Styles], None]] = {
    "parameters": write_parameters, "data": write_data, "calculation": write_calculation, "helpers": write_helpers,
    "checks": write_checks, "disputes": write_disputes, "originals": write_originals,
    "decided": write_decided, "explained": write_explained, "units": write_units,
}  # fmt: skip


def write_workbook(run: Run, path: Path, lang: str, record: Record, mapping: Mapping | None = None) -> None:
    """Writes the workbook to `path`, which must lie in a folder that exists; the caller renames it into place."""
    book = figure_book(path, lang, run.model.label[lang], run)
    write_sheets(book, run, record, mapping)
    book.close()


def write_sheets(book: Book, run: Run, record: Record, mapping: Mapping | None = None) -> None:
    """Every sheet of the workbook into `book`; `record.print` says how the printed ones are laid out."""
    page = page_of(record)
    plan = make_plan(run, Layout(run.model, len(run.table), book.lang, cut=page.cut))
    styles, record = Styles(book), replace(record, lang=book.lang)
    sheets = {key: book.add_worksheet(plan.layout.names[key]) for key in shown_sheets(run, page)}
    for key, sheet in sheets.items():
        match key:
            case "cover":
                write_cover(sheet, run, plan, styles, page)
            case "annex" | "award" | "factors" | "sums":
                write_paper(sheet, plan, styles, paper_of(run, key, page))
            case "import":
                write_import(sheet, run, plan, styles, mapping)
                if record.version is None:
                    sheet.set_footer("&L" + sheet.say("versions.none"))
            case "notes":
                write_notes(sheet, run, plan, styles)
            case "trace":
                write_trace(sheet, record, styles)
            case _:
                WRITERS[key](sheet, run, plan, styles)
        if said := marks(run)[book.lang]:  # on every page: comments and titles further up do not print with it
            sheet.set_header("&R" + said)
        sheet.protect("", PROTECT)
    write_record(book, record)
    sheets[page.cut.issued].activate()


def page_of(record: Record) -> Page:
    """How the printed sheets are laid out."""
    asked = record.print
    layout: PageLayout = "approval" if asked.get("layout") == "approval" else "annex"
    papers: tuple[PaperSize, ...] = ("A4", "A3")
    paper = next((paper for paper in papers if paper == asked.get("paper")), Page.paper)
    return Page(layout, paper, cut=Cut.of(record.papers))


def paper_of(run: Run, key: str, page: Page) -> PrintedPaper:
    """附件, 资金测算表, 因素得分表 or 分类汇总 of a run."""
    if key == "annex":
        return PrintedPaper(annex_table(run), both("workbook.annex", number=""), wide=True)
    if key == "sums":
        return summary_paper(run, page)
    table = award_table(run, page) if key == "award" else factor_table(run, page)
    if table.page.approval:
        return PrintedPaper(table, both("workbook.approval"))
    if not page.cut.serial:
        return PrintedPaper(table, both("workbook.office"))
    number = "" if page.approval or not run.model.factors else 1 if key == "award" else 2
    return PrintedPaper(table, both("workbook.annex", number=number))
