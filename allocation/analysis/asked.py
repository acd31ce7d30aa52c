"""What is asked of a run: a figure, `award@黑山县` or `highest(award)`; a condition, `award > 900`."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.language.check import check, settle
from allocation.language.lists import Lists
from allocation.language.parse import tidy
from allocation.language.typed import Meaning, Typed
from allocation.language.units import PURE, Unit
from allocation.patterns import LatePattern
from allocation.policy.building import meaning_of_input, meaning_of_parameter, parse_formula
from allocation.policy.model import Column, Input, Model, Parameter, item_named, spelt
from allocation.policy.schema import ModelFile
from allocation.policy.toml_file import read_toml
from allocation.readings.each import decimal
from allocation.readings.evaluated import Active, Evaluated
from allocation.readings.evaluation import Past
from allocation.readings.numbers import Evaluator
from allocation.run.run import Run, parameter_arrays
from allocation.run.selecting import select
from allocation.tables.table import Table
from allocation.texts import Both

COUNTY = LatePattern(r"\s*@\s*([^\s<>=!+*/(),]+)")  # within a condition: award@黑山县 >= 900
BRACKETED = LatePattern(r"(\w+)\s*\[([^\[\]]+)\]")
LEAST_GAP = 1e-6  # of a comparison that fails however closely


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
        figures = self.among(evaluator)
        if evaluator.problems:
            raise AllocationError(evaluator.problems)
        return decimal(figures[0])

    def among(self, evaluator: Evaluator) -> np.ndarray:
        """The figure (scenario or 1,) of each scenario of an evaluated period; its problems hold what is wrong."""
        width = len(evaluator.table)
        row = evaluator.table.codes.index(self.code) if self.code else 0
        active = Active(rows=np.arange(width)[None] == row) if self.code else None
        figure = evaluator.guarded(self.node, Both(self.text, self.text), self.text, active)
        return np.zeros(1) if figure is None else evaluator.wide(figure.data)[:, row]


@dataclass(frozen=True)
class Condition:
    """A checked formula of truth that a run is to hold: in every county, or in that of `code`."""

    label: Both
    node: tree.Node
    code: str = ""

    def among(self, evaluator: Evaluator) -> np.ndarray:
        """How far each scenario is from holding it: 0 where it does, else up to 1, the mean over the counties."""
        row = evaluator.table.codes.index(self.code) if self.code else slice(None)
        active = Active(rows=np.arange(len(evaluator.table))[None] == row) if self.code else None
        truth = evaluator.guarded(self.node, self.label, self.label.zh, active)
        if truth is None:
            return np.zeros(1)
        short = evaluator.wide(_short(truth))[:, row]
        return short if self.code else short.mean(axis=1)


def _short(truth: Evaluated) -> np.ndarray:
    """How much each figure (scenario or 1, county or 1) lacks: a comparison its gap relative to the two sides."""
    gap: np.ndarray | float = 1.0
    node = truth.node
    if isinstance(node, tree.Compare) and not isinstance(truth.parts[0].data.flat[0], str):
        left, right = (part.data.astype(float) for part in truth.parts)
        size = np.abs(left) + np.abs(right)
        gap = np.clip(np.abs(left - right) / np.where(size == 0, 1, size), LEAST_GAP, 1)
    elif isinstance(node, tree.Logic) and node.op == "and":
        gap = sum((_short(part) for part in truth.parts), np.zeros(1)) / len(truth.parts)
    return np.where(truth.data.astype(bool), 0.0, gap)


def scope_of(model: Model) -> dict[str, Meaning]:
    """What a formula over a finished model may name."""
    scope = {name: meaning_of_parameter(parameter) for name, parameter in model.parameters.items()}
    scope |= {name: meaning_of_input(entry) for name, entry in model.inputs.items()}
    return scope | {
        name: Meaning(column.kind, column.shape, column.unit, role="column", node=column.node)
        for name, column in model.columns.items()
    }


def lists_of(model: Model) -> Lists:
    spec = read_toml(model.text, model.file, ModelFile)
    items = {listed.name: tuple(item.key for item in listed.items) for listed in spec.list_}
    entries = (entry for section in (spec.parameter, spec.input, spec.column) for entry in section)
    return Lists(items, {entry.name: entry.over for entry in entries if entry.over})


def ask(text: str, model: Model, table: Table, option: str = "--figure") -> Asked:
    """The figure of `column@county` or of a formula. Raises AllocationError; a fault of the formula is underlined."""
    formula, at, county = tidy(text).rpartition("@")
    formula, county = (formula.strip(), county.strip()) if at else (county.strip(), "")
    formula = _by_label(_with_items(formula, model), model)
    typed = _checked(formula, model, option)
    if typed.kind != "number":
        raise AllocationError(Problem("study.figure_not_number", {"figure": text}, option))
    if not county and typed.shape != "scalar":
        raise AllocationError(Problem("study.figure_many", {"figure": formula, "county": table.names[0]}, option))
    decimals = model.columns[formula].decimals if formula in model.columns else None
    return Asked(text, typed.node, typed.unit or PURE, _code(county, model, table, option), decimals)


def require(text: str, model: Model, table: Table, option: str = "--subject") -> Condition:
    """A formula of truth; `award@黑山县 >= 900` asks it of one county. Raises AllocationError."""
    formula = tidy(text)
    counties = dict.fromkeys(COUNTY.findall(formula))
    if len(counties) > 1:
        raise AllocationError(Problem("study.condition_counties", {"text": text, "counties": list(counties)}, option))
    formula = _with_items(COUNTY.sub("", formula).strip(), model)
    typed = _checked(formula, model, option)
    if typed.kind != "truth":
        raise AllocationError(Problem("study.condition_not_truth", {"text": text}, option))
    return Condition(Both(text, text), typed.node, _code("".join(counties), model, table, option))


def _with_items(formula: str, model: Model) -> str:
    """The formula with labels in brackets as the keys they stand for: `by_use[保障房]` is `by_use[housing]`."""
    entries: dict[str, Parameter | Input | Column] = {**model.columns, **model.inputs, **model.parameters}

    def key(written: re.Match[str]) -> str:
        meant = item_named(entries, written[1], written[2].strip())
        return spelt(meant) if meant else written[0]

    return BRACKETED.sub(key, formula)


def _checked(formula: str, model: Model, option: str) -> Typed:
    scope = scope_of(model)
    try:
        if formula in scope:
            typed = check(tree.Name(formula, span=(0, len(formula))), formula, scope)
        else:
            typed = parse_formula(formula, lists_of(model), {}, scope)
        return settle(typed, typed.unit or PURE, formula)
    except AllocationError as error:
        raise AllocationError([Problem(p.id, p.slots, option, p.excerpt) for p in error.problems]) from None


def _code(county: str, model: Model, table: Table, option: str) -> str:
    if not county:
        return ""
    rows = select(model, table, county)
    if len(rows) != 1:
        raise AllocationError(Problem("study.figure_group", {"county": county, "count": len(rows)}, option))
    return table.codes[rows[0]]


def _by_label(formula: str, model: Model) -> str:
    """The name of the column or input whose label this is."""
    labels = {
        name: entry.label
        for entries in (model.columns, model.inputs, model.parameters)
        for name, entry in entries.items()
    }
    if formula in labels:
        return formula
    labelled = [name for name, label in labels.items() if formula in (label.zh, label.en)]
    return labelled[0] if len(labelled) == 1 else formula
