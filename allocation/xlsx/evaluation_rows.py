"""The cells of sheet 评估: live formulas over the years' sheets, each with the engine's figure beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocation.arrays import rounded
from allocation.report.formats import number_format
from allocation.run.run import Run
from allocation.sheets.sheet import Sheet
from allocation.texts import say
from allocation.xlsx.evaluation_lines import CHANGES, COUNT, FORMATS, PEOPLE, PERCENT, POINTS, Tally
from allocation.xlsx.grids import plain, write_formula
from allocation.xlsx.layout import FIRST, STATE, letters
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import Styles
from allocation.years.comparable import DECIMALS, PARTS, Comparable, comparable
from allocation.years.timeline import Timeline

LONGEST = 5000  # characters of a formula; Excel takes 8192, and a sum of 255 spans


@dataclass(frozen=True)
class Cells:
    """`plans` say where each year's figures stand; where they are not live, figures are written instead."""

    sheet: Sheet
    timeline: Timeline
    plans: list[Plan]
    styles: Styles
    lang: str

    # ---- any cell

    def put(self, row: int, column: int, text: str, value: object, number: str, bold: bool = False) -> None:
        """The figure itself where its formula would be too long."""
        style = self.styles.figure(number, bold=bold)
        if self.plans[0].live and len(text) <= LONGEST:
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

    def points(self, row: int, column: int, rate: str, other: str, value: Fraction, bold: bool = False) -> None:
        """`one` less `other`, two rates, in percentage points."""
        self.put(row, column, f"ROUND(({rate}-{other})*100,2)", _points(value), POINTS, bold)

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
        for place, (run, plan, value) in enumerate(zip(self.timeline.runs, self.plans, path, strict=True)):
            if value is None:
                self.blank(row, column + place)
            else:
                self.own(row, column + place, plan, run, name, run.table.codes.index(code))

    def times(self, code: str) -> int | None:
        """In how many years the county missed its target; None where it is no longer there."""
        if code not in self.timeline.runs[-1].table.codes:
            return None
        return sum(gap is not None and gap > 0 for gap in self.timeline.path("behind", code))

    def missed(self, row: int, column: int, code: str) -> None:
        times = self.times(code)
        if times is None:
            self.blank(row, column)
            return
        tests = []
        for run, plan in zip(self.timeline.runs, self.plans, strict=True):
            if code in run.table.codes:
                cell = _cell(plan, "behind").replace("{r}", str(FIRST + run.table.codes.index(code) + 1))
                tests.append(f"IF({cell}>0,1,0)")
        self.put(row, column, _unless_broken(self.plans[-1], "+".join(tests)), times, COUNT)

    # ---- the overview

    def overview_row(self, line: Tally, places: dict[str, int], first: int, common: Comparable | None = None) -> None:
        """`common`: of these counties alone. Years with other counties are not compared."""
        row, number, count = places[line.name], FORMATS[line.kind], len(self.plans)
        self.sheet.write(row, 0, say(self.lang, f"evaluate.unit_{_unit(number)}"), self.styles.text())
        self.sheet.write(row, 1, self._label(line), self.styles.text())
        values = [self._value(line, place, common) for place in range(count)]
        for place, value in enumerate(values):
            if value is None:
                self.blank(row, first + place)
            else:
                self.put(row, first + place, self._text(line, place, places, first, common), value, number)
        if not common and not self.common.alike:
            return
        if count > 1 and line.kind in CHANGES:
            now, then = self.at(row, first + count - 1), self.at(row, first)
            if line.kind == "figure":
                self.points(row, first + count, now, then, values[-1] - values[0])
            else:
                text = f"ROUND({now}-{then},2)" if line.kind == "gap" else f"{now}-{then}"
                self.put(row, first + count, text, values[-1] - values[0], CHANGES[line.kind])
        elif count > 1:
            self.blank(row, first + count)

    @property
    def common(self) -> Comparable:
        return comparable(self.timeline.runs)

    def both(self, place: int) -> Comparable:
        """The counties of a year and the year before."""
        return comparable(self.timeline.runs[place - 1 : place + 1])

    def step(self, name: str, place: int) -> Fraction | None:
        """Percentage points by which a rate moved over the year before, of the counties that are there in both."""
        path = self.both(place).path(name.removesuffix("_all")) if place else ()
        return _points(path[1] - path[0]) if path else None

    def _label(self, line: Tally) -> str:
        if line.kind in ("total", "figure"):
            label = self.timeline.run.model.entry(line.of[0]).label[self.lang]
            return say(self.lang, "evaluate.sum_of", label=label) if line.kind == "total" else label
        return say(self.lang, f"evaluate.row_{line.name}")

    def _value(self, line: Tally, place: int, common: Comparable | None) -> object:
        run, of = self.timeline.runs[place], line.of
        if common and line.kind == "total":
            return common.total(run, of[0])
        if common and line.kind == "figure":
            return common.rate(run, of[0])
        if common:
            return _points(common.rate(run, "resident_rate") - common.rate(run, "registered_rate"))
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

    def _text(self, line: Tally, place: int, places: dict[str, int], first: int, common: Comparable | None) -> str:
        plan, of, column = self.plans[place], line.of, first + place
        here = {name: self.at(row, column) for name, row in places.items()}
        if common and line.kind == "total":
            return _unless_broken(plan, self._sum(place, of[0], common))
        if common and line.kind == "figure":
            part, whole = (here[name] for name in PARTS[of[0]])
            return f"ROUND({part}/{whole},{DECIMALS})"
        match line.kind:
            case "counties":
                return f"ROWS({_span(plan, 'settled')})"
            case "total":
                return _unless_broken(plan, f"SUM({_span(plan, of[0])})")
            case "figure":
                return _unless_broken(plan, plan.layout.column(of[0]))
            case "step" if not self.both(place).alike:
                return self._step_of_both(of[0].removesuffix("_all"), place)
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

    def _sum(self, place: int, name: str, common: Comparable) -> str:
        return f"SUM({_parts(self.plans[place], name, common.rows(self.timeline.runs[place]))})"

    def _step_of_both(self, name: str, place: int) -> str:
        both, rates = self.both(place), []
        for at in (place, place - 1):
            part, whole = (self._sum(at, name, both) for name in PARTS[name])
            rates.append(f"ROUND({part}/{whole},{DECIMALS})")
        text = _unless_broken(self.plans[place - 1], f"ROUND(({rates[0]}-{rates[1]})*100,2)")
        return _unless_broken(self.plans[place], text)


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


def _parts(plan: Plan, name: str, rows: Sequence[int]) -> str:
    """A name's cells of some counties: a span for every unbroken run of rows."""
    sheet, _, cell = _cell(plan, name).partition("!")
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    ends = ([cell.replace("{r}", f"${plan.layout.first + row}") for row in span] for span in spans)
    return ",".join(f"{sheet}!{first}:{last}" for first, last in ends)


def _points(value: Fraction) -> Fraction:
    return rounded(value * 100, 2)


def _unit(number: str) -> str:
    return {PEOPLE: "people", PERCENT: "percent", POINTS: "points", COUNT: "count"}[number]
