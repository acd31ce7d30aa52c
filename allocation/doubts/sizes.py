"""Figures over three times last year's, or under a third of them: a slip of the keyboard, or of the unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from allocation.doubts.beside import REGISTER, Beside, Listing
from allocation.doubts.doubt import Doubt
from allocation.doubts.units import SHOWN, Explained
from allocation.errors import Problem
from allocation.model import Column, Input, Model
from allocation.tables.keys import Figure
from allocation.tables.table import Table, number
from allocation.texts import LANGUAGES, Both, decimal_text, exact_text, shortened

ODD = 1000  # times last year's total, or a part of it: no growth but a unit
LEAP = 3  # a figure more than so many times the year before's, or less than that part of it
LEAST = 10  # of figures of one unit that both stay below, a leap says nothing


def leaps(old: Figure, new: Figure, least: int = LEAST) -> bool:
    """Whether two figures of one thing in two years are further apart than a year explains; a blank or 0 says
    nothing."""
    if not isinstance(old, Fraction) or not isinstance(new, Fraction) or min(old, new) <= 0 or max(old, new) < least:
        return False
    return max(old, new) > LEAP * min(old, new)


def compared_inputs(model: Model) -> Iterator[tuple[str, Input]]:
    """Inputs that are set beside the year before's; what earlier years gave is the run's own."""
    entries: list[Column | Input] = [*model.columns.values(), *model.inputs.values()]
    given = {past for entry in entries for past in entry.before}
    return ((name, entry) for name, entry in model.inputs.items() if not entry.text and name not in given)


def leaping(old: Mapping[str, Figure], new: Mapping[str, Figure]) -> list[str]:
    """The codes whose figure leaps."""
    return [code for code, value in new.items() if leaps(old.get(code), value)]


def size_doubts(
    model: Model, table: Table, award: Fraction | None, beside: Beside, explained: Explained
) -> list[Doubt]:
    """A doubt an input with its units, and one for all that is handed out."""
    lists = [listing for listing in beside.listings if listing.kind != REGISTER]
    lists = [listing for listing in lists if table.year is None or listing.year != table.year]
    doubts: list[Doubt] = []
    said: set[str] = set()
    for listing in lists:
        for name, entry in compared_inputs(model):
            if name not in said and (doubt := _input(table, name, entry, listing, explained)):
                said.add(name)
                doubts.append(doubt)
    pool = _pool(model, table, award, lists)
    return [*doubts, *([pool] if pool else [])]


def _input(table: Table, name: str, entry: Input, listing: Listing, explained: Explained) -> Doubt | None:
    old = listing.figures.get(name, {})
    names = dict(zip(table.codes, table.names, strict=True))
    known = {unit.code: unit.name for unit in listing.units}
    new = dict(zip(table.codes, table.values.get(name, ()), strict=False))
    codes = [code for code in leaping(old, new) if not explained.moved(code, listing.year)]
    if not codes:
        return None
    both = [code for code in new if isinstance(old.get(code), Fraction) and isinstance(new[code], Fraction)]
    moved = {code: (number(old[code]), number(new[code])) for code in codes}
    ratios = {now / last for last, now in moved.values()}
    whole = "_column" if len(codes) > 2 and len(codes) * 10 >= len(both) * 9 else ""
    texts = [f"{names[code]} {decimal_text(last)} → {decimal_text(now)}" for code, (last, now) in moved.items()]
    slots = {"label": entry.label, "units": shortened(texts, SHOWN), "count": len(codes), "file": listing.file}
    slots["ratio"] = decimal_text(next(iter(ratios))) if whole and len(ratios) == 1 else ""
    figures = [f"{name}|{code}|{exact_text(old[code])}|{exact_text(new[code])}" for code in codes if code in known]
    where = table.where(name, table.codes.index(codes[0]))
    return Doubt("size", tuple(codes), tuple(figures), Problem(f"doubts.size{whole}", slots, where))


def _pool(model: Model, table: Table, award: Fraction | None, lists: list[Listing]) -> Doubt | None:
    """All that is handed out beside last year's: by the table's own column of last awards, else by what a file says."""
    if award is None or not model.pool:
        return None
    entry = model.columns[model.award]
    for last, said in _totals(model, table, lists):
        if leaps(last, award, 0):
            slots = {"label": entry.label, "last": last, "now": award, "unit": entry.unit.name, "from": said}
            problem = far_from_before(model, table, award) or Problem("doubts.pool", slots)
            return Doubt("pool", (), (exact_text(last) or "", exact_text(award) or ""), problem)
    return None


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


def _totals(model: Model, table: Table, lists: list[Listing]) -> Iterator[tuple[Fraction, object]]:
    if model.compare_with:
        yield _given(model, table), model.inputs[model.compare_with].label
    for listing in lists:
        if listing.award is not None:
            yield listing.award, listing.file


def _given(model: Model, table: Table) -> Fraction:
    """All of the table's column of last year's awards, in the award's unit."""
    entry, scale = model.inputs[model.compare_with], model.columns[model.award].unit.scale
    given = [value for value in table.values.get(model.compare_with, ()) if isinstance(value, Fraction)]
    return sum(given, Fraction(0)) * Fraction(entry.unit.scale) / Fraction(scale)
