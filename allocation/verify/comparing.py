"""One sheet of a workbook beside what the writers write: cells that differ, rows gone, new or moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

import numpy as np

from allocation.arrays import billionths
from allocation.readings.excel_rounding import remainder_text
from allocation.sheets.memory import Formula, MemorySheet
from allocation.tables.scan import column_number
from allocation.verify.reopened import OpenSheet
from allocation.verify.shown import shows_alike
from allocation.xlsx.grids import plain
from allocation.xlsx.layout import CODE_COLUMNS, FIRST, LABEL, letters

SLACK = 1e-9  # of the figure, at least of one: what a recalculation may leave
BILLIONTHS = 1000  # a remainder is counted in billionths; the last place kept of a quota may be rounded either way
_SHEET = r"(?:'(?P<sheet>(?:[^']|'')+)'!)"
_CELL = r"\$?(?P<{0}>[A-Z]+)\$?(?P<{0}_row>\d+)"
_SAME = r"(?:'(?P=sheet)'!)"
_REMAINDER = re.compile(
    re.escape(remainder_text("UNITS", "DOWN"))
    .replace("UNITS", _SHEET + _CELL.format("units"), 1)
    .replace("UNITS", _SAME + r"\$?(?P=units)\$?(?P=units_row)")
    .replace("DOWN", _SAME + _CELL.format("down"))
)
PAIR = ("units", "down")  # what a remainder is of
_PIECES = re.compile(
    r'(?P<text>"(?:[^"]|"")*")|\'(?P<quoted>(?:[^\']|\'\')+)\'!|(?P<sheet>[^\W\d][\w.]*)!'
    r"|(?P<number>(?<![\w.$])\d+\.?\d*(?:E[+-]?\d+)?)|(?P<space>\s+)",
    re.IGNORECASE,
)
_TRUTHS = re.compile(r"\b(TRUE|FALSE)\(\)")  # LibreOffice's way to write them


@dataclass(frozen=True)
class Difference:
    """`kind` ends a message id: `verify.kind_typed`. `place` is a cell such as D8, empty for a whole sheet."""

    kind: str
    sheet: str
    place: str = ""
    county: str = ""
    column: str = ""
    actual: object = ""
    expected: object = ""


@dataclass(frozen=True)
class HowRead:
    """How one sheet is read: where its rows begin, which columns tell them apart, what its columns are called.

    `values`: whether stored values of formulas count. `stop` begins the row below the table, whose own rows are told
    apart no longer. `skip(row, column)`: cells a person may fill or edit.
    """

    first: int
    keys: tuple[int, ...]
    county: int
    heads: tuple[int, ...]
    values: bool = True
    stop: str = ""
    skip: Callable[[int, int], bool] = field(default=lambda row, column: False)


def look_of(sheet: MemorySheet, **more) -> HowRead:
    """How a sheet is read as its writer leaves it: rows below the frozen ones, told apart by texts in the frozen
    columns, with headings over them and cells that are open to people. `more` says what is otherwise.
    """
    first, columns = sheet.frozen
    texts = {column: [cell for (row, at), cell in sheet.cells.items() if at == column and row >= first]
             for column in range(columns)}  # fmt: skip
    keys = tuple(column for column, cells in texts.items() if any(map(_text, cells)))
    heads = tuple(sorted(row for row in sheet.headed if row < first))
    heads = (LABEL,) if sheet.frozen == (FIRST, CODE_COLUMNS) else heads  # below it the units
    look = HowRead(first, keys, keys[-1] if keys else 0, heads, skip=lambda row, column: (row, column) in sheet.open)
    return replace(look, **more)


def _text(cell: object) -> bool:
    return isinstance(cell.value if isinstance(cell, Formula) else cell, str)


def normal(formula: str, titles: Mapping[str, str]) -> str:
    """A formula as every program spells it: no quotes around sheets, no spaces, capitals, plain numbers.

    `titles` gives the original name of a renamed sheet.
    """

    def piece(match: re.Match) -> str:
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
    return _TRUTHS.sub(r"\1", spelt)


def equal(actual: object, expected: object, slack: float = 0) -> bool:
    """Figures within SLACK, or `slack` where that is more, texts alike; an empty text is a blank."""
    actual, expected = plain(actual), plain(expected)
    if isinstance(actual, int | float) and isinstance(expected, int | float):
        return abs(actual - expected) <= max(slack, SLACK * max(1, abs(expected)))
    blank = (None, "")
    return actual == expected or (actual in blank and expected in blank)


class SheetComparison:
    """One sheet. `exact` is off once rows moved anywhere: references then differ by right."""

    def __init__(self, expected: MemorySheet, sheet: OpenSheet, look: HowRead, titles: Mapping[str, str]):
        self.expected, self.sheet, self.look, self.titles = expected, sheet, look, titles
        self.rows, self.lines = _aligned(expected, sheet, look)
        self.opened = {column for _, column in expected.open}

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
            if row in self.rows and not self.look.skip(row, column):
                yield from self._cell(row, column, cell, exact, flat)
            elif row in self.rows and (row, column) in self.expected.open:
                yield from self._format(row, column, self.sheet.values.get(self._at(row, column)))
        yield from self._added()

    def _cell(self, row: int, column: int, cell: object, exact: bool, flat: bool) -> Iterator[Difference]:
        place = self._at(row, column)
        value, formula = self.sheet.values.get(place), self.sheet.formulas.get(place)
        live = isinstance(cell, Formula)
        wanted = cell.value if live else cell
        text = cell.text if live else ""
        right = equal(value, wanted, self._slack(text, value)) or (live and not self.look.values)
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

    def _slack(self, text: str, value: object) -> float:
        """A remainder may be another only where it still is what the quota that is stored beside it leaves."""
        remainder = _REMAINDER.fullmatch(text)
        if remainder is None or remainder["sheet"].replace("''", "'") != self.expected.name:
            return 0
        cells = [(int(remainder[f"{key}_row"]) - 1, column_number(remainder[key]) - 1) for key in PAIR]
        stored = [self.sheet.values.get(self._at(row, column)) for row, column in cells if row in self.rows]
        figures = [float(held) for held in stored if isinstance(held, int | float)]
        if len(figures) < len(PAIR):
            return 0
        units, down = map(np.float64, figures)
        return BILLIONTHS if equal(value, float(billionths(units, down))) else 0

    def _format(self, row: int, column: int, value: object) -> Iterator[Difference]:
        """Decimals are not counted of inputs and their totals, where an edited figure may have more, nor where a format
        is left open, which LibreOffice then takes from the cells a formula names.
        """
        place, wanted = self._at(row, column), self.expected.formats[row, column]
        actual = self.sheet.formats.get(place, "General")
        loose = column in self.opened or (wanted == "General" and place in self.sheet.formulas)
        if not shows_alike(actual, wanted, value, loose):
            yield self._difference("format", row, column, actual, wanted)

    def _alike(self, formula: str, text: str) -> bool:
        return formula == f"={text}" or normal(formula, self.titles) == normal(text, {})

    def _added(self) -> Iterator[Difference]:
        """Content where the writers write none; an added row is named once, not cell by cell."""
        back = {there: row for row, there in self.rows.items()}
        end = max(back, default=0)
        named = {line.place for line in self.lines if line.kind == "row_added"}
        for (at, column), value in sorted(self.sheet.values.items()):
            row = back.get(at, at if at > end else -1)
            if value == "" or str(at + 1) in named or (row, column) in self.expected.cells:
                continue
            if not self.look.skip(row, column):
                yield self._difference("added", row, column, value, "", at)

    def _difference(self, kind: str, row: int, column: int, actual: object, wanted: object, at: int = -1) -> Difference:
        place = f"{letters(column)}{(self.rows[row] if at < 0 else at) + 1}"
        county = _shown(self.expected, row, self.look.county) if row >= self.look.first else ""
        above = [head for head in self.expected.headed if head < row]
        heads = self.look.heads or (max(above, default=row),)  # of blocks one below another, the nearest
        head = self._head(column, heads) if row > max(heads) else ""
        return Difference(kind, self.sheet.title, place, county, head, actual, wanted)

    def _head(self, column: int, heads: tuple[int, ...]) -> str:
        """The column's header; of a merged upper header, the text to the left of it."""
        texts = [_shown(self.expected, row, column) for row in heads]
        if len(texts) == 2 and texts[1] and not texts[0]:
            left = (_shown(self.expected, heads[0], place) for place in range(column, -1, -1))
            texts[0] = next((text for text in left if text), "")
        return "/".join(dict.fromkeys(text for text in texts if text))


