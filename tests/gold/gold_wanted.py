"""The differences from the commit before issue 12 that are wanted, each with its reason."""

from __future__ import annotations

import re

WANTED: list[tuple[str, str, str, str]] = []  # (reason, pattern of the file, of the place, of what stands there now)


def wanted(file: str, place: str, before: str, after: str) -> str:
    """The reason why a difference is wanted, or an empty text."""
    for reason, in_file, at_place, now in WANTED:
        if re.search(in_file, file) and re.search(at_place, place) and re.search(now, after):
            return reason
    return ""
