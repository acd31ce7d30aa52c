"""The functions of the table as Excel formulas; the allocators are spilled into helper columns (DESIGN 4 and 7.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from allocation.language import tree
from allocation.readings.excel_allocators import bounded_share, largest_remainder
from allocation.readings.excel_compared import across
from allocation.readings.excel_gathering import gathered
from allocation.readings.excel_order import fill, rank
from allocation.readings.excel_past import earlier, given
from allocation.readings.excel_rounding import (
    rounding,
    row_remainder,
)
from allocation.readings.excel_text import pair, snapped
from allocation.texts import both

if TYPE_CHECKING:
    from allocation.arrays import Floats
    from allocation.readings.excel_walk import FormulaWalk

Rule = Callable[["FormulaWalk", tree.Call], str]


def _fold(name: str) -> Rule:
    return lambda walk, node: f"{name}({','.join(walk.formula(part) for part in node.rest('x'))})"


def _absolute(walk: FormulaWalk, node: tree.Call) -> str:
    return f"ABS({walk.formula(node.needed('x'))})"


def _root(walk: FormulaWalk, node: tree.Call) -> str:
    return f"SQRT({walk.formula(node.needed('x'))})"


def _band(walk: FormulaWalk, node: tree.Call) -> str:
    name = node.named("bands")
    place = snapped(walk.simple(node.needed("x"), both("auxiliary.figure_to_band")))
    edges, values = walk.places.bands(name)
    if not edges:
        return f"INDEX({values},1)"
    passed = "<=" if walk.model.parameters[name].below else "<"
    return f"INDEX({values},1+SUMPRODUCT(--({edges}{passed}{place})))"  # as many bands on as edges are passed


def _keyed(walk: FormulaWalk, node: tree.Call) -> str:
    """MATCH takes capitals for small letters and `*` for any text: what it finds must be the very key."""
    name = node.named("table")
    keys, values = walk.places.keyed(name)
    text = walk.simple(node.needed("text"))
    known = [key for key, _ in walk.model.parameters[name].values]
    if len({key.casefold() for key in known}) < len(known) or any(sign in key for key in known for sign in "*?~"):
        what = both("auxiliary.row_of_the_key")
        terms = _key_place(walk, node, keys, text, known)
        place = walk.spill(walk.added(terms, what), what, sum((figures for _, figures in terms), np.zeros(1)))
        return f"IF({place}=0,NA(),INDEX({values},{place}))"
    place = f"MATCH({text},{keys},0)"
    return f"IF(EXACT({text},INDEX({keys},{place})),INDEX({values},{place}),NA())"


def _key_place(walk: FormulaWalk, node: tree.Call, keys: str, text: str, known: list[str]) -> list[tuple[str, Floats]]:
    """Terms of which the very key alone leaves its place, and their figures."""
    sheet, _, rest = keys.partition("!")
    column, first = rest.split(":")[0].rsplit("$", 1)
    value = walk.value(node.needed("text"))
    texts = np.array(value if isinstance(value, list) else [value], object)
    return [
        (f"EXACT({text},{sheet}!{column}${int(first) + i})*{i + 1}", (texts == key) * float(i + 1))
        for i, key in enumerate(known)
    ]


def _x(walk: FormulaWalk, node: tree.Call) -> str:
    return walk.range(node.needed("x"), both("auxiliary.range"))


def _across(alone: str, grouped: str, compared: str) -> Rule:
    """`alone` over the range {x}, `grouped` over the group's own part of it; of papers of 0.2 `compared`, with {g} the
    county's group id and {G} the range of ids.
    """

    def rule(walk: FormulaWalk, node: tree.Call) -> str:
        x, what = _x(walk, node), both(f"auxiliary.over_{node.fn}")
        if node.arg("by") is None:
            return walk.spill(alone.format(x=x), what, walk.value(node), reads=0 if walk.compared else walk.width)
        if walk.compared:
            return across(walk, node, x, compared)
        of = both("auxiliary.range")
        cell, sums = pair(walk, node.needed("x"), of)[0], gathered(walk, node)
        text = grouped.format(x=sums.over(cell, walk.floats(node.needed("x")), of), n=sums.size())
        return sums.of(sums.spill(text, what, walk.value(node), 1))

    return rule


def _deviation(walk: FormulaWalk, node: tree.Call) -> str:
    """Two passes: the mean in a cell, the squared distances in a column."""
    x, of = node.needed("x"), both("auxiliary.squared_distance")
    mean = _mean(walk, tree.Call("mean", node.args))
    figure = walk.simple(x, both("auxiliary.range"))
    square = tree.Power(tree.Binary("-", x, tree.Call("mean", node.args)), 2)
    squares = walk.spill(f"({figure}-{mean})^2", of, walk.value(square), wide=True)
    what, span = both("auxiliary.over_deviation"), walk.span(squares)
    if node.arg("by") is None:
        return walk.spill(f"SQRT(SUM({span})/{walk.width})", what, walk.value(node))
    if walk.compared:
        text = "SQRT(SUMPRODUCT(--({G}={g}),{x})/SUMPRODUCT(--({G}={g})))"
        return across(walk, node, span, text)
    sums = gathered(walk, node)
    inside = f"SUM({sums.over(squares, walk.floats(square), of)})/{sums.size()}"
    return sums.of(sums.spill(f"SQRT({inside})", what, walk.value(node), 1))


_EACH = "SUMPRODUCT(--({G}={g}),{x})"
_mean = _across("SUM({x})/ROWS({x})", "SUM({x})/{n}", f"{_EACH}/SUMPRODUCT(--({{G}}={{g}}))")
_sum = _across("SUM({x})", "SUM({x})", _EACH)


CALLS: dict[str, Rule] = {
    "min": _fold("MIN"),
    "max": _fold("MAX"),
    "abs": _absolute,
    "root": _root,
    "round": rounding("ROUND({},0)"),
    "up": rounding("-INT(-{})"),
    "down": rounding("INT({})"),
    "step": _band,
    "pick": _keyed,
    "given": given,
    "total": _sum,
    "mean": _mean,
    # As compared, those of other groups are out of reach. x + 0 is x to the last digit; a large difference is not.
    "lowest": _across("MIN({x})", "MIN({x})", "SUMPRODUCT(MIN({x}+({G}<>{g})*1E+300))"),
    "highest": _across("MAX({x})", "MAX({x})", "SUMPRODUCT(MAX({x}-({G}<>{g})*1E+300))"),
    "count": _sum,
    "deviation": _deviation,
    "rank": rank,
    "bounded_share": bounded_share,
    "largest_remainder": largest_remainder,
    "row_remainder": row_remainder,
    "fill": fill,
    "last": earlier,
    "since": earlier,
}
