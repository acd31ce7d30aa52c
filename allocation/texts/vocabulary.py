"""How people write what the program reads: headings of forms, words in cells, what tells a total or a unit.

`recognised/<area>.toml` holds an entry a line, Chinese and English together, as both are always read: words apart by
` | ` (of those that are shown as well the first is the Chinese one, the last the English), or a pattern, in which
⟨name⟩ stands for another entry of the same area, ⟨NAME⟩ for what code gives. Entries are read when they are first
asked for, so that a module names them without opening a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import overload

from allocation.patterns import LatePattern
from allocation.texts import Both, Worded, catalogue

RECOGNISED = "recognised"
_WITHIN = LatePattern(r"⟨(\w+)⟩")


def _entry(entry: str) -> str:
    area, key = entry.split(".", 1)
    return catalogue(RECOGNISED, area)[key]


class Spellings(Sequence[str]):
    """The words that mean one thing, in the order they stand."""

    def __init__(self, entry: str) -> None:
        self.entry = entry

    @cached_property
    def all(self) -> tuple[str, ...]:
        return tuple(_entry(self.entry).split(" | "))

    @property
    def label(self) -> Both:
        """As they are shown."""
        return Worded(lambda lang: self[0 if lang == "zh" else -1])

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self.all[place]

    def __len__(self) -> int:
        return len(self.all)

    def __repr__(self) -> str:
        return f"Spellings({self.entry!r})"


def the_word(entry: str, **slots: object) -> str:
    """The one word of an entry, or its text with the slots filled: what is written alike in both languages."""
    return _entry(entry).format(**slots)


@cache
def meanings(entry: str) -> dict[str, str]:
    """What each word of an entry stands for: `万=4 | 亿=8`."""
    pairs = (text.rpartition("=") for text in _entry(entry).split(" | "))
    return {word: meaning for word, _, meaning in pairs}


class Pattern(LatePattern[str]):
    """A pattern of the vocabulary: not even its text is read before it is first asked."""

    def __init__(self, entry: str, flags: int = 0, **given: str) -> None:
        self.entry, self.flags, self.given = entry, flags, given

    @cached_property
    def pattern(self) -> str:  # type: ignore[override]
        return pattern_text(self.entry, **self.given)


def pattern_text(entry: str, **given: str) -> str:
    """An entry with those it takes in, and what code gives, put where they are named."""
    area = entry.split(".", 1)[0]
    return _WITHIN.sub(lambda name: given.get(name[1]) or pattern_text(f"{area}.{name[1]}"), _entry(entry))
