"""Figures of an evaluation's formulas over the years of a run, over all units of a year or those of several years.

Totals of years compare over the units that are there in all of them: a formula that looks back is worked out over those
alone, and the model's figures of all units are then worked out afresh from theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np

from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.language import tree
from allocation.language.units import PURE
from allocation.readings.each import decimal
from allocation.readings.evaluated import Active, Evaluated
from allocation.readings.evaluation import Past
from allocation.readings.excel_values import Values
from allocation.readings.numbers import Evaluator
from allocation.run.run import Run, parameter_arrays
from allocation.tables.table import Table
from allocation.years.comparable import Comparable, comparable
from allocation.years.evaluation.addends import addends
from allocation.years.evaluation.differencing import ToldPart, ToldSum, telling_too_much
from allocation.years.evaluation.formulas import FIRST, CheckedFormula
from allocation.years.evaluation.public import own_names, private_sums
from allocation.years.timeline import Timeline

Value = Fraction | str | bool | None
Bound = Mapping[str, int | Sequence[int]]  # figures of names that begin with an underscore: one, or one a unit


class _Looking(Evaluator):
    """Of a year that is not there, and of a unit that was not, there is no figure; that is no error."""

    def earlier(self, name: str, periods: int) -> tuple[np.ndarray, np.ndarray | None]:
        back = len(self.past) if periods == FIRST else periods
        if back == 0:
            return self.values[name].data, self.values[name].missing
        try:
            return super().earlier(name, back)
        except AllocationError:
            return self.number(Fraction(0)), np.array([[True]])


@dataclass(frozen=True)
class _Years:
    """The years of a run over some of their units: a year's table and its values."""

    tables: tuple[Table, ...]
    values: tuple[Mapping[str, Evaluated], ...]

    def past(self, place: int) -> tuple[Past, ...]:
        return tuple(Past(table.codes, values) for table, values in zip(self.tables[:place], self.values, strict=False))


class YearFigures:
    """What formulas give; a place counts the years from 0, −1 is the year evaluated."""

    def __init__(
        self, timeline: Timeline, bound: Bound, open_: Collection[str] | None = None,
        told: Sequence[CheckedFormula] = (),
    ):  # fmt: skip
        """`bound`: the run's own numbers; `open_`, for the public: the units' figures that are told, None for all;
        `told`: every formula the public sees the figures of."""
        self.timeline, self.runs = timeline, timeline.runs
        self.bound, self.open, self.told = dict(bound), open_, told
        self.common = comparable(self.runs)
        self._years: dict[frozenset[str] | None, _Years] = {}
        self._held: dict[tuple[CheckedFormula, int, frozenset[str] | None], Value] = {}

    def compared(self, back: int, place: int = -1) -> Comparable:
        """The units of the years that a formula looks back on; of all years where it looks at none."""
        if back in (0, FIRST):
            return self.common
        place = place % len(self.runs)
        return comparable(self.runs[max(place - back, 0) : place + 1])

    def whole(
        self, formula: CheckedFormula, place: int = -1, over: Comparable | None = None, bound: Bound | None = None
    ) -> Value:
        """One figure of all units; `over`: of these alone. None where there is none."""
        place = place % len(self.runs)
        if over is None and formula.back:
            over = self.compared(formula.back, place)
        codes = None if over is None or over.alike else over.codes
        if codes is not None and not codes or self._withheld(formula, place, codes):
            return None
        key = formula, place, codes
        if bound:
            return self._one(formula, place, codes, bound)
        if key not in self._held:
            self._held[key] = self._one(formula, place, codes, {})
        return self._held[key]

    def _withheld(self, formula: CheckedFormula, place: int, codes: frozenset[str] | None) -> bool:
        """Whether the public could tell figures of single units from it: it adds up those of few, or of the units that
        several years have, which leaves those that came and went."""
        if self.open is None:
            return False
        sums = private_sums(self.runs[place].model, formula.node, self.open)
        if sums and codes is not None:
            return True
        return any((place, call.needed("x")) in self._telling for call in sums if call.fn != "count")

    @cached_property
    def _telling(self) -> frozenset[tuple[int, tree.Node]]:
        """What is added up, by year, that with what is told beside it would tell figures of single units."""
        sums: dict[tuple[int, tree.Node], ToldSum] = {}
        for place, run in enumerate(self.runs):
            calls = [call for formula in self.told for call in private_sums(run.model, formula.node, self.open or ())]
            for node in dict.fromkeys(call.needed("x") for call in calls if call.fn != "count"):
                sums[place, node] = ToldSum(node, place, self._parts(node, place))
        return telling_too_much([*sums.values()])

    def _parts(self, node: tree.Node, place: int) -> tuple[ToldPart, ...]:
        """The figures of units that a sum is of, but for those that are told of each unit anyway."""
        model = self.runs[place].model
        every = [of for of in addends(model, node) if own_names(model, of.figure, self.open or ())]
        return tuple(ToldPart(of.figure, self._contributing(of.node, place)) for of in every)

    def _contributing(self, node: tree.Node, place: int) -> dict[str, Fraction]:
        """By code, what the units have of something that is added up; without noughts."""
        values = self._each(CheckedFormula("", node, "column", "number", PURE, 0), place, None, {})
        codes = self.runs[place].table.codes
        return {code: Fraction(value) for code, value in zip(codes, values, strict=True)
                if isinstance(value, Fraction | bool) and value}  # fmt: skip

    def number(self, formula: CheckedFormula, place: int = -1, over: Comparable | None = None) -> Fraction | None:
        value = self.whole(formula, place, over)
        return value if isinstance(value, Fraction) else None

    def path(self, formula: CheckedFormula, over: Comparable | None = None) -> tuple[Fraction | None, ...]:
        """A figure of all units in every year."""
        return tuple(self.number(formula, place, over) for place in range(len(self.runs)))

    def of_units(self, formula: CheckedFormula, place: int = -1, bound: Bound | None = None) -> tuple[Value, ...]:
        """A figure of each unit of a year, in the table's order; None where there is none."""
        place = place % len(self.runs)
        return self._each(formula, place, None, bound or {})

    def unit_paths(self, formula: CheckedFormula) -> dict[str, tuple[Value, ...]]:
        """By code of every unit of any year, its figures of all years; None of a year it was not there."""
        years = [dict(zip(run.table.codes, self.of_units(formula, place), strict=True))
                 for place, run in enumerate(self.runs)]  # fmt: skip
        return {code: tuple(year.get(code) for year in years) for code in self.timeline.counties}

    def _one(self, formula: CheckedFormula, place: int, codes: frozenset[str] | None, bound: Bound) -> Value:
        values = self._each(formula, place, codes, bound)
        return values[0] if values else None

    def _each(
        self, formula: CheckedFormula, place: int, codes: frozenset[str] | None, bound: Bound
    ) -> tuple[Value, ...]:
        years = self._over(codes)
        table, width = years.tables[place], 1 if formula.whole else len(years.tables[place])
        looking = _evaluator(self.runs[place], table, years.past(place))
        looking.values = dict(years.values[place])
        for name, figures in {**self.bound, **bound}.items():
            looking.values[name] = Evaluated(tree.Name(name), looking_array(looking, figures))
        return evaluated(looking, formula.node, width)

    def _over(self, codes: frozenset[str] | None) -> _Years:
        if codes not in self._years:
            self._years[codes] = _all_years(self.runs) if codes is None else _some_units(self.runs, codes)
        return self._years[codes]


