"""The differences from the commit before issue 12 that are wanted, each with its reason."""

from __future__ import annotations

import re

ABSENT = "issue 11: a column that a model can do without is no figure that nobody gave"
WANTED: list[tuple[str, str, str, str]] = [
    (ABSENT, r"(incentive_fund|fund/settled)/incentive_fund\.xlsx$", r"^(Cover|封面)![AB]9( format)?$", "^$"),
    (
        ABSENT,
        r"(incentive_fund|fund/settled)/incentive_fund\.xlsx$",
        r"^(Checks|核对)( merged$|![A-E]10[17]( format)?$)",
        "",
    ),
    (
        ABSENT,
        r"^\$ allocation run incentive_fund .*--out outputs/(zh|en)/(incentive_fund|fund/settled) ",
        r"^(19|21)$",
        "",
    ),
    ("a record of its own, on a sheet that no person reads", r"\.xlsx$", r"^_record[ !]", ""),
    ("a record of its own, on a sheet that no person reads", r"\.xlsx$", r"^sheets$", r"_record', 'veryHidden"),
    ("a name that a part adds begins with _", r"\.xlsx$", r"![A-Z]+\d+$", r"^\('_[a-z0-9_.]+', '_[a-z0-9_.]+'\)$"),
    ("溯源 says the record of schema 2 in words", r"\.xlsx$", r"^(溯源|Provenance)[ !]", ""),
    (
        "a manifest is the record of schema 2, with the model's text and seals",
        r"^(?!(.*/)?(journal|register|collected)[/.]).*\.json$",
        "",
        "",
    ),
]  # (reason, pattern of the file, of the place, of what stands there now)


def wanted(file: str, place: str, before: str, after: str) -> str:
    """The reason why a difference is wanted, or an empty text."""
    for reason, in_file, at_place, now in WANTED:
        if re.search(in_file, file) and re.search(at_place, place) and re.search(now, after):
            return reason
    return ""
