"""The workbook of several years: sheets of data, calculation and helpers a year, linked to the years before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from allocation.analysis.compare import Comparison
from allocation.analysis.scenarios import Scenario
from allocation.classes import dataclass
from allocation.record.in_book import write_record
from allocation.record.record import TIMELINE, EvaluationKept
from allocation.record.recording import timeline_record
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable
from allocation.run.marks import marks
from allocation.sheets.sheet import Book, Sheet, SheetChart
from allocation.texts.spans import year_label
from allocation.xlsx.blocks import Block
from allocation.xlsx.comparison_sheets import write_parameter_columns, write_states
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import (
    PROTECT,
    one_page_wide,
    write_calculation,
    write_data,
    write_helpers,
)
from allocation.xlsx.layout import FIRST
from allocation.xlsx.plan import Plan, all_fit, make_plan
from allocation.xlsx.printable import summary_paper, write_paper
from allocation.xlsx.printed_text import LineCells
from allocation.xlsx.study_originals import write_study_originals
from allocation.xlsx.study_sheet import StudySheet
from allocation.xlsx.styles import Styles, width
from allocation.xlsx.trace import write_trace
from allocation.years.timeline import Timeline, year_of
from allocation.years.years_table import years_table

HEAD, TOP = 3, 5  # header row and row of the total on the sheet of all years
BY_YEAR = ("data", "calculation", "helpers")
NAMED_BY_YEAR = (*BY_YEAR, "sums")


@dataclass
class YearLayout(Block):
    """The places of one year: its own sheets, its column on 参数 and 核对."""

    summed: ClassVar[bool] = True
    year: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.names = {key: f"{name}{self.year}" if key in NAMED_BY_YEAR else name for key, name in self.names.items()}


def make_year_plans(timeline: Timeline, lang: str) -> list[Plan]:
    """Formulas of every year; what a year needs of the past it takes from the sheets before it.

    Where they are too much work for one workbook, none is live.
    """
    plans: list[Plan] = []
    past: tuple[YearLayout, ...] = ()
    for number, run in enumerate(timeline.runs):
        year, cut = year_of(run.table), timeline.cut
        layout = YearLayout(run.model, len(run.table), lang, number, year=year, past=past, cut=cut)
        plans.append(make_plan(run, layout))
        past = (*past, layout)
    return plans if all_fit(plans) else [replace(plan, live=False) for plan in plans]


def write_timeline(timeline: Timeline, path: Path, lang: str) -> None:
    """Writes the workbook to `path`; the caller renames it into place."""
    book = figure_book(path, lang, timeline.run.model.label[lang], *timeline.runs)
    timeline_sheets(book, timeline)
    book.close()


def timeline_sheets(
    book: Book,
    timeline: Timeline,
    more: Callable[[list[Plan], Styles], list[Sheet]] | None = None,
    kind: str = TIMELINE,
    evaluation: EvaluationKept | None = None,
) -> None:
    """Sheets 各年, 图表, 参数, 核对, 数据, 测算 and 辅助 of each year, 溯源.

    Those of `more(plans, styles)` stand behind 各年; `kind` is that of the record, which keeps the `evaluation`.
    """
    lang = book.lang
    plans = make_year_plans(timeline, lang)
    styles, names = Styles(book), plans[0].layout.names
    title = book.say("timeline.sheet")
    overview = book.add_worksheet(title)
    sheets = more(plans, styles) if more else []
    charts = book.add_worksheet(book.say("comparison.charts"))
    parameters = book.add_worksheet(names["parameters"])
    checks = book.add_worksheet(names["checks"])
    years = _as_comparison(timeline)
    _overview(overview, timeline, plans, styles)
    _charts(charts, timeline, title)
    write_parameter_columns(parameters, years, plans, styles, "timeline.parameters_legend", timeline.run)
    write_states(checks, years, plans, styles)
    sheets += [overview, charts, parameters, checks]
    for run, plan in zip(timeline.runs, plans, strict=True):
        for key, write in zip(BY_YEAR, (write_data, write_calculation, write_helpers), strict=True):
            sheet = book.add_worksheet(plan.layout.names[key])
            write(sheet, run, plan, styles)
            sheets.append(sheet)
        if run.model.summaries:
            sheets.append(book.add_worksheet(plan.layout.names["sums"]))
            write_paper(sheets[-1], plan, styles, summary_paper(run))
    if not plans[0].live:
        sheets.append(book.add_worksheet(names["originals"]))
        write_study_originals(sheets[-1], timeline.runs, plans, styles)
    sheets.append(book.add_worksheet(names["trace"]))
    record = replace(timeline_record(timeline, kind, evaluation), lang=lang)
    write_trace(sheets[-1], record, styles)
    write_record(book, record)
    said = marks(timeline.run)[lang]
    ahead = [
        f"{name}{year}"
        for year in timeline.projected
        for name in (book.say(f"workbook.sheet_{key}") for key in BY_YEAR)
    ]
    for sheet in sheets:
        ahead_mark = book.say("timeline.ahead").strip() if sheet.get_name() in ahead else ""
        if said or ahead_mark:
            sheet.set_header("&R" + ahead_mark + said)
        sheet.protect("", PROTECT)


def _as_comparison(timeline: Timeline) -> Comparison:
    """Years in the place of scenarios, for the sheets with a column each."""
    labels = [year_label(year) for year in timeline.years]
    return Comparison(tuple(Scenario(label.en, label, ()) for label in labels), timeline.runs)


class YearCells(LineCells):
    """各年: the awards from the sheets of their years, none where its year is not right."""

    def __init__(self, table: PrintedTable, top: int, timeline: Timeline, plans: Sequence[Plan]):
        super().__init__(table, top)
        self.plans = dict(zip(map(str, timeline.years), plans, strict=True))
        self.codes = [*timeline.counties]
        self.rows = {
            str(year): {code: row for row, code in enumerate(run.table.codes)}
            for year, run in zip(timeline.years, timeline.runs, strict=True)
        }

    def given(self, column: PrintedColumn, line: PrintedLine) -> str:
        plan = self.plans.get(column.key)
        if plan is None:
            return ""
        row = FIRST + self.rows[column.key][self.codes[line.rows[0]]] + 1
        return plan.layout.unless_broken(plan.layout.column(plan.layout.model.award).replace("{r}", str(row)))


def _overview(sheet: Sheet, timeline: Timeline, plans: Sequence[Plan], styles: Styles) -> None:
    """各年: a county a row, a year a column, the award of each and its change over the year before."""
    table = years_table(timeline, "workbook")
    wide = max(2 * len(timeline.years), 3)
    sheet.merge_range(0, 0, 0, wide, table.title[sheet.lang], styles.title())
    unit = sheet.say("workbook.unit_line", unit=table.units.label(table.unit.name, sheet.lang))
    sheet.write(1, 0, unit, styles.note())
    if timeline.projected:
        sheet.write(1, 3, sheet.say("timeline.projected_note", years=list(timeline.projected)), styles.note())
    cells = YearCells(table, TOP, timeline, plans) if plans[0].live else None
    widths = [14, 18, *[12] * (len(table.columns) - 2)]
    end = StudySheet(sheet, table, HEAD, styles, cells).write(widths)
    for row, note in enumerate(timeline.moves, start=end + 1):
        said = note.text(sheet.lang)
        sheet.merge_range(row, 0, row, wide, said, styles.note(text_wrap=True))
        sheet.set_row(row, 14 * (1 + int(width(said) // (32 + 12 * (wide - 1)))))
    sheet.freeze_panes(TOP, 2)
    one_page_wide(sheet, landscape=True)


def _charts(sheet: Sheet, timeline: Timeline, title: str) -> None:
    """The path of every county's award (the largest twelve), and of the whole."""
    base = timeline.runs[-1]
    award = base.model.columns[base.model.award].label[sheet.lang]
    last = dict(zip(base.table.codes, base.amounts(base.model.award), strict=True))
    codes = list(timeline.counties)
    largest = sorted(codes, key=lambda code: -last.get(code, Fraction(0)))[:12]
    end = len(timeline.years) + 1
    for place, (rows, text) in enumerate(
        (([TOP + 1 + codes.index(code) for code in largest], award), ([TOP], sheet.say("workbook.total")))
    ):
        chart = SheetChart({"type": "line"})
        for row in rows:
            chart.add_series({
                "name": [title, row, 1],
                "categories": [title, HEAD + 1, 2, HEAD + 1, end],
                "values": [title, row, 2, row, end],
                "marker": {"type": "circle", "size": 5},
            })  # fmt: skip
        chart.set_title({"name": text + marks(base)[sheet.lang], "name_font": {"size": 12}})
        chart.set_size({"width": 760, "height": 380})
        chart.set_legend({"position": "right"} if len(rows) > 1 else {"none": True})
        sheet.insert_chart(1 + 20 * place, 0, chart)
    one_page_wide(sheet)
    sheet.fit_to_pages(1, 1)  # both charts, or the second one is cut
