"""Cliffs: where a small change of an input jumps an award. Band edges, thresholds, floors and caps, and rounding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np

from allocation import arrays
from allocation.analysis.dependencies import rests_on
from allocation.classes import dataclass
from allocation.language import tree
from allocation.readings.each import decimal
from allocation.readings.evaluated import Evaluated
from allocation.run.run import Run

WITHIN = Fraction(1, 100)
NOTHING = np.array(None, object)
HALF = np.array(Fraction(1, 2), object)
BAND, TEST, FLOOR, CAP, ROUNDING = "band", "test", "floor", "cap", "rounding"


@dataclass(frozen=True)
class Edge:
    """A county near an edge in a column: `value` against `edge`; `relative` is the distance as a share of the edge.

    Rounding: `value` and `edge` are fractions of the rounding unit left over, `relative` their distance.
    """

    kind: str
    column: str
    code: str
    name: str
    value: Fraction
    edge: Fraction

    @property
    def distance(self) -> Fraction:
        """What the value lacks of the edge; negative where it lies beyond."""
        return self.edge - self.value

    @property
    def relative(self) -> Fraction:
        return abs(self.distance) if self.kind == ROUNDING else abs(self.distance / self.edge)


def near_edges(run: Run, within: Fraction = WITHIN) -> list[Edge]:
    """Every county within 1 % (or `within`) of an edge on the way to its award, nearest first; none of an edge of 0."""
    edges: dict[Edge, None] = {}
    for name in run.model.columns:
        if name in rests_on(run.model, run.model.award):
            for edge in _of_column(run, name):
                if edge.relative <= within:
                    edges[edge] = None
    return sorted(edges, key=lambda edge: edge.relative)


def held(run: Run) -> Mapping[str, str]:
    """'floor' or 'cap' by code, for the counties that a bound on the way to the award holds."""
    sides: dict[str, str] = {}
    for name in run.model.order:
        if name in rests_on(run.model, run.model.award):
            for node, _ in _walk(run.periods[-1][name], np.array([[True]])):
                for side, marks in _marks(node):
                    rows = np.flatnonzero(np.broadcast_to(marks, (1, len(run.table)))[0])
                    sides |= {run.table.codes[row]: side for row in rows}
    return sides


def _marks(node: Evaluated) -> Iterator[tuple[str, np.ndarray]]:
    """Who is at a bound of this sharing; a county without a claim is held by nothing."""
    if node.bounded is not None and isinstance(node.node, tree.Call) and node.node.fn == "bounded_share":
        free = node.bounded.level * node.parts[1].data
        yield FLOOR, node.bounded.at_floor & (free < node.data)
        yield CAP, node.bounded.at_cap & (free > node.data)


def _of_column(run: Run, name: str) -> Iterator[Edge]:
    for node, rows in _walk(run.periods[-1][name], np.array([[True]])):
        for kind, value, edge in _pairs(run, node):
            width = len(run.table)
            row_of = (np.broadcast_to(array, (1, width))[0] for array in (rows, value, edge))
            for place, (used, figure, limit) in enumerate(zip(*row_of, strict=True)):
                if used and limit is not None and np.isfinite(float(limit)) and limit != 0:
                    codes = run.table.codes[place], run.table.names[place]
                    yield Edge(kind, name, *codes, decimal(figure), decimal(limit))


def _walk(node: Evaluated, rows: np.ndarray) -> Iterator[tuple[Evaluated, np.ndarray]]:
    """The evaluated nodes of one column's formula with the counties that use them: branches not taken have none."""
    yield node, rows
    if isinstance(node.node, tree.Name):
        return  # another column: it is walked by itself
    if isinstance(node.node, tree.If):
        test, *branches = node.parts
        yield from _walk(test, rows)
        taken = [rows & test.data, rows & ~test.data] if len(branches) == 2 else [rows]
        for branch, users in zip(branches, taken, strict=True):
            yield from _walk(branch, users)
        return
    for part in node.parts:
        yield from _walk(part, rows)


def _pairs(run: Run, node: Evaluated) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """(kind, values, edges) of what this node decides, each as wide as the counties or one for all."""
    match node.node:
        case tree.Call(fn="step") as call:
            bands = run.model.parameters[call.named("bands")].bands
            for band, after in zip(bands, bands[1:], strict=False):
                if band.value != after.value:
                    yield BAND, node.parts[0].data, np.array([[band.edge]], object)
        case tree.Compare(op=("<" | "<=" | ">" | ">=")) if node.data.shape[-1] > 1:
            yield TEST, node.parts[0].data, node.parts[1].data
        case tree.Call(fn="bounded_share") as call if node.bounded is not None:
            free = node.bounded.level * node.parts[1].data
            sides = [side for side in (FLOOR, CAP) if call.arg(side) is not None]
            for side, bound in zip(sides, node.parts[2:], strict=True):
                edges = bound.data
                if bound.missing is not None:
                    edges = np.where(bound.missing, NOTHING, edges)
                yield side, free, edges
        case tree.Call(fn="largest_remainder") as call if call.arg("by") is None:
            yield from _rounding(node, call)


def rounding_unit(node: Evaluated, call: tree.Call) -> Fraction:
    """What a largest remainder rounds to; 1 where nothing is said."""
    to = call.arg("to")
    if to is None or isinstance(to, tree.Number):
        return to.value if to else Fraction(1)
    return decimal(node.parts[2].data.flat[0])


def _rounding(node: Evaluated, call: tree.Call) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The fraction left over against that of the county next in line on the other side of the cut."""
    unit = rounding_unit(node, call)
    exact = np.frompyfunc(decimal, 1, 1)
    quota: np.ndarray = exact(node.parts[1].data) / unit
    units: np.ndarray = np.broadcast_to(arrays.snap(quota), node.data.shape)  # one quota may serve all
    left = units - arrays.floor_units(units)
    if node.tail is not None:  # everyone is rounded alone, but the one that takes what is left
        yield ROUNDING, left, np.where((left == 0) | node.tail, NOTHING, HALF)
        return
    up = exact(node.data) / unit > units
    if not up.any() or (~up & (left > 0)).sum() == 0:
        return
    lowest, highest = left[up].min(), left[~up].max()
    yield ROUNDING, left, np.where(left == 0, NOTHING, np.where(up, highest, lowest))
