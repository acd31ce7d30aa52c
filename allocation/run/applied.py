"""Many sets of changes applied to one model: a set that goes on from one applied before is only gone on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.policy.model import Model, Parameter
from allocation.run.scenario import Change, Changed, apply_by_year, apply_changes, entry_of, parameter_moved
from allocation.tables.table import Table

Cells = frozenset[tuple[int, str, str, str]]  # place of the year, name, key and county


@dataclass(frozen=True)
class Applied:
    """The parameters and the table of each year as changes left them; `cells`: what they moved."""

    parameters: tuple[Mapping[str, Parameter], ...]
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
        self.start = Applied((model.parameters,) * len(tables), tuple(tables))
        self.known: dict[tuple[int, ...], Applied] = {}
        self.passed: dict[tuple[int, ...], Applied] = {}  # on the way to the set before
        self.moved: dict[tuple[int, int], _Moved] = {}

    def apply(self, changes: Sequence[Change]) -> tuple[tuple[Model, ...], tuple[Table, ...]]:
        """The model and table of each year. Raises AllocationError as `apply_by_year`."""
        keys = [tuple(map(id, changes[:end])) for end in range(len(changes) + 1)]
        start = max((end for end, key in enumerate(keys) if key in self.known or key in self.passed), default=0)
        applied = self.known.get(keys[start]) or self.passed.get(keys[start]) or self.start
        passed = {key: self.passed[key] for key in keys[:start] if key in self.passed}
        try:
            for change, key in zip(changes[start:], keys[start:], strict=False):
                passed[key] = applied
                further = self._further(applied, change)
                if further is None:
                    raise AllocationError([])
                applied = further
        except AllocationError:  # all that is wrong, at once
            return apply_by_year(self.model, self.tables, changes)[:2]
        self.known[keys[-1]], self.passed = applied, passed
        models = (replace(self.model, parameters=parameters) for parameters in applied.parameters)
        return tuple(models), applied.tables

    def _further(self, before: Applied, change: Change) -> Applied | None:
        """One change more; None where it moves what was moved already, or a year that is not there."""
        years = [str(table.year) for table in self.tables]
        if change.parts.year not in (None, *years):
            return None
        parameters, tables, cells = list(before.parameters), list(before.tables), set(before.cells)
        for place, year in enumerate(years):
            if change.parts.year not in (None, year):
                continue
            moved = self._moved(parameters[place], tables[place], change)
            if isinstance(moved.changed, Table):
                tables[place] = moved.changed
            else:
                parameters[place] = {**parameters[place], moved.changed.name: moved.changed}
            more = {(place, figure.name, figure.key, figure.county) for figure in moved.record}
            if cells & more:
                return None
            cells |= more
        return Applied(tuple(parameters), tuple(tables), frozenset(cells))

    def _moved(self, parameters: Mapping[str, Parameter], table: Table, change: Change) -> _Moved:
        """What a change makes of a parameter or a table, worked out once for each that it meets."""
        entry = entry_of(self.model, change.address)
        subject = parameters[entry.name] if isinstance(entry, Parameter) else table
        key = id(subject), id(change)
        if key not in self.moved:
            record: list[Changed] = []
            if isinstance(subject, Parameter) and not change.parts.selector:
                fresh: Parameter | Table = parameter_moved(self.model, subject, change, record)
            else:
                _, (fresh,), moved = apply_changes(self.model, (table,), (change,))
                record += moved
            self.moved[key] = _Moved(subject, fresh, tuple(record))
        return self.moved[key]
