"""The filled cells of a sheet as arrays, of which a row, a cell or a column is made only when somebody asks for it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import overload

import numpy as np

from allocation.classes import dataclass
from allocation.files.limits import CELLS
from allocation.patterns import LatePattern
from allocation.tables.cells import BLANK, SheetRows, SourceCell, SourceColumn
from allocation.tables.days import ELAPSED, day_number, day_text
from allocation.tables.scan import DAY, NUMBER, TEXT, TRUTH, UNCACHED, CellArea, Odd, Scan


@dataclass(frozen=True)
class BookFormats:
    """What the sheets of a workbook share: of every style the format of its numbers, and what kind of day that shows.

    `days[style]` is "" for no day. The last style stands for all that the book does not define.
    """

    formats: tuple[str, ...] = ("General",)
    days: tuple[str, ...] = ("",)
    since_1904: bool = False


class StoredRows(SheetRows):
    """The rows of a SourceSheet. Cells are kept by row, then column; `_starts[r]` is where row r begins."""

    def __init__(self, scan: Scan, book: BookFormats, remarks: Mapping[tuple[int, int], str]):
        """Raises Odd when a cell stands twice in the file, or merged areas cover more than the limit."""
        self._book, self._texts, self._remarks = book, scan.texts, remarks
        styles = np.where(scan.styles < len(book.formats), scan.styles, len(book.formats) - 1)
        whole = _StoredCells(scan.rows, scan.columns, scan.kinds, styles, scan.numbers, np.zeros(len(scan.rows), bool))
        whole = whole.in_order()
        keys = whole.keys
        if len(keys) > 1 and (keys[1:] == keys[:-1]).any():
            raise Odd("tables.damaged")
        whole = _with_arrays(whole, scan.arrays)
        whole = _with_merged(whole, scan.merges)
        self._remarked = [merged for merged in scan.merges if (merged.top, merged.left) in remarks]
        self._cells = whole
        self.height = int(whole.rows[-1]) + 1 if len(whole.rows) else 0
        self.width = int(whole.columns.max()) + 1 if len(whole.rows) else 0
        self._places: dict[int, tuple[list[int], list[int]]] = {}
        self._starts = np.searchsorted(whole.rows, np.arange(self.height + 1))

    def __len__(self) -> int:
        return self.height

    @overload
    def __getitem__(self, row: int) -> tuple[SourceCell, ...]: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[tuple[SourceCell, ...], ...]: ...
    def __getitem__(self, row: int | slice) -> tuple[SourceCell, ...] | tuple[tuple[SourceCell, ...], ...]:
        if isinstance(row, slice):
            return tuple(self[number] for number in range(*row.indices(self.height)))
        row = row + self.height if row < 0 else row
        if not 0 <= row < self.height:
            raise IndexError(row)
        first, end = self._starts[row], self._starts[row + 1]
        if first == end:
            return ()
        columns = self._cells.columns[first:end].tolist()
        line = [BLANK] * (columns[-1] + 1)
        for place, column in enumerate(columns, start=int(first)):
            line[column] = self._cell(place)
        return tuple(line)

    def cell(self, row: int, column: int) -> SourceCell:
        if not 0 <= row < self.height:
            return BLANK
        rows, places = self._places_of(column)
        at = bisect_left(rows, row)
        return self._cell(places[at]) if at < len(rows) and rows[at] == row else BLANK

    def _places_of(self, column: int) -> tuple[list[int], list[int]]:
        """The rows of a column's cells, and where these are kept: found once for every column that is asked for.

        As many as the column has cells: a lone one at the sheet's far end makes the column no longer.
        """
        kept = self._places.get(column)
        if kept is None:
            there = np.flatnonzero(self._cells.columns == column)
            kept = self._places[column] = self._cells.rows[there].tolist(), there.tolist()
        return kept

    def rows_of(self, column: int) -> Sequence[int]:
        return self._places_of(column)[0]

    def texts(self, pattern: LatePattern[str]) -> Iterable[tuple[int, int, str]]:
        """Row, column and text of each cell in whose text the pattern is found; a shared text is looked at once."""
        cells = self._cells
        there = np.flatnonzero(cells.kinds == TEXT)
        used = whole_numbers(cells.numbers[there])
        matching = [text for text in used if pattern.search(self._texts[text])]
        for place in there[_among(cells.numbers[there], np.array(matching))].tolist():
            yield int(cells.rows[place]), int(cells.columns[place]), self._texts[int(cells.numbers[place])]

    def first_filled(self, row: int) -> tuple[int, SourceCell] | None:
        for place in range(int(self._starts[row]), int(self._starts[row + 1])):
            cell = self._cell(place)
            if not cell.empty:
                return int(self._cells.columns[place]), cell
        return None

    def _cell(self, place: int) -> SourceCell:
        cells = self._cells
        kind, merged = int(cells.kinds[place]), bool(cells.merged[place])
        if kind == UNCACHED:
            return SourceCell(uncached=True, merged=merged)
        number, form = cells.numbers[place], ""
        if kind == NUMBER:
            value, form = self._number(float(number), int(cells.styles[place]))
        elif kind == TRUTH:
            value = bool(number)
        else:
            value = self._texts[int(number)]
            value = day_text(value) if kind == DAY else value
        return SourceCell(value, form, merged, remark=self._remark(place) if self._remarks else "")

    def _remark(self, place: int) -> str:
        """The comment of a cell, or of the first cell of the merged area it lies in."""
        row, column = int(self._cells.rows[place]), int(self._cells.columns[place])
        for area in self._remarked if self._cells.merged[place] else ():
            if area.top <= row <= area.bottom and area.left <= column <= area.right:
                return self._remarks[area.top, area.left]
        return self._remarks.get((row, column), "")

    def _number(self, number: float, style: int) -> tuple[object, str]:
        form, day = self._book.formats[style], self._book.days[style]
        if day:
            value = day_number(number, self._book.since_1904, elapsed=day == ELAPSED)
            return value, form if isinstance(value, (int, float)) else ""
        return int(number) if number.is_integer() and abs(number) < 1e15 else number, form

    def column(self, column: int) -> SourceColumn:
        """The cells of a column, as long as the sheet is high."""
        cells, there = self._cells, np.flatnonzero(self._cells.columns == column)
        rows = cells.rows[there]
        read = SourceColumn.blank(self.height, self._texts, self._book.formats)
        kinds = cells.kinds[there]
        days = np.array([bool(day) for day in self._book.days])[cells.styles[there]]
        simple = np.where((kinds == NUMBER) & ~days | (kinds == TEXT), kinds, SourceColumn.OTHER)
        read.kinds[rows] = simple
        read.numbers[rows], read.styles[rows] = cells.numbers[there], cells.styles[there]
        read.merged[rows] = cells.merged[there]
        if self._remarks:
            read.remarks = {row: text for row in rows.tolist() if (text := self.cell(row, column).remark)}
        return read

    def says(self, words: LatePattern[str]) -> bool:
        """Whether a text or a comment anywhere says it."""
        cells = self._cells
        used = whole_numbers(cells.numbers[cells.kinds == TEXT])
        remarks = (text for place, text in self._remarks.items() if not self.cell(*place).empty)
        return any(words.search(self._texts[place]) for place in used) or any(words.search(text) for text in remarks)


@dataclass(frozen=True)
class _StoredCells:
    rows: np.ndarray
    columns: np.ndarray
    kinds: np.ndarray
    styles: np.ndarray
    numbers: np.ndarray
    merged: np.ndarray

    @property
    def keys(self) -> np.ndarray:
        return _keys(self.rows, self.columns)

    def __getitem__(self, places: np.ndarray) -> _StoredCells:
        return _StoredCells(*(array[places] for array in self._arrays()))

    def _arrays(self) -> tuple[np.ndarray, ...]:
        return self.rows, self.columns, self.kinds, self.styles, self.numbers, self.merged

    def and_more(self, others: Iterable[_StoredCells]) -> _StoredCells:
        """With the others where nothing stands yet; of two in one place the first holds. In order."""
        all_of = [self, *others]
        if len(all_of) == 1:
            return self
        joined = _StoredCells(
            *(np.concatenate(those) for those in zip(*(cells._arrays() for cells in all_of), strict=True))
        )
        _, first = np.unique(joined.keys, return_index=True)
        return joined[first]

    def in_order(self) -> _StoredCells:
        keys = self.keys
        if len(keys) > 1 and not (keys[1:] > keys[:-1]).all():
            return self[np.argsort(keys, kind="stable")]
        return self

    @property
    def extent(self) -> tuple[int, int]:
        """Height and width."""
        return (int(self.rows.max()) + 1, int(self.columns.max()) + 1) if len(self.rows) else (0, 0)


def whole_numbers(numbers: np.ndarray) -> list[int]:
    """Those that stand in an array, none below 0, ascending; numpy's `unique` takes long to load masked arrays."""
    return np.flatnonzero(np.bincount(numbers.astype(np.int64))).tolist()


