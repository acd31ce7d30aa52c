"""The number of the document of this issue, where another batch of the fund was already issued under it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from allocation.doubts.doubt import Doubt
from allocation.errors import Problem
from allocation.texts import LANGUAGES, Both
from allocation.texts.vocabulary import Pattern, the_word

_NUMBERED, _UNNUMBERED = Pattern("doubt_words.numbered"), Pattern("doubt_words.unnumbered")


def plain_number(text: str) -> str:
    """`锦财指(2024) 12 号` as `锦财指202412`; empty where the number itself is still to come, `锦财指〔2024〕  号`."""
    squeezed = re.sub(r"\s", "", text)
    if not _NUMBERED.search(squeezed) or _UNNUMBERED.search(squeezed):
        return ""
    return re.sub(r"\W", "", squeezed).removesuffix(the_word("doubt_words.number_sign"))


def copied_doubts(number: str, where: str, alike: Sequence[Both]) -> Iterator[Doubt]:
    """At most one. `alike`: final versions of other batches of the kind on the same figures, while this one's document
    has no number yet that would tell it from theirs.
    """
    if alike:
        said = Both(*("、".join(version[lang] for version in alike) for lang in LANGUAGES))
        slots = {"number": number, "said": said}
        yield Doubt(
            "number", (), tuple(version["zh"] for version in alike), Problem("doubts.number_blank", slots, where)
        )


def number_doubts(number: str, where: str, issued: Mapping[str, Iterable[Both]]) -> Iterator[Doubt]:
    """At most one. `issued`: by plain number the final versions that other issues have on record."""
    plain = plain_number(number)
    if not plain or not (versions := list(issued.get(plain, ()))):
        return
    said = Both(*("、".join(version[lang] for version in versions) for lang in LANGUAGES))
    figures = (plain, *(version["zh"] for version in versions))
    yield Doubt("number", (), figures, Problem("doubts.number_used", {"number": number, "said": said}, where))
