"""A question about several years becomes a model with a table of each; all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, tried
from allocation.office.asked import YearsQuestion
from allocation.office.asking import decided, set_beside
from allocation.run.finding import ModelWithTable, model_files
from allocation.run.required import lacking
from allocation.run.scenario import Change, parse_assignments
from allocation.tables.table import Table
from allocation.years.timeline import find_years, lay_out


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


def open_years(question: YearsQuestion, problems: list[Problem]) -> Years:
    """What is wrong with the options, the model or any table joins `problems`."""
    tables, sheet, options = question.tables, question.sheet, question.options
    changes = parse_assignments(question.settings, problems)
    known = tried(problems, model_files, question.model)
    every = tried(problems, find_years, question.model, tables, problems, sheet, options.said) if known else None
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
