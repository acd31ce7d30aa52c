"""The nodes of a formula as Excel text: one small function a kind, all of `(walk, node) -> text`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allocation.language import tree
from allocation.readings.excel_functions import CALLS
from allocation.readings.excel_text import given_or, number, quoted, scaled, snapped, whole
from allocation.texts import Both, both, bracketed

if TYPE_CHECKING:
    from allocation.readings.excel_walk import FormulaWalk


def _brackets(walk: FormulaWalk, node: tree.Node, strength: int) -> str:
    """The operand in brackets unless it binds at least as strongly."""
    text = walk.formula(node)
    return text if _strength(node) >= strength else f"({text})"


def _strength(node: tree.Node) -> int:
    match node:
        case tree.Binary(op=op):
            return 1 if op in "+-" else 2
        case tree.Convert():
            return 2
        case tree.Compare():
            return 0
        case tree.Negative():
            return 1
        case tree.Derived(body=body):
            return _strength(body)
        case tree.Power():
            return 3
        case tree.Call(fn=fn):
            return 1 if fn in _LOOSE else 4
    return 4


OPERATORS = {"==": "=", "!=": "<>"}  # those that Excel spells its own way
_LOOSE = ("round", "up", "down", "mean", "rank", "bounded_share", "largest_remainder", "row_remainder", "deviation")


def _number(walk: FormulaWalk, node: tree.Number) -> str:
    return number(node.value)


def _name(walk: FormulaWalk, node: tree.Name) -> str:
    name = node.id
    if name in walk.model.parameters:
        return walk.places.parameter(name)
    if name in walk.model.columns:
        text = walk.places.column(name)
        return f"({text}=1)" if walk.model.columns[name].kind == "truth" else text
    return given_or(walk, name)


def _negative(walk: FormulaWalk, node: tree.Negative) -> str:
    return f"-{_brackets(walk, node.of, 4)}"


def _not(walk: FormulaWalk, node: tree.Not) -> str:
    return f"NOT({walk.formula(node.of)})"


def _binary(walk: FormulaWalk, node: tree.Binary) -> str:
    strength = 1 if node.op in "+-" else 2
    return f"{_brackets(walk, node.left, strength)}{node.op}{_brackets(walk, node.right, strength + 1)}"


def _power(walk: FormulaWalk, node: tree.Power) -> str:
    return f"{_brackets(walk, node.of, 4)}^{node.exponent}"


def _convert(walk: FormulaWalk, node: tree.Convert) -> str:
    return scaled(_brackets(walk, node.of, 2), node.factor)


def _derived(walk: FormulaWalk, node: tree.Derived) -> str:
    text = walk.formula(node.body)
    if node.call.fn == "share":
        wrong = walk.spill(f"IF({walk.formula(claim_of(node))}<0,1,0)", both("auxiliary.negative_claim"), 0.0)
        label = both("auxiliary.no_claim_is_negative")
        walk.block(label, f"SUM({walk.span(wrong)})" if "{r}" in wrong else wrong)
    return text


def claim_of(share: tree.Derived) -> tree.Node:
    """What a share is in proportion to: all that it divides by is the total of it."""
    body = share.body
    while isinstance(body, tree.Convert):
        body = body.of
    match body:
        case tree.Binary(right=tree.Call() as whole):
            return whole.needed("x")
    raise TypeError("a share is divided by a total")


def _compare(walk: FormulaWalk, node: tree.Compare) -> str:
    if text_kind(walk, node.left):
        same = f"EXACT({walk.formula(node.left)},{walk.formula(node.right)})"
        return same if node.op == "==" else f"NOT({same})"
    sides = [_side(walk, node.left), _side(walk, node.right)]
    return f"{sides[0]}{OPERATORS.get(node.op, node.op)}{sides[1]}"


def text_kind(walk: FormulaWalk, node: tree.Node) -> bool:
    match node:
        case tree.Name(id=name):
            entry = walk.model.entry(name)
            return getattr(entry, "text", False) or getattr(entry, "kind", "") == "text"
        case tree.If(then=then):
            return text_kind(walk, then)
        case tree.Call(fn="step" | "pick"):
            table = walk.model.parameters[node.named("bands" if node.fn == "step" else "table")]
            values = [band.value for band in table.bands] or [value for _, value in table.values]
            return isinstance(values[0], str)
    return False


def _side(walk: FormulaWalk, node: tree.Node) -> str:
    """One side of a comparison, snapped unless it is whole anyway."""
    if whole(walk, node):
        return _brackets(walk, node, 1)
    return snapped(walk.simple(node))


def _member(walk: FormulaWalk, node: tree.Member) -> str:
    cell = walk.simple(node.of)
    tests = [f"EXACT({cell},{quoted(text)})" for text in node.texts]
    among = tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"
    return f"NOT({among})" if node.negated else among


def _logic(walk: FormulaWalk, node: tree.Logic) -> str:
    """IF, not AND: what is decided is not asked further, so a blank behind `given(x) and` does no harm."""
    text = walk.formula(node.operands[-1])
    for operand in reversed(node.operands[:-1]):
        test = walk.formula(operand)
        text = f"IF({test},{text},FALSE)" if node.op == "and" else f"IF({test},TRUE,{text})"
    return text


def _if(walk: FormulaWalk, node: tree.If) -> str:
    if node.source:
        _one_exception(walk, node)
    test = walk.formula(node.test)
    holds = walk.value(node.test)
    with walk.taken(test, holds):
        then = walk.formula(node.then)
    with walk.taken(f"NOT({test})", 1 - holds if isinstance(holds, float) else holds):
        otherwise = walk.formula(node.otherwise)
    return f"IF({test},{then},{otherwise})"


def _one_exception(walk: FormulaWalk, node: tree.If) -> None:
    other = node.otherwise
    while isinstance(other, tree.If) and other.source:
        what = both("auxiliary.exception_test")
        first, second = walk.range(node.test, what), walk.range(other.test, what)
        sources = Both(f"{node.source}；{other.source}", f"{node.source}; {other.source}")
        label = bracketed(both("auxiliary.one_exception_at_a_time"), sources)
        walk.block(label, f"SUMPRODUCT({first}*{second})")
        other = other.otherwise


def _call(walk: FormulaWalk, node: tree.Call) -> str:
    return CALLS[node.fn](walk, node)


# Any: each function takes the nodes of its own type, which a table from type to function cannot say.
VISITS: dict[type[tree.Node], Callable[[FormulaWalk, Any], str]] = {
    tree.Number: _number,
    tree.Name: _name,
    tree.Negative: _negative,
    tree.Not: _not,
    tree.Binary: _binary,
    tree.Power: _power,
    tree.Convert: _convert,
    tree.Derived: _derived,
    tree.Compare: _compare,
    tree.Member: _member,
    tree.Logic: _logic,
    tree.If: _if,
    tree.Call: _call,
}
