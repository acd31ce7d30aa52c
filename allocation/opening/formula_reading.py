"""What a formula of a workbook rests on, as far as a small grammar reads it.

Read are references to cells, rows and columns of a sheet, functions whose result rests on nothing but what they are
given, figures, texts and signs. Of anything else (names, sheets beside one another, tables, other files, functions
that make references or change by themselves) nobody can say here what it rests on, and nothing is said.
"""

from __future__ import annotations

import re

from allocation.classes import dataclass
from allocation.files.limits import COLUMNS, ROWS
from allocation.patterns import LatePattern
from allocation.tables.scan import CellArea, column_number

LONGEST = 8_192  # signs of a formula
_NAMES = """
ABS AND AVERAGE AVERAGEA AVERAGEIFS CEILING CHAR CHOOSE CLEAN CODE COLUMN COLUMNS CONCAT CONCATENATE COUNT
COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DAY EVEN EXACT EXP FALSE FIND FIXED FLOOR HLOOKUP IF IFERROR IFNA IFS
INDEX INT ISBLANK ISERR ISERROR ISEVEN ISNA ISNONTEXT ISNUMBER ISODD ISTEXT LARGE LEFT LEN LN LOG LOG10 LOWER
MATCH MAX MAXA MAXIFS MEDIAN MID MIN MINA MINIFS MOD MONTH N NA NOT ODD OR PERCENTILE POWER PRODUCT PROPER
QUOTIENT RANK RANK.EQ REPLACE REPT RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH SIGN SMALL SQRT STDEV
SUBSTITUTE SUM SUMIFS SUMPRODUCT SUMSQ SWITCH T TEXT TEXTJOIN TRIM TRUE TRUNC UPPER VALUE VAR VLOOKUP XOR YEAR
"""
_WIDENING = {"SUMIF", "AVERAGEIF", "LOOKUP"}  # one area counts in the size of another
_KNOWN = {*_NAMES.split(), *_WIDENING}
_ARITHMETIC = {"+", "-", "*", "/", "(", ")", ",", "SUM("}
_TOKEN = LatePattern(
    r"""\s+
    |(?P<reference>(?:(?:'(?P<quoted>(?:[^']|'')*)'|(?P<bare>[^\W\d][\w.]*))!)?
        (?:(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})(?::(?P<cell_to>\$?[A-Z]{1,3}\$?\d{1,7}))?
        |(?P<column>\$?[A-Z]{1,3}):(?P<column_to>\$?[A-Z]{1,3})|(?P<row>\$?\d{1,7}):(?P<row_to>\$?\d{1,7}))
        (?![\w.(!:\[\#'$]))
    |(?:_xlfn\.)?(?P<function>[A-Z][A-Z0-9.]*)\(
    |(?P<truth>(?:TRUE|FALSE)(?![\w.(!:\[]))
    |(?P<text>"(?:[^"]|"")*")
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?(?![\w.!:$]))
    |(?P<sign>[-+*/(),^&=<>%])""",
    re.VERBOSE | re.IGNORECASE,
)
_CORNER = LatePattern(r"(\$?)([A-Z]*)(\$?)(\d*)")


@dataclass(frozen=True)
class _Corner:
    """A cell that a reference names; what is fixed with $ stays where the formula is copied."""

    row: int
    column: int
    row_fixed: bool
    column_fixed: bool

    def further(self, down: int, right: int) -> tuple[int, int]:
        return self.row + (0 if self.row_fixed else down), self.column + (0 if self.column_fixed else right)


@dataclass(frozen=True)
class _Reference:
    title: str  # of the sheet, in small letters; empty for the formula's own
    first: _Corner
    last: _Corner


@dataclass(frozen=True)
class NamedArea:
    """Cells of a sheet that a formula names: its title in small letters, empty for the formula's own."""

    title: str
    cells: CellArea


@dataclass(frozen=True)
class ReadFormula:
    """`rests_on`: all that it can rest on. `tokens`: of plain arithmetic and sums what it reckons, else None."""

    rests_on: tuple[NamedArea, ...]
    tokens: tuple[str | NamedArea, ...] | None


@dataclass(frozen=True)
class WrittenFormula:
    """A formula as it is written in one cell, to be read in another as well."""

    pieces: tuple[str | _Reference, ...]
    plain: bool
    widening: bool

    def read(self, down: int = 0, right: int = 0) -> ReadFormula | None:
        """So many cells further; None where it leaves the sheet."""
        tokens = [_placed(piece, down, right) if isinstance(piece, _Reference) else piece for piece in self.pieces]
        areas = [token for token in tokens if isinstance(token, NamedArea)]
        if None in tokens:
            return None
        if self.widening:
            areas = _widened(areas)
        plain = tuple(token for token in tokens if token is not None)
        return ReadFormula(tuple(areas), plain if self.plain else None)


def written_formula(text: str) -> WrittenFormula | None:
    """None where the grammar does not read all of it."""
    if len(text) > LONGEST:
        return None
    pieces: list[str | _Reference] = []
    at, plain, widening = 0, True, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        at = match.end()
        kind, token = match.lastgroup, match[0].upper()
        if name := (match["function"] or "").upper():
            widening = widening or name in _WIDENING
            if name not in _KNOWN:
                return None
        if match["reference"]:
            reference = _reference(match)
            plain = plain and not match["row"] and not match["column"]
            pieces.append(reference)
        elif kind:
            plain = plain and (kind == "number" or token in _ARITHMETIC)
            pieces.append(token)
    return WrittenFormula(tuple(pieces), plain, widening) if pieces else None


def _reference(match: re.Match[str]) -> _Reference:
    title = (match["quoted"] or "").replace("''", "'") or match["bare"] or ""
    first, last = next(
        (match[kind], match[f"{kind}_to"] or match[kind]) for kind in ("cell", "column", "row") if match[kind]
    )
    return _Reference(title.casefold(), _corner(first.upper(), 0, 0), _corner(last.upper(), ROWS - 1, COLUMNS - 1))


def _corner(text: str, row: int, column: int) -> _Corner:
    """Of a whole column the first or the last row, of a whole row the first or the last column."""
    if text.strip("$").isdigit():
        return _Corner(int(text.strip("$")) - 1, column, text.startswith("$"), True)
    match = _CORNER.fullmatch(text)
    column_fixed, letters, row_fixed, digits = match.groups() if match else ("", "", "", "")
    at = int(digits) - 1 if digits else row
    return _Corner(at, column_number(letters) - 1, bool(row_fixed) or not digits, bool(column_fixed))


def _placed(reference: _Reference, down: int, right: int) -> NamedArea | None:
    rows, columns = zip(reference.first.further(down, right), reference.last.further(down, right), strict=True)
    if min(rows) < 0 or max(rows) >= ROWS or min(columns) < 0 or max(columns) >= COLUMNS:
        return None
    return NamedArea(reference.title, CellArea(min(rows), max(rows), min(columns), max(columns)))


def _widened(areas: list[NamedArea]) -> list[NamedArea]:
    """Each of them as high and as wide as the highest and the widest."""
    down = max((each.cells.bottom - each.cells.top for each in areas), default=0)
    right = max((each.cells.right - each.cells.left for each in areas), default=0)
    return [
        NamedArea(title, CellArea(span.top, min(max(span.bottom, span.top + down), ROWS - 1),
                                  span.left, min(max(span.right, span.left + right), COLUMNS - 1)))
        for title, span in ((each.title, each.cells) for each in areas)
    ]  # fmt: skip
