"""Figures over three times last year's, or under a third of them: a slip of the keyboard, or of the unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from allocation.classes import dataclass
from allocation.doubts.beside import REGISTER, Beside, Listing
from allocation.doubts.doubt import Doubt
from allocation.doubts.units import SHOWN, Explained
from allocation.errors import Problem
from allocation.language.units import TABLE, Unit, Units
from allocation.policy.model import Column, Input, Model
from allocation.tables.keys import Figure
from allocation.tables.past import parts_of, wholes
from allocation.tables.table import Table, number
from allocation.texts import decimal_text, exact_text, shortened

LEAP = 3  # a figure more than so many times the year before's, or less than that part of it
SAME = 4  # so many units whose people are all as many as last year: a column that was copied
NEAR = Fraction(3, 2)  # figures typed in another unit are apart by its factor, but for what a year moved
FAR = 10  # units that are less apart are told by no figure
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


def of_other_years(beside: Beside, table: Table) -> list[Listing]:
    lists = [listing for listing in beside.listings if listing.kind != REGISTER]
    return [listing for listing in lists if table.year is None or listing.year != table.year]


def size_doubts(model: Model, table: Table, beside: Beside, explained: Explained) -> list[Doubt]:
    """A doubt an input with its units."""
    doubts: list[Doubt] = []
    said: set[str] = set()
    for listing in of_other_years(beside, table):
        for this in _of_this_year(model, table):
            doubt = _leapt(table, this, listing, explained) or _copied(table, this, listing)
            if doubt and this.name not in said:
                said.add(this.name)
                doubts.append(doubt)
    return doubts


@dataclass(frozen=True)
class _ThisYear:
    """An input of this year, or what those of a list come to: its figures by code, and the input that stands in the
    table of it."""

    name: str
    entry: Input
    figures: Mapping[str, Figure]
    column: str


def _of_this_year(model: Model, table: Table) -> Iterator[_ThisYear]:
    for name, entry in compared_inputs(model):
        yield _ThisYear(name, entry, dict(zip(table.codes, table.values.get(name, ()), strict=False)), name)
    for name, entry in wholes(model).items():
        parts = [part for part in parts_of(model, name) if part not in table.absent and part in table.values]
        if parts:
            rows = zip(*(table.values[part] for part in parts), strict=True)
            yield _ThisYear(name, entry, dict(zip(table.codes, map(_sum, rows), strict=False)), parts[0])


def _sum(figures: Sequence[Figure]) -> Fraction | None:
    """None where all are blank."""
    given = [figure for figure in figures if isinstance(figure, Fraction)]
    return sum(given, Fraction(0)) if given else None


def _leapt(table: Table, this: _ThisYear, listing: Listing, explained: Explained) -> Doubt | None:
    old, new = listing.figures.get(this.name, {}), this.figures
    names = dict(zip(table.codes, table.names, strict=True))
    known = {unit.code: unit.name for unit in listing.units}
    both = [code for code in new if isinstance(old.get(code), Fraction) and isinstance(new[code], Fraction)]
    unit, alike = _other_unit(this.entry, {code: (number(old[code]), number(new[code])) for code in both})
    codes = [code for code in new if code in {*leaping(old, new), *alike} and not explained.moved(code, listing.year)]
    if not codes:
        return None
    moved = {code: (number(old[code]), number(new[code])) for code in codes}
    ratios = {now / last for last, now in moved.values()}
    whole = "_column" if len(codes) > 2 and len(codes) * 10 >= len(both) * 9 else ""
    texts = [f"{names[code]} {decimal_text(last)} → {decimal_text(now)}" for code, (last, now) in moved.items()]
    slots = {"label": this.entry.label, "units": shortened(texts, SHOWN), "count": len(codes), "file": listing.file}
    slots |= {"typed": unit.name if unit else "", "unit": this.entry.unit.name}
    slots["factor"] = decimal_text(this.entry.unit.scale / unit.scale) if unit else ""
    slots["ratio"] = decimal_text(next(iter(ratios))) if whole and len(ratios) == 1 else ""
    figures = [f"{this.name}|{code}|{exact_text(old[code])}|{exact_text(new[code])}" for code in codes if code in known]
    where = table.where(this.column, table.codes.index(codes[0]))
    return Doubt("size", tuple(codes), tuple(figures), Problem(f"doubts.size{whole}", slots, where))


def _other_unit(entry: Input, pairs: Mapping[str, tuple[Fraction, Fraction]]) -> tuple[Unit | None, list[str]]:
    """The unit that nearly all figures look typed in, with their codes: last year's and this year's are apart by about
    as much as it is from the input's own; 亩 typed for 公顷 gives fifteen times as much, however small the figures.
    """
    ratios = {code: now / last for code, (last, now) in pairs.items() if last > 0 and now > 0}
    units = (Units().parse(name) for name in TABLE)
    for unit in (unit for unit in units if unit.dims and unit.same_kind(entry.unit)):
        factor = entry.unit.scale / unit.scale
        near = [code for code, ratio in ratios.items() if factor / NEAR <= ratio <= factor * NEAR]
        if max(factor, 1 / factor) >= FAR and len(near) >= SAME and len(near) * 10 >= len(ratios) * 9:
            return unit, near
    return None, []


def _copied(table: Table, this: _ThisYear, listing: Listing) -> Doubt | None:
    """That a count is last year's in every unit: people are counted anew, so the column was copied."""
    counts = {
        code: figure
        for code, figure in this.figures.items()
        if this.entry.whole and isinstance(figure, Fraction) and figure > 0
    }
    old = listing.figures.get(this.name, {})
    same_year = (listing.year is None) != (table.year is None)  # it may be: one of them does not say
    if same_year or len(set(counts.values())) < SAME or any(old.get(code) != figure for code, figure in counts.items()):
        return None
    texts = tuple(f"{this.name}|{code}|{exact_text(figure)}" for code, figure in counts.items())
    slots = {"label": this.entry.label, "count": len(counts), "file": listing.file}
    where = table.where(this.column, table.codes.index(next(iter(counts))))
    return Doubt("copied", tuple(counts), texts, Problem("doubts.copied", slots, where))
