"""One run: a model, its tables, what was changed, and everything that came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

import numpy as np

from allocation.arrays import in_columns
from allocation.case import NO_FACTS, Facts
from allocation.classes import dataclass
from allocation.doubts.doubt import Doubts
from allocation.doubts.doubting import doubts_beside
from allocation.doubts.policy import over_years, policy_doubts
from allocation.doubts.reconciled import Reconciled, from_kept, reconcile
from allocation.doubts.totals import far_from_before
from allocation.errors import AllocationError, Problem, tried
from allocation.policy.model import Band, Model
from allocation.policy.stages import MAIN
from allocation.readings.evaluated import Evaluated, seal_all
from allocation.readings.evaluation import Past
from allocation.readings.numbers import Evaluator
from allocation.run.blank_inputs import blanks_needed, never_filled, never_given, partly_blank
from allocation.run.checks import CheckResult, as_figure, broken_of, checks_of, closes
from allocation.run.required import lacking
from allocation.run.scenario import Change, Changed, apply_by_year
from allocation.sealing import Sealed, sealed
from allocation.tables.keys import Figure
from allocation.tables.table import Table, number
from allocation.texts import both

if TYPE_CHECKING:
    import pandas

    from allocation.parts.part import InLetters, Part
    from allocation.record.record import UnitsKept

# Of a scalar, of bands (edge, value), of a keyed parameter; each array (scenario, 1).
ParameterArrays = np.ndarray | list[tuple[np.ndarray | None, np.ndarray]] | dict[str, np.ndarray]
SCHEMA = "allocation.run/1"


T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True)
class Run:
    """Immutable. `periods` has the values by name of each table's year; figures are in the table's own order."""

    model: Model
    tables: tuple[Table, ...]
    changed: tuple[Changed, ...]
    exact: bool
    periods: tuple[Mapping[str, Evaluated], ...]
    checks: tuple[CheckResult, ...]
    notes: tuple[Problem, ...]
    reference: bool = False
    younger: bool = True  # the rule that `reference_before` speaks of was used
    models: tuple[Model, ...] = ()  # of a run over several years: the model with each year's parameters
    recorded_doubts: Doubts | None = None  # of a run computed again: those that its record keeps
    recorded_units: UnitsKept | None = None  # likewise
    facts: Facts = NO_FACTS  # of the issue it is for
    undecided: int = 0  # decisions on a cell that only Fractions could take

    def __post_init__(self) -> None:
        for period in self.periods:
            if not isinstance(period, Sealed):
                seal_all(period.values())
        object.__setattr__(self, "periods", tuple(sealed(period) for period in self.periods))

    @property
    def table(self) -> Table:
        return self.tables[-1]

    @property
    def year(self) -> int | None:
        """The year it is issued for (预算年度): of titles, letters, registers, the rule in force; the data's own where
        none was given."""
        return self.facts.budget_year or self.table.year

    @property
    def by_reference(self) -> bool:
        """参照: the model is not in force in the year, or rests on a rule younger than that."""
        before, year = self.model.reference_before, self.year
        return self.reference or (self.younger and before is not None and year is not None and year < before)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What was attached to this issue, in the order in which it was added."""
        from allocation.parts.kinds import part_of

        kinds = [*((part.kind, part.after) for part in self.model.parts), *((kind, "") for kind in self.table.parts)]
        return tuple(part for part in (part_of(*kind) for kind in kinds) if part)

    def part(self, kind: str) -> Part | None:
        """What was attached of a kind, such as `settlement`: the only way to ask for it."""
        return next((part for part in self.parts if part.kind == kind), None)

    @property
    def letter(self) -> InLetters | None:
        """How a letter speaks of the last part that has something to say; None of a plain award."""
        return next((part.letter for part in reversed(self.parts) if part.letter), None)

    @property
    def shared(self) -> bool:
        """Whether there is an award: not where a table was only checked, without figures that nobody gave yet."""
        return self.model.award in self.periods[-1]

    @property
    def ok(self) -> bool:
        return all(check.ok or check.severity == "warning" for check in self.checks)

    @cached_property
    def doubts(self) -> Doubts:
        """待核事项: what its tables and what stands beside them leave in doubt, where that was looked at, and the
        figures that the bureau has still to decide on.

        Raises AllocationError for a reason that resolves nothing.
        """
        if self.recorded_doubts is not None:
            return self.recorded_doubts
        batch = self.facts.batch.kind if self.facts.batch else MAIN
        paid = None if self.part("correction") else self._paid()
        standing = replace(self.model, parameters=over_years(self.model, self.models))
        return doubts_beside(self.model, self.tables, self._handed(), batch, paid, policy_doubts(standing))

    def _handed(self) -> tuple[Fraction | None, ...]:
        """All that is handed out in each year, None where nothing is."""
        each_year = [
            replace(self, tables=self.tables[:place], periods=self.periods[:place])
            for place in range(1, len(self.tables) + 1)
        ]
        return tuple(year.total(self.model.award) if year.shared else None for year in each_year)

    def _paid(self) -> dict[str, Fraction]:
        """By code what its parts say was paid before."""
        accounts = {name for part in self.parts for name in part.accounts}
        paid = [self.figures(name) for name in self.model.inputs if name.partition(".")[0] in accounts]
        sums = (sum((number(value) for value in of_unit if value is not None), Fraction(0))
                for of_unit in zip(*paid, strict=True))  # fmt: skip
        return dict(zip(self.table.codes, sums, strict=True)) if paid else {}

    @cached_property
    def units(self) -> Reconciled:
        """单位核对: the register, last year's units, the table and what is issued, every unit once."""
        awards = self.amounts(self.model.award) if self.shared else None
        if self.recorded_units is not None:
            return from_kept(self.recorded_units, self.table, awards)
        return reconcile(self.model, self.table, awards, self.doubts)

    @cached_property
    def _once(self) -> dict[tuple[object, ...], object]:
        return {}

    def once(self, work: Callable[Concatenate[Run, P], T], *asked: P.args, **named: P.kwargs) -> T:
        """What `work` makes of this run when it is first asked for.

        There are as many lines and letters as counties: what is the same for all of them is not made anew for each.
        """
        key = (work, *asked, *named.items())
        if key not in self._once:
            self._once[key] = work(self, *asked, **named)
        return cast(T, self._once[key])

    def figures(self, name: str) -> tuple[Figure | bool, ...]:
        """An input or column of the last period, one figure a county; None where an input is blank."""
        return self.once(Run._figures, name)

    def _figures(self, name: str) -> tuple[Figure | bool, ...]:
        evaluated = self.periods[-1][name]
        data = np.broadcast_to(evaluated.data, (evaluated.data.shape[0], len(self.table)))[0]
        values = [as_figure(value) for value in data]
        if evaluated.missing is not None:
            values = [None if blank else value for value, blank in zip(values, evaluated.missing[0], strict=True)]
        return tuple(values)

    def amounts(self, name: str) -> tuple[Fraction, ...]:
        """The figures of what is a number for every county, such as the award."""
        return tuple(number(figure) for figure in self.figures(name))

    def numbers(self, name: str) -> tuple[Fraction | None, ...]:
        """The figures of an input or column of numbers, None where it is blank."""
        return tuple(None if figure is None else number(figure) for figure in self.figures(name))

    @cached_property
    def blank(self) -> Mapping[str, bool]:
        """Inputs with blank figures, True where all are; of a workbook opened again, as it was written."""
        if self.table.blank is not None:
            return self.table.blank
        lacking = {name: self._lacking(name) for name in self.model.inputs}
        blank: Mapping[str, bool] = sealed({name: bool(rows.all()) for name, rows in lacking.items() if rows.any()})
        return blank

    def _lacking(self, name: str) -> np.ndarray:
        """Where an input is blank, truths (county,); floats are looked at as they are, not made Fractions first."""
        evaluated = self.periods[-1][name]
        if not isinstance(evaluated.data, np.ndarray) or evaluated.data.dtype.kind != "f":
            return np.array([figure is None for figure in self.figures(name)])
        lacking = np.zeros((1, 1), bool) if evaluated.missing is None else evaluated.missing
        rows: np.ndarray = np.broadcast_to(lacking, (lacking.shape[0], len(self.table)))[0]
        return rows

    def figure(self, name: str) -> Figure | bool:
        """A parameter or a column that is one figure a run."""
        if name in self.model.parameters:
            return self.model.parameters[name].value
        return as_figure(self.periods[-1][name].data.flat[0])

    def amount(self, name: str) -> Fraction:
        """The same of what is a number, such as the pool."""
        return number(self.figure(name))

    def total(self, name: str) -> Fraction | None:
        """The sum over counties, blanks as nothing; None of what does not add up, such as rates, scores and years."""
        if not self.model.adds_up(name):
            return None
        return sum((number(value) for value in self.figures(name) if value is not None), Fraction(0))

    def sum_of(self, name: str) -> Fraction:
        """The total of what adds up, such as an award that is a number."""
        return number(self.total(name))

    def frame(self) -> pandas.DataFrame:
        """Every input and column by name, indexed by code, in the table's order; units and labels in `attrs`."""
        import pandas

        names = [*self.model.inputs, *self.model.columns]
        columns: dict[str, Sequence[object]] = {"name": self.table.names}
        columns |= {name: [_float(value) for value in self.figures(name)] for name in names}
        frame = pandas.DataFrame(columns, index=pandas.Index(self.table.codes, name="code", dtype=object))
        frame.attrs = {
            "units": {name: self.model.entry(name).unit.name for name in names},
            "labels": {name: self.model.entry(name).label.zh for name in names},
        }
        return frame


