"""An address as people read it: `weight[settled]@each` is 落户人数权重（各地）."""

from __future__ import annotations

from fractions import Fraction

from allocation.policy.model import Model, Parameter
from allocation.run.scenario import Change, name_of
from allocation.texts import decimal_text, in_brackets, say
from allocation.texts.spans import year_label


def label_of(model: Model, address: str, lang: str) -> str:
    """The Chinese label with what else the address says; in English the address, whose names are English."""
    change = Change(address, Fraction(0))
    name = name_of(model, change)
    if lang != "zh" or not name:
        return address
    entry, parts = model.entry(name), change.parts
    keyed = isinstance(entry, Parameter) and entry.kind != "scalar"
    each = say(lang, "scenario.each") if parts.selector == "each" else parts.selector
    where = "、".join(part for part in (each, year_label(parts.year).zh if parts.year else "") if part)
    key = f"·{parts.key}" if keyed and parts.key else ""
    return f"{entry.label.zh}{key}" + in_brackets(where, lang)


def set_to(model: Model, change: Change, lang: str, plain: str) -> str:
    """`奖励资金总额=6000`, a share as `90%`; in English as it is typed, with `plain` for the value."""
    name = name_of(model, change)
    share = change.value if name and model.entry(name).unit.is_percent else None
    value = f"{decimal_text(share * 100)}%" if isinstance(share, Fraction) and lang == "zh" else plain
    return f"{label_of(model, change.address, lang)}={value}"
