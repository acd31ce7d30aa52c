"""How people's words are read: width, spaces, line breaks and letter case never matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from allocation.files.text_out import UNSEEN
from allocation.patterns import LatePattern
from allocation.texts.vocabulary import Pattern

_ORDINARY = LatePattern(r"[\u4e00-\u9fff0-9A-Za-z]*")  # stays as it is, whatever is taken away
_BREAKS = LatePattern(r"\s+")
_DASHES = LatePattern(r"[-‐‑‒–—―−─]+")
_PRINTED = "（），：；！？"
_MARKS = ("<super>", "<sub>", "<circle>", "<fraction>", "<square>")
_SPAN = Pattern("table_words.years")
_ERRORS = LatePattern(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")


def squeeze(text: object) -> str:
    """`text` with NFKC and no spaces or line breaks; letter case stays (units have it)."""
    return _squeeze(str(text))


def fold(text: object) -> str:
    """`text` squeezed and in lower case: what headers and choices are compared by."""
    return _squeeze(str(text)).casefold()


def tidy(text: object) -> str:
    """`text` with NFKC and single spaces; none at all between Chinese characters (`义　县` is `义县`)."""
    return _tidy(str(text))


# Every text of a table is compared many times over.
@lru_cache(maxsize=65536)
def _squeeze(text: str) -> str:
    if _ORDINARY.fullmatch(text):
        return text
    return _BREAKS.sub("", UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=65536)
def _tidy(text: str) -> str:
    single = _BREAKS.sub(" ", UNSEEN.sub("", unicodedata.normalize("NFKC", text))).strip()
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", single)


def as_printed(text: str) -> str:
    """`text` tidied for a paper: the wide brackets and stops that Chinese is printed with stay as they were typed."""
    return "".join(part if part in _PRINTED else tidy(part) for part in re.split(f"([{_PRINTED}])", text))


def listed(text: object) -> tuple[str, ...]:
    """Several entries in one cell, separated by `；`, `;` or `、`."""
    return tuple(squeeze(part) for part in re.split("[;、]", tidy(text or "")) if squeeze(part))


def span(text: object) -> tuple[int, int] | None:
    """Years as `2017` or `2017-2020`; None for anything else."""
    years = _SPAN.fullmatch(squeeze(text or ""))
    return (int(years[1]), int(years[2] or years[1])) if years else None


def has_marks(text: str) -> bool:
    """Whether a sign such as ① ² ½ stands in it: made plain, a footnote would be one more digit of a figure."""
    return not text.isascii() and any(unicodedata.decomposition(sign).startswith(_MARKS) for sign in text)


def is_missing(text: str) -> bool:
    """Blank, a slash or only dashes: people's way to write that there is no figure."""
    bare = fold(text)
    return not bare or bare == "/" or _DASHES.fullmatch(bare) is not None


def is_excel_error(text: str) -> bool:
    return _ERRORS.fullmatch(text.strip().upper()) is not None
