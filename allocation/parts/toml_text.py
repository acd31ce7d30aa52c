"""Parts of a model as a model file writes them: what is added to a model is written in its own language."""

from __future__ import annotations

import re
from fractions import Fraction

from allocation.texts import Both


def entry(section: str, name: str, label: Both, **keys: object) -> str:
    """One `[[section]]` of a model file."""
    said = {
        "name": name,
        "zh": label.zh,
        "en": label.en,
        **{key: value for key, value in keys.items() if value not in ("", None)},
    }
    return "\n".join(["", f"[[{section}]]", *(f"{key} = {toml(value)}" for key, value in said.items())])


def toml(value: object) -> str:
    """A value as TOML writes it; fractions as texts, which the model language reads exactly."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + " }"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", text) + '"'
