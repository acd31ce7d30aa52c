"""What a row's name says it is: 合计, 小计, 其中, a statement such as 平均, a group, or somebody's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from allocation.patterns import LatePattern
from allocation.tables.spelling import fold
from allocation.texts.vocabulary import Pattern

if TYPE_CHECKING:
    from allocation.tables.cells import SourceCell

_LEAST_ALIKE = 3  # names of places to each that is none, and at least as many in all
COUNTY, TOTAL, SUBTOTAL, WITHIN, STATEMENT = "county", "total", "subtotal", "within", "statement"
GROUP, OWN = "group", "own"  # a group may be one unit; 市本级 is one, though its code is the city's

_WITHIN, _TOTAL, _SUBTOTAL = (Pattern(f"table_words.{kind}_row") for kind in ("within", "total", "subtotal"))
# Words that no place is called by: whatever stands before them, the row speaks of the other rows' figures.
_STATEMENT = Pattern("table_words.statement_row")
_GROUP = Pattern("table_words.group_row")
_OWN = Pattern("table_words.own_row")
_RANKS = [
    (Pattern(f"table_words.{level}"), height)
    for level, height in (("province", 4), ("prefecture", 3), ("city", 2), ("county", 1))
]
_MARK = Pattern("table_words.within_mark", re.IGNORECASE)
_BRACKET = LatePattern(r"\([^()]*\)$")

# Without one of these signs a name is no sum, no part and no statement: most names of places have none.
_TELLING = Pattern("table_words.telling")


@lru_cache(maxsize=65536)
def wording(label: str) -> str | None:
    """One of the kinds above where a name says so (`合 计`, `杭州市小计`, `其中：市本级`, `全市平均`), else None."""
    whole = fold(label)
    if not _TELLING.search(whole):
        bare = _bare(whole)
        return GROUP if _GROUP.fullmatch(bare) else OWN if _OWN.fullmatch(whole) else None
    if _WITHIN.fullmatch(whole):
        return WITHIN
    bare = _bare(whole)
    if _STATEMENT.fullmatch(bare) or _STATEMENT.fullmatch(re.sub(r"\(%\)$", "", whole)):
        return STATEMENT
    inner = re.search(r"\(([^()]*)\)$", whole)
    if inner and any(pattern.fullmatch(inner[1]) for pattern in (_TOTAL, _SUBTOTAL)):
        return SUBTOTAL
    for kind, pattern in ((TOTAL, _TOTAL), (SUBTOTAL, _SUBTOTAL), (GROUP, _GROUP)):
        if pattern.fullmatch(bare):
            return kind
    return OWN if _OWN.fullmatch(whole) else None


def wordings(cells: Sequence[SourceCell]) -> set[str | None]:
    """What the texts of a row say it is, each as `wording` has it."""
    return {wording(cell.text) for cell in cells if isinstance(cell.value, str)}


_UNIT = Pattern("table_words.place_or_office")
_ASIDE = Pattern("table_words.aside_row")


def odd_names(names: Sequence[str], codes: Sequence[bool]) -> dict[int, str]:
    """Rows whose name is no unit's at first sight, with why: "aside" says something else (预留, 尾差); "odd" is unlike
    the others, which nearly all end as names of places and offices do. `codes`: whether it has a national code."""
    bare = [re.sub(r"\([^()]*\)$", "", fold(name)).strip("*#· ") for name in names]
    aside = {at for at, name in enumerate(bare) if _ASIDE.fullmatch(name) and wording(names[at]) is None}
    unlike = [
        at for at, name in enumerate(bare) if at in aside or wording(names[at]) is None and not _UNIT.fullmatch(name)
    ]
    odd = {at: "aside" if at in aside else "odd" for at in unlike if not codes[at]}
    alike = sum(_UNIT.fullmatch(name) is not None for name in bare)
    few = alike >= _LEAST_ALIKE and _LEAST_ALIKE * len(unlike) <= alike
    return {at: why for at, why in odd.items() if few or why == "aside"}


def _bare(whole: str) -> str:
    """Without what stands in brackets at its end, and without marks around it."""
    return (_BRACKET.sub("", whole) if whole.endswith(")") else whole).strip(":,。*#· ")


def sets_aside(label: str) -> str | None:
    """TOTAL, SUBTOTAL, WITHIN or STATEMENT: what is no unit by its wording alone."""
    kind = wording(label)
    return kind if kind in (TOTAL, SUBTOTAL, WITHIN, STATEMENT) else None


def without_mark(label: str) -> str:
    """`其中：市本级` is the unit 市本级 where it counts."""
    return _MARK.sub("", label) or label


@lru_cache(maxsize=8192)
def rank(label: str) -> int:
    """How high a place stands by its name: 4 省, 3 自治州, 2 市, 1 县, 0 for anything else."""
    bare = re.sub(r"\([^()]*\)$", "", fold(label))
    return next((height for pattern, height in _RANKS if pattern.fullmatch(bare)), 0)
