"""How worded pieces of a formula are put together: brackets where precedence asks for them, phrases with slots."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from allocation.language import tree
from allocation.language.units import Unit
from allocation.readings.amounts import amount, unit_label
from allocation.texts import catalogue, say, show

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


def bracket(text: str, lang: str) -> str:
    return say(lang, "words.bracket", x=text)


def at(piece: Piece, level: int, lang: str) -> str:
    """The piece where something of `level` is needed: bracketed when it binds more loosely."""
    return piece.text if piece.level >= level else bracket(piece.text, lang)


def in_slot(piece: Piece, lang: str) -> str:
    if piece.name:
        return piece.name
    return piece.text if piece.level in (TRUTH, ATOM) else bracket(piece.text, lang)


def binary(op: str, left: Piece, right: Piece, plain_right: bool, lang: str) -> Piece:
    """`plain_right`: the right side is itself a binary, so that `a + (b − c)` needs no brackets."""
    level = SUM if op in "+-" else PRODUCT
    tight = level + 1 if op in "-/" or not plain_right else level
    return Piece(f"{at(left, level, lang)} {SIGNS[op]} {at(right, tight, lang)}", level)


def negative(of: Piece, lang: str) -> Piece:
    return Piece(f"−{at(of, POWER, lang)}", SUM)


def raised(of: Piece, exponent: int, lang: str) -> Piece:
    return Piece(at(of, ATOM, lang) + str(exponent).translate(RAISED), POWER)


def comparison(op: str, left: Piece, right: Piece, lang: str) -> Piece:
    return Piece(f"{at(left, NOUN, lang)} {RELATIONS[op]} {at(right, NOUN, lang)}", COMPARE)


def logic(op: str, operands: Sequence[Piece], lang: str) -> Piece:
    """Mixed `and` and `or` are always bracketed: people do not agree on which binds tighter."""
    level = AND if op == "and" else OR
    texts = [piece.text if piece.level == level else at(piece, COMPARE, lang) for piece in operands]
    text = texts[0]
    for other in texts[1:]:
        text = say(lang, f"words.{op}", left=text, right=other)
    return Piece(text, level)


def phrase(fn: str, slots: Mapping[str, Piece | str], lang: str) -> Piece:
    """The phrase of a function; a verb's first slot is joined in sequence: `…，再四舍五入到 4 位小数`."""
    template = catalogue(lang, "functions")[fn]
    level = PHRASES[fn]
    if level == ATOM and lang != "zh" and fn not in _CLOSED_IN_ENGLISH:
        level = NOUN
    texts = {key: value if isinstance(value, str) else in_slot(value, lang) for key, value in slots.items()}
    lead = template[1 : template.index("}")] if template.startswith("{") else ""
    first = slots.get(lead)
    if level == CLAUSE and isinstance(first, Piece) and first.level in (CLAUSE, NOUN, SUM, PRODUCT, POWER):
        text = sequence(first, template[len(lead) + 2 :].strip().format(**texts), lang)
    else:
        text = template.format(**texts)
    return Piece(text, level)


def sequence(first: Piece, rest: str, lang: str) -> str:
    return first.text + say(lang, "words.then" if first.level == CLAUSE else "words.comma") + rest


def floor_or_cap(fn: str, bound: Piece, first: Piece, lang: str) -> Piece:
    """`max(0, x)` and `min(x, most)` with a literal bound: `x，小于 0 时按 0 计`."""
    message = "words.at_least" if fn == "max" else "words.at_most"
    subject = bracket(first.text, lang) if first.level == CHOICE else first.text
    return Piece(say(lang, message, x=subject, bound=bound.text), CLAUSE)


def extremes(node: tree.Call, pieces: list[Piece], lang: str) -> Piece:
    """`min` and `max`: a literal bound is worded as one, else the numbers are listed."""
    literal = [isinstance(part, tree.Number) for part in node.rest("x")]
    if len(pieces) == 2 and sum(literal) == 1:
        bound = literal.index(True)
        return floor_or_cap(node.fn, pieces[bound], pieces[1 - bound], lang)
    *most, last = (in_slot(piece, lang) for piece in pieces)
    listed = say(lang, "words.pair", left=show(most, lang), right=last)
    return phrase(node.fn, {"x": listed}, lang)


def named(label: str, lang: str) -> Piece:
    """A label; where it could be read as part of the formula it is quoted."""
    quoted = say(lang, "words.quote", x=label)
    return Piece(quoted if set(label) & set("/+×÷=，,（(") else label, ATOM, quoted)


def figure(value: Fraction, unit: Unit | None, lang: str) -> Piece:
    return Piece(f"{GAP}{amount(value, unit, lang)}{GAP}", ATOM if value >= 0 else SUM)


def step_text(to: Fraction, unit: Unit | None, lang: str) -> str:
    """What a figure is rounded to: whole numbers, 1 万元, 0.01 %."""
    label = unit_label(unit, lang)
    if to == 1 and not label:
        return say(lang, "words.whole")
    if to == 1 and not label[0].isdigit() and label != "%":
        return GAP + say(lang, "words.whole_unit", unit=label) + GAP
    return GAP + amount(to, unit, lang) + GAP


def digits_text(node: tree.Node | None, unit: Unit | None, lang: str) -> str:
    digits = node.value if isinstance(node, tree.Number) else Fraction(0)
    if unit is not None and unit.is_percent:
        return step_text(Fraction(10) ** -int(digits), unit, lang)
    if digits > 0:
        return GAP + say(lang, "words.decimals", n=digits)
    if digits == 0:
        return say(lang, "words.whole")
    return say(
        lang,
        f"words.digit_{-int(digits)}" if digits >= -4 else "words.multiple",
        n=amount(Fraction(10) ** -int(digits)),
    )


def factor_text(factor: Fraction, lang: str) -> str:
    """`÷10,000`, `×15` or `×3/2000`."""
    if factor.numerator == 1:
        return f"÷{amount(Fraction(factor.denominator), None, lang)}"
    if factor.denominator == 1:
        return f"×{amount(factor, None, lang)}"
    return f"×{factor.numerator}/{factor.denominator}"


def spaced(text: str) -> str:
    """A space where Chinese meets a number or a Latin unit, and none elsewhere."""
    text = re.sub(rf"(?<=[\u4e00-\u9fff]){GAP}(?=[-≈\w])(?![\u4e00-\u9fff])", " ", text)
    return re.sub(rf"(?<=[\w%])(?<![\u4e00-\u9fff]){GAP}(?=[\u4e00-\u9fff])", " ", text).replace(GAP, "")


def tidy(text: str, lang: str) -> str:
    """A formula's spacing; none beside full-width brackets and stops."""
    text = spaced(text)
    return re.sub(r"(?<=[）（，；：。]) | (?=[（），；：。])", "", text) if lang == "zh" else text
