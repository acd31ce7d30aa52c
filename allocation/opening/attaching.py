"""A model and its table with all that a case attaches to them."""

from __future__ import annotations

from allocation.case import CaseFile
from allocation.errors import AllocationError, Problem
from allocation.parts.extending import Extended, extend_as_far
from allocation.parts.kinds import PARTS
from allocation.parts.part import Given
from allocation.policy.model import Model
from allocation.tables.table import Table


def attached(model: Model, table: Table, case: CaseFile | None) -> Extended:
    """Raises AllocationError with all that is wrong with any of it."""
    kinds = {part.kind for part in PARTS}
    given = {kind: Given(path) for kind, path in (case.given if case else {}).items() if kind in kinds}
    if not given:
        return Extended(model, table)
    problems: list[Problem] = []
    extended = extend_as_far(model, table, given, problems)
    if problems:
        raise AllocationError(problems)
    return extended
