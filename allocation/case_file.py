"""What is asked for in one issue of one fund, beside its table: `inputs/<model>.toml`.

Today the shipped samples have one each; its figures are for its own table and never reach another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import Field

from allocation.decisions import with_decided
from allocation.errors import AllocationError, Problem
from allocation.model import Model
from allocation.scenario import Change, apply_changes, name_of
from allocation.schema import ExactOrText, Section
from allocation.sealing import seal_fields
from allocation.toml_file import read_text, read_toml


class CaseSpec(Section):
    model: str = Field(min_length=1)
    table: str = Field(min_length=1)
    sample: bool = False
    settings: dict[str, ExactOrText] = {}
    decided: list[str] = []
    resolved: dict[str, str] = {}


@dataclass(frozen=True)
class CaseFile:
    """`table` is the county table it is for; `changes` give the model the figures it lacks; `decided` are names of
    parameters that the bureau decided on; `resolved` are reasons by the ids of that table's doubts. `sample`: all of it
    is illustrative.
    """

    path: Path
    model: str
    table: Path
    changes: tuple[Change, ...] = ()
    decided: tuple[str, ...] = ()
    resolved: Mapping[str, str] = field(default_factory=dict)
    sample: bool = False

    def __post_init__(self) -> None:
        seal_fields(self)

    @property
    def origin(self) -> str:
        return "sample" if self.sample else "case"


def read_case(path: Path) -> CaseFile:
    """Raises AllocationError with all that is wrong with the file's shape."""
    spec = read_toml(read_text(path), path.name, CaseSpec)
    origin = "sample" if spec.sample else "case"
    changes = tuple(Change(address, value, "set", origin) for address, value in spec.settings.items())
    return CaseFile(
        path, spec.model, path.parent / spec.table, changes, tuple(spec.decided), spec.resolved, spec.sample
    )


def with_case(model: Model, case: CaseFile) -> Model:
    """The model with the figures of a case. Raises AllocationError with every setting and name that does not fit."""
    problems: list[Problem] = []
    file = case.path.name
    wanted = model.name.partition("@")[0]
    if case.model not in (wanted, model.name):
        problems.append(Problem("case.other_model", {"found": case.model, "wanted": wanted}, f"{file}: model"))
    for change in case.changes:
        try:
            if name_of(model, change) in model.inputs or "#" in change.address:
                raise AllocationError(Problem("case.not_parameter", {"name": change.address}))
            model = apply_changes(model, (), [change])[0]
        except AllocationError as error:
            problems += [replace(one, where=f"{file}: [settings] {change.address}") for one in error.problems]
    try:
        model = with_decided(model, case.decided)
    except AllocationError as error:
        problems += [replace(one, where=f"{file}: decided") for one in error.problems]
    if problems:
        raise AllocationError(problems)
    return model
