"""The catalogue as it stands in its files: a TOML file per language and area, a message a line."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from allocation.patterns import LatePattern

_PLAIN = LatePattern(r"""(\w+) = (?:"([^"\\]*)"|'([^']*)')""")


@cache
def catalogue(lang: str, area: str) -> dict[str, str]:
    """The messages of an area: a line each, so that TOML's own reader, which is slow, is asked only about escapes."""
    messages: dict[str, str] = {}
    for line in (Path(__file__).parent / lang / f"{area}.toml").read_text(encoding="utf-8").splitlines():
        plain = _PLAIN.fullmatch(line)
        messages |= {plain[1]: plain[plain.lastindex or 0]} if plain else tomllib.loads(line)
    return messages
