"""A described table for another program: texts as a person reads them, exact figures as texts, floats beside.

The page and `--json` are both made of this: neither adds anything up nor chooses columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypedDict

from allocation.report.formats import figure_in
from allocation.report.formats import shown as figure_shown
from allocation.report.printed import PrintedColumn, PrintedTable, Shown
from allocation.texts import Speaker
from allocation.texts.decimals import typed


class ColumnShown(TypedDict):
    """`item`: what stands below `head` where several columns share it. `entry`: what a figure of it can be asked by."""

    key: str
    head: str
    item: str
    unit: str
    kind: str
    entry: str


class LineJson(TypedDict):
    """`cells`: as people read them. `exact`: the figure itself, `31/7` where no decimal ends; `figures`: the nearest
    floats; both None where there is no figure."""

    kind: str
    indent: int
    cells: list[str]
    exact: list[str | None]
    figures: list[float | None]


class TableJson(TypedDict):
    key: str
    title: str
    unit: str
    marks: str
    columns: list[ColumnShown]
    lines: list[LineJson]
    below: list[list[str]]
    notes: list[str]


def table_json(table: PrintedTable, speaker: Speaker) -> TableJson:
    """The whole of a described table."""
    lines: list[LineJson] = []
    for place, line in enumerate(table.lines):
        values = values_shown(table, place, speaker)
        lines.append({
            "kind": line.kind, "indent": line.indent, "cells": texts_shown(table, values),
            "exact": [_exact(value) for value in values], "figures": floats_shown(values),
        })  # fmt: skip
    return {
        "key": table.key, "title": table.title[speaker.lang], "unit": table.units.label(table.unit.name, speaker.lang),
        "marks": table.marks[speaker.lang], "columns": columns_shown(table, speaker), "lines": lines,
        "below": below_shown(table, speaker), "notes": [note[speaker.lang] for note in table.notes],
    }  # fmt: skip


def texts_json(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> TableJson:
    """A list that is told in texts alone, in the same shape."""
    columns: list[ColumnShown] = [
        {"key": "", "head": head, "item": "", "unit": "", "kind": "text", "entry": ""} for head in heads
    ]
    lines: list[LineJson] = [
        {"kind": "unit", "indent": 0, "cells": [*row], "exact": [None] * len(row), "figures": [None] * len(row)}
        for row in rows
    ]
    return {"key": "", "title": "", "unit": "", "marks": "", "columns": columns, "lines": lines, "below": [],
            "notes": []}  # fmt: skip


def columns_shown(table: PrintedTable, speaker: Speaker) -> list[ColumnShown]:
    units = table.units
    return [
        {
            "key": column.key, "item": column.item[speaker.lang], "kind": column.kind, "entry": column.entry,
            "head": units.with_own_unit(column.head[speaker.lang], column.unit, table.unit, speaker.lang),
            "unit": units.label(column.unit.name, speaker.lang),
        }
        for column in table.columns
    ]  # fmt: skip


def values_shown(table: PrintedTable, place: int, speaker: Speaker) -> list[Shown]:
    """What stands on a line, column by column."""
    return [table.cell(column, place, speaker.lang) for column in table.columns]


def texts_shown(table: PrintedTable, values: Sequence[Shown]) -> list[str]:
    return [_text(column, value) for column, value in zip(table.columns, values, strict=True)]


def floats_shown(values: Sequence[Shown]) -> list[float | None]:
    return [float(value) if isinstance(value, Fraction | float) else None for value in values]


def below_shown(table: PrintedTable, speaker: Speaker) -> list[list[str]]:
    return [[entry.label[speaker.lang], figure_shown(entry.figure, entry.number)] for entry in table.below]


def _exact(value: Shown) -> str | None:
    """A decimal where it ends, else a quotient; a trial in floats has none."""
    return typed(value) if isinstance(value, Fraction) else None


def _text(column: PrintedColumn, value: Shown) -> str:
    if column.kind == "text":
        return str(value or "")
    return figure_in(column.unit, column.decimals, value, column.signed)
