"""One figure asked of a run: `award@黑山县`, or a formula such as `highest(award / settled_people)`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocation.building import input_entry, parameter_entry, parse_formula
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.language.check import check, settle
from allocation.language.lists import Lists
from allocation.language.parse import tidy
from allocation.language.typed import Entry
from allocation.language.units import PURE, Unit
from allocation.model import Model
from allocation.readings.each import decimal
from allocation.readings.evaluated import Active
from allocation.readings.numbers import Evaluator, Past
from allocation.run import Run, parameter_arrays
from allocation.scenario import select
from allocation.schema import ModelFile
from allocation.tables.table import Table
from allocation.texts import Both
from allocation.toml_file import read_toml


@dataclass(frozen=True)
class Asked:
    """A checked formula that gives one figure a run: by itself, or at the county of `code`."""

    text: str
    node: tree.Node
    unit: Unit
    code: str = ""
    decimals: int | None = None  # places of a column that is rounded when published

    def of(self, run: Run) -> Fraction:
        """The figure in a run of the model it was asked of. Raises AllocationError where it has none."""
        past = tuple(Past(t.codes, v) for t, v in zip(run.tables[:-1], run.periods[:-1], strict=True))
        evaluator = Evaluator(run.model, run.table, parameter_arrays([run.model], run.exact), run.exact, past)
        evaluator.values = dict(run.periods[-1])
        found = self.among(evaluator)
        if evaluator.problems:
            raise AllocationError(evaluator.problems)
        return decimal(found[0])

    def among(self, evaluator: Evaluator) -> np.ndarray:
        """The figure (scenario or 1,) of each scenario of an evaluated period; its problems hold what is wrong."""
        width = len(evaluator.table)
        row = evaluator.table.codes.index(self.code) if self.code else 0
        active = Active(rows=np.arange(width)[None] == row) if self.code else None
        found = evaluator.guarded(self.node, Both(self.text, self.text), self.text, active)
        return np.zeros(1) if found is None else evaluator.wide(found.data)[:, row]


def scope_of(model: Model) -> dict[str, Entry]:
    """What a formula over a finished model may name."""
    scope = {name: parameter_entry(one) for name, one in model.parameters.items()}
    scope |= {name: input_entry(one) for name, one in model.inputs.items()}
    columns = model.columns.items()
    return scope | {name: Entry(one.kind, one.shape, one.unit, role="column", node=one.node) for name, one in columns}


def lists_of(model: Model) -> Lists:
    spec = read_toml(model.text, model.file, ModelFile)
    items = {one.name: tuple(item.key for item in one.items) for one in spec.list_}
    spread = (one for part in (spec.parameter, spec.input, spec.column) for one in part)
    return Lists(items, {one.name: one.over for one in spread if one.over})


def ask(text: str, model: Model, table: Table) -> Asked:
    """The figure of `column@county` or of a formula. Raises AllocationError; a fault of the formula is underlined."""
    formula, at, county = tidy(text).rpartition("@")
    formula, county = (formula.strip(), county.strip()) if at else (county.strip(), "")
    scope, formula = scope_of(model), _by_label(formula, model)
    try:
        if formula in scope:
            typed = check(tree.Name(formula, span=(0, len(formula))), formula, scope)
        else:
            typed = parse_formula(formula, lists_of(model), {}, scope)
        typed = settle(typed, typed.unit or PURE, formula)
    except AllocationError as error:
        raise AllocationError([Problem(p.id, p.slots, "--figure", p.excerpt) for p in error.problems]) from None
    if typed.kind != "number":
        raise AllocationError(Problem("study.figure_not_number", {"figure": text}))
    if not county and typed.shape != "scalar":
        raise AllocationError(Problem("study.figure_many", {"figure": formula, "county": table.names[0]}))
    rows = select(model, table, county) if county else [0]
    if len(rows) != 1:
        raise AllocationError(Problem("study.figure_group", {"county": county, "count": len(rows)}))
    decimals = model.columns[formula].decimals if formula in model.columns else None
    return Asked(text, typed.node, typed.unit, table.codes[rows[0]] if county else "", decimals)


def _by_label(formula: str, model: Model) -> str:
    """The name of the column or input whose label this is."""
    entries = {**model.columns, **model.inputs, **model.parameters}
    if formula in entries:
        return formula
    labelled = [name for name, one in entries.items() if formula in (one.label.zh, one.label.en)]
    return labelled[0] if len(labelled) == 1 else formula
