"""The functions in numbers that work county by county: extremes, rounding, bands, keys, what is given, the past."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation import arrays
from allocation.errors import AllocationError, Problem, nearest
from allocation.language import tree
from allocation.readings.evaluated import Active, Evaluated

if TYPE_CHECKING:
    from allocation.arrays import Exact, Numbers
    from allocation.readings.evaluation import Evaluation

Rule = Callable[["Evaluation", tree.Call, Active], Evaluated]
SLACK = 2.0**-48


def _fold(operate: np.ufunc) -> Rule:
    def fold(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
        parts = tuple(ev.visit(part, active) for part in node.rest("x"))
        data = parts[0].figures
        for part in parts[1:]:
            data = operate(data, part.figures)
        return Evaluated(node, data, parts)

    return fold


def _absolute(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    x = ev.visit(node.needed("x"), active)
    return Evaluated(node, np.abs(x.figures), (x,))


def roots(ev: Evaluation, data: np.ndarray) -> np.ndarray:
    squares: np.ndarray = arrays.roots(data) if ev.exact else np.sqrt(data)
    return squares


def _root(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    x = ev.visit(node.needed("x"), active)
    ev.refuse("run.negative_root", (x.figures < 0) & active.rows)
    return Evaluated(node, roots(ev, np.where(x.figures < 0, ev.number(Fraction(0)), x.figures)), (x,))


def _rounding(turn: Callable[[Numbers], Numbers]) -> Rule:
    """round, up and down: the figure in units of `to`, snapped, turned to whole units, and back."""

    def rounding(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
        x = ev.visit(node.needed("x"), active)
        to, parts = step(ev, node, active)
        units = over(ev, x.figures, to)
        whole = turn(arrays.snap(units))
        if ev.noting:
            ev.note(unsure(turn, units) & active.rows)
        return Evaluated(node, times(ev, whole, to), (x, *parts))

    return rounding


def unsure(turn: Callable[[Numbers], Numbers], units: np.ndarray) -> np.ndarray:
    """Where exact figures in rounding units lie so near an edge of `turn` that floats may turn them elsewhere."""
    rough = units.astype(float)
    above, below = (turn(arrays.snap(rough * (1 + slack))) for slack in (SLACK, -SLACK))
    differ: np.ndarray = above != below
    return differ


def step(ev: Evaluation, node: tree.Call, active: Active) -> tuple[np.ndarray, tuple[Evaluated, ...]]:
    """The rounding unit, always exact fractions: `to`, or 10 to the power of minus `digits`."""
    if node.fn == "round":
        return exactly(Fraction(10) ** -node.whole("digits")), ()
    to = node.arg("to")
    if to is None:
        return exactly(Fraction(1)), ()
    if isinstance(to, tree.Number):
        return exactly(to.value), ()
    held = ev.visit(to, active)
    if (held.figures <= 0).any():
        wrong = (held.figures <= 0) & active.runs
        raise AllocationError(Problem("run.bad_step", {"to": Fraction(held.data.flat[0])}), wrong.any(axis=-1))
    return arrays.each(decimal, arrays.fractions(held.figures)), (held,)


def decimal(value: Fraction | float) -> Fraction:
    """A float is the decimal it prints as: 0.01 is one hundredth."""
    return value if isinstance(value, Fraction) else Fraction(repr(float(value)))


def exactly(value: Fraction) -> Exact:
    """One exact figure for all scenarios and counties."""
    data = np.empty((1, 1), object)
    data[0, 0] = value
    return data


def over(ev: Evaluation, data: np.ndarray, to: np.ndarray) -> np.ndarray:
    units: np.ndarray = data / to if ev.exact else data * (1 / to).astype(float)
    return units


def times(ev: Evaluation, units: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Whole units in figures; dividing by a whole number gives the double nearest to the decimal."""
    if ev.exact:
        figures: np.ndarray = units * to
        return figures
    inverse = [1 / Fraction(value) for value in to.flat]
    if all(value.denominator == 1 for value in inverse):
        wholes: np.ndarray = units / np.array(inverse, float).reshape(to.shape)
        return wholes
    parts: np.ndarray = units * to.astype(float)
    return parts


def _band(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    x = ev.visit(node.needed("x"), active)
    table = ev.model.parameters[node.named("bands")]
    rows = ev.bands(table.name)
    place = arrays.snap(x.figures)
    data = rows[-1][1]
    below = np.less if table.below else np.less_equal
    for edge, value in reversed(rows[:-1]):
        data = data if edge is None else np.where(below(place, edge), value, data)
    return Evaluated(node, data, (x,))


def _keyed(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    text = ev.visit(node.needed("text"), active)
    name = node.named("table")
    table = ev.keyed(name)
    unknown = ~np.isin(text.figures.astype(str), list(table)) & active.rows
    rows = ev.rows_of(unknown)
    if rows:
        key = str(ev.wide(text.figures)[0, rows[0]])
        near = nearest(key, table) or "—"
        where = ev.cell(node.needed("text"), rows)
        ev.refuse("run.no_key", unknown, where, table=ev.model.entry(name).label, found=key, nearest=near)
    entries = list(table.items())
    data = entries[0][1]
    for key, value in entries[1:]:
        data = np.where(text.figures == key, value, data)
    return Evaluated(node, np.broadcast_to(data, np.broadcast_shapes(data.shape, text.figures.shape)), (text,))


def _given(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    x = node.needed("x")
    if isinstance(x, tree.Call):
        data, missing = ev.earlier(x.named("x"), periods_of(x))
    else:
        name = node.named("x")
        data, missing = ev.values[name].figures, ev.values[name].missing
    return Evaluated(node, np.ones(data.shape, bool) if missing is None else ~missing)


def periods_of(node: tree.Call) -> int:
    return 1 if node.fn == "last" else node.whole("n")


def _earlier(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    name = node.named("x")
    data, missing = ev.earlier(name, periods_of(node))
    if missing is not None and not ev.lenient:
        ev.refuse("run.absent_before", missing & active.rows, name=ev.model.entry(name).label)
    return Evaluated(node, data, missing=missing)


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
