"""The parts of a year that a table speaks of, such as its quarters: which are over, and what is not known before."""

from __future__ import annotations

from dataclasses import replace

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.policy.model import Input, Model
from allocation.texts import Both


@dataclass(frozen=True)
class PartOfYear:
    """The last part of the year that is over: its key in the model's list, its label, its place from 1."""

    key: str
    label: Both
    place: int

    def without_later(self, model: Model) -> Model:
        """The model with the inputs that can be filled in by then."""
        later = {entry.name for entry in later_inputs(model, self)}
        return replace(model, inputs={name: entry for name, entry in model.inputs.items() if name not in later})


def part_of_year(model: Model, said: str) -> PartOfYear:
    """The part that a key, a label or a number from 1 means. Raises where the model has no such parts."""
    first = next((entry.heading for entry in model.inputs.values() if entry.once_over), None)
    if first is None:
        raise AllocationError(Problem("collect.no_parts", {"model": model.label}, "--through"))
    entries = [entry for entry in model.inputs.values() if entry.once_over and entry.heading == first]
    for place, entry in enumerate(entries, start=1):
        if said in (str(place), _key(entry), _label(entry).zh, _label(entry).en):
            return PartOfYear(_key(entry), _label(entry), place)
    known = [_label(entry) for entry in entries]
    raise AllocationError(Problem("collect.no_such_part", {"found": said, "known": known}, "--through"))


def known_inputs(model: Model, part: PartOfYear) -> list[Input]:
    """What is known only once its part is over, of the parts that are."""
    return [entry for entry, place in _placed(model) if place <= part.place]


def later_inputs(model: Model, part: PartOfYear) -> list[Input]:
    """The same of the parts that are not over: nobody can know it yet."""
    return [entry for entry, place in _placed(model) if place > part.place]


def _placed(model: Model) -> list[tuple[Input, int]]:
    """Such inputs, each with the place of its part from 1."""
    seen: dict[Both, int] = {}
    placed = []
    for entry in model.inputs.values():
        if entry.once_over and entry.heading:
            seen[entry.heading] = seen.get(entry.heading, 0) + 1
            placed.append((entry, seen[entry.heading]))
    return placed


def _key(entry: Input) -> str:
    return entry.name.partition(".")[2]


def _label(entry: Input) -> Both:
    return entry.item or entry.label
