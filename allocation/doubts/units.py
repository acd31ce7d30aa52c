"""Units that are missing from a table, new in it or there twice, and codes that stand with other names elsewhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, combinations

from allocation.classes import dataclass
from allocation.doubts.area import Areas, national
from allocation.doubts.beside import ALWAYS, REGISTER, Beside, Known, Listing
from allocation.doubts.doubt import Doubt
from allocation.doubts.names import is_other_than, is_short_for, place_of, plain, same_unit, stem
from allocation.errors import Problem
from allocation.tables.recipients import Recipient, Recipients
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, both, bracketed, say, shortened
from allocation.texts.vocabulary import the_word

PLACE = 6  # digits from which on a code says which place a row is
SHOWN = 20  # units named in a text; the id rests on all of them


@dataclass(frozen=True)
class Otherwise:
    """A row whose code stands with another name in a listing (`by_code`), whose name with another code (`by_name`)."""

    code: str
    name: str
    where: str
    by_code: Known | None
    by_name: Known | None

    def text(self, lang: str) -> str:
        other, namesake = self.by_code, self.by_name
        slots = {"code": self.code, "name": self.name, "where": self.where}
        slots |= {"known": other.name if other else "", "place": other.where if other else ""}
        slots |= {"right": namesake.code if namesake else "", "there": namesake.where if namesake else ""}
        return say(lang, "doubts.name_known" if other else "doubts.name_elsewhere", **slots)

    @property
    def figures(self) -> str:
        known, right = (self.by_code.name if self.by_code else ""), (self.by_name.code if self.by_name else "")
        return "|".join((self.code, plain(self.name), plain(known), right))


@dataclass(frozen=True)
class Short:
    """A row whose name is cut short, or a by-name: what is printed would not be the unit's own name."""

    key: str  # its code; its name in a table without codes
    name: str
    where: str
    full: Known

    @property
    def text(self) -> Callable[[str], str]:
        return both("doubts.name_short", name=self.name, where=self.where, full=self.full.name,
                    place=self.full.where).__getitem__  # fmt: skip

    @property
    def figures(self) -> str:
        return "|".join((self.key, plain(self.name), plain(self.full.name)))


class _Index:
    """The units of a listing by code and by name."""

    def __init__(self, listing: Listing):
        self._listing = listing
        self.by_code: dict[str, list[Known]] = {}
        for unit in listing.units:
            self.by_code.setdefault(unit.code, []).append(unit)

    @cached_property
    def _by_name(self) -> dict[str, list[Known]]:
        by_key: dict[str, list[Known]] = {}
        for unit in self._listing.units:
            for key in dict.fromkeys(stem(word)[0] for word in (unit.name, *unit.aliases)):
                by_key.setdefault(key, []).append(unit)
        return by_key

    def named(self, name: str) -> list[Known]:
        """All units of that name, those that are so called letter by letter first."""
        units = [unit for unit in self._by_name.get(stem(name)[0], ()) if called(unit, name)]
        exact = [unit for unit in units if plain(name) in map(plain, (unit.name, *unit.aliases))]
        return exact or units


def called(unit: Known, name: str) -> bool:
    return name == unit.name or any(same_unit(name, word) for word in (unit.name, *unit.aliases))


def _by_name(unit: Known, name: str) -> bool:
    return plain(name) in map(plain, unit.aliases) and is_other_than(name, unit.name)


