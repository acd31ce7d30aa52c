"""What stands before a county in an order of figures: its rank, and what earlier counties need.

The counties stand in the order that they had when the workbook was written. While it still is their order, a column
that goes down it tells all of them; once an edit changed it, every county is compared with every other, or, where that
would take too long, 核对 says so and no award is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import snap
from allocation.classes import dataclass
from allocation.language import tree
from allocation.readings.excel_compared import group_numbers
from allocation.readings.excel_effort import follows
from allocation.readings.excel_groups import group_table
from allocation.readings.excel_text import pair, snapped
from allocation.texts import Both, both

if TYPE_CHECKING:
    from allocation.arrays import Floats
    from allocation.readings.excel_walk import FormulaWalk


@dataclass(frozen=True)
class _Keys:
    """By what the counties of each group are ordered: their own cells, and the engine's figures. `group` is a cell."""

    group: str
    ids: np.ndarray
    figure: tuple[str, Floats]
    largest_first: bool


@dataclass(frozen=True)
class _InOrder:
    """`place`: the county's place in the order that was written, from 1. `alike`: whether the one in the place above is
    of the same group, as text; empty without groups. `broken`: a cell that is 0 while it still is the order.
    """

    place: str
    row: str
    figure: str
    alike: str
    broken: str
    rows: np.ndarray  # which county stands in each place, from 0

    def values(self, figures: Floats) -> Floats:
        """Figures a county as they stand in this order."""
        there: Floats = figures[self.rows]
        return there


def _in_order(walk: FormulaWalk, keys: _Keys, last: str) -> _InOrder:
    """`last`: 1 where a county stands wrongly behind one with an equal figure, as text with {row} and {above_row}."""
    cell, figures = keys.figure
    numbers, order = _numbers(walk, keys.ids), np.array(walk.evaluator.table.order)
    rows = np.lexsort((order, -figures if keys.largest_first else figures, numbers))
    places = np.empty(len(rows))
    places[rows] = np.arange(len(rows)) + 1.0
    of = f"{keys.group} {cell} {keys.largest_first}"
    place = walk.hint(f"place {of}", both("auxiliary.place_as_written"), places)
    row = walk.hint(f"row {of}", both("auxiliary.row_as_written"), (rows + 1).astype(float), place)
    figure = _there(walk, cell, row, figures[rows], both("auxiliary.figure_there"))
    above, first = figure.replace("{r}", "{above}"), f"{{r}}={walk.places.first}"
    sign, behind = ">" if keys.largest_first else "<", "0"
    if last:
        behind = f"IF({figure}={above},{last.format(row=row, above_row=row.replace('{r}', '{above}'))},0)"
    wrong = f"IF({figure}{sign}{above},1,{behind})"
    alike = ""
    if keys.group:
        group = _there(walk, keys.group, row, numbers[rows], both("auxiliary.group_number_there"))
        over = group.replace("{r}", "{above}")
        alike, wrong = f"{group}={over}", f"IF({group}={over},{wrong},IF({group}<{over},1,0))"
    amiss = walk.of_order(walk.spill(f"IF({first},0,{wrong})", both("auxiliary.out_of_order"), 0.0, wide=True))
    summed = f"SUM({walk.span(amiss)})"
    broken = walk.of_order(walk.spill(summed, both("auxiliary.order_changed"), 0.0, reads=walk.width))
    return _InOrder(place, row, figure, alike, broken, rows)


def _numbers(walk: FormulaWalk, ids: np.ndarray) -> Floats:
    """The number of each county's group as the table of groups counts them, by the lowest 次序 in it."""
    lowest = np.full(ids.max() + 1, len(ids) + 1)
    np.minimum.at(lowest, ids, np.array(walk.evaluator.table.order))
    numbers: Floats = (np.argsort(np.argsort(lowest)) + 1)[ids].astype(float)
    return numbers


def _there(walk: FormulaWalk, cell: str, row: str, figures: Floats, what: Both) -> str:
    return walk.of_order(walk.spill(f"INDEX({walk.span(cell)},{row})", what, figures, wide=True))


def _taken(walk: FormulaWalk, inside: _InOrder, told: str, compared: str, reads: int) -> str:
    """`told` by the order while it is that of the figures, else compared."""
    again = compared
    if not follows(reads * walk.width**2):
        again = "NA()"
        walk.block(both("auxiliary.order_is_as_written"), inside.broken)
    return f"IF({inside.broken}=0,INDEX({walk.span(told)},{inside.place}),{again})"


