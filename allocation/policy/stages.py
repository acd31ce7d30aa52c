"""The stages a table goes through, the batches of a year, the editions: each a key and the word staff use."""

from __future__ import annotations

from collections.abc import Mapping

from allocation.texts import Both, both

STAGES = {
    key: both(f"stages.stage_{key}") for key in ("trial", "consultation", "review", "meeting", "final", "correction")
}
ISSUED = ("final", "correction")  # what was sent out: made once, and corrected only by a correction
COMMENT = "consultation"
DECIDED = ("review", "meeting", *ISSUED)  # rest on no figure that the bureau has still to decide on
BATCHES = {key: both(f"stages.batch_{key}") for key in ("advance", "formal", "supplement", "transfer", "withdrawal")}
ADVANCE = "advance"
MAIN = "formal"  # the batch that the others go before or are added to
POOL_OF_CASE = "sources.pool_of_case"  # the note that a case says another pool than a file gives
STATES = {
    key: both(f"stages.state_{key}") for key in ("decided", "expected", "open")
}  # of a figure that the bureau gives
EDITIONS = {key: both(f"stages.edition_{key}") for key in ("internal", "county", "public", "land")}


def key_of(words: Mapping[str, Both], word: str) -> str:
    """The key that a key or a Chinese word means; empty for another word."""
    return next((key for key, label in words.items() if word in (key, label.zh)), "")
