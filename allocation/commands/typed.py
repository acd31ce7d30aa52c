"""A command line as a Chinese keyboard or a document gives it: “quotes” of its own, —— for --, ＝ for =."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

import click

from allocation.patterns import LatePattern

_QUOTED = LatePattern("[“”\"‘’']([^“”\"‘’']*)[“”\"‘’']")
_OPTION = LatePattern("[-‐‑‒–—―−－]{1,4}([A-Za-z][A-Za-z-]*)(?:[=＝](.*))?", re.DOTALL)


def mended(words: Sequence[str], options: Container[str]) -> list[str]:
    """The words without quotes around them, and the known `options` spelt as they are; all else as typed.

    `“--set”` and `——set` are --set, `--input＝表.xlsx` is --input=表.xlsx.
    """
    return [_option(quoted[1] if (quoted := _QUOTED.fullmatch(word)) else word, options) for word in words]


def given_twice(words: Sequence[str], command: click.Command | None) -> list[str]:
    """The options of one value that are written more than once: only the last would count, and nobody would know.

    A second --lang is harmless: whoever reads the answer sees which one counted.
    """
    said = [word.partition("=")[0] for word in words]
    options = [option for option in command.params if isinstance(option, click.Option)] if command else []
    once = [option for option in options if not option.multiple and not option.is_flag]
    single = [opt for option in once for opt in option.opts if opt != "--lang"]
    return [opt for opt in single if said.count(opt) > 1]


def _option(word: str, options: Container[str]) -> str:
    spelt = _OPTION.fullmatch(word)
    if not spelt or re.match("-[A-Za-z]", word):
        return word
    right = f"--{spelt[1]}" if spelt[2] is None else f"--{spelt[1]}={spelt[2]}"
    return right if right != word and f"--{spelt[1]}" in options else word
