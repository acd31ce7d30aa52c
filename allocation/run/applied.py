"""Many sets of changes applied to one model: a set that goes on from one applied before is only gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.policy.model import Model, Parameter
from allocation.run.scenario import Change, Changed, apply_by_year, apply_changes, entry_of
from allocation.tables.table import Table

Cells = frozenset[tuple[int, str, str, str]]  # place of the year, name, key and county


@dataclass(frozen=True)
class Applied:
    """The model and table of each year as changes left them; `cells`: what they moved."""

    models: tuple[Model, ...]
    tables: tuple[Table, ...]
    cells: Cells = frozenset()


@dataclass(frozen=True)
class _Moved:
    """A parameter or a table, and what one change makes of it."""

    subject: Parameter | Table
    changed: Parameter | Table
    record: tuple[Changed, ...]


class AppliedSets:
    """Sets of changes, which whoever applies them holds: they are known by what they are, not by what they say."""

    def __init__(self, model: Model, tables: Sequence[Table]):
        self.model, self.tables = model, tables
        self.known: dict[tuple[int, ...], Applied] = {(): Applied((model,) * len(tables), tuple(tables))}
        self.moved: dict[tuple[int, int], _Moved] = {}

    def apply(self, changes: Sequence[Change]) -> tuple[tuple[Model, ...], tuple[Table, ...]]:
        """The model and table of each year. Raises AllocationError as `apply_by_year`."""
        applied = self._reached(changes)
        if applied is None:  # then that says why
            return apply_by_year(self.model, self.tables, changes)[:2]
        self.known[_key(changes)] = applied
        return applied.models, applied.tables

    def _reached(self, changes: Sequence[Change]) -> Applied | None:
        if known := self.known.get(_key(changes)):
            return known
        before = self._reached(changes[:-1])
        try:
            return self._further(before, changes[-1]) if before else None
        except AllocationError:
            return None

    def _further(self, before: Applied, change: Change) -> Applied | None:
        """One change more; None where it moves what was moved already, or a year that is not there."""
        years = [str(table.year) for table in self.tables]
        if change.parts.year not in (None, *years):
            return None
        models, tables, cells = list(before.models), list(before.tables), set(before.cells)
        for place, year in enumerate(years):
            if change.parts.year not in (None, year):
                continue
            moved = self._moved(models[place], tables[place], change)
            if isinstance(moved.changed, Table):
                tables[place] = moved.changed
            else:
                parameters = {**models[place].parameters, moved.changed.name: moved.changed}
                models[place] = replace(models[place], parameters=parameters)
            more = {(place, figure.name, figure.key, figure.county) for figure in moved.record}
            if cells & more:
                return None
            cells |= more
        return Applied(tuple(models), tuple(tables), frozenset(cells))

    def _moved(self, model: Model, table: Table, change: Change) -> _Moved:
        """What a change makes of a parameter or a table, worked out once for each that it meets."""
        entry = entry_of(model, change.address)
        subject = entry if isinstance(entry, Parameter) else table
        key = id(subject), id(change)
        if key not in self.moved:
            changed, (changed_table,), record = apply_changes(model, (table,), (change,))
            fresh = changed.parameters[entry.name] if isinstance(entry, Parameter) else changed_table
            self.moved[key] = _Moved(subject, fresh, record)
        return self.moved[key]


def _key(changes: Sequence[Change]) -> tuple[int, ...]:
    return tuple(map(id, changes))
