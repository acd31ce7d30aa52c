"""One run's award as another's pool: a city shares out what the province gave it, to the unit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from allocation.errors import AllocationError, Problem, nearest
from allocation.given_files import json_value
from allocation.model import Model
from allocation.scenario import Change
from allocation.schema import figure
from allocation.tables.grid import read_bytes
from allocation.texts import LANGUAGES, Both, say


@dataclass(frozen=True)
class HandedDown:
    """The pool as a change, the manifest it was read from with its hash, and what a reader must know of that run."""

    change: Change
    file: str
    sha256: str
    illustrative: bool
    notes: tuple[Problem, ...]


def _record(data: bytes) -> dict[str, Any]:
    """What a manifest says; the reading of it raises where it does not say what one of ours does."""
    record = json_value(data)
    if not isinstance(record, dict):
        raise ValueError("no manifest")
    return record


def pool_from(text: str, model: Model, year: int | None = None) -> HandedDown:
    """`outputs/provincial_fund.json@锦州市`: what a run gave to a code or a group; no `@` where it gave to one only.

    A run that was a float or reference run, or that failed a check, hands nothing down.
    """
    name, at, selector = text.rpartition("@")
    path = Path(name if at else text)
    if model.pool not in model.parameters:
        raise AllocationError(Problem("sources.no_pool", {"model": model.label}))
    data = read_bytes(path)
    try:
        record = _record(data)
        awards = {**record["groups"], **record["awards"]}
        unit = model.units.parse(record["totals"]["unit"])
        given = {key: figure(value) for key, value in awards.items()}
        failed = any(not check["ok"] and check["severity"] == "error" for check in record["checks"])
        marks = {"float": not record["exact"], "reference": record["reference"], "checks": failed}
        unfit = [key for key, holds in marks.items() if holds]
        total = figure(record["totals"]["award"])
        parts = [part for part in (record["awards"], record["groups"]) if part]
        whole = all(sum(map(figure, part.values())) == total for part in parts)
        years = [table["year"] for table in record["inputs"]]
        illustrative = any(table["illustrative"] for table in record["inputs"])
    except (ValueError, KeyError, TypeError, AttributeError, PydanticCustomError, AllocationError):
        raise AllocationError(Problem("chains.no_manifest", where=path.as_posix())) from None
    where = path.as_posix()
    if not whole:
        raise AllocationError(Problem("chains.edited", where=where))
    if unfit:
        words = Both(*("、".join(say(lang, f"chains.unfit_{key}") for key in unfit) for lang in LANGUAGES))
        raise AllocationError(Problem("chains.unfit", {"kinds": words}, where))
    if not at:
        if len(record["awards"]) != 1:
            raise AllocationError(Problem("chains.whose", {"known": [*record["groups"], *record["awards"]][:6]}, where))
        selector = next(iter(record["awards"]))
    if selector not in awards:
        slots = {"selector": selector, "nearest": nearest(selector, awards)}
        raise AllocationError(Problem("chains.unknown", slots, where))
    wanted = model.parameters[model.pool].unit
    if not unit.same_kind(wanted):
        raise AllocationError(Problem("chains.unit", {"found": unit.name, "wanted": wanted.name}, where))
    notes: tuple[Problem, ...] = ()
    if year is not None and years[-1] not in (None, year):
        notes = (Problem("chains.other_year", {"found": years[-1], "year": year}, where),)
    value = given[selector] * unit.scale / wanted.scale
    return HandedDown(
        Change(model.pool, value, origin="pool_from"), path.name, hashlib.sha256(data).hexdigest(), illustrative, notes
    )
