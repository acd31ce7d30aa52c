"""The cells of a sheet's XML with their formulas and stored results, by where these stand in its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from xml.parsers import expat

from allocation.classes import dataclass
from allocation.opening.formula_reading import ReadFormula, WrittenFormula, written_formula
from allocation.patterns import LatePattern
from allocation.tables.scan import CellArea, area
from allocation.texts import exact_text

Place = tuple[int, int]  # row and column from zero
DIGITS = 15
_TYPE = LatePattern(rb"""\s+t\s*=\s*(?:"[^"]*"|'[^']*')""")
_NUMBER = LatePattern(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_ANY = LatePattern(rb"<(?:[^\s<>/!?]+:)?f[\s/>]")


@dataclass
class _CellBytes:
    """A cell by where it begins, where its first tag ends, and where its results stand in the bytes."""

    start: int
    head: int
    results: list[tuple[int, int]]


class FormulaCells:
    """Of a sheet with formulas: `formulas` by their place, None where nobody can say what one rests on; `arrays`,
    areas that one formula fills; `numbers` that stand in cells, `texts` and truths, `unknown`: errors, no result."""

    def __init__(self, data: bytes):
        """Raises ExpatError where it is no XML."""
        self.data = data
        self.formulas: dict[Place, ReadFormula | None] = {}
        self.arrays: list[CellArea] = []
        self.numbers: dict[Place, Fraction] = {}
        self.texts: set[Place] = set()
        self.unknown: set[Place] = set()
        self._bytes: dict[Place, list[_CellBytes]] = {}
        self._shared: dict[str, tuple[Place, WrittenFormula | None]] = {}
        self._within: list[tuple[str, int]] = []  # elements that are open, and where they began
        self._row, self._place, self._kind, self._prefix = -1, (-1, -1), "n", ""
        self._formula: dict[str, str] | None = None
        self._said, self._value = list[str](), list[str]()
        if not _ANY.search(data):
            return
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)

    def _start(self, name: str, given: dict[str, str]) -> None:
        plain, at = name.rpartition(":")[2], self._parser.CurrentByteIndex
        if plain == "row":
            written = given.get("r", "")
            self._row, self._place = int(written) - 1 if written.isdigit() else self._row + 1, (-1, -1)
        elif plain == "c":
            span = area(given.get("r", ""))
            self._place = (span.top, span.left) if span else (self._row, self._place[1] + 1)
            self._kind, self._prefix = given.get("t", "n"), name[:-1]
            self._formula, self._said, self._value = None, [], []
            head = self.data.index(b">", at) + 1
            self._bytes.setdefault(self._place, []).append(_CellBytes(at, head, []))
        elif plain == "f" and self._in_cell():
            self._formula = given
        self._within.append((plain, at))

    def _in_cell(self) -> bool:
        return bool(self._within) and self._within[-1][0] == "c"

    def _text(self, text: str) -> None:
        kind = self._within[-1][0]
        if kind in ("f", "v") and len(self._within) > 1 and self._within[-2][0] == "c":
            (self._said if kind == "f" else self._value).append(text)

    def _end(self, name: str) -> None:
        (plain, start), at = self._within.pop(), self._parser.CurrentByteIndex
        if plain in ("v", "is") and self._in_cell():
            empty = self.data[at - 2 : at] == b"/>" and self.data.index(b">", start) + 1 == at
            end = at if empty else self.data.index(b">", at) + 1
            self._bytes[self._place][-1].results.append((start, end))
        elif plain == "c":
            self._closed()

    def _closed(self) -> None:
        place, value = self._place, "".join(self._value).strip()
        if self._kind == "n" and _NUMBER.fullmatch(value):
            self.numbers[place] = Fraction(value)
        elif self._kind == "e":
            self.unknown.add(place)
        elif self._kind != "n" or value:
            self.texts.add(place)
        if self._formula is not None:
            self.formulas[place] = self._read(self._formula, "".join(self._said))
            if self._kind == "n" and not value:
                self.unknown.add(place)
        if len(self._bytes[place]) > 1:  # nobody can say which of them counts
            self.formulas[place] = None

    def _read(self, given: Mapping[str, str], said: str) -> ReadFormula | None:
        kind, place = given.get("t", "normal"), self._place
        if kind not in ("normal", "shared"):
            span = area(given.get("ref", ""))
            self.arrays += [span] if span else []
            return None
        if given.get("ca", "0") not in ("0", "false"):  # it changes by itself
            return None
        written = written_formula(said)
        if kind == "normal":
            return written.read() if written else None
        number = given.get("si", "")
        if said:
            self._shared[number] = place, written
        first, written = self._shared.get(number, (place, None))
        return written.read(place[0] - first[0], place[1] - first[1]) if written else None

    def within(self, span: CellArea) -> list[Place]:
        """The cells of an area that are written in the sheet."""
        if (span.bottom - span.top + 1) * (span.right - span.left + 1) > len(self._bytes):
            return [
                (row, column)
                for row, column in self._bytes
                if span.top <= row <= span.bottom and span.left <= column <= span.right
            ]
        rows, columns = range(span.top, span.bottom + 1), range(span.left, span.right + 1)
        return [(row, column) for row in rows for column in columns if (row, column) in self._bytes]

    def with_results(self, results: Mapping[Place, Fraction | None]) -> bytes:
        """The sheet with other results: None takes one away."""
        pieces: list[tuple[int, int, bytes]] = []  # what stands from here to there, and what is to
        for place, value in results.items():
            for cell in self._bytes.get(place, ()):
                if value is None:
                    pieces += [(start, end, b"") for start, end in cell.results]
                elif cell.results:
                    head = _TYPE.sub(b"", self.data[cell.start : cell.head], count=1)
                    pieces.append((cell.start, cell.head, head))
                    (start, end), *more = cell.results
                    prefix = self._prefix
                    pieces.append((start, end, f"<{prefix}v>{_written(value)}</{prefix}v>".encode()))
                    pieces += [(start, end, b"") for start, end in more]
        out, at = [], 0
        for start, end, text in sorted(pieces):
            out += [self.data[at:start], text]
            at = end
        return b"".join([*out, self.data[at:]])


def _written(value: Fraction) -> str:
    text = exact_text(value) or ""
    return text if "/" not in text and len(text) <= DIGITS else f"{float(value):.{DIGITS}g}"
