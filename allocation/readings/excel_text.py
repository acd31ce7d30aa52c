"""Pieces of formula text: literals, snapping, references, an input that may be blank; and how it is spelt in a file."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.files.excel_limits import LITERAL
from allocation.language import tree
from allocation.patterns import LatePattern
from allocation.texts import Both

if TYPE_CHECKING:
    from allocation.readings.excel_walk import FormulaWalk

DIGITS = 15  # of a whole number that a cell holds
_WRITTEN = LatePattern(
    r"""(?P<text>"(?:[^"]|"")*")|'(?P<sheet>(?:[^']|'')+)'!"""
    r"""|(?<![\w.$])(?P<whole>\d+(?:\.0+|E\d{1,2}))(?![\w.])"""
)
_BARE = LatePattern(r"[^\W\d_A-Za-z]\w*|[A-Za-z]{4,}")  # names of sheets that stand without quotes, no cell's address


def file_spelling(text: str) -> str:
    """A formula as LibreOffice spells it: sheets in quotes and numbers with a point or an exponent only where needed.

    Where it meets in a file what it expects from the row above, it does not read the formula again, which takes most
    of its time. Excel takes both spellings, and writes this one.
    """
    return _WRITTEN.sub(_file_piece, text)


def _file_piece(piece: re.Match[str]) -> str:
    sheet, whole = piece["sheet"], piece["whole"]
    if sheet and _BARE.fullmatch(sheet):
        return f"{sheet}!"
    if whole and (value := float(whole)) < 10**DIGITS:
        return f"{value:.0f}"
    return piece[0]


def number(value: Fraction) -> str:
    """A literal: a decimal where it ends within 15 digits, else a quotient."""
    for places in range(16):
        scaled = value * 10**places
        if scaled.denominator == 1 and abs(scaled.numerator) < 10**15:
            text = f"{abs(scaled.numerator):0{places + 1}d}"
            text = f"{text[:-places]}.{text[-places:]}" if places else text
            return f"(-{text})" if value < 0 else text
    return f"({value.numerator}/{value.denominator})"


def snapped(text: str, of: str = "") -> str:
    """DESIGN 7.5: at most nine decimals, fewer for large figures (`of`); the same rule as `arrays.snap`."""
    return f"ROUND({text},MIN(9,14-LEN(INT(ABS({of or text})))))"


def gap(left: str, right: str) -> str:
    """left − right, each a sum of many figures: only the digits that adding up in any order leaves alone."""
    return f"ROUND({left}-{right},MIN(6,13-LEN(INT(MAX(ABS({left}),ABS({right}))))))"


def scaled(text: str, factor: Fraction) -> str:
    text = f"{text}*{factor.numerator}" if factor.numerator != 1 else text
    return f"{text}/{factor.denominator}" if factor.denominator != 1 else text


def quoted(text: str) -> str:
    """A text in a formula; a long one in pieces, each as long as Excel takes it."""
    pieces = [text[at : at + LITERAL // 2] for at in range(0, len(text), LITERAL // 2)] or [""]
    joined = "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
    return f"({joined})" if len(pieces) > 1 else joined


def given_or(walk: FormulaWalk, name: str) -> str:
    """An input's cell; a blank that a table may have is #N/A when used, or its default."""
    entry, cell = walk.model.inputs[name], walk.places.input(name)
    if not walk.may_be_blank(entry):
        return cell
    other = "NA()"
    if entry.default is not None:
        other = quoted(entry.default) if isinstance(entry.default, str) else number(entry.default)
    return f'IF({cell}="",{other},{cell})' if entry.text else f"IF(ISNUMBER({cell}),{cell},{other})"


def pair(walk: FormulaWalk, node: tree.Node, what: Both) -> tuple[str, str]:
    """A column as the county's own cell and as its range."""
    span = walk.range(node, what)
    sheet, _, rest = span.partition("!")
    return f"{sheet}!{rest.split(':')[0].rsplit('$', 1)[0]}{{r}}", span


def whole(walk: FormulaWalk, node: tree.Node) -> bool:
    """Whether a figure is whole whatever the parameters' cells are made to hold."""
    match node:
        case tree.Number(value=value):
            return value.denominator == 1
        case tree.Name(id=name):
            column = walk.model.columns.get(name)
            return whole(walk, column.node) if column else getattr(walk.model.entry(name), "decimals", None) == 0
        case tree.Derived(body=part) | tree.Negative(of=part):
            return whole(walk, part)
        case tree.Binary(op="+" | "-" | "*", left=left, right=right) | tree.If(then=left, otherwise=right):
            return whole(walk, left) and whole(walk, right)
        case tree.Call(fn="min" | "max" | "abs"):
            return all(whole(walk, part) for part in node.rest("x"))
        case tree.Call(fn="count" | "rank"):
            return True
        case tree.Call(fn="total" | "lowest" | "highest"):
            return whole(walk, node.needed("x"))
        case tree.Call(fn="up" | "down" | "largest_remainder" | "row_remainder"):
            to = node.arg("to")
            return to is None or whole(walk, to)
        case tree.Call(fn="round"):
            return node.arg("digits") is None
    return False
