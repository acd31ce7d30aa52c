"""Which rows a row adds up: the arithmetic of a table's figures, with a tolerance for rounding and for blanks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from random import Random

import numpy as np

from allocation.classes import dataclass

RowNumbers = Sequence[int] | np.ndarray
_NEAR, _CLOSE = 0.02, 0.001  # of the sum: never a rounding above the first, always one below the second
_TRACKS = 0.2  # who follows the sum of others this closely in every figure is not one of them by chance
_LEAST = 3  # fewer summed rows are no evidence by themselves
_TELLING = 6  # bits of one figure that equals a sum
_TELLING_NEAR = 16  # bits of figures that are nearly sums, all of them
_PATTERNS = 16  # sets of filled columns that are looked at, the most frequent first


@dataclass(frozen=True)
class Fit:
    """How a row's figures stand to the sum of others, in how many figures: equal, nearly, more by what a blank may
    hide, more, less. `tracks`: every figure is within a fifth of the sum."""

    telling: int
    exact: int = 0
    near: int = 0
    blank: int = 0
    more: int = 0
    less: int = 0
    tracks: bool = False

    @property
    def holds(self) -> bool:
        """The row may well be the sum: every difference is a rounding or a blank."""
        return self.exact + self.near > 0 and self.exact + self.near + self.blank == self.telling

    @property
    def equal(self) -> bool:
        return 0 < self.telling == self.exact

    @property
    def doubtful(self) -> bool:
        """It is no sum, and yet too like one to be a row beside the others."""
        return not self.holds and (2 * (self.exact + self.near) >= self.telling or self.tracks or self.could_contain)

    @property
    def could_contain(self) -> bool:
        return self.telling > 0 and not self.less


class Sums:
    """`figures`: rows × the figures that add up, NaN where there is none; `statements`: rows that are none."""

    def __init__(self, figures: np.ndarray, statements: np.ndarray | None = None):
        self.statements = np.zeros(len(figures), dtype=bool) if statements is None else statements
        self.filled = ~np.isnan(figures)
        self.figures: np.ndarray = np.where(self.filled, figures, 0.0)
        drawn = Random(20171)  # numpy's own would take longer to load than a table to read
        self.weights: np.ndarray = np.array([drawn.uniform(0.5, 1.0) for _ in range(figures.shape[1])])

    @cached_property
    def grain(self) -> np.ndarray:
        """The last decimal place each figure is written with: 1, 0.1, 0.01 …"""
        grain = np.full(self.figures.shape[1], 1.0)
        for column, values in enumerate(self.figures[~self.statements].T):
            while grain[column] > 1e-6 and np.any(
                np.abs(np.rint(values / grain[column]) * grain[column] - values) > 1e-7
            ):
                grain[column] /= 10
        return grain

    def fit(self, row: int, held: RowNumbers) -> Fit:
        """How `row` stands to the sum of the rows `held`."""
        held = np.asarray(held, dtype=int)
        stated, filled = self.figures[row], self.filled[row]
        total = self.figures[held].sum(axis=0)
        gap = stated - total
        telling = filled & ((np.abs(stated) > 0) | (np.abs(total) > 0))
        size = np.abs(total)
        exact = np.abs(gap) <= 1e-6 * (len(held) + 1) + 1e-12 * size
        loose = np.maximum(0.5 * self.grain * (len(held) + 1), _CLOSE * size)
        near = ~exact & (np.abs(gap) <= np.minimum(_NEAR * size, loose))
        blank = ~exact & ~near & (gap > 0) & ~self.filled[held].all(axis=0)
        rest = telling & ~exact & ~near & ~blank
        within = np.abs(gap) <= _TRACKS * size
        kinds = exact, near, blank, rest & (gap > 0), rest & (gap < 0)
        equal, nearly, hidden, more, less = (int(np.sum(telling & kind)) for kind in kinds)
        tracks = bool(telling.any() and np.all(within[telling]))
        return Fit(int(np.sum(telling)), equal, nearly, hidden, more, less, tracks)

    def nonzero(self, rows: RowNumbers) -> int:
        """How many of the rows hold a figure that is not 0."""
        return int(np.any(self.figures[np.asarray(rows, dtype=int)] != 0, axis=1).sum())

    def evidence(self, row: int, held: RowNumbers) -> Fit | None:
        """The fit where arithmetic alone is evidence: two figures or more, most of them equal, three rows or more."""
        if len(held) < _LEAST or self.nonzero(held) < _LEAST:
            return None
        fit = self.fit(row, held)
        # Of a row with blanks one figure must do: then only one that is no equality by chance.
        enough = fit.telling >= 2 or fit.equal and not self.filled[row].all() and self.bits(row) > _TELLING
        telling = 2 * fit.exact >= fit.telling or fit.blank == 0 and self._near_bits(row, len(held)) > _TELLING_NEAR
        return fit if fit.holds and enough and telling else None

    def _near_bits(self, row: int, count: int) -> float:
        """How telling it is that all the row's figures are sums but for a rounding of each."""
        steps = np.abs(self.figures[row]) / (self.grain * (count + 1))
        return float(np.log2(np.maximum(1.0, steps)).sum())

    def bits(self, row: int) -> float:
        """How telling the row's figures are: that 6480 is a sum is no chance, that 2 is one may be."""
        steps = np.abs(self.figures[row]) / self.grain
        return float(np.log2(np.maximum(1.0, steps)).sum())

    def windows(self, rows: np.ndarray) -> list[tuple[int, np.ndarray]]:
        """(row, the adjoining rows, or all the others, whose sum it may be), of `rows` in their order."""
        if len(rows) <= _LEAST or self.figures.shape[1] < 2:
            return []
        tries = {
            (row, first, last) for places in self._column_sets(rows) for row, first, last in self._near(rows, *places)
        }
        sums = []
        for place, first, last in sorted(tries):
            held = rows[first:last] if not first <= place < last else np.delete(rows[first:last], place - first)
            if self.evidence(int(rows[place]), held):
                sums.append((int(rows[place]), held))
        return sums

    def _column_sets(self, rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Places among `rows`, with the columns to look in: those that these rows fill, and those that all fill."""
        filled = self.filled[rows]
        bits = np.packbits(filled, axis=1)
        keys = bits.view(f"S{bits.shape[1]}").reshape(-1)  # one value a row, which sorts many times as fast
        _, firsts, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
        whole = filled.all(axis=0)
        for common in np.argsort(-counts, kind="stable")[:_PATTERNS]:
            places, pattern = np.flatnonzero(inverse == common), filled[firsts[common]]
            if pattern.any():
                yield places, pattern
        if whole.any():
            yield np.arange(len(rows)), whole

    def _near(self, rows: np.ndarray, places: np.ndarray, columns: np.ndarray) -> Iterator[tuple[int, int, int]]:
        """Runs of rows whose sum is within two hundredths of a row's figures, found on one weighted figure."""
        columns = columns & (self.figures[rows].min(axis=0) >= 0)
        if not columns.any():
            return
        figure: np.ndarray = self.figures[rows][:, columns] @ self.weights[columns]
        ends: np.ndarray = np.concatenate([[0.0], np.cumsum(figure)])
        places = places[figure[places] > 0]
        stated = figure[places]
        slack = _NEAR * stated + 1e-9 * ends[-1]
        for goal, start in ((ends[places + 1] + stated, places + 1), (ends[places] - stated, places)):
            at = np.searchsorted(ends, goal)
            for end in (at - 1, at, np.searchsorted(ends, goal, side="right") - 1):
                end = np.clip(end, 0, len(rows))
                first, last = np.minimum(start, end), np.maximum(start, end)
                fits = (np.abs(ends[end] - goal) <= slack) & (last - first >= _LEAST)
                yield from zip(places[fits].tolist(), first[fits].tolist(), last[fits].tolist(), strict=True)
        half = np.abs(2 * stated - ends[-1]) <= _NEAR * stated
        yield from ((int(place), 0, len(rows)) for place in places[half] if len(rows) > _LEAST)
