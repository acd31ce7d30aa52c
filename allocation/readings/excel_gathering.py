"""How a call over counties gathers their figures: over all, by group, or as papers of 0.2 did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocation.language import tree
from allocation.readings.excel_compared import ComparedSums, group_numbers
from allocation.readings.excel_groups import Grouped, group_table
from allocation.readings.excel_sums import GatheredSums

if TYPE_CHECKING:
    from allocation.readings.excel_walk import FormulaWalk


def gathered(walk: FormulaWalk, node: tree.Call) -> GatheredSums:
    ids = walk.ids(node)
    if walk.compared:
        return ComparedSums(walk, ids, group_numbers(walk, node))
    return GatheredSums(walk, ids) if node.arg("by") is None else Grouped(walk, ids, group_table(walk, node))
