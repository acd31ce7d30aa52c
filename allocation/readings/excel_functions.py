"""The functions of the table as Excel formulas; the allocators are spilled into helper columns (DESIGN 4 and 7.10)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from allocation.arrays import billionths, snap
from allocation.language import tree
from allocation.readings.excel import Walk, given_or, number, scaled, snapped
from allocation.texts import Both

Rule = Callable[[Walk, tree.Call], str]
NONE = "1E+300"  # stands for «no cap»; a breakpoint beyond FAR is none
FAR = "1E+200"


def _fold(name: str) -> Rule:
    return lambda walk, node: f"{name}({','.join(walk.formula(part) for part in node.rest('x'))})"


def _absolute(walk: Walk, node: tree.Call) -> str:
    return f"ABS({walk.formula(node.arg('x'))})"


def _root(walk: Walk, node: tree.Call) -> str:
    return f"SQRT({walk.formula(node.arg('x'))})"


def _step(node: tree.Call) -> Fraction | None:
    """The rounding unit where it is written as a number; None where it is a parameter."""
    if node.fn == "round":
        digits = node.arg("digits")
        return Fraction(10) ** -int(digits.value) if isinstance(digits, tree.Number) else Fraction(1)
    to = node.arg("to")
    return Fraction(1) if to is None else to.value if isinstance(to, tree.Number) else None


def _units(walk: Walk, node: tree.Call, x: tree.Node, what: Both) -> str:
    """A figure in units of `to`, as a reference that may be repeated."""
    to = _step(node)
    if to == 1:
        return walk.simple(x, what)
    text = walk.simple(x, what)
    shift = scaled(text, 1 / to) if to is not None else f"{text}/{walk.simple(node.arg('to'))}"
    return walk.spill(shift, what, walk.figures(x) / _unit_size(walk, node))


def _figures(walk: Walk, node: tree.Call, units: str) -> str:
    """Whole units back in figures; dividing by a whole number gives the double nearest to the decimal."""
    to = _step(node)
    return scaled(units, to) if to is not None else f"{units}*{walk.simple(node.arg('to'))}"


def _rounding(turn: str) -> Rule:
    def rounding(walk: Walk, node: tree.Call) -> str:
        units = snapped(_units(walk, node, node.arg("x"), Both("取整前", "before rounding")))
        return _figures(walk, node, turn.format(units))

    return rounding


def _band(walk: Walk, node: tree.Call) -> str:
    name = node.arg("bands").id
    place = snapped(walk.simple(node.arg("x"), Both("分档值", "figure to band")))
    operator = "<" if walk.model.parameters[name].below else "<="
    *rows, (_, text) = walk.places.bands(name)
    for edge, value in reversed(rows):
        text = f"IF({place}{operator}{edge},{value},{text})"
    return text


def _keyed(walk: Walk, node: tree.Call) -> str:
    """MATCH takes capitals for small letters and `*` for any text: what it finds must be the very key."""
    name = node.arg("table").id
    keys, values = walk.places.keyed(name)
    text = walk.simple(node.arg("text"))
    own = [key for key, _ in walk.model.parameters[name].values]
    if len({key.casefold() for key in own}) < len(own) or any(sign in key for key in own for sign in "*?~"):
        place = walk.spill(_key_place(keys, len(own), text), Both("所在行", "row of the key"), _key_places(walk, node, own))
        return f"IF({place}=0,NA(),INDEX({values},{place}))"
    place = f"MATCH({text},{keys},0)"
    return f"IF(EXACT({text},INDEX({keys},{place})),INDEX({values},{place}),NA())"


def _key_place(keys: str, count: int, text: str) -> str:
    """The place of the very key, 0 where there is none."""
    sheet, _, rest = keys.partition("!")
    column, first = rest.split(":")[0].rsplit("$", 1)
    return "+".join(f"EXACT({text},{sheet}!{column}${int(first) + i})*{i + 1}" for i in range(count))


def _key_places(walk: Walk, node: tree.Call, own: list[str]) -> object:
    found = walk.value(node.arg("text"))
    places = [float(own.index(text) + 1) if text in own else 0.0 for text in (found if isinstance(found, list) else [found])]
    return places if isinstance(found, list) else places[0]


def _given(walk: Walk, node: tree.Call) -> str:
    x = node.arg("x")
    name = x.id if isinstance(x, tree.Name) else _before(walk, x)
    entry, cell = walk.model.inputs[name], walk.places.input(name)
    if entry.default is not None:
        return "TRUE"
    return f'{cell}<>""' if entry.text else f"ISNUMBER({cell})"


def _before(walk: Walk, node: tree.Call) -> str:
    """The input that holds a column's figure of the period before: a workbook shows one period."""
    periods = 1 if node.fn == "last" else int(node.arg("n").value)
    return walk.model.entry(node.arg("x").id).before[periods - 1]


def _earlier(walk: Walk, node: tree.Call) -> str:
    return given_or(walk, _before(walk, node))


def _x(walk: Walk, node: tree.Call) -> str:
    return walk.range(node.arg("x"), Both("计算范围", "range"))


