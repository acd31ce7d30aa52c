"""One sheet of a workbook beside what the writers write: cells that differ, rows gone, new or moved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import field
from difflib import SequenceMatcher
from fractions import Fraction
from functools import cached_property

import numpy as np

from allocation.arrays import billionths
from allocation.classes import dataclass
from allocation.patterns import LatePattern
from allocation.sheets.looks import Role
from allocation.sheets.memory import Content, Formula, MemorySheet
from allocation.texts import Both
from allocation.verify.reopened import OpenSheet
from allocation.verify.roles import Roles, shown_text
from allocation.verify.shown import shows_alike
from allocation.xlsx.grids import cell_number
from allocation.xlsx.layout import FIRST, letters

Key = tuple[str | int, ...]  # texts of a row, its block, which of those alike it is
SLACK = 1e-9  # of the figure, at least of one: what a recalculation may leave
BILLIONTHS = 1000  # a remainder is counted in billionths; the last place kept of a quota may be rounded either way
_PIECES = LatePattern(
    r'(?P<text>"(?:[^"]|"")*")|\'(?P<quoted>(?:[^\']|\'\')+)\'!|(?P<sheet>[^\W\d][\w.]*)!'
    r"|(?P<number>(?<![\w.$])\d+\.?\d*(?:E[+-]?\d+)?)|(?P<space>\s+)",
    re.IGNORECASE,
)
_TEXT = LatePattern(r'"(?:[^"]|"")*"')
_TRUTHS = LatePattern(r"\b(TRUE|FALSE)\(\)")  # LibreOffice's way to write them


@dataclass(frozen=True)
class Difference:
    """`kind` ends a message id: `verify.kind_typed`. `place` is a cell such as D8, empty for a whole sheet; of a Word
    file both are in words."""

    kind: str
    sheet: str | Both
    place: str | Both = ""
    county: str = ""
    column: str = ""
    actual: object = ""
    expected: object = ""


def normal(formula: str, titles: Mapping[str, str]) -> str:
    """A formula as every program spells it: no quotes around sheets, no spaces, capitals, plain numbers, and no
    brackets around the whole.

    `titles` gives the original name of a renamed sheet.
    """

    def piece(match: re.Match[str]) -> str:
        if match["text"]:
            return match["text"]
        if match["number"]:
            return repr(float(match["number"]))
        if match["space"]:
            return ""
        name = match["quoted"] or match["sheet"]
        return f"{titles.get(name, name)}!"

    pieces, end = [], 0
    for match in _PIECES.finditer(formula):
        pieces += [formula[end : match.start()].upper(), piece(match)]
        end = match.end()
    spelt = "".join([*pieces, formula[end:].upper()]).removeprefix("=")
    return _TRUTHS.sub(r"\1", spelt[1:-1] if _bracketed(spelt) else spelt)


def _bracketed(formula: str) -> bool:
    """Whether the first bracket closes with the last sign."""
    if not (formula.startswith("(") and formula.endswith(")")):
        return False
    depth = 0
    for sign in _TEXT.sub("", formula)[:-1]:
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return False
    return True


def equal(actual: object, expected: object, slack: float = 0) -> bool:
    """Figures within SLACK, or `slack` where that is more, texts alike; an empty text is a blank."""
    actual, expected = _counted(actual), _counted(expected)
    if isinstance(actual, int | float) and isinstance(expected, int | float):
        return abs(actual - expected) <= max(slack, SLACK * max(1, abs(expected)))
    blank = (None, "")
    return actual == expected or (actual in blank and expected in blank)


def _counted(value: object) -> object:
    """A figure as a cell holds it; anything else as it is."""
    return cell_number(value) if isinstance(value, bool | Fraction) else value


@dataclass(frozen=True)
class ComparedAs:
    """`values`: whether stored values of formulas count. `titles`: what each sheet was called when it was written."""

    values: bool = True
    titles: Mapping[str, str] = field(default_factory=dict)


AS_WRITTEN = ComparedAs()


class SheetComparison:
    """One sheet. `exact` is off once rows moved anywhere: references then differ by right."""

    def __init__(self, expected: MemorySheet, sheet: OpenSheet, roles: Roles, how: ComparedAs = AS_WRITTEN):
        self.expected, self.sheet, self.roles, self.how = expected, sheet, roles, how
        self.rows, self.lines = _aligned(expected, sheet, roles)

    def _at(self, row: int, column: int) -> tuple[int, int]:
        return self.rows[row], column

    @property
    def moved(self) -> bool:
        return bool(self.lines)

    @property
    def flattened(self) -> int:
        """How many formulas there should be, when not one is left."""
        formulas = sum(isinstance(cell, Formula) for cell in self.expected.cells.values())
        return 0 if self.sheet.formulas else formulas

    def differences(self, exact: bool, flat: bool) -> Iterator[Difference]:
        """`flat`: the sheet's formulas are all values, which is said elsewhere."""
        yield from self.lines
        for (row, column), cell in sorted(self.expected.cells.items()):
            if row in self.rows and not self.roles.left_to_people(row, column):
                yield from self._cell(row, column, cell, exact, flat)
            elif row in self.rows and (row, column) in self.roles.inputs:
                yield from self._format(row, column, self.sheet.values.get(self._at(row, column)))
        yield from self._added()

    def _cell(self, row: int, column: int, cell: Content, exact: bool, flat: bool) -> Iterator[Difference]:
        place = self._at(row, column)
        value, formula = self.sheet.values.get(place), self.sheet.formulas.get(place)
        wanted, text = (cell.value, cell.text) if isinstance(cell, Formula) else (cell, "")
        live = isinstance(cell, Formula)
        right = equal(value, wanted, self._slack(row, column, value)) or (live and not self.how.values)
        right = right or (self.roles.edited and self._of_order(row, column, value))
        if live and formula is None and not flat:
            yield self._difference("typed", row, column, value, wanted)
        elif live and formula is not None and exact and not self._alike(formula, text):
            yield self._difference("formula", row, column, formula, f"={text}")
        elif not live and formula is not None:
            yield self._difference("formula_added", row, column, formula, wanted)
        elif not right:
            kind = "text" if isinstance(wanted, str) and not live else "value"
            yield self._difference(kind, row, column, value, wanted)
        else:
            yield from self._format(row, column, value)

    def _slack(self, row: int, column: int, value: object) -> float:
        """A remainder may be another only where it still is what the quota that is stored beside it leaves."""
        look = self.expected.looks[row, column]
        if look.role is Role.REMAINDER and len(look.of) == 1:  # one of those that stand in that column
            return BILLIONTHS if value in self._numbers.get(look.of[0], ()) else 0
        stored = [self.sheet.values.get(self._at(row, place)) for place in look.of]
        figures = [float(held) for held in stored if isinstance(held, int | float)]
        if look.role is not Role.REMAINDER or len(figures) < 2:
            return 0
        units, down = np.array(figures)
        return BILLIONTHS if equal(value, float(billionths(np.array([units]), np.array([down]))[0])) else 0

    @cached_property
    def _numbers(self) -> dict[int, set[object]]:
        """The numbers that stand in each column, gathered once for all cells that are one of them."""
        numbers: dict[int, set[object]] = {}
        for (_, column), held in self.sheet.values.items():
            if isinstance(held, int | float):
                numbers.setdefault(column, set()).add(held)
        return numbers

    def _of_order(self, row: int, column: int, value: object) -> bool:
        """Whether it only tells of the order that was written, before figures were edited: rows in it still are those
        of their places.
        """
        look = self.expected.looks[row, column]
        if look.role is not Role.ORDER or not look.of:
            return look.role is Role.ORDER
        (places,) = look.of
        if not isinstance(value, int | float) or not 1 <= value <= len(self.rows):
            return False
        return self.sheet.values.get((FIRST + int(value) - 1, places)) == row - FIRST + 1

    def _format(self, row: int, column: int, value: object) -> Iterator[Difference]:
        """Decimals are not counted of inputs and their totals, where an edited figure may have more, nor where a format
        is left open, which LibreOffice then takes from the cells a formula names.
        """
        place, look = self._at(row, column), self.expected.looks[row, column]
        wanted = look.num_format
        actual = self.sheet.formats.get(place, "General")
        loose = look.role in (Role.INPUT, Role.LOOSE) or (wanted == "General" and place in self.sheet.formulas)
        if not shows_alike(actual, wanted, value, loose):
            yield self._difference("format", row, column, actual, wanted)

    def _alike(self, formula: str, text: str) -> bool:
        return formula == f"={text}" or normal(formula, self.how.titles) == normal(text, {})

    def _added(self) -> Iterator[Difference]:
        """Content where the writers write none; an added row is named once, not cell by cell."""
        back = {there: row for row, there in self.rows.items()}
        end = max(back, default=0)
        named = {line.place for line in self.lines if line.kind == "row_added"}
        for (at, column), value in sorted(self.sheet.values.items()):
            row = back.get(at, at if at > end else -1)
            if value == "" or str(at + 1) in named or (row, column) in self.expected.cells:
                continue
            if not self.roles.left_to_people(row, column):
                yield self._difference("added", row, column, value, "", at)

    def _difference(self, kind: str, row: int, column: int, actual: object, wanted: object, at: int = -1) -> Difference:
        place = f"{letters(column)}{(self.rows[row] if at < 0 else at) + 1}"
        county, head = self.roles.called(row), self.roles.head(row, column)
        return Difference(kind, self.sheet.title, place, county, head, actual, wanted)


