"""The cells of sheet 评估: live formulas over the years' sheets, each with the engine's figure beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlsxwriter.worksheet import Worksheet

from allocation.run import Run
from allocation.study.timeline import Timeline
from allocation.texts import say
from allocation.workbook.grids import plain, write_formula
from allocation.workbook.layout import FIRST, STATE, letters
from allocation.workbook.plan import Plan
from allocation.workbook.styles import Styles, number_format

PEOPLE, PERCENT, POINTS, COUNT = "#,##0", "0.00%", "+0.00;-0.00;0.00", "0"


@dataclass(frozen=True)
class Line:
    """A row of the overview. `kind` says what it is made of: `of` are a name of the model, or rows above it.

    counties: how many; total: a sum over counties; figure: one a run; step: points over the year before; less: people;
    gap: points between two rates; many: counties above 0; rest: all counties less those of a row.
    """

    name: str
    kind: str
    of: tuple[str, ...] = ()


def _kind(kind: str) -> tuple[Line, ...]:
    return (
        Line(kind, "total", (kind,)),
        Line(f"{kind}_urban", "total", (f"{kind}_urban",)),
        Line(f"{kind}_rate_all", "figure", (f"{kind}_rate_all",)),
        Line(f"{kind}_rate_step", "step", (f"{kind}_rate_all",)),
    )


def _against(settled: str, target: str, rate: str, behind: str) -> tuple[Line, ...]:
    return (
        Line(target, "total", (target,)),
        Line(settled, "total", (settled,)),
        Line(f"{settled}_less", "less", (settled, target)),
        Line(rate, "figure", (rate,)),
        Line(f"{behind}_met", "rest", (behind,)),
        Line(f"{behind}_many", "many", (behind,)),
        Line(behind, "total", (behind,)),
    )


OVERVIEW = (
    Line("counties", "counties"),
    *_kind("registered"),
    *_kind("resident"),
    Line("rate_gap", "gap", ("resident_rate_all", "registered_rate_all")),
    *_against("settled", "settled_target", "completion_all", "behind"),
    *_against("settled_to_date", "target_to_date", "completion_to_date_all", "behind_to_date"),
)
FORMATS = {"counties": COUNT, "total": PEOPLE, "figure": PERCENT, "step": POINTS, "less": PEOPLE, "gap": POINTS,
           "many": COUNT, "rest": COUNT}  # fmt: skip
CHANGES = {"total": PEOPLE, "less": PEOPLE, "figure": POINTS, "gap": POINTS}  # of which the change over years is shown


@dataclass(frozen=True)
class Cells:
    """`plans` say where each year's figures stand; where they are not live, figures are written instead."""

    sheet: Worksheet
    found: Timeline
    plans: list[Plan]
    styles: Styles
    lang: str

    # ---- any cell

    def put(self, row: int, column: int, text: str, value: object, number: str, bold: bool = False) -> None:
        style = self.styles.figure(number, bold=bold)
        if self.plans[0].live:
            write_formula(self.sheet, row, column, text, style, value)
        else:
            self.sheet.write(row, column, plain(value), style)

    def at(self, row: int, column: int) -> str:
        return f"{letters(column)}{row + 1}"

    def blank(self, row: int, column: int) -> None:
        self.sheet.write_blank(row, column, None, self.styles.text())

    def county(self, row: int, code: str, name: str, bold: bool = False) -> None:
        self.sheet.write_string(row, 0, code, self.styles.text(num_format="@"))
        self.sheet.write_string(row, 1, name, self.styles.text(bold=bold))

    def points(self, row: int, column: int, one: str, other: str, value: Fraction, bold: bool = False) -> None:
        """`one` less `other`, two rates, in percentage points."""
        self.put(row, column, f"ROUND(({one}-{other})*100,2)", _points(value), POINTS, bold)

    def sum(self, row: int, column: int, first: int, value: Sequence[Fraction]) -> None:
        self.put(row, column, f"SUM({self.at(first, column)}:{self.at(row - 1, column)})", value[0], PEOPLE, bold=True)

    def counted(self, row: int, column: int, label: str, rows: tuple[int, int], test: str, count: int) -> None:
        """How many figures above pass a test; blank cells are no figures."""
        self.county(row, "", label)
        span = f"{self.at(rows[0], column)}:{self.at(rows[1], column)}"
        text = _unless_broken(self.plans[-1], f'SUMPRODUCT(({span}<>"")*({span}{test}))')
        self.put(row, column, text, count, COUNT)

    # ---- figures of a year's sheets

    def own(self, row: int, column: int, plan: Plan, run: Run, name: str, place: int, points: bool = False) -> None:
        """A county's input or column; a rate's change in percentage points."""
        entry, value = run.model.entry(name), run.figures(name)[place]
        cell = _cell(plan, name).replace("{r}", str(FIRST + place + 1))
        if points:
            self.put(row, column, _unless_broken(plan, f"ROUND({cell}*100,2)"), _points(value), POINTS)
        else:
            number = number_format(entry.unit, None if entry.unit.is_percent else 0)
            self.put(row, column, _unless_broken(plan, cell), value, number)

    def scalar(self, row: int, column: int, plan: Plan, run: Run, name: str) -> None:
        text = _unless_broken(plan, plan.layout.column(name))
        self.put(row, column, text, run.figure(name), PERCENT, bold=True)

    def copied(self, row: int, column: int, source: int, source_column: int, value: object, number: str) -> None:
        """What stands in another cell of this sheet already; blank where that is."""
        if value is None:
            self.blank(row, column)
        else:
            self.put(row, column, self.at(source, source_column), value, number, bold=True)

    def path(self, row: int, column: int, name: str, code: str, path: Sequence[Fraction | None]) -> None:
        """A county's rate in every year; blank in a year it was not there."""
        for place, (run, plan, value) in enumerate(zip(self.found.runs, self.plans, path, strict=True)):
            if value is None:
                self.blank(row, column + place)
            else:
                self.own(row, column + place, plan, run, name, run.table.codes.index(code))

    def times(self, code: str) -> int | None:
        """In how many years the county missed its target; None where it is no longer there."""
        if code not in self.found.runs[-1].table.codes:
            return None
        return sum(gap is not None and gap > 0 for gap in self.found.path("behind", code))

    def missed(self, row: int, column: int, code: str) -> None:
        times = self.times(code)
        if times is None:
            self.blank(row, column)
            return
        tests = []
        for run, plan in zip(self.found.runs, self.plans, strict=True):
            if code in run.table.codes:
                cell = _cell(plan, "behind").replace("{r}", str(FIRST + run.table.codes.index(code) + 1))
                tests.append(f"IF({cell}>0,1,0)")
        self.put(row, column, _unless_broken(self.plans[-1], "+".join(tests)), times, COUNT)

    # ---- the overview

    def overview_row(self, line: Line, places: dict[str, int], first: int) -> None:
        row, number, count = places[line.name], FORMATS[line.kind], len(self.plans)
        self.sheet.write(row, 0, say(self.lang, f"evaluate.unit_{_unit(number)}"), self.styles.text())
        self.sheet.write(row, 1, self._label(line), self.styles.text())
        values = [self._value(line, place) for place in range(count)]
        for place, value in enumerate(values):
            if value is None:
                self.blank(row, first + place)
            else:
                self.put(row, first + place, self._text(line, place, places, first), value, number)
        if count > 1 and line.kind in CHANGES:
            now, then = self.at(row, first + count - 1), self.at(row, first)
            if line.kind == "figure":
                self.points(row, first + count, now, then, values[-1] - values[0])
            else:
                text = f"ROUND({now}-{then},2)" if line.kind == "gap" else f"{now}-{then}"
                self.put(row, first + count, text, values[-1] - values[0], CHANGES[line.kind])
        elif count > 1:
            self.blank(row, first + count)

    def step(self, name: str, place: int) -> Fraction | None:
        """Percentage points by which a rate of all counties moved over the year before."""
        if not place:
            return None
        now, before = (self.found.runs[one].figure(name) for one in (place, place - 1))
        return _points(now - before)

    def _label(self, line: Line) -> str:
        if line.kind in ("total", "figure"):
            label = self.found.run.model.entry(line.of[0]).label[self.lang]
            return say(self.lang, "evaluate.sum_of", label=label) if line.kind == "total" else label
        return say(self.lang, f"evaluate.row_{line.name}")

    def _value(self, line: Line, place: int) -> object:
        run, of = self.found.runs[place], line.of
        match line.kind:
            case "counties":
                return len(run.table)
            case "total":
                return run.total(of[0])
            case "figure":
                return run.figure(of[0])
            case "step":
                return self.step(of[0], place)
            case "less":
                return run.total(of[0]) - run.total(of[1])
            case "gap":
                return _points(run.figure(of[0]) - run.figure(of[1]))
        many = sum(value > 0 for value in run.figures(of[0]))
        return many if line.kind == "many" else len(run.table) - many

    def _text(self, line: Line, place: int, places: dict[str, int], first: int) -> str:
        plan, of, column = self.plans[place], line.of, first + place
        here = {name: self.at(row, column) for name, row in places.items()}
        match line.kind:
            case "counties":
                return f"ROWS({_span(plan, 'settled')})"
            case "total":
                return _unless_broken(plan, f"SUM({_span(plan, of[0])})")
            case "figure":
                return _unless_broken(plan, plan.layout.column(of[0]))
            case "step":
                row = places[of[0]]
                return f"ROUND(({self.at(row, column)}-{self.at(row, column - 1)})*100,2)"
            case "less":
                return f"{here[of[0]]}-{here[of[1]]}"
            case "gap":
                return f"ROUND(({here[of[0]]}-{here[of[1]]})*100,2)"
        if line.kind == "many":
            return _unless_broken(plan, f"SUMPRODUCT(--({_span(plan, of[0])}>0))")
        return f"{here['counties']}-{here[f'{of[0]}_many']}"


def _unless_broken(plan: Plan, text: str) -> str:
    """Nothing that looks like a figure where a year's data are not right."""
    return f"IF({plan.layout.check(STATE)}=0,{text},NA())"


def _cell(plan: Plan, name: str) -> str:
    return plan.layout.input(name) if name in plan.layout.inputs else plan.layout.column(name)


def _span(plan: Plan, name: str) -> str:
    """A name's cells of all counties."""
    sheet, _, cell = _cell(plan, name).partition("!")
    first, last = (cell.replace("{r}", f"${row}") for row in (plan.layout.first, plan.layout.last))
    return f"{sheet}!{first}:{last}"


def _points(value: Fraction) -> Fraction:
    return round(value * 100, 2)


def _unit(number: str) -> str:
    return {PEOPLE: "people", PERCENT: "percent", POINTS: "points", COUNT: "count"}[number]
