"""The workbook reading: the same tree as live Excel formulas.

A formula text has `{r}` where the county's row stands; without it the figure is one a run. Whatever a function over
counties ranges over is spilled into a helper column first, so that only plain ranges are used and no array entry is
needed. Only functions that Excel 2010, WPS and LibreOffice share.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

import numpy as np

from allocation.language import tree
from allocation.model import Input, Model
from allocation.readings.excel_values import BLANK, Values
from allocation.readings.numbers import Evaluator
from allocation.texts import Both

SIMPLE = re.compile(r"'[^']+'!\$[A-Z]+(\{r\}|\$\d+)$|p_[\w.]+$|\d+(\.\d+)?$")
COLUMN = re.compile(r"'(?P<sheet>[^']+)'!\$(?P<column>[A-Z]+)\{r\}$")


class Places(Protocol):
    """Where things stand in the workbook."""

    first: int
    last: int

    def parameter(self, name: str) -> str: ...
    def bands(self, name: str) -> list[tuple[str | None, str]]: ...
    def keyed(self, name: str) -> tuple[str, str]: ...
    def input(self, name: str) -> str: ...
    def column(self, name: str) -> str: ...
    def order(self) -> str: ...
    def helper(self, number: int, whole: bool) -> str: ...


@dataclass(frozen=True)
class Helper:
    """A column of sheet 辅助: `text` a row, or one cell when `whole`; `values` are the engine's figures beside it."""

    label: Both
    text: str
    whole: bool
    values: object
    work: int = 0


@dataclass
class Blocking:
    """One line of 核对!状态: a formula that counts what is wrong; it reads no award."""

    label: Both
    text: str
    figures: tuple[tuple[Both, str, object], ...] = ()


