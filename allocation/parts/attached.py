"""What one part of an issue adds to a model and its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.policy.stages import POOL_OF_CASE
from allocation.run.scenario import Change
from allocation.tables.keys import Figure
from allocation.texts import Both

if TYPE_CHECKING:
    from allocation.policy.model import Ground, Model, Parameter
    from allocation.tables.forms import FilledForm


@dataclass(frozen=True)
class Attached:
    """A part as read for one model and table. `text` is TOML of the model language; `figures` are of inputs.

    `columns` are the printed table as it is then, in order. `award`, `pool`: what stands in place of the issue's, empty
    where it stays. `changes` are those it asks for; `label` renames the issue; `dates` are sentences below the table.
    `of_table` are fields of the table that it fills; `after` the kind of part that it follows up; `selector` names what
    of its file it takes; `grounds` what the file says of parameters it adds: why, on what paper, who decided and when.
    """

    kind: str
    file: str = ""
    sha256: str = ""
    text: str = ""
    figures: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()
    illustrative: bool = False
    award: str = ""
    pool: str = ""
    label: Both | None = None
    changes: tuple[Change, ...] = ()
    dates: tuple[Both, ...] = ()
    of_table: Mapping[str, object] = field(default_factory=dict)
    after: str = ""
    selector: str = ""
    grounds: Mapping[str, Ground] = field(default_factory=dict)


def pool_said_otherwise(model: Model, pool: Fraction, where: str) -> tuple[Problem, ...]:
    """That the case says another pool than the file that gives it: what is given stands, and nobody is to miss it."""
    entry = model.parameters[model.pool]
    if entry.origins.get("") != "case" or entry.value in (None, pool):
        return ()
    return (pool_note(entry, entry.value, pool, where),)


def pool_note(pool: Parameter, said: Figure, given: Figure, where: str) -> Problem:
    slots = {"name": pool.label, "said": said, "pool": given, "unit": pool.unit.name}
    return Problem(POOL_OF_CASE, slots, where)


def of_form(kind: str, form: FilledForm) -> Attached:
    """What every filled-in form says of itself: its file with its hash, what to know of it, whether it says 示例."""
    return Attached(kind, form.file, form.sha256, notes=form.notes, illustrative=form.illustrative)
