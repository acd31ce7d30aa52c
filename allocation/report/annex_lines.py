"""The lines of 附件: blocks of units that belong together, 市本级 first in its block, 省直管 below all others.

What belongs together say the group of the model and, of 市本级 and its functional areas, the register of receiving
units.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from allocation.case import TOTAL_LAST, ZEROS_OMITTED
from allocation.report.lines import together, whole_line
from allocation.report.printed import NOTHING, PrintedColumn, PrintedLine, Rows
from allocation.run.run import Run
from allocation.texts import Both, both

OF_OWN = ("own", "area")
LIKE_OF_WHICH = Both("　" * 3, "　" * 4)  # as wide as 其中：


def annex_lines(run: Run, amounts: Sequence[PrintedColumn]) -> tuple[PrintedLine, ...]:
    """Blocks below their 小计, 合计 where the case wants it; without units that get nothing where it wants them out."""
    rows = tuple(range(len(run.table)))
    shown = {row for row in rows if run.facts.annex_zeros != ZEROS_OMITTED or _gets(run, row, amounts)}
    lines: list[PrintedLine] = []
    for name, members in _blocks(run):
        printed = [row for row in members if row in shown]
        if len(members) < 2 or len(members) == len(rows) or not printed:
            lines += [_unit(run, row) for row in printed]
            continue
        lines.append(PrintedLine("subtotal", both("workbook.subtotal", group=name), members))
        lines += [_unit(run, row, 1, first=place == 0) for place, row in enumerate(printed)]
    if not any(column.adds for column in amounts):
        return tuple(lines)
    whole = whole_line(run, rows)
    return (*lines, whole) if run.facts.annex_total == TOTAL_LAST else (whole, *lines)


def _gets(run: Run, row: int, amounts: Sequence[PrintedColumn]) -> bool:
    return any(run.figures(column.entry)[row] for column in amounts if column.entry)


def _unit(run: Run, row: int, indent: int = 0, first: bool = False) -> PrintedLine:
    name = run.table.names[row]
    lead = (both("workbook.of_which") if first else LIKE_OF_WHICH) if indent else NOTHING
    return PrintedLine("unit", Both(name, name), (row,), indent, lead)


def _blocks(run: Run) -> list[tuple[object, Rows]]:
    """What each block is called and its rows; a unit that belongs to nothing is a block of its own."""
    table, group = run.table, run.model.group
    groups = run.figures(group) if group else (None,) * len(table)
    standing = table.standing or (("", ""),) * len(table)
    municipal = next((table.names[row] for row, (kind, _) in enumerate(standing) if kind == "own"), "")

    def block_of(row: int) -> Hashable:
        if group:
            return groups[row] or both("workbook.no_group")
        return municipal if municipal and standing[row][0] in OF_OWN else (row,)

    rows = range(len(table))
    blocks = together((row for row in rows if standing[row][0] != "direct"), block_of)
    direct = together((row for row in rows if standing[row][0] == "direct"), lambda row: standing[row][1])
    order = {row: OF_OWN.index(kind) if kind in OF_OWN else len(OF_OWN) for row, (kind, _) in enumerate(standing)}
    return [(name, tuple(sorted(held, key=order.__getitem__))) for name, held in (*blocks, *direct)]
