"""Described tables as the page shows them: texts of every cell, and what a stylesheet must know of lines and columns.

The page adds nothing up and chooses no columns: what it draws stands here, in its language.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from allocation.report.printed import PrintedTable
from allocation.report.table_json import (
    ColumnShown,
    TableJson,
    below_shown,
    columns_shown,
    floats_shown,
    texts_shown,
    values_shown,
)
from allocation.texts import Speaker

MOST_ANSWERED = 400  # lines of a table that a command answered: the file it wrote has all


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


def table_shown(
    table: PrintedTable, speaker: Speaker, codes: tuple[str, ...] = (), places: Sequence[int] | None = None
) -> TableShown:
    """`codes`: those of the units, by row, so that a figure can be asked about. `places`: of the lines that are in
    sight; all where none are given."""
    lang = speaker.lang
    lines: list[LineShown] = []
    for place in range(len(table.lines)) if places is None else places:
        line = table.lines[place]
        row = -1 if line.summed else line.rows[0]
        values = values_shown(table, place, speaker)
        lines.append({
            "kind": line.kind, "row": row, "code": codes[row] if 0 <= row < len(codes) else "", "indent": line.indent,
            "cells": texts_shown(table, values), "figures": floats_shown(values),
        })  # fmt: skip
    return {
        "key": table.key, "title": table.title[lang], "unit": table.units.label(table.unit.name, lang),
        "marks": table.marks[lang], "columns": columns_shown(table, speaker), "lines": lines,
        "below": below_shown(table, speaker), "notes": [note[lang] for note in table.notes],
    }  # fmt: skip


def answered_shown(table: TableJson, speaker: Speaker) -> TableShown:
    """A table that a command answered with --json: the first of very many lines, and every total."""
    lines = [line for place, line in enumerate(table["lines"]) if place < MOST_ANSWERED or line["kind"] == "total"]
    left = len(table["lines"]) - len(lines)
    shown: list[LineShown] = [
        {"kind": line["kind"], "row": -1, "code": "", "indent": line["indent"], "cells": line["cells"], "figures": []}
        for line in lines
    ]
    return {
        "key": table["key"], "title": table["title"], "unit": table["unit"], "marks": table["marks"],
        "columns": table["columns"], "lines": shown, "below": table["below"],
        "notes": [*table["notes"], *([speaker.say("page.lines_left", count=left)] if left else [])],
    }  # fmt: skip
