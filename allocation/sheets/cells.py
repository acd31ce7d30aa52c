"""The cells of a sheet, held until they are written as SpreadsheetML: rows in their order, each row's cells in theirs.

Texts stand once in the book and are told by their number; a formula has the value it had beside it. Figures are
written with sixteen digits, as Excel writes them; what XML cannot hold is written as Excel writes it (`_x0007_`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from math import isfinite

from xlsxwriter.utility import xl_col_to_name

from allocation.patterns import LatePattern
from allocation.sheets.looks import Look
from allocation.sheets.sheet import Value

ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_ESCAPE = LatePattern("(_x[0-9a-fA-F]{4}_)")
_NO_XML = LatePattern("[\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff]")

column_name = cache(xl_col_to_name)
Cell = tuple[Look | None, Value, str | None]  # its look, what it holds (a blank None), the formula that gave it
Styles = Mapping[Look | None, str]  # what a cell with this look says of it: ` s="5"`


class Texts(dict[str, int]):
    """The texts of a book by their number, and how often one of them is used."""

    def __init__(self) -> None:
        super().__init__()
        self.uses = 0

    def number(self, text: str) -> int:
        self.uses += 1
        return self.setdefault(text, len(self))

    def xml(self) -> Iterator[str]:
        yield (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            f' count="{self.uses}" uniqueCount="{len(self)}">'
        )
        for text in self:
            kept = ' xml:space="preserve"' if text != text.strip() else ""
            told = _plain(_ESCAPE.sub(r"_x005F\1", text))
            yield f"<si><t{kept}>{told}</t></si>"
        yield "</sst>"


class SheetCells:
    """Cells by row and column, counted from zero; the last one written into a place stands."""

    def __init__(self) -> None:
        self.rows: defaultdict[int, dict[int, Cell]] = defaultdict(dict)

    def __getitem__(self, place: tuple[int, int]) -> Cell | None:
        row, column = place
        return self.rows[row].get(column) if row in self.rows else None

    def looks(self) -> Iterable[Look | None]:
        """Each look once, in the order in which they were first used by row."""
        return dict.fromkeys(look for cells in self.rows.values() for look, _, _ in cells.values())

    def extent(self) -> str:
        """The range from the first row and column to the last."""
        if not self.rows:
            return "A1"
        first = min(min(cells) for cells in self.rows.values())
        last = max(max(cells) for cells in self.rows.values())
        top, bottom = f"{column_name(first)}{min(self.rows) + 1}", f"{column_name(last)}{max(self.rows) + 1}"
        return top if top == bottom else f"{top}:{bottom}"

    def xml(self, heights: Mapping[int, str], styles: Styles, texts: Texts) -> Iterator[str]:
        """A row at a time; `heights`: what rows say of themselves, those without cells among them."""
        for row in sorted(self.rows.keys() | heights.keys()):
            number, cells = str(row + 1), self.rows.get(row, {})
            written = [_cell(f"{column_name(at)}{number}", cells[at], styles, texts) for at in sorted(cells)]
            yield f'<row r="{number}"{heights.get(row, "")}>{"".join(written)}</row>'


def _cell(place: str, cell: Cell, styles: Styles, texts: Texts) -> str:
    look, value, formula = cell
    head = f'<c r="{place}"{styles[look]}'
    if formula is not None:
        kind, told = _outcome(value)
        return f"{head}{kind}><f>{_plain(formula)}</f><v>{told}</v></c>"
    if value is None:
        return f"{head}/>"
    if isinstance(value, str):
        return f'{head} t="s"><v>{texts.number(value)}</v></c>'
    if isinstance(value, bool):
        return f'{head} t="b"><v>{value:d}</v></c>'
    return f"{head}><v>{_finite(value):.16G}</v></c>"


def _outcome(value: Value) -> tuple[str, str]:
    """What a formula gave, by its kind; of None, nothing."""
    if isinstance(value, str):
        return (' t="e"', value) if value in ERRORS else (' t="str"', _plain(value))
    if isinstance(value, bool):
        return ' t="b"', f"{value:d}"
    return ("", "") if value is None else ("", str(_finite(value)))


def _finite(value: float | Fraction) -> float:
    if value.__class__ is Fraction:
        return float(value)
    if not isfinite(value):
        raise ValueError(value)  # no cell holds it: whoever works a figure out refuses it with words
    return value  # type: ignore[return-value]  # a fraction's subclass there is none


def _plain(text: str) -> str:
    """A text between two tags."""
    if not text.isprintable():
        text = _NO_XML.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