def evaluated(looking: Evaluator, node: tree.Node, width: int) -> tuple[Value, ...]:
    """The figures of a node, None where there is none: what it rests on is missing, or nothing divides by nothing."""
    faults = Values(looking)  # lenient from here on: what is missing is a fault of its row alone
    try:
        data = np.broadcast_to(looking.visit(node, Active()).data, (1, width))[0]
        wrong = np.broadcast_to(faults.faults(node), (width,))
    except AllocationError:
        return (None,) * width
    return tuple(None if fault else _plain(value) for value, fault in zip(data, wrong, strict=True))


def looking_array(looking: Evaluator, figures: int | Sequence[int]) -> np.ndarray:
    listed = [figures] if isinstance(figures, int) else figures
    data = np.empty((1, len(listed)), object if looking.exact else float)
    data[0, :] = [Fraction(figure) for figure in listed]
    return data


def _plain(value: object) -> Value:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    return value if isinstance(value, str | Fraction) else decimal(float(value))  # type: ignore[arg-type]


def _evaluator(run: Run, table: Table, past: tuple[Past, ...]) -> _Looking:
    return _Looking(run.model, table, parameter_arrays([run.model], run.exact), run.exact, past)


def _all_years(runs: Sequence[Run]) -> _Years:
    return _Years(tuple(run.table for run in runs), tuple(run.periods[-1] for run in runs))


def _some_units(runs: Sequence[Run], codes: frozenset[str]) -> _Years:
    """Each unit's figures as they are; what is one figure of all units, or of a group, worked out of theirs."""
    years = _Years((), ())
    for run in runs:
        rows = [row for row, code in enumerate(run.table.codes) if code in codes]
        table = Table(tuple(run.table.codes[row] for row in rows), tuple(run.table.names[row] for row in rows), {},
                      run.table.year)  # fmt: skip
        looking = _evaluator(run, table, years.past(len(years.tables)))
        for name, held in run.periods[-1].items():
            if name in run.model.inputs or run.model.columns[name].shape == "column":
                looking.values[name] = _sliced(held, rows, len(run.table))
            else:
                looking.values.pop(name, None)
        for name in run.model.order:
            if name not in looking.values:
                looking.values[name] = _afresh(looking, name)
        years = _Years((*years.tables, table), (*years.values, looking.values))
    return years


def _sliced(held: Evaluated, rows: Sequence[int], width: int) -> Evaluated:
    data = np.broadcast_to(held.data, (1, width))[:, rows]
    missing = None if held.missing is None else np.broadcast_to(held.missing, (1, width))[:, rows]
    return Evaluated(held.node, data, missing=missing if missing is not None and missing.any() else None)


def _afresh(looking: _Looking, name: str) -> Evaluated:
    node = looking.model.columns[name].node
    figures = looking.guarded(node, looking.model.columns[name].label)
    return figures or Evaluated(node, looking.number(Fraction(0)), missing=np.array([[True]]))
