"""The workbook of several years: sheets of data, calculation and helpers a year, linked to the years before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from allocation.analysis.compare import Comparison
from allocation.analysis.scenarios import Scenario
from allocation.record.in_book import write_record
from allocation.record.record import TIMELINE, EvaluationKept
from allocation.record.recording import timeline_record
from allocation.report.formats import number_format
from allocation.run.marks import marks
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Book, Sheet
from allocation.texts import say
from allocation.texts.spans import year_label, year_span
from allocation.xlsx.blocks import Block
from allocation.xlsx.comparison_sheets import write_parameter_columns, write_states
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import (
    PROTECT,
    one_page_wide,
    plain,
    write_calculation,
    write_data,
    write_formula,
    write_helpers,
)
from allocation.xlsx.layout import FIRST, STATE, letters
from allocation.xlsx.plan import BUDGET, Plan, make_plan
from allocation.xlsx.study_originals import write_study_originals
from allocation.xlsx.styles import Styles, width
from allocation.xlsx.trace import write_trace
from allocation.years.timeline import Timeline

HEAD, TOP = 3, 5  # header row and row of the total on the sheet of all years
BY_YEAR = ("data", "calculation", "helpers")


@dataclass
class YearLayout(Block):
    """The places of one year: its own sheets, its column on 参数 and 核对."""

    year: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.names = {key: f"{name}{self.year}" if key in BY_YEAR else name for key, name in self.names.items()}


def make_year_plans(timeline: Timeline, lang: str) -> list[Plan]:
    """Formulas of every year; what a year needs of the past it takes from the sheets before it.

    Where they are too much work for one workbook, none is live.
    """
    plans: list[Plan] = []
    past: tuple[YearLayout, ...] = ()
    for number, run in enumerate(timeline.runs):
        layout = YearLayout(run.model, len(run.table), lang, number, year=run.table.year, past=past)
        plans.append(make_plan(run, layout))
        past = (*past, layout)
    live = all(plan.live for plan in plans) and sum(plan.work for plan in plans) <= BUDGET
    return plans if live else [replace(plan, live=False) for plan in plans]


def write_timeline(timeline: Timeline, path: Path, lang: str) -> None:
    """Writes the workbook to `path`; the caller renames it into place."""
    book = figure_book(path, lang, timeline.run.model.label[lang], *timeline.runs)
    timeline_sheets(book, timeline, lang)
    book.close()


def timeline_sheets(
    book: Book,
    timeline: Timeline,
    lang: str,
    more: Callable | None = None,
    kind: str = TIMELINE,
    evaluation: EvaluationKept | None = None,
) -> None:
    """Sheets 各年, 图表, 参数, 核对, 数据, 测算 and 辅助 of each year, 溯源.

    Those of `more(plans, styles)` stand behind 各年; `kind` is that of the record, which keeps the `evaluation`.
    """
    plans = make_year_plans(timeline, lang)
    styles, names = Styles(book), plans[0].layout.names
    title = say(lang, "timeline.sheet")
    overview = book.add_worksheet(title)
    sheets = more(plans, styles) if more else []
    charts = book.add_worksheet(say(lang, "comparison.charts"))
    parameters = book.add_worksheet(names["parameters"])
    checks = book.add_worksheet(names["checks"])
    years = _as_comparison(timeline)
    _Overview(overview, timeline, plans, styles, lang).write()
    _charts(book, charts, timeline, title, lang)
    write_parameter_columns(parameters, years, plans, styles, lang, "timeline.parameters_legend", timeline.run)
    write_states(checks, years, plans, styles, lang)
    sheets += [overview, charts, parameters, checks]
    for run, plan in zip(timeline.runs, plans, strict=True):
        for key, write in zip(BY_YEAR, (write_data, write_calculation, write_helpers), strict=True):
            sheet = book.add_worksheet(plan.layout.names[key])
            write(sheet, run, plan, styles)
            sheets.append(sheet)
    if not plans[0].live:
        sheets.append(book.add_worksheet(names["originals"]))
        write_study_originals(sheets[-1], timeline.runs, plans, styles, lang)
    sheets.append(book.add_worksheet(names["trace"]))
    record = replace(timeline_record(timeline, kind, evaluation), lang=lang)
    write_trace(sheets[-1], record, styles)
    write_record(book, record)
    said = marks(timeline.run, lang)
    ahead = [f"{name}{year}" for year in timeline.projected for name in (names_of(lang)[key] for key in BY_YEAR)]
    for sheet in sheets:
        ahead_mark = say(lang, "timeline.ahead").strip() if sheet.get_name() in ahead else ""
        if said or ahead_mark:
            sheet.set_header("&R" + ahead_mark + said)
        sheet.protect("", PROTECT)


def names_of(lang: str) -> dict[str, str]:
    return {key: say(lang, f"workbook.sheet_{key}") for key in BY_YEAR}


def _as_comparison(timeline: Timeline) -> Comparison:
    """Years in the place of scenarios, for the sheets with a column each."""
    labels = [year_label(year) for year in timeline.years]
    return Comparison(tuple(Scenario(label.en, label, ()) for label in labels), timeline.runs)


class _Overview:
    """各年: a county a row, a year a column, the award of each and its change over the year before."""

    def __init__(self, sheet: Sheet, timeline: Timeline, plans: list[Plan], styles: Styles, lang: str):
        self.sheet, self.timeline, self.plans, self.styles, self.lang = sheet, timeline, plans, styles, lang
        self.rows = {code: TOP + 1 + place for place, code in enumerate(timeline.counties)}

    def write(self) -> None:
        sheet, timeline, lang, base = self.sheet, self.timeline, self.lang, self.timeline.runs[-1]
        count = len(timeline.years)
        entry = base.model.columns[base.model.award]
        years = year_span(timeline.years[0], timeline.years[-1], self.lang)
        text = say(lang, "timeline.title", model=base.model.label, years=years) + marks(base, lang)
        sheet.merge_range(0, 0, 0, max(2 * count, 3), text, self.styles.title())
        unit = say(lang, "workbook.unit_line", unit=base.model.units.label(entry.unit.name, lang))
        sheet.write(1, 0, unit, self.styles.note())
        if timeline.projected:
            sheet.write(1, 3, say(lang, "timeline.projected_note", years=list(timeline.projected)), self.styles.note())
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 18)
        sheet.set_column(2, 2 * count + 1, 12)
        for column, key in enumerate(("code", "name")):
            sheet.merge_range(HEAD, column, HEAD + 1, column, say(lang, f"workbook.{key}"), self.styles.head())
        if count > 1:
            sheet.merge_range(HEAD, 2, HEAD, count + 1, entry.label[lang], self.styles.head())
            self._changes_head(count)
        else:
            sheet.write(HEAD, 2, entry.label[lang], self.styles.head())
        for code, row in self.rows.items():
            sheet.write(row, 0, code, self.styles.text(Role.KEY, num_format="@"))
            sheet.write(row, 1, timeline.counties[code], self.styles.text(Role.KEY))
        sheet.write(TOP, 0, "", self.styles.text())
        sheet.write(TOP, 1, say(lang, "workbook.total"), self.styles.text(Role.KEY, bold=True))
        number = number_format(entry.unit, entry.decimals)
        for place, (run, plan) in enumerate(zip(timeline.runs, self.plans, strict=True)):
            self._year(place, run, plan, number)
        for place in range(1, count):
            self._change(place, number)
        for row, note in enumerate(timeline.moves, start=TOP + 2 + len(self.rows)):
            said = note.text(lang)
            sheet.merge_range(row, 0, row, max(2 * count, 3), said, self.styles.note(text_wrap=True))
            sheet.set_row(row, 14 * (1 + int(width(said) // (32 + 12 * (2 * count - 1)))))
        sheet.freeze_panes(TOP, 2)
        one_page_wide(sheet, landscape=True)

    def _changes_head(self, count: int) -> None:
        first, last = count + 2, 2 * count
        text = say(self.lang, "timeline.change")
        if last > first:
            self.sheet.merge_range(HEAD, first, HEAD, last, text, self.styles.head())
        else:
            self.sheet.write(HEAD, first, text, self.styles.head())

    def _said_year(self, place: int) -> str:
        year = self.timeline.years[place]
        return f"{year}{say(self.lang, 'timeline.ahead')}" if year in self.timeline.projected else str(year)

    def _year(self, place: int, run, plan: Plan, number: str) -> None:
        column, model, style = 2 + place, run.model, self.styles.figure(number)
        self.sheet.write(HEAD + 1, column, self._said_year(place), self.styles.head())
        figures = dict(zip(run.table.codes, run.figures(model.award), strict=True))
        data_rows = {code: FIRST + row + 1 for row, code in enumerate(run.table.codes)}
        for code, row in self.rows.items():
            if code not in figures:
                self.sheet.write_blank(row, column, None, style)
                continue
            cell = plan.layout.column(model.award).replace("{r}", str(data_rows[code]))
            self._cell(row, column, f"IF({plan.layout.check(STATE)}=0,{cell},NA())", figures[code], style)
        self._total(column, number, run.total(model.award))

    def _change(self, place: int, number: str) -> None:
        """Award less that of the year before; a county that comes had nothing, one that is in neither year is blank."""
        column = len(self.timeline.years) + 1 + place
        now, before = letters(2 + place), letters(1 + place)
        runs = self.timeline.runs[place - 1], self.timeline.runs[place]
        old, new = (dict(zip(run.table.codes, run.figures(run.model.award), strict=True)) for run in runs)
        self.sheet.write(HEAD + 1, column, self._said_year(place), self.styles.head())
        total = Fraction(0)
        for code, row in self.rows.items():
            if code not in old and code not in new:
                self.sheet.write_blank(row, column, None, self.styles.figure(number))
                continue
            text = f"N({now}{row + 1})-N({before}{row + 1})"
            value = new.get(code, Fraction(0)) - old.get(code, Fraction(0))
            total += value
            self._cell(row, column, text, value, self.styles.figure(number))
        self._total(column, number, total)

    def _total(self, column: int, number: str, value: Fraction | None) -> None:
        style = self.styles.figure(number, bold=True)
        if value is None:
            self.sheet.write_blank(TOP, column, None, style)
            return
        letter = letters(column)
        self._cell(TOP, column, f"SUM({letter}{TOP + 2}:{letter}{TOP + 1 + len(self.rows)})", value, style)

    def _cell(self, row: int, column: int, text: str, value: object, style) -> None:
        if self.plans[0].live:
            write_formula(self.sheet, row, column, text, style, value)
        else:
            self.sheet.write(row, column, plain(value), style)


def _charts(book, sheet: Sheet, timeline: Timeline, title: str, lang: str) -> None:
    """The path of every county's award (the largest twelve), and of the whole."""
    base = timeline.runs[-1]
    award = base.model.columns[base.model.award].label[lang]
    last = dict(zip(base.table.codes, base.figures(base.model.award), strict=True))
    codes = list(timeline.counties)
    largest = sorted(codes, key=lambda code: -last.get(code, Fraction(0)))[:12]
    count = len(timeline.years)
    for place, (rows, text) in enumerate(
        (([TOP + 1 + codes.index(code) for code in largest], award), ([TOP], say(lang, "workbook.total")))
    ):
        chart = book.add_chart({"type": "line"})
        for row in rows:
            span = (title, HEAD + 1, 2, HEAD + 1, count + 1)
            chart.add_series({
                "name": [title, row, 1],
                "categories": list(span),
                "values": [title, row, 2, row, count + 1],
                "marker": {"type": "circle", "size": 5},
            })  # fmt: skip
        chart.set_title({"name": text + marks(base, lang), "name_font": {"size": 12}})
        chart.set_size({"width": 760, "height": 380})
        chart.set_legend({"position": "right"} if len(rows) > 1 else {"none": True})
        sheet.insert_chart(1 + 20 * place, 0, chart)
    one_page_wide(sheet)
    sheet.fit_to_pages(1, 1)  # both charts, or the second one is cut
