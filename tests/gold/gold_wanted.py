"""The differences from the gold's commit that are wanted, each with its reason.

Recorded anew after issue 14: what changed from before issue 12 to there is named in this file's history (28030061), old
sheet beside new sheet, and 5,758 columns of 辅助 in 51 books held the same figures by their headings.
"""

from __future__ import annotations

import re

WANTED: list[
    tuple[str, str, str, str]
] = []  # (reason, pattern of the file, of the place, of what stood and stands there)


def wanted(file: str, place: str, before: str, after: str) -> str:
    """The reason why a difference is wanted, or an empty text."""
    pair = f"{before}\n→\n{after}"
    for reason, in_file, at_place, of_pair in WANTED:
        if re.search(in_file, file) and re.search(at_place, place) and re.search(of_pair, pair):
            return reason
    return ""
