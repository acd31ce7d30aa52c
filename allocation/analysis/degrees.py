"""How a figure moves with the pool: not at all (degree 0), in proportion (1), or in no such simple way.

Where an award is of degree 1 its share of the total is the same whatever the total is, but for the rounding of amounts.
A floor, a cap or a fixed sum that does not move with the pool makes it otherwise, and so does a test of the pool.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from allocation.language import tree
from allocation.policy.model import Model
from allocation.readings.evaluated import Evaluated
from allocation.tables.table import Table

ANY = -1  # of what is nothing: 0 is in proportion to whatever it stands beside
ALIKE = ("min", "max", "abs", "total", "mean", "lowest", "highest", "deviation", "round", "up", "down")
STILL = ("rank", "count", "step", "pick", "root")  # speak of order, classes or a band: what they ask of must not move
BESIDE = ("by", "table", "bands", "order", "claim", "tail")  # arguments that say who and how, no amounts
SPENT = ("bounded_share", "largest_remainder", "row_remainder", "fill")


class Moving(Exception):  # noqa: N818  # no error: the answer that a figure moves in no simple way
    """A figure moves neither in proportion nor not at all."""


class Degrees:
    """Of every column of a model, by name; `blame` is the first column that moves in no simple way."""

    def __init__(self, model: Model, table: Table, pool: str, values: Mapping[str, Evaluated] | None = None):
        """`values`: of a run of it, which tell what is nothing and which branches are taken; without them neither."""
        self.model, self.table, self.pool = model, table, pool
        self.columns: dict[str, int] = {}
        self.blame = ""
        for name in model.order:
            evaluated = values.get(name) if values else None
            self._known = {id(part.node): part for part in _parts(evaluated)} if evaluated else {}
            try:
                self.columns[name] = self._of(model.columns[name].node)
            except Moving:
                self.blame = self.blame or name

    def in_proportion(self, name: str) -> bool:
        return self.columns.get(name) == 1

    def _of(self, node: tree.Node) -> int:
        degree = self._degree(node)
        known = self._known.get(id(node))
        return ANY if degree == 0 and known is not None and _nothing(known) else degree

    def _degree(self, node: tree.Node) -> int:
        match node:
            case tree.Number():
                return 0 if node.value else ANY
            case tree.Name():
                return self._name(node.id)
            case tree.Negative() | tree.Convert():
                return self._of(node.of)
            case tree.Derived():
                return self._of(node.body)
            case tree.Binary():
                return self._binary(node)
            case tree.Power():
                degree = self._of(node.of)
                return degree if degree == ANY else degree * node.exponent
            case tree.If():
                return self._branches(node)
            case tree.Compare():
                _alike([self._of(node.left), self._of(node.right)])
                return 0
            case tree.Call():
                return self._call(node)
        for part in node.parts():
            _still(self._of(part))
        return 0

    def _name(self, name: str) -> int:
        if name == self.pool:
            return 1
        if name in self.model.columns:
            if name not in self.columns:
                raise Moving
            return self.columns[name]
        if name in self.model.parameters:
            return 0 if any(self.model.parameters[name].figures.values()) else ANY
        return 0 if any(self.table.values.get(name, ())) else ANY

    def _binary(self, node: tree.Binary) -> int:
        left, right = self._of(node.left), self._of(node.right)
        if node.op in "+-":
            return _alike([left, right])
        if ANY in (left, right):
            return ANY
        return left + right if node.op == "*" else left - right

    def _branches(self, node: tree.If) -> int:
        _still(self._of(node.test))
        known = self._known.get(id(node.test))
        if known is not None and bool(known.data.all()):
            return self._of(node.then)
        if known is not None and not bool(known.data.any()):
            return self._of(node.otherwise)
        return _alike([self._of(node.then), self._of(node.otherwise)])

    def _call(self, node: tree.Call) -> int:
        if node.fn in ("last", "since", "given"):
            return 0  # what is on record, or whether something is
        args = {key: self._of(part) for key, part in node.args if key not in BESIDE}
        if node.fn in SPENT:
            claims = [self._of(part) for key, part in node.args if key in ("claim", "order")]
            if node.fn == "fill":
                _still(_alike(claims))
            return _alike([degree for key, degree in args.items() if key not in ("to", "place")])
        if node.fn in ALIKE:
            return _alike([self._of(part) for key, part in node.args if key == "x"])
        for degree in args.values():
            _still(degree)
        if node.fn in STILL:
            return 0
        raise Moving


def _alike(degrees: Iterable[int]) -> int:
    moved = {degree for degree in degrees if degree != ANY}
    if len(moved) > 1:
        raise Moving
    return moved.pop() if moved else ANY


def _still(degree: int) -> None:
    if degree not in (0, ANY):
        raise Moving


def _nothing(evaluated: Evaluated) -> bool:
    data = evaluated.data
    if data.dtype.kind not in "Oif" or any(isinstance(value, str) for value in data.flat):
        return False
    here = np.array([not value for value in data.flat]).reshape(data.shape)
    return bool((here if evaluated.missing is None else here | evaluated.missing).all())


def _parts(evaluated: Evaluated) -> Iterator[Evaluated]:
    """The nodes of one column's formula: another column is asked by itself."""
    yield evaluated
    if not isinstance(evaluated.node, tree.Name):
        for part in evaluated.parts:
            yield from _parts(part)
