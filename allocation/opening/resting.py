"""Which formulas of a workbook rest on what moves, over all of its sheets, each found once."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from allocation.tables.scan import CellArea


class BookCell(NamedTuple):
    sheet: int
    row: int
    column: int


class BookArea(NamedTuple):
    sheet: int
    cells: CellArea


class _Spans:
    """Areas of the same columns, each with what rests on it, taken out once it moves."""

    def __init__(self, spans: Mapping[tuple[int, int], list[BookCell]]):
        self._spans = sorted(spans)
        self._resting = spans
        self._tops = [top for top, _ in self._spans]
        self._size = 1 << (len(self._spans) - 1).bit_length()
        bottoms = [bottom for _, bottom in self._spans]
        self._lowest = [-1] * self._size + bottoms + [-1] * (self._size - len(bottoms))  # a tree: the lowest below it
        for node in range(self._size - 1, 0, -1):
            self._lowest[node] = max(self._lowest[2 * node], self._lowest[2 * node + 1])

    def taken(self, top: int, bottom: int) -> Iterator[BookCell]:
        """All that rests on an area which has one of these rows."""
        end = bisect_right(self._tops, bottom)
        while self._lowest[1] >= top:
            node = 1
            while node < self._size:
                node = 2 * node if self._lowest[2 * node] >= top else 2 * node + 1
            if node - self._size >= end:
                return
            yield from self._resting[self._spans[node - self._size]]
            self._lowest[node] = -1
            while node > 1:
                node //= 2
                self._lowest[node] = max(self._lowest[2 * node], self._lowest[2 * node + 1])


class _Sheet:
    """Of one sheet what rests on its cells and areas."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], list[BookCell]] = {}
        self.spans: dict[tuple[int, int], dict[tuple[int, int], list[BookCell]]] = {}
        self._sought: dict[tuple[int, int], _Spans] = {}

    def add(self, span: CellArea, cell: BookCell) -> None:
        if span.top == span.bottom and span.left == span.right:
            self.cells.setdefault((span.top, span.left), []).append(cell)
        else:
            rows = self.spans.setdefault((span.left, span.right), {})
            rows.setdefault((span.top, span.bottom), []).append(cell)

    def taken(self, span: CellArea) -> Iterator[BookCell]:
        for place in self._within(span):
            yield from self.cells.pop(place, ())
        for columns, rows in self.spans.items():
            if columns[0] <= span.right and columns[1] >= span.left:
                if columns not in self._sought:
                    self._sought[columns] = _Spans(rows)
                yield from self._sought[columns].taken(span.top, span.bottom)

    def _within(self, span: CellArea) -> list[tuple[int, int]]:
        if (span.bottom - span.top + 1) * (span.right - span.left + 1) > len(self.cells):
            return [(row, at) for row, at in self.cells
                    if span.top <= row <= span.bottom and span.left <= at <= span.right]  # fmt: skip
        return [(row, at) for row in range(span.top, span.bottom + 1) for at in range(span.left, span.right + 1)]


def resting(
    rests: Mapping[BookCell, Sequence[BookArea]], lost: Iterable[BookArea], moved: Iterable[BookArea]
) -> tuple[set[BookCell], set[BookCell]]:
    """All formulas that rest on what was lost or moved, at whatever distance; those that rest on what was lost
    itself."""
    sheets: dict[int, _Sheet] = {}
    for cell, areas in rests.items():
        for area in areas:
            sheets.setdefault(area.sheet, _Sheet()).add(area.cells, cell)
    reached: set[BookCell] = set()
    for area in lost:
        reached.update(sheets[area.sheet].taken(area.cells) if area.sheet in sheets else ())
    without = {*reached}
    waiting = deque([*moved, *map(alone, reached)])
    while waiting:
        area = waiting.popleft()
        for cell in sheets[area.sheet].taken(area.cells) if area.sheet in sheets else ():
            if cell not in reached:
                reached.add(cell)
                waiting.append(alone(cell))
    return reached, without


def alone(cell: BookCell) -> BookArea:
    return BookArea(cell.sheet, CellArea(cell.row, cell.row, cell.column, cell.column))
