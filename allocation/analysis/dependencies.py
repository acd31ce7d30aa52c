"""What a column is computed from."""

from __future__ import annotations

from allocation.language import tree
from allocation.policy.model import Model


def rests_on(model: Model, name: str) -> set[str]:
    """The column and every column it is computed from."""
    columns: set[str] = set()
    waiting = [name]
    while waiting:
        name = waiting.pop()
        if name in model.columns and name not in columns:
            columns.add(name)
            waiting += [part.id for part in tree.names(model.columns[name].node)]
    return columns
