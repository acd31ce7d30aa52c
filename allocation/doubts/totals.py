"""All that a batch hands out beside what is known: the same batch last year, or the whole that it is a part of.

A main issue (正式下达) is set beside last year's. Another batch is so beside the same kind of an earlier year, where
that is on record; else it can only be too much, or far too little, beside the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from allocation.doubts.beside import BatchTotal, Beside, Listing
from allocation.doubts.doubt import Doubt
from allocation.doubts.sizes import LEAP, leaps, of_other_years
from allocation.errors import Problem
from allocation.policy.model import Model
from allocation.policy.stages import BATCHES, MAIN
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, exact_text

ODD = 1000  # times last year's total, or a part of it: no growth but a unit
# The least and the most that a batch is of the whole year's. Ten times too much of what is right is above the most: of
# an advance that is at least a fifth, of another batch that is at least a thirtieth.
PARTS = {"advance": (Fraction(1, 10), Fraction(2))}
OTHER = (Fraction(1, ODD), Fraction(1, LEAP))


def total_doubts(model: Model, table: Table, award: Fraction | None, beside: Beside, batch: str) -> Iterator[Doubt]:
    """At most one; `award` is all that is handed out, by a batch of that kind."""
    if award is None or award <= 0 or not model.pool:
        return
    peers: list[Said] = [(known.total, known.said) for known in beside.batches if known.kind == batch]
    lists = of_other_years(beside, table)
    peers += _handed(lists, batch)
    if batch == MAIN:
        doubt = _beside_last(model, table, award, [*_own(model, table), *peers])
    elif peers:
        alike = any(not leaps(last, award, 0) for last, _ in peers)
        doubt = None if alike else _doubt(model, award, peers[0], "doubts.pool")
    else:
        doubt = _beside_whole(model, award, next(_wholes(model, table, beside, lists), None), batch)
    if doubt:
        yield doubt


Said = tuple[Fraction, str | Both]  # an amount, and where it is said


def _beside_last(model: Model, table: Table, award: Fraction, known: list[Said]) -> Doubt | None:
    """By the table's own column of last awards, else by what a file says."""
    for last in known:
        if leaps(last[0], award, 0):
            doubt = _doubt(model, award, last, "doubts.pool")
            return replace(doubt, problem=far_from_before(model, table, award) or doubt.problem)
    return None


def _beside_whole(model: Model, award: Fraction, whole: Said | None, batch: str) -> Doubt | None:
    least, most = PARTS.get(batch, OTHER)
    if whole is None or whole[0] <= 0 or least * whole[0] <= award <= most * whole[0]:
        return None
    much = award > whole[0] * most
    part = most if much else least
    slots = {"batch": BATCHES[batch], "part": exact_text(part)}
    return _doubt(model, award, whole, "doubts.batch_much" if much else "doubts.batch_little", slots)


def _doubt(
    model: Model, award: Fraction, beside: Said, message: str, more: Mapping[str, object] = MappingProxyType({})
) -> Doubt:
    entry = model.columns[model.award]
    unit = Both(*(model.units.label(entry.unit.name, lang) for lang in LANGUAGES))
    slots = {"label": entry.label, "last": beside[0], "now": award, "unit": unit, "from": beside[1]}
    figures = (exact_text(beside[0]) or "", exact_text(award) or "")
    return Doubt("pool", (), figures, Problem(message, {**slots, **more}))


def _wholes(model: Model, table: Table, beside: Beside, lists: list[Listing]) -> Iterator[Said]:
    """What the whole of a year is: this year's main issue, else last year's."""
    main = sorted((known for known in beside.batches if known.kind == MAIN), key=_year, reverse=True)
    yield from ((known.total, known.said) for known in main)
    yield from _own(model, table)
    yield from _handed(lists, MAIN)


def _handed(lists: list[Listing], batch: str) -> list[Said]:
    return [(listing.award, listing.file) for listing in lists if listing.award is not None and listing.batch == batch]


def _year(known: BatchTotal) -> int:
    return known.year


def far_from_before(model: Model, table: Table, now: Fraction) -> Problem | None:
    """That all that is handed out is so far from the table's own column of last year's awards that a unit is wrong, and
    in which unit that column was read."""
    if not model.compare_with:
        return None
    entry, award = model.inputs[model.compare_with], model.columns[model.award]
    last = _given(model, table)
    if not now > 0 or not last > 0 or max(now / last, last / now) < ODD:
        return None
    read = [note.slots for note in table.notes if note.id == "tables.converted" and note.slots["label"] == entry.label]
    written = {key: read[0][key] if read else "" for key in ("written", "line")}
    unit = Both(*(model.units.label(award.unit.name, lang) for lang in LANGUAGES))
    slots = {"input": entry.label, "award": award.label, "last": last, "now": now, "unit": unit, "least": ODD}
    return Problem("run.far_from_before", slots | written, table.file)


def _own(model: Model, table: Table) -> list[Said]:
    """What the table's own column of last year's awards says, where it says something."""
    if not model.compare_with:
        return []
    given = _given(model, table)
    return [(given, model.inputs[model.compare_with].label)] if given else []


def _given(model: Model, table: Table) -> Fraction:
    """All of the table's column of last year's awards, in the award's unit."""
    entry, scale = model.inputs[model.compare_with], model.columns[model.award].unit.scale
    given = [value for value in table.values.get(model.compare_with, ()) if isinstance(value, Fraction)]
    return sum(given, Fraction(0)) * Fraction(entry.unit.scale) / Fraction(scale)
