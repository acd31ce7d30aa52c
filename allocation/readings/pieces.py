"""How worded pieces of a formula are put together: brackets where precedence asks for them, phrases with slots."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.units import Unit
from allocation.readings.amounts import amount, unit_label
from allocation.texts import LANGUAGES, Both, Speaker, catalogue, show

# What binds tighter has the higher level. A phrase with a verb is a CLAUSE, a worded test a TRUTH, a thing a NOUN.
CHOICE, CLAUSE, OR, AND, COMPARE, TRUTH, NOUN, SUM, PRODUCT, POWER, ATOM = range(11)
GAP = "\x00"  # beside a number: a space where Chinese meets it, else nothing

SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
RELATIONS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

# How the phrase of each function of the table stands in a sentence; a test asserts that none is left out.
PHRASES: dict[str, int] = {
    "min": NOUN, "max": NOUN, "abs": NOUN, "root": NOUN, "round": CLAUSE, "up": CLAUSE, "down": CLAUSE, "clip": CLAUSE,
    "step": NOUN, "pick": NOUN, "given": TRUTH, "total": ATOM, "mean": ATOM, "lowest": ATOM, "highest": ATOM,
    "count": NOUN, "deviation": ATOM, "weighted_mean": ATOM, "rank": NOUN, "part": NOUN, "index": NOUN,
    "standardise": NOUN, "rescale": CLAUSE, "share": CLAUSE, "bounded_share": CLAUSE, "largest_remainder": CLAUSE,
    "fill": CLAUSE, "last": ATOM, "since": ATOM, "sum_over": ATOM, "row_remainder": CLAUSE,
}  # fmt: skip
_CLOSED_IN_ENGLISH = ("last", "since")  # the others end in a name that could draw in what follows


class Piece(NamedTuple):
    """A worded part. `name` is how it stands in the slot of a phrase, when not as `text`."""

    text: str
    level: int = ATOM
    name: str = ""


def spaced(text: str) -> str:
    """A space where Chinese meets a number or a Latin unit, and none elsewhere."""
    text = re.sub(rf"(?<=[\u4e00-\u9fff]){GAP}(?=[-≈\w])(?![\u4e00-\u9fff])", " ", text)
    return re.sub(rf"(?<=[\w%])(?<![\u4e00-\u9fff]){GAP}(?=[\u4e00-\u9fff])", " ", text).replace(GAP, "")


@dataclass(frozen=True)
class Phrasing(Speaker):
    """How pieces are put together in one language."""

    lang: str

    def bracket(self, text: str) -> str:
        return self.say("words.bracket", x=text)

    def at(self, piece: Piece, level: int) -> str:
        """The piece where something of `level` is needed: bracketed when it binds more loosely."""
        return piece.text if piece.level >= level else self.bracket(piece.text)

    def in_slot(self, piece: Piece) -> str:
        if piece.name:
            return piece.name
        return piece.text if piece.level in (TRUTH, ATOM) else self.bracket(piece.text)

    def binary(self, op: str, left: Piece, right: Piece, plain_right: bool) -> Piece:
        """`plain_right`: the right side is itself a binary, so that `a + (b − c)` needs no brackets."""
        level = SUM if op in "+-" else PRODUCT
        tight = level + 1 if op in "-/" or not plain_right else level
        return Piece(f"{self.at(left, level)} {SIGNS[op]} {self.at(right, tight)}", level)

    def negative(self, of: Piece) -> Piece:
        return Piece(f"−{self.at(of, POWER)}", SUM)

    def raised(self, of: Piece, exponent: int) -> Piece:
        return Piece(self.at(of, ATOM) + str(exponent).translate(RAISED), POWER)

    def comparison(self, op: str, left: Piece, right: Piece) -> Piece:
        return Piece(f"{self.at(left, NOUN)} {RELATIONS[op]} {self.at(right, NOUN)}", COMPARE)

    def logic(self, op: str, operands: Sequence[Piece]) -> Piece:
        """Mixed `and` and `or` are always bracketed: people do not agree on which binds tighter."""
        level = AND if op == "and" else OR
        texts = [piece.text if piece.level == level else self.at(piece, COMPARE) for piece in operands]
        text = texts[0]
        for other in texts[1:]:
            text = self.say(f"words.{op}", left=text, right=other)
        return Piece(text, level)

    def phrase(self, fn: str, slots: Mapping[str, Piece | str]) -> Piece:
        """The phrase of a function; a verb's first slot is joined in sequence: `…，再四舍五入到 4 位小数`."""
        template = catalogue(self.lang, "functions")[fn]
        level = PHRASES[fn]
        if level == ATOM and self.lang != "zh" and fn not in _CLOSED_IN_ENGLISH:
            level = NOUN
        texts = {key: value if isinstance(value, str) else self.in_slot(value) for key, value in slots.items()}
        lead = template[1 : template.index("}")] if template.startswith("{") else ""
        first = slots.get(lead)
        if level == CLAUSE and isinstance(first, Piece) and first.level in (CLAUSE, NOUN, SUM, PRODUCT, POWER):
            text = self.sequence(first, template[len(lead) + 2 :].strip().format(**texts))
        else:
            text = template.format(**texts)
        return Piece(text, level)

    def sequence(self, first: Piece, rest: str) -> str:
        return first.text + self.say("words.then" if first.level == CLAUSE else "words.comma") + rest

    def floor_or_cap(self, fn: str, bound: Piece, first: Piece) -> Piece:
        """`max(0, x)` and `min(x, most)` with a literal bound: `x，小于 0 时按 0 计`."""
        message = "words.at_least" if fn == "max" else "words.at_most"
        subject = self.bracket(first.text) if first.level == CHOICE else first.text
        return Piece(self.say(message, x=subject, bound=bound.text), CLAUSE)

    def extremes(self, node: tree.Call, pieces: list[Piece]) -> Piece:
        """`min` and `max`: a literal bound is worded as one, else the numbers are listed."""
        literal = [isinstance(part, tree.Number) for part in node.rest("x")]
        if len(pieces) == 2 and sum(literal) == 1:
            bound = literal.index(True)
            return self.floor_or_cap(node.fn, pieces[bound], pieces[1 - bound])
        *most, last = (self.in_slot(piece) for piece in pieces)
        listed = self.say("words.pair", left=show(most, self.lang), right=last)
        return self.phrase(node.fn, {"x": listed})

    def named(self, label: str) -> Piece:
        """A label; where it could be read as part of the formula it is quoted."""
        quoted = self.say("words.quote", x=label)
        return Piece(quoted if set(label) & set("/+×÷=，,（(") else label, ATOM, quoted)

    def figure(self, value: Fraction, unit: Unit | None) -> Piece:
        return Piece(f"{GAP}{amount(value, unit, self.lang)}{GAP}", ATOM if value >= 0 else SUM)

    def step_text(self, to: Fraction, unit: Unit | None) -> str:
        """What a figure is rounded to: whole numbers, 1 万元, 0.01 %."""
        label = unit_label(unit, self.lang)
        if to == 1 and not label:
            return self.say("words.whole")
        if to == 1 and not label[0].isdigit() and label != "%":
            return GAP + self.say("words.whole_unit", unit=label) + GAP
        return GAP + amount(to, unit, self.lang) + GAP

    def digits_text(self, node: tree.Node | None, unit: Unit | None) -> str:
        digits = node.value if isinstance(node, tree.Number) else Fraction(0)
        if unit is not None and unit.is_percent:
            return self.step_text(Fraction(10) ** -int(digits), unit)
        if digits > 0:
            return GAP + self.say("words.decimals", n=digits)
        if digits == 0:
            return self.say("words.whole")
        return self.say(
            f"words.digit_{-int(digits)}" if digits >= -4 else "words.multiple",
            n=amount(Fraction(10) ** -int(digits)),
        )

    def factor_text(self, factor: Fraction) -> str:
        """`÷10,000`, `×15` or `×3/2000`."""
        if factor.numerator == 1:
            return f"÷{amount(Fraction(factor.denominator), None, self.lang)}"
        if factor.denominator == 1:
            return f"×{amount(factor, None, self.lang)}"
        return f"×{factor.numerator}/{factor.denominator}"

    def tidy(self, text: str) -> str:
        """A formula's spacing; none beside full-width brackets and stops."""
        text = spaced(text)
        return re.sub(r"(?<=[）（，；：。]) | (?=[（），；：。])", "", text) if self.lang == "zh" else text


PHRASING = {lang: Phrasing(lang) for lang in LANGUAGES}


def tidied(text: Both) -> Both:
    return Both(*(PHRASING[lang].tidy(text[lang]) for lang in LANGUAGES))
