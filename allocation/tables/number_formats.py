"""What a number format makes of a number: how what is shown differs from what is stored, and which unit it says.

`#,##0,` shows thousands, `0!.0,` ten thousands (a point that is only drawn, before the last digit), `0!.0000` too; so
does `[>=10000]0!.0,"万";0`, but only to what is large enough. A figure is what people see, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache

from allocation.classes import dataclass
from allocation.patterns import LatePattern
from allocation.texts.vocabulary import Pattern, meanings

_TOKEN = Pattern("table_words.format_token", re.IGNORECASE | re.DOTALL)
_CONDITION = LatePattern(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_DRAWN_DIGIT = LatePattern(r"[0-9.．。]")
_POINTS = (".", "．", "。", "·")
_GROUPS = (" ", ",", "'", "，", "\u00a0", "\u202f", "’")
_TESTS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": Fraction.__lt__, "<=": Fraction.__le__, ">": Fraction.__gt__, ">=": Fraction.__ge__, "=": Fraction.__eq__,
    "<>": Fraction.__ne__,
}  # fmt: skip


@cache
def multiples() -> dict[str, int]:
    """The power of ten that a word, or a letter, behind a figure stands for."""
    return {word: int(power) for word, power in meanings("table_words.multiples").items()}


@dataclass(frozen=True)
class FormatSection:
    """One of the parts between semicolons. What it shows is the number ÷ 10 ** `power`, with `decimals` decimals.

    `word`: what is written behind the number, without currency signs and spaces. `percent`: the number is shown times
    100 with a percent sign. `figure`: it shows a number at all; `readable`: we know which. `minus`: before it stands a
    minus sign or a bracket that is only drawn.
    """

    power: int = 0
    decimals: int | None = None  # None: as many as it takes
    word: str = ""
    percent: bool = False
    figure: bool = True
    readable: bool = True
    test: tuple[str, Fraction] | None = None
    minus: bool = False  # a minus sign or a bracket is drawn before the number

    def holds(self, value: Fraction) -> bool:
        return self.test is None or _TESTS[self.test[0]](value, self.test[1])

    def turns(self, value: Fraction) -> bool:
        """Whether it shows a number above 0 as one below."""
        return self.minus and value > 0

    def shown(self, value: Fraction) -> Fraction:
        """The number that people read, before it is rounded to the decimals that are shown."""
        divisor: int = 10**self.power
        return value / divisor * (100 if self.percent else 1)

    def text(self, value: Fraction) -> str:
        """What the cell shows, grouping of digits and currency aside."""
        number = self.shown(value)
        if self.decimals is not None:
            scaled = abs(number) * 10**self.decimals
            number = Fraction(int(scaled + Fraction(1, 2)), 10**self.decimals) * (1 if number >= 0 else -1)
        digits = f"{float(number):.15g}" if self.decimals is None else f"{float(number):.{self.decimals}f}"
        return ("-" if self.turns(value) else "") + digits + ("%" if self.percent else self.word)


GENERAL = FormatSection()


@lru_cache(maxsize=1024)
def sections(form: str) -> tuple[FormatSection, ...]:
    """The parts of a format, with the tests its signs stand for where it writes none."""
    parts = [_section(part) for part in _split(form)][:4]
    numeric = parts[:3]
    if any(part.test for part in numeric):
        # What no test holds for takes the first part without one, or is shown as it is.
        return (*numeric, GENERAL) if all(part.test for part in numeric) else tuple(numeric)
    nothing = Fraction(0)
    if len(numeric) == 2:
        return _tested(numeric[1], "<", nothing), numeric[0]
    if len(numeric) == 3:
        tests = zip(numeric, (">", "<", "="), strict=True)
        return tuple(_tested(part, sign, nothing) for part, sign in tests)
    return tuple(numeric)


def section_of(form: str, value: Fraction) -> FormatSection:
    return next((part for part in sections(form) if part.holds(value)), GENERAL)


@lru_cache(maxsize=1024)
def is_plain(form: str) -> bool:
    """Whether every number shows as it is stored, but for rounding: what nearly all formats do."""
    simple = (
        part.readable
        and part.figure
        and not (part.power or part.percent or part.word or part.minus and not (part.test and part.test[0] in "<="))
        for part in sections(form)
    )
    return all(simple)


def powers(form: str) -> set[int]:
    """Of the parts that show a number other than 0, by which powers of ten they divide it."""
    zero = Fraction(0)
    return {part.power for part in sections(form) if part.figure and part.test != ("=", zero)}


def _tested(section: FormatSection, sign: str, bound: Fraction) -> FormatSection:
    return replace(section, test=(sign, bound))


def _split(form: str) -> list[str]:
    """The parts between semicolons that are not quoted or escaped."""
    parts, rest = [""], form or "General"
    for match in _TOKEN.finditer(rest):
        if match["sign"] == ";":
            parts.append("")
        else:
            parts[-1] += match[0]
    return parts


def _section(text: str) -> FormatSection:
    reader = _FormatReader()
    for match in _TOKEN.finditer(text):
        reader.take(match)
    return reader.section()


class _FormatReader:
    """Goes through one part of a format from left to right."""

    def __init__(self) -> None:
        self.test: tuple[str, Fraction] | None = None
        self.digits = 0  # runs of placeholders so far
        self.point = False  # a real decimal point has come
        self.decimals = self.drawn = 0  # places behind it, and behind one that is only drawn
        self.drawing = False  # a point has been drawn: the placeholders that follow stand behind it
        self.commas = 0  # directly behind the last placeholder
        self.general = self.power = self.fraction = self.text = False
        self.percents = 0
        self.between = ""  # what is written since the last placeholder
        self.odd = self.minus = False

    def take(self, match: re.Match[str]) -> None:
        if match["bracket"] is not None:
            self._bracket(match["bracket"])
        elif match["general"]:
            self.general, self.between = True, ""
        elif match["digits"]:
            self._digits(len(match["digits"]))
        elif match["power"]:
            self.power = True
        elif match["quoted"] is not None or match["escaped"]:
            self.between += match["quoted"] if match["quoted"] is not None else match["escaped"]
        elif match["sign"]:
            self._sign(match["sign"])

    def _bracket(self, inner: str) -> None:
        condition = _CONDITION.fullmatch(inner.replace(" ", ""))
        if condition:
            self.test = condition[1], Fraction(condition[2])

    def _digits(self, count: int) -> None:
        if self.power or self.fraction:
            return
        if self.digits and self.between:
            if self.between in _POINTS and not self.point and not self.drawing:
                self.drawing = True
            elif not all(sign in _GROUPS for sign in self.between) and not self.fraction:
                self.odd = True
        if not self.digits:
            self.minus = re.search(r"[-−(（]", self.between) is not None
            self.odd |= _DRAWN_DIGIT.search(self.between) is not None  # "1"0 shows 5 as 15
        if self.commas and self.point:
            self.odd = True  # 0.0,0
        self.commas, self.between = 0, ""
        self.digits += 1
        if self.point:
            self.decimals += count
        if self.drawing:
            self.odd |= self.point
            self.drawn += count

    def _sign(self, sign: str) -> None:
        if sign == "." and self.power:
            return
        if sign == ".":
            self.odd |= self.point or self.drawing
            self.point = True
            self.odd |= bool(self.between or self.commas)  # of 0,.0 programs make different things
        elif sign == "," and self.digits and not self.between:
            self.commas += 1
        elif sign == "%":
            self.percents += 1
        elif sign == "/" and self.digits and not self.general:
            self.fraction = True
        elif sign == "@":
            self.text = True
        else:
            self.between += sign

    def section(self) -> FormatSection:
        power = 3 * self.commas + self.drawn
        word = re.sub(r"[\s￥¥$€£()（）+-]", "", self.between)
        if word == "%" and not self.percents:
            self.percents, power, word = 1, power + 2, ""  # a sign that is only drawn: 55.3 is shown as 55.3%
        figure = bool(self.digits or self.general or self.text)
        odd = self.odd or self.percents > 1 or bool(self.percents and power not in (0, 2)) or self.drawn and self.point
        odd = odd or bool((self.power or self.fraction) and power)
        odd = odd or bool(self.digits and not self.fraction and re.match(r"\d", word))  # 0"000" shows 5 as 5000
        decimals = self.decimals + self.drawn if self.digits and not (self.power or self.fraction) else None
        if self.general or self.text:
            decimals = None
        return FormatSection(power, decimals, word, self.percents == 1, figure, not odd, self.test, self.minus)
