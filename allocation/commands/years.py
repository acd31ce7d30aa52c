"""A model with its tables of several years, for the commands that run it over them; all that is wrong at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.screen import Screen
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.office.asked import SharedOptions

if TYPE_CHECKING:
    from allocation.run.finding import ModelWithTable
    from allocation.run.scenario import Change
    from allocation.tables.table import Table

TABLES = click.option("--input", "tables", multiple=True, type=click.Path(path_type=Path))


@dataclass(frozen=True, kw_only=True)
class YearsRequest:
    """What every command that runs a model over several years is asked."""

    model: str
    tables: tuple[Path, ...]
    sheet: str | None
    settings: tuple[str, ...]
    out: Destination
    reference: bool
    screen: Screen
    options: SharedOptions


@dataclass
class Years:
    """What could be read: `material` is None without a model or a table, `tables` hold a year each."""

    paths: list[Path]
    material: ModelWithTable | None
    tables: list[Table]
    changes: list[Change]

    @property
    def named(self) -> str:
        return ", ".join(path.as_posix() for path in self.paths)

    @property
    def needed(self) -> ModelWithTable:
        """`material`, once `refuse` has let it pass."""
        if self.material is None:
            raise TypeError("nothing was read, and nothing was wrong with it")
        return self.material

    def refuse(self, problems: list[Problem], growth: Sequence[Change] = (), until: int | None = None) -> None:
        """Raises where anything is wrong, with what is wrong with the years and the changes as well."""
        from allocation.run.required import lacking
        from allocation.years.timeline import lay_out

        if problems:
            if self.material:
                model = self.material.model
                ordered, ahead = lay_out(model, self.tables, self.changes, growth, until, problems)
                problems += lacking(model, self.changes, (*ordered, *ahead))
            raise AllocationError(problems)

    @property
    def materials(self) -> list[ModelWithTable]:
        """The model with each of its tables, none of which is to be written over."""
        return [replace(self.needed, input_path=path) for path in self.paths]


def open_years(request: YearsRequest, problems: list[Problem]) -> Years:
    """What is wrong with the options, the model or any table joins `problems`."""
    from allocation.office.asking import decided, set_beside
    from allocation.run.finding import model_files
    from allocation.run.scenario import parse_assignments
    from allocation.years.timeline import find_years

    tables, sheet, options = request.tables, request.sheet, request.options
    changes = parse_assignments(request.settings, problems)
    known = tried(problems, model_files, request.model)
    every = tried(problems, find_years, request.model, tables, problems, sheet, options.said) if known else None
    material, read = every or (None, [])
    for table in read:
        options.hints.extend(table.notes)
    if material:
        first = min((table.year or 0 for table in read), default=0)
        each = [(replace(material, table=table), (table.year or 0) == first) for table in read]
        beside = [set_beside(options, of_year, problems, first=is_first) for of_year, is_first in each]
        read = [of_year.table for of_year in beside]
        material = replace(material, beside=beside[0].beside if beside else ())
    material = material and (tried(problems, decided, material, options) or material)
    return Years(list(tables) or ([material.input_path] if material else []), material, read, changes)
