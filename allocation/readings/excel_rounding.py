"""Rounding as Excel text: to whole units and back, and a row of parts closed by largest remainders."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import billionths, snap
from allocation.language import tree
from allocation.readings.excel_text import scaled, snapped
from allocation.texts import Both

if TYPE_CHECKING:
    from allocation.arrays import Floats, Numbers
    from allocation.readings.excel_walk import Added, FormulaWalk


def step(node: tree.Call) -> Fraction | None:
    """The rounding unit where it is written as a number; None where it is a parameter."""
    if node.fn == "round":
        return Fraction(10) ** -node.whole("digits")
    to = node.arg("to")
    return Fraction(1) if to is None else to.value if isinstance(to, tree.Number) else None


def _unit(walk: FormulaWalk, node: tree.Call) -> str:
    """The cell that holds the rounding unit; the engine refuses one that is not above 0, and so does 状态."""
    cell = walk.simple(node.needed("to"))
    walk.block(Both("取整单位大于 0", "the rounding unit is above 0"), f"IF({cell}>0,0,1)")
    return cell


def units_of(walk: FormulaWalk, node: tree.Call, x: tree.Node, what: Both) -> str:
    """A figure in units of `to`, as a reference that may be repeated."""
    to = step(node)
    if to == 1:
        return walk.simple(x, what)
    return walk.spill(to_units(walk, node, walk.simple(x, what)), what, walk.figures(x) / unit_size(walk, node))


def figures_of(walk: FormulaWalk, node: tree.Call, units: str) -> str:
    """Whole units back in figures; dividing by a whole number gives the double nearest to the decimal."""
    to = step(node)
    return scaled(units, to) if to is not None else f"{units}*{_unit(walk, node)}"


def rounding(turn: str) -> Callable[[FormulaWalk, tree.Call], str]:
    def rounding(walk: FormulaWalk, node: tree.Call) -> str:
        units = snapped(units_of(walk, node, node.needed("x"), Both("取整前", "before rounding")))
        return figures_of(walk, node, turn.format(units))

    return rounding


def row_remainder(walk: FormulaWalk, node: tree.Call) -> str:
    """One item of a row: parts down to whole units, the rest one by one to the largest remainders."""
    place = node.whole("place")
    pool = walk.simple(node.needed("pool"), Both("本行总数", "row total"))
    pool_units = walk.spill(
        f"ROUND({to_units(walk, node, pool)},0)", Both("本行总数（单位数）", "row total in units"),
        rounded_units(walk, node, node.needed("pool")),
    )  # fmt: skip
    downs: list[tuple[str, Floats]] = []
    rests, units_down, figures = [], np.zeros(1), []
    for part in node.rest("quota"):
        units = units_of(walk, node, part, Both("各项取整前", "part before rounding"))
        q = snap(walk.figures(part) / unit_size(walk, node))
        units_down = units_down + np.floor(q)
        part_units = walk.spill(snapped(units), Both("各项（定位）", "part, snapped"), q)
        down = walk.spill(f"INT({part_units})", Both("各项向下取整", "part rounded down"), np.floor(q))
        rest = remainder_text(part_units, down)
        figures.append(rests_of(q))
        rests.append(walk.spill(rest, Both("各项余数", "remainder of part"), figures[-1]))
        downs.append((down, np.floor(q)))
    after = rounded_units(walk, node, node.needed("pool")) - units_down
    left = walk.spill(
        f"{pool_units}-({walk.added(downs, Both('各项向下取整', 'parts rounded down'))})",
        Both("余下单位数", "units left"),
        after,
    )
    mine, figure = rests[place], figures[place]
    others = list(zip(rests, figures, strict=True))
    above: list[tuple[str, Added]] = [("1", 1.0)]
    above += [(f"({rest}>{mine})", (x > figure).astype(float)) for rest, x in others[place + 1 :]]
    above += [(f"({rest}>={mine})", (x >= figure).astype(float)) for rest, x in others[:place]]
    rank = walk.added(above, Both("余数名次", "rank of remainder"))
    on_grid = f"{snapped(to_units(walk, node, pool))}={pool_units}"
    up = [(f"({rest}>0)", (x > 0).astype(float)) for rest, x in zip(rests, figures, strict=True)]
    most = walk.added(up, Both("可进位数", "may be rounded up"))
    test = f"IF({on_grid},0,1)+IF(AND({left}>=0,{left}<={most}"
    wrong = walk.spill(test + "),0,1)", Both("各项取整可行", "parts can be rounded"), _zeros(walk, left))
    walk.block(Both("各项取整后合计等于本行总数", "parts can be rounded to the row's total"), _sum(walk, wrong))
    return figures_of(walk, node, f"({downs[place][0]}+IF({rank}<={left},1,0))")


def _sum(walk: FormulaWalk, reference: str) -> str:
    return f"SUM({walk.span(reference)})" if "{r}" in reference else reference


def _zeros(walk: FormulaWalk, like: str) -> Added:
    return np.zeros(walk.width) if "{r}" in like else 0.0


def to_units(walk: FormulaWalk, node: tree.Call, text: str) -> str:
    to = step(node)
    return scaled(text, 1 / to) if to is not None else f"{text}/{_unit(walk, node)}"


def unit_size(walk: FormulaWalk, node: tree.Call) -> float:
    to = step(node)
    return float(to if to is not None else walk.figures(node.needed("to"))[0])


def rounded_units(walk: FormulaWalk, node: tree.Call, part: tree.Node) -> Floats:
    return np.rint(walk.figures(part) / unit_size(walk, node))


def remainder_text(units: str, down: str) -> str:
    """What whole units down leave of a snapped figure, in billionths: of a large one only the digits that were kept."""
    return f"ROUND({snapped(f'{units}-{down}', of=units)}*1E9,0)"


def rests_of(q: Numbers) -> Floats:
    """The same of figures already snapped."""
    return billionths(q, np.floor(q)).astype(float)