def _whole(walk: Walk, node: tree.Call, text: str, work: int = 0) -> str:
    """A figure over counties in a cell of its own, so that it is worked out once."""
    return walk.spill(text, Both(*_TITLES[node.fn]), walk.value(node), work=work)


_TITLES = {
    "total": ("合计", "total"),
    "mean": ("平均", "mean"),
    "lowest": ("最小", "lowest"),
    "highest": ("最大", "highest"),
    "count": ("个数", "count"),
    "deviation": ("标准差", "deviation"),
    "rank": ("名次", "rank"),
}


def _across(alone: str, grouped: str) -> Rule:
    """`alone` over the range {x}; `grouped` with {g} the county's group id and {G} the range of ids."""

    def rule(walk: Walk, node: tree.Call) -> str:
        x, by = _x(walk, node), walk.groups(node)
        if by is None:
            return _whole(walk, node, alone.format(x=x))
        return _whole(walk, node, grouped.format(x=x, g=by[0], G=by[1]), work=walk.width)

    return rule


def _extreme(alone: str, far: str, grouped: str) -> Rule:
    """By group, measured from the opposite extreme of all, so that signs do not matter."""

    def rule(walk: Walk, node: tree.Call) -> str:
        x, by = _x(walk, node), walk.groups(node)
        if by is None:
            return _whole(walk, node, f"{alone}({x})")
        figures = walk.floats(node.arg("x"))
        edge = figures.min() if far == "MIN" else figures.max()
        from_ = walk.spill(f"{far}({x})", Both("全部极值", "extreme of all"), float(edge))
        return _whole(walk, node, grouped.format(x=x, g=by[0], G=by[1], e=from_), work=walk.width)

    return rule


def _deviation(walk: Walk, node: tree.Call) -> str:
    """Two passes: the mean in a cell, the squared distances in a column."""
    x = node.arg("x")
    mean = _mean(walk, tree.Call("mean", node.args))
    own = walk.simple(x, Both("计算范围", "range"))
    square = tree.Power(tree.Binary("-", x, tree.Call("mean", node.args)), 2)
    squares = walk.spill(f"({own}-{mean})^2", Both("离差平方", "squared distance"), walk.value(square), wide=True)
    by, span = walk.groups(node), walk.span(squares)
    if by is None:
        return _whole(walk, node, f"SQRT(SUM({span})/{walk.width})")
    inside = f"SUMPRODUCT(--({by[1]}={by[0]}),{span})/SUMPRODUCT(--({by[1]}={by[0]}))"
    return _whole(walk, node, f"SQRT({inside})", work=2 * walk.width)


_mean = _across("SUM({x})/ROWS({x})", "SUMPRODUCT(--({G}={g}),{x})/SUMPRODUCT(--({G}={g}))")


def _rank(walk: Walk, node: tree.Call) -> str:
    x = walk.simple(node.arg("x"), Both("排名值", "figure to rank"))
    figures = snap(walk.floats(node.arg("x")))
    own = walk.spill(snapped(x), Both("排名值（定位）", "figure to rank, snapped"), figures, wide=True)
    span, by = walk.span(own), walk.groups(node)
    above = f"({span}>{own})" if by is None else f"({by[1]}={by[0]})*({span}>{own})"
    return _whole(walk, node, f"SUMPRODUCT(--({above}))+1", work=walk.width)


def _fill(walk: Walk, node: tree.Call) -> str:
    """min(need, max(0, pool − needs that come earlier))."""
    pool = walk.simple(node.arg("pool"), Both("资金", "pool"))
    need, needs = _pair(walk, node.arg("need"), Both("需求", "need"))
    rank = walk.simple(node.arg("order"), Both("次序", "order"))
    figures = snap(walk.floats(node.arg("order")))
    turn = walk.spill(snapped(rank), Both("先后", "turn"), figures, wide=True)
    ranks, place = walk.span(turn), walk.places.order()
    places = walk.span(place)
    earlier = f"(({ranks}<{turn})+({ranks}={turn})*({places}<{place}))"
    if by := walk.groups(node):
        earlier = f"({by[1]}={by[0]})*{earlier}"
    text = f"SUMPRODUCT({earlier}*{needs})"
    before = walk.spill(text, Both("先前需求", "earlier needs"), _earlier_needs(walk, node), work=3 * walk.width)
    return f"MIN({need},MAX(0,{pool}-{before}))"


def _earlier_needs(walk: Walk, node: tree.Call) -> list[float]:
    rank, need = walk.floats(node.arg("order")), walk.floats(node.arg("need"))
    order, by = np.array(walk.evaluator.table.order), walk.evaluator.groups(node)
    groups = np.zeros(walk.width) if by is None else by
    rank = snap(rank)
    return [
        float(need[(groups == groups[i]) & ((rank < rank[i]) | ((rank == rank[i]) & (order < order[i])))].sum())
        for i in range(walk.width)
    ]


