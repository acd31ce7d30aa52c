"""The stages a table goes through, the batches of a year, the editions: each a key and the word staff use."""

from __future__ import annotations

from collections.abc import Mapping

from allocation.texts import Both

STAGES = {
    "trial": "试算",
    "consultation": "征求意见稿",
    "review": "送审稿",
    "meeting": "上会稿",
    "final": "正式稿",
    "correction": "更正",
}
ISSUED = ("final", "correction")  # what was sent out: made once, and corrected only by a correction
COMMENT = "consultation"
DECIDED = ("review", "meeting", *ISSUED)  # rest on no figure that the bureau has still to decide on
BATCHES = {
    "advance": Both("提前下达", "advance"),
    "formal": Both("正式下达", "main issue"),
    "supplement": Both("追加", "supplement"),
    "transfer": Both("调剂", "transfer"),
    "withdrawal": Both("收回", "withdrawal"),
}
ADVANCE = "advance"
MAIN = "formal"  # the batch that the others go before or are added to
STATES = {"decided": "已定", "expected": "暂定", "open": "未定"}  # of a figure that the bureau gives
EDITIONS = {"internal": "内部", "county": "送县", "public": "公开", "land": "土地"}


def key_of(words: Mapping[str, str], word: str) -> str:
    """The key that a key or a Chinese word means; empty for another word."""
    return next((key for key, zh in words.items() if word in (key, zh)), "")


def word_of(words: Mapping[str, str], key: str, lang: str) -> str:
    return words[key] if lang == "zh" else key
