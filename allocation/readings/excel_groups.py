"""Figures by group: the counties in the order of their groups, and a table of groups, one row a group.

The order is written with the workbook. While every group cell says what it said then, it is taken as it is; once one
was edited the order is found again by comparing every county with every other, or, where that would take too long,
核对 says that the groups were changed and no award is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocation.classes import dataclass
from allocation.language import tree
from allocation.readings.excel_effort import follows
from allocation.readings.excel_group_table import GroupTable, Ordered
from allocation.readings.excel_sums import GatheredSums
from allocation.readings.excel_walk import COLUMN
from allocation.texts import Both, both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocation.arrays import Floats, Groups
    from allocation.readings.excel_values import Cell, Shown
    from allocation.readings.excel_walk import FormulaWalk

SEARCHED = 8  # cells that finding the order again reads, a county and other county
ALL, ROOM = 200, 20  # in a table of so many counties each may become a group of its own; else so many new groups may


def ordered(walk: FormulaWalk, ids: Groups) -> Ordered:
    order = np.array(walk.evaluator.table.order)
    lowest = np.full(ids.max() + 1, len(order) + 1)
    np.minimum.at(lowest, ids, order)
    rows = np.lexsort((order, lowest[ids]))
    places = np.empty_like(rows)
    places[rows] = np.arange(len(rows))
    starts = np.flatnonzero(np.r_[True, ids[rows][1:] != ids[rows][:-1]])
    numbers = np.searchsorted(starts, places, side="right")
    return Ordered(places, rows, numbers, rows[starts])


def group_table(walk: FormulaWalk, node: tree.Call) -> GroupTable:
    by = node.needed("by")
    said, texts = walk.value(by), walk.formula(by)
    if not COLUMN.match(texts):
        texts = walk.spill(texts, both("auxiliary.group"), said)
    if texts not in walk.tables:
        walk.tables[texts] = _Finder(walk, texts, said, ordered(walk, walk.ids(node))).table()
    return walk.tables[texts]


@dataclass(frozen=True)
class _Finder:
    """The columns of a grouping by the cell `texts`, which `said` these texts as it was written."""

    walk: FormulaWalk
    texts: str
    said: Shown
    ordered: Ordered

    def table(self) -> GroupTable:
        walk, order = self.walk, self.ordered
        changed = self._changed()
        lowest = self._lowest(changed)
        span, place = walk.span(lowest), walk.places.order()
        ahead = f"SUMPRODUCT(({span}<{lowest})+({span}={lowest})*({walk.span(place)}<={place}))"
        what, figures = both("auxiliary.place_by_group"), (order.places + 1).astype(float)
        places = self._written("place", what, figures)
        at = self._kept(places, changed, ahead, what, figures)
        sought = f"MATCH({{r}}-{walk.places.first - 1},{walk.span(at)},0)"
        what, figures = both("auxiliary.who_stands_there"), (order.rows + 1).astype(float)
        row = self._kept(self._written("row", what, figures, places), changed, sought, what, figures)
        in_turn = order.numbers[order.rows].astype(float)
        turn = self._in_turn(row, changed, lowest, in_turn)
        numbers = order.numbers.astype(float)
        number = walk.spill(f"INDEX({walk.span(turn)},{at})", both("auxiliary.group_number"), numbers)
        groups = len(order.leaders)
        count = walk.spill(f"MAX({walk.span(turn)})", both("auxiliary.how_many_groups"), float(groups))
        height = walk.width if walk.width <= ALL else min(walk.width, groups + ROOM)
        if height < walk.width:
            walk.block(both("auxiliary.room_for_the_groups"), f"IF({count}<={height},0,1)")
        lasts = np.bincount(order.numbers, minlength=groups + 1)[1:].cumsum().astype(float)
        filled: list[Cell] = [*lasts.tolist(), *[""] * (height - groups)]
        to_row = f"{{r}}-{walk.places.first - 1}"
        text = f'IF({to_row}>{count},"",MATCH({to_row},{walk.span(turn)},1))'
        last = walk.helper(text, both("auxiliary.last_of_the_group"), filled, height)
        above = last.replace("{r}", "{above}")
        firsts: list[Cell] = [1.0, *(lasts[:-1] + 1).tolist(), *[""] * (height - groups)]
        text = f'IF({to_row}>{count},"",IF({to_row}=1,1,{above}+1))'
        first = walk.helper(text, both("auxiliary.first_of_the_group"), firsts, height)
        return GroupTable(at, row, number, first, last, count, height, order)

    def _changed(self) -> str:
        """How many group cells no longer say what they said."""
        walk = self.walk
        as_written = walk.hint(f"text {self.texts}", both("auxiliary.group_as_written"), self.said)
        unlike = f"IF(EXACT({self.texts},{as_written}),0,1)"
        differs = walk.of_order(walk.spill(unlike, both("auxiliary.group_changed"), 0.0))
        summed = f"SUM({walk.span(differs)})"
        changed = walk.of_order(walk.spill(summed, both("auxiliary.groups_changed"), 0.0, reads=walk.width))
        if not self._found_again:
            walk.block(both("auxiliary.groups_are_as_written"), changed)
        return changed

    @property
    def _found_again(self) -> bool:
        return follows(SEARCHED * self.walk.width**2)

    def _written(self, of: str, what: Both, figures: Floats, rows_of: str = "") -> str:
        return self.walk.hint(f"{of} {self.texts}", both("auxiliary.as_written", of=what), figures, rows_of)

    def _kept(self, written: str, changed: str, compared: str, what: Both, figures: Floats) -> str:
        """What stands as it was written until a group is changed, and is then found again."""
        again = compared if self._found_again else "NA()"
        return self.walk.spill(f"IF({changed}=0,{written},{again})", what, figures)

    def _lowest(self, changed: str) -> str:
        """The lowest 次序 of those with the same text; not MATCH, which takes * and ? for wildcards."""
        walk, places = self.walk, self.walk.span(self.walk.places.order())
        beyond = walk.width + 1
        compared = f"{beyond}-SUMPRODUCT(MAX(({walk.span(self.texts)}={self.texts})*({beyond}-{places})))"
        again = compared if self._found_again else "NA()"
        text = f"IF({changed}=0,0,{again})"
        return walk.of_order(walk.spill(text, both("auxiliary.lowest_of_the_group"), 0.0, wide=True))

    def _in_turn(self, row: str, changed: str, lowest: str, figures: Floats) -> str:
        """The number of the group of who stands in this place: one more wherever the text is another."""
        walk, said = self.walk, self.said
        held: list[Cell] = said if isinstance(said, list) else [said] * walk.width
        shown: list[Cell] = [held[at] for at in self.ordered.rows.tolist()]
        there = walk.spill(f"INDEX({walk.span(self.texts)},{row})", both("auxiliary.group_there"), shown)
        above, first = there.replace("{r}", "{above}"), f"{{r}}={walk.places.first}"
        reached = f"{walk.span(lowest)}"
        one_low = f"INDEX({reached},{row})=INDEX({reached},{row.replace('{r}', '{above}')})"
        text = f"IF({changed}=0,0,IF({first},0,IF({one_low},IF(EXACT({there},{above}),0,1),0)))"
        unlike = walk.spill(text, both("auxiliary.capitals_differ"), 0.0, wide=True)
        walk.block(both("auxiliary.no_two_groups_differ_only_in_capitals"), f"SUM({walk.span(unlike)})")
        step = f"{{before}}+IF(EXACT({there},{above}),0,1)"
        return walk.running("1", step, both("auxiliary.group_number_there"), figures)


@dataclass(frozen=True)
class Grouped(GatheredSums):
    """Figures gathered by group: ranges of the order of groups, a row a group."""

    table: GroupTable

    @property
    def grouped(self) -> bool:
        return True

    def _range(self, view: str, to: str = "") -> str:
        """The group's own places in a column (or several) in the order of groups."""
        table, span = self.table, self.walk.span(view, to=to)
        wide = (",1", f",{_columns(view, to)}") if to and to != view else ("", "")
        return f"INDEX({span},{table.first}{wide[0]}):INDEX({span},{table.last}{wide[1]})"

    def _view(self, cell: str, what: Both, figures: Floats) -> tuple[str, Both, Floats]:
        return f"INDEX({self.walk.span(cell)},{self.table.row})", what, figures[self.table.ordered.rows]

    def over(self, cell: str, figures: Floats, what: Both) -> str:
        text, label, inside = self._view(cell, both("auxiliary.in_groups", of=what), figures)
        return self._range(self.walk.spill(text, label, inside, wide=True))

    def over_remainders(self, cell: str, figures: Floats) -> str:
        text, label, inside = self._view(cell, both("auxiliary.in_groups", of=both("auxiliary.remainder")), figures)
        return self._range(self.walk.one_of(self.walk.spill(text, label, inside, wide=True), cell))

    def breakpoints(self, columns: Sequence[tuple[str, Both, Floats]]) -> tuple[list[tuple[str, str]], str]:
        cells = [self.walk.spill(text, what, figures, wide=True) for text, what, figures in columns]
        views = self.walk.beside([
            self._view(cell, both("auxiliary.in_groups", of=what), figures)
            for cell, (_, what, figures) in zip(cells, columns, strict=True)
        ])  # fmt: skip
        ranges = [self._range(view) for view in views]
        return list(zip(cells, ranges, strict=True)), self._range(views[0], views[-1])

    def spill(self, text: str, what: Both, figures: Floats | Shown, reads: int = 0) -> str:
        table = self.table
        every = figures.tolist() if isinstance(figures, np.ndarray) else figures
        held: list[Cell] = every if isinstance(every, list) else [every] * self.walk.width
        shown: list[Cell] = [held[leader] for leader in table.ordered.leaders.tolist()]
        shown = [float(figure) if isinstance(figure, int) else figure for figure in shown]
        to_row = f"{{r}}-{self.walk.places.first - 1}"
        text = f'IF({to_row}>{table.count},"",{text})'
        values: list[Cell] = [*shown, *[""] * (table.height - len(shown))]
        return self.walk.helper(text, what, values, table.height, reads * self.walk.width)

    def figure(self, text: str, what: Both, figures: Floats) -> str:
        if "{r}" not in text:
            return text
        leader = f"INDEX({self.walk.span(self.table.row)},{self.table.first})"
        return self.spill(f"INDEX({self.walk.span(text)},{leader})", what, figures)

    def of(self, reference: str) -> str:
        if "{r}" not in reference:
            return reference
        return f"INDEX({self.walk.span(reference, self.table.height)},{self.table.number})"

    def wrong(self, test: str, what: Both) -> str:
        return self.counted(test, what, 0)

    def counted(self, test: str, what: Both, reads: int) -> str:
        return f"SUM({self.walk.span(self.spill(test, what, 0.0, reads), self.table.height)})"

    def size(self) -> str:
        return f"({self.table.last}-{self.table.first}+1)"


def _columns(view: str, to: str) -> int:
    """How many columns from one to another."""
    first, last = (COLUMN.match(cell) for cell in (view, to))
    assert first and last, (view, to)
    number = [0, 0]
    for at, match in enumerate((first, last)):
        for letter in match["column"]:
            number[at] = number[at] * 26 + ord(letter) - 64
    return number[1] - number[0] + 1
