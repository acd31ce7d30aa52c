"""What was changed, in words: old → new."""

from __future__ import annotations

from allocation.policy.model import Model
from allocation.readings.amounts import amount
from allocation.run.scenario import Changed
from allocation.texts import in_brackets, show


def changed_text(model: Model, change: Changed, lang: str) -> str:
    """Old → new of one changed figure."""
    label = show(model.entry(change.name).label, lang)
    label += f"·{change.key}" if change.key else ""
    county = in_brackets(change.county, lang)
    unit = model.entry(change.name).unit
    old, new = ("—" if value is None else amount(value, unit, lang) for value in (change.old, change.new))
    return f"{label}{county}：{old} → {new}" if lang == "zh" else f"{label}{county}: {old} → {new}"
