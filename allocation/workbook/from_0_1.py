"""Versions made by 0.1, where the names that parts add were plain ones. Stands apart, and goes with 0.3."""

from __future__ import annotations

import re

OF_FILES = re.compile(r"adjustment_\d+(_role)?|source_(amount|reserve|advanced|paid)(\..+)?|advance_paid")
ROLES = re.compile(r"adjustment_\d+_role|handled(\..*)?|approved|owed_before")  # how a part works, not what was decided
SIGNS = {
    "adjustments": "_adjustment_1",
    "sources": "_source_amount.s1",
    "settlement": "_advance_paid",
    "correction": "_settled_in",
}  # a name that is there, as it is called today, where a part was added
OF_CORRECTIONS = re.compile(r"settled_in|handled(\..+)?|approved|owed_before")


def with_names_of_today(record: dict) -> dict:
    """The JSON of a version with the names of 0.2. One of 0.2 says which parts it has, and is left as it is.

    A plain name is a part's only where something was attached or corrected: elsewhere it is the author's own.
    """
    figures = record.get("figures", {})
    if "parts" in record:
        return record
    patterns = [OF_FILES] if record.get("attached") else []
    if record.get("version", {}).get("stage") == "correction":
        patterns.append(OF_CORRECTIONS)

    def today(name: str) -> str:
        return f"_{name}" if any(pattern.fullmatch(name) for pattern in patterns) else name

    kept = {
        kind: {today(name): held for name, held in figures.get(kind, {}).items()} for kind in ("parameters", "inputs")
    }
    names = {name for held in kept.values() for name in held}
    parts = [kind for kind, sign in SIGNS.items() if patterns and sign in names]
    return {**record, "parts": parts, "figures": {**figures, **kept}}
