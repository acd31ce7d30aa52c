"""What one part of an issue adds to a model and its table, and what stands once several are added in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from allocation.errors import Problem
from allocation.model import Model
from allocation.scenario import Change
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import Both


@dataclass(frozen=True)
class Attached:
    """A part as read for one model and table. `text` is TOML of the model language; `figures` are of its inputs.

    `columns` are printed, in their order. `award`, `pool`: what stands in place of the issue's, empty where it stays.
    `changes` are those it asks for; `label` renames the issue; `dates` are sentences below the table.
    """

    kind: str
    file: str = ""
    sha256: str = ""
    text: str = ""
    figures: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    award: str = ""
    pool: str = ""
    label: Both | None = None
    changes: tuple[Change, ...] = ()
    notes: tuple[Problem, ...] = ()
    dates: tuple[Both, ...] = ()
    illustrative: bool = False


@dataclass(frozen=True)
class Issue:
    """What is issued as far as parts were added: `award` and `pool` name what stands in place of the model's own.

    `corrects`: a correction comes last, so that what is paid now is its own.
    """

    model: Model
    table: Table
    corrects: bool = False
    parts: tuple[Attached, ...] = ()
    printed: tuple[str, ...] = ()

    @property
    def award(self) -> str:
        return next((part.award for part in reversed(self.parts) if part.award), self.model.award)

    @property
    def pool(self) -> str:
        return next((part.pool for part in reversed(self.parts) if part.pool), self.model.pool)

    def with_part(self, part: Attached, printed: tuple[str, ...]) -> Issue:
        """The same with one more part; `printed` is what its table then shows."""
        return replace(self, parts=(*self.parts, part), printed=printed)
