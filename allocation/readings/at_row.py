"""One county's part in what was computed: its figures, the branch it took, the tests until one decided."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocation.language import tree
from allocation.readings.amounts import Value
from allocation.readings.evaluated import Evaluated


def value_at(data: np.ndarray, row: int) -> Value:
    value: Value = data[0, row if data.shape[-1] > 1 else 0]
    return value


def figure_at(evaluated: Evaluated, row: int) -> Value:
    """The county's figure; None where it is blank."""
    blank = evaluated.missing is not None and value_at(evaluated.missing, row)
    return None if blank else value_at(evaluated.data, row)


def taken(evaluated: Evaluated, row: int) -> tuple[Evaluated, ...]:
    """The parts that made the county's figure: the branch it took, the tests until one decided."""
    node, parts = evaluated.node, evaluated.parts
    if isinstance(node, tree.If):
        return parts[0], branch(evaluated, row)
    if isinstance(node, tree.Logic):
        deciding = node.op == "or"
        truths = [bool(value_at(part.data, row)) for part in parts]
        return parts[: truths.index(deciding) + 1] if deciding in truths else parts
    return parts


def branch(evaluated: Evaluated, row: int) -> Evaluated:
    """What an `if` came to; a test that holds for the whole run leaves the other branch out."""
    if len(evaluated.parts) == 2:
        return evaluated.parts[1]
    return evaluated.parts[1] if value_at(evaluated.parts[0].data, row) else evaluated.parts[2]


def walk(evaluated: Evaluated, row: int) -> Iterator[Evaluated]:
    """The evaluated nodes of one formula that count for the county, columns it names left closed."""
    yield evaluated
    if not isinstance(evaluated.node, tree.Name):
        for part in taken(evaluated, row):
            yield from walk(part, row)
