"""Two columns of one table that say the same of every unit: one was pasted over the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from allocation.doubts.doubt import Doubt
from allocation.errors import Problem
from allocation.policy.model import Model
from allocation.tables.table import Table
from allocation.texts import exact_text

FEWEST = 4  # different figures in a column: fewer are alike by chance, or are classes and scores


def pasted_doubts(model: Model, table: Table) -> Iterator[Doubt]:
    """One a pair of inputs of the same unit, with the same figures and the same blanks.

    Years of one list may be alike, as of payments agreed in advance, but where whole things or people are counted.
    A whole and its only part so far may be alike, as where a check of the model holds one against the other.
    """
    columns = {
        name: table.values[name]
        for name, entry in model.inputs.items()
        if not entry.text and name in table.values and name not in table.absent
    }
    telling = [name for name, column in columns.items() if len({*column} - {None}) >= FEWEST]
    for first, second in combinations(telling, 2):
        first_input, second_input = model.inputs[first], model.inputs[second]
        listed_alike = first_input.decimals != 0 and first.partition(".")[0] == second.partition(".")[0]
        if first_input.unit != second_input.unit or listed_alike or columns[first] != columns[second]:
            continue
        if _held_together(model, first, second):
            continue
        figures = (first, second, *(f"{code}|{exact_text(value)}"
                                    for code, value in zip(table.codes, columns[first], strict=True)))  # fmt: skip
        slots = {
            "first": first_input.label,
            "second": second_input.label,
            "count": sum(value is not None for value in columns[first]),
        }
        yield Doubt("pasted", (), figures, Problem("doubts.pasted", slots, table.where(second, 0)))


def _held_together(model: Model, first: str, second: str) -> bool:
    """Whether a check names both as the cells to mend, of two lists or of none: a part and its whole."""
    one_list = first.partition(".")[0] == second.partition(".")[0]
    return not one_list and any(first in check.cells and second in check.cells for check in model.checks)