def _aligned(expected: MemorySheet, sheet: OpenSheet, roles: Roles) -> tuple[dict[int, int], list[Difference]]:
    """Where each expected row stands, and what became of rows that do not stand where they should."""
    last = max((row for row, _ in expected.cells), default=0)
    rows = {row: row for row in range(last + 1)}
    if not roles.keys:
        return rows, []
    end = max((row for row, _ in sheet.values), default=0)

    def own(row: int, column: int) -> str:
        return "" if (row, column) in roles.inputs else shown_text(expected, row, column)

    def other(row: int, column: int) -> str:  # a figure beside keys, such as the edge of a band, is people's to edit
        figure = column in roles.loose and isinstance(sheet.values.get((row, column)), int | float)
        return "" if figure else sheet.text(row, column).strip()

    blocks = {tuple(own(row, column) for column in roles.keys) for row in roles.headings if row >= roles.first}
    below = last + 1 if roles.foot is None else roles.foot
    wanted = _keyed(range(roles.first, below), own, roles, blocks)
    ends = [end + 1] if roles.foot is None else [below + shift for shift in _foot_shifts(expected, sheet, roles)]
    tables = [(_keyed(range(roles.first, shifted), other, roles, blocks), shifted) for shifted in ends]
    have, shifted = min(tables, key=lambda table: len(wanted.keys() ^ table[0].keys()))
    gone = {key: row for key, row in wanted.items() if key not in have}
    new = {key: row for key, row in have.items() if key not in wanted}
    if sorted(gone.values()) == sorted(new.values()):  # a label typed over, if anything
        gone, new = {}, {}
    lines = [Difference("row_gone", sheet.title, county=_label(key)) for key in gone]
    lines += [Difference("row_added", sheet.title, str(row + 1), _label(key)) for key, row in new.items()]
    lines += [
        Difference("row_moved", sheet.title, str(have[key] + 1), _label(key)) for key in _out_of_order(wanted, have)
    ]
    shift, keys = 0, {row: key for key, row in wanted.items()}
    for row in range(roles.first, last + 1) if lines or shifted != below else ():
        key = keys.get(row)
        shift = shifted - below if row >= below else have[key] - row if key in have else shift
        rows[row] = row + shift
        if key in gone:
            del rows[row]
    moved = next((row for row, at in rows.items() if row != at), None)
    if moved is not None and not lines:  # a row that nothing tells from another
        lines = [Difference("row_added" if rows[moved] > moved else "row_gone", sheet.title, str(moved + 1))]
    return rows, lines