def run_model(
    model: Model,
    tables: Table | Sequence[Table],
    changes: Sequence[Change] = (),
    *,
    exact: bool = True,
    reference: bool = False,
    partly: bool = False,
    facts: Facts = NO_FACTS,
) -> Run:
    """Runs a model on one year's table, or on several in order of years. Raises AllocationError with all problems.

    `partly`: what rests on figures that nobody gave is passed over, to check a table; there may be no award then.
    """
    tables = (tables,) if isinstance(tables, Table) else tuple(tables)
    in_force(model, tables, reference, facts.budget_year if len(tables) == 1 else None)
    problems: list[Problem] = []
    applied = tried(problems, apply_by_year, model, tables, changes)
    problems += [] if partly else lacking(model, changes, applied[1] if applied else tables)
    if problems or applied is None:
        years = zip(*applied[:2], strict=True) if applied else ((model, table) for table in tables)
        blanks = (_of_year(blanks_needed(*year, parameter_arrays([year[0]], False), []), year[1], len(tables))
                  for year in years)  # fmt: skip
        raise AllocationError([*problems, *chain.from_iterable(blanks)])
    models, tables, changed = applied
    past: list[Past] = []
    undecided = 0
    checks: list[CheckResult] = []
    notes: list[Problem] = []
    for year_model, table in zip(models, tables, strict=True):
        evaluator = Evaluator(year_model, table, parameter_arrays([year_model], exact), exact, tuple(past))
        evaluator.failed |= {name for name, entry in year_model.parameters.items() if None in entry.figures.values()}
        evaluator.columns()
        problems = evaluator.problems
        if problems:
            broken = broken_of(evaluator)
            if any(problem.slots["cells"] for problem in broken):  # a few blanks switched on what nobody had to fill in
                problems = [problem for problem in problems if not never_given(evaluator, problem)]
            raise AllocationError(_of_year(_once([*broken, *problems]), table, len(tables)))
        results = checks_of(evaluator)
        if evaluator.problems:
            raise AllocationError(evaluator.problems)
        checks += results if len(tables) == 1 else [replace(check, year=table.year) for check in results]
        for column, rows in evaluator.notes:
            notes.append(Problem("run.near_edge", {"column": column, "counties": evaluator.counties(rows)}))
        if year_model.award not in evaluator.failed and table.beside is None:  # else it is one of the run's doubts
            notes += _far_from_before(evaluator)
        notes += [*never_filled(evaluator), *partly_blank(evaluator)]
        past.append(Past(table.codes, evaluator.values))
        undecided += evaluator.undecided
    notes += [note for table in tables for note in table.notes]
    periods = tuple(period.values for period in past)
    used = _is_used(evaluator)
    changed = tuple(figure for figure in changed if figure.old != figure.new)
    return Run(models[-1], tables, changed, exact, periods, tuple(checks), _once(notes), reference, used, models,
               facts=facts, undecided=undecided)  # fmt: skip


