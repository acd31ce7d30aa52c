"""A formula with one county's own numbers in it, read from the evaluated nodes: nothing is computed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from allocation.allotting import Bounded
from allocation.classes import dataclass
from allocation.language import tree
from allocation.readings import pieces
from allocation.readings.amounts import amount, unit_of
from allocation.readings.at_row import branch, figure_at, taken, value_at
from allocation.readings.evaluated import Evaluated
from allocation.readings.pieces import PHRASING, Phrasing, Piece
from allocation.readings.words import Words

if TYPE_CHECKING:
    from allocation.run.run import Run


ROUNDINGS = ("round", "up", "down")


def side(bounded: Bounded, row: int) -> str:
    floor, cap = (bool(value_at(data, row)) for data in (bounded.at_floor, bounded.at_cap))
    return "both" if floor and cap else "floor" if floor else "cap" if cap else "free"


@dataclass(frozen=True)
class Figures:
    """One walk over evaluated nodes. `quiet`: inside a derived function, whose own tests nobody wrote."""

    run: Run
    row: int
    lang: str
    quiet: bool = False

    @property
    def phrasing(self) -> Phrasing:
        return PHRASING[self.lang]

    def say(self, message: str, **slots: object) -> str:
        return self.phrasing.say(f"words.{message}", **slots)

    def formula(self, evaluated: Evaluated) -> Piece:
        """A whole formula or branch: its outermost rounding is spelled out, those inside it are figures."""
        if isinstance(evaluated.node, tree.Call) and evaluated.node.fn in ROUNDINGS:
            return self.spoken(evaluated, evaluated.node)
        return self.visit(evaluated)

    def visit(self, evaluated: Evaluated) -> Piece:
        return FIGURES[type(evaluated.node)](self, evaluated, evaluated.node)

    def parts(self, evaluated: Evaluated) -> list[Piece]:
        return [self.visit(part) for part in evaluated.parts]

    def value(self, evaluated: Evaluated) -> Piece:
        """The figure alone; inside a formula only percentages carry their unit."""
        figure = figure_at(evaluated, self.row)
        if isinstance(figure, str):
            return Piece(self.say("quote", x=figure))
        if figure is None or isinstance(figure, (bool, np.bool_)):
            return Piece(amount(figure, None, self.lang))
        unit = unit_of(self.run.model, evaluated.node)
        shown = amount(figure, unit if unit and unit.is_percent else None, self.lang)
        return Piece(f"{pieces.GAP}{shown}{pieces.GAP}", pieces.SUM if figure < 0 else pieces.ATOM)

    # ---- operators

    def negative(self, evaluated: Evaluated, node: tree.Node) -> Piece:
        return self.phrasing.negative(self.visit(evaluated.parts[0]))

    def not_(self, evaluated: Evaluated, node: tree.Node) -> Piece:
        inner = self.visit(evaluated.parts[0])
        if isinstance(evaluated.parts[0].node, tree.Call):  # "… has a figure" says already whether it has
            return inner
        return Piece(self.say("not", x=self.phrasing.bracket(inner.text)), pieces.COMPARE)

    def binary(self, evaluated: Evaluated, node: tree.Binary) -> Piece:
        left, right = self.parts(evaluated)
        return self.phrasing.binary(node.op, left, right, isinstance(node.right, tree.Binary))

    def power(self, evaluated: Evaluated, node: tree.Power) -> Piece:
        return self.phrasing.raised(self.visit(evaluated.parts[0]), node.exponent)

    def compare(self, evaluated: Evaluated, node: tree.Compare) -> Piece:
        left, right = self.parts(evaluated)
        return self.phrasing.comparison(node.op, left, right)

    def member(self, evaluated: Evaluated, node: tree.Member) -> Piece:
        """The fact itself: `“地形”为“高山”`, whatever it was asked to be."""
        label = self.phrasing.in_slot(Words(self.run.model, self.lang).visit(node.of))
        text = self.say("is", x=label, texts=self.value(evaluated.parts[0]).text)
        return Piece(text, pieces.TRUTH)

    def logic(self, evaluated: Evaluated, node: tree.Logic) -> Piece:
        tests = [self.visit(part) for part in taken(evaluated, self.row)]
        return self.phrasing.logic(node.op, tests) if len(tests) > 1 else tests[0]

    def if_(self, evaluated: Evaluated, node: tree.If) -> Piece:
        came_to = self.formula(branch(evaluated, self.row))
        holds = bool(value_at(evaluated.parts[0].data, self.row))
        if self.quiet or node.source and not holds:
            return came_to
        message = "exception_true" if node.source else "condition_true" if holds else "condition_false"
        return Piece(self.say(message, test=self.visit(evaluated.parts[0]).text, x=came_to.text), pieces.CHOICE)

    def convert(self, evaluated: Evaluated, node: tree.Convert) -> Piece:
        factor, of = node.factor, self.visit(evaluated.parts[0])
        plain = isinstance(node.of, tree.Binary)
        if factor.numerator == 1:
            return self.phrasing.binary("/", of, self._bare(Fraction(factor.denominator)), plain)
        result = self.phrasing.binary("*", of, self._bare(Fraction(factor.numerator)), plain)
        if factor.denominator == 1:
            return result
        return self.phrasing.binary("/", result, self._bare(Fraction(factor.denominator)), False)

    def _bare(self, value: Fraction) -> Piece:
        return Piece(amount(value, None, self.lang))

    def derived(self, evaluated: Evaluated, node: tree.Derived) -> Piece:
        inner = replace(self, quiet=node.call.fn != "sum_over" or self.quiet)
        body = evaluated.parts[0]
        if node.call.fn == "clip":
            raised_to_low, high = body.parts
            x, low = raised_to_low.parts
            slots = {"x": inner.visit(x), "low": inner.visit(low), "high": inner.visit(high)}
            return self.phrasing.phrase("clip", slots)
        return inner.visit(body)

    # ---- functions

    def call(self, evaluated: Evaluated, node: tree.Call) -> Piece:
        return CALLS[node.fn](self, evaluated, node)

    def spoken(self, evaluated: Evaluated, node: tree.Call) -> Piece:
        """abs, root, up, down, round: the phrase around the county's figure."""
        slots: dict[str, Piece | str] = {"x": self.visit(evaluated.parts[0])}
        if node.fn == "round":
            slots["digits"] = self.phrasing.digits_text(node.arg("digits"), unit_of(self.run.model, node))
        if node.fn in ("up", "down"):
            to = self.visit(evaluated.parts[1]).text if len(evaluated.parts) > 1 else ""
            slots["to"] = to or Words(self.run.model, self.lang).to_text(node.arg("to"), node)
        return self.phrasing.phrase(node.fn, slots)

    def extreme(self, evaluated: Evaluated, node: tree.Call) -> Piece:
        return self.phrasing.extremes(node, self.parts(evaluated))

    def given(self, evaluated: Evaluated, node: tree.Call) -> Piece:
        words = Words(self.run.model, self.lang)
        return words.visit(node if value_at(evaluated.data, self.row) else tree.Not(node))

    def bounded_share(self, evaluated: Evaluated, node: tree.Call) -> Piece:
        bounded = evaluated.bounded
        if bounded is None:
            raise TypeError("a share within bounds keeps what bound it")
        where = side(bounded, self.row)
        if where != "free":
            return Piece(self.say(f"at_{where}", x=self.value(evaluated).text), pieces.CLAUSE)
        claim = self.phrasing.at(self.visit(evaluated.parts[1]), pieces.PRODUCT)
        level = amount(value_at(bounded.level, self.row), None, self.lang)
        return Piece(self.say("at_level", claim=claim, level=level), pieces.PRODUCT)

    def remainder(self, evaluated: Evaluated, node: tree.Call) -> Piece:
        before = self.visit(quota(evaluated))
        rest = self.say("rounding", value=self.value(evaluated).text)
        joint = "" if before.level == pieces.ATOM else self.say("comma").strip()
        return Piece(
            f"{before.text}{joint} {rest}" if self.lang == "en" else f"{before.text}{joint}{rest}", pieces.CLAUSE
        )

    def fill(self, evaluated: Evaluated, node: tree.Call) -> Piece:
        _, need, order = (self.phrasing.in_slot(piece) for piece in self.parts(evaluated))
        return Piece(self.say("fill_numbers", need=need, order=order, value=self.value(evaluated).text), pieces.CLAUSE)


