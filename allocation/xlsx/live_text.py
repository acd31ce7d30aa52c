"""A text of the catalogue whose figures are worked out in the cell: what it says cannot become untrue."""

from __future__ import annotations

from allocation.patterns import LatePattern
from allocation.readings.excel_text import quoted
from allocation.texts import Speaker

_SLOT = LatePattern(r"\x00(\w+)\x01")


def live(speaker: Speaker, message: str, **formulas: str) -> str:
    """The formula of a text in the language of the book, each slot filled by a formula of its own."""
    text = speaker.say(message, **{slot: f"\x00{slot}\x01" for slot in formulas})
    pieces = _SLOT.split(text)
    terms = [formulas[piece] if place % 2 else quoted(piece) for place, piece in enumerate(pieces) if piece]
    return "&".join(terms)
