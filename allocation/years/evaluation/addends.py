"""What a figure is the sum of: `a - b / 2` of `a` and `b`, through whatever names.

Whoever is told totals can add them up and take them off one another, so it matters what each of them is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from allocation.classes import dataclass
from allocation.language import tree
from allocation.policy.model import Model

NOUGHT = tree.Number(Fraction(0))
MOST = 64  # addends; a figure of more is taken as it stands


@dataclass(frozen=True)
class Addend:
    """`figure` is of what, `node` how much of it: `2 * x if rate < 7 else 0` is an addend of the figure `x`."""

    figure: tree.Node
    node: tree.Node


def addends(model: Model, node: tree.Node) -> tuple[Addend, ...]:
    every = []
    for addend in _addends(model, node):
        every.append(addend)
        if len(every) > MOST:
            return (Addend(node, node),)
    return tuple(every)


def _addends(model: Model, node: tree.Node) -> Iterator[Addend]:
    match node:
        case tree.Number(value=value):
            if value:
                yield Addend(node, node)
        case tree.Name(id=name) if name in model.columns and model.columns[name].shape == "column":
            yield from _addends(model, model.columns[name].node)
        case tree.Binary(op="+" | "-", left=left, right=right):
            yield from _addends(model, left)
            yield from _addends(model, right) if node.op == "+" else _taken_off(_addends(model, right))
        case tree.Binary(op="*" | "/", left=left, right=right) if _is_one(model, right):
            yield from (Addend(of.figure, tree.Binary(node.op, of.node, right)) for of in _addends(model, left))
        case tree.Binary(op="*", left=left, right=right) if _is_one(model, left):
            yield from (Addend(of.figure, tree.Binary("*", left, of.node)) for of in _addends(model, right))
        case tree.Negative(of=below):
            yield from _taken_off(_addends(model, below))
        case tree.Convert(of=below):
            yield from (
                Addend(of.figure, tree.Convert(of.node, node.factor, node.unit)) for of in _addends(model, below)
            )
        case tree.Derived(body=below):
            yield from _addends(model, below)
        case tree.If(test=test, then=then, otherwise=otherwise):
            yield from (Addend(of.figure, tree.If(test, of.node, NOUGHT)) for of in _addends(model, then))
            yield from (Addend(of.figure, tree.If(test, NOUGHT, of.node)) for of in _addends(model, otherwise))
        case _:
            yield Addend(node, node)


def _taken_off(addends: Iterator[Addend]) -> Iterator[Addend]:
    return (Addend(of.figure, tree.Negative(of.node)) for of in addends)


def _is_one(model: Model, node: tree.Node) -> bool:
    """Whether it is one figure for all units."""
    return all(name.id in model.parameters or name.id in model.columns and model.columns[name.id].shape == "scalar"
               for name in node.names)  # fmt: skip
