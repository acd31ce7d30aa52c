"""The rows of a sealed table: which unit each is of, and which figures stand beside it, in whatever order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from allocation.classes import dataclass
from allocation.language.units import Unit, Units
from allocation.patterns import LatePattern
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.tables.spelling import fold, tidy
from allocation.tables.wording import sets_aside, without_mark, wording
from allocation.texts.vocabulary import Pattern

_COUNTED = LatePattern(r"^(\(?\d{1,3}\)?[.、)]|\(\d{1,3}\))\s*")
_ENDING = Pattern("table_words.place_ending")
_OWN = Pattern("table_words.own_level")
_FIGURE = LatePattern(r"([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(\D*)")
_MONEY_SIGN = LatePattern(r"^[¥￥]")


@dataclass(frozen=True)
class SealedFigure:
    """`value` in `unit`, or in what the table says where that is None; no value where the cell is blank; `text` what
    stands there.
    """

    row: int
    column: int
    value: Fraction | None
    text: str
    unit: Unit | None = None


@dataclass
class SealedLine:
    """A unit's line, or one of no unit (`code` empty) by what it is called. `figures` by column."""

    code: str
    label: str
    kind: str  # "unit", a kind of wording, or "other"
    row: int
    figures: dict[int, SealedFigure] = field(default_factory=dict)
    named: str = ""  # a unit that its name says, where its code says another


class Names:
    """Units by code, by name, by name without its ending, each where it means one alone."""

    def __init__(self, units: Mapping[str, str]):
        self.codes = {fold(code): code for code in units}
        self.names = _alone((fold(name), code) for code, name in units.items())
        self.short = _alone((short, code) for code, name in units.items() if len(short := _shortened(name)) > 1)
        self.levels = _alone((said[0], code) for code, name in units.items() if (said := _OWN.search(fold(name))))

    def code(self, text: str) -> str:
        return self.codes.get(fold(text), "")

    def name(self, text: str) -> str:
        """The code of the unit that a text names; with a place before it, or 其中："""
        bare = fold(without_mark(_COUNTED.sub("", tidy(text))))
        if bare in self.names or bare in self.short and not sets_aside(text):
            return self.names.get(bare) or self.short.get(bare, "")
        if bare in self.levels and bare not in self.names:
            return self.levels[bare]
        ends = {code for name, code in self.names.items() if len(name) > 2 and bare.endswith(name)}
        return ends.pop() if len(ends) == 1 and not sets_aside(text) else ""


def _alone(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    known: dict[str, set[str]] = {}
    for name, code in pairs:
        known.setdefault(name, set()).add(code)
    return {name: codes.pop() for name, codes in known.items() if len(codes) == 1}


def _shortened(name: str) -> str:
    return _ENDING.sub("", fold(name))


def lines_of(sheet: SourceSheet, names: Names, units: Units) -> list[SealedLine]:
    """Every line that has a unit, or a figure beside a text; of two panels side by side, a line each."""
    lines: list[SealedLine] = []
    for row, cells in enumerate(sheet.rows):
        lines += _lines(row, cells, names, units)
    return lines


def _lines(row: int, cells: Sequence[SourceCell], names: Names, units: Units) -> list[SealedLine]:
    lines: list[SealedLine] = []
    early: dict[int, SealedFigure] = {}
    texts: list[str] = []
    for column, cell in enumerate(cells):
        if cell.merged:
            continue
        code = names.code(cell.text)
        named = "" if code or not isinstance(cell.value, str) else names.name(cell.text)
        last = lines[-1] if lines else None
        if code or named:
            if last is None or (last.figures and last.code != (code or named)):
                lines.append(SealedLine(code or named, cell.text, "unit", row))
            elif last.code != (code or named):
                last.named = cell.text
            continue
        figure = figure_of(cell, row, column, units)
        if figure is None:
            texts += [cell.text] if cell.text else []
        elif last is not None:
            last.figures[column] = figure
        else:
            early[column] = figure
    if len(lines) == 1:
        lines[0].figures = {**early, **lines[0].figures}
    if not lines and texts and any(figure.value is not None for figure in early.values()):
        label = max(texts, key=lambda text: (wording(text) is not None, len(text)))
        lines.append(SealedLine("", label, sets_aside(label) or wording(label) or "other", row, early))
    return lines


def figure_of(cell: SourceCell, row: int, column: int, units: Units) -> SealedFigure | None:
    """A figure, or the room for one; None where a text stands."""
    value = cell.value
    if cell.missing:
        return SealedFigure(row, column, None, cell.text)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if not isinstance(value, str):
        return SealedFigure(row, column, Fraction(f"{value:.15g}"), cell.text)
    text = _MONEY_SIGN.sub("", re.sub("[‒–−—]", "-", tidy(value)).replace(" ", ""))
    match = _FIGURE.fullmatch(text)
    if match is None:
        return None
    unit = units.parse(match[3]) if match[3] and units.knows(match[3]) else None
    if match[3] and unit is None:
        return None
    number = Fraction(match[2].replace(",", ""))
    return SealedFigure(row, column, -number if match[1] == "-" else number, cell.text, unit)


def headings_of(sheet: SourceSheet, first: int, units: Units) -> dict[int, str]:
    """What stands above the first unit, by column: no figure, as where 合计 comes first."""
    heads: dict[int, list[str]] = {}
    for row, cells in enumerate(sheet.rows[:first]):
        filled = [cell for cell in cells if not cell.empty and not cell.merged]
        if len(filled) < 2 and row < first - 1:
            continue  # a title, or the line that says the unit
        left = ""
        for column, cell in enumerate(cells):
            left = left if cell.merged else cell.text if figure_of(cell, row, column, units) is None else ""
            if left and (cell.merged or cell.text):
                heads.setdefault(column, []).append(left)
    return {column: "/".join(dict.fromkeys(texts)) for column, texts in heads.items()}
