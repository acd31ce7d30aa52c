"""What a failed check rests on, for those who must mend it: the figures of parameters that it reads, and both sides of
the comparison that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from allocation.language import tree
from allocation.policy.model import Check, Model, Parameter
from allocation.texts import LANGUAGES, Both, say
from allocation.texts.decimals import plain_figure

SHOWN = 8  # figures; more say nothing at a glance

Answer = Callable[[tree.Node], Fraction | bool | None]  # a scalar part of the check, worked out


def rests_on(model: Model, check: Check, answer: Answer) -> tuple[Both, ...]:
    """`落户人口权重 60%`, …, and of a check on the whole table `左边 110%，右边 100%`."""
    read = [entry for name in dict.fromkeys(part.id for part in check.node.names) for entry in _parameter(model, name)]
    figures = [(entry, key) for entry in read for key in entry.figures]
    percent = bool(figures) and all(entry.unit.is_percent for entry, _ in figures)
    texts = [_figure(entry, key) for entry, key in figures] if len(figures) <= SHOWN else []
    sides = next(_unequal(check.node, answer), None) if check.shape == "scalar" else None
    if sides is None:
        return tuple(texts)
    left, right = (plain_figure(side, percent) + "%" * percent for side in sides)
    return (*texts, Both(*(say(lang, "run.sides", left=left, right=right) for lang in LANGUAGES)))


def _parameter(model: Model, name: str) -> list[Parameter]:
    return [model.parameters[name]] if name in model.parameters else []


def _figure(entry: Parameter, key: str) -> Both:
    place, percent = f"/{key}" if key else "", entry.unit.is_percent
    shown = plain_figure(entry.figures[key], percent) + "%" * percent
    return Both(*(f"{entry.label[lang]}{place} {shown}" for lang in LANGUAGES))


def _unequal(node: tree.Node, answer: Answer) -> Iterator[tuple[Fraction, Fraction]]:
    """The sides of each comparison that does not hold, of those that all must; a name alone is told by its figure."""
    if isinstance(node, tree.Logic) and node.op == "and":
        for operand in node.operands:
            yield from _unequal(operand, answer)
    elif isinstance(node, tree.Compare) and not all(isinstance(side, tree.Name) for side in (node.left, node.right)):
        left, right = answer(node.left), answer(node.right)
        if answer(node) is False and isinstance(left, Fraction) and isinstance(right, Fraction):
            yield left, right
