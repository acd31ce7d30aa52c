"""One reconciliation of units (单位核对): register, last year, table and issue, every unit once, and why it moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from allocation.classes import dataclass
from allocation.doubts.beside import ALWAYS, LAST, Beside, Known, Listing, register_listing
from allocation.doubts.doubt import Doubt, Doubts
from allocation.doubts.names import plain
from allocation.doubts.own_past import own_listing
from allocation.doubts.units import called
from allocation.policy.model import Model
from allocation.record.record import UnitKept, UnitsKept
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import Both, both

KEPT, NEW, LEFT, ABSENT, OUTSIDE = "kept", "new", "left", "absent", "outside"
OF_LISTS = {"registered": "register", "before": "last"}  # whether a line stands in a list: the key of its sum
OF_UNITS = ("names", "short", "alike", "new", "missing", "codes", "twice")  # kinds of doubts that speak of who there is


@dataclass(frozen=True)
class UnitLine:
    """A unit, in which of the lists it stands, what became of it and why; `explained`: whether anybody said why.

    `registered` and `before` are None where there is no such list; `award` None where nothing is handed out to it.
    """

    code: str
    name: str
    registered: bool | None
    before: bool | None
    listed: bool
    award: Figure
    change: str
    why: tuple[Both, ...] = ()
    explained: bool = True


@dataclass(frozen=True)
class Sum:
    """How many there were, how many left and came, and how many there are."""

    key: str
    start: int
    left: int
    came: int
    end: int

    @property
    def closes(self) -> bool:
        return self.start - self.left + self.came == self.end


@dataclass(frozen=True)
class Reconciled:
    lines: tuple[UnitLine, ...]
    last: str | Both = ""

    @property
    def sums(self) -> tuple[Sum, ...]:
        """From the register to the table, from last year to the table, from the table to what is issued."""
        sums = []
        for key in ("registered", "before"):
            if any(getattr(line, key) is not None for line in self.lines):
                sums.append(_sum(OF_LISTS[key], [(bool(getattr(line, key)), line.listed) for line in self.lines]))
        if any(line.award is not None for line in self.lines):
            sums.append(_sum("issue", [(line.listed, bool(line.award)) for line in self.lines]))
        return tuple(sums)

    @property
    def unexplained(self) -> tuple[UnitLine, ...]:
        return tuple(line for line in self.lines if not line.explained)

    @property
    def closes(self) -> bool:
        return all(each.closes for each in self.sums)


def reconcile(model: Model, table: Table, awards: Sequence[Figure] | None, doubts: Doubts) -> Reconciled:
    """`awards` by row; None where nothing was handed out yet."""
    beside = table.beside or Beside()
    listed = {_row_key(table, row): row for row in range(len(table))}
    register = _keyed(table, [register_listing(register) for register in beside.registers], table.year)
    past = _last_year(model, table, beside)
    before = _keyed(table, [past] if past else [], None)
    reasons = _Reasons(table, beside, doubts, past.year if past else None)
    lines = []
    for key in dict.fromkeys([*listed, *register, *before]):
        known, row = register.get(key) or before.get(key), listed.get(key)
        code = table.codes[row] if row is not None and table.coded else known.code if known else ""
        name = table.names[row] if row is not None else known.name if known else key
        there = (key in register if register else None, key in before if before else None, row is not None)
        change = _change(*there)
        expected = known is None or known.expected
        why = reasons.of(key, code, change, expected)
        award = awards[row] if awards and row is not None else None
        moved = change != KEPT or (there[0] is False and there[2])
        lines.append(UnitLine(code, name, *there, award, change, why, bool(why) or not moved))
    return Reconciled(tuple(lines), past.file if past else "")


def _sum(key: str, held: Sequence[tuple[bool, bool]]) -> Sum:
    """`held`: of each unit whether it is in the first list, and in the second."""
    left, came = held.count((True, False)), held.count((False, True))
    return Sum(key, sum(first for first, _ in held), left, came, sum(second for _, second in held))


def as_kept(units: Reconciled) -> UnitsKept:
    """As a record keeps it: those that simply stand in every list are known from the table."""
    lists = [any(getattr(line, key) is not None for line in units.lines) for key in OF_LISTS]
    last = units.last if isinstance(units.last, Both) else Both(units.last, units.last)
    kept = [
        UnitKept(line.code, line.name, line.registered, line.before, line.listed, line.change, line.explained,
                 tuple(text.zh for text in line.why), tuple(text.en for text in line.why))
        for line in units.lines if line != _plain_line(line, line.award, lists)
    ]  # fmt: skip
    return UnitsKept(lists[0], lists[1], last.zh, last.en, tuple(kept))


def from_kept(kept: UnitsKept, table: Table, awards: Sequence[Figure] | None) -> Reconciled:
    """The same again beside the table and the awards of a result that was opened once more."""
    moved = {(unit.code, unit.name): unit for unit in kept.units}
    lists, lines = [kept.register, kept.before], []
    for row, place in enumerate(zip(table.codes if table.coded else [""] * len(table), table.names, strict=True)):
        award, unit = awards[row] if awards else None, moved.pop(place, None)
        bare = UnitLine(*place, None, None, True, None, KEPT)
        lines.append(_line(unit, award) if unit else _plain_line(bare, award, lists))
    lines += [_line(unit, None) for unit in moved.values()]
    return Reconciled(tuple(lines), Both(kept.zh, kept.en))


def _plain_line(line: UnitLine, award: Figure, lists: Sequence[bool]) -> UnitLine:
    """Of a unit that stands in every list there is."""
    return UnitLine(line.code, line.name, lists[0] or None, lists[1] or None, True, award, KEPT)


def _line(unit: UnitKept, award: Figure) -> UnitLine:
    why = tuple(Both(zh, en) for zh, en in zip(unit.zh, unit.en, strict=True))
    return UnitLine(unit.code, unit.name, unit.registered, unit.before, unit.listed, award, unit.change, why,
                    unit.explained)  # fmt: skip


def _change(registered: bool | None, before: bool | None, listed: bool) -> str:
    """Against last year; a unit that only the register has is absent, one that only the table has stands outside it."""
    if listed:
        return NEW if before is False else OUTSIDE if registered is False else KEPT
    return LEFT if before else ABSENT


def _row_key(table: Table, row: int) -> str:
    return table.codes[row] if table.coded else plain(table.names[row])


def _keyed(table: Table, listings: Iterable[Listing], year: int | None) -> dict[str, Known]:
    """Units by the key of the row that they are, else by their own; of a register those in force."""
    units: dict[str, Known] = {}
    for listing in listings:
        for unit in listing.units:
            if year is not None and not unit.in_force(year):
                continue
            units.setdefault(unit.code if table.coded else _named(table, unit), unit)
    return units


def _named(table: Table, unit: Known) -> str:
    row = next((row for row, name in enumerate(table.names) if called(unit, name)), None)
    return plain(unit.name) if row is None else plain(table.names[row])


def _last_year(model: Model, table: Table, beside: Beside) -> Listing | None:
    """What was named as last year's, else the table's own 上年数, else the latest version of an earlier year."""
    named = [listing for listing in beside.listings if listing.kind == LAST]
    past = own_listing(model, table)
    versions = [
        listing
        for listing in beside.listings
        if listing.kind != LAST and listing.year and table.year and listing.year < table.year
    ]
    return next(iter([*named, *([past] if past else []), *versions]), None)


@dataclass(frozen=True)
class _Reasons:
    """What the crosswalk, the registers' years and people say of a unit."""

    table: Table
    beside: Beside
    doubts: Doubts
    since: int | None

    def of(self, key: str, code: str, change: str, expected: bool) -> tuple[Both, ...]:
        told = [*self._moved(code, change), *self._years(code, change), *self._resolved({key, code})]
        if change == ABSENT and not expected:
            told.append(_both("not_expected"))
        return tuple(told)

    def _moved(self, code: str, change: str) -> Iterable[Both]:
        if change == KEPT:
            return
        low, high = self.since or ALWAYS[0], self.table.year or ALWAYS[1]
        for year, old, new in self.beside.moves:
            if low < year <= high and code in (old, new) and old != new:
                yield _both("moved_to" if code == old else "moved_from", year=year, code=new if code == old else old)

    def _years(self, code: str, change: str) -> Iterable[Both]:
        if change == KEPT:
            return
        for register in self.beside.registers:
            for unit in register.entries:
                if unit.code == code and change in (LEFT, ABSENT) and unit.years[1] < (self.table.year or ALWAYS[1]):
                    yield _both("until", year=unit.years[1], file=register.file)
                if unit.code == code and change == NEW and unit.years[0] > (self.since or ALWAYS[0]):
                    yield _both("since", year=unit.years[0], file=register.file)

    def _resolved(self, keys: set[str]) -> Iterable[Both]:
        for doubt in self.doubts.resolved:
            if self._about(doubt, keys):
                yield _both("resolved", id=doubt.id, reason=self.doubts.reasons[doubt.id])

    def _about(self, doubt: Doubt, keys: set[str]) -> bool:
        return doubt.kind in OF_UNITS and bool(keys & {*doubt.units, *(plain(unit) for unit in doubt.units)})


def _both(key: str, **slots: object) -> Both:
    return both(f"reconcile.{key}", **slots)