def _is_used(evaluator: Evaluator) -> bool:
    """Whether the younger rule is used that `reference_before` speaks of."""
    model = evaluator.model
    if model.reference_when is None:
        return True
    answer = evaluator.guarded(model.reference_when, model.label)
    if answer is None:
        raise AllocationError(evaluator.problems)
    return bool(answer.data.all())


def _of_year(problems: Sequence[Problem], table: Table, count: int) -> list[Problem]:
    """In a run over several years every problem says its year."""
    return (
        [*problems]
        if count == 1
        else [replace(problem, where=f"{table.year}: {problem.where}") for problem in problems]
    )


def _once(notes: list[Problem]) -> tuple[Problem, ...]:
    return tuple({(note.where, note.text("en")): note for note in notes}.values())


def parameter_arrays(models: Sequence[Model], exact: bool) -> dict[str, ParameterArrays]:
    """Parameters of several scenarios of one model, as arrays (scenario, 1); one scenario gives (1, 1)."""

    def array(values: Sequence[Figure]) -> np.ndarray:
        text = isinstance(values[0], str)
        data = np.empty((len(values), 1), object if text or exact else float)
        data[:, 0] = values
        data = data[:1] if all(value == values[0] for value in values) else data
        return in_columns(data) if exact and not text and None not in values else data

    arrays: dict[str, ParameterArrays] = {}
    for name, entry in models[0].parameters.items():
        all_of = [model.parameters[name] for model in models]
        if entry.kind == "scalar":
            arrays[name] = array([each.value for each in all_of])
        elif entry.kind == "keyed":
            arrays[name] = {key: array([dict(each.values)[key] for each in all_of]) for key, _ in entry.values}
        else:
            rows = zip(*(each.bands for each in all_of), strict=True)
            arrays[name] = [_band([*row], array) for row in rows]
    return arrays


