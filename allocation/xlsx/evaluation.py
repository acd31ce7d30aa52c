"""The workbook of an evaluation: that of the years, with every figure of the report in a labelled cell of 评估."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from allocation.record.record import EVALUATION
from allocation.run.marks import marks
from allocation.sheets.looks import Role, look
from allocation.sheets.sheet import Book, Sheet
from allocation.texts import say
from allocation.texts.spans import year_span
from allocation.xlsx.evaluation_charts import LINES, LineChart, write_charts
from allocation.xlsx.evaluation_lines import COMMON, OVERVIEW, PEOPLE, PERCENT, POINTS
from allocation.xlsx.evaluation_rows import Cells
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import one_page_wide
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import BAD, HEAD, Styles
from allocation.xlsx.timeline import timeline_sheets
from allocation.years.timeline import Timeline

RATES = ("registered_rate", "resident_rate")
NOW = (
    "settled_target", "settled", ("settled", "settled_target"), "completion", "completion_rank", "behind",
    "target_to_date", "settled_to_date", ("settled_to_date", "target_to_date"), "completion_to_date", "behind_to_date",
)  # fmt: skip
KINDS = ("registered", "resident")
FIRST = 2  # the first column of figures
PAGE = 44  # rows of a printed page


def write_evaluation(timeline: Timeline, path: Path, lang: str) -> None:
    """Writes the workbook to `path`; the caller renames it into place."""
    book = figure_book(path, timeline.run.model.label[lang], *timeline.runs)
    evaluation_sheets(book, timeline, lang)
    book.close()


def evaluation_sheets(book: Book, timeline: Timeline, lang: str) -> None:
    """The sheets of the years, with 评估 and 评估图表 behind 各年."""

    def more(plans: list[Plan], styles: Styles) -> list[Sheet]:
        name = say(lang, "evaluate.sheet")
        sheets = [book.add_worksheet(text) for text in (name, say(lang, "evaluate.sheet_charts"))]
        charts = _Evaluation(Cells(sheets[0], timeline, plans, styles, lang)).write()
        write_charts(book, sheets[1], name, charts, say(lang, "evaluate.years"))
        return sheets

    timeline_sheets(book, timeline, lang, more, EVALUATION)


class _Evaluation:
    """Block below block: all together by year, the counties in the year evaluated, the counties by year."""

    def __init__(self, cells: Cells):
        self.cells, self.timeline, self.lang, self.common = cells, cells.timeline, cells.lang, cells.common
        self.run, self.plan = self.timeline.runs[-1], cells.plans[-1]
        self.years, self.row = self.timeline.years, 0
        self.charts: list[LineChart] = []
        self.starts: list[int] = []

    def say(self, key: str, **slots: object) -> str:
        return say(self.lang, f"evaluate.{key}", **slots)

    def label(self, name: str) -> str:
        return self.run.model.entry(name).label[self.lang]

    def write(self) -> list[LineChart]:
        """Returns the charts that stand on this sheet's cells."""
        cells, sheet = self.cells, self.cells.sheet
        sheet.set_column(0, 0, 11)
        sheet.set_column(1, 1, 30)
        sheet.set_column(FIRST, FIRST + max(len(NOW), len(self.years) + 2) - 1, 12.5)
        self.span = year_span(self.years[0], self.years[-1], self.lang)
        text = self.say("sheet_title", span=self.span) + marks(self.run, self.lang)
        sheet.write(0, 0, text, cells.styles.get(font_name=HEAD, font_size=14))
        sheet.write(1, 0, self.say("sheet_note" if self.plan.live else "sheet_note_values"), cells.styles.note())
        self.row = 3
        self.overview()
        self.counties()
        self.rates()
        for name in ("completion", *RATES):
            self.by_year(name)
        sheet.freeze_panes(0, FIRST)
        self.pages()
        return self.charts

    def pages(self) -> None:
        """A block is not parted where it fits a page."""
        sheet = self.cells.sheet
        one_page_wide(sheet, landscape=True)
        top, breaks = 0, []
        for start, end in zip(self.starts[1:], [*self.starts[2:], self.row], strict=True):
            if end - top > PAGE:
                breaks.append(start)
                top = start
        sheet.set_h_pagebreaks(breaks)

    def block(self, title: str, heads: Sequence[str]) -> None:
        """A title and a row of heads; `row` is then the first below them."""
        styles, sheet = self.cells.styles, self.cells.sheet
        self.starts.append(self.row)
        sheet.write(self.row, 0, title, styles.get(font_name=HEAD, font_size=12))
        for column, text in enumerate(heads):
            sheet.write(self.row + 1, column, text, styles.head())
        sheet.set_row(self.row + 1, 56)
        self.row += 2

    def overview(self) -> None:
        """A row a figure, a column a year, and the change over the years."""
        common, change = self.common, [self.say("span_moved", span=self.span)] if len(self.years) > 1 else []
        heads = [self.say("unit"), self.say("indicator"), *map(str, self.years)]
        title = self.say("block_overview" if common.alike else "block_overview_apart")
        self.block(title, [*heads, *(change if common.alike else [])])
        head, self.places = self.row - 1, {row.name: self.row + at for at, row in enumerate(OVERVIEW)}
        for row in OVERVIEW:
            self.cells.overview_row(row, self.places, FIRST)
        self.row += len(OVERVIEW) + 1
        self.compared, caption = self.places, self.say("picture_rates")
        if not common.alike and common.codes:
            slots = {"common": len(common.codes), "names": common.others}
            caption = self.say("picture_rates_common", **slots)
            self.block(self.say("block_common", **slots), [*heads, *change])
            head, self.compared = self.row - 1, {row.name: self.row + at for at, row in enumerate(COMMON)}
            for row in COMMON:
                self.cells.overview_row(row, self.compared, FIRST, common)
            self.row += len(COMMON) + 1
        if common.codes:
            self.chart(caption, head, [self.compared[f"{name}_all"] for name in RATES], True)

    def chart(self, title: str, head: int, rows: Sequence[int], whole: bool) -> None:
        """`whole`: of urbanisation rates, not of completion."""
        axis = self.say("rate_axis" if whole else "completion_axis")
        text = title + marks(self.run, self.lang)
        self.charts.append(LineChart(text, axis, head, FIRST, FIRST + len(self.years) - 1, tuple(rows), whole))

    def counties(self) -> None:
        """Settled against target in the year evaluated and to date."""
        labels = [self.less(name) if isinstance(name, tuple) else self.label(name) for name in NOW]
        self.block(self.say("table_settled", year=self.years[-1]), [*self.keys(), *labels])
        first, cells, last = self.row, self.cells, self.row + len(self.run.table)
        for place in range(len(self.run.table)):
            cells.county(first + place, self.run.table.codes[place], self.run.table.names[place])
            for column, name in enumerate(NOW, start=FIRST):
                if isinstance(name, tuple):
                    refs = [cells.at(first + place, FIRST + NOW.index(part)) for part in name]
                    figures = [self.run.figures(part)[place] for part in name]
                    cells.put(first + place, column, "-".join(refs), figures[0] - figures[1], PEOPLE)
                else:
                    cells.own(first + place, column, self.plan, self.run, name, place)
        cells.county(last, "", say(self.lang, "workbook.total"), bold=True)
        for column, name in enumerate(NOW, start=FIRST):
            if isinstance(name, tuple) or self.run.model.entry(name).unit.name == PEOPLE:
                cells.sum(last, column, first, [self.sum_of(name)])
            elif name != "completion_rank":
                cells.scalar(last, column, self.plan, self.run, f"{name}_all")
            else:
                cells.blank(last, column)
        red = {"type": "cell", "criteria": ">", "value": 0, "format": look(Role.NOTE, {"font_color": BAD})}
        for name in ("behind", "behind_to_date"):
            column = FIRST + NOW.index(name)
            cells.sheet.conditional_format(first, column, last - 1, column, red)
        self.row = last + 2

    def sum_of(self, name: str | tuple[str, str]) -> Fraction:
        if isinstance(name, tuple):
            return self.run.total(name[0]) - self.run.total(name[1])
        return self.run.total(name)

    def less(self, names: tuple[str, str]) -> str:
        return self.say("less", one=self.label(names[0]), other=self.label(names[1]))

    def keys(self) -> list[str]:
        return [say(self.lang, f"workbook.{key}") for key in ("code", "name")]

    def rates(self) -> None:
        """The two urbanisation rates in the year evaluated, their changes on the year before, the gap between them."""
        heads = self.keys()
        for kind in KINDS:
            names = (kind, f"{kind}_urban", f"{kind}_rate")
            heads += [*map(self.label, names), self.say("points_of", label=self.say(f"row_{kind}_rate_step"))]
        both = self.cells.both(len(self.years) - 1) if len(self.years) > 1 else self.common
        note = "" if both.alike or not both.codes else self.say("step_common", common=len(both.codes))
        self.block(self.say("table_rates", year=self.years[-1]) + note, [*heads, self.say("gap")])
        first, cells, run, last = self.row, self.cells, self.run, self.row + len(self.run.table)
        gap = FIRST + 4 * len(KINDS)
        lines = [*zip(run.table.codes, run.table.names, strict=True), ("", say(self.lang, "workbook.total"))]
        for place, (code, name) in enumerate(lines):
            row, whole = first + place, first + place == last
            cells.county(row, code, name, bold=whole)
            for number, kind in enumerate(KINDS):
                start = FIRST + 4 * number
                for column, key in enumerate((kind, f"{kind}_urban"), start=start):
                    if whole:
                        cells.sum(row, column, first, [run.total(key)])
                    else:
                        cells.own(row, column, self.plan, run, key, place)
                if whole:
                    cells.scalar(row, start + 2, self.plan, run, f"{kind}_rate_all")
                    cells.copied(row, start + 3, self.places[f"{kind}_rate_step"], FIRST + len(self.years) - 1,
                                 cells.step(f"{kind}_rate_all", len(self.years) - 1), POINTS)  # fmt: skip
                else:
                    cells.own(row, start + 2, self.plan, run, f"{kind}_rate", place)
                    cells.own(row, start + 3, self.plan, run, f"{kind}_rate_change", place, points=True)
            refs = [cells.at(row, FIRST + 4 * number + 2) for number in (1, 0)]
            ending = "_all" if whole else ""
            held = [run.figure(f"{kind}_rate_all") if ending else run.figures(f"{kind}_rate")[place] for kind in KINDS]
            cells.points(row, gap, *refs, held[1] - held[0], bold=whole)
        gaps = [
            resident - registered
            for registered, resident in zip(*(run.figures(f"{kind}_rate") for kind in KINDS), strict=True)
        ]
        self.row = last + 1
        for key, sign, count in (
            ("count_below", ">", sum(gap > 0 for gap in gaps)),
            ("count_above", "<", sum(gap < 0 for gap in gaps)),
        ):
            cells.counted(self.row, gap, self.say(key), (first, last - 1), f"{sign}0", count)
            self.row += 1
        self.row += 1

    def by_year(self, name: str) -> None:
        """A county a row, a year a column; how it changed, who rose and fell, or how often the target was missed."""
        missed = name == "completion"
        more = [self.say("span_change")] if len(self.years) > 1 else []
        more += [self.say("times_missed")] if missed else []
        title = self.say("table_years", label=self.label(name))
        self.block(title, [*self.keys(), *map(str, self.years), *more])
        first, cells, count = self.row, self.cells, len(self.years)
        head, change = first - 1, FIRST + count
        for code, county in self.timeline.counties.items():
            cells.county(self.row, code, county)
            path = self.timeline.path(name, code)
            cells.path(self.row, FIRST, name, code, path)
            if count > 1 and path[0] is not None and path[-1] is not None:
                refs = [cells.at(self.row, FIRST + count - 1), cells.at(self.row, FIRST)]
                cells.points(self.row, change, *refs, path[-1] - path[0])
            elif count > 1:
                cells.blank(self.row, change)
            if missed:
                cells.missed(self.row, FIRST + count + (count > 1), code)
            self.row += 1
        rows = list(range(first, self.row))[: len(LINES)]
        self.total_by_year(name)
        span, self.row = (first, self.row - 1), self.row + 1
        self.counts(name, span, change, missed)
        self.chart(self.say("picture_counties", label=self.label(name)) + self.most(), head, rows, not missed)
        self.row += 1

    def total_by_year(self, name: str) -> None:
        """Of the counties that are there in every year; nothing where there are none."""
        cells, common, count = self.cells, self.common, len(self.years)
        path = common.path(name)
        label = say(self.lang, "workbook.total")
        cells.county(self.row, "", label if common.alike else self.say("total_common", common=len(common.codes)), True)
        for place, value in enumerate(path):
            if common.alike:
                cells.scalar(self.row, FIRST + place, cells.plans[place], self.timeline.runs[place], f"{name}_all")
            else:
                cells.copied(self.row, FIRST + place, self.compared[f"{name}_all"], FIRST + place, value, PERCENT)
        if path and count > 1:
            refs = [cells.at(self.row, FIRST + count - 1), cells.at(self.row, FIRST)]
            cells.points(self.row, FIRST + count, *refs, path[-1] - path[0], bold=True)

    def most(self) -> str:
        return self.say("most", most=len(LINES)) if len(self.timeline.counties) > len(LINES) else ""

    def counts(self, name: str, span: tuple[int, int], change: int, missed: bool) -> None:
        several = len(self.years) > 1
        lines = []
        if missed:
            times = [self.cells.times(code) for code in self.timeline.counties]
            known = [time for time in times if time is not None]
            lines = [("count_kept", "=0", sum(time == 0 for time in known), change + several),
                     ("count_missed", ">0", sum(time > 0 for time in known), change + several)]  # fmt: skip
        elif several:
            paths = [self.timeline.path(name, code) for code in self.timeline.counties]
            moves = [path[-1] - path[0] for path in paths if path[0] is not None and path[-1] is not None]
            lines = [("count_up", ">0", sum(move > 0 for move in moves), change),
                     ("count_level", "=0", sum(move == 0 for move in moves), change),
                     ("count_down", "<0", sum(move < 0 for move in moves), change)]  # fmt: skip
        for key, test, count, column in lines:
            self.cells.counted(self.row, column, self.say(key), span, test, count)
            self.row += 1
