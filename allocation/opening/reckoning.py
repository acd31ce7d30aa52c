"""The results of sums and plain arithmetic within a sheet, worked out exactly; None where they cannot be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from allocation.opening.formula_cells import FormulaCells, Place
from allocation.opening.formula_reading import NamedArea
from allocation.tables.scan import CellArea

EFFORT = 1_000_000  # cells that are looked at in a sheet; what needs more has its result taken away
MOST, BITS = Fraction(10) ** 300, 4_096  # of a result

Tokens = tuple[str | NamedArea, ...]


class _Unknown(Exception):
    """What cannot be worked out here."""


class Reckoning:
    """Results of the formulas of a sheet that moved; those of `lost` are gone already."""

    def __init__(self, sheet: FormulaCells, lost: Collection[Place]):
        self.sheet = sheet
        self.results: dict[Place, Fraction | None] = dict.fromkeys(lost)
        self._effort = EFFORT

    def all(self, moved: Mapping[Place, Tokens]) -> dict[Place, Fraction | None]:
        """Each after those that it rests on; those that rest on one another have none."""
        opened: set[Place] = set()
        for start in moved:
            waiting = [start]
            while waiting:
                place = waiting[-1]
                if place in self.results:
                    waiting.pop()
                    continue
                before = self._before(moved[place], moved)
                if before and place not in opened:
                    opened.add(place)
                    waiting += before
                    continue
                self.results[place] = None if before or before is None else self._result(moved[place])
                waiting.pop()
        return self.results

    def _before(self, tokens: Tokens, moved: Mapping[Place, Tokens]) -> list[Place] | None:
        """The cells that are to be worked out first; None where one of them has no result."""
        before = []
        for token in tokens:
            if isinstance(token, str):
                continue
            size = (token.cells.bottom - token.cells.top + 1) * (token.cells.right - token.cells.left + 1)
            self._effort -= 2 * size
            if self._effort < 0:
                return None
            for place in _places(token.cells):
                if place in self.results:
                    if self.results[place] is None:
                        return None
                elif place in moved:
                    before.append(place)
                elif place in self.sheet.unknown:
                    return None
        return before

    def _result(self, tokens: Tokens) -> Fraction | None:
        reading = _Reading([*tokens], self)
        try:
            value = reading.sum()
        except (_Unknown, ZeroDivisionError, IndexError, RecursionError):
            return None
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        return value if not reading.tokens and abs(value) < MOST and bits < BITS else None

    def number(self, place: Place) -> Fraction | None:
        """What counts in a sum."""
        return self.results[place] if place in self.results else self.sheet.numbers.get(place)


class _Reading:
    """Plain arithmetic over cells, from left to right."""

    def __init__(self, tokens: list[str | NamedArea], held: Reckoning):
        self.tokens, self.held = tokens, held

    def sum(self) -> Fraction:
        value = self.product()
        while self.tokens and self.tokens[0] in ("+", "-"):
            value = value + self.product() if self.tokens.pop(0) == "+" else value - self.product()
        return value

    def product(self) -> Fraction:
        value = self.part()
        while self.tokens and self.tokens[0] in ("*", "/"):
            value = value * self.part() if self.tokens.pop(0) == "*" else value / self.part()
        return value

    def part(self) -> Fraction:
        token = self.tokens.pop(0)
        if isinstance(token, NamedArea):
            return self.cell(token.cells)
        if token in ("+", "-"):
            return self.part() if token == "+" else -self.part()
        if token == "(":
            return self.closed(self.sum())
        if token == "SUM(":
            value = self.added()
            while self.tokens[0] == ",":
                self.tokens.pop(0)
                value += self.added()
            return self.closed(value)
        if token[0] in "0123456789.":
            return Fraction(token)
        raise _Unknown

    def cell(self, span: CellArea) -> Fraction:
        place = span.top, span.left
        alone = span.top == span.bottom and span.left == span.right
        if not alone or place in self.held.sheet.texts and place not in self.held.results:
            raise _Unknown
        return self.held.number(place) or Fraction(0)

    def added(self) -> Fraction:
        """An argument of SUM: of an area the numbers alone count."""
        token = self.tokens[0]
        if isinstance(token, str):
            return self.sum()
        self.tokens.pop(0)
        if self.tokens[0] not in (",", ")"):
            raise _Unknown
        numbers = map(self.held.number, _places(token.cells))
        return sum((number for number in numbers if number is not None), Fraction(0))

    def closed(self, value: Fraction) -> Fraction:
        if self.tokens.pop(0) != ")":
            raise _Unknown
        return value


def _places(span: CellArea) -> Iterator[Place]:
    for row in range(span.top, span.bottom + 1):
        for column in range(span.left, span.right + 1):
            yield row, column
