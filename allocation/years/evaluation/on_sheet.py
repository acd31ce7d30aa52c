"""What a formula on the sheet of an evaluation may be made of, so that it stands there live in few signs.

All else belongs into a column of the model, whose cell the sheet then shows.
"""

from __future__ import annotations

from allocation.language import tree
from allocation.policy.model import Model
from allocation.years.evaluation.formulas import CheckedFormula

ACROSS = {"total": "SUM({})", "mean": "SUM({0})/ROWS({0})", "lowest": "MIN({})", "highest": "MAX({})"}
EACH = {"min": "MIN", "max": "MAX", "abs": "ABS"}
PAST = ("last", "since")


def beyond_sheet(model: Model, formula: CheckedFormula) -> str:
    """The first thing in it that the sheet does not take, as an author writes it; empty where there is none."""
    return _beyond(model, formula.node)


def _beyond(model: Model, node: tree.Node) -> str:
    match node:
        case tree.Call(fn=fn) if fn in ACROSS:
            return "by=" if node.arg("by") else "" if _named(node.needed("x")) else f"{fn}(…)"
        case tree.Call(fn="count"):
            return "by=" if node.arg("by") else "" if _counted(node.needed("x")) else "count(…)"
        case tree.Call(fn=fn) if fn in PAST:
            return ""
        case tree.Call(fn=fn) if fn not in (*EACH, "round"):
            return fn
        case tree.Name() if node.id in model.parameters and model.parameters[node.id].kind != "scalar":
            return node.id
        case tree.Name() if node.id.startswith("_"):
            return node.id
        case tree.Name() | tree.Number() | tree.Binary() | tree.Negative() | tree.Convert() | tree.Compare():
            pass
        case tree.Call():
            pass
        case _:
            return type(node).__name__.lower()
    parts = (_beyond(model, part) for part in node.parts())
    return next(filter(None, parts), "")


def _named(node: tree.Node) -> bool:
    """A name, of this year or of another."""
    return isinstance(node, tree.Name) or isinstance(node, tree.Call) and node.fn in PAST


def _counted(node: tree.Node) -> bool:
    """`given(x)`, or a name beside a number."""
    match node:
        case tree.Call(fn="given"):
            return isinstance(node.needed("x"), tree.Name)
        case tree.Compare(left=left, right=right):
            return _named(left) and isinstance(right, tree.Number | tree.Name)
    return False
