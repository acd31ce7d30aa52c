"""What was changed, in words: old → new."""

from __future__ import annotations

from allocation.policy.model import Model
from allocation.readings.amounts import amount
from allocation.run.scenario import Changed
from allocation.texts import Both, Worded, in_brackets


def changed_text(model: Model, change: Changed) -> Both:
    """Old → new of one changed figure."""
    entry, key = model.entry(change.name), f"·{change.key}" if change.key else ""

    def told(lang: str) -> str:
        county = in_brackets(change.county, lang)
        old, new = ("—" if value is None else amount(value, entry.unit, lang) for value in (change.old, change.new))
        return f"{entry.label[lang]}{key}{county}{'：' if lang == 'zh' else ': '}{old} → {new}"

    return Worded(told)
