"""What a report is made of, whatever it is written into; and its figures as texts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from allocation.classes import dataclass


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Sentences:
    """One paragraph."""

    text: str


@dataclass(frozen=True)
class Grid:
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = True
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """`series` by label: a value a row (`bars`) or a year (`lines`); `target`: where bars have their line, and
    `sides` what those that reach it and those that do not are called.
    """

    kind: str
    caption: str
    rows: tuple[str, ...]
    series: Mapping[str, tuple[Fraction | None, ...]]
    percent: bool = True
    target: Fraction | None = None
    sides: tuple[str, str] = ("", "")


Printed = Heading | Sentences | Grid | Picture
