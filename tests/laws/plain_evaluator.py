"""A second opinion on every formula: plain fractions, a list of figures a county, Python's own `ast` and nothing else.

It imports nothing of the package and follows `docs/convention.md` alone, in the plainest way there is: a bounded share
by sorting its breakpoints, a largest remainder by sorting the remainders.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from amounts import Amount, amount, snap

Unit = tuple[Fraction, tuple[tuple[str, int], ...]]  # scale to the base unit, powers of base units
PURE: Unit = (Fraction(1), ())
UNITS: dict[str, Unit] = {
    "": PURE,
    "元": (Fraction(1), (("money", 1),)),
    "万元": (Fraction(10**4), (("money", 1),)),
    "亿元": (Fraction(10**8), (("money", 1),)),
}
NOTHING = object()  # a figure that is not there, or cannot be: using it is an error
MOST = 1e13  # figures are this many rounding units at most: a double holds no more places


class Refused(Exception):
    """The formula has no answer on these figures."""


class Outside(Exception):
    """The figures are larger than the law speaks of."""


@dataclass(frozen=True)
class Figures:
    """One entry a county: an amount, a text, a truth, or nothing. `unit` is None for a literal, which takes the unit of
    what it meets."""

    cells: tuple
    unit: Unit | None = PURE


@dataclass
class Plain:
    """The formulas of one small model on one table.

    `names`: inputs (one entry a county, None where blank) and parameters (one figure, bands [(edge, value)] with a last
    edge of None, keyed {key: value}); `units` by name; `lists` {list: items} and `over` {name: list}; `columns` in
    order, name → formula; `before` {column: names of the inputs that hold it for the periods before}.
    """

    count: int
    names: dict[str, object]
    columns: dict[str, str]
    units: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    before: dict[str, list[str]] = field(default_factory=dict)
    exclusive: dict[str, list[str]] = field(default_factory=dict)  # exceptions of a column, of which one may hold
    calls: dict[str, Callable] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)  # what each county is called
    known: dict[str, Figures] = field(default_factory=dict)
    formula: str = ""
    item: str = ""

    def column(self, name: str) -> Figures:
        """A named column, or `name.item` of one over a list, in its own unit."""
        if name not in self.known:
            front, _, item = name.partition(".")
            before = self.formula, self.item
            self._one_exception(front)
            self.item = item
            found = self.value(self.of(self.columns[front]))
            self.formula, self.item = before
            if any(cell is NOTHING for cell in found.cells):
                raise Refused(name)
            unit = UNITS[self.units.get(front, "")]
            found = self.to(found, unit)
            self.known[name] = Figures(found.cells, unit)
        return self.known[name]

    def _one_exception(self, name: str) -> None:
        holding = [0] * self.count
        for text in self.exclusive.get(name, ()):
            test = self.value(self.of(text))
            holding = [held + (cell is True) for held, cell in zip(holding, test.cells, strict=True)]
        if max(holding) > 1:
            raise Refused(name)

    def of(self, text: str) -> ast.expr:
        self.formula = text
        return ast.parse(text, mode="eval").body

    def unit_of(self, to: ast.expr | None) -> Figures:
        """The rounding unit: 1 where none is given."""
        return Figures((amount(1),) * self.count, None) if to is None else self.value(to)

    def all_columns(self) -> Iterator[str]:
        for name in self.columns:
            yield from ([f"{name}.{item}" for item in self.lists[self.over[name]]] if name in self.over else [name])

    # ---- nodes

    def value(self, node: ast.expr) -> Figures:
        return getattr(self, f"_{type(node).__name__}")(node)

    def _Constant(self, node: ast.Constant) -> Figures:
        if isinstance(node.value, str):
            return Figures((node.value,) * self.count)
        written = ast.get_source_segment(self.formula, node)
        return Figures((amount(Fraction(written)),) * self.count, None)

    def _Name(self, node: ast.Name) -> Figures:
        return self.named(node.id)

    def _Subscript(self, node: ast.Subscript) -> Figures:
        return self.named(f"{node.value.id}.{self.item}")

    def named(self, name: str) -> Figures:
        front = name.partition(".")[0]
        if front in self.columns:
            return self.column(name)
        entry = self.names[name]
        cells = tuple(entry) if isinstance(entry, list | tuple) else (entry,) * self.count
        cells = tuple(NOTHING if cell is None else cell if isinstance(cell, str) else amount(cell) for cell in cells)
        return Figures(cells, UNITS[self.units.get(front, "")])

    def _UnaryOp(self, node: ast.UnaryOp) -> Figures:
        of = self.value(node.operand)
        turn = (lambda x: not x) if isinstance(node.op, ast.Not) else (lambda x: -x)
        return Figures(each(turn, of), of.unit)

    def _BinOp(self, node: ast.BinOp) -> Figures:
        left, right = self.value(node.left), self.value(node.right)
        match node.op:
            case ast.Pow():
                power = int(right.cells[0].value)
                unit = left.unit and (left.unit[0] ** power, tuple((base, p * power) for base, p in left.unit[1]))
                return Figures(each(lambda x: x**power, left), unit)
            case ast.Add() | ast.Sub():
                sign = 1 if isinstance(node.op, ast.Add) else -1
                left, right = self.alike(left, right)
                return Figures(each(lambda x, y: x + sign * y, left, right), left.unit)
            case ast.Mult():
                unit, factor = product(left.unit, right.unit, 1)
                return Figures(each(lambda x, y: x * y * factor, left, right), unit)
        unit, factor = product(left.unit, right.unit, -1)
        quotients = each(lambda x, y: x / y * factor if y else NOTHING, left, right)
        return Figures(quotients, unit)

    def alike(self, *figures: Figures) -> list[Figures]:
        """All in the unit of the first that has one."""
        unit = next((one.unit for one in figures if one.unit is not None), None)
        return [self.to(one, unit) for one in figures]

    def to(self, figures: Figures, unit: Unit | None) -> Figures:
        if unit is None or figures.unit is None or figures.unit == unit:
            return Figures(figures.cells, figures.unit or unit)
        assert figures.unit[1] == unit[1], (figures.unit, unit)
        factor = figures.unit[0] / unit[0]
        return Figures(each(lambda x: x if isinstance(x, str | bool) else x * factor, figures), unit)

    def _Compare(self, node: ast.Compare) -> Figures:
        left = self.value(node.left)
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            texts = [text.value for text in node.comparators[0].elts]
            return Figures(each(lambda x: (x in texts) == isinstance(node.ops[0], ast.In), left))
        left, right = self.alike(left, self.value(node.comparators[0]))
        test = _TESTS[type(node.ops[0])]
        if any(isinstance(cell, str) for cell in left.cells):
            return Figures(each(test, left, right))
        self.within(left)
        self.within(right)
        return Figures(each(lambda x, y: test(snap(x), snap(y)), left, right))

    def _BoolOp(self, node: ast.BoolOp) -> Figures:
        parts = [self.value(part) for part in node.values]
        stops = isinstance(node.op, ast.Or)

        def decide(*cells: object) -> object:
            for cell in cells:
                if cell is NOTHING or cell == stops:
                    return cell
            return not stops

        return Figures(each(decide, *parts, lazy=True))

    def _IfExp(self, node: ast.IfExp) -> Figures:
        test = self.value(node.test)
        then, other = (
            self.branch(part, node.test, test, holds) for part, holds in ((node.body, True), (node.orelse, False))
        )
        then, other = self.alike(then, other)
        pick = lambda t, x, y: NOTHING if t is NOTHING else x if t else y  # noqa: E731
        return Figures(each(pick, test, then, other, lazy=True), then.unit)

    def branch(self, part: ast.expr, test: ast.expr, found: Figures, holds: bool) -> Figures:
        """A branch of an `if`; a test that is one a run skips the other branch whole, whatever is wrong with it."""
        names = [self.names.get(of.id, ()) for of in ast.walk(test) if isinstance(of, ast.Name)]
        skipped = not any(isinstance(name, list | tuple) for name in names) and set(found.cells) == {not holds}
        try:
            return self.value(part)
        except Refused:
            if not skipped:
                raise
            return Figures((NOTHING,) * self.count, None)

    def within(self, figures: Figures, to: Fraction = Fraction(1)) -> None:
        """A figure that is compared or rounded is so many units at most, and so is all that went into it."""
        if any(isinstance(cell, Amount) and cell.size / float(to) > MOST for cell in figures.cells):
            raise Outside

    # ---- calls

    def _Call(self, node: ast.Call) -> Figures:
        rule = self.calls[node.func.id]
        names = rule.__kwdefaults__ or {}
        positional = list(names)
        given = dict(zip(positional, node.args, strict=False)) if names else {}
        given |= {keyword.arg: keyword.value for keyword in node.keywords}
        if not names:
            return rule(self, node.args)
        return rule(self, **{**dict.fromkeys(names), **given})

    def groups(self, by: ast.expr | None) -> list[list[int]]:
        """The places of each group's counties."""
        if by is None:
            return [list(range(self.count))]
        texts = self.value(by).cells
        if NOTHING in texts:
            raise Refused("by")
        return [[i for i in range(self.count) if texts[i] == text] for text in dict.fromkeys(texts)]

    def over_counties(self, x: Figures, by: ast.expr | None, measure: Callable) -> Figures:
        cells = [NOTHING] * self.count
        if all(cell is not NOTHING for cell in x.cells):
            for members in self.groups(by):
                figure = measure([x.cells[i] for i in members])
                for i in members:
                    cells[i] = figure
        return Figures(tuple(cells), x.unit)


def each(turn: Callable, *figures: Figures, lazy: bool = False) -> tuple:
    return tuple(
        NOTHING if not lazy and NOTHING in cells else turn(*cells)
        for cells in zip(*(one.cells for one in figures), strict=True)
    )


def product(left: Unit | None, right: Unit | None, sign: int) -> tuple[Unit | None, Fraction]:
    """The unit of a product or quotient, and the factor that makes a pure number of it at once."""
    if left is None and right is None:
        return None, Fraction(1)
    (one, ups), (other, downs) = left or PURE, right or PURE
    powers = dict(ups)
    for base, power in downs:
        powers[base] = powers.get(base, 0) + sign * power
    dims = tuple(sorted((base, power) for base, power in powers.items() if power))
    scale = one * other if sign > 0 else one / other
    return ((scale, dims), Fraction(1)) if dims else (PURE, scale)


_TESTS: dict[type, Callable] = {
    ast.Eq: lambda x, y: x == y, ast.NotEq: lambda x, y: x != y, ast.Lt: lambda x, y: x < y,
    ast.LtE: lambda x, y: x <= y, ast.Gt: lambda x, y: x > y, ast.GtE: lambda x, y: x >= y,
}  # fmt: skip
