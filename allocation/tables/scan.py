"""One sheet's XML as arrays: of every filled cell its place, its style, kind and value, and whether it is a formula.

Most programs write cells in one plain shape, which a pattern over the bytes reads at once. Where a single byte of the
rows does not fit that shape (prefixes, comments, cells without an address), the whole sheet goes through a parser
event by event: the same arrays, some five times as slowly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import field
from math import isfinite, nan
from typing import NamedTuple

import numpy as np

from allocation.classes import dataclass
from allocation.files.limits import CELLS, COLUMNS, ROWS
from allocation.patterns import LatePattern
from allocation.tables.sheet_text import plain_text, rich_text

NUMBER, TEXT, TRUTH, DAY, UNCACHED = range(1, 6)  # what a cell holds; DAY is a date written as text, 2017-08-30

_CHUNK = 1 << 19
_CELL = LatePattern(
    rb'<c(?: r="([A-Z]{1,3})([0-9]{1,8})")((?: [a-z]+="[^"<>&]*")*) ?(?:/>|>'  # address, the other attributes
    rb"(?:(<f(?: [^<>]*)?>)(?:[^<]*</f>)?)?"  # a formula
    rb'(?:<v(?: xml:space="preserve")?>([^<]*)</v>|(<v ?/>))?'  # its value, or one that is empty
    rb"(?:<is>((?:[^<]|<(?!/is>))*)</is>)?</c>)"  # a text of its own
)
_BETWEEN = LatePattern(rb"(?:\s+|</row>|<row(?: [^<>]*)?>)*")
_ROW = LatePattern(rb"<row((?: [^<>]*?)?) ?/?>")
_ATTRIBUTE = LatePattern(rb'([\w:]+)="([^"]*)"')
_AREA = LatePattern(r"([A-Z]{1,3})([0-9]{1,8})(?::([A-Z]{1,3})([0-9]{1,8}))?")
_NUMERIC = b"0123456789.+-eE"
_TYPES = {"n": NUMBER, "s": TEXT, "str": TEXT, "inlineStr": TEXT, "b": TRUTH, "e": TEXT, "d": DAY}


class Odd(Exception):
    """The sheet cannot be read: the id of the message, and its slots; the row and column it speaks of, from 0."""

    def __init__(self, id: str, address: tuple[int, int] | None = None, **slots: object):
        super().__init__(id)
        self.id, self.address, self.slots = id, address, slots


class CellArea(NamedTuple):
    """Rows and columns from 0, the last ones included."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass
class Scan:
    """Filled cells in the order of the file: `numbers` holds a number or truth itself, of a text its place in `texts`.

    `texts` begins with the book's shared ones. `arrays`: what array formulas and data tables fill.
    """

    texts: list[str]
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    columns: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    kinds: np.ndarray = field(default_factory=lambda: np.empty(0, np.int8))
    styles: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    numbers: np.ndarray = field(default_factory=lambda: np.empty(0))
    formulas: np.ndarray = field(default_factory=lambda: np.empty(0, bool))
    merges: list[CellArea] = field(default_factory=list)
    arrays: list[CellArea] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


class _Types(dict[bytes, int]):
    """The attributes of a cell but its address, as they are written → number of (style, type) in `pairs`."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[int, str]] = []

    def __missing__(self, written: bytes) -> int:
        given = _given(written)
        self.pairs.append((whole(given.get("s", "0")), given.get("t", "n")))
        self[written] = len(self.pairs) - 1
        return self[written]


def _given(attributes: bytes) -> dict[str, str]:
    return {key.decode(): value.decode("utf-8", "replace") for key, value in _ATTRIBUTE.findall(attributes)}


class _Letters(dict[bytes, int]):
    def __missing__(self, letters: bytes) -> int:
        self[letters] = column_number(letters.decode()) - 1
        return self[letters]


def whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def column_number(letters: str) -> int:
    """A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def area(text: str) -> CellArea | None:
    """`B2:D8`, or a single cell."""
    match = _AREA.fullmatch(text.replace("$", ""))
    if match is None:
        return None
    left, top = column_number(match[1]) - 1, int(match[2]) - 1
    right, bottom = (column_number(match[3]) - 1, int(match[4]) - 1) if match[3] else (left, top)
    return CellArea(min(top, bottom), max(top, bottom), min(left, right), max(left, right))


def scan_plain(data: bytes, shared: Sequence[str]) -> Scan | None:
    """`data` is a sheet's part as UTF-8; None where it is not in the plain shape. Raises Odd."""
    start = data.find(b"<sheetData>")
    end = data.rfind(b"</sheetData>")
    scan = Scan(list(shared))
    plain = 0 <= start < end and b"<!" not in data and b"<worksheet" in data[:start]
    return scan if plain and _scan_rows(data, start + len(b"<sheetData>"), end, scan, len(shared)) else None


