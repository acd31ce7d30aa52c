"""What is asked for in one issue of one fund, beside its table: `inputs/<model>.toml`.

Today the shipped samples have one each; its figures are for its own table and never reach another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import Field

from allocation.errors import AllocationError, Problem, nearest
from allocation.model import Model, Parameter
from allocation.scenario import Change, apply_changes, name_of
from allocation.schema import ExactOrText, Section
from allocation.toml_file import read_text, read_toml


class CaseSpec(Section):
    model: str = Field(min_length=1)
    table: str = Field(min_length=1)
    sample: bool = False
    settings: dict[str, ExactOrText] = {}
    decided: list[str] = []


@dataclass(frozen=True)
class CaseFile:
    """`table` is the county table it is for; `changes` give the model the figures it lacks; `decided` are names of
    parameters that the bureau decided on. `sample`: all of it is illustrative.
    """

    path: Path
    model: str
    table: Path
    changes: tuple[Change, ...] = ()
    decided: tuple[str, ...] = ()
    sample: bool = False

    @property
    def origin(self) -> str:
        return "sample" if self.sample else "case"


def read_case(path: Path) -> CaseFile:
    """Raises AllocationError with all that is wrong with the file's shape."""
    spec = read_toml(read_text(path), path.name, CaseSpec)
    origin = "sample" if spec.sample else "case"
    changes = tuple(Change(address, value, "set", origin) for address, value in spec.settings.items())
    return CaseFile(path, spec.model, path.parent / spec.table, changes, tuple(spec.decided), spec.sample)


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


def with_decided(model: Model, names: Sequence[str]) -> Model:
    """The model with every figure that `names` stand for decided on: a parameter, one of its figures, or a list."""
    problems: list[Problem] = []
    fresh = dict(model.parameters)
    for name in names:
        chosen = _meant(model, name)
        if not chosen:
            known = [entry.address("") for entry in model.parameters.values() if entry.decide]
            families = {one.name.partition(".")[0] for one in model.parameters.values() if one.decide}
            near = nearest(name, [*known, *sorted(families)])
            slots = {"name": name, "nearest": near, "known": () if near else known or "—"}
            problems.append(Problem("case.not_open", slots, "--decided"))
        for entry, keys in chosen:
            fresh[entry.name] = replace(fresh[entry.name], decided=fresh[entry.name].decided | keys)
    if problems:
        raise AllocationError(problems)
    return replace(model, parameters=fresh)


def _meant(model: Model, name: str) -> list[tuple[Parameter, frozenset[str]]]:
    """The parameters that law leaves open which a name or label means, with the keys of the figures that are meant."""
    plain = name.replace(" ", "")
    found = []
    for entry in (one for one in model.parameters.values() if one.decide):
        family = entry.heading or entry.label
        words = {entry.name, entry.address(""), entry.name.partition(".")[0], *_labels(entry.label), *_labels(family)}
        keys = {key for key in entry.figures if key and plain == entry.address(key)}
        if plain in words or keys:
            found.append((entry, frozenset(keys or entry.figures)))
    return found


def _labels(label) -> set[str]:
    return {label.zh.replace(" ", ""), label.en.replace(" ", "")}


def pending(model: Model) -> list[tuple[Parameter, tuple[str, ...]]]:
    """The parameters of which figures are still to be decided on, with the keys of those."""
    return [(entry, entry.open) for entry in model.parameters.values() if entry.open]
