"""The cells of sheet 评估: live formulas over the years' sheets, each with the engine's figure beside it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from allocation.arrays import rounded
from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.units import Unit
from allocation.report.formats import number_format
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Sheet
from allocation.texts.decimals import PERCENTAGE, SIGNED, UNROUNDED, cell_format, decimals_needed
from allocation.xlsx.evaluation_formulas import NotSaid, Spot, YearFormulas
from allocation.xlsx.grids import plain, write_formula
from allocation.xlsx.layout import letters
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import Styles
from allocation.years.evaluation.figures import Value
from allocation.years.evaluation.telling import Telling

LONGEST = 5000  # characters of a formula; Excel takes 8192, and a sum of 255 spans
COUNT, POINTS = cell_format(0, grouped=False), SIGNED.format(cell_format(PERCENTAGE, grouped=False))


@dataclass(frozen=True)
class Cells:
    """`plans` say where each year's figures stand; where they are not live, figures are written instead."""

    sheet: Sheet
    telling: Telling
    plans: list[Plan]
    styles: Styles

    @property
    def live(self) -> bool:
        return bool(self.plans) and self.plans[0].live

    @property
    def formulas(self) -> YearFormulas:
        return YearFormulas(self.telling.model, self.telling.timeline.runs, self.plans)

    def put(self, row: int, column: int, text: str, value: Value | int, number: str, bold: bool = False) -> None:
        """The figure itself where there is no formula, or it would be too long; a blank where there is no figure."""
        style = self.styles.figure(number, bold=bold)
        if value is None:
            self.blank(row, column)
        elif self.live and 0 < len(text) <= LONGEST:
            write_formula(self.sheet, row, column, text, style, value)
        else:
            self.sheet.write(row, column, plain(value), style)

    def at(self, row: int, column: int) -> str:
        return f"{letters(column)}{row + 1}"

    def blank(self, row: int, column: int) -> None:
        self.sheet.write_blank(row, column, None, self.styles.text())

    def unit(self, row: int, code: str, name: str, bold: bool = False) -> None:
        self.sheet.write_string(row, 0, code, self.styles.text(Role.KEY, num_format="@"))
        self.sheet.write_string(row, 1, name, self.styles.text(Role.KEY, bold=bold))

    def said(self, node: tree.Node, spot: Spot, points: bool) -> str:
        """A formula's text; empty where the sheet cannot say it, or holds none."""
        if not self.live:
            return ""
        try:
            return self.formulas.points(node, spot) if points else self.formulas.text(node, spot)
        except NotSaid:
            return ""

    def moved(self, row: int, column: int, cells: tuple[str, str], values: tuple[Value, Value], percent: bool,
              number: str, bold: bool = False) -> None:  # fmt: skip
        """What the first of two cells has more than the second; of rates in percentage points."""
        now, then = values
        if not isinstance(now, Fraction) or not isinstance(then, Fraction):
            self.blank(row, column)
            return
        text = f"{cells[0]}-{cells[1]}"
        if percent:
            self.put(row, column, f"ROUND(({text})*100,2)", points_of(now - then), POINTS, bold)
        else:
            self.put(row, column, text, now - then, number, bold)

    def sum(self, row: int, column: int, first: int, value: Fraction, number: str) -> None:
        text = f"SUM({self.at(first, column)}:{self.at(row - 1, column)})"
        self.put(row, column, text, value, number, bold=True)

    def counted(self, row: int, column: int, label: str, rows: tuple[int, int], test: str, count: int) -> None:
        """How many figures above pass a test; blank cells are no figures."""
        self.unit(row, "", label)
        span = f"{self.at(rows[0], column)}:{self.at(rows[1], column)}"
        text = self.formulas_of_last(f'SUMPRODUCT(({span}<>"")*({span}{test}))')
        self.put(row, column, text, count, COUNT)

    def formulas_of_last(self, text: str) -> str:
        """What shows no figure where the year evaluated is not right."""
        if not self.live:
            return ""
        formulas = self.formulas
        formulas.read = {len(self.plans) - 1}
        return formulas.guarded(text)

    def unit_text(self, unit: Unit, points: bool, number: str) -> str:
        if points:
            return self.sheet.say("evaluate.unit_points")
        if not unit.name and number == COUNT:
            return self.sheet.say("evaluate.unit_count")
        return self.telling.model.units.label(unit.name, self.sheet.lang)


def points_of(value: Fraction) -> Fraction:
    return rounded(value * 100, 2)


def shown_value(value: Value, points: bool) -> Value:
    """A figure as its cell holds it."""
    return points_of(value) if points and isinstance(value, Fraction) else value


def cell_number(unit: Unit, values: Iterable[Value], points: bool, counts: bool = False) -> str:
    """The number format of a row or column of figures. `counts`: whole figures without a unit are numbers of units."""
    if points:
        return POINTS
    held = [*values]
    if any(isinstance(value, str) for value in held):
        return "@"
    if unit.is_percent:
        return number_format(unit, None)
    decimals = decimals_needed(held, UNROUNDED)
    return COUNT if counts and not unit.name and not decimals else number_format(unit, decimals)