@dataclass
class Walk:
    """Formulas of one model on one table. `helpers` and `blocking` fill as formulas are asked for."""

    model: Model
    evaluator: Evaluator
    places: Places
    helpers: list[Helper] = field(default_factory=list)
    blocking: list[Blocking] = field(default_factory=list)
    owner: Both = field(default_factory=lambda: Both("", ""))
    _known: dict[tuple[str, bool], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = Values(self.evaluator)

    # ---- what formulas are built from

    def formula(self, node: tree.Node) -> str:
        """Excel text without the equals sign; truths are TRUE or FALSE."""
        return _VISITS[type(node)](self, node)

    def cell(self, node: tree.Node, label: Both) -> str:
        """A column's own cell: truths are stored as 1 or 0."""
        self.owner = label
        text = self.formula(node)
        return f"IF({text},1,0)" if self.truth(node) else text

    def truth(self, node: tree.Node) -> bool:
        match node:
            case tree.Compare() | tree.Member() | tree.Logic() | tree.Not():
                return True
            case tree.Name(id=name):
                return name in self.model.columns and self.model.columns[name].kind == "truth"
            case tree.If(then=then):
                return self.truth(then)
            case tree.Derived(body=body):
                return self.truth(body)
            case tree.Call(fn=fn):
                return fn == "given"
        return False

    def spill(self, text: str, what: Both, values: object, wide: bool = False, work: int = 0) -> str:
        """A helper for the text, once for each text; `wide` makes a column of a figure that is one a run."""
        whole = "{r}" not in text and not wide
        if (text, whole) not in self._known:
            label = Both(f"{self.owner.zh}·{what.zh}", f"{self.owner.en} · {what.en}")
            self._known[text, whole] = self.places.helper(len(self.helpers), whole)
            self.helpers.append(Helper(label, text, whole, _cells(values), work))
        return self._known[text, whole]

    def simple(self, node: tree.Node, what: Both = Both("中间值", "step")) -> str:
        """A text that may be repeated in a formula: a reference, or a helper."""
        text = self.formula(node)
        return text if SIMPLE.match(text) else self.spill(text, what, self.value(node))

    def range(self, node: tree.Node, what: Both) -> str:
        """The range a function over counties takes."""
        text = self.formula(node)
        if self.truth(node):
            text = f"IF({text},1,0)"
        if not COLUMN.match(text):
            text = self.spill(text, what, self.value(node), wide=True)
        return self.span(text)

    def span(self, reference: str) -> str:
        """`'测算'!$D{r}` as `'测算'!$D$8:$D$14`."""
        found = COLUMN.match(reference)
        column = found["column"]
        return f"'{found['sheet']}'!${column}${self.places.first}:${column}${self.places.last}"

    def may_be_blank(self, entry: Input) -> bool:
        """An input that a table may leave out, or one whose blanks in this table lie in branches not taken."""
        found = self.evaluator.values.get(entry.name)
        return entry.optional or (found is not None and found.missing is not None)

    def value(self, node: tree.Node) -> object:
        """The engine's figures for a helper: a float or text, or a list a county."""
        return self.values.of(node)

    def figures(self, node: tree.Node) -> np.ndarray:
        """The node's figures as floats, one entry or one a county; an Excel error is NaN."""
        value = self.value(node)
        values = value if isinstance(value, list) else [value]
        return np.array([np.nan if isinstance(one, str) else one for one in values])

    def floats(self, node: tree.Node) -> np.ndarray:
        """The node's figures as floats, one a county."""
        return np.broadcast_to(self.figures(node), (self.width,)).copy()

    def groups(self, node: tree.Call) -> tuple[str, str] | None:
        """(the county's group id, the range of ids): whole numbers, live from the texts."""
        by = node.arg("by")
        if by is None:
            return None
        texts = self.formula(by)
        if not COLUMN.match(texts):
            texts = self.spill(texts, Both("分组", "group"), self.value(by))
        order, ids = np.array(self.evaluator.table.order), self.evaluator.groups(node)
        lowest = np.array([order[ids == own].min() for own in ids], float)
        span, place = self.span(texts), self.places.order()
        # The lowest 次序 of those with the same text; not MATCH, which takes * and ? for wildcards.
        first = f"{self.width + 1}-SUMPRODUCT(MAX(({span}={texts})*({self.width + 1}-{self.span(place)})))"
        fresh = (first, False) not in self._known
        own = self.spill(first, Both("分组序号", "group number"), lowest, work=self.width)
        if fresh:
            leader = f"INDEX({span},MATCH({own},{self.span(place)},0))"
            unlike = self.spill(f"IF(EXACT({texts},{leader}),0,1)", Both("大小写不一致", "capitals differ"), 0.0)
            label = Both("分组名称没有只差大小写的", "no two groups differ only in capitals")
            self.block(label, f"SUM({self.span(unlike)})")
        return own, self.span(own)

    @property
    def width(self) -> int:
        return self.places.last - self.places.first + 1

    def block(self, label: Both, text: str, *figures: tuple[Both, str, object]) -> None:
        owned = Both(f"{self.owner.zh}：{label.zh}", f"{self.owner.en}: {label.en}")
        self.blocking.append(Blocking(owned, text, figures))


def _cells(values: object) -> object:
    """Figures as cells hold them: NaN is an Excel error, one entry stands for all rows."""
    if not isinstance(values, np.ndarray):
        return values
    cells = [BLANK if np.isnan(value) else float(value) for value in values]
    return cells[0] if len(cells) == 1 else cells


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


def scaled(text: str, factor: Fraction) -> str:
    text = f"{text}*{factor.numerator}" if factor.numerator != 1 else text
    return f"{text}/{factor.denominator}" if factor.denominator != 1 else text


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _brackets(walk: Walk, node: tree.Node, strength: int) -> str:
    """The operand in brackets unless it binds at least as strongly."""
    text = walk.formula(node)
    return text if _strength(node) >= strength else f"({text})"


def _strength(node: tree.Node) -> int:
    match node:
        case tree.Binary(op=op):
            return 1 if op in "+-" else 2
        case tree.Convert():
            return 2
        case tree.Compare():
            return 0
        case tree.Negative():
            return 1
        case tree.Derived(body=body):
            return _strength(body)
        case tree.Power():
            return 3
        case tree.Call(fn=fn):
            return 1 if fn in _LOOSE else 4
    return 4


_LOOSE = ("round", "up", "down", "mean", "rank", "bounded_share", "largest_remainder", "row_remainder", "deviation")


def _number(walk: Walk, node: tree.Number) -> str:
    return number(node.value)


def _name(walk: Walk, node: tree.Name) -> str:
    name = node.id
    if name in walk.model.parameters:
        return walk.places.parameter(name)
    if name in walk.model.columns:
        text = walk.places.column(name)
        return f"({text}=1)" if walk.model.columns[name].kind == "truth" else text
    return given_or(walk, name)


def given_or(walk: Walk, name: str) -> str:
    """An input's cell; a blank that a table may have is #N/A when used, or its default."""
    entry, cell = walk.model.inputs[name], walk.places.input(name)
    if not walk.may_be_blank(entry):
        return cell
    if entry.default is not None:
        other = quoted(entry.default) if entry.text else number(entry.default)
    else:
        other = "NA()"
    return f'IF({cell}="",{other},{cell})' if entry.text else f"IF(ISNUMBER({cell}),{cell},{other})"


def _negative(walk: Walk, node: tree.Negative) -> str:
    return f"-{_brackets(walk, node.of, 4)}"


def _not(walk: Walk, node: tree.Not) -> str:
    return f"NOT({walk.formula(node.of)})"


def _binary(walk: Walk, node: tree.Binary) -> str:
    own = 1 if node.op in "+-" else 2
    return f"{_brackets(walk, node.left, own)}{node.op}{_brackets(walk, node.right, own + 1)}"


def _power(walk: Walk, node: tree.Power) -> str:
    return f"{_brackets(walk, node.of, 4)}^{node.exponent}"


def _convert(walk: Walk, node: tree.Convert) -> str:
    return scaled(_brackets(walk, node.of, 2), node.factor)


def _derived(walk: Walk, node: tree.Derived) -> str:
    return walk.formula(node.body)


def _compare(walk: Walk, node: tree.Compare) -> str:
    if text_kind(walk, node.left):
        same = f"EXACT({walk.formula(node.left)},{walk.formula(node.right)})"
        return same if node.op == "==" else f"NOT({same})"
    sides = [_side(walk, node.left), _side(walk, node.right)]
    return f"{sides[0]}{ {'==': '=', '!=': '<>'}.get(node.op, node.op) }{sides[1]}".replace(" ", "")


def text_kind(walk: Walk, node: tree.Node) -> bool:
    match node:
        case tree.Name(id=name):
            entry = walk.model.entry(name)
            return getattr(entry, "text", False) or getattr(entry, "kind", "") == "text"
        case tree.If(then=then):
            return text_kind(walk, then)
        case tree.Call(fn="step" | "pick"):
            table = walk.model.parameters[node.args[1][1].id]
            values = [band.value for band in table.bands] or [value for _, value in table.values]
            return isinstance(values[0], str)
    return False


def _side(walk: Walk, node: tree.Node) -> str:
    """One side of a comparison, snapped unless it is whole anyway."""
    if whole(walk, node):
        return _brackets(walk, node, 1)
    return snapped(walk.simple(node))


def whole(walk: Walk, node: tree.Node) -> bool:
    """Whether a figure is whole whatever the parameters' cells are made to hold."""
    match node:
        case tree.Number(value=value):
            return value.denominator == 1
        case tree.Name(id=name):
            column = walk.model.columns.get(name)
            return whole(walk, column.node) if column else getattr(walk.model.entry(name), "decimals", None) == 0
        case tree.Derived(body=part) | tree.Negative(of=part):
            return whole(walk, part)
        case tree.Binary(op="+" | "-" | "*", left=one, right=other) | tree.If(then=one, otherwise=other):
            return whole(walk, one) and whole(walk, other)
        case tree.Call(fn="min" | "max" | "abs"):
            return all(whole(walk, part) for part in node.rest("x"))
        case tree.Call(fn="count" | "rank"):
            return True
        case tree.Call(fn="total" | "lowest" | "highest"):
            return whole(walk, node.arg("x"))
        case tree.Call(fn="up" | "down" | "largest_remainder" | "row_remainder"):
            to = node.arg("to")
            return to is None or whole(walk, to)
        case tree.Call(fn="round"):
            return node.arg("digits") is None
    return False


def _member(walk: Walk, node: tree.Member) -> str:
    cell = walk.simple(node.of)
    tests = [f"EXACT({cell},{quoted(text)})" for text in node.texts]
    found = tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"
    return f"NOT({found})" if node.negated else found


def _logic(walk: Walk, node: tree.Logic) -> str:
    """IF, not AND: what is decided is not asked further, so a blank behind `given(x) and` does no harm."""
    text = walk.formula(node.operands[-1])
    for operand in reversed(node.operands[:-1]):
        test = walk.formula(operand)
        text = f"IF({test},{text},FALSE)" if node.op == "and" else f"IF({test},TRUE,{text})"
    return text


def _if(walk: Walk, node: tree.If) -> str:
    if node.source:
        _one_exception(walk, node)
    return f"IF({walk.formula(node.test)},{walk.formula(node.then)},{walk.formula(node.otherwise)})"


def _one_exception(walk: Walk, node: tree.If) -> None:
    other = node.otherwise
    while isinstance(other, tree.If) and other.source:
        what = Both("例外条件", "exception test")
        first, second = walk.range(node.test, what), walk.range(other.test, what)
        label = Both(f"两条例外不同时适用（{node.source}；{other.source}）", f"one exception at a time ({node.source}; {other.source})")
        walk.block(label, f"SUMPRODUCT({first}*{second})")
        other = other.otherwise


def _call(walk: Walk, node: tree.Call) -> str:
    from allocation.readings.excel_functions import CALLS

    return CALLS[node.fn](walk, node)


_VISITS: dict[type, Callable[[Walk, tree.Node], str]] = {
    tree.Number: _number,
    tree.Name: _name,
    tree.Negative: _negative,
    tree.Not: _not,
    tree.Binary: _binary,
    tree.Power: _power,
    tree.Convert: _convert,
    tree.Derived: _derived,
    tree.Compare: _compare,
    tree.Member: _member,
    tree.Logic: _logic,
    tree.If: _if,
    tree.Call: _call,
}
