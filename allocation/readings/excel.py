"""The workbook reading: the same tree as live Excel formulas.

Whatever a function over counties ranges over is spilled into a helper column first, so that only plain ranges are used
and no array entry is needed. Only functions that Excel 2010, WPS and LibreOffice share.
"""

from __future__ import annotations

from allocation.language import tree
from allocation.readings.excel_nodes import VISITS
from allocation.readings.excel_walk import FormulaWalk


class Walk(FormulaWalk):
    """Formulas of one model on one table."""

    def visit(self, node: tree.Node) -> str:
        return VISITS[type(node)](self, node)
