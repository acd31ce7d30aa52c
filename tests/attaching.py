"""Parts attached to a model and its table, as tests say it: `attached(model, table, settlement=path)`."""

from __future__ import annotations

from allocation.parts.extending import Extended, extend
from allocation.parts.part import Given
from allocation.policy.model import Model
from allocation.tables.table import Table


def attached(model: Model, table: Table, *, recover_years: int = 1, **given: object) -> Extended:
    """By kind what is given for it; nothing where that is None."""
    settings = {"recover_years": recover_years}
    return extend(model, table, {kind: Given(what, settings) for kind, what in given.items() if what is not None})
