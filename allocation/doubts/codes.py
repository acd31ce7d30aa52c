"""Codes of Chinese administrative form beside whom a row belongs to: a code begins with the code of the unit above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial

from allocation.classes import dataclass
from allocation.doubts.area import NATIONAL, TOWN, national
from allocation.doubts.beside import REGISTER, Beside, Known, Listing
from allocation.doubts.doubt import Doubt
from allocation.doubts.names import place_of, plain, same_unit, stem, whole_of
from allocation.doubts.units import Explained, listed
from allocation.errors import Problem
from allocation.patterns import LatePattern
from allocation.policy.model import Input, Model
from allocation.tables.table import Table
from allocation.texts import say, shortened
from allocation.texts.vocabulary import Pattern

VILLAGE = 12
LEVELS = (2, 4, NATIONAL, TOWN)  # digits of a province's code, a city's, a county's and a town's
PROVINCES = range(11, 100)  # what a code of a place may begin with
_SERIAL = LatePattern(r"(\d+)[-—–_./·#].*")  # a number of the bureau's own behind a place's code
_COUNTY = Pattern("doubt_words.county")
_OTHERS = Pattern("doubt_words.others")
_TOWN_OF = Pattern("doubt_words.town")


def front(code: str) -> str:
    """The place's code that a code is or begins with; empty where it is of no such form."""
    serial = _SERIAL.fullmatch(code)
    digits = serial[1] if serial else code
    fits = len(digits) in (NATIONAL, TOWN, VILLAGE) and digits.isdecimal() and int(digits[:2]) in PROVINCES
    return digits if fits else ""


def bare(code: str) -> str:
    """A code without the noughts that stand for what lies below it: 210700 is 2107."""
    for length, end in ((VILLAGE, "000"), (TOWN, "000"), (NATIONAL, "00"), (4, "00")):
        if len(code) == length and code.endswith(end):
            code = code[: -len(end)]
    return code


@dataclass(frozen=True)
class Misplaced:
    """A row whose code is not what it should be: a message of `doubts` and its slots, besides the row's own."""

    row: int
    message: str
    slots: Mapping[str, object]


class CodedRows:
    """The rows of a table with codes of administrative form, and by row the text that says whom it belongs to."""

    def __init__(self, model: Model, table: Table, lists: Sequence[Listing]):
        self.table, self.lists = table, lists
        self.entry = _above(model)
        texts = table.values.get(self.entry.name, ()) if self.entry else ()
        self.fronts = {row: digits for row, code in enumerate(table.codes) if (digits := front(code))}
        self.above = {row: text for row, text in enumerate(texts) if isinstance(text, str) and row in self.fronts}

    @cached_property
    def known(self) -> list[Known]:
        """Every place with a code of its own that the lists or the table itself name."""
        rows = zip(self.table.codes, self.table.names, strict=True)
        rows_named = [Known(code, name, where=self.table.unit_where(row)) for row, (code, name) in enumerate(rows)]
        return [
            unit
            for unit in (*(unit for listing in self.lists for unit in listing.units), *rows_named)
            if front(unit.code) == unit.code
        ]

    def misplaced(self, explained: Explained) -> dict[int, Misplaced]:
        """By row, the first thing that is wrong with it."""
        by_row: dict[int, Misplaced] = {}
        for misplaced in (
            *self._not_below(),
            *self._elsewhere(),
            *self._moved(explained),
            *self._nowhere(),
            *self._odd(),
        ):
            by_row.setdefault(misplaced.row, misplaced)
        return dict(sorted(by_row.items()))

    def _not_below(self) -> Iterator[Misplaced]:
        """Rows whose code does not begin with that of the unit they are said to belong to."""
        for row, text in self.above.items():
            units = [unit for unit in self._called(text) if len(bare(unit.code)) <= len(self.fronts[row])]
            if units and not any(self.fronts[row].startswith(bare(unit.code)) for unit in units):
                yield Misplaced(row, "code_below", {"right": units[0].code, "there": units[0].where})

    def _called(self, text: str) -> list[Known]:
        """The places that a text means, also by their own town (`黑山县县城` of 黑山县)."""
        units = self._by_stem.get(stem(text)[0], ())
        return [
            unit
            for unit in units
            if any(same_unit(text, word) or place_of(word, text) for word in (unit.name, *unit.aliases))
        ]

    @cached_property
    def _by_stem(self) -> dict[str, list[Known]]:
        by_stem: dict[str, list[Known]] = {}
        for unit in self.known:
            words = {stem(whole)[0] for word in (unit.name, *unit.aliases) for whole in (word, whole_of(word))}
            for word in words:
                by_stem.setdefault(word, []).append(unit)
        return by_stem

    def _elsewhere(self) -> Iterator[Misplaced]:
        """Rows that alone join two places: their code begins like others', their text is that of others again."""
        for digits in LEVELS:
            rows = {row: self.fronts[row][:digits] for row in self.above if len(self.fronts[row]) >= digits}
            pairs = Counter((self.above[row], begin) for row, begin in rows.items())
            by_front, by_text = _partners(pairs), _partners({(begin, text): n for (text, begin), n in pairs.items()})
            crossed = {}
            for row, begin in rows.items():
                text = self.above[row]
                fronts = {other: n for other, n in by_text[text].items() if other != begin}
                if not fronts and digits != NATIONAL:
                    continue
                others = {other: n for other, n in by_front[begin].items() if other != text}
                rivals = {*others.values(), *fronts.values()} if others and fronts else set()
                if digits == NATIONAL and _is_county(text):  # two counties have not one code
                    rivals |= {n for other, n in others.items() if _is_county(other)}
                if rivals and pairs[text, begin] <= max(rivals):
                    crossed[row] = {"front": begin, "others": [*others], "fronts": [*fronts]}
            doubtful = [row for row in crossed if not self._says(row)] or crossed
            yield from (Misplaced(row, "code_apart", crossed[row]) for row in doubtful)

    def _says(self, row: int) -> bool:
        """Whether the row's own name says whom it belongs to."""
        name, text = self.table.names[row], self.above[row]
        return same_unit(name, text) or place_of(name, text)

    def _moved(self, explained: Explained) -> Iterator[Misplaced]:
        """Rows that belonged to another unit last year."""
        for listing in self.lists:
            held = listing.figures.get(self.entry.name, {}) if self.entry else {}
            for row, text in self.above.items():
                code = self.table.codes[row]
                was = held.get(code)
                if isinstance(was, str) and not same_unit(was, text) and not explained.moved(code, listing.year):
                    yield Misplaced(row, "code_moved", {"was": was, "there": listing.file})

    def _nowhere(self) -> Iterator[Misplaced]:
        """Rows below a county that no list knows, where lists know the counties of that city."""
        lists = [listing for listing in self.lists if listing.kind == REGISTER]
        counties = {unit.code for listing in lists for unit in listing.units if national(unit.code)}
        counties |= {unit.code[:NATIONAL] for listing in self.lists for unit in listing.units if front(unit.code)}
        counties |= {code for code in self.fronts.values() if national(code)}
        cities = {code[:4] for code in counties}
        below = {row: digits[:NATIONAL] for row, digits in self.fronts.items() if len(digits) > NATIONAL}
        alone = Counter(code[:4] for code in self.fronts.values())
        for row, county in below.items():
            strange = county[:4] not in cities and alone[county[:4]] == 1 and len(self.fronts) > 2
            if county not in counties and (county[:4] in cities or strange) and counties:
                yield Misplaced(row, "code_nowhere", {"front": county})

    def _odd(self) -> Iterator[Misplaced]:
        """Codes of digits that are of no place's length, in a table where most are."""
        plain_digits = [row for row, code in enumerate(self.table.codes) if code.isdecimal() and len(code) > 4]
        strange = [row for row in plain_digits if row not in self.fronts]
        if not self.table.coded or 3 * len(strange) > len(plain_digits):
            return
        usual = sorted({len(digits) for digits in self.fronts.values()})
        for row in strange:
            yield Misplaced(row, "code_length", {"digits": len(self.table.codes[row]), "usual": usual})


