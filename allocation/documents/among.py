"""Who shares a pool with whom, and which bounds somebody of them has: the same for all letters of a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from allocation.language import tree
from allocation.readings.at_row import figure_at, value_at
from allocation.readings.derivation import plain
from allocation.readings.evaluated import Evaluated
from allocation.report.lines import together
from allocation.run.run import Run
from allocation.tables.table import number


def members(run: Run, group: str, row: int) -> frozenset[int]:
    """The rows of a place's group."""
    return run.once(_groups, group)[run.figures(group)[row]]


def _groups(run: Run, group: str) -> Mapping[object, frozenset[int]]:
    keys = run.figures(group)
    return {key: frozenset(rows) for key, rows in together(range(len(keys)), keys.__getitem__)}


def bounds(run: Run, call: tree.Call, shared: Evaluated, row: int) -> Collection[str]:
    """Those of a bounded share that somebody has: a floor above 0, a cap below the whole pool."""
    group = call.arg("by")
    held = run.once(_held, call)
    key = run.figures(group.id)[row] if isinstance(group, tree.Name) else None
    if key not in held:
        rows = members(run, group.id, row) if isinstance(group, tree.Name) else range(len(run.table))
        held[key] = [*_of_somebody(call, shared, rows, number_at(shared.parts[0], row))]
    return held[key]


def _held(_: Run, call: tree.Call) -> dict[object, Collection[str]]:
    """By group, as far as was asked."""
    return {}


def _of_somebody(call: tree.Call, shared: Evaluated, rows: Collection[int], pool: Fraction) -> Collection[str]:
    parts, held = list(shared.parts[2:]), set()
    for key in ("floor", "cap"):
        if call.arg(key) is None:
            continue
        part = parts.pop(0)
        figures = [number(plain(figure)) for row in rows if (figure := figure_at(part, row)) is not None]
        if any(figure > 0 if key == "floor" else figure < pool for figure in figures):
            held.add(key)
    return held


def number_at(value: Evaluated, row: int) -> Fraction:
    """The figure of a place, where a number stands."""
    return number(plain(value_at(value.data, row)))
