"""备注（印） of a case beside its table: what is printed of a recipient on the 附件 and in its own letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocation.case import PrintedNote
from allocation.errors import Problem
from allocation.tables.forms import FormRow, county_row, in_order
from allocation.tables.table import Table


def with_notes(table: Table, notes: Sequence[PrintedNote], problems: list[Problem]) -> Table:
    """The table with a note a row; a unit that is not in it, or has two, joins `problems` with its cell."""
    if not notes or not len(table):
        return table
    wrong: list[Problem] = []
    texts: dict[int, str] = {}
    for note in notes:
        places = {"code": note.where_code, "name": note.where_name}
        row = county_row(FormRow({"code": note.code or None, "name": note.name or None}, places), table.codes,
                         table.names, wrong)  # fmt: skip
        if row is None:
            continue
        if row in texts:
            wrong.append(Problem("case.note_twice", {"name": table.names[row]}, note.where))
        texts[row] = note.text
    problems += in_order(wrong)
    return replace(table, printed_notes=tuple(texts.get(row, "") for row in range(len(table))))