def _band(row: list[Band], array: Callable[[Sequence[Figure]], np.ndarray]) -> tuple[np.ndarray | None, np.ndarray]:
    edges = None if row[0].edge is None else array([band.edge for band in row])
    return edges, array([band.value for band in row])


def _far_from_before(evaluator: Evaluator) -> list[Problem]:
    model = evaluator.model
    if not (model.compare_with and model.pool):
        return []
    problem = far_from_before(model, evaluator.table, number(as_figure(closes(evaluator)[0].flat[0])))
    return [problem] if problem else []


def in_force(model: Model, tables: Sequence[Table], reference: bool, budget_year: int | None = None) -> None:
    """A basis younger (or older) than the budget year, where none is given than the data, is an error, or a visible
    参照 on request.
    """
    low, high = model.effective
    for table in tables:
        year = budget_year or table.year
        outside = year is not None and ((low and year < low) or (high and year > high))
        if outside and not reference:
            kind = "both" if low and high else "from" if low else "to"
            period = both(f"model.period_{kind}", low=low, high=high)
            slots = {"file": model.file, "period": period, "year": year}
            raise AllocationError(Problem("model.not_in_force", slots, where=table.file))


def _float(value: Figure | bool) -> object:
    return float(value) if isinstance(value, Fraction) else value
