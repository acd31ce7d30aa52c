"""What to change when a pool cannot be handed out: the pool, its bounds and the parameters they rest on, by label."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.policy.model import Model
from allocation.readings.words import tail_text
from allocation.texts import LANGUAGES, Both, both


@contextmanager
def remedies(model: Model, node: tree.Call, runs: np.ndarray) -> Iterator[None]:
    """Names the pool, its unit and what to change in the problems that handing it out raises.

    `runs` (scenario or 1, 1): the scenarios in which it is to be handed out; a problem of the others is none of theirs.
    """
    try:
        yield
    except AllocationError as error:
        problems = [_with_remedy(problem, model, node) for problem in error.problems]
        raise AllocationError(problems, None if error.runs is None else error.runs & runs[:, 0]) from None


def _with_remedy(problem: Problem, model: Model, node: tree.Call) -> Problem:
    slots: dict[str, object] = {}
    pool = node.arg("pool")
    if isinstance(pool, tree.Name):
        entry = model.entry(pool.id)
        slots |= {"pool_name": entry.label, "unit": Both(*(model.units.label(entry.unit.name, x) for x in LANGUAGES))}
    if node.arg("tail") is not None:
        slots["tail"] = tail_text(model, node)
    side = problem.slots.get("side")
    if problem.id == "run.infeasible":
        said = "below_floors" if side == "floor" else "above_caps"
        slots["remedy"] = both(f"run.{said}")
        slots["parameters"] = tuple(
            dict.fromkeys([*_parameters(pool, model), *_parameters(node.arg(str(side)), model)])
        )
    return replace(problem, slots={**problem.slots, **slots})


def _parameters(node: tree.Node | None, model: Model) -> Iterator[Both]:
    """Labels of the parameters a formula rests on, through the columns it uses."""
    seen: set[str] = set()
    waiting = [] if node is None else [node]
    while waiting:
        for name in tree.names(waiting.pop(0)):
            if name.id in seen:
                continue
            seen.add(name.id)
            if name.id in model.parameters:
                yield model.parameters[name.id].label
            elif name.id in model.columns:
                waiting.append(model.columns[name.id].node)
