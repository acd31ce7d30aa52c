"""What a person reads, in two languages: one TOML file per language and area, `zh/tables.toml`, keyed by message id.

`say("zh", "tables.header_missing", ...)` opens only the area it needs. A slot whose value is a `Both` is worded in the
language asked for. What stands in ⟦…⟧ is said only when every slot in it has something to say: no "nearest: —". What
stands in ⟪…⟫ is typed at a terminal, and said otherwise to whoever reads the page (`texts/remedies.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from math import isfinite
from typing import Protocol, TypeVar, runtime_checkable

from allocation.classes import dataclass
from allocation.patterns import LatePattern
from allocation.texts.messages import catalogue as catalogue
from allocation.texts.remedies import OptionWords, Reader, options_said, spoken

LANGUAGES = ("zh", "en")
_OPTIONAL = LatePattern("⟦([^⟧]*)⟧")
_SLOT = LatePattern(r"{(\w+)}")
_NOTHING = ("", "—")
Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Both:
    """A label that exists in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def __eq__(self, other: object) -> bool:
        return (self.zh, self.en) == (other.zh, other.en) if isinstance(other, Both) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.zh, self.en))

    def __add__(self, other: Both) -> Both:
        return Worded(lambda lang: self[lang] + other[lang])


class Worded(Both):
    """A label whose texts are asked for when they are first shown: a module names one without opening a file."""

    def __init__(self, ask: Callable[[str], str]) -> None:
        self.__dict__["ask"] = ask

    def __getattr__(self, lang: str) -> str:
        if lang not in LANGUAGES:
            raise AttributeError(lang)
        text: str = self.__dict__["ask"](lang)
        self.__dict__[lang] = text
        return text

    def __reduce__(self) -> tuple[type[Both], tuple[str, str]]:
        return Both, (self.zh, self.en)  # another process, or a copy, has the texts themselves

    def __repr__(self) -> str:
        return f"Both({self.zh!r}, {self.en!r})"


def both(message: str, /, **slots: object) -> Both:
    """The message of the catalogue as a label of both languages."""
    return Worded(lambda lang: say(lang, message, **slots)) if slots else _alone(message)


@cache
def _alone(message: str) -> Both:
    return Worded(lambda lang: say(lang, message))


def bracketed(text: object, inside: object) -> Both:
    """`text（inside）`, in English `text (inside)`; without brackets where there is nothing inside."""
    return Worded(lambda lang: show(text, lang) + in_brackets(show(inside, lang), lang))


def in_brackets(text: str, lang: str) -> str:
    """`（text）`, in English ` (text)`, to stand behind another; nothing where there is nothing to say."""
    if not text:
        return ""
    return f"（{text}）" if lang == "zh" else f" ({text})"


def say(lang: str, message: str, /, **slots: object) -> str:
    """The message in `lang`, its slots filled. Unknown ids raise KeyError: a programmer's slip, not a user's."""
    return AT_TERMINAL[lang].say(message, **slots)


class Speaker:
    """What speaks one language to one reader, given when it is made: a book, a sheet, a letter, a screen."""

    lang: str
    reader: Reader = "terminal"

    def say(self, message: str, /, **slots: object) -> str:
        area, key = message.split(".", 1)
        shown = {name: _shown("—" if value is None else value, self) for name, value in slots.items()}

        def optional(part: re.Match[str]) -> str:
            filled = all(shown.get(slot, "") not in _NOTHING for slot in _SLOT.findall(part[1]))
            return part[1] if filled else ""

        text = spoken(catalogue(self.lang, area)[key], self)
        return (_OPTIONAL.sub(optional, text) if "⟦" in text else text).format(**shown)


@runtime_checkable
class Tellable(Protocol):
    """What a message says of something else that is told: whoever speaks tells that too, in the same words."""

    def told_by(self, speaker: Speaker) -> str: ...


class _Terminal(Speaker):
    def __init__(self, lang: str):
        self.lang = lang


AT_TERMINAL: Mapping[str, Speaker] = {lang: _Terminal(lang) for lang in LANGUAGES}


def show(value: object, lang: str) -> str:
    """A value as text: labels in the language, fractions and floats as plain decimals, lists joined."""
    return _shown(value, AT_TERMINAL[lang])


def _shown(value: object, speaker: Speaker) -> str:
    if isinstance(value, Both):
        return value[speaker.lang]
    if isinstance(value, OptionWords):
        return options_said(value, speaker)
    if isinstance(value, float) and isfinite(value):
        value = Fraction(float.__repr__(value))
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, (list, tuple)):
        return ("、" if speaker.lang == "zh" else ", ").join(_shown(item, speaker) for item in value)
    return value.told_by(speaker) if isinstance(value, Tellable) else str(value)


def shortened(items: Sequence[Item], most: int) -> list[Item | str]:
    """The first `most` of a list, and a sign that there are more."""
    return [*items[:most], *["…"] * (len(items) > most)]


def decimal_text(value: Fraction, digits: int = 9) -> str:
    """A fraction as a plain decimal of at most `digits` places, trailing zeros dropped."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    left, right = divmod(whole, 10**digits)
    text = f"{left}.{right:0{digits}d}".rstrip("0").rstrip(".")
    return "-" + text if value < 0 and whole else text


def whole_text(value: Fraction) -> str:
    """A decimal that ends with all its digits; a quotient that never ends to fifteen places, or fifteen digits."""
    below = value.denominator
    places = 0
    for prime in (2, 5):
        count = 0
        while below % prime == 0:
            below, count = below // prime, count + 1
        places = max(places, count)
    if below == 1:
        return decimal_text(value, places)
    zeros = 0
    while abs(value) * 10 ** (zeros + 1) < 1:
        zeros += 1
    return decimal_text(value, 15 + zeros)


_FIFTEEN = 10**15


def exact_text(value: Fraction | int | str | None) -> str | None:
    """A figure as a plain decimal, a quotient where no decimal of 15 places is exact; None where it is missing."""
    if value is None or isinstance(value, str):
        return value
    figure = value if isinstance(value, Fraction) else Fraction(value)
    above, below = figure.numerator, figure.denominator
    if below == 1:
        return str(above)
    if _FIFTEEN % below:
        return f"{above}/{below}"
    left, right = divmod(abs(above) * (_FIFTEEN // below), _FIFTEEN)
    return f"{'-' * (above < 0)}{left}.{right:015d}".rstrip("0")
