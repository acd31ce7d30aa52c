"""A figure as a person reads it: separators, percentages, its unit; and the unit of any part of a formula."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

import numpy as np

from allocation.language import tree
from allocation.language.functions import FUNCTIONS
from allocation.language.units import PURE, Unit, Units, combine, power
from allocation.policy.model import Model
from allocation.texts import decimal_text, say
from allocation.texts.decimals import sure

PLACES = 6
Value = Fraction | float | bool | np.bool_ | str | None  # a figure, a truth or a text, as arrays and tables hold it


def amount(value: Value, unit: Unit | None = None, lang: str = "zh", places: int = PLACES) -> str:
    """`12,345.5 万元`, `55 %`; exact up to `places` decimals, `≈` where digits were cut; None is a blank."""
    if value is None:
        return say(lang, "words.blank")
    if isinstance(value, str):
        return value
    if not isinstance(value, Fraction):
        if isinstance(value, bool | np.bool_):
            return say(lang, "words.yes" if value else "words.no")
        value = sure(float(value))
    if unit is not None and unit.is_percent:
        return f"{_digits(value * 100, places)} %"
    number, label = _digits(value, places), unit_label(unit, lang)
    if not label:
        return number
    if label[0].isdigit():  # "10,000 yuan"
        return label if value == 1 else f"{number} × {label}"
    return say(lang, "words.quantity", number=number, unit=label)


def _digits(value: Fraction, places: int) -> str:
    text = decimal_text(value, places)
    cut = Fraction(text) != value
    whole, _, rest = text.partition(".")
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", whole)
    return ("≈" if cut else "") + grouped + (f".{rest}" if rest else "")


def unit_label(unit: Unit | None, lang: str) -> str:
    """A unit's name in `lang`; a product is worded part by part."""
    if unit is None or not unit.name:
        return ""
    if lang == "zh":
        return unit.name
    return "·".join(_standard().label(part, lang) for part in unit.name.split("·"))


@cache
def _standard() -> Units:
    return Units()


def unit_of(model: Model, node: tree.Node) -> Unit | None:
    """The unit a figure of this part is held in; None for a bare literal, and where there is none to name."""
    match node:
        case tree.Name(id=name):
            return model.entry(name).unit
        case tree.Negative(of=of):
            return unit_of(model, of)
        case tree.Power(of=of, exponent=exponent):
            below = unit_of(model, of)
            return below and power(below, exponent)
        case tree.Binary(op=op, left=left, right=right):
            first, second = unit_of(model, left), unit_of(model, right)
            if op in "+-" or first is None and second is None:
                return first or second
            whole = combine(first or PURE, second or PURE, 1 if op == "*" else -1)
            return next((unit for unit in (first, second) if unit and _alike(unit, whole)), whole)  # 万元·人/人 is 万元
        case tree.If(then=then, otherwise=otherwise):
            return unit_of(model, then) or unit_of(model, otherwise)
        case tree.Convert(of=of, factor=factor, unit=name):
            below = unit_of(model, of) or PURE
            return Unit(name, below.scale / factor, below.dims)
        case tree.Derived(call=call):
            return unit_of(model, call)
        case tree.Call():
            return _unit_of_call(model, node)
    return None


def _alike(unit: Unit, other: Unit) -> bool:
    return (unit.dims, unit.scale) == (other.dims, other.scale) and not unit.is_percent


def _unit_of_call(model: Model, node: tree.Call) -> Unit | None:
    function = FUNCTIONS[node.fn]
    if function.unit == "pure":
        return PURE
    if function.unit == "entry":
        return model.entry(node.named("bands" if node.arg("bands") else "table")).unit
    if function.unit == "root":
        return None
    leading = {arg.name for arg in function.args if arg.unit == "lead"}
    units = (unit_of(model, part) for name, part in node.args if name in leading)
    return next((unit for unit in units if unit is not None), None)
