"""Described tables as the page shows them: texts of every cell, and what a stylesheet must know of lines and columns.

The page adds nothing up and chooses no columns: what it draws stands here, in its language.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypedDict

from allocation.report.formats import figure_in
from allocation.report.formats import shown as figure_shown
from allocation.report.printed import PrintedColumn, PrintedTable, Shown
from allocation.texts import Speaker


class ColumnShown(TypedDict):
    """`item`: what stands below `head` where several columns share it. `entry`: what a figure of it can be asked by."""

    key: str
    head: str
    item: str
    unit: str
    kind: str
    entry: str


class LineShown(TypedDict):
    """`row`: the place of a unit in the table, -1 of a sum. `figures`: what charts draw, None where there is none."""

    kind: str
    row: int
    code: str
    indent: int
    cells: list[str]
    figures: list[float | None]


class TableShown(TypedDict):
    key: str
    title: str
    unit: str
    marks: str
    columns: list[ColumnShown]
    lines: list[LineShown]
    below: list[list[str]]
    notes: list[str]


def table_shown(table: PrintedTable, speaker: Speaker, codes: tuple[str, ...] = ()) -> TableShown:
    """`codes`: those of the units, by row, so that a figure can be asked about."""
    units, lang = table.units, speaker.lang
    columns: list[ColumnShown] = [
        {
            "key": column.key, "item": column.item[lang], "kind": column.kind, "entry": column.entry,
            "head": units.with_own_unit(column.head[lang], column.unit, table.unit, lang),
            "unit": units.label(column.unit.name, lang),
        }
        for column in table.columns
    ]  # fmt: skip
    lines: list[LineShown] = []
    for place, line in enumerate(table.lines):
        row = -1 if line.summed else line.rows[0]
        values = [table.cell(column, place, lang) for column in table.columns]
        lines.append({
            "kind": line.kind, "row": row, "code": codes[row] if 0 <= row < len(codes) else "", "indent": line.indent,
            "cells": [_text(column, value) for column, value in zip(table.columns, values, strict=True)],
            "figures": [float(value) if isinstance(value, Fraction | float) else None for value in values],
        })  # fmt: skip
    below = [[entry.label[lang], figure_shown(entry.figure, entry.number)] for entry in table.below]
    return {
        "key": table.key, "title": table.title[lang], "unit": units.label(table.unit.name, lang),
        "marks": table.marks[lang],
        "columns": columns, "lines": lines, "below": below, "notes": [note[lang] for note in table.notes],
    }  # fmt: skip


def _text(column: PrintedColumn, value: Shown) -> str:
    if column.kind == "text":
        return str(value or "")
    return figure_in(column.unit, column.decimals, value, column.signed)