class Compared:
    """A table beside a listing: `otherwise`, `short`, `new` (rows) and `missing`, explained or not."""

    def __init__(self, table: Table, listing: Listing):
        self.table, self.listing = table, listing
        self.coded = table.coded
        of_units = frozenset(table.codes if self.coded else self._index.by_code)
        self.areas = Areas(of_units, of_model=listing.kind != REGISTER)
        self.otherwise: list[Otherwise] = []
        self.short: list[Short] = []
        self.new: list[int] = []
        self._met: set[str] = set()  # codes of the listing that a row means
        self._agreed: set[str] = set()  # those of them that it means by code and name
        self._look()

    @cached_property
    def _index(self) -> _Index:
        return _Index(self.listing)

    def _look(self) -> None:
        unknown = []
        for row, (code, name) in enumerate(zip(self.table.codes, self.table.names, strict=True)):
            units = self._index.by_code.get(code, []) if self.coded else []
            if units and (name == code or any(called(unit, name) for unit in units)):
                self._met.add(code)
                self._agreed.add(code)
                self._look_at_length(row, units)
                if not any(unit.in_force(self.table.year) for unit in units):
                    unknown.append(row)  # it was one, or will be one
                continue
            by_name = self._namesake(code, name)
            if not by_name and any(place_of(name, unit.name) for unit in units):
                self._met.add(code)
                self._agreed.add(code)
                continue
            if not units and not (by_name and self.coded):
                self._met |= {by_name.code} if by_name else set()
                self._look_at_length(row, [by_name] if by_name else [])
                unknown += [] if by_name else [row]
                continue
            self._met |= {by_name.code} if by_name and not units else {code}
            by_code = next((unit for unit in units if unit.in_force(self.table.year)), units[0] if units else None)
            self.otherwise.append(Otherwise(code, name, self.table.unit_where(row), by_code, by_name))
        self.new = [row for row in unknown if self._area(row) in self._present]

    def _look_at_length(self, row: int, units: Sequence[Known]) -> None:
        """Of a row that means one of these units: whether its name is cut short, or a by-name that a register has."""
        code, name = self.table.codes[row], self.table.names[row]
        full = next((unit for unit in units if is_short_for(name, unit.name) or _by_name(unit, name)), None)
        if full and not any(plain(name) == plain(unit.name) for unit in units):
            self.short.append(Short(code if self.coded else plain(name), name, self.table.unit_where(row), full))

    def _namesake(self, code: str, name: str) -> Known | None:
        """The unit that goes by the name under another code; in a table with codes, in the same area only."""
        area = self.areas.of(code)
        for unit in self._index.named(name):
            if unit.in_force(self.table.year) and (not self.coded or unit.code != code and self._where(unit) == area):
                return unit
        return None

    def _where(self, unit: Known) -> tuple[str, ...]:
        return self.areas.of(unit.code, unit.above, stem(unit.name)[1] == the_word("doubt_words.own"))

    def _area(self, row: int) -> tuple[str, ...]:
        """Where a row lies; no code, or one of the bureau's own beside national ones, lies where most others do."""
        code = self.table.codes[row]
        if self.coded and (code.isdigit() or not any(map(national, self.table.codes))):
            return self.areas.of(code, "", stem(self.table.names[row])[1] == the_word("doubt_words.own"))
        return max(self._present, key=lambda area: self._present[area], default=())

    @cached_property
    def _present(self) -> Counter[tuple[str, ...]]:
        """How many units of the listing in each area the table has: the two speak of one area where they share one.

        A single code that was mistyped lies anywhere.
        """
        return Counter(self._where(self._index.by_code[code][0]) for code in self._agreed or self._met)

    @cached_property
    def missing(self) -> list[Known]:
        absent = (unit for unit in self.listing.units if unit.expected and unit.code not in self._met)
        return [unit for unit in absent if unit.in_force(self.table.year) and self._where(unit) in self._present]


@dataclass(frozen=True)
class Explained:
    """What the registers' years and a crosswalk say of units that come, go, or change their name or code."""

    registers: tuple[Listing, ...]
    moves: tuple[tuple[int, str, str], ...]
    year: int | None

    def _steps(self, since: int | None) -> list[tuple[str, str]]:
        low, high = ALWAYS[0] if since is None else since, ALWAYS[1] if self.year is None else self.year
        return [(old, new) for year, old, new in self.moves if low < year <= high]

    def moved(self, code: str, since: int | None) -> bool:
        return any(code in step for step in self._steps(since))

    def _units(self, code: str) -> Iterator[Known]:
        return (unit for listing in self.registers for unit in listing.units if unit.code == code)

    def came(self, code: str, since: int | None) -> bool:
        before = since if since is not None else (self.year or ALWAYS[1]) - 1
        starts = any(before < unit.years[0] and unit.in_force(self.year) for unit in self._units(code))
        return starts or self.moved(code, since)

    def went(self, code: str, since: int | None) -> bool:
        units = list(self._units(code))
        return bool(units) and not any(unit.in_force(self.year) for unit in units) or self.moved(code, since)

    def known(self, code: str, name: str, but: Listing) -> bool:
        """Whether another register than `but` has that very unit in this year."""
        others = (register for register in self.registers if register is not but)
        units = (unit for register in others for unit in register.units if unit.code == code)
        return any(unit.in_force(self.year) and (called(unit, name) or place_of(name, unit.name)) for unit in units)

    def calls_so(self, code: str, name: str) -> bool:
        """Whether a register has the unit under that very name."""
        return plain(name) in (plain(unit.name) for unit in self._units(code))

    def right(self, code: str, name: str, since: int | None) -> bool:
        """Whether a register knows the code by that name."""
        return any(called(unit, name) for unit in self._units(code)) or self.moved(code, since)


def shares_units(table: Table, register: Recipients) -> bool:
    """Whether a register that nobody named speaks of the units of the table: a national code, a code with its name, or
    most of the codes; of a table without codes, a name."""
    known: dict[str, list[Recipient]] = {}
    for recipient in register.entries:
        known.setdefault(recipient.code, []).append(recipient)
    if not table.coded:
        words = {plain(word) for recipient in register.entries for word in (recipient.name, *recipient.aliases)}
        return any(plain(name) in words for name in table.names)
    common = [row for row, code in enumerate(table.codes) if code in known]
    if any(national(table.codes[row]) for row in common) or 2 * len(common) > len(table):
        return True
    return any(
        same_unit(table.names[row], word)
        for row in common
        for recipient in known[table.codes[row]]
        for word in (recipient.name, *recipient.aliases)
    )