def _shown(sheet: MemorySheet, row: int, column: int) -> str:
    cell = sheet.cells.get((row, column), "")
    value = cell.value if isinstance(cell, Formula) else cell
    return str(value).strip()


def _aligned(expected: MemorySheet, sheet: OpenSheet, look: HowRead) -> tuple[dict[int, int], list[Difference]]:
    """Where each expected row stands, and what became of rows that do not stand where they should."""
    last = max((row for row, _ in expected.cells), default=0)
    rows = {row: row for row in range(last + 1)}
    if not look.keys:
        return rows, []
    end = max((row for row, _ in sheet.values), default=0)
    loose = {
        column for _, column in expected.open
    }  # a figure in these, such as the edge of a band, is people's to edit

    def own(row: int, column: int) -> str:
        return "" if (row, column) in expected.open else _shown(expected, row, column)

    def other(row: int, column: int) -> str:
        figure = column in loose and isinstance(sheet.values.get((row, column)), int | float)
        return "" if figure else sheet.text(row, column).strip()

    blocks = {tuple(own(row, column) for column in look.keys) for row in expected.headed if row >= look.first}
    wanted, below = _keyed(range(look.first, last + 1), own, look, blocks)
    have, shifted = _keyed(range(look.first, end + 1), other, look, blocks)
    if look.stop and shifted > end:  # the row below the table was written anew
        have, shifted = {key: row for key, row in have.items() if row < below}, below
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
    for row in range(look.first, last + 1) if lines or shifted != below else ():
        key = keys.get(row)
        shift = shifted - below if row >= below else have[key] - row if key in have else shift
        rows[row] = row + shift
        if key in gone:
            del rows[row]
    moved = next((row for row, at in rows.items() if row != at), None)
    if moved is not None and not lines:  # a row that nothing tells from another
        lines = [Difference("row_added" if rows[moved] > moved else "row_gone", sheet.title, str(moved + 1))]
    return rows, lines


