"""The texts of an evaluation: words, and slots in braces that hold a formula or a word of the run, `{_year}`.

`{formula : points}` shows a difference of two rates in percentage points. What stands in ⟦…⟧ is said only when every
slot in it has something to say; a text with a figure that is not there is not said at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.language.units import YEAR
from allocation.patterns import LatePattern
from allocation.texts import LANGUAGES, say, show
from allocation.texts.decimals import PERCENTAGE, figure_text
from allocation.years.evaluation.formulas import CheckedFormula

_PIECES = LatePattern(r"⟦(.*?)⟧|([^⟦⟧]+)", re.S)
_SLOTS = LatePattern(r"\{([^{}]*)\}|([^{}]+)", re.S)
_SHOWN = LatePattern(r"\s*[:：]\s*(\w+)\s*$")
Value = Fraction | str | bool | None
Read = Callable[[str], CheckedFormula]


@dataclass(frozen=True)
class Slot:
    """A word of the run, or a formula."""

    word: str = ""
    formula: CheckedFormula | None = None
    points: bool = False


@dataclass(frozen=True)
class TemplatePiece:
    """Words and slots in order; an optional one is left out where a slot of it is empty."""

    optional: bool
    parts: tuple[str | Slot, ...]


@dataclass(frozen=True)
class Template:
    pieces: tuple[TemplatePiece, ...]

    @property
    def slots(self) -> Iterator[Slot]:
        return (part for piece in self.pieces for part in piece.parts if isinstance(part, Slot))

    def needs(self, word: str) -> bool:
        """Whether nothing of it can be said without the word."""
        return any(Slot(word=word) in piece.parts for piece in self.pieces if not piece.optional)

    def filled(self, value: Callable[[Slot], str]) -> str | None:
        """The text with its slots filled; None where one that must be there is empty."""
        told = []
        for piece in self.pieces:
            words = [part if isinstance(part, str) else value(part) for part in piece.parts]
            if all(words):
                told.append("".join(words))
            elif not piece.optional:
                return None
        return "".join(told)


@dataclass(frozen=True)
class Saying:
    """A text in both languages, and when it is said."""

    zh: Template
    en: Template
    when: CheckedFormula | None = None

    def __getitem__(self, lang: str) -> Template:
        return self.zh if lang == "zh" else self.en

    @property
    def formulas(self) -> Iterator[CheckedFormula]:
        if self.when:
            yield self.when
        yield from (slot.formula for text in (self.zh, self.en) for slot in text.slots if slot.formula)

    @property
    def back(self) -> int:
        """How many years it looks back."""
        return max((formula.back for formula in self.formulas), default=0)


def read_text(text: str, read: Read, words: tuple[str, ...], problems: list[Problem], where: str) -> Template:
    """What is wrong with its braces, words and formulas joins `problems`."""
    unmatched = _SLOTS.sub("", _PIECES.sub(lambda piece: piece[1] or piece[2] or "", text))
    if unmatched or text.count("⟦") != text.count("⟧"):
        problems.append(Problem("evaluate.braces", {"text": text}, where))
        return Template(())
    pieces = []
    for optional, plain in _PIECES.findall(text):
        parts: list[str | Slot] = []
        for inside, written in _SLOTS.findall(optional or plain):
            if inside or not written:
                parts += _slot(inside, read, words, problems, where)
            else:
                parts.append(written)
        pieces.append(TemplatePiece(bool(optional), tuple(parts)))
    return Template(tuple(pieces))


def _slot(inside: str, read: Read, words: tuple[str, ...], problems: list[Problem], where: str) -> list[Slot]:
    shown = _SHOWN.search(inside)
    known = [say(lang, "evaluate.unit_points") for lang in LANGUAGES]
    points = shown is not None and shown[1] in known
    if shown is not None and not points:
        problems.append(Problem("evaluate.shown_as", {"found": shown[1], "known": known}, where))
        return []
    text = (inside[: shown.start()] if shown else inside).strip()
    if text.startswith("_") and text in words and not points:
        return [Slot(word=text)]
    if re.fullmatch(r"_\w+", text) and text != "_it":
        slots = {"word": text, "nearest": nearest(text, words), "known": words}
        problems.append(Problem("evaluate.no_word", slots, where))
        return []
    try:
        formula = read(text)
    except AllocationError as error:
        problems += [Problem(problem.id, problem.slots, where, problem.excerpt) for problem in error.problems]
        return []
    if points and not formula.is_rate:
        problems.append(Problem("evaluate.needs_rate", {"found": formula.text, "unit": formula.unit.name}, where))
    return [Slot(formula=formula, points=points)]


def value_text(formula: CheckedFormula, value: Value, points: bool = False, signed: bool = False) -> str:
    """A figure as a report says it; empty where there is none."""
    if value is None or isinstance(value, str):
        return value or ""
    if points:
        return figure_text(Fraction(value) * 100, PERCENTAGE, signed=signed)
    unit = formula.unit
    if unit.is_percent:
        return figure_text(value, percent=True, signed=signed)
    if unit.name == YEAR and Fraction(value).denominator == 1:
        return str(int(value))  # 2019 is a year, not 2,019
    return figure_text(value, None, signed=signed)


def filled(text: Template, lang: str, words: Mapping[str, object], value: Callable[[Slot], str]) -> str | None:
    """A text with the words of the run and figures in its slots."""

    def slot_text(slot: Slot) -> str:
        held = words.get(slot.word) if slot.word else None
        return value(slot) if slot.formula else "" if held in (None, "", 0, (), []) else show(held, lang)

    return text.filled(slot_text)
