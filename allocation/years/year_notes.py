"""What a reader must know of two years that follow one another: who comes, goes or changes, and figures that leap."""

from __future__ import annotations

from dataclasses import replace

from allocation.doubts.sizes import LEAP, compared_inputs, leaping
from allocation.errors import Problem
from allocation.policy.model import Model
from allocation.run.shelf import base_name
from allocation.tables.table import Table, number
from allocation.texts import both, bracketed, decimal_text

SHOWN = 6  # counties named of an input
ONE_YEAR = "timeline.one_year"  # the note of a model that runs over years, on one of them


def alone(model: Model, table: Table) -> Table:
    """The table of one year, which says that no other year was used."""
    note = Problem(ONE_YEAR, {"year": table.year or "", "name": base_name(model.name)})
    return replace(table, notes=(*table.notes, note))


def counties_moved(before: Table, after: Table) -> list[Problem]:
    """Counties that come, go, change their code, or keep it under another name."""
    old, new = (dict(zip(table.codes, table.names, strict=True)) for table in (before, after))
    came = [name for code, name in new.items() if code not in old]
    gone = [name for code, name in old.items() if code not in new]
    again = [name for name in came if name in gone]
    renamed = [bracketed(f"{old[code]} → {name}", code) for code, name in new.items() if old.get(code, name) != name]
    said = {
        "came": [name for name in came if name not in again],
        "gone": [name for name in gone if name not in again],
        "recoded": again,
        "renamed": renamed,
    }
    slots = {"year": after.year, "before": before.year}
    return [Problem(f"timeline.{key}", {**slots, "counties": names}) for key, names in said.items() if names]


def leaps(model: Model, before: Table, after: Table) -> list[Problem]:
    """An input a note, with the counties whose figure leaps: a slip of the keyboard, or of the unit."""
    notes = []
    for name, entry in compared_inputs(model):
        old, new = (dict(zip(table.codes, table.values.get(name, ()), strict=False)) for table in (before, after))
        names = dict(zip(after.codes, after.names, strict=True))
        said = [
            f"{names[code]} {decimal_text(number(old[code]))} → {decimal_text(number(new[code]))}"
            for code in leaping(old, new)
        ]
        if said:
            more = both("timeline.in_all", count=len(said)) if len(said) > SHOWN else ""
            slots = {"input": entry.label, "counties": said[:SHOWN], "more": more, "times": LEAP}
            notes.append(Problem("timeline.leap", {"year": after.year, "before": before.year, **slots}))
    return notes
