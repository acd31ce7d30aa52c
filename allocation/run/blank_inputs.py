"""Inputs left blank: by some counties only, which is seldom meant, and by all, which often is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from allocation.errors import Problem, tried
from allocation.language import tree
from allocation.policy.model import Check, Model
from allocation.readings.numbers import Evaluator
from allocation.run.required import is_blank
from allocation.tables.table import Table
from allocation.texts import Both, both, shortened


def never_filled(evaluator: Evaluator) -> list[Problem]:
    """Inputs that formulas read and of which nobody gave a figure: what counts for all in their place is told."""
    model, table = evaluator.model, evaluator.table
    told: dict[Both, list[str]] = {}
    asked = _asked_of(evaluator)
    for name in _read(evaluator):
        entry = model.inputs[name]
        if is_blank(table, name) and (entry.default is not None or name in asked):
            told.setdefault(entry.heading or entry.label, []).append(name)
    items = [_counted(model, label, names) for label, names in told.items()]
    return [Problem("run.never_filled", {"items": items}, table.file)] if items else []


def _counted(model: Model, label: Both, names: list[str]) -> Both:
    """`其他已到位资金（按 0 计）`; of a list, the items that are lacking unless all are."""
    first = model.inputs[names[0]]
    family = [entry for entry in model.inputs.values() if entry.heading == first.heading and entry.heading]
    items = [] if len(names) == len(family) else [model.inputs[name].item for name in names if first.heading]
    message = "run.counted_blank" if first.default is None else "run.counted_default"
    slots = {"label": label, "items": items or "", "default": first.default}
    return both(message, **slots)


def _read(evaluator: Evaluator) -> list[str]:
    """The inputs that formulas read: those that stand for the years before, of the first year alone."""
    model = evaluator.model
    read = {part.id for column in model.columns.values() for part in tree.names(column.node)}
    before = {name for column in model.columns.values() for name in column.before}
    read = read - before if evaluator.past else read | before
    return [name for name in model.inputs if name in read]


def _asked_of(evaluator: Evaluator) -> set[str]:
    """The inputs of which a formula asks whether there is a figure; without one it goes another way."""
    asked = {name for column in evaluator.model.columns.values() for name in column.before}
    waiting = [column.node for column in evaluator.model.columns.values()]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Call) and node.fn == "given":
            asked |= {part.id for part in tree.names(node)}
        waiting += node.parts()
    return asked


def partly_blank(evaluator: Evaluator) -> list[Problem]:
    """Inputs that some counties fill in and others leave blank: what the formulas then take for granted is not 0.

    The slot `places` has the blank cells.
    """
    model, notes = evaluator.model, []
    for name in (name for name in _read(evaluator) if not model.inputs[name].text):
        missing = evaluator.values[name].missing
        if missing is not None and not missing.all():
            rows = evaluator.rows_of(missing)
            places = [evaluator.table.where(name, row) for row in rows]
            slots = {"input": model.inputs[name].label, "counties": evaluator.counties(rows), "places": places}
            notes.append(Problem("run.partly_blank", slots))
    return notes


def blank_cells(evaluator: Evaluator, check: Check) -> dict[str, list[object]]:
    """The blank cells of inputs that others gave and a check of the whole table rests on, and the inputs' labels."""
    model, table = evaluator.model, evaluator.table
    labels: list[object] = []
    cells: list[str] = []
    waiting = [check.node] if check.shape == "scalar" else []
    seen: set[str] = set()
    while waiting:
        for name in dict.fromkeys(part.id for part in tree.names(waiting.pop()) if part.id not in seen):
            seen.add(name)
            waiting += [model.columns[name].node] if name in model.columns else []
            missing = evaluator.values[name].missing if name in model.inputs else None
            if missing is not None and not missing.all():
                labels.append(model.inputs[name].label)
                cells += [table.where(name, row).split(": ")[-1] for row in evaluator.rows_of(missing)]
    return {"blank": labels, "cells": shortened(cells, 10)}


def cells_to_mend(evaluator: Evaluator, check: Check, rows: Sequence[int]) -> tuple[str, ...]:
    """Where the figures stand, of the `rows` a check fails on, that its model file says to mend; zeros need none,
    unless nothing else stands there.
    """
    table = evaluator.table
    every = [(row, name) for row in rows for name in check.cells]
    filled = [(row, name) for row, name in every if table.values[name][row]] or every
    return tuple(shortened([table.where(name, row) for row, name in filled], 10))


def never_given(evaluator: Evaluator, problem: Problem) -> bool:
    """Whether it asks for an input that no county gave."""
    label = problem.slots.get("input") if problem.id == "run.missing" else None
    name = next((name for name, entry in evaluator.model.inputs.items() if entry.label == label), None)
    missing = evaluator.values[name].missing if name else None
    return missing is not None and bool(missing.all())


def blanks_needed(
    model: Model, table: Table, parameters: Mapping[str, object], told: Sequence[Problem]
) -> list[Problem]:
    """The blanks that formulas need in columns that others fill in, of a table with which more is wrong: nothing else
    that comes of it counts. Cells of which something was `told` are left out, and taken for filled in, as are those
    that are told here: a formula stops at the first that it lacks."""
    blanks: list[Problem] = []
    while len(table):
        cells = {problem.where for problem in (*told, *blanks)}
        table = _filled_in(model, table, cells)
        evaluator = Evaluator(model, table, parameters, False)
        evaluator.failed |= {name for name, entry in model.parameters.items() if None in entry.figures.values()}
        tried([], evaluator.columns)
        missing = (problem for problem in evaluator.problems if problem.id == "run.missing")
        more = [problem for problem in missing if problem.where not in cells and not never_given(evaluator, problem)]
        if not more:
            break
        blanks += more
    return blanks


def _filled_in(model: Model, table: Table, cells: Collection[str]) -> Table:
    """The table with some figure of the same column in those blank cells."""
    values = dict(table.values)
    for name in model.inputs.keys() & values.keys():
        known = next((figure for figure in values[name] if figure is not None), None)
        values[name] = tuple(known if figure is None and table.where(name, row) in cells else figure
                             for row, figure in enumerate(values[name]))  # fmt: skip
    return replace(table, values=values)
