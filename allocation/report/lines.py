"""The lines of a table of a run: units, 合计, and where the model groups them 小计; whose rows go together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from allocation.files.text_out import file_name
from allocation.report.printed import NOTHING, PrintedLine, Rows
from allocation.run.run import Run
from allocation.texts import Both, both

Key = TypeVar("Key", bound=Hashable)


def lines_of(run: Run, rows: Sequence[int] = (), total: str = "first", grouped: bool = True) -> tuple[PrintedLine, ...]:
    """The units in the table's order, or group by group below their 小计, with 合计 `first`, `last` or not at all.

    `rows`: those of one reader; all where none are given.
    """
    kept = tuple(rows) or tuple(range(len(run.table)))
    whole = whole_line(run, kept)
    within = _grouped(run, kept) if grouped and run.model.group else [_unit(run, row) for row in kept]
    return (*([whole] if total == "first" else []), *within, *([whole] if total == "last" else []))


def whole_line(run: Run, rows: Rows) -> PrintedLine:
    """合计 over these rows; where they hold what the model tells apart, it says that it is for checking only."""
    mixed = is_mixed(run, rows)
    return PrintedLine("total", both("workbook.total_checked" if mixed else "workbook.total"), rows, mixed=mixed)


def is_mixed(run: Run, rows: Rows) -> bool:
    """Whether rows hold several of the texts that the model books apart."""
    model = run.model
    return model.apart and len({run.figures(model.group)[row] for row in rows}) > 1


def _unit(run: Run, row: int, indent: int = 0) -> PrintedLine:
    name = run.table.names[row]
    return PrintedLine("unit", Both(name, name), (row,), indent)


def _grouped(run: Run, kept: Rows) -> list[PrintedLine]:
    """A group of one has no 小计."""
    groups = run.figures(run.model.group)
    printed: list[PrintedLine] = []
    for group, members in together(kept, groups.__getitem__):
        several = len(members) > 1
        if several:
            name = group or both("workbook.no_group")
            printed.append(PrintedLine("subtotal", both("workbook.subtotal", group=name), members))
        printed += [_unit(run, row, int(several)) for row in members]
    return printed


def summary_lines(run: Run) -> tuple[PrintedLine, ...]:
    """合计, then for each summary of the model a sum for each text of its input, and within it for each of a second."""
    rows = tuple(range(len(run.table)))
    lines = [whole_line(run, rows)]
    for by in run.model.summaries:
        sums = _alike(run, by[0], PrintedLine("total", NOTHING, rows))
        unlike = any(is_mixed(run, outer.rows) for outer in sums)
        for outer in sums:
            head = both("workbook.sum_by", input=run.model.inputs[by[0]].label, text=outer.label)
            lines.append(replace(outer, label=head, mixed=unlike))
            for inner in _alike(run, by[1], outer) if by[1:] else ():
                head = both("workbook.of_which") + inner.label
                lines.append(replace(inner, kind="of_which", label=head, indent=1))
    return tuple(lines)


def _alike(run: Run, name: str, within: PrintedLine) -> list[PrintedLine]:
    """A sum for each text of an input among the rows of a sum; classes in the order of the model."""
    figures, order = run.figures(name), list(run.model.inputs[name].one_of)
    told = together(within.rows, lambda row: str(figures[row] or ""))
    if order:
        told.sort(key=lambda held: order.index(held[0]))
    return [
        PrintedLine("subtotal", Both(text, text) if text else both("workbook.no_group"), rows,
                    alike=(*within.alike, (name, text)))
        for text, rows in told
    ]  # fmt: skip


def readers(run: Run, by: str) -> list[tuple[str, Rows]]:
    """Each reader's file name and rows: a county, or all rows with one value of the input `by`."""
    table = run.table
    groups = run.figures(by) if by else (None,) * len(table)
    members = together(range(len(table)), lambda row: row if groups[row] is None else groups[row])
    named = [(key if isinstance(key, str) else table.names[rows[0]], rows) for key, rows in members]
    return [(file_name(f"{table.codes[rows[0]]}_{name}"), rows) for name, rows in named]


def together(rows: Iterable[int], shared: Callable[[int], Key]) -> list[tuple[Key, Rows]]:
    """The rows that share something with what they share, in the order in which it comes up."""
    members: dict[Key, list[int]] = {}
    for row in rows:
        members.setdefault(shared(row), []).append(row)
    return [(key, tuple(held)) for key, held in members.items()]