def _above(model: Model) -> Input | None:
    """The input that says in the bureau's own words whom a row belongs to."""
    entry = model.inputs.get(model.group)
    return entry if entry and entry.text and not entry.one_of else None


def _partners(pairs: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """By the second of each pair, how often each first stands with it."""
    partners: dict[str, dict[str, int]] = {}
    for (first, second), count in pairs.items():
        partners.setdefault(second, {})[first] = count
    return partners


def _is_county(text: str) -> bool:
    """Whether a name says itself that it is a county's: no zone's, and not that of a city's districts together."""
    return bool(_COUNTY.fullmatch(plain(text)) and not (_OTHERS.search(text) or _TOWN_OF.search(text)))


def code_doubts(model: Model, table: Table, beside: Beside, registers: tuple[Listing, ...]) -> list[Doubt]:
    """One doubt with every row whose code does not fit the unit it belongs to; one with towns that no list knows."""
    lists = (*registers, *beside.listings)
    placed = CodedRows(model, table, lists)
    explained = Explained(registers, beside.moves, table.year)
    doubts = []
    if rows := placed.misplaced(explained):
        label = placed.entry.label if placed.entry else ""
        lines = listed([partial(_line, placed, misplaced) for misplaced in rows.values()])
        keys = [table.codes[row] for row in rows]
        figures = [f"{table.codes[row]}|{plain(table.names[row])}|{placed.above.get(row, '')}" for row in rows]
        problem = Problem("doubts.codes", {"count": len(rows), "lines": lines, "label": label})
        doubts.append(Doubt("codes", tuple(keys), tuple(figures), problem))
    return [*doubts, *_unlisted(placed)]


def _line(placed: CodedRows, misplaced: Misplaced, lang: str) -> str:
    table, row, entry = placed.table, misplaced.row, placed.entry
    where = table.where(entry.name, row) if entry and row in placed.above else table.unit_where(row)
    slots = {"code": table.codes[row], "name": table.names[row], "where": where, "above": placed.above.get(row, "")}
    return say(
        lang, f"doubts.{misplaced.message}", label=entry.label[lang] if entry else "", **slots, **misplaced.slots
    )


def _unlisted(placed: CodedRows) -> list[Doubt]:
    """Towns and villages of counties of which no list says a single one: whether one is missing nobody can tell."""
    table = placed.table
    if table.illustrative:
        return []
    known = {
        code[:NATIONAL]
        for listing in placed.lists
        for unit in listing.units
        if len(code := front(unit.code)) > NATIONAL
    }
    rows = [
        row for row, code in enumerate(table.codes) if code.isdecimal() and len(placed.fronts.get(row, "")) > NATIONAL
    ]
    rows = [row for row in rows if placed.fronts[row][:NATIONAL] not in known]
    if not rows or any(listing.kind != REGISTER and listing.year != table.year for listing in placed.lists):
        return []
    units = [f"{table.codes[row]} {table.names[row]}" for row in rows]
    problem = Problem("doubts.unlisted", {"count": len(rows), "units": shortened(units, 20), "file": table.file})
    figures = tuple(plain(table.names[row]) for row in rows)
    return [Doubt("unlisted", tuple(table.codes[row] for row in rows), figures, problem)]
