"""A formula with one county's own numbers in it, read from the evaluated nodes: nothing is computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.allocators import Bounded
from allocation.language import tree
from allocation.readings import pieces
from allocation.readings.amounts import amount, unit_of
from allocation.readings.evaluated import Evaluated
from allocation.readings.pieces import Piece
from allocation.readings.words import Words
from allocation.texts import say

if TYPE_CHECKING:
    from allocation.run import Run


ROUNDINGS = ("round", "up", "down")


def value_at(data: np.ndarray, row: int) -> object:
    return data[0, row if data.shape[-1] > 1 else 0]


def figure_at(found: Evaluated, row: int) -> object:
    """The county's figure; None where it is blank."""
    blank = found.missing is not None and value_at(found.missing, row)
    return None if blank else value_at(found.data, row)


def taken(found: Evaluated, row: int) -> tuple[Evaluated, ...]:
    """The parts that made the county's figure: the branch it took, the tests until one decided."""
    node, parts = found.node, found.parts
    if isinstance(node, tree.If):
        return parts[0], branch(found, row)
    if isinstance(node, tree.Logic):
        deciding = node.op == "or"
        truths = [bool(value_at(part.data, row)) for part in parts]
        return parts[: truths.index(deciding) + 1] if deciding in truths else parts
    return parts


def branch(found: Evaluated, row: int) -> Evaluated:
    """What an `if` came to; a test that holds for the whole run leaves the other branch out."""
    if len(found.parts) == 2:
        return found.parts[1]
    return found.parts[1] if value_at(found.parts[0].data, row) else found.parts[2]


