"""A number whose format shows another number than is stored: read as people see it, where heading and format agree.

What agrees: the heading (or the line `单位：` above it) says 万元, and the format divides by just the ten thousand that
makes 万元 of 元; or the format itself says 万 behind the number, divides by as much, and the heading says 元 or 万元. A
format that divides only large numbers agrees with a heading in 元 alone. All else is a doubt, and stops.
"""

from __future__ import annotations

from fractions import Fraction

from allocation.language.units import Unit, Units
from allocation.tables.number_formats import FormatSection, multiples, powers, section_of, sections


def factor(plain: Fraction, form: str, unit: Unit, named: bool, units: Units) -> Fraction | None:
    """By what the number is multiplied to be in `unit`, the column's; None where that is in doubt.

    `named`: the table itself says the unit.
    """
    if plain == 0:
        return Fraction(1)
    section = section_of(form, plain)
    if not section.readable or not section.figure or section.turns(plain) or _other_word(section.word, unit, units):
        return None
    of_unit, said = _multiple(unit.name, units), _said(section, unit, units)
    if len(powers(form)) > 1:
        whole = of_unit == 0 and all(_agrees(part, form, unit, units) for part in powers(form) if part)
        return Fraction(1) if whole and said in (None, section.power) else None
    if said is None:
        # A plain number, or one that is divided into the very unit that the heading names.
        agrees = section.power == 0 or named and of_unit == section.power
        return Fraction(1, 10**section.power) if agrees else None
    if section.power == 0:
        return Fraction(1) if said == of_unit else None
    if said != section.power or of_unit not in (0, said):
        return None
    return Fraction(1) if of_unit == 0 else Fraction(1, 10**section.power)


def _other_word(word: str, unit: Unit, units: Units) -> bool:
    """Whether what stands behind the number is a unit that no power of ten leads to from the column's: 人 behind a sum
    of money, 公顷 in a column of 亩, 万户, which is no unit of ours."""
    if word in multiples() or not word:
        return False
    if not units.knows(word):
        return any(units.knows(word.removeprefix(prefix)) for prefix in multiples() if word.startswith(prefix))
    said = units.parse(word)
    plain = [word_unit.scale / 10 ** _multiple(word_unit.name, units) for word_unit in (said, unit)]
    return not said.same_kind(unit) or plain[0] != plain[1]


def _agrees(power: int, form: str, unit: Unit, units: Units) -> bool:
    """Whether every part of the format that divides by so much says so behind the number."""
    return all(_said(part, unit, units) == power for part in sections(form) if part.figure and part.power == power)


def _said(section: FormatSection, unit: Unit, units: Units) -> int | None:
    """Which power of ten the word behind the number means, of the column's kind of unit; None where it says none."""
    word = section.word
    if not word:
        return None
    if word in multiples():
        return multiples()[word]
    if not units.knows(word) or not units.parse(word).same_kind(unit):
        return None
    return _multiple(units.parse(word).name, units)


def _multiple(name: str, units: Units) -> int:
    """4 of 万元, 0 of 元."""
    for prefix, power in multiples().items():
        rest = name.removeprefix(prefix)
        if rest not in ("", name) and units.knows(rest) and units.knows(name):
            larger, smaller = units.parse(name), units.parse(rest)
            if larger.same_kind(smaller) and larger.scale == smaller.scale * Fraction(10) ** power:
                return power
    return 0
