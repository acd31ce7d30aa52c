"""The engine's figures for the workbook's helper cells, also in rows where a branch is not taken.

A helper stands in its own cell and is worked out for every county, while the engine asks only where it must. So the
figures are taken leniently, and the rows where Excel will show an error get that error as their value.
"""

from __future__ import annotations

import numpy as np

from allocation.errors import AllocationError
from allocation.language import tree
from allocation.language.functions import ACROSS
from allocation.readings.each import periods_of
from allocation.readings.evaluated import Active
from allocation.readings.evaluation import Evaluation

GATHERED = ("total", "mean", "lowest", "highest", "count", "deviation")  # each group from its own rows alone
BLANK, ZERO = "#N/A", "#DIV/0!"
Cell = float | str  # a figure, a text, or the error that Excel shows
Shown = Cell | list[Cell]  # one a run, or one a county


class Values:
    """Figures and faults of nodes, on one evaluator whose columns are computed."""

    def __init__(self, evaluator: Evaluation, each_group_alone: bool = True):
        """`each_group_alone`: a group without an error shows its figure, whatever other groups lack."""
        self.evaluator, self.each_group_alone = evaluator, each_group_alone
        evaluator.lenient = True

    def of(self, node: tree.Node) -> Shown:
        """A float or text, or a list of them; truths as 1 and 0; an Excel error where the cell will show one."""
        try:
            data = self.evaluator.visit(node, Active()).data
            faults = self.faults(node)
        except AllocationError:
            return BLANK
        row = data[0].astype(float) if data.dtype == bool else data[0]
        values = [value if isinstance(value, str) else float(value) for value in row]
        if len(values) == 1 and len(faults) == 1:
            return str(faults[0]) or values[0]
        values = values * (len(faults) if len(values) == 1 else 1)
        errors = faults.tolist() * (len(values) if len(faults) == 1 else 1)
        return [str(error) or value for error, value in zip(errors, values, strict=True)]

    def faults(self, node: tree.Node) -> np.ndarray:
        """An Excel error for each row, or an empty text; one entry where it is the same for all."""
        match node:
            case tree.Name(id=name):
                return self._blanks(name)
            case tree.If(test=test, then=then, otherwise=otherwise):
                taken = self.evaluator.visit(test, Active()).data[0]
                return _first(self.faults(test), np.where(taken, self.faults(then), self.faults(otherwise)))
            case tree.Logic():
                return self._logic(node)
            case tree.Binary(op="/", left=left, right=right):
                zero = np.where(self.evaluator.visit(right, Active()).data[0] == 0, ZERO, "")
                return _first(self.faults(left), self.faults(right), zero)
            case tree.Call():
                return self._call(node)
        return _first(*(self.faults(part) for part in node.parts()))

    def _blanks(self, name: str) -> np.ndarray:
        figures = self.evaluator.values.get(name)
        if figures is None or figures.missing is None:
            return np.array([""])
        return np.where(figures.missing[0], BLANK, "")

    def _logic(self, node: tree.Logic) -> np.ndarray:
        faults, open_ = np.array([""]), np.array([True])
        for operand in node.operands:
            faults = _first(faults, np.where(open_, self.faults(operand), ""))
            data = self.evaluator.visit(operand, Active()).data[0]
            open_ = open_ & (data if node.op == "and" else ~data)
        return faults

    def _call(self, node: tree.Call) -> np.ndarray:
        if node.fn == "given":
            return np.array([""])
        if node.fn in ("last", "since"):
            missing = self.evaluator.earlier(node.named("x"), periods_of(node))[1]
            return np.array([""]) if missing is None else np.where(missing[0], BLANK, "")
        parts = [part for key, part in node.args if not (key in ("floor", "cap") and isinstance(part, tree.Name))]
        faults = _first(*(self.faults(part) for part in parts))
        if node.fn not in ACROSS:
            return faults
        ids = self.evaluator.groups(node) if self.each_group_alone and node.fn in GATHERED else None
        if ids is None or len(faults) == 1 or np.any(self.faults(node.needed("by")) != ""):
            return np.array([next((fault for fault in faults if fault), "")])
        each = zip(ids[::-1].tolist(), faults[::-1].tolist(), strict=True)
        lacking = {group: fault for group, fault in each if fault}
        return np.array([lacking.get(group, "") for group in ids.tolist()], object)


def _first(*faults: np.ndarray) -> np.ndarray:
    """The first fault of each row."""
    first: np.ndarray = np.array([""], object)
    for fault in faults:
        first = np.where(first == "", fault.astype(object), first)
    return first