def quota(evaluated: Evaluated) -> Evaluated:
    """What the county had before largest_remainder, which has no place, or row_remainder rounded it."""
    node = evaluated.node
    return evaluated.parts[1 + (node.whole("place") if isinstance(node, tree.Call) else 0)]


def _value(figures: Figures, evaluated: Evaluated, node: tree.Node) -> Piece:
    return figures.value(evaluated)


# Any: each function takes the nodes of its own type, which a table from type to function cannot say.
FIGURES: dict[type[tree.Node], Callable[[Figures, Evaluated, Any], Piece]] = {
    tree.Number: _value,
    tree.Name: _value,
    tree.Negative: Figures.negative,
    tree.Not: Figures.not_,
    tree.Binary: Figures.binary,
    tree.Power: Figures.power,
    tree.Compare: Figures.compare,
    tree.Member: Figures.member,
    tree.Logic: Figures.logic,
    tree.If: Figures.if_,
    tree.Call: Figures.call,
    tree.Derived: Figures.derived,
    tree.Convert: Figures.convert,
}
CALLS: dict[str, Callable[[Figures, Evaluated, tree.Call], Piece]] = {
    **dict.fromkeys(("abs", "root"), Figures.spoken),
    **dict.fromkeys(("min", "max"), Figures.extreme),
    **dict.fromkeys((*ROUNDINGS, "step", "pick", "last", "since", "rank"), _value),
    **dict.fromkeys(("total", "mean", "lowest", "highest", "count", "deviation"), _value),
    **dict.fromkeys(("largest_remainder", "row_remainder"), Figures.remainder),
    "given": Figures.given,
    "bounded_share": Figures.bounded_share,
    "fill": Figures.fill,
}
