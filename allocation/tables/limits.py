"""What a figure must satisfy, its decimals and its range; and the unit it was likely written in when it does not."""

from __future__ import annotations

import re
from fractions import Fraction

from allocation.language.units import TABLE, Unit
from allocation.policy.model import Input
from allocation.tables.figures import HUNDREDTH, Measure, Unread
from allocation.texts import Both, both, say
from allocation.texts.decimals import decimals_shown

NOISE = Fraction(1, 10**6)  # in the model's unit: what a program's float arithmetic leaves behind, never a real figure


def settle(value: Fraction, measure: Measure) -> Fraction:
    """The figure on its declared decimals, float noise taken away. Raises Unread when off them or out of range."""
    entry = measure.entry
    settled = _on_grid(value, measure)
    if entry.min is not None and settled < entry.min:
        raise Unread("tables.too_small", **_slots(value, measure, limit=entry.min))
    if entry.max is not None and settled > entry.max:
        raise Unread("tables.too_large", **_slots(value, measure, limit=entry.max))
    return settled


def places(entry: Input) -> int | None:
    """How many decimals the input has in its own unit; None when any number."""
    return 0 if entry.whole else entry.decimals


def shown_places(entry: Input) -> int | None:
    """How many decimals people see: a percentage is held as 0.5512 and shown as 55.12 %."""
    digits = places(entry)
    return None if digits is None else decimals_shown(digits, entry.unit.is_percent)


def _on_grid(value: Fraction, measure: Measure) -> Fraction:
    digits = places(measure.entry)
    if digits is None or 10**digits % value.denominator == 0:
        return value
    near = _rounded(value, digits)
    if abs(near - value) <= NOISE:
        return near
    if not _terminates(measure.factor):
        return value  # 10 亩 are 2/3 公顷: no number of decimals holds that, and the table was right in its own unit
    if digits == 0:
        raise Unread("tables.not_whole", **_slots(value, measure))
    raise Unread("tables.decimals", digits=shown_places(measure.entry), **_slots(value, measure))


def _rounded(value: Fraction, digits: int) -> Fraction:
    scale = 10**digits
    scaled = abs(value) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, scale)


def _terminates(factor: Fraction) -> bool:
    rest = factor.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _slots(value: Fraction, measure: Measure, **more: Fraction) -> dict[str, object]:
    """What every message about a figure shows: the figure and limits in the model's unit, and a likely unit."""
    percent = measure.entry.unit.is_percent
    shown = {name: number * 100 if percent else number for name, number in {"found": value, **more}.items()}
    return shown | {
        "shown_in": measure.label(measure.entry.unit),
        "hint": _hint(value, measure),
        **_before(value, measure),
    }


def _before(value: Fraction, measure: Measure) -> dict[str, object]:
    """What stands in the cell, where its unit is another than the model's: the converted figure is in no cell."""
    if measure.as_written or measure.entry.unit.is_percent:
        return {}
    line = re.split("!|: ", measure.line)[-1]
    place = Both(line, line) if line else both("tables.in_heading")
    return {"plain": value / measure.factor, "written": measure.label(), "line": place}


def _hint(value: Fraction, measure: Measure) -> Both:
    plain = value / measure.factor
    for unit in _other_units(measure):
        if unit.scale > (measure.written or measure.entry.unit).scale and abs(plain) >= 100:
            continue  # 260.5 is not 260.5 万人: figures in a larger unit are small
        converted = plain * (HUNDREDTH if unit.is_percent else unit.factor_to(measure.entry.unit))
        if converted and _fits(converted, measure.entry):
            slots = {"unit": measure.label(unit), "plain": plain, "expected": measure.label(measure.entry.unit)}
            slots["converted"] = converted * 100 if measure.entry.unit.is_percent else converted
            return Both(say("zh", "tables.hint_unit", **slots), say("en", "tables.hint_unit", **slots))
    return Both("", "")


def _other_units(measure: Measure) -> list[Unit]:
    """Units of the same kind as the written one, the nearest in size first: people slip by as little as they can."""
    wanted = measure.entry.unit
    written = measure.written or wanted
    known = [measure.units.parse(name) for name in TABLE]
    others = [unit for unit in known if unit.same_kind(wanted) and unit != written]
    return sorted(others, key=lambda unit: max(unit.scale / written.scale, written.scale / unit.scale))


def _fits(value: Fraction, entry: Input) -> bool:
    digits = places(entry)
    on_grid = digits is None or abs(_rounded(value, digits) - value) <= NOISE
    return on_grid and (entry.min is None or value >= entry.min) and (entry.max is None or value <= entry.max)