def rank(walk: FormulaWalk, node: tree.Call) -> str:
    """1 for the highest; equals share a rank."""
    x = walk.simple(node.needed("x"), both("auxiliary.figure_to_rank"))
    figures = snap(walk.floats(node.needed("x")))
    mine = walk.spill(snapped(x), both("auxiliary.figure_to_rank_snapped"), figures, wide=True)
    group, span, what = _group(walk, node), walk.span(mine), both("auxiliary.over_rank")
    masked = f"({walk.span(group)}={group})*({span}>{mine})" if group else f"({span}>{mine})"
    compared = f"SUMPRODUCT(--({masked}))+1"
    if walk.compared:
        return walk.spill(compared, what, walk.value(node), reads=walk.width**2)
    inside = _in_order(walk, _Keys(group, walk.ids(node), (mine, figures), True), "")
    ranks = walk.floats(node)
    same = f"{inside.figure}={inside.figure.replace('{r}', '{above}')}"
    ahead, same = f"{{r}}-{walk.places.first - 1}", f"IF({same},{{before}},{{ahead}})"
    if group:
        text = f"IF({inside.alike},{{before}}+1,1)"
        places = _counts(walk.ids(node)[inside.rows])
        ahead = walk.of_order(walk.running("1", text, both("auxiliary.place_in_the_group"), places))
        same = f"IF({inside.alike},{same},1)"
    step = same.replace("{ahead}", ahead)
    told = walk.of_order(walk.running("1", step, both("auxiliary.rank_there"), inside.values(ranks)))
    return walk.spill(_taken(walk, inside, told, compared, 1), what, walk.value(node), reads=5 * walk.width)


def _counts(ids: np.ndarray) -> Floats:
    """1, 2, 3 … in each run of alike ids."""
    at = np.arange(len(ids))
    starts = np.where(np.r_[True, ids[1:] != ids[:-1]], at, 0)
    places: Floats = (at - np.maximum.accumulate(starts) + 1).astype(float)
    return places


def _group(walk: FormulaWalk, node: tree.Call) -> str:
    """The cell of the county's group number; empty without groups."""
    if node.arg("by") is None:
        return ""
    by = group_numbers(walk, node) if walk.compared else None
    return by[0] if by else group_table(walk, node).number


def fill(walk: FormulaWalk, node: tree.Call) -> str:
    """min(need, max(0, pool − needs that come earlier))."""
    pool = walk.simple(node.needed("pool"), both("auxiliary.pool"))
    need, needs = pair(walk, node.needed("need"), both("auxiliary.need"))
    asked = walk.simple(node.needed("order"), both("auxiliary.order"))
    figures = snap(walk.floats(node.needed("order")))
    turn = walk.spill(snapped(asked), both("auxiliary.turn"), figures, wide=True)
    turns, place = walk.span(turn), walk.places.order()
    walk.block(both("auxiliary.no_need_is_negative"), f"SUMPRODUCT(--({needs}<0))")
    earlier = f"(({turns}<{turn})+({turns}={turn})*({walk.span(place)}<{place}))"
    group, what, wanted = _group(walk, node), both("auxiliary.earlier_needs"), walk.floats(node.needed("need"))
    if group:
        earlier = f"({walk.span(group)}={group})*{earlier}"
    compared = f"SUMPRODUCT({earlier}*{needs})"
    rows = np.lexsort((np.array(walk.evaluator.table.order), figures, walk.ids(node)))
    before = np.empty(walk.width)
    before[rows] = _sums_before(wanted[rows], walk.ids(node)[rows])
    if walk.compared:
        text = walk.spill(compared, what, before, reads=3 * walk.width**2)
        return f"MIN({need},MAX(0,{pool}-{text}))"
    places = walk.span(place)
    behind = f"IF(INDEX({places},{{row}})<INDEX({places},{{above_row}}),1,0)"
    inside = _in_order(walk, _Keys(group, walk.ids(node), (turn, figures), False), behind)
    wants = _there(walk, need, inside.row, wanted[inside.rows], both("auxiliary.need_there"))
    step = f"{{before}}+{wants.replace('{r}', '{above}')}"
    step = f"IF({inside.alike},{step},0)" if group else step
    told = walk.of_order(walk.running("0", step, both("auxiliary.needs_before"), inside.values(before)))
    text = walk.spill(_taken(walk, inside, told, compared, 3), what, before, reads=5 * walk.width)
    return f"MIN({need},MAX(0,{pool}-{text}))"


def _sums_before(wanted: Floats, ids: np.ndarray) -> Floats:
    """What stands above each figure in its run of alike ids."""
    before = np.cumsum(wanted) - wanted
    starts = np.maximum.accumulate(np.where(np.r_[True, ids[1:] != ids[:-1]], np.arange(len(ids)), 0))
    return before - before[starts]
