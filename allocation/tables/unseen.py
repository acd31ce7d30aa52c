"""What nobody sees in a name: signs without a shape, and letters of one script that look like those of another."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from allocation.errors import Problem
from allocation.files.text_out import UNSEEN, unseen_in
from allocation.tables.cells import SourceSheet
from allocation.tables.spelling import tidy

MOST = 20  # cells named in notes
# Letters of Greek and Cyrillic in the shape of a Latin one, side by side.
_ALIKE = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοντυхАВЕКМНОРСТУХаеорсуіјѕԁӀ",
    "ABEZHIKMNOPTYXaovtuxABEKMHOPCTYXaeopcyijsdI",
)
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
_PLAIN = ((), ("Latin",))


def unseen_signs(sheet: SourceSheet) -> list[Problem]:
    """A note for each cell with signs that nobody sees; they were passed over when it was read."""
    notes = []
    for row, column, text in sheet.texts(UNSEEN):
        slots = {"found": unseen_in(text), "text": tidy(text)[:40]}
        notes.append(Problem("tables.unseen", slots, sheet.where(row, column)))
        if len(notes) == MOST:
            break
    return notes


def look_alikes(
    texts: Sequence[str], where: Callable[[int], str], problems: list[Problem], notes: list[Problem]
) -> None:
    """Two names or codes that look the same and are not the same are a problem; scripts mixed in one are a note.

    `where`: the cell of each text, by its place. Only Greek and Cyrillic letters look like others'.
    """
    if not any(_scripts(sign) not in _PLAIN for sign in set("".join(texts))):
        return
    shapes: dict[str, int] = {}
    for place, text in enumerate(texts):
        plain = text.isascii()
        shape, scripts = text if plain else text.translate(_ALIKE), () if plain else _scripts(text)
        other = shapes.setdefault(shape, place)
        if texts[other] != text:
            slots = {
                "text": text,
                "other": texts[other],
                "cell": where(other),
                "signs": _differing(text, texts[other]),
            }
            problems.append(Problem("tables.look_alike", slots, where(place)))
        elif len(scripts) > 1:
            notes.append(Problem("tables.mixed_scripts", {"text": text, "scripts": scripts}, where(place)))


def _scripts(text: str) -> tuple[str, ...]:
    names = [unicodedata.name(sign, "") for sign in text if sign.isalpha()]
    return tuple(script.title() for script in _SCRIPTS if any(name.startswith(script) for name in names))


def _differing(text: str, other: str) -> list[str]:
    return [f"{a} U+{ord(a):04X} / {b} U+{ord(b):04X}" for a, b in zip(text, other, strict=True) if a != b]
