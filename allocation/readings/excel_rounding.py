"""Rounding as Excel text: to whole units and back, and a row of parts closed by largest remainders."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import billionths, snap
from allocation.language import tree
from allocation.readings.excel_text import scaled, snapped
from allocation.texts import Both, both

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
    walk.block(both("auxiliary.the_rounding_unit_is_above_0"), f"IF({cell}>0,0,1)")
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
        units = snapped(units_of(walk, node, node.needed("x"), both("auxiliary.before_rounding")))
        return figures_of(walk, node, turn.format(units))

    return rounding


def row_remainder(walk: FormulaWalk, node: tree.Call) -> str:
    """One item of a row: parts down to whole units, the rest one by one to the largest remainders."""
    place = node.whole("place")
    pool = walk.simple(node.needed("pool"), both("auxiliary.row_total"))
    pool_units = walk.spill(
        f"ROUND({to_units(walk, node, pool)},0)", both("auxiliary.row_total_in_units"),
        rounded_units(walk, node, node.needed("pool")),
    )  # fmt: skip
    downs: list[tuple[str, Floats]] = []
    rests, units_down, figures = [], np.zeros(1), []
    for part in node.rest("quota"):
        units = units_of(walk, node, part, both("auxiliary.part_before_rounding"))
        q = snap(walk.figures(part) / unit_size(walk, node))
        units_down = units_down + np.floor(q)
        part_units = walk.spill(snapped(units), both("auxiliary.part_snapped"), q)
        down = walk.spill(f"INT({part_units})", both("auxiliary.part_rounded_down"), np.floor(q))
        rest = remainder_text(part_units, down)
        figures.append(rests_of(q))
        rests.append(walk.spill(rest, both("auxiliary.remainder_of_part"), figures[-1]))
        downs.append((down, np.floor(q)))
    after = rounded_units(walk, node, node.needed("pool")) - units_down
    left = walk.spill(
        f"{pool_units}-({walk.added(downs, both('auxiliary.parts_rounded_down'))})",
        both("auxiliary.units_left"),
        after,
    )
    mine, figure = rests[place], figures[place]
    others = list(zip(rests, figures, strict=True))
    above: list[tuple[str, Added]] = [("1", 1.0)]
    above += [(f"({rest}>{mine})", (x > figure).astype(float)) for rest, x in others[place + 1 :]]
    above += [(f"({rest}>={mine})", (x >= figure).astype(float)) for rest, x in others[:place]]
    rank = walk.added(above, both("auxiliary.rank_of_remainder"))
    on_grid = f"{snapped(to_units(walk, node, pool))}={pool_units}"
    up = [(f"({rest}>0)", (x > 0).astype(float)) for rest, x in zip(rests, figures, strict=True)]
    most = walk.added(up, both("auxiliary.may_be_rounded_up"))
    test = f"IF({on_grid},0,1)+IF(AND({left}>=0,{left}<={most}"
    wrong = walk.spill(test + "),0,1)", both("auxiliary.parts_can_be_rounded"), _zeros(walk, left))
    walk.block(both("auxiliary.parts_meet_the_total"), _sum(walk, wrong))
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
