"""`last` and `since` as formulas: a cell of an earlier year's sheet, found by code, or the input that stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocation.language import tree
from allocation.model import Column
from allocation.readings.each import periods_of
from allocation.readings.excel_text import given_or
from allocation.texts import Both

if TYPE_CHECKING:
    from allocation.readings.excel import Walk


def given(walk: Walk, node: tree.Call) -> str:
    """Whether an input, or a figure of an earlier year, is there."""
    x = node.arg("x")
    if isinstance(x, tree.Call):
        cell = _past_cell(walk, x)
        if cell:
            return _there(walk, x, cell)
    name = x.id if isinstance(x, tree.Name) else _before(walk, x)
    entry, cell = walk.model.inputs[name], walk.places.input(name)
    if entry.default is not None:
        return "TRUE"
    return f'{cell}<>""' if entry.text else f"ISNUMBER({cell})"


def earlier(walk: Walk, node: tree.Call) -> str:
    cell = _past_cell(walk, node)
    if not cell:
        return given_or(walk, _before(walk, node))
    missing = walk.evaluator.earlier(node.arg("x").id, periods_of(node))[1]
    return cell if missing is None and "{r}" not in cell else f"IF({_there(walk, node, cell)},{cell},NA())"


def _there(walk: Walk, node: tree.Call, cell: str) -> str:
    """Whether the past figure is one: a number, or, of a class, a text."""
    entry = walk.model.entry(node.arg("x").id)
    text = entry.kind == "text" if isinstance(entry, Column) else entry.text
    return f'AND(ISTEXT({cell}),{cell}<>"")' if text else f"ISNUMBER({cell})"


def _before(walk: Walk, node: tree.Call) -> str:
    """The input that holds a column's figure of the period before, where the workbook shows none."""
    return walk.model.entry(node.arg("x").id).before[periods_of(node) - 1]


def _past_cell(walk: Walk, node: tree.Call) -> str:
    """The figure on the sheets of an earlier year; empty where there are none."""
    past, periods, name = walk.places.past, periods_of(node), node.arg("x").id
    if not past:
        return ""
    if len(past) >= periods:
        back, entry = periods, walk.model.entry(name)
        place = past[-back]
        target = place.column(name) if isinstance(entry, Column) else place.input(name)
    else:
        back = len(past)
        place = past[0]
        target = place.input(walk.model.entry(name).before[periods - len(past) - 1])
    if "{r}" not in target or walk.evaluator.past[-back].codes == walk.evaluator.table.codes:
        return target
    row = _row(walk, place, back)
    sheet, _, cell = target.partition("!")
    letter = cell.replace("{r}", "")
    # A row of 0 would give the whole column: counties that were not there have none.
    return f'IF({row}=0,"",INDEX({sheet}!{letter}${place.first}:{letter}${place.last},MAX({row},1)))'


def _row(walk: Walk, place, back: int) -> str:
    """The county's place among those of the earlier year, by code; 0 where it was not there."""
    codes = walk.evaluator.past[-back].codes
    own, span = walk.places.code(), place.code()
    sheet, _, cell = span.partition("!")
    letter = cell.replace("{r}", "")
    lookup = f"IFERROR(MATCH({own},{sheet}!{letter}${place.first}:{letter}${place.last},0),0)"
    found = {code: float(number) for number, code in enumerate(codes, start=1)}
    rows = np.array([found.get(code, 0.0) for code in walk.evaluator.table.codes])
    return walk.spill(lookup, Both("以前年度所在行", "row in the earlier year"), rows)
