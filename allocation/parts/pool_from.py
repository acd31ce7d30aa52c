"""One run's award as another's pool: a city shares out what the province gave it, to the unit."""

from __future__ import annotations

import hashlib
from pathlib import Path

from allocation.errors import AllocationError, Problem, nearest
from allocation.files.reach import in_reach
from allocation.parts.attached import Attached, pool_said_otherwise
from allocation.parts.part import Given, Option, Part
from allocation.policy.model import Model
from allocation.policy.schema import figure
from allocation.record.reading import read_record
from allocation.run.scenario import Change
from allocation.tables.grid import read_bytes
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, say

KIND = "pool_from"


def manifest_of(text: str) -> Path:
    """The file of `outputs/省.json@锦州市`."""
    return file_and_selector(text)[0]


def file_and_selector(text: str) -> tuple[Path, str | None]:
    """A file and what is named of it: `outputs/省.json` and `锦州市`.

    Parted at the last @ that leaves a file before it: names of files and of units may hold that sign too.
    """
    ends = [len(text), *(place for place in range(len(text) - 1, 0, -1) if text[place] == "@")]
    last = ends[1] if len(ends) > 1 else ends[0]
    end = next((end for end in ends if in_reach(Path(text[:end])) and Path(text[:end]).is_file()), last)
    return Path(text[:end]), text[end + 1 :] if end < len(text) else None


def read(source: Given, model: Model, table: Table) -> Attached:
    """`outputs/provincial_fund.json@锦州市`: what a run gave to a code or a group; no `@` where it gave to one only.

    A run that was a float or reference run, or that failed a check, hands nothing down.
    """
    path, selector = file_and_selector(str(source.what))
    if model.pool not in model.parameters:
        raise AllocationError(Problem("sources.no_pool", {"model": model.label}))
    data = read_bytes(path)
    try:
        record = read_record(data, path.as_posix())
        awards = {**record.groups, **record.awards}
        unit = model.units.parse(record.totals.unit)
        given = {key: figure(value) for key, value in awards.items()}
        failed = any(not check.ok and check.severity == "error" for check in record.checks)
        marks = {"float": not record.exact, "reference": record.reference, "checks": failed}
        unfit = [key for key, holds in marks.items() if holds]
        total = figure(record.totals.award)
        parts = [part for part in (record.awards, record.groups) if part]
        whole = all(sum(map(figure, part.values())) == total for part in parts)
        illustrative = any(table.illustrative for table in record.inputs)
    except (ValueError, TypeError, AllocationError):
        raise AllocationError(Problem("chains.no_manifest", where=path.as_posix())) from None
    where = path.as_posix()
    if not whole or record.seals and record.unsealed():
        raise AllocationError(Problem("chains.edited", where=where))
    if unfit:
        words = Both(*("、".join(say(lang, f"chains.unfit_{key}") for key in unfit) for lang in LANGUAGES))
        raise AllocationError(Problem("chains.unfit", {"kinds": words}, where))
    if selector is None:
        if len(record.awards) != 1:
            raise AllocationError(Problem("chains.whose", {"known": [*record.groups, *record.awards][:6]}, where))
        selector = next(iter(record.awards))
    if selector not in awards:
        slots = {"selector": selector, "nearest": nearest(selector, awards)}
        raise AllocationError(Problem("chains.unknown", slots, where))
    wanted = model.parameters[model.pool].unit
    if not unit.same_kind(wanted):
        raise AllocationError(Problem("chains.unit", {"found": unit.name, "wanted": wanted.name}, where))
    notes: tuple[Problem, ...] = ()
    if table.year is not None and record.year not in (None, table.year):
        notes = (Problem("chains.other_year", {"found": record.year, "year": table.year}, where),)
    value = given[selector] * unit.scale / wanted.scale
    notes = (*notes, *pool_said_otherwise(model, value, where))
    change, digest = Change(model.pool, value, origin=KIND), hashlib.sha256(data).hexdigest()
    return Attached(KIND, path.name, digest, notes=notes, illustrative=illustrative, changes=(change,),
                    selector=selector)  # fmt: skip


PART = Part(
    KIND,
    read,
    option=Option("--pool-from", file=False),
    file=manifest_of,
    sentences={"pool_again": "sources.pool_from_twice"},
    gives_pool=True,
    without_counties=True,
)
