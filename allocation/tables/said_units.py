"""Units that a sheet names where no heading and no line `单位：` is read: a title, a footnote, a column of units.

A figure whose own heading names no unit is taken in the line's unit or the model's. Where the sheet says another one
anywhere, that would be a guess, ten thousand times out of true at worst: it stops, and the heading settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from allocation.errors import Problem
from allocation.language.units import TABLE, Unit, Units
from allocation.patterns import LatePattern
from allocation.policy.model import Input, Model
from allocation.tables.cells import SourceSheet
from allocation.tables.spelling import fold, tidy
from allocation.texts import bracketed
from allocation.texts.vocabulary import Pattern, meanings

_NAMES = "|".join(sorted((name for name in TABLE if name != "%"), key=len, reverse=True))
_CLOSING = Pattern("table_words.closing_unit", re.IGNORECASE, NAMES=_NAMES)
_TELLING = Pattern("table_words.telling_of_units", NAMES=_NAMES)
_IN_HEADER = Pattern("table_words.unit_in_header")
_APART = Pattern("table_words.apart", re.IGNORECASE)
_AROUND = Pattern("table_words.around")
_IN_ENGLISH = {english.casefold(): name for name, (*_, english, _) in TABLE.items() if len(english) > 2}
_ENGLISH = LatePattern("|".join(map(re.escape, sorted(_IN_ENGLISH, key=len, reverse=True))), re.IGNORECASE)


def differing_units(
    sheet: SourceSheet,
    rows: tuple[int, int],
    inputs: Mapping[str, int],
    units: Mapping[str, Unit],
    own_unit: set[str],
    model: Model,
    problems: list[Problem],
) -> None:
    """`rows`: the header's first row and the first row of data; `inputs`: input → column; `units`: the units read so
    far; `own`: inputs whose own heading names one. What else the sheet says and does not agree joins `problems`."""
    top, first = rows
    bare = [model.inputs[name] for name in inputs if name not in own_unit and _measured(model.inputs[name])]
    if not bare:
        return
    said: set[str] = set()
    doubted = {problem.where for problem in problems}
    for row, column, text in _telling(sheet, top, first):
        key = fold(text)
        if key in said or sheet.where(row, column) in doubted:
            continue
        said.add(key)
        for unit in units_in(text, model.units):
            held = [entry for entry in bare if unit.same_kind(entry.unit)]
            other = [entry for entry in held if units.get(entry.name, entry.unit).scale != unit.scale]
            if other:
                problems.append(_differs(text, unit, other, units, sheet.where(row, column)))
                break


def _measured(entry: Input) -> bool:
    return not entry.text and bool(entry.unit.dims)


def _differs(text: str, unit: Unit, entries: list[Input], units: Mapping[str, Unit], where: str) -> Problem:
    first = entries[0]
    label = first.label
    slots = {
        "text": tidy(text)[:60],
        "unit": unit.name,
        "labels": [entry.label for entry in entries[:6]],
        "counted": units.get(first.name, first.unit).name,
        "example": bracketed(label, unit.name),
    }
    return Problem("tables.unit_elsewhere", slots, where)


def _telling(sheet: SourceSheet, top: int, first: int) -> Iterator[tuple[int, int, str]]:
    """The cells that may name a unit: above the header, below it, and in it only where nothing else is named."""
    for row in range(top):
        for column, cell in enumerate(sheet.rows[row]):
            text = cell.value
            if isinstance(text, str) and not cell.merged and (_TELLING.search(text) or _CLOSING.search(text)):
                yield row, column, text
    for row, column, text in sheet.texts(_TELLING):
        if row >= first or top <= row and _IN_HEADER.search(text):
            yield row, column, text


def units_in(text: str, units: Units) -> list[Unit]:
    """Every unit that stands in the text by itself, between brackets, marks and words such as 单位."""
    text = _ENGLISH.sub(lambda match: f" {_IN_ENGLISH[match[0].casefold()]} ", tidy(text))
    pieces = [_AROUND.sub("", piece) for piece in _APART.split(text) if piece]
    pieces += [part for piece in pieces if "/" in piece for part in piece.split("/")]  # 元/人 may be a list of two
    named = (meanings("table_words.money_names").get(piece.casefold(), piece) for piece in pieces)
    return [units.parse(name) for name in named if name not in ("", "1", "%") and units.knows(name)]
