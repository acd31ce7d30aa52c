"""One run's award as another's pool: a city shares out what the province gave it, to the unit."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from allocation.errors import AllocationError, Problem, nearest
from allocation.model import Model
from allocation.scenario import Change
from allocation.schema import figure
from allocation.tables.grid import read_bytes


@dataclass(frozen=True)
class Handed:
    """The pool as a change, and the manifest it was read from with its hash."""

    change: Change
    file: str
    sha256: str


def pool_from(text: str, model: Model) -> Handed:
    """`outputs/provincial_fund.json@锦州市`: what a run gave to a code or group, or, without `@`, all it gave."""
    name, at, selector = text.rpartition("@")
    path = Path(name if at else text)
    if model.pool not in model.parameters:
        raise AllocationError(Problem("sources.no_pool", {"model": model.label}))
    data = read_bytes(path)
    try:
        record = json.loads(data)
        awards = {**record.get("groups", {}), **record["awards"]}
        unit = model.units.parse(record["totals"]["unit"])
        total = record["totals"]["award"]
    except (ValueError, KeyError, TypeError, AllocationError):
        raise AllocationError(Problem("chains.no_manifest", where=path.as_posix())) from None
    if at and selector not in awards:
        slots = {"selector": selector, "nearest": nearest(selector, awards) or "—"}
        raise AllocationError(Problem("chains.unknown", slots, path.as_posix()))
    own = model.parameters[model.pool].unit
    if not unit.same_kind(own):
        raise AllocationError(Problem("chains.unit", {"found": unit.name, "wanted": own.name}, path.as_posix()))
    value = figure(awards[selector] if at else total) * unit.scale / own.scale
    return Handed(Change(model.pool, Fraction(value)), path.name, hashlib.sha256(data).hexdigest())
