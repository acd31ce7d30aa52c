"""An address as people read it, and as the form of settings has it: `weight[settled]@each` is 落户人数权重（各地）."""

from __future__ import annotations

from fractions import Fraction

from allocation.language.units import PURE
from allocation.policy.model import Input, Model, Parameter
from allocation.readings.amounts import amount
from allocation.run.scenario import Change, entry_of, figure_key, name_of
from allocation.texts import Speaker, decimal_text, exact_text, in_brackets, say
from allocation.texts.spans import year_label


def label_of(model: Model, address: str, lang: str) -> str:
    """The Chinese label with what else the address says; in English the address, whose names are English."""
    change = Change(address, Fraction(0))
    name = name_of(model, change)
    if lang != "zh" or not name:
        return address
    entry, parts = model.entry(name), change.parts
    each = say(lang, "scenario.each") if parts.selector == "each" else parts.selector
    where = "、".join(part for part in (each, year_label(parts.year).zh if parts.year else "") if part)
    key = figure_key(entry, change) if isinstance(entry, Parameter) else ""
    return entry.label.zh + (f"·{key}" if key else "") + in_brackets(where, lang)


def set_to(model: Model, change: Change, lang: str, plain: str) -> str:
    """`奖励资金总额=6000`, a share as `90%`; in English as it is typed, with `plain` for the value."""
    name = name_of(model, change)
    share = change.value if name and model.entry(name).unit.is_percent else None
    value = f"{decimal_text(share * 100)}%" if isinstance(share, Fraction) and lang == "zh" else plain
    return f"{label_of(model, change.address, lang)}={value}"


def key_shown(entry: Parameter, key: str, lang: str) -> str:
    """The key; of a band its place and its edges, `2（> 10 %，≤ 20 %）`."""
    if not entry.bands:
        return key
    place = int(key) - 1
    low, high = entry.bands[place - 1].edge if place else None, entry.bands[place].edge
    signs = ("≥", "<") if entry.below else (">", "≤")
    said = [f"{sign} {amount(edge, entry.by_unit, lang)}"
            for sign, edge in zip(signs, (low, high), strict=True) if edge is not None]  # fmt: skip
    text = ("，" if lang == "zh" else ", ").join(said)
    return key + in_brackets(text, lang)


def name_shown(entry: Parameter, key: str, speaker: Speaker) -> str:
    """`因素权重/落户人数`, `城市规模系数/大城市`."""
    item = key_shown(entry, key, speaker.lang)
    return entry.label[speaker.lang] + (f"/{item}" if item else "")


def form_label(model: Model, address: str, speaker: Speaker) -> str:
    """What the form of settings calls the figure of an address, with its unit: `奖励资金总额（万元）`."""
    entry = entry_of(model, address)
    if not isinstance(entry, Parameter):
        return label_of(model, address, speaker.lang)
    return model.units.with_own_unit(
        name_shown(entry, figure_key(entry, Change(address, None)), speaker), entry.unit, PURE, speaker.lang
    )


def as_typed(entry: Parameter | Input, value: Fraction | str | None) -> str:
    """A figure as a person would type it: a percentage with its sign."""
    if not isinstance(value, Fraction):
        return value or ""
    if not entry.unit.is_percent:
        return exact_text(value) or ""
    percentage = exact_text(value * 100) or ""
    return f"{percentage}%" if "/" not in percentage else exact_text(value) or ""