def _among(numbers: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Which of them stand among the others; numpy's `isin` asks `unique`."""
    if not len(others):
        return np.zeros(len(numbers), dtype=bool)
    ordered = np.sort(others)
    among: np.ndarray = ordered[np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)] == numbers
    return among


def _keys(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    keys: np.ndarray = (rows.astype(np.int64) << 14) + columns
    return keys


def _within(areas: Iterable[CellArea], extent: tuple[int, int]) -> list[tuple[CellArea, np.ndarray, np.ndarray]]:
    """Each area as far as the sheet is filled, with the rows and columns of its cells. Raises Odd."""
    height, width = extent
    inside, left = [], CELLS
    for merged in areas:
        area = CellArea(merged.top, min(merged.bottom, height - 1), merged.left, min(merged.right, width - 1))
        high, wide = area.bottom - area.top + 1, area.right - area.left + 1
        if high <= 0 or wide <= 0:
            continue
        left -= high * wide
        if left < 0:
            raise Odd("tables.too_many_cells", most=CELLS)
        rows, columns = np.divmod(np.arange(high * wide), wide)
        inside.append((area, rows + area.top, columns + area.left))
    return inside


def _with_arrays(cells: _StoredCells, areas: Iterable[CellArea]) -> _StoredCells:
    """With a formula without a result wherever an array formula or a data table has stored none."""
    bare = []
    for _, rows, columns in _within(areas, cells.extent):
        count = len(rows)
        kinds = np.full(count, UNCACHED, np.int8)
        bare.append(
            _StoredCells(rows, columns, kinds, np.zeros(count, np.int32), np.zeros(count), np.zeros(count, bool))
        )
    return cells.and_more(bare)


def _with_merged(cells: _StoredCells, areas: Iterable[CellArea]) -> _StoredCells:
    """With the first cell of each merged area in all of it, as far as the sheet is filled: no other is seen."""
    keys, copies, covered = cells.keys, [], []
    for area, rows, columns in _within(areas, cells.extent):
        covered.append(_keys(rows[1:], columns[1:]))
        first = int(np.searchsorted(keys, (area.top << 14) + area.left))
        if first < len(keys) and keys[first] == (area.top << 14) + area.left and len(rows) > 1:
            copy = cells[np.full(len(rows) - 1, first)]
            merged = np.ones(len(rows) - 1, bool)
            copies.append(_StoredCells(rows[1:], columns[1:], copy.kinds, copy.styles, copy.numbers, merged))
    if not covered:
        return cells
    return cells[~_among(keys, np.concatenate(covered))].and_more(copies)


class TextRows(SheetRows):
    """The rows of a text table: every cell a text, read when asked for. `clean` gives what a cell says; `words`, the
    file's text without its digits, shows at one look what no cell says."""

    def __init__(self, lines: Sequence[Sequence[str]], clean: Callable[[str], str], words: str):
        self._lines, self._clean, self._words = lines, clean, words

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, row: int) -> tuple[SourceCell, ...]: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[tuple[SourceCell, ...], ...]: ...
    def __getitem__(self, row: int | slice) -> tuple[SourceCell, ...] | tuple[tuple[SourceCell, ...], ...]:
        if isinstance(row, slice):
            return tuple(self[number] for number in range(*row.indices(len(self._lines))))
        return tuple(self._cell(text) for text in self._lines[row])

    def length(self, row: int) -> int:
        return len(self._lines[row])

    def _cell(self, text: str) -> SourceCell:
        said = self._clean(text)
        return SourceCell(said) if said else BLANK

    def cell(self, row: int, column: int) -> SourceCell:
        if not 0 <= row < len(self._lines) or column >= len(self._lines[row]):
            return BLANK
        return self._cell(self._lines[row][column])

    def column(self, column: int) -> SourceColumn:
        written = self._columns[column] if column < len(self._columns) else [""] * len(self._lines)
        texts = list(map(self._clean, written))
        read = SourceColumn.blank(len(texts), texts, ("General",))
        read.kinds[np.fromiter(map(bool, texts), bool, len(texts))] = TEXT
        read.numbers[:] = np.arange(len(texts))
        return read

    @cached_property
    def _columns(self) -> list[tuple[str, ...]]:
        return list(zip_longest(*self._lines, fillvalue=""))

    def texts(self, pattern: LatePattern[str]) -> Iterable[tuple[int, int, str]]:
        if not pattern.search(self._words):
            return
        for row, line in enumerate(self._lines):
            if pattern.search("\n".join(line)):  # a pattern for a whole cell has to be one for a line
                cells = ((column, self._clean(text)) for column, text in enumerate(line))
                yield from ((row, column, text) for column, text in cells if pattern.search(text))

    def first_filled(self, row: int) -> tuple[int, SourceCell] | None:
        cells = ((column, self._cell(text)) for column, text in enumerate(self._lines[row]) if text)
        return next(((column, cell) for column, cell in cells if not cell.empty), None)

    def says(self, words: LatePattern[str]) -> bool:
        return words.search(self._words) is not None and any(words.search(" ".join(line)) for line in self._lines)
