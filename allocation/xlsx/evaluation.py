"""The workbook of an evaluation: that of the years, with every figure of the report in a labelled cell of 评估."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path

from allocation.classes import dataclass
from allocation.language import tree
from allocation.record.record import EVALUATION
from allocation.run.marks import marks
from allocation.sheets.looks import Role, look
from allocation.sheets.sheet import Book, Sheet
from allocation.texts import Both, say
from allocation.texts.typefaces import HEAD
from allocation.xlsx.evaluation_cells import COUNT, Cells, cell_number, points_of, shown_value
from allocation.xlsx.evaluation_charts import LINES, LineChart, write_charts
from allocation.xlsx.evaluation_formulas import SIGNS, Spot, by_node, nothing_known
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import one_page_wide
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import BAD, Styles
from allocation.xlsx.timeline import timeline_sheets
from allocation.years.comparable import Comparable
from allocation.years.evaluation.figures import Value
from allocation.years.evaluation.formulas import CheckedFormula
from allocation.years.evaluation.parts import Count, EvaluationPlan, LinesPart, Row, ShownColumn, TablePart, YearsPart
from allocation.years.evaluation.telling import Telling
from allocation.years.timeline import Timeline

FIRST = 2  # the first column of figures
PAGE = 44  # rows of a printed page
TESTS = {">": gt, ">=": ge, "<": lt, "<=": le, "==": eq, "!=": ne}


def write_evaluation(timeline: Timeline, evaluation: EvaluationPlan, path: Path, lang: str) -> None:
    """Writes the workbook to `path`; the caller renames it into place."""
    book = figure_book(path, lang, timeline.run.model.label[lang], *timeline.runs)
    evaluation_sheets(book, timeline, evaluation)
    book.close()


def evaluation_sheets(book: Book, timeline: Timeline, evaluation: EvaluationPlan) -> None:
    """The sheets of the years, with 评估 and 评估图表 behind 各年."""

    def more(plans: list[Plan], styles: Styles) -> list[Sheet]:
        return evaluation_blocks(book, timeline, evaluation, plans, styles)

    timeline_sheets(book, timeline, more, EVALUATION, evaluation.kept)


def evaluation_blocks(
    book: Book, timeline: Timeline, evaluation: EvaluationPlan, plans: list[Plan], styles: Styles
) -> list[Sheet]:
    """评估 and 评估图表. `plans`: where the years' figures stand; without any, of values alone."""
    name = book.say("evaluate.sheet")
    sheets = [book.add_worksheet(name)]
    telling = Telling(timeline, evaluation, book.lang, bool(plans) and plans[-1].live)
    charts = _Evaluation(Cells(sheets[0], telling, plans, styles)).write()
    if charts or not evaluation.public:
        sheets.append(book.add_worksheet(book.say("evaluate.sheet_charts")))
        write_charts(sheets[1], name, charts)
    return sheets


@dataclass(frozen=True)
class _Block:
    """Where rows of all together, or the units' rows of a table by year, stand."""

    head: int
    rows: dict[tree.Node, int]
    over: Comparable | None = None


