"""A back-test as a notebook sees it: what the model gives in each year, beside what was awarded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.lab import calibrate as study
from allocation.notebook import markup
from allocation.notebook.actuals import known_of, opened
from allocation.notebook.arguments import LANG, TRUTH, YEAR, optional, takes
from allocation.notebook.charts import Chart, ChartRow, Plots
from allocation.notebook.frames import cell
from allocation.notebook.kinds import ACTUAL, MODEL, TABLES
from allocation.notebook.model_view import ModelView
from allocation.notebook.pictures import axis
from allocation.notebook.settings import changes_of
from allocation.notebook.spoken import language, needs, spoken
from allocation.notebook.titles import titled
from allocation.policy.model import Model as EngineModel
from allocation.readings.amounts import amount
from allocation.run.marks import marks
from allocation.run.run import Run
from allocation.run.scenario import Change
from allocation.texts import Both, both
from allocation.texts.decimals import figure_text
from allocation.years.timeline import year_of

if TYPE_CHECKING:
    import pandas


@takes(model=MODEL, tables=TABLES, actual=optional(ACTUAL), reference=TRUTH)
def backtest(
    model: ModelView | EngineModel, tables: object, actual: object = None,
    *changes: Change | str | Mapping[str, object], reference: bool = False, **settings: object,
) -> BacktestView:  # fmt: skip
    """Each year by itself, beside what was awarded: `{year: {code: amount}}`, or a frame of code, year and amount.

    `tables` is one or a list of files, frames and Tables. Without `actual`, the next year's table says what was
    awarded. Raises AllocationError with all problems.
    """
    with spoken():
        pairs, given = opened(model, tables), changes_of(changes, settings)
        known = known_of(pairs, actual)
        tests = [
            test
            for model_then, table in pairs
            if table.year in known
            for test in study.backtest(model_then, [table], known, given, reference=reference)
        ]
        return BacktestView(tests)


@dataclass(frozen=True)
class Awarded:
    """A county in a year: what the model gives, what was awarded, and by how much that is too much."""

    year: int
    code: str
    name: str
    computed: Fraction
    actual: Fraction | None
    error: Fraction | None


def _awarded(test: study.Backtest) -> list[Awarded]:
    table, computed = test.run.table, test.run.amounts(test.run.model.award)
    columns = (table.codes, table.names, computed, test.actual, test.errors)
    return [Awarded(year_of(table), *row) for row in zip(*columns, strict=True)]


class BacktestView(markup.View):
    """`engine` has a year each, in order, with exact figures."""

    def __init__(self, engine: Sequence[study.Backtest]):
        self.engine = tuple(engine)

    @property
    def years(self) -> list[int]:
        return [year_of(test.run.table) for test in self.engine]

    @property
    def frame(self) -> pandas.DataFrame:
        """A row a year and county, indexed by code: year, name, computed, actual, error (computed less actual)."""
        return self.to_frame()

    @takes(exact=TRUTH)
    def to_frame(self, exact: bool = False) -> pandas.DataFrame:
        """The same; `exact`: whole units as int, other figures as Decimal, no floats."""
        needs("pandas")
        import pandas

        entry = self._run.model.columns[self._run.model.award]
        rows = [
            [row.code, row.year, row.name, *(cell(v, entry, exact) for v in (row.computed, row.actual, row.error))]
            for row in self._rows()
        ]
        heads = ["code", "year", "name", "computed", "actual", "error"]
        frame = pandas.DataFrame(rows, columns=heads, dtype=object).set_index("code").astype({"year": "int64"})
        frame = frame if exact else frame.astype(dict.fromkeys(heads[3:], float))
        frame.attrs = {"unit": entry.unit.name, "marks": marks(self._run)["zh"]}
        return frame

    @property
    def misplaced(self) -> dict[int, float]:
        """By year, the share of the money that would have to move for the two to agree; exact in `engine`."""
        return {year_of(test.run.table): float(test.misplaced) for test in self.engine}

    @property
    def _run(self) -> Run:
        return self.engine[-1].run

    def _rows(self) -> list[Awarded]:
        return [row for test in self.engine for row in _awarded(test)]

    @takes(year=optional(YEAR), lang=optional(LANG))
    def plot(self, year: int | None = None, lang: str | None = None) -> Chart:
        """One year, the last unless given: bars of computed and actual awards. Raises AllocationError."""
        plots = Plots(language(lang))
        with spoken(plots.lang):
            if year is not None and year not in self.years:
                raise AllocationError(Problem("notebook.fit_no_year", {"year": year, "known": self.years}))
        year = year or self.years[-1]
        rows = sorted((row for row in self._rows() if row.year == year), key=lambda row: -row.computed)
        run = next(test.run for test in self.engine if test.run.table.year == year)
        computed = [float(row.computed) for row in rows]
        awarded = [None if row.actual is None else float(row.actual) for row in rows]
        series: list[tuple[Both, Sequence[float | None]]]
        series = [(_words("computed"), computed), (_words("actual"), awarded)]
        counties = [ChartRow(row.name, row.code) for row in rows]
        return plots.bars(titled(run, _words("fit_chart")), axis(run, run.model.award), counties, series)

    def _title(self) -> str:
        return self._page.say("notebook.backtest", model=self._run.model.label, marks=marks(self._run))

    def _told(self) -> list[str]:
        page = self._page
        unit = self._run.model.columns[self._run.model.award].unit
        told = []
        for test in self.engine:
            known = [value for value in test.errors if value is not None]
            gap, blank = sum(known, Fraction(0)), len(test.errors) - len(known)
            slots = {
                "share": figure_text(test.misplaced, percent=True),
                "same": known.count(Fraction(0)),
                "counted": len(known),
            }
            slots |= {"blank": blank or "", "gap": amount(gap, unit, page.lang) if gap else ""}
            told.append(page.say("notebook.backtest_year", year=test.run.table.year, **slots))
        return told

    def __repr__(self) -> str:
        return "\n".join([self._title(), *self._told()])

    def _repr_html_(self) -> str:
        """The years, then the counties that are furthest off."""
        page, entry = self._page, self._run.model.columns[self._run.model.award]
        units = self._run.model.units
        heads = [page.say(f"notebook.{key}") for key in ("year", "computed", "actual", "error")]
        heads = [heads[0], *(page.say(f"workbook.{key}") for key in ("code", "name")), *heads[1:]]
        heads[3:] = [units.with_unit(head, entry.unit, page.lang) for head in heads[3:]]
        worst = sorted(self._rows(), key=lambda row: -abs(row.error or Fraction(0)))
        rows = [
            [str(row.year), row.code, row.name, figure_text(row.computed, entry.decimals),
             figure_text(row.actual, entry.decimals), figure_text(row.error, entry.decimals, signed=True)]
            for row in worst
        ]  # fmt: skip
        body = page.lines(self._told()) + markup.line(page.say("notebook.worst_first"))
        return markup.page(markup.title(self._title()), body, page.table(heads, rows, left=3))


def _words(key: str) -> Both:
    return both(f"notebook.{key}")
