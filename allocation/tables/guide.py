"""What a template says of each input: its unit, range, whether it is required, and its source, in one language."""

from __future__ import annotations

from fractions import Fraction

from allocation.language.units import Units
from allocation.policy.model import Input, Parameter
from allocation.tables.limits import places, shown_places
from allocation.texts import in_brackets, say, show


def unit_label(entry: Input, units: Units, lang: str) -> str:
    """The unit as a reader of `lang` knows it, if the reading back of a header knows that too."""
    label = units.label(entry.unit.name, lang)
    return label if units.knows(label) else entry.unit.name


def with_unit(label: str, entry: Input, units: Units, lang: str) -> str:
    """A heading that reads back: the label with that unit."""
    return label + in_brackets(unit_label(entry, units, lang), lang)


def figure_text(value: Fraction | str | None, entry: Input | Parameter, lang: str) -> str:
    """A limit or default as people write it: a percentage with its sign."""
    if isinstance(value, Fraction) and entry.unit.is_percent:
        return show(value * 100, lang) + "%"
    return show(value, lang)


def range_text(entry: Input | Parameter, lang: str) -> str:
    """`0 至 100，整数`: what may be filled in."""
    if isinstance(entry, Input) and entry.text:
        if entry.one_of:
            return say(lang, "tables.range_choice", choices=entry.one_of)
        return say(lang, "tables.range_text")
    limits = {"low": figure_text(entry.min, entry, lang), "high": figure_text(entry.max, entry, lang)}
    has_low, has_high = entry.min is not None, entry.max is not None
    kind = {(True, True): "between", (True, False): "least", (False, True): "most", (False, False): "any"}
    pieces = [say(lang, f"tables.range_{kind[has_low, has_high]}", **limits)]
    digits = shown_places(entry) if isinstance(entry, Input) else entry.decimals
    if isinstance(entry, Input) and places(entry) == 0:
        pieces.append(say(lang, "tables.whole"))
    elif digits is not None:
        pieces.append(say(lang, "tables.places", digits=digits))
    return ("，" if lang == "zh" else ", ").join(pieces)


def required_text(entry: Input, lang: str) -> str:
    if entry.default is not None:
        return say(lang, "tables.required_default", default=figure_text(entry.default, entry, lang))
    return say(lang, "tables.required_optional" if entry.optional else "tables.required_yes")


def note(entry: Input, units: Units, lang: str) -> str:
    """The comment on an input's header."""
    lines = [entry.label[lang]]
    unit = unit_label(entry, units, lang)
    if unit:
        lines.append(say(lang, "tables.note_unit", unit=unit))
    lines.append(say(lang, "tables.note_range", range=range_text(entry, lang)))
    lines.append(required_text(entry, lang))
    if entry.source:
        lines.append(say(lang, "tables.note_source", source=entry.source))
    return "\n".join(lines)
