"""Rounding as Excel text: to whole units and back, and a row of parts closed by largest remainders."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import billionths, round_half_away, snap
from allocation.classes import dataclass
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


@dataclass(frozen=True)
class _RowOfParts:
    """One row that is to be closed: its total in units, its parts in units, whole units down, what that leaves."""

    pool: tuple[str, Floats]
    units: list[tuple[str, Floats]]
    downs: list[tuple[str, Floats]]
    rests: list[tuple[str, Floats]]


def row_remainder(walk: FormulaWalk, node: tree.Call) -> str:
    """One item of a row: parts down to whole units, the rest one by one to the largest remainders; or all parts
    rounded, and the one named takes what they leave."""
    pool = walk.simple(node.needed("pool"), both("auxiliary.row_total"))
    wanted = rounded_units(walk, node, node.needed("pool"))
    in_units = f"ROUND({to_units(walk, node, pool)},0)"
    pool_units = walk.spill(in_units, both("auxiliary.row_total_in_units"), wanted)
    row = _RowOfParts((pool_units, wanted), [], [], [])
    for part in node.rest("quota"):
        units = units_of(walk, node, part, both("auxiliary.part_before_rounding"))
        q = snap(walk.figures(part) / unit_size(walk, node))
        part_units = walk.spill(snapped(units), both("auxiliary.part_snapped"), q)
        down = walk.spill(f"INT({part_units})", both("auxiliary.part_rounded_down"), np.floor(q))
        of = part_units, down
        rest = walk.remainder(remainder_text(*of), both("auxiliary.remainder_of_part"), rests_of(q), of)
        row.units.append((part_units, q))
        row.downs.append((down, np.floor(q)))
        row.rests.append((rest, rests_of(q)))
    left = _left_of_row(walk, node, pool, row)
    place = node.whole("place")
    if node.arg("tail") is not None:
        return figures_of(walk, node, _part_beside_tail(walk, row, place, node.whole("tail")))
    mine, figure = row.rests[place]
    above: list[tuple[str, Added]] = [("1", 1.0)]
    above += [(f"({rest}>{mine})", (x > figure).astype(float)) for rest, x in row.rests[place + 1 :]]
    above += [(f"({rest}>={mine})", (x >= figure).astype(float)) for rest, x in row.rests[:place]]
    rank = walk.added(above, both("auxiliary.rank_of_remainder"))
    return figures_of(walk, node, f"({row.downs[place][0]}+IF({rank}<={left},1,0))")


def _left_of_row(walk: FormulaWalk, node: tree.Call, pool: str, row: _RowOfParts) -> str:
    """The units that whole units down leave of a row; blocked unless that many parts can be rounded up."""
    pool_units, wanted = row.pool
    downs = walk.added(row.downs, both("auxiliary.parts_rounded_down"))
    after = wanted - sum(x for _, x in row.downs)
    left = walk.spill(f"{pool_units}-({downs})", both("auxiliary.units_left"), after)
    on_grid = f"{snapped(to_units(walk, node, pool))}={pool_units}"
    up = [(f"({rest}>0)", (x > 0).astype(float)) for rest, x in row.rests]
    most = walk.added(up, both("auxiliary.may_be_rounded_up"))
    test = f"IF({on_grid},0,1)+IF(AND({left}>=0,{left}<={most}"
    wrong = walk.spill(test + "),0,1)", both("auxiliary.parts_can_be_rounded"), _zeros(walk, left))
    walk.block(both("auxiliary.parts_meet_the_total"), _sum(walk, wrong))
    return left


def _part_beside_tail(walk: FormulaWalk, row: _RowOfParts, place: int, tail: int) -> str:
    """Units of one part: rounded by itself, halves up, or what the others leave of the row, never below 0."""
    near: list[tuple[str, Floats]] = [(f"ROUND({units},0)", round_half_away(q).astype(float)) for units, q in row.units]
    (pool_units, wanted), (quota, _) = row.pool, row.units[tail]
    others = [pair for at, pair in enumerate(near) if at != tail] or [("0", np.zeros(1))]
    text = f"{pool_units}-({walk.added(others, both('auxiliary.other_parts'))})"
    rest = walk.spill(text, both("auxiliary.part_of_the_tail"), wanted - sum(x for _, x in others))
    lost = f"IF(AND({rest}<0,{quota}>=0),1,0)"
    below = walk.spill(lost, both("auxiliary.below_zero_with_the_tail"), _zeros(walk, rest))
    walk.block(both("auxiliary.tail_part_not_below_zero"), _sum(walk, below))
    return rest if place == tail else near[place][0]


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
