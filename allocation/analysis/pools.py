"""Several pools side by side, where no total is known yet (总额未定): a trial of each, and none of them decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from allocation.analysis.compare import Comparison
from allocation.analysis.scenarios import Scenario, run_scenario
from allocation.case import NO_FACTS, Facts
from allocation.errors import AllocationError, Problem, tried
from allocation.patterns import LatePattern
from allocation.policy.model import Model, Parameter
from allocation.policy.pool_parameters import pool_parameters
from allocation.policy.schema import Percentage
from allocation.run.required import lacking
from allocation.run.scenario import Change, measured, parse_value
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, decimal_text

MOST = 12  # pools that a page still shows side by side
_SPLIT = LatePattern(r"[,，、;；\s]+")


def side_by_side(
    model: Model, tables: Sequence[Table], texts: Sequence[str], *, reference: bool = False, facts: Facts = NO_FACTS
) -> Comparison:
    """The run of each pool, the first one as what the others are set against; each with its total marked 未定.

    `texts` are lists of amounts as typed, `5000,6000,7000`. Raises AllocationError with all that is wrong.
    """
    entry = the_pool(model)
    changes = [Change(entry.address(""), amount, "set", "scenario") for amount in amounts(model, entry, texts)]
    if absent := lacking(model, changes[:1], tables):
        raise AllocationError(absent)
    model = undecided_total(model)
    scenarios = [Scenario(f"pool_{place}", _label(model, entry, change), ((change,),))
                 for place, change in enumerate(changes, start=1)]  # fmt: skip
    problems: list[Problem] = []
    runs = [
        tried(problems, partial(run_scenario, reference=reference, facts=facts), model, tables, each)
        for each in scenarios
    ]
    if problems:
        raise AllocationError(problems)
    return Comparison(tuple(scenarios), tuple(run for run in runs if run))


def the_pool(model: Model) -> Parameter:
    """The one parameter that is the pool. Raises AllocationError of a model that has none, or several."""
    entries = pool_parameters(model)
    if len(entries) != 1 or entries[0].kind != "scalar":
        known = [entry.label for entry in entries]
        raise AllocationError(Problem("pools.no_pool", {"model": model.label, "known": known or ""}, model.file))
    return entries[0]


def decided_total(model: Model) -> Both | None:
    """The pool with its figure where a case says that it is decided on; None of all else."""
    (entry,) = pool_parameters(model)
    given = entry.value is not None and entry.origins.get("") == "case" and entry.state("") == "decided"
    return _label(model, entry, Change(entry.address(""), entry.value)) if given else None


def undecided_total(model: Model) -> Model:
    """The model with its pool 未定, whatever a case says of it: what is tried is decided by nobody."""
    fresh = {entry.name: entry.in_state(entry.figures, "open") for entry in pool_parameters(model)}
    return replace(model, parameters={**model.parameters, **fresh})


def amounts(model: Model, entry: Parameter, texts: Sequence[str]) -> list[Fraction]:
    """The pools as typed, in the parameter's unit; at least two, no two alike. Raises all that is wrong."""
    words = [word for text in texts for word in _SPLIT.split(text.strip()) if word]
    problems: list[Problem] = []
    read = []
    for word in words:
        value = tried(problems, measured, parse_value(word), entry.unit, model.units)
        if isinstance(value, Percentage) or not isinstance(value, Fraction) or re.fullmatch(r"0\d+", word):
            problems.append(Problem("pools.no_amount", {"found": word, "label": entry.label}, "--pools"))
        else:
            read.append(value)
    if not problems and (len({*read}) < len(read) or not 2 <= len(read) <= MOST):
        problems.append(Problem("pools.how_many", {"found": len(read), "most": MOST}, "--pools"))
    if problems:
        raise AllocationError(problems)
    return read


def _label(model: Model, entry: Parameter, change: Change) -> Both:
    """`奖励资金总额 5000 万元`."""
    figure = decimal_text(change.value) if isinstance(change.value, Fraction) else ""
    return Both(*(f"{entry.label[lang]} {figure} {model.units.label(entry.unit.name, lang)}" for lang in LANGUAGES))
