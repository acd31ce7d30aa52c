"""What one more settled person brings each county: its input raised for that county alone, everything else as it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.analysis.batch import Outcome, run_batch
from allocation.analysis.dependencies import rests_on
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.language.functions import FUNCTIONS
from allocation.policy.model import Model
from allocation.readings.each import decimal
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change, apply_changes
from allocation.tables.table import Table

EXACT_UP_TO = 60  # counties; above, floating point: a run a county


@dataclass(frozen=True)
class Margin:
    """One county: `gain` before amounts are rounded, for one unit more of the input; `award` what is then paid more.

    Both None where the county's input is blank or may not be raised; `award` is for the whole step.
    """

    code: str
    name: str
    gain: Fraction | None
    award: Fraction | None


@dataclass(frozen=True)
class Margins:
    """`unrounded`: the columns whose rounding was left out for `gain`; empty where the award is not rounded."""

    run: Run
    input: str
    step: Fraction
    unrounded: tuple[str, ...]
    counties: tuple[Margin, ...]


def margins(
    model: Model,
    tables: Sequence[Table],
    address: str = "",
    step: Fraction = Fraction(1),
    changes: Sequence[Change] = (),
    *,
    reference: bool = False,
    codes: Collection[str] = (),
) -> Margins:
    """Raises `address` (what the award is divided by, unless given) by `step`, one county at a time: each, or those
    of `codes`."""
    name = address or person_input(model)
    if "@" in name or "#" in name:
        raise AllocationError(Problem("study.margin_county", {"address": name}))
    if step <= 0:
        raise AllocationError(Problem("study.margin_step", {"step": step}))
    run = run_model(model, tables, changes, reference=reference)
    plain = _input_named(run, name)
    smooth, unrounded = before_rounding(run.model)
    rows = [row for row, code in enumerate(run.table.codes) if not codes or code in codes]
    exact = len(rows) <= EXACT_UP_TO
    year = f"#{run.table.year}" if len(run.tables) > 1 else ""

    raised = [[Change(f"{name}@{run.table.codes[row]}{year}", step, "add")] for row in rows]

    def each(of: Model) -> list[Outcome]:
        """Awards with each county's input raised."""
        return run_batch(of, run.tables, raised, (model.award,), exact=exact, reference=reference)

    paid, trials = run.amounts(model.award), zip(each(smooth), each(run.model), strict=True)
    free = run_model(smooth, run.tables, exact=exact, reference=reference).amounts(model.award)
    counties = []
    for row, (smoothed, rounded) in zip(rows, trials, strict=True):
        gain = more = None
        if not smoothed.refused and not rounded.refused:
            new, after = (decimal(outcome.columns[0][row]) for outcome in (smoothed, rounded))
            gain, more = (new - free[row]) / step, after - paid[row]
        counties.append(Margin(run.table.codes[row], run.table.names[row], gain, more))
    return Margins(run, plain, step, unrounded, tuple(counties))


def _input_named(run: Run, address: str) -> str:
    """The input's own name. What is no input is an error; blank figures are not: their counties have no margin."""
    for code in run.table.codes:
        try:
            still = Change(f"{address}@{code}", Fraction(0), "add")
            return apply_changes(run.model, run.tables[-1:], [still])[2][0].name
        except AllocationError as error:
            ids = {problem.id for problem in error.problems}
            if "scenario.parameter_selector" in ids:
                raise AllocationError(Problem("study.margin_parameter", {"address": address})) from None
            if ids != {"scenario.blank"}:
                raise
    raise AllocationError(Problem("study.margin_blank", {"address": address}))


def person_input(model: Model) -> str:
    """The input that counts the people the award is compared with: `per_person`, or the first input it rests on."""
    waiting = [model.per_person] if model.per_person else []
    while waiting:
        name = waiting.pop(0)
        if name in model.inputs and not model.inputs[name].text:
            return name
        if name in model.columns:
            waiting = [part.id for part in tree.names(model.columns[name].node)] + waiting
    known = [name for name, entry in model.inputs.items() if not entry.text]
    raise AllocationError(Problem("study.margin_which", {"known": known}))


def before_rounding(model: Model) -> tuple[Model, tuple[str, ...]]:
    """The model with amounts left unrounded on the way to the award, its checks off; and the columns that means."""
    award = model.columns[model.award]
    fresh, unrounded = {}, []
    for name, column in model.columns.items():
        node = _smooth(column.node)
        if column is award and isinstance(node, tree.Call) and FUNCTIONS[node.fn].rounds:
            node = node.needed("x")
        fresh[name] = column if node == column.node else replace(column, node=node)
        if node != column.node and name in rests_on(model, model.award):
            unrounded.append(name)
    return replace(model, columns=fresh, checks=(), pool=""), tuple(unrounded)


def _smooth(node: tree.Node) -> tree.Node:
    """The formula with the quota in place of its largest remainder."""
    node = tree.rebuild(node, _smooth)
    if isinstance(node, tree.Call) and node.fn == "largest_remainder":
        return node.needed("quota")
    if isinstance(node, tree.Call) and node.fn == "row_remainder":
        return node.rest("quota")[node.whole("place")]
    return node
