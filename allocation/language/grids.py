"""The grid a figure is known to sit on: whole numbers, cents, tens. Decides how a column is shown and whether bounds
need `up` or `down` before a largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from allocation.language import tree
from allocation.language.parse import fault
from allocation.language.typed import Meaning

ANY = Fraction(0)  # zero sits on every grid


def common(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    """The finest grid that holds both."""
    if left is None or right is None:
        return None
    return Fraction(gcd(left.numerator, right.numerator), lcm(left.denominator, right.denominator))


def grid(node: tree.Node, scope: Mapping[str, Meaning]) -> Fraction | None:
    """The step of the grid the figure sits on, or None when it is not known to sit on one."""
    match node:
        case tree.Number(value=value):
            return ANY if value == 0 else Fraction(1, value.denominator)
        case tree.Name(id=name):
            return scope[name].grid
        case tree.Negative(of=of):
            return grid(of, scope)
        case tree.Binary(op=op, left=left, right=right):
            if op in "+-":
                return common(grid(left, scope), grid(right, scope))
            one_step, other_step = grid(left, scope), grid(right, scope)
            return one_step * other_step if op == "*" and one_step is not None and other_step is not None else None
        case tree.If(then=then, otherwise=otherwise):
            return common(grid(then, scope), grid(otherwise, scope))
        case tree.Derived(body=body):
            return grid(body, scope)
        case tree.Convert(of=of, factor=factor):
            inner = grid(of, scope)
            return None if inner is None else inner * factor
        case tree.Call():
            return _call(node, scope)
    return None


def _call(node: tree.Call, scope: Mapping[str, Meaning]) -> Fraction | None:
    match node.fn:
        case "round":
            return Fraction(10) ** -node.whole("digits")
        case "up" | "down" | "largest_remainder" | "row_remainder":
            to = node.arg("to")
            return to.value if isinstance(to, tree.Number) else Fraction(1) if to is None else None
        case "min" | "max":
            return reduce(common, (grid(part, scope) for part in node.rest("x")))
        case "total" | "lowest" | "highest" | "abs" | "last" | "since":
            return grid(node.needed("x"), scope)
        case "count" | "rank":
            return Fraction(1)
        case "step" | "pick":
            return scope[node.named("bands" if node.fn == "step" else "table")].grid
    return None


def bounds_on_grid(node: tree.Node, scope: Mapping[str, Meaning], formula: str) -> None:
    """Floors and caps off the grid of a largest remainder would be broken by it: the author must round them first."""
    for part in node.walk():
        if not (isinstance(part, tree.Call) and part.fn == "largest_remainder"):
            continue
        quota = part.arg("quota")
        if isinstance(quota, tree.Name):
            quota = scope[quota.id].node
        to = part.arg("to") or tree.Number(Fraction(1))
        if not (isinstance(quota, tree.Call) and quota.fn == "bounded_share" and isinstance(to, tree.Number)):
            continue
        for name, turn in (("floor", "up"), ("cap", "down")):
            bound = quota.arg(name)
            step = ANY if bound is None else grid(bound, scope)
            if step is None or step % to.value:
                raise fault("bound_off_grid", formula, part.span, bound=name, turn=turn, to=to.value)