def _out_of_order(wanted: Mapping[tuple, int], have: Mapping[tuple, int]) -> list[tuple]:
    """The fewest rows that must have moved."""
    both = [key for key in wanted if key in have]
    there = sorted((key for key in have if key in wanted), key=have.__getitem__)
    blocks = SequenceMatcher(None, both, there, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in both[block.a : block.a + block.size]}
    return [key for key in both if key not in kept]


def _keyed(
    rows: range, text: Callable[[int, int], str], look: HowRead, blocks: Set[tuple]
) -> tuple[dict[tuple, int], int]:
    """Rows by what tells them apart (of rows alike, the first, the second … of a block), and the row below the table.

    `blocks`: what rows of headings say, with which a block begins.
    """
    keyed: dict[tuple, int] = {}
    counts: dict[tuple, int] = {}
    block = 0
    for row in rows:
        texts = tuple(text(row, column) for column in look.keys)
        if look.stop and texts[0].startswith(look.stop):
            return keyed, row
        if any(texts):
            if texts in blocks:
                block, counts = block + 1, {}
            counts[texts] = counts.get(texts, 0) + 1
            keyed[*texts, block, counts[texts]] = row
    return keyed, rows.stop


def _label(key: tuple) -> str:
    return " ".join(text for text in key[:-2] if text)