class _Evaluation:
    """Block below block: all together by year, the units in the year evaluated, the units by year."""

    def __init__(self, cells: Cells):
        self.cells, self.telling, self.lang = cells, cells.telling, cells.sheet.lang
        self.evaluation, self.timeline = cells.telling.evaluation, cells.telling.timeline
        self.figures, self.common = cells.telling.figures, cells.telling.common
        self.run, self.years = self.timeline.runs[-1], self.timeline.years
        self.tables = [part for part in self.evaluation.parts if isinstance(part, TablePart)]
        self.several = len(self.years) > 1
        self.row = 0
        self.starts: list[int] = []
        self.by_year: dict[CheckedFormula, tuple[int, list[int]]] = {}  # the row of heads, and those of the units

    def say(self, key: str, **slots: object) -> str:
        return say(self.lang, f"evaluate.{key}", units=self.evaluation.units, **slots)

    def write(self) -> list[LineChart]:
        """Returns the charts that stand on this sheet's cells."""
        cells, sheet = self.cells, self.cells.sheet
        widest = max([len(self.years) + 2, *(len(_on_sheet(part)) for part in self.tables)])
        sheet.set_column(0, 0, 11)
        sheet.set_column(1, 1, 30)
        sheet.set_column(FIRST, FIRST + widest - 1, 12.5)
        public = self.say("public_mark") if self.evaluation.public else ""
        text = (self.telling.said(self.evaluation.sheet_title) or "") + public + marks(self.run)[self.lang]
        sheet.write(0, 0, text, cells.styles.get(font_name=HEAD, font_size=14))
        sheet.write(1, 0, self.say(self.note), cells.styles.note())
        self.row = 3
        self.all = self.compared = _Block(self.row, {})
        if self.evaluation.rows:
            self.overview()
        for table in self.tables:
            self.table(table)
        for part in self.evaluation.parts:
            if isinstance(part, YearsPart):
                self.unit_years(part)
        sheet.freeze_panes(0, FIRST)
        self.pages()
        parts = [part for part in self.evaluation.parts if isinstance(part, LinesPart) and part.only != "report"]
        return [chart for part in parts for chart in self.chart(part)]

    @property
    def note(self) -> str:
        if self.evaluation.public:
            return "sheet_note_public"
        return "sheet_note" if self.cells.live else "sheet_note_values"

    def pages(self) -> None:
        """A block is not parted where it fits a page."""
        sheet = self.cells.sheet
        one_page_wide(sheet, landscape=True)
        top, breaks = 0, []
        for start, end in [*zip(self.starts, [*self.starts[1:], self.row], strict=False)][1:]:
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

    # ---- all together

    def overview(self) -> None:
        """A row a figure, a column a year, and the change over the years; then the same of the units of all years."""
        common, rows = self.common, self.evaluation.rows
        kinds = dict.fromkeys(self.unit_of(row, change=True) for row in rows if row.change)
        change = [self.say("span_moved", span=self.telling.words["_span"], kinds=list(kinds))] * self.several
        heads = [self.say("unit"), self.say("indicator"), *map(str, self.years)]
        title = self.say("block_overview" if common.alike else "block_overview_apart")
        self.all = self.rows(rows, title, [*heads, *(change if common.alike else [])], None)
        self.compared = self.all
        compared = [row for row in rows if row.compare and self.told(row)]
        if not common.alike and common.codes and compared:
            title = self.say("block_common", common=len(common.codes), names=common.others)
            self.compared = self.rows(compared, title, [*heads, *change], common)

    def told(self, row: Row) -> bool:
        """Whether there is anything to compare: some sums are withheld from the public."""
        return not self.evaluation.public or any(
            value is not None for value in self.figures.path(row.show, self.common)
        )

    def rows(self, rows: Sequence[Row], title: str, heads: Sequence[str], over: Comparable | None) -> _Block:
        self.block(title, heads)
        block = _Block(self.row - 1, {row.show.node: self.row + at for at, row in enumerate(rows)}, over)
        shown = {row.show.node: row for row in rows}
        for at, row in enumerate(rows):
            self.whole_row(self.row + at, row, block, shown)
        self.row += len(rows) + 1
        return block

    def unit_of(self, row: Row, change: bool = False) -> str:
        values = self.figures.path(row.show)
        points = row.points or change and row.show.unit.is_percent
        return self.cells.unit_text(row.show.unit, points, cell_number(row.show.unit, values, points, counts=True))

    def whole_row(self, at: int, row: Row, block: _Block, shown: dict[tree.Node, Row]) -> None:
        cells, over, count = self.cells, block.over, len(self.years)
        values = [shown_value(self.figures.whole(row.show, place, over), row.points) for place in range(count)]
        number = cell_number(row.show.unit, values, row.points, counts=True)
        cells.sheet.write(at, 0, self.unit_of(row), cells.styles.text(Role.KEY))
        label = row.compared_label if over else row.label
        cells.sheet.write(at, 1, label[self.lang], cells.styles.text(Role.KEY))
        for place, value in enumerate(values):
            units = over
            if units is None and row.show.back:
                basis = self.figures.compared(row.show.back, place)
                units = None if basis.alike else basis

            def known(node: tree.Node, year: int, units: Comparable | None = units) -> str:
                there = block.rows.get(node, at)
                usable = there != at and units is over and not shown[node].points
                return cells.at(there, FIRST + year) if usable else ""

            text = (
                cells.said(row.show.node, Spot(place, over=units, known=known), row.points) if value is not None else ""
            )
            cells.put(at, FIRST + place, text, value, number)
        if not self.several or over is None and not self.common.alike:
            return
        now, then = (cells.at(at, FIRST + place) for place in (count - 1, 0))
        if not row.change:
            cells.blank(at, FIRST + count)
        elif row.points:
            first, last = values[0], values[-1]
            moved = last - first if isinstance(first, Fraction) and isinstance(last, Fraction) else None
            cells.put(at, FIRST + count, f"ROUND({now}-{then},2)", moved, number)
        else:
            cells.moved(at, FIRST + count, (now, then), (values[-1], values[0]), row.show.unit.is_percent, number)

    # ---- the units in the year evaluated

    def keys(self) -> list[str]:
        return [say(self.lang, f"workbook.{key}") for key in ("code", "name")]

    def table(self, part: TablePart) -> None:
        cells, run, columns, year = self.cells, self.run, _on_sheet(part), len(self.years) - 1
        labels = [self.say("points_of", label=column.label) if column.points else column.label[self.lang]
                  for column in columns]  # fmt: skip
        title = self.telling.first_said(part.captions) + self.basis(columns)
        self.block(title, [*self.keys(), *labels])
        first, last = self.row, self.row + len(run.table)
        held = [
            [shown_value(value, column.points) for value in self.figures.of_units(column.show)] for column in columns
        ]
        numbers = [cell_number(column.show.unit, values, column.points)
                   for column, values in zip(columns, held, strict=True)]  # fmt: skip
        for row, (code, name) in enumerate(zip(run.table.codes, run.table.names, strict=True)):
            cells.unit(first + row, code, name)
            here = {column.show.node: cells.at(first + row, FIRST + at) for at, column in enumerate(columns)
                    if not column.points}  # fmt: skip
            for at, column in enumerate(columns):
                bare = isinstance(column.show.node, tree.Name)
                known = nothing_known if bare else by_node(here, year, cells.at(first + row, FIRST + at))
                text = cells.said(column.show.node, Spot(year, code, known=known), column.points)
                cells.put(first + row, FIRST + at, text, held[at][row], numbers[at])
        cells.unit(last, "", say(self.lang, "workbook.total"), bold=True)
        for at in range(len(columns)):
            self.total(last, first, at, columns, held[at], numbers[at])
        red = {"type": "cell", "criteria": ">", "value": 0, "format": look(Role.NOTE, {"font_color": BAD})}
        for at, column in enumerate(columns):
            if column.red:
                cells.sheet.conditional_format(first, FIRST + at, last - 1, FIRST + at, red)
        self.row = last + 1
        for at, column in enumerate(columns):
            for count in column.counts:
                test = f"{SIGNS.get(count.op, count.op)}{_number_text(count)}"
                many = _passing(count, self.figures.of_units(column.show))
                cells.counted(self.row, FIRST + at, count.label[self.lang], (first, last - 1), test, many)
                self.row += 1
        self.row += 1

    def basis(self, columns: Sequence[ShownColumn]) -> str:
        """Over which units a total that looks back is worked out, where they are not all."""
        back = max((column.total.back for column in columns if column.total), default=0)
        both = self.figures.compared(back)
        if not back or not self.several or both.alike or not both.codes:
            return ""
        return self.say("step_common" if back == 1 else "span_common", common=len(both.codes))

    def total(self, last: int, first: int, at: int, columns: Sequence[ShownColumn], values: Sequence[Value],
              number: str) -> None:  # fmt: skip
        cells, column, place = self.cells, columns[at], len(self.years) - 1
        if column.adds and all(value is None for value in values):
            cells.blank(last, FIRST + at)  # of figures that nobody gave the total is unknown, not 0
            return
        if column.adds:
            whole = sum((value for value in values if isinstance(value, Fraction)), Fraction(0))
            cells.sum(last, FIRST + at, first, whole, number)
            return
        if column.total is None:
            cells.blank(last, FIRST + at)
            return
        value = shown_value(self.figures.whole(column.total), column.points)
        here = {other.total.node: cells.at(last, FIRST + there) for there, other in enumerate(columns)
                if other.total and there != at and not other.points}  # fmt: skip
        text = self.total_text(column.total, Spot(place, known=by_node(here, place)), column.points)
        number = cell_number(column.total.unit, [value], column.points)
        cells.put(last, FIRST + at, text, value, number, bold=True)

    def total_text(self, total: CheckedFormula, spot: Spot, points: bool) -> str:
        """From the cells of its own row where they say all of it, else the cell of all together, else worked out."""
        if isinstance(total.node, tree.Name):
            return self.cells.said(total.node, Spot(spot.place), points)
        strict = Spot(spot.place, known=spot.known, strict=True)
        if text := self.cells.said(total.node, strict, points):
            return text
        row = next((row for row in self.evaluation.rows if row.show == total and row.points == points), None)
        if row:
            return self.cells.at(self.all.rows[total.node], FIRST + spot.place)
        basis = self.figures.compared(total.back)
        over = None if not total.back or basis.alike else basis
        return self.cells.said(total.node, Spot(spot.place, over=over), points)

    # ---- the units by year

    def unit_years(self, part: YearsPart) -> None:
        """A unit a row, a year a column; how it changed, and in how many years something held."""
        cells, count, times = self.cells, len(self.years), part.times
        change = "span_change" if part.of.unit.is_percent else "span_grown"
        more = [self.say(change)] if self.several else []
        more += [times.label[self.lang]] if times else []
        self.block(self.say("table_years", label=part.label), [*self.keys(), *map(str, self.years), *more])
        first, paths = self.row, self.figures.unit_paths(part.of)
        self.by_year[part.of] = first - 1, []
        number = cell_number(part.of.unit, (value for path in paths.values() for value in path), False)
        held = self.figures.unit_paths(times.when) if times else {}
        for code, name in self.timeline.counties.items():
            cells.unit(self.row, code, name)
            for place, value in enumerate(paths[code]):
                text = cells.said(part.of.node, Spot(place, code), False) if value is not None else ""
                cells.put(self.row, FIRST + place, text, value, number)
            if self.several:
                ends = cells.at(self.row, FIRST + count - 1), cells.at(self.row, FIRST)
                values = paths[code][-1], paths[code][0]
                cells.moved(self.row, FIRST + count, ends, values, part.of.unit.is_percent, number)
            if times:
                self.times(self.row, FIRST + count + self.several, times.when, code, held[code])
            self.by_year[part.of][1].append(self.row)
            self.row += 1
        if part.whole:
            self.total_by_year(part.whole, number)
            self.row += 1
        self.counts(part, (first, first + len(paths) - 1), paths, held)
        self.row += 1

    def times(self, row: int, column: int, test: CheckedFormula, code: str, held: Sequence[Value]) -> None:
        """In how many years something held of a unit; blank where it is no longer there."""
        if code not in self.run.table.codes:
            self.cells.blank(row, column)
            return
        tests = []
        for place, run in enumerate(self.timeline.runs):
            if code in run.table.codes:
                tests.append(f"IF({self.cells.formulas.bare(test.node, Spot(place, code))},1,0)")
        many = sum(value is True for value in held)
        self.cells.put(row, column, self.cells.formulas_of_last("+".join(tests)), many, COUNT)

    def total_by_year(self, whole: CheckedFormula, number: str) -> None:
        """Of the units that are there in every year; nothing where there are none."""
        cells, common, count = self.cells, self.common, len(self.years)
        label = say(self.lang, "workbook.total")
        cells.unit(self.row, "", label if common.alike else self.say("total_common", common=len(common.codes)), True)
        if not common.codes:
            return
        path = self.figures.path(whole, common)
        over = None if common.alike else common
        copied = self.compared.rows.get(whole.node) if over else None
        for place, value in enumerate(path):
            text = cells.said(whole.node, Spot(place, over=over), False)
            text = cells.at(copied, FIRST + place) if copied is not None else text
            cells.put(self.row, FIRST + place, text, value, number, bold=True)
        if self.several:
            ends = cells.at(self.row, FIRST + count - 1), cells.at(self.row, FIRST)
            percent = whole.unit.is_percent
            cells.moved(self.row, FIRST + count, ends, (path[-1], path[0]), percent, number, bold=True)

    def counts(self, part: YearsPart, span: tuple[int, int], paths: dict[str, tuple[Value, ...]],
               held: dict[str, tuple[Value, ...]]) -> None:  # fmt: skip
        change = FIRST + len(self.years)
        lines: list[tuple[Both | str, str, int, int]] = []
        if part.times:
            many = [sum(value is True for value in held[code]) for code in self.run.table.codes]
            column = change + self.several
            lines = [(part.times.never, "=0", sum(times == 0 for times in many), column),
                     (part.times.ever, ">0", sum(times > 0 for times in many), column)]  # fmt: skip
        elif self.several:
            ends = [(path[0], path[-1]) for path in paths.values()]
            moves = [last - first for first, last in ends if isinstance(first, Fraction) and isinstance(last, Fraction)]
            moves = [points_of(move) if part.of.unit.is_percent else move for move in moves]
            lines = [(self.say("count_up"), ">0", sum(move > 0 for move in moves), change),
                     (self.say("count_level"), "=0", sum(move == 0 for move in moves), change),
                     (self.say("count_down"), "<0", sum(move < 0 for move in moves), change)]  # fmt: skip
        for label, test, count, column in lines:
            text = label if isinstance(label, str) else label[self.lang]
            self.cells.counted(self.row, column, text, span, test, count)
            self.row += 1

    # ---- charts

    def chart(self, part: LinesPart) -> list[LineChart]:
        title = self.telling.first_said(part.captions)
        if not (part.of is None or part.of in self.by_year) or not {row.node for row, _ in part.rows} <= {
            *self.compared.rows
        }:
            return []  # its cells are not for the public
        if part.of:
            head, rows = self.by_year[part.of]
            title += self.say("most", most=len(LINES)) if len(rows) > len(LINES) else ""
            rows = rows[: len(LINES)]
        else:
            head, rows = self.compared.head, [self.compared.rows[formula.node] for formula, _ in part.rows]
        last = FIRST + len(self.years) - 1
        text = title + marks(self.run)[self.lang]
        return [LineChart(text, part.axis[self.lang], head, FIRST, last, tuple(rows), part.full, part.percent)]


def _on_sheet(part: TablePart) -> list[ShownColumn]:
    return [column for column in part.columns if column.only != "report"]


def _number_text(count: Count) -> str:
    top, below = count.number
    return str(top) if below == 1 else f"{top}/{below}"


def _passing(count: Count, values: Sequence[Value]) -> int:
    number = Fraction(*count.number)
    return sum(TESTS[count.op](value, number) for value in values if isinstance(value, Fraction))
