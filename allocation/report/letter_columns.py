"""Which columns a letter tells its reader: nothing that is nothing for him, and of many places fewer."""

from __future__ import annotations

from collections.abc import Sequence

from allocation.parts.part import InLetters, family
from allocation.report.column import CHANGE, NAME
from allocation.report.columns import columns_for
from allocation.report.printed import PrintedColumn, PrintedTable, Shown
from allocation.run.run import Run

ACROSS = 6  # columns of a table with a place a line


def letter_columns(run: Run, table: PrintedTable, main: str, across: bool = False) -> tuple[PrintedColumn, ...]:
    """Of a letter about the column `main`; `across`: the columns stand side by side, of which there is room for few."""
    letter = run.letter or InLetters(main, "award")
    keys = _told(run, table, letter, main)
    if across and len(keys) > ACROSS:
        keys = [key for key in keys if key not in _beside(table)]
    if across and len(keys) > ACROSS:
        keys = list(letter.short or (main,))
    return tuple(column for key in keys if (column := table.column(key)))


def figures_of(table: PrintedTable, column: PrintedColumn) -> list[Shown]:
    """Those of the places, without 合计."""
    figures = zip(table.lines, table.figures[column.key], strict=True)
    return [figure for line, figure in figures if not line.summed]


def _told(run: Run, table: PrintedTable, letter: InLetters, main: str) -> Sequence[str]:
    """Without what is nothing for the reader, but for the amount that the letter is about: of a place that had nothing
    last year neither that nor the change since."""
    columns = [column for column in columns_for(run, "letter") if column.key != NAME]
    parts = [part.letter for part in run.parts if part.letter]
    if_any = {name for told in parts for name in told.if_any}
    columns = [column for column in columns if family(column.key) not in if_any or any(figures_of(table, column))]
    names = [column.key for column in columns]
    kept = [run.model.award, *([] if letter.less in names else [main])]
    told_of = [column.key for column in columns if column.key in kept or any(figures_of(table, column))]
    before = [key for key in _beside(table) if key != CHANGE]
    return [key for key in told_of if key != CHANGE or not before or {*before} & {*told_of}]


def _beside(table: PrintedTable) -> Sequence[str]:
    """Last year's award and the change since."""
    return [CHANGE, *(column.key for column in table.columns if column.stands)]