def _pair(walk: Walk, node: tree.Node, what: Both) -> tuple[str, str]:
    """A column as the county's own cell and as its range."""
    span = walk.range(node, what)
    sheet, _, rest = span.partition("!")
    return f"{sheet}!{rest.split(':')[0].rsplit('$', 1)[0]}{{r}}", span


def _row_remainder(walk: Walk, node: tree.Call) -> str:
    """One item of a row: parts down to whole units, the rest one by one to the largest remainders."""
    place = int(node.arg("place").value)
    pool = walk.simple(node.arg("pool"), Both("本行总数", "row total"))
    pool_units = walk.spill(
        f"ROUND({_to_units(walk, node, pool)},0)", Both("本行总数（单位数）", "row total in units"),
        _rounded(walk, node, node.arg("pool")),
    )  # fmt: skip
    downs, rests, units_down = [], [], np.zeros(1)
    for part in node.rest("quota"):
        units = _units(walk, node, part, Both("各项取整前", "part before rounding"))
        q = snap(walk.figures(part) / _unit_size(walk, node))
        units_down = units_down + np.floor(q)
        own = walk.spill(snapped(units), Both("各项（定位）", "part, snapped"), q)
        down = walk.spill(f"INT({own})", Both("各项向下取整", "part rounded down"), np.floor(q))
        rest = _remainder(own, down)
        rests.append(walk.spill(rest, Both("各项余数", "remainder of part"), _rests(q)))
        downs.append(down)
    after = _rounded(walk, node, node.arg("pool")) - units_down
    left = walk.spill(f"{pool_units}-({'+'.join(downs)})", Both("余下单位数", "units left"), after)
    above = [f"({rest}>{rests[place]})" for i, rest in enumerate(rests) if i > place]
    above += [f"({rest}>={rests[place]})" for i, rest in enumerate(rests) if i < place]
    rank = "+".join(["1", *above])
    test = f"IF({pool_units}={_to_units(walk, node, pool)},0,1)+IF(AND({left}>=0,{left}<=" + "+".join(
        f"({rest}>0)" for rest in rests
    )  # fmt: skip
    wrong = walk.spill(test + "),0,1)", Both("各项取整可行", "parts can be rounded"), _zeros(walk, left))
    walk.block(Both("各项取整后合计等于本行总数", "parts can be rounded to the row's total"), _sum(walk, wrong))
    return _figures(walk, node, f"({downs[place]}+IF({rank}<={left},1,0))")


def _sum(walk: Walk, reference: str) -> str:
    return f"SUM({walk.span(reference)})" if "{r}" in reference else reference


def _zeros(walk: Walk, like: str) -> object:
    return [0.0] * walk.width if "{r}" in like else 0.0


def _to_units(walk: Walk, node: tree.Call, text: str) -> str:
    to = _step(node)
    return scaled(text, 1 / to) if to is not None else f"{text}/{walk.simple(node.arg('to'))}"


def _unit_size(walk: Walk, node: tree.Call) -> float:
    to = _step(node)
    return float(to if to is not None else walk.value(node.arg("to")))


def _rounded(walk: Walk, node: tree.Call, part: tree.Node) -> np.ndarray:
    return np.rint(walk.figures(part) / _unit_size(walk, node))


def _remainder(own: str, down: str) -> str:
    """What whole units down leave of a snapped figure, in billionths: of a large one only the digits that were kept."""
    return f"ROUND({snapped(f'{own}-{down}', of=own)}*1E9,0)"


def _rests(q: np.ndarray) -> np.ndarray:
    """The same of figures already snapped."""
    return billionths(q, np.floor(q)).astype(float)


def _largest_remainder(walk: Walk, node: tree.Call) -> str:
    from allocation.readings.excel_allocators import largest_remainder

    return largest_remainder(walk, node)


def _bounded_share(walk: Walk, node: tree.Call) -> str:
    from allocation.readings.excel_allocators import bounded_share

    return bounded_share(walk, node)


CALLS: dict[str, Rule] = {
    "min": _fold("MIN"),
    "max": _fold("MAX"),
    "abs": _absolute,
    "root": _root,
    "round": _rounding("ROUND({},0)"),
    "up": _rounding("-INT(-{})"),
    "down": _rounding("INT({})"),
    "step": _band,
    "pick": _keyed,
    "given": _given,
    "total": _across("SUM({x})", "SUMPRODUCT(--({G}={g}),{x})"),
    "mean": _mean,
    "lowest": _extreme("MIN", "MAX", "{e}-SUMPRODUCT(MAX(({G}={g})*({e}-{x})))"),
    "highest": _extreme("MAX", "MIN", "{e}+SUMPRODUCT(MAX(({G}={g})*({x}-{e})))"),
    "count": _across("SUM({x})", "SUMPRODUCT(--({G}={g}),{x})"),
    "deviation": _deviation,
    "rank": _rank,
    "bounded_share": _bounded_share,
    "largest_remainder": _largest_remainder,
    "row_remainder": _row_remainder,
    "fill": _fill,
    "last": _earlier,
    "since": _earlier,
}
__all__ = ["CALLS", "FAR", "NONE", "number"]
