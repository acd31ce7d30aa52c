"""The functions in numbers that work county by county: extremes, rounding, bands, keys, what is given, the past."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING

import numpy as np

from allocation import arrays
from allocation.errors import AllocationError, Problem, nearest
from allocation.language import tree
from allocation.readings.evaluated import Active, Evaluated

if TYPE_CHECKING:
    from allocation.readings.numbers import Evaluator

Rule = Callable[["Evaluator", tree.Call, Active], Evaluated]
_ROOT_PLACES = 10**40  # an irrational root is a fraction this fine in the exact run: far below the snapping grid
SLACK = 2.0**-48


def _fold(operate) -> Rule:
    def fold(ev: Evaluator, node: tree.Call, active: Active) -> Evaluated:
        parts = tuple(ev.visit(part, active) for part in node.rest("x"))
        data = parts[0].data
        for part in parts[1:]:
            data = operate(data, part.data)
        return Evaluated(node, data, parts)

    return fold


def _absolute(ev: Evaluator, node: tree.Call, active: Active) -> Evaluated:
    x = ev.visit(node.arg("x"), active)
    return Evaluated(node, np.abs(x.data), (x,))


def _exact_root(value: Fraction) -> Fraction:
    scaled = value.numerator * value.denominator * _ROOT_PLACES**2
    return Fraction(isqrt(scaled), value.denominator * _ROOT_PLACES)


def roots(ev: Evaluator, data: np.ndarray) -> np.ndarray:
    if not ev.exact:
        return np.sqrt(data)
    return np.frompyfunc(_exact_root, 1, 1)(data)


def _root(ev: Evaluator, node: tree.Call, active: Active) -> Evaluated:
    x = ev.visit(node.arg("x"), active)
    ev.refuse("run.negative_root", (x.data < 0) & active.rows)
    return Evaluated(node, roots(ev, np.where(x.data < 0, ev.number(Fraction(0)), x.data)), (x,))


def _rounding(turn) -> Rule:
    """round, up and down: the figure in units of `to`, snapped, turned to whole units, and back."""

    def rounding(ev: Evaluator, node: tree.Call, active: Active) -> Evaluated:
        x = ev.visit(node.arg("x"), active)
        to, parts = step(ev, node, active)
        units = over(ev, x.data, to)
        whole = turn(arrays.snap(units))
        if ev.exact:
            rough = units.astype(float)
            turned = [turn(arrays.snap(rough * (1 + slack))) for slack in (SLACK, -SLACK)]
            ev.note((turned[0] != turned[1]) & active.rows)
        return Evaluated(node, times(ev, whole, to), (x, *parts))

    return rounding


def step(ev: Evaluator, node: tree.Call, active: Active) -> tuple[np.ndarray, tuple[Evaluated, ...]]:
    """The rounding unit, always exact fractions: `to`, or 10 to the power of minus `digits`."""
    if node.fn == "round":
        digits = node.arg("digits")
        to = Fraction(10) ** -int(digits.value) if isinstance(digits, tree.Number) else Fraction(1)
        return one(to), ()
    if node.arg("to") is None:
        return one(Fraction(1)), ()
    if isinstance(node.arg("to"), tree.Number):
        return one(node.arg("to").value), ()
    found = ev.visit(node.arg("to"), active)
    if (found.data <= 0).any():
        wrong = (found.data <= 0) & active.runs
        raise AllocationError(Problem("run.bad_step", {"to": Fraction(found.data.flat[0])}), wrong.any(axis=-1))
    return np.frompyfunc(decimal, 1, 1)(found.data), (found,)


def decimal(value: Fraction | float) -> Fraction:
    """A float is the decimal it prints as: 0.01 is one hundredth."""
    return value if isinstance(value, Fraction) else Fraction(repr(float(value)))


def one(value: Fraction) -> np.ndarray:
    data = np.empty((1, 1), object)
    data[0, 0] = value
    return data


def over(ev: Evaluator, data: np.ndarray, to: np.ndarray) -> np.ndarray:
    return data / to if ev.exact else data * (1 / to).astype(float)


def times(ev: Evaluator, units: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Whole units in figures; dividing by a whole number gives the double nearest to the decimal."""
    if ev.exact:
        return units * to
    inverse = 1 / to
    if all(value.denominator == 1 for value in inverse.flat):
        return units / inverse.astype(float)
    return units * to.astype(float)


def _band(ev: Evaluator, node: tree.Call, active: Active) -> Evaluated:
    x = ev.visit(node.arg("x"), active)
    table = ev.model.parameters[node.arg("bands").id]
    rows = ev.parameters[table.name]
    place = arrays.snap(x.data)
    data = rows[-1][1]
    for edge, value in reversed(rows[:-1]):
        data = np.where(place < edge if table.below else place <= edge, value, data)
    return Evaluated(node, data, (x,))


def _keyed(ev: Evaluator, node: tree.Call, active: Active) -> Evaluated:
    text = ev.visit(node.arg("text"), active)
    table = ev.parameters[node.arg("table").id]
    unknown = ~np.isin(text.data.astype(str), list(table)) & active.rows
    rows = ev.rows_of(unknown)
    if rows:
        found = str(ev.wide(text.data)[0, rows[0]])
        slots = {"table": ev.model.entry(node.arg("table").id).label, "found": found}
        where = ev.cell(node.arg("text"), rows)
        ev.refuse("run.no_key", unknown, where, **slots, nearest=nearest(found, table) or "—")
    entries = list(table.items())
    data = entries[0][1]
    for key, value in entries[1:]:
        data = np.where(text.data == key, value, data)
    return Evaluated(node, np.broadcast_to(data, np.broadcast_shapes(data.shape, text.data.shape)), (text,))


def _given(ev: Evaluator, node: tree.Call, active: Active) -> Evaluated:
    x = node.arg("x")
    if isinstance(x, tree.Name):
        data, missing = ev.values[x.id].data, ev.values[x.id].missing
    else:
        data, missing = ev.earlier(x.arg("x").id, periods_of(x))
    return Evaluated(node, np.ones(data.shape, bool) if missing is None else ~missing)


def periods_of(node: tree.Call) -> int:
    return 1 if node.fn == "last" else int(node.arg("n").value)


def _earlier(ev: Evaluator, node: tree.Call, active: Active) -> Evaluated:
    name = node.arg("x").id
    data, missing = ev.earlier(name, periods_of(node))
    found = Evaluated(node, data, missing=missing)
    if missing is not None and not ev.lenient:
        ev.refuse("run.absent_before", missing & active.rows, name=ev.model.entry(name).label)
    return found


EACH: dict[str, Rule] = {
    "min": _fold(np.minimum),
    "max": _fold(np.maximum),
    "abs": _absolute,
    "root": _root,
    "round": _rounding(arrays.round_half_away),
    "up": _rounding(arrays.ceil_units),
    "down": _rounding(arrays.floor_units),
    "step": _band,
    "pick": _keyed,
    "given": _given,
    "last": _earlier,
    "since": _earlier,
}
