"""`last` and `since` as formulas: a cell of an earlier year's sheet, found by code, or the input that stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocation.language import tree
from allocation.policy.model import Column, Input
from allocation.readings.each import periods_of
from allocation.readings.excel_text import given_or
from allocation.texts import both

if TYPE_CHECKING:
    from allocation.readings.excel_walk import FormulaWalk, SheetPlaces


def given(walk: FormulaWalk, node: tree.Call) -> str:
    """Whether an input, or a figure of an earlier year, is there."""
    x = node.needed("x")
    if isinstance(x, tree.Call):
        past = _past_cell(walk, x)
        if past:
            return _there(walk, x, past)
    name = _before(walk, x) if isinstance(x, tree.Call) else node.named("x")
    entry, cell = walk.model.inputs[name], walk.places.input(name)
    if entry.default is not None:
        return "TRUE"
    return f'{cell}<>""' if entry.text else f"ISNUMBER({cell})"


def earlier(walk: FormulaWalk, node: tree.Call) -> str:
    cell = _past_cell(walk, node)
    if not cell:
        return given_or(walk, _before(walk, node))
    missing = walk.evaluator.earlier(node.named("x"), periods_of(node))[1]
    return cell if missing is None and "{r}" not in cell else f"IF({_there(walk, node, cell)},{cell},NA())"


def _there(walk: FormulaWalk, node: tree.Call, cell: str) -> str:
    """Whether the past figure is one: a number, or, of a class, a text."""
    entry = walk.model.entry(node.named("x"))
    text = entry.text if isinstance(entry, Input) else entry.kind == "text"
    return f'AND(ISTEXT({cell}),{cell}<>"")' if text else f"ISNUMBER({cell})"


def _before(walk: FormulaWalk, node: tree.Call) -> str:
    """The input that holds a column's figure of the period before, where the workbook shows none."""
    return walk.model.before(node.named("x"))[periods_of(node) - 1]


def _past_cell(walk: FormulaWalk, node: tree.Call) -> str:
    """The figure on the sheets of an earlier year; empty where there are none."""
    past, periods, name = walk.places.past, periods_of(node), node.named("x")
    if not past:
        return ""
    if len(past) >= periods:
        back, entry = periods, walk.model.entry(name)
        place = past[-back]
        target = place.column(name) if isinstance(entry, Column) else place.input(name)
    else:
        back = len(past)
        place = past[0]
        target = place.input(walk.model.before(name)[periods - len(past) - 1])
    if "{r}" not in target or walk.evaluator.past[-back].codes == walk.evaluator.table.codes:
        return target
    row = _row(walk, place, back)
    sheet, _, cell = target.partition("!")
    letter = cell.replace("{r}", "")
    # A row of 0 would give the whole column: counties that were not there have none.
    return f'IF({row}=0,"",INDEX({sheet}!{letter}${place.first}:{letter}${place.last},MAX({row},1)))'


def _row(walk: FormulaWalk, place: SheetPlaces, back: int) -> str:
    """The county's place among those of the earlier year, by code; 0 where it was not there."""
    codes = walk.evaluator.past[-back].codes
    code, span = walk.places.code(), place.code()
    sheet, _, cell = span.partition("!")
    letter = cell.replace("{r}", "")
    lookup = f"IFERROR(MATCH({code},{sheet}!{letter}${place.first}:{letter}${place.last},0),0)"
    places = {code: float(number) for number, code in enumerate(codes, start=1)}
    rows = np.array([places.get(code, 0.0) for code in walk.evaluator.table.codes])
    return walk.spill(lookup, both("auxiliary.row_in_the_earlier_year"), rows)
