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
    from allocation.readings.excel import Walk


def step(node: tree.Call) -> Fraction | None:
    """The rounding unit where it is written as a number; None where it is a parameter."""
    if node.fn == "round":
        digits = node.arg("digits")
        return Fraction(10) ** -int(digits.value) if isinstance(digits, tree.Number) else Fraction(1)
    to = node.arg("to")
    return Fraction(1) if to is None else to.value if isinstance(to, tree.Number) else None


def _unit(walk: Walk, node: tree.Call) -> str:
    """The cell that holds the rounding unit; the engine refuses one that is not above 0, and so does 状态."""
    cell = walk.simple(node.arg("to"))
    walk.block(Both("取整单位大于 0", "the rounding unit is above 0"), f"IF({cell}>0,0,1)")
    return cell


def units_of(walk: Walk, node: tree.Call, x: tree.Node, what: Both) -> str:
    """A figure in units of `to`, as a reference that may be repeated."""
    to = step(node)
    if to == 1:
        return walk.simple(x, what)
    return walk.spill(to_units(walk, node, walk.simple(x, what)), what, walk.figures(x) / unit_size(walk, node))


def figures_of(walk: Walk, node: tree.Call, units: str) -> str:
    """Whole units back in figures; dividing by a whole number gives the double nearest to the decimal."""
    to = step(node)
    return scaled(units, to) if to is not None else f"{units}*{_unit(walk, node)}"


def rounding(turn: str) -> Callable[[Walk, tree.Call], str]:
    def rounding(walk: Walk, node: tree.Call) -> str:
        units = snapped(units_of(walk, node, node.arg("x"), Both("取整前", "before rounding")))
        return figures_of(walk, node, turn.format(units))

    return rounding


def row_remainder(walk: Walk, node: tree.Call) -> str:
    """One item of a row: parts down to whole units, the rest one by one to the largest remainders."""
    place = int(node.arg("place").value)
    pool = walk.simple(node.arg("pool"), Both("本行总数", "row total"))
    pool_units = walk.spill(
        f"ROUND({to_units(walk, node, pool)},0)", Both("本行总数（单位数）", "row total in units"),
        rounded_units(walk, node, node.arg("pool")),
    )  # fmt: skip
    downs, rests, units_down, figures = [], [], np.zeros(1), []
    for part in node.rest("quota"):
        units = units_of(walk, node, part, Both("各项取整前", "part before rounding"))
        q = snap(walk.figures(part) / unit_size(walk, node))
        units_down = units_down + np.floor(q)
        own = walk.spill(snapped(units), Both("各项（定位）", "part, snapped"), q)
        down = walk.spill(f"INT({own})", Both("各项向下取整", "part rounded down"), np.floor(q))
        rest = remainder_text(own, down)
        figures.append(rests_of(q))
        rests.append(walk.spill(rest, Both("各项余数", "remainder of part"), figures[-1]))
        downs.append((down, np.floor(q)))
    after = rounded_units(walk, node, node.arg("pool")) - units_down
    left = walk.spill(
        f"{pool_units}-({walk.added(downs, Both('各项向下取整', 'parts rounded down'))})",
        Both("余下单位数", "units left"),
        after,
    )
    own, figure = rests[place], figures[place]
    above = [(f"({rest}>{own})", 1.0 * (x > figure)) for rest, x in list(zip(rests, figures, strict=True))[place + 1 :]]
    above += [(f"({rest}>={own})", 1.0 * (x >= figure)) for rest, x in list(zip(rests, figures, strict=True))[:place]]
    rank = walk.added([("1", 1.0), *above], Both("余数名次", "rank of remainder"))
    on_grid = f"{snapped(to_units(walk, node, pool))}={pool_units}"
    up = [(f"({rest}>0)", 1.0 * (x > 0)) for rest, x in zip(rests, figures, strict=True)]
    most = walk.added(up, Both("可进位数", "may be rounded up"))
    test = f"IF({on_grid},0,1)+IF(AND({left}>=0,{left}<={most}"
    wrong = walk.spill(test + "),0,1)", Both("各项取整可行", "parts can be rounded"), _zeros(walk, left))
    walk.block(Both("各项取整后合计等于本行总数", "parts can be rounded to the row's total"), _sum(walk, wrong))
    return figures_of(walk, node, f"({downs[place][0]}+IF({rank}<={left},1,0))")


def _sum(walk: Walk, reference: str) -> str:
    return f"SUM({walk.span(reference)})" if "{r}" in reference else reference


def _zeros(walk: Walk, like: str) -> object:
    return [0.0] * walk.width if "{r}" in like else 0.0


def to_units(walk: Walk, node: tree.Call, text: str) -> str:
    to = step(node)
    return scaled(text, 1 / to) if to is not None else f"{text}/{_unit(walk, node)}"


def unit_size(walk: Walk, node: tree.Call) -> float:
    to = step(node)
    return float(to if to is not None else walk.value(node.arg("to")))


def rounded_units(walk: Walk, node: tree.Call, part: tree.Node) -> np.ndarray:
    return np.rint(walk.figures(part) / unit_size(walk, node))


def remainder_text(own: str, down: str) -> str:
    """What whole units down leave of a snapped figure, in billionths: of a large one only the digits that were kept."""
    return f"ROUND({snapped(f'{own}-{down}', of=own)}*1E9,0)"


def rests_of(q: np.ndarray) -> np.ndarray:
    """The same of figures already snapped."""
    return billionths(q, np.floor(q)).astype(float)