def walk(found: Evaluated, row: int) -> Iterator[Evaluated]:
    """The evaluated nodes of one formula that count for the county, columns it names left closed."""
    yield found
    if not isinstance(found.node, tree.Name):
        for part in taken(found, row):
            yield from walk(part, row)


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

    def say(self, message: str, **slots: object) -> str:
        return say(self.lang, f"words.{message}", **slots)

    def formula(self, found: Evaluated) -> Piece:
        """A whole formula or branch: its outermost rounding is spelled out, those inside it are figures."""
        if isinstance(found.node, tree.Call) and found.node.fn in ROUNDINGS:
            return self.spoken(found)
        return self.visit(found)

    def visit(self, found: Evaluated) -> Piece:
        return FIGURES[type(found.node)](self, found)

    def parts(self, found: Evaluated) -> list[Piece]:
        return [self.visit(part) for part in found.parts]

    def value(self, found: Evaluated) -> Piece:
        """The figure alone; inside a formula only percentages carry their unit."""
        figure = figure_at(found, self.row)
        if isinstance(figure, str):
            return Piece(self.say("quote", x=figure))
        if figure is None or isinstance(figure, (bool, np.bool_)):
            return Piece(amount(figure, None, self.lang))
        unit = unit_of(self.run.model, found.node)
        shown = amount(figure, unit if unit and unit.is_percent else None, self.lang)
        return Piece(f"{pieces.GAP}{shown}{pieces.GAP}", pieces.SUM if figure < 0 else pieces.ATOM)

    # ---- operators

    def negative(self, found: Evaluated) -> Piece:
        return pieces.negative(self.visit(found.parts[0]), self.lang)

    def not_(self, found: Evaluated) -> Piece:
        inner = self.visit(found.parts[0])
        if isinstance(found.parts[0].node, tree.Call):  # "… has a figure" says already whether it has
            return inner
        return Piece(self.say("not", x=pieces.bracket(inner.text, self.lang)), pieces.COMPARE)

    def binary(self, found: Evaluated) -> Piece:
        left, right = self.parts(found)
        return pieces.binary(found.node.op, left, right, isinstance(found.node.right, tree.Binary), self.lang)

    def power(self, found: Evaluated) -> Piece:
        return pieces.raised(self.visit(found.parts[0]), found.node.exponent, self.lang)

    def compare(self, found: Evaluated) -> Piece:
        return pieces.comparison(found.node.op, *self.parts(found), self.lang)

    def member(self, found: Evaluated) -> Piece:
        """The fact itself: `“地形”为“高山”`, whatever it was asked to be."""
        label = pieces.in_slot(Words(self.run.model, self.lang).visit(found.node.of), self.lang)
        text = self.say("is", x=label, texts=self.value(found.parts[0]).text)
        return Piece(text, pieces.TRUTH)

    def logic(self, found: Evaluated) -> Piece:
        tests = [self.visit(part) for part in taken(found, self.row)]
        return pieces.logic(found.node.op, tests, self.lang) if len(tests) > 1 else tests[0]

    def if_(self, found: Evaluated) -> Piece:
        came_to = self.formula(branch(found, self.row))
        holds = bool(value_at(found.parts[0].data, self.row))
        if self.quiet or found.node.source and not holds:
            return came_to
        message = "exception_true" if found.node.source else "condition_true" if holds else "condition_false"
        return Piece(self.say(message, test=self.visit(found.parts[0]).text, x=came_to.text), pieces.CHOICE)

    def convert(self, found: Evaluated) -> Piece:
        factor, of = found.node.factor, self.visit(found.parts[0])
        plain = isinstance(found.node.of, tree.Binary)
        if factor.numerator == 1:
            return pieces.binary("/", of, self._bare(Fraction(factor.denominator)), plain, self.lang)
        result = pieces.binary("*", of, self._bare(Fraction(factor.numerator)), plain, self.lang)
        if factor.denominator == 1:
            return result
        return pieces.binary("/", result, self._bare(Fraction(factor.denominator)), False, self.lang)

    def _bare(self, value: Fraction) -> Piece:
        return Piece(amount(value, None, self.lang))

    def derived(self, found: Evaluated) -> Piece:
        inner = replace(self, quiet=found.node.call.fn != "sum_over" or self.quiet)
        body = found.parts[0]
        if found.node.call.fn == "clip":
            raised_to_low, high = body.parts
            x, low = raised_to_low.parts
            slots = {"x": inner.visit(x), "low": inner.visit(low), "high": inner.visit(high)}
            return pieces.phrase("clip", slots, self.lang)
        return inner.visit(body)

    # ---- functions

    def call(self, found: Evaluated) -> Piece:
        return CALLS[found.node.fn](self, found)

    def spoken(self, found: Evaluated) -> Piece:
        """abs, root, up, down, round: the phrase around the county's figure."""
        slots: dict[str, Piece | str] = {"x": self.visit(found.parts[0])}
        if found.node.fn == "round":
            slots["digits"] = pieces.digits_text(
                found.node.arg("digits"), unit_of(self.run.model, found.node), self.lang
            )
        if found.node.fn in ("up", "down"):
            to = self.visit(found.parts[1]).text if len(found.parts) > 1 else ""
            slots["to"] = to or Words(self.run.model, self.lang).to_text(found.node.arg("to"), found.node)
        return pieces.phrase(found.node.fn, slots, self.lang)

    def extreme(self, found: Evaluated) -> Piece:
        return pieces.extremes(found.node, self.parts(found), self.lang)

    def given(self, found: Evaluated) -> Piece:
        words = Words(self.run.model, self.lang)
        return words.visit(found.node if value_at(found.data, self.row) else tree.Not(found.node))

    def bounded_share(self, found: Evaluated) -> Piece:
        where = side(found.bounded, self.row)
        if where != "free":
            return Piece(self.say(f"at_{where}", x=self.value(found).text), pieces.CLAUSE)
        claim = pieces.at(self.visit(found.parts[1]), pieces.PRODUCT, self.lang)
        level = amount(value_at(found.bounded.level, self.row), None, self.lang)
        return Piece(self.say("at_level", claim=claim, level=level), pieces.PRODUCT)

    def remainder(self, found: Evaluated) -> Piece:
        before = self.visit(quota(found))
        rest = self.say("rounding", value=self.value(found).text)
        joint = "" if before.level == pieces.ATOM else self.say("comma").strip()
        return Piece(
            f"{before.text}{joint} {rest}" if self.lang == "en" else f"{before.text}{joint}{rest}", pieces.CLAUSE
        )

    def fill(self, found: Evaluated) -> Piece:
        _, need, order = (pieces.in_slot(piece, self.lang) for piece in self.parts(found))
        return Piece(self.say("fill_numbers", need=need, order=order, value=self.value(found).text), pieces.CLAUSE)


def quota(found: Evaluated) -> Evaluated:
    """What the county had before largest_remainder or row_remainder rounded it."""
    place = 0 if found.node.fn == "largest_remainder" else int(found.node.arg("place").value)
    return found.parts[1 + place]


FIGURES: dict[type, Callable[[Figures, Evaluated], Piece]] = {
    tree.Number: Figures.value,
    tree.Name: Figures.value,
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
CALLS: dict[str, Callable[[Figures, Evaluated], Piece]] = {
    **dict.fromkeys(("abs", "root"), Figures.spoken),
    **dict.fromkeys(("min", "max"), Figures.extreme),
    **dict.fromkeys((*ROUNDINGS, "step", "pick", "last", "since", "rank"), Figures.value),
    **dict.fromkeys(("total", "mean", "lowest", "highest", "count", "deviation"), Figures.value),
    **dict.fromkeys(("largest_remainder", "row_remainder"), Figures.remainder),
    "given": Figures.given,
    "bounded_share": Figures.bounded_share,
    "fill": Figures.fill,
}
