"""What a report is made of, whatever it is written into; and its figures as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from allocation.texts.decimals import PERCENTAGE, figure_text, grouped


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
    """`series` by label: a value a row (`completion`) or a year (otherwise), percentages as fractions."""

    kind: str
    caption: str
    rows: tuple[str, ...]
    series: Mapping[str, tuple[Fraction | None, ...]]


Part = Heading | Sentences | Grid | Picture


def percent(value: Fraction) -> str:
    return figure_text(value, percent=True)


def points(value: Fraction, sign: bool = False) -> str:
    """Percentage points of two decimals."""
    return figure_text(value * 100, PERCENTAGE, signed=sign)


def people(value: Fraction) -> str:
    return grouped(str(int(value)))