def unit_doubts(table: Table, beside: Beside, registers: tuple[Listing, ...]) -> list[Doubt]:
    """One doubt for each of four kinds, over all that stands beside the table; what is explained is none."""
    explained = Explained(registers, beside.moves, table.year)
    otherwise: dict[str, Otherwise] = {}
    new: dict[int, list[str | Both]] = {}
    missing: dict[str, Known] = {}
    short: dict[str, Short] = {}
    for listing in (*registers, *beside.listings):
        compared, since = Compared(table, listing), None if listing.kind == REGISTER else listing.year
        register = listing.kind == REGISTER
        for renamed in compared.otherwise:
            told = explained.moved(renamed.code, since) or explained.known(renamed.code, renamed.name, listing)
            if not (told if register else explained.right(renamed.code, renamed.name, since)):
                otherwise.setdefault(renamed.code, renamed)
        for cut in compared.short:
            if not explained.calls_so(cut.full.code, cut.name):
                short.setdefault(cut.key, cut)
        for row in compared.new:
            code, name = table.codes[row], table.names[row]
            told = explained.moved(code, since) or explained.known(code, name, listing)
            if not (told if register else explained.came(code, since)):
                new.setdefault(row, []).append(listing.file)
        for unit in compared.missing:
            if not (explained.moved(unit.code, since) if register else explained.went(unit.code, since)):
                missing.setdefault(unit.code, unit)
    named = [*_named("names", otherwise), *_named("short", short)]
    return [*named, *_new(table, new), *_missing(missing, table)]


def _named(kind: str, units: Mapping[str, Otherwise] | Mapping[str, Short]) -> list[Doubt]:
    if not units:
        return []
    lines = listed([unit.text for unit in units.values()])
    problem = Problem(f"doubts.{kind}", {"count": len(units), "lines": lines})
    return [Doubt(kind, tuple(units), tuple(unit.figures for unit in units.values()), problem)]


def _new(table: Table, rows: dict[int, list[str | Both]]) -> list[Doubt]:
    if not rows:
        return []
    units = [f"{table.codes[row]} {table.names[row]}" if table.coded else table.names[row] for row in rows]
    places = [bracketed(said, table.unit_where(row)) for said, row in zip(units, rows, strict=True)]
    slots = {
        "count": len(rows),
        "units": shortened(places, SHOWN),
        "files": list(dict.fromkeys(chain(*rows.values()))),
    }
    keys = tuple(table.codes[row] if table.coded else plain(table.names[row]) for row in rows)
    return [Doubt("new", keys, tuple(plain(table.names[row]) for row in rows), Problem("doubts.new", slots))]


def _missing(units: dict[str, Known], table: Table) -> list[Doubt]:
    if not units:
        return []
    said = [bracketed(f"{unit.code} {unit.name}", unit.where) for unit in units.values()]
    problem = Problem("doubts.missing", {"count": len(units), "units": shortened(said, SHOWN), "file": table.file})
    return [Doubt("missing", tuple(units), tuple(plain(unit.name) for unit in units.values()), problem)]


def listed(texts: Sequence[Callable[[str], str]]) -> Both:
    """What is told of each row, one behind the other, of many the first."""
    mark = {"zh": "；", "en": "; "}
    return Both(*(mark[lang].join(map(str, shortened([text(lang) for text in texts], SHOWN))) for lang in LANGUAGES))


def alike_doubts(table: Table) -> Iterator[Doubt]:
    """One doubt for all pairs of rows whose names mean one unit: each would be given a share.

    Rows of the very same name are told where the table is read; two codes of places tell their rows apart.
    """
    pairs = [pair for rows in _of_one_stem(table) for pair in combinations(rows, 2) if _alike(table, *pair)]
    if not pairs:
        return
    rows = sorted({row for pair in pairs for row in pair})
    slots = {"count": len(pairs), "pairs": listed([_pair_said(table, *pair).__getitem__ for pair in pairs])}
    keys = tuple(table.codes[row] if table.coded else plain(table.names[row]) for row in rows)
    yield Doubt("alike", keys, tuple(table.names[row] for row in rows), Problem("doubts.alike", slots))


def _pair_said(table: Table, row: int, other: int) -> Both:
    return both("doubts.name_short", name=table.names[row], where=table.unit_where(row), full=table.names[other],
                place=table.unit_where(other))  # fmt: skip


def _of_one_stem(table: Table) -> list[list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(table.names):
        rows[stem(name)[0]].append(row)
    return [those for those in rows.values() if len(those) > 1]


def _alike(table: Table, row: int, other: int) -> bool:
    name, namesake = table.names[row], table.names[other]
    if name == namesake or table.coded and _told_apart(table.codes[row], table.codes[other]):
        return False
    return same_unit(name, namesake)


def _told_apart(code: str, other: str) -> bool:
    return all(text.isdigit() and len(text) >= PLACE for text in (code, other))
