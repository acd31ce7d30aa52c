"""Which counties of a table an address speaks of."""

from __future__ import annotations

from allocation.errors import AllocationError, Problem, nearest
from allocation.policy.model import Model
from allocation.tables.table import Table


def select(model: Model, table: Table, selector: str | None) -> list[int]:
    """Rows of a code (also where another unit is called so), a unique name, or a group `column=value`; all rows
    without a selector."""
    if selector is None:
        return list(range(len(table)))
    column, equals, value = selector.partition("=")
    if equals:
        if column not in model.inputs or not model.inputs[column].text:
            known = [name for name, entry in model.inputs.items() if entry.text]
            raise AllocationError(Problem("scenario.no_group", {"name": column, "known": known or "—"}))
        rows = [row for row, text in enumerate(table.values.get(column, ())) if text == value]
    else:
        rows = [row for row, code in enumerate(table.codes) if code == selector] if table.coded else []
        rows = rows or [row for row in range(len(table)) if selector in (table.codes[row], table.names[row])]
        if len(rows) > 1:
            raise AllocationError(
                Problem("scenario.ambiguous", {"name": selector, "codes": [table.codes[r] for r in rows]})
            )
    if not rows:
        near = nearest(selector, [*table.names, *table.codes]) or "—"
        raise AllocationError(Problem("scenario.no_county", {"name": selector, "nearest": near}))
    return rows
