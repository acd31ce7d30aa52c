"""What a person said about a table: columns that are not used, and what a row is that the table leaves in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cache

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.tables.spelling import fold
from allocation.tables.wording import COUNTY, TOTAL, WITHIN
from allocation.texts.vocabulary import Spellings

_ENGLISH = {COUNTY: "unit", TOTAL: "total", WITHIN: "within"}


@cache
def _kind_of() -> dict[str, str]:
    return {word: kind for kind in (COUNTY, TOTAL, WITHIN) for word in Spellings(f"table_words.said_{kind}")}


@dataclass(frozen=True)
class Said:
    """`unused`: headings of columns; `rows`: a row's code or name → COUNTY, TOTAL or WITHIN."""

    unused: tuple[str, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """As a record keeps it."""
        rows = (("row", f"{key}={_ENGLISH[kind]}") for key, kind in self.rows.items())
        return (*(("unused", heading) for heading in self.unused), *rows)


def said_again(pairs: Sequence[Sequence[str]]) -> Said:
    """From what a record kept."""
    return said_of([text for kind, text in pairs if kind == "unused"], [text for kind, text in pairs if kind == "row"])


NOTHING = Said()


def said_of(unused: Sequence[str] = (), rows: Sequence[str] | Mapping[str, str] = ()) -> Said:
    """From what was typed: headings, and `130401=单位` (or a mapping). Raises on a word that is none of the kinds."""
    pairs = rows.items() if isinstance(rows, Mapping) else [text.rpartition("=")[::2] for text in rows]
    problems: list[Problem] = []
    kinds: dict[str, str] = {}
    for key, word in pairs:
        kind = _kind_of().get(fold(word))
        if kind is None or not key.strip():
            problems.append(Problem("tables.row_option", {"found": f"{key}={word}" if key else word}, "--row"))
        elif kinds.setdefault(fold(key), kind) != kind:
            problems.append(Problem("tables.row_option_twice", {"found": key}, "--row"))
    if problems:
        raise AllocationError(problems)
    return Said((unused,) if isinstance(unused, str) else tuple(unused), kinds)
