"""The functions of the table as Excel formulas; the allocators are spilled into helper columns (DESIGN 4 and 7.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import snap
from allocation.language import tree
from allocation.readings.excel_allocators import bounded_share, largest_remainder
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


def _whole(walk: FormulaWalk, node: tree.Call, text: str, work: int = 0) -> str:
    """A figure over counties in a cell of its own, so that it is worked out once."""
    return walk.spill(text, both(f"auxiliary.over_{node.fn}"), walk.value(node), work=work)


def _across(alone: str, grouped: str) -> Rule:
    """`alone` over the range {x}; `grouped` with {g} the county's group id and {G} the range of ids."""

    def rule(walk: FormulaWalk, node: tree.Call) -> str:
        x, by = _x(walk, node), walk.groups(node)
        if by is None:
            return _whole(walk, node, alone.format(x=x))
        return _whole(walk, node, grouped.format(x=x, g=by[0], G=by[1]), work=walk.width)

    return rule


def _deviation(walk: FormulaWalk, node: tree.Call) -> str:
    """Two passes: the mean in a cell, the squared distances in a column."""
    x = node.needed("x")
    mean = _mean(walk, tree.Call("mean", node.args))
    figure = walk.simple(x, both("auxiliary.range"))
    square = tree.Power(tree.Binary("-", x, tree.Call("mean", node.args)), 2)
    squares = walk.spill(f"({figure}-{mean})^2", both("auxiliary.squared_distance"), walk.value(square), wide=True)
    by, span = walk.groups(node), walk.span(squares)
    if by is None:
        return _whole(walk, node, f"SQRT(SUM({span})/{walk.width})")
    inside = f"SUMPRODUCT(--({by[1]}={by[0]}),{span})/SUMPRODUCT(--({by[1]}={by[0]}))"
    return _whole(walk, node, f"SQRT({inside})", work=2 * walk.width)


_mean = _across("SUM({x})/ROWS({x})", "SUMPRODUCT(--({G}={g}),{x})/SUMPRODUCT(--({G}={g}))")


def _rank(walk: FormulaWalk, node: tree.Call) -> str:
    x = walk.simple(node.needed("x"), both("auxiliary.figure_to_rank"))
    figures = snap(walk.floats(node.needed("x")))
    mine = walk.spill(snapped(x), both("auxiliary.figure_to_rank_snapped"), figures, wide=True)
    span, by = walk.span(mine), walk.groups(node)
    above = f"({span}>{mine})" if by is None else f"({by[1]}={by[0]})*({span}>{mine})"
    return _whole(walk, node, f"SUMPRODUCT(--({above}))+1", work=walk.width)


def _fill(walk: FormulaWalk, node: tree.Call) -> str:
    """min(need, max(0, pool − needs that come earlier))."""
    pool = walk.simple(node.needed("pool"), both("auxiliary.pool"))
    need, needs = pair(walk, node.needed("need"), both("auxiliary.need"))
    rank = walk.simple(node.needed("order"), both("auxiliary.order"))
    figures = snap(walk.floats(node.needed("order")))
    turn = walk.spill(snapped(rank), both("auxiliary.turn"), figures, wide=True)
    ranks, place = walk.span(turn), walk.places.order()
    places = walk.span(place)
    walk.block(both("auxiliary.no_need_is_negative"), f"SUMPRODUCT(--({needs}<0))")
    earlier = f"(({ranks}<{turn})+({ranks}={turn})*({places}<{place}))"
    if by := walk.groups(node):
        earlier = f"({by[1]}={by[0]})*{earlier}"
    text = f"SUMPRODUCT({earlier}*{needs})"
    before = walk.spill(text, both("auxiliary.earlier_needs"), _earlier_needs(walk, node), work=3 * walk.width)
    return f"MIN({need},MAX(0,{pool}-{before}))"


def _earlier_needs(walk: FormulaWalk, node: tree.Call) -> Floats:
    need, rank = walk.floats(node.needed("need")), snap(walk.floats(node.needed("order")))
    order, groups = np.array(walk.evaluator.table.order), walk.ids(node)
    sums = [
        need[(groups == groups[i]) & ((rank < rank[i]) | ((rank == rank[i]) & (order < order[i])))].sum()
        for i in range(walk.width)
    ]
    return np.array(sums)


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
    "total": _across("SUM({x})", "SUMPRODUCT(--({G}={g}),{x})"),
    "mean": _mean,
    # Those of other groups are put out of reach. x + 0 is x to the last digit; a difference of large figures is not.
    "lowest": _across("MIN({x})", "SUMPRODUCT(MIN({x}+({G}<>{g})*1E+300))"),
    "highest": _across("MAX({x})", "SUMPRODUCT(MAX({x}-({G}<>{g})*1E+300))"),
    "count": _across("SUM({x})", "SUMPRODUCT(--({G}={g}),{x})"),
    "deviation": _deviation,
    "rank": _rank,
    "bounded_share": bounded_share,
    "largest_remainder": largest_remainder,
    "row_remainder": row_remainder,
    "fill": _fill,
    "last": earlier,
    "since": earlier,
}
