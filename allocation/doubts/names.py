"""Whether two names mean one unit: 黑山 is 黑山县, and 朝阳市 is never 朝阳县."""

from __future__ import annotations

from functools import lru_cache

from allocation.patterns import LatePattern
from allocation.tables.spelling import fold
from allocation.texts.vocabulary import Pattern, the_word

_ENDING = Pattern("doubt_words.ending")
_SEAT = Pattern("doubt_words.seat")
_ABOVE = Pattern("doubt_words.above_and_below")
_MARKS = LatePattern(r"[*#※①-⑳△▲☆★]+$|^[*※△▲☆★]+")
_BRACKETED = Pattern("doubt_words.bracketed")
_PLACE = Pattern("doubt_words.town")
_LEAST = 2  # characters of a name without its 县, 市 or 区: 义 alone is nobody's name


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """Without width, spaces, the marks of footnotes, and a remark in brackets."""
    bare = _MARKS.sub("", fold(name))
    inner = _BRACKETED.fullmatch(bare)
    return inner[1] if inner else bare


@lru_cache(maxsize=65536)
def stem(name: str) -> tuple[str, str]:
    """The name without what kind of unit it is, and that kind; no kind where the name says none.

    Above it, the name of a province or city is left out: `锦州市黑山县` is `黑山县`.
    """
    bare = plain(name)
    seat = _SEAT.fullmatch(bare)
    if seat:
        return seat[1], the_word("doubt_words.own")
    bare = _alone(bare)
    ending = _ENDING.search(bare)
    if ending and ending.start() >= 1:
        return bare[: ending.start()], ending[1]
    return bare, ""


def _alone(bare: str) -> str:
    """Without the name of a province or city above it."""
    within = _ABOVE.fullmatch(bare)
    return within[2] if within else bare


def is_short_for(name: str, full: str) -> bool:
    """Whether a name is another one cut short, 凌海 for 凌海市, 阜新县 for 阜新蒙古族自治县: no paper is signed so."""
    return len(_alone(plain(name))) < len(_alone(plain(full))) and same_unit(name, full) and not _own(full)


def is_other_than(name: str, full: str) -> bool:
    """Whether a name that is known to mean a unit is not that unit's: what stands above it is no part of a name."""
    return _alone(plain(name)) != _alone(plain(full)) and not _own(full)


def _own(name: str) -> bool:
    return stem(name)[1] == the_word("doubt_words.own")


def same_unit(name: str, other: str) -> bool:
    """Whether both names mean one unit. Two names that each say what kind of unit it is must say the same."""
    left, right = plain(name), plain(other)
    if left == right:
        return True
    mine, theirs = (_ABOVE.fullmatch(text) for text in (left, right))
    if mine and theirs and mine[1] != theirs[1]:
        return False
    (a, kind), (b, other_kind) = stem(name), stem(other)
    if kind == other_kind == the_word("doubt_words.own"):
        return a == b or not a or not b
    if a != b or the_word("doubt_words.own") in (kind, other_kind):
        return False
    return kind == other_kind or (len(a) >= _LEAST and "" in (kind, other_kind))


def place_of(name: str, whole: str) -> bool:
    """Whether a name is that of a unit's town, `黑山县县城` of 黑山县: it goes by the code of the whole."""
    bare, above = plain(name), plain(whole)
    return bare.startswith(above) and _PLACE.fullmatch(bare[len(above) :]) is not None


def whole_of(name: str) -> str:
    """The unit whose town a name is, `黑山县` of `黑山县县城`; the name itself where it is nobody's town."""
    bare = plain(name)
    town = next((place for place in range(_LEAST, len(bare)) if _PLACE.fullmatch(bare[place:])), len(bare))
    return bare[:town]
