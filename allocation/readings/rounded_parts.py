"""A figure that is the sum of parts which were each shared out among the units in whole units of their own."""

from __future__ import annotations

from collections.abc import Iterator

from allocation.language import tree
from allocation.language.sums import sum_terms
from allocation.policy.model import Model
from allocation.texts import Both, both


def rounded_parts(model: Model, name: str) -> tuple[str, ...]:
    """The parts of a column, where each is closed over the units for itself; none where not all are, or it is one."""
    column = model.columns.get(name)
    terms = sum_terms(column.node) if column else None
    parts = tuple(part for _, part in terms or ())
    return parts if len(parts) > 1 and all(_closed(model, part) for part in parts) else ()


def _closed(model: Model, name: str) -> bool:
    node = model.columns[name].node if name in model.columns else None
    return isinstance(node, tree.Call) and node.fn == "largest_remainder"


def rounded_part_note(model: Model, name: str) -> Both | None:
    """`“初步额”是各项分别取整再相加的：…`."""
    parts = rounded_parts(model, name)
    if not parts:
        return None
    column, first = model.columns[name], model.columns[parts[0]]
    return both("words.rounded_parts", column=column.label, part=first.heading or first.label)


def rounded_part_notes(model: Model) -> Iterator[Both]:
    """The same of every column of a model."""
    for name in model.columns:
        if note := rounded_part_note(model, name):
            yield note
