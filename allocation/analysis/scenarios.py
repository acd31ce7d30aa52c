"""Scenario files: named sets of changes in TOML, one inheriting from another; and running them.

A run starts from the model and the tables as they were read: nothing of one scenario is left in the next.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from allocation.case import NO_FACTS, Facts
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.files.folders import folders
from allocation.files.reach import in_reach, reached
from allocation.policy.model import Model
from allocation.policy.schema import Exact, ExactOrText, Percentage
from allocation.policy.section import Section, slot
from allocation.policy.toml_file import read_text, read_toml
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change, Changed, apply_changes
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import Both, both

DEEPEST = 10  # scenarios that inherit from one another


class ScenarioSpec(Section):
    zh: str
    en: str = ""
    inherit: str = ""


class ChangeSpec(Section):
    address: str
    set_: ExactOrText | None = slot(None, name="set")
    scale: Exact | None = None
    add: Exact | None = None


class ScenarioFile(Section):
    scenario: ScenarioSpec
    change: list[ChangeSpec] = []


@dataclass(frozen=True)
class Scenario:
    """`layers`: the parent's changes first, then its own; two on one cell are an error only within a layer."""

    name: str
    label: Both
    layers: tuple[tuple[Change, ...], ...] = ()
    where: str = ""


BASELINE = Scenario("baseline", both("scenario.baseline"))


def scenario_folders() -> tuple[Path, ...]:
    return tuple(folder / "scenarios" for folder in folders("inputs"))


def find_scenario(name: str) -> Path:
    """The file of a path, or of a name in `inputs/scenarios/`."""
    path = Path(name)
    if path.suffix in (".toml", ".xlsx"):
        return path
    for file in (folder / f"{name}.toml" for folder in scenario_folders()):
        if in_reach(file) and file.exists():
            return file
    known = sorted({file.stem for folder in scenario_folders() for file in folder.glob("*.toml")})
    raise AllocationError(
        Problem("scenarios.no_scenario", {"name": name, "nearest": nearest(name, known), "known": known})
    )


def load_scenario(path: Path, above: tuple[str, ...] = ()) -> Scenario:
    """The scenario in a TOML file, its parents' layers before its own. Raises AllocationError with all problems."""
    file = path.name
    spec = read_toml(read_text(path), file, ScenarioFile)
    if path.stem in above or len(above) >= DEEPEST:
        raise AllocationError(Problem("scenarios.inherit_circle", {"path": " → ".join([*above, path.stem])}, file))
    parents: tuple[tuple[Change, ...], ...] = ()
    if spec.scenario.inherit:
        beside = reached(path.parent / f"{spec.scenario.inherit}.toml", file)
        parent = beside if beside.exists() else find_scenario(spec.scenario.inherit)
        parents = load_scenario(parent, (*above, path.stem)).layers
    changes = tuple(_change(change, place, file) for place, change in enumerate(spec.change, start=1))
    return Scenario(path.stem, Both(spec.scenario.zh, spec.scenario.en or spec.scenario.zh), (*parents, changes), file)


def scenario_text(label: Both, changes: Sequence[Change]) -> str:
    """A scenario file that says these changes and no others."""
    lines = ["[scenario]", f"zh = {_quoted(label.zh)}", f"en = {_quoted(label.en)}"]
    for change in changes:
        lines += [
            "",
            "[[change]]",
            f"address = {_quoted(change.address)}",
            f"{change.how} = {_quoted(_written(change.value))}",
        ]
    return "\n".join(lines) + "\n"


def _written(value: Figure) -> str:
    if isinstance(value, Percentage):
        return f"{value * 100}%"
    return str(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _change(spec: ChangeSpec, place: int, file: str) -> Change:
    said = [
        (how, value)
        for how, value in (("set", spec.set_), ("scale", spec.scale), ("add", spec.add))
        if value is not None
    ]
    if len(said) != 1:
        raise AllocationError(Problem("scenarios.one_way", {"address": spec.address}, f"{file}: [[change]] {place}"))
    how, value = said[0]
    return Change(spec.address, value, how, "scenario")


def run_scenario(
    model: Model, tables: Sequence[Table], scenario: Scenario, *, exact: bool = True, reference: bool = False,
    facts: Facts = NO_FACTS,
) -> Run:  # fmt: skip
    """The run of a scenario; `changed` tells each figure's first old and last new value."""
    record: list[Changed] = []
    try:
        for layer in scenario.layers:
            model, tables, changed = apply_changes(model, tables, layer)
            record += changed
        run = run_model(model, tables, exact=exact, reference=reference, facts=facts)
    except AllocationError as error:
        place = scenario.where or scenario.name
        raise AllocationError(
            [replace(p, where=f"{place}: {p.where}" if p.where and p.where != place else place) for p in error.problems]
        ) from None
    return replace(run, changed=_net(record))


def _net(record: Sequence[Changed]) -> tuple[Changed, ...]:
    """One entry a figure, from its first old to its last new value; what came back to where it was is left out."""
    net: dict[tuple[str, str, str], Changed] = {}
    for change in record:
        key = (change.name, change.key, change.county)
        net[key] = replace(change, old=net[key].old) if key in net else change
    return tuple(change for change in net.values() if change.old != change.new)
