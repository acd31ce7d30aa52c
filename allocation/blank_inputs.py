"""Inputs left blank: by some counties only, which is seldom meant, and by all, which often is."""

from __future__ import annotations

from allocation.errors import Problem
from allocation.language import tree
from allocation.model import Check
from allocation.readings.numbers import Evaluator
from allocation.texts import shortened


def partly_blank(evaluator: Evaluator) -> list[Problem]:
    """Inputs that some counties fill in and others leave blank: what the formulas then take for granted is not 0."""
    model, found = evaluator.model, []
    read = {part.id for column in model.columns.values() for part in tree.names(column.node)}
    read |= {name for column in model.columns.values() for name in column.before if not evaluator.past}
    for name in (name for name in model.inputs if name in read and not model.inputs[name].text):
        missing = evaluator.values[name].missing
        if missing is not None and not missing.all():
            slots = {"input": model.inputs[name].label, "counties": evaluator.counties(evaluator.rows_of(missing))}
            found.append(Problem("run.partly_blank", slots))
    return found


def blank_cells(evaluator: Evaluator, check: Check) -> dict[str, list]:
    """The blank cells of inputs that others gave and a check of the whole table rests on, and the inputs' labels."""
    model, table, labels, cells = evaluator.model, evaluator.table, [], []
    waiting, seen = [check.node] if check.shape == "scalar" else [], set()
    while waiting:
        for name in dict.fromkeys(part.id for part in tree.names(waiting.pop()) if part.id not in seen):
            seen.add(name)
            waiting += [model.columns[name].node] if name in model.columns else []
            missing = evaluator.values[name].missing if name in model.inputs else None
            if missing is not None and not missing.all():
                labels.append(model.inputs[name].label)
                cells += [table.where(name, row).split(": ")[-1] for row in evaluator.rows_of(missing)]
    return {"blank": labels, "cells": shortened(cells, 10)}


def never_given(evaluator: Evaluator, problem: Problem) -> bool:
    """Whether it asks for an input that no county gave."""
    labels = {entry.label: name for name, entry in evaluator.model.inputs.items()}
    name = labels.get(problem.slots.get("input")) if problem.id == "run.missing" else None
    missing = evaluator.values[name].missing if name else None
    return missing is not None and bool(missing.all())