def _scan_rows(data: bytes, start: int, end: int, scan: Scan, shared: int) -> bool:
    """Fills `found`; False where something is not in the plain shape."""
    types, letters, blocks = _Types(), _Letters(), Blocks(scan, shared)
    while start < end:
        stop = data.find(b"</row>", min(start + _CHUNK, end), end) if start + _CHUNK < end else -1
        stop = end if stop < 0 else stop
        parts = _CELL.split(data[start:stop])
        start = stop
        for gap in parts[::8]:
            if gap and not (_BETWEEN.fullmatch(gap) and _hidden_rows(gap, scan.hidden_rows)):
                return False
        rows = np.array(list(map(int, parts[2::8])), np.int64) - 1
        columns = np.array([letters[text] for text in parts[1::8]], np.int64)
        codes = np.array([types[text] for text in parts[3::8]], np.int32)
        texts = parts[4::8], parts[5::8], parts[6::8], parts[7::8]
        blocks.add(CellStretch(rows, columns, codes, types.pairs, *texts))
    blocks.close()
    return _around(data, scan)


def _hidden_rows(gap: bytes, hidden: set[int]) -> bool:
    """Adds the hidden ones among the rows that begin here; False where one does not say its number."""
    if b"hidden" not in gap and b'ht="0"' not in gap:
        return True
    for written in _ROW.findall(gap):
        given = _given(written)
        if hides(given, "ht"):
            if "r" not in given:
                return False
            hidden.add(whole(given["r"]) - 1)
    return True


def hides(given: dict[str, str], size: str) -> bool:
    """Whether a `<row>` or `<col>` hides what is in it, by word or by having no `size`."""
    return given.get("hidden") in ("1", "true") or given.get(size) == "0"


def _around(data: bytes, scan: Scan) -> bool:
    """The columns and merged areas, before and after the rows."""
    top, bottom = data[: data.find(b"<sheetData>")], data[data.rfind(b"</sheetData>") :]
    for written in re.findall(rb"<col ([^<>]*?)/?>", top):
        add_columns(_given(written), scan)
    merges = re.findall(rb"<mergeCell [^<>]*?ref=\"([^\"]*)\"", bottom)
    scan.merges += [merged for text in merges if (merged := area(text.decode("ascii", "replace")))]
    return len(merges) == bottom.count(b"<mergeCell ")


def add_columns(given: dict[str, str], scan: Scan) -> None:
    """A `<col>`: whether its columns are hidden."""
    if hides(given, "width"):
        first, last = whole(given.get("min", "")), int(given.get("max", "0")) if given.get("max", "").isdigit() else 0
        if 1 <= first <= COLUMNS:
            scan.hidden_columns.append((first - 1, min(last, COLUMNS) - 1))


class CellStretch(NamedTuple):
    """Cells as they are written: their addresses and codes (places in `pairs`, a style and a type each), and of every
    cell the tag of its formula, its value, an empty value's tag, its own text, None where it has none."""

    rows: np.ndarray
    columns: np.ndarray
    codes: np.ndarray
    pairs: Sequence[tuple[int, str]]
    formulas: Sequence[bytes | None]
    values: Sequence[bytes | None]
    empties: Sequence[bytes | None]
    inlines: Sequence[bytes | None]