def _foot_shifts(expected: MemorySheet, sheet: OpenSheet, roles: Roles) -> list[int]:
    """By how many rows the foot of the table may stand elsewhere, the likeliest first: as the texts below it do that
    are nobody's to write on, as the last row does, not at all.
    """
    places: dict[tuple[int, str], list[int]] = {}
    for row, column in sheet.values:
        places.setdefault((column, sheet.text(row, column).strip()), []).append(row)
    moved = Counter(
        at - row
        for row, column in expected.cells
        if roles.foot is not None and row > roles.foot and not roles.left_to_people(row, column)
        for at in places.get((column, shown_text(expected, row, column)), ())
    )
    ends = [max((row for row, _ in cells), default=0) for cells in (sheet.values, expected.cells)]
    return [*dict.fromkeys((*(shift for shift, _ in moved.most_common(2)), ends[0] - ends[1], 0))]


def _out_of_order(wanted: Mapping[Key, int], have: Mapping[Key, int]) -> list[Key]:
    """The fewest rows that must have moved."""
    both = [key for key in wanted if key in have]
    there = sorted((key for key in have if key in wanted), key=have.__getitem__)
    blocks = SequenceMatcher(None, both, there, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in both[block.a : block.a + block.size]}
    return [key for key in both if key not in kept]


def _keyed(rows: range, text: Callable[[int, int], str], roles: Roles, blocks: Set[tuple[str, ...]]) -> dict[Key, int]:
    """Rows by what tells them apart: of rows alike, the first, the second … of a block.

    `blocks`: what rows of headings say, with which a block begins.
    """
    keyed: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    block = 0
    for row in rows:
        texts = tuple(text(row, column) for column in roles.keys)
        if any(texts):
            if texts in blocks:
                block, counts = block + 1, {}
            counts[texts] = counts.get(texts, 0) + 1
            keyed[*texts, block, counts[texts]] = row
    return keyed


def _label(key: Key) -> str:
    return " ".join(str(text) for text in key[:-2] if text)
