"""What a mended cell moves: results stored beside formulas are worked out anew, or taken away where they cannot be.

A stored result that no longer fits its formula would be read as a figure. Sums and plain arithmetic within a sheet,
which totals are made of, are worked out exactly; of any other formula that rests on a mended cell the result is taken
away, and whoever reads it says that it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from allocation.classes import dataclass
from allocation.files.limits import ROWS
from allocation.tables.cells import letters
from allocation.tables.scan import CellArea, area, column_number
from allocation.tables.sheet_text import plain_text
from allocation.texts import exact_text

Place = tuple[int, int]
DIGITS = 15
DEEPEST = 60  # formulas that rest on one another
_CELL = re.compile(
    rb"<((?:\w+:)?)c\b([^>]*?)(?:/>|>((?:(?!</(?:\w+:)?c>).)*)</(?:\w+:)?c>)", re.DOTALL
)  # prefix, attributes, what is inside
_AT = re.compile(rb'\br="([A-Z]{1,3}[0-9]{1,7})"')
_TYPE = re.compile(rb'\bt="([^"]*)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b([^>]*?)(?:/>|>([^<]*)</(?:\w+:)?f>)")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?v>)")
_GIVEN = re.compile(rb'\b(\w+)="([^"]*)"')
_TOKEN = re.compile(
    r"\s*(?:(?P<ref>\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?)(?![\w.(!])|(?P<number>\d+\.?\d*|\.\d+)(?![\w.])"
    r"|(?P<sum>SUM\()|(?P<sign>[-+*/(),]))"
)
_QUOTED = re.compile(r'"[^"]*"')
_ELSEWHERE = re.compile(r"(?:'[^']*'|[\w.\[\]]+)!\$?[A-Z]{1,3}\$?\d*(?::\$?[A-Z]{1,3}\$?\d*)?")  # cells of other sheets
_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})(?!\w)")
_AREAS = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?(?![\w(])")
_NAMED = re.compile(r"INDIRECT|OFFSET|(?<![\w$.])(?!TRUE\b|FALSE\b|\$?[A-Z]{1,3}\$?\d{1,7}\b)[^\W\d][\w.]*(?![\w.(])")
_REF = re.compile(r"(?<![\w!.'$])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![\w(!])")


class _Unknown(Exception):
    """A formula of another kind."""


@dataclass(frozen=True)
class _Formula:
    """`rests_on`: the areas that it names; None where that cannot be told."""

    tokens: tuple[str, ...] | None
    rests_on: tuple[CellArea, ...] | None


def recalculated(data: bytes, mended: Iterable[Place]) -> bytes:
    """The XML of a sheet in which cells were mended, with the results that rest on them."""
    if b"<f" not in data and b":f" not in data:
        return data
    formulas, numbers, texts = _read(data)
    results: dict[Place, Fraction | None] = {place: None for place, each in formulas.items() if each.rests_on is None}
    waiting = {place: each for place, each in formulas.items() if place not in results}
    moved = {*mended, *results}
    for step in range(DEEPEST + 1):
        ready = {place for place, formula in waiting.items() if _touches(formula, moved)}
        if not ready:
            break
        first = [place for place in ready if not _touches(waiting[place], ready)] if step < DEEPEST else []
        for place in first or ready:  # those that wait for each other cannot be worked out
            formula = waiting.pop(place)
            lost = {each for each, value in results.items() if value is None}
            value = results[place] = _result(formula, numbers, texts, lost) if first else None
            numbers.pop(place, None)
            texts.discard(place)
            if value is not None:
                numbers[place] = value
        moved |= {*results}
    return _with_results(data, results)


def names_sheet(data: bytes, titles: Iterable[str]) -> bytes:
    """The XML of another sheet, without the results of formulas that name a sheet of these titles."""
    marks = [mark for title in titles for mark in (f"{title}!", title.replace("'", "''") + "'!")]

    def cell(match: re.Match[bytes]) -> bytes:
        formula = _FORMULA.search(match[0])
        said = plain_text(formula[2] or b"") if formula else ""
        return _VALUE.sub(b"", match[0]) if any(mark in said for mark in marks) else match[0]

    return _CELL.sub(cell, data) if b"!" in data else data


def _touches(formula: _Formula, places: set[Place]) -> bool:
    for span in formula.rests_on or ():
        size = (span.bottom - span.top + 1) * (span.right - span.left + 1)
        if size <= len(places):
            inside = ((row, at) for row in range(span.top, span.bottom + 1) for at in range(span.left, span.right + 1))
            if any(place in places for place in inside):
                return True
        elif any(span.top <= row <= span.bottom and span.left <= at <= span.right for row, at in places):
            return True
    return False


def _read(data: bytes) -> tuple[dict[Place, _Formula], dict[Place, Fraction], set[Place]]:
    """Formulas, the numbers that stand in cells, and the cells that hold something else."""
    formulas: dict[Place, _Formula] = {}
    numbers: dict[Place, Fraction] = {}
    texts: set[Place] = set()
    shared: dict[bytes, tuple[Place, str]] = {}
    for match in _CELL.finditer(data):
        at = _AT.search(match[2])
        span = area(at[1].decode()) if at else None
        if span is None or match[3] is None:
            continue
        place = span.top, span.left
        kind = _TYPE.search(match[2])
        value = _VALUE.search(match[3])
        if (kind is None or kind[1] == b"n") and value and value[1]:
            try:
                numbers[place] = Fraction(value[1].decode())
            except ValueError:
                texts.add(place)
        elif kind is not None or value:
            texts.add(place)
        if formula := _FORMULA.search(match[3]):
            formulas[place] = _formula(formula, place, shared)
    return formulas, numbers, texts


def _formula(match: re.Match[bytes], place: Place, shared: dict[bytes, tuple[Place, str]]) -> _Formula:
    given: dict[bytes, bytes] = dict(_GIVEN.findall(match[1]))
    said = plain_text(match[2] or b"")
    if given.get(b"t") == b"shared":
        number = given.get(b"si", b"")
        if said:
            shared[number] = place, said
        first, said = shared.get(number, (place, ""))
        said = _moved(said, place[0] - first[0], place[1] - first[1])
    return _parsed(said if given.get(b"t") in (None, b"shared", b"normal") else "")


def _moved(formula: str, down: int, right: int) -> str:
    """A formula as it stands so many cells further: what is fixed with $ stays."""

    def reference(match: re.Match[str]) -> str:
        span = area(match[2] + match[4])
        if span is None:
            return match[0]
        column = match[2] if match[1] else letters(max(0, span.left + right))
        row = match[4] if match[3] else str(span.top + 1 + down)
        return f"{match[1]}{column}{match[3]}{row}"

    return _REF.sub(reference, formula)


def _parsed(formula: str) -> _Formula:
    """Its tokens where it is sums and plain arithmetic; else the areas of its own sheet that it names."""
    tokens: list[str] = []
    at, text = 0, formula.strip()
    while at < len(text) and (match := _TOKEN.match(text, at)):
        tokens.append(match[match.lastgroup or 0])
        at = match.end()
    if text and at == len(text):
        return _Formula(tuple(tokens), tuple(span for token in tokens if (span := area(token))))
    here = _ELSEWHERE.sub("", _QUOTED.sub("", text))
    columns = [CellArea(0, ROWS, column_number(left) - 1, column_number(right) - 1)
               for left, right in _COLUMNS.findall(here)]  # fmt: skip
    areas = [span for written in _AREAS.findall(here) if (span := area(written))]
    return _Formula(None, (*columns, *areas) if text and not _NAMED.search(_COLUMNS.sub("", here)) else None)


def _result(
    formula: _Formula, numbers: Mapping[Place, Fraction], texts: set[Place], lost: set[Place]
) -> Fraction | None:
    if formula.tokens is None or lost and _touches(formula, lost):
        return None
    reading = _Reading([*formula.tokens], numbers, texts)
    try:
        value = reading.sum()
    except (_Unknown, ZeroDivisionError, IndexError):
        return None
    return value if not reading.tokens else None


class _Reading:
    """Plain arithmetic over cells, from left to right."""

    def __init__(self, tokens: list[str], numbers: Mapping[Place, Fraction], texts: set[Place]):
        self.tokens, self.numbers, self.texts = tokens, numbers, texts

    def sum(self) -> Fraction:
        value = self.product()
        while self.tokens and self.tokens[0] in "+-":
            value = value + self.product() if self.tokens.pop(0) == "+" else value - self.product()
        return value

    def product(self) -> Fraction:
        value = self.part()
        while self.tokens and self.tokens[0] in "*/":
            value = value * self.part() if self.tokens.pop(0) == "*" else value / self.part()
        return value

    def part(self) -> Fraction:
        token = self.tokens.pop(0)
        if token in "+-":
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
        span = area(token)
        if span is None or span.top != span.bottom or span.left != span.right or (span.top, span.left) in self.texts:
            raise _Unknown
        return self.numbers.get((span.top, span.left), Fraction(0))

    def added(self) -> Fraction:
        """An argument of SUM: of an area the numbers alone count."""
        span = area(self.tokens[0])
        if span is None:
            return self.sum()
        self.tokens.pop(0)
        if self.tokens[0] not in (",", ")"):
            raise _Unknown
        return sum((self.numbers[place] for place in _places(span, self.numbers)), Fraction(0))

    def closed(self, value: Fraction) -> Fraction:
        if self.tokens.pop(0) != ")":
            raise _Unknown
        return value


def _places(span: CellArea, held: Mapping[Place, Fraction]) -> Iterator[Place]:
    for row in range(span.top, span.bottom + 1):
        for column in range(span.left, span.right + 1):
            if (row, column) in held:
                yield row, column


def _with_results(data: bytes, results: Mapping[Place, Fraction | None]) -> bytes:
    names = {f"{letters(column)}{row + 1}".encode(): value for (row, column), value in results.items()}

    def cell(match: re.Match[bytes]) -> bytes:
        at = _AT.search(match[2])
        if at is None or at[1] not in names:
            return match[0]
        value = names[at[1]]
        bare = _VALUE.sub(b"", match[0])
        if value is None:
            return bare
        prefix, end = match[1].decode(), bare.rindex(b"</")
        written = f"<{prefix}v>{_written(value)}</{prefix}v>".encode()
        head = match[0].index(b">")
        return _TYPE.sub(b"", bare[:head], count=1) + bare[head:end] + written + bare[end:]

    return _CELL.sub(cell, data)


def _written(value: Fraction) -> str:
    text = exact_text(value) or ""
    return text if "/" not in text and len(text) <= DIGITS else f"{float(value):.{DIGITS}g}"
