"""The nodes of a formula in numbers: one small function a kind, all of `(evaluator, node, active) -> Evaluated`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from allocation import arrays
from allocation.language import tree
from allocation.readings.across import CALLS
from allocation.readings.each import SLACK
from allocation.readings.evaluated import Active, Evaluated
from allocation.readings.weighing import weigh

if TYPE_CHECKING:
    from allocation.readings.evaluation import Evaluation


def _number(ev: Evaluation, node: tree.Number, active: Active) -> Evaluated:
    return Evaluated(node, ev.number(node.value))


def _name(ev: Evaluation, node: tree.Name, active: Active) -> Evaluated:
    figures = ev.values.get(node.id)
    if figures is None:
        return Evaluated(node, ev.scalar(node.id))
    ev.need(figures, node.id, active)
    return replace(figures, node=node, parts=(figures,) if node.id in ev.model.columns else ())


def _negative(ev: Evaluation, node: tree.Negative, active: Active) -> Evaluated:
    of = ev.visit(node.of, active)
    return Evaluated(node, -of.figures, (of,))


def _not_(ev: Evaluation, node: tree.Not, active: Active) -> Evaluated:
    of = ev.visit(node.of, active)
    return Evaluated(node, ~of.figures, (of,))


def _convert(ev: Evaluation, node: tree.Convert, active: Active) -> Evaluated:
    of = ev.visit(node.of, active)
    return Evaluated(node, _scale(ev, of.figures, node.factor), (of,))


def _scale(ev: Evaluation, data: np.ndarray, factor: Fraction) -> np.ndarray:
    if ev.exact:
        scaled: np.ndarray = data * np.asarray(factor)
    else:
        scaled = data / float(1 / factor) if factor.numerator == 1 else data * float(factor)
    return scaled


def _derived(ev: Evaluation, node: tree.Derived, active: Active) -> Evaluated:
    body = ev.visit(node.body, active)
    if node.call.fn == "share":  # pool x claim / total(claim): a negative claim would take from a county
        inner = body
        while isinstance(inner.node, tree.Convert):
            inner = inner.parts[0]
        claim = inner.parts[1].parts[0]
        ev.refuse("run.negative_claim", (claim.figures < 0) & active.runs)
    return Evaluated(node, body.figures, (body,), bounded=body.bounded)


def _power(ev: Evaluation, node: tree.Power, active: Active) -> Evaluated:
    of = ev.visit(node.of, active)
    for _ in range(node.exponent - 1):
        weigh(ev, of.figures, of.figures)
    return Evaluated(node, of.figures**node.exponent, (of,))


def _binary(ev: Evaluation, node: tree.Binary, active: Active) -> Evaluated:
    left, right = ev.visit(node.left, active), ev.visit(node.right, active)
    weigh(ev, left.figures, right.figures)
    if node.op == "/":
        return Evaluated(node, _divide(ev, node, left.figures, right.figures, active), (left, right))
    return Evaluated(node, _ARITHMETIC[node.op](left.figures, right.figures), (left, right))


def _divide(ev: Evaluation, node: tree.Node, left: np.ndarray, right: np.ndarray, active: Active) -> np.ndarray:
    zero = right == 0
    if zero.any():
        if not ev.lenient:
            used = zero & active.rows
            where = ev.cell(getattr(node, "right", node), ev.rows_of(used))
            ev.refuse("run.division", used, where, what=ev.words(node))
        right = np.where(zero, ev.number(Fraction(1)), right)
    quotient: np.ndarray = left / right
    return quotient


def _compare(ev: Evaluation, node: tree.Compare, active: Active) -> Evaluated:
    left, right = ev.visit(node.left, active), ev.visit(node.right, active)
    operate = COMPARISONS[node.op]
    if arrays.is_text(left.figures):
        return Evaluated(node, operate(left.figures, right.figures).astype(bool), (left, right))
    test = operate(arrays.snap(left.figures), arrays.snap(right.figures)).astype(bool)
    if ev.noting:
        a, b = left.figures.astype(float), right.figures.astype(float)
        tests = [operate(arrays.snap(a * (1 + s)), arrays.snap(b * (1 - s))) for s in (SLACK, -SLACK)]
        ev.note((tests[0] != tests[1]) & active.rows)
    return Evaluated(node, test, (left, right))


def _member(ev: Evaluation, node: tree.Member, active: Active) -> Evaluated:
    of = ev.visit(node.of, active)
    among = np.isin(of.figures.astype(str), node.texts)
    return Evaluated(node, ~among if node.negated else among, (of,))


def _logic(ev: Evaluation, node: tree.Logic, active: Active) -> Evaluated:
    """Left to right; what is decided already is not asked further."""
    first = ev.visit(node.operands[0], active)
    parts, data = [first], first.figures
    for operand in node.operands[1:]:
        open_ = data if node.op == "and" else ~data
        narrowed = active.where(open_, data.shape[-1] == 1)
        asked = narrowed.rows.any(axis=-1, keepdims=True)
        if not asked.any():
            break
        part = ev.visit(operand, Active(narrowed.runs & asked, narrowed.rows))
        parts.append(part)
        data = data & part.figures if node.op == "and" else data | part.figures
    return Evaluated(node, data, tuple(parts))


def _if_(ev: Evaluation, node: tree.If, active: Active) -> Evaluated:
    test = ev.visit(node.test, active)
    whole = test.figures.shape[-1] == 1
    if node.source:
        _one_exception(ev, node, test, active)
    taken = [active.where(test.figures, whole), active.where(~test.figures, whole)]
    if whole and not taken[1].runs.any():
        then = ev.visit(node.then, taken[0])
        return Evaluated(node, then.figures, (test, then))
    if whole and not taken[0].runs.any():
        other = ev.visit(node.otherwise, taken[1])
        return Evaluated(node, other.figures, (test, other))
    then, other = ev.visit(node.then, taken[0]), ev.visit(node.otherwise, taken[1])
    return Evaluated(node, np.where(test.figures, then.figures, other.figures), (test, then, other))


def _one_exception(ev: Evaluation, node: tree.If, test: Evaluated, active: Active) -> None:
    """Two exceptions that hold for one county contradict each other."""
    other = node.otherwise
    while isinstance(other, tree.If) and other.source:
        both = test.figures & ev.visit(other.test, active).figures & active.rows
        ev.refuse("run.two_exceptions", both, one=node.source, other=other.source)
        other = other.otherwise


def _call(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    return CALLS[node.fn](ev, node, active)


_ARITHMETIC: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
}
COMPARISONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
# Any: each function takes the nodes of its own type, which a table from type to function cannot say.
VISITS: dict[type[tree.Node], Callable[[Evaluation, Any, Active], Evaluated]] = {
    tree.Number: _number,
    tree.Name: _name,
    tree.Negative: _negative,
    tree.Not: _not_,
    tree.Convert: _convert,
    tree.Derived: _derived,
    tree.Power: _power,
    tree.Binary: _binary,
    tree.Compare: _compare,
    tree.Member: _member,
    tree.Logic: _logic,
    tree.If: _if_,
    tree.Call: _call,
}
