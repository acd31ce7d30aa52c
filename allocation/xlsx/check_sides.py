"""The two sides of a model's check on 核对, live: who edits a figure sees both move.

Of a check on the whole table they always stand there; of one on units they are those of the first unit at fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.units import PURE, Unit
from allocation.policy.model import Check, Model
from allocation.readings.amounts import unit_of
from allocation.readings.excel import Walk
from allocation.readings.excel_values import Cell
from allocation.report.formats import number_format
from allocation.texts import both
from allocation.texts.decimals import UNROUNDED

NOTHING, GENERAL = '""', "General"


@dataclass(frozen=True)
class CheckSides:
    """The formulas of the left and the right side, what they give as the workbook is written, and their format."""

    texts: tuple[str, str]
    values: tuple[Cell, Cell]
    number: str


def sides_of(walk: Walk, check: Check) -> CheckSides | None:
    """Of several comparisons that must all hold, those of the first that does not; None of a check without any."""
    compared = [*_compared(walk.model, check.node)]
    if not compared:
        return None
    walk.owner = check.label
    sides = _Sides(walk, check)
    units = [unit_of(walk.model, side) for side in (compared[0].left, compared[0].right)]
    unit = next((unit for unit in units if unit), PURE)
    (left, first), (right, second) = (sides.one_of(compared, side) for side in ("left", "right"))
    return CheckSides((left, right), (first, second), _number(unit))


def _number(unit: Unit) -> str:
    """The format of both sides, whatever is edited; outside percentages as many decimals as a figure has."""
    return number_format(unit, UNROUNDED) if unit.is_percent else GENERAL


def _compared(model: Model, node: tree.Node) -> Iterator[tree.Compare]:
    """The comparisons that must all hold, also behind names."""
    match node:
        case tree.Compare():
            yield node
        case tree.Logic(op="and"):
            for part in node.parts():
                yield from _compared(model, part)
        case tree.Name(id=name) if name in model.columns and model.columns[name].kind == "truth":
            yield from _compared(model, model.columns[name].node)


class _Sides:
    """`at`: the place of the first unit at fault, as a formula; empty of a check on the whole table."""

    def __init__(self, walk: Walk, check: Check):
        self.walk, self.at, self.row = walk, "", 0
        if check.shape != "scalar":
            self.at = f"MATCH(0,{walk.range(check.node, both('auxiliary.passes'))},0)"
            held = walk.value(check.node)
            passes = held if isinstance(held, list) else [held]
            self.row = passes.index(0) if 0 in passes else -1

    def one_of(self, compared: Sequence[tree.Compare], side: str) -> tuple[str, Cell]:
        """The side of the first comparison that does not hold; of the first where all hold."""
        nodes = [getattr(comparison, side) for comparison in compared]
        text, value = self.text(nodes[0]), self.value(nodes[0])
        for comparison, node in reversed([*zip(compared, nodes, strict=True)] if len(compared) > 1 else []):
            text = f"IF({self.holds(comparison)},{text},{self.text(node)})"
            value = value if self.value(comparison) == 1 else self.value(node)
        return f"IFERROR({f'IF(ISNUMBER({self.at}),{text},{NOTHING})' if self.at else text},{NOTHING})", value

    def text(self, node: tree.Node) -> str:
        text = self.walk.formula(node)
        return f"INDEX({self.walk.range(node, both('auxiliary.step'))},{self.at})" if "{r}" in text else text

    def holds(self, comparison: tree.Compare) -> str:
        text = self.walk.formula(comparison)
        if "{r}" not in text:
            return text
        return f"INDEX({self.walk.range(comparison, both('auxiliary.passes'))},{self.at})=1"

    def value(self, node: tree.Node) -> Cell:
        """What the formula gives as the workbook is written: nothing where no unit is at fault or it is an error."""
        held = self.walk.value(node)
        if isinstance(held, list):
            held = held[self.row] if self.row >= 0 else ""
        elif self.row < 0:
            held = ""
        return "" if isinstance(held, str) and held.startswith("#") else held