class Blocks:
    """Collects cells a stretch at a time, and joins them into the arrays of a Scan."""

    def __init__(self, scan: Scan, shared: int):
        self.found, self.shared = scan, shared
        self.count = 0
        self.pieces: list[tuple[np.ndarray, ...]] = []

    def add(self, stretch: CellStretch) -> None:
        rows, columns, codes, pairs, formulas, values, empties, inlines = stretch
        if not len(rows):
            return
        check_address(int(rows.max()), int(columns.max()))
        check_address(int(rows.min()), 0)
        styles = np.array([style for style, _ in pairs], np.int32)[codes]
        kinds = np.array([_TYPES.get(type, 0) for _, type in pairs], np.int8)[codes]
        formula = _there(formulas)
        filled = _there(values)
        if b"" in values:
            filled &= np.array([text != b"" for text in values], bool)
        kept = filled & np.array([type in ("n", "s", "b") for _, type in pairs], bool)[codes]
        numbers = np.full(len(rows), nan)
        parsed = _numbers(
            [value for value, fits in zip(values, kept.tolist(), strict=True) if fits and value is not None]
        )
        if parsed is None:
            kept[:] = False
        else:
            numbers[kept] = parsed
        if not kept.all():
            for place in np.flatnonzero((formula | filled | _there(inlines)) & ~kept).tolist():
                texts = values[place], empties[place], inlines[place]
                kind, numbers[place] = self.single(pairs[codes[place]][1], *texts, formulas[place] is not None)
                kinds[place], kept[place] = kind, kind != 0
        self._check(kinds, numbers, kept, values)
        for place in np.flatnonzero(formula).tolist():
            tag = formulas[place] or b""
            if b" ref=" in tag and (b'"array"' in tag or b'"dataTable"' in tag):
                self.found.arrays += areas_of(tag)
        self.keep(kept, rows, columns, kinds, styles, numbers, formula)

    def _check(self, kinds: np.ndarray, numbers: np.ndarray, kept: np.ndarray, values: Sequence[bytes | None]) -> None:
        """No shared text beyond the last, and no number that no double holds: that one stays a text."""
        texts = numbers[kept & (kinds == TEXT)]
        known = (texts >= 0) & (texts < len(self.found.texts)) & (texts == np.floor(texts))
        if not known.all():
            raise Odd("tables.damaged")
        for place in np.flatnonzero(kept & (kinds != UNCACHED) & ~np.isfinite(numbers)).tolist():
            kinds[place], numbers[place] = TEXT, self.text((values[place] or b"").decode("utf-8", "replace"))

    def single(
        self, type: str, value: bytes | None, empty: bytes | None, inline: bytes | None, formula: bool
    ) -> tuple[int, float]:
        """One cell that is not simply a number, a shared text or a truth with its value: its kind (0: blank)."""
        if inline is not None and type in ("inlineStr", "str", "n"):
            return TEXT, self.text(rich_text(inline))
        if type in ("str", "inlineStr", "e"):
            if value is None and empty is None:
                return (UNCACHED, nan) if formula else (0, nan)
            # An empty result of type `str` is what ="" gives: a blank.
            return (TEXT, self.text(plain_text(value))) if value else (0, nan)
        if value is None or not value.strip():
            return (UNCACHED, nan) if formula else (0, nan)
        text = value.decode("utf-8", "replace").strip()
        if type == "s":
            place = whole(text)
            if not text.isdigit() or place >= self.shared:
                raise Odd("tables.damaged")
            return TEXT, place
        if type == "d":
            return DAY, self.text(text)
        if type == "b" and text in ("true", "false"):
            return TRUTH, text == "true"
        if not value.strip().translate(None, _NUMERIC):
            try:
                number = float(text)
            except ValueError:
                number = nan
            if isfinite(number):
                return (TRUTH if type == "b" else NUMBER), number
        return TEXT, self.text(plain_text(value))

    def text(self, text: str) -> int:
        self.found.texts.append(text)
        return len(self.found.texts) - 1

    def keep(self, kept: np.ndarray, *pieces: np.ndarray) -> None:
        """Of rows, columns, kinds, styles, numbers and formulas those of the cells that are `kept`."""
        self.count += int(kept.sum())
        if self.count > CELLS:
            raise Odd("tables.too_many_cells", most=CELLS)
        self.pieces.append(tuple(piece[kept] for piece in pieces) if not kept.all() else pieces)

    def close(self) -> None:
        if not self.pieces:
            return
        rows, columns, kinds, styles, numbers, formula = (
            np.concatenate(those) for those in zip(*self.pieces, strict=True)
        )
        scan = self.found
        scan.rows, scan.columns = rows.astype(np.int32), columns.astype(np.int32)
        scan.kinds, scan.styles, scan.numbers, scan.formulas = kinds, styles, numbers, formula


def _there(pieces: Sequence[bytes | None]) -> np.ndarray:
    """Which of them are there; nearly always all or none."""
    absent = pieces.count(None)
    if absent in (0, len(pieces)):
        return np.full(len(pieces), absent == 0)
    return np.array([piece is not None for piece in pieces], bool)


def _numbers(texts: list[bytes]) -> np.ndarray | None:
    """All of them as numbers; None where one is none: float() takes more for a number than a workbook does."""
    if b"".join(texts).translate(None, _NUMERIC):
        return None
    try:
        return np.fromiter(map(float, texts), float, len(texts))
    except ValueError:  # 1e, or 1-2
        return None


def areas_of(tag: bytes) -> Iterable[CellArea]:
    texts = [value.decode("ascii", "replace") for key, value in _ATTRIBUTE.findall(tag) if key == b"ref"]
    return [merged for text in texts if (merged := area(text))]


def check_address(row: int, column: int) -> None:
    """Rows and columns from 0. Raises Odd for an address no sheet has."""
    if row >= ROWS or column >= COLUMNS or row < 0 or column < 0:
        raise Odd("tables.beyond_sheet", (row, column), rows=ROWS, columns=COLUMNS)
