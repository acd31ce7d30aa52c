"""The lines of a table that people read: 合计, and where the model groups its counties, their 小计."""

from __future__ import annotations

from dataclasses import dataclass

from allocation.run.run import Run
from allocation.texts import say

LineRows = tuple[int, ...]


@dataclass(frozen=True)
class PrintedLine:
    """One row of a printed table: a county (`rows` has its one row), or a sum over several."""

    label: str
    rows: LineRows
    whole: bool = False


def lines(run: Run, lang: str) -> list[PrintedLine]:
    """合计 first, then counties in the table's order, or group by group below their 小计."""
    count = len(run.table)
    everyone = PrintedLine(say(lang, "workbook.total"), tuple(range(count)), True)
    if not run.model.group:
        return [everyone, *(PrintedLine(run.table.names[row], (row,)) for row in range(count))]
    groups = run.figures(run.model.group)
    printed = [everyone]
    for group in dict.fromkeys(groups):
        members = tuple(row for row in range(count) if groups[row] == group)
        several = len(members) > 1
        if several:
            name = group or say(lang, "workbook.no_group")
            printed.append(PrintedLine(say(lang, "workbook.subtotal", group=name), members, True))
        printed += [PrintedLine(("　" if several else "") + run.table.names[row], (row,)) for row in members]
    return printed
