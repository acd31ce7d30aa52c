"""Shares of a total that nobody knows yet, as a described table: no amount stands in it."""

from __future__ import annotations

from allocation.analysis.shares import Shares
from allocation.doubts.doubt import told
from allocation.report.column import PERCENT
from allocation.report.printed import PrintedColumn, PrintedTable
from allocation.report.study import study_table
from allocation.run.decisions import standing_lines
from allocation.run.marks import heading, in_title
from allocation.texts import Worded, both, say

PLACES = 6  # four decimals of a per cent


def shares_table(shares: Shares) -> PrintedTable:
    table, model = shares.run.table, shares.run.model
    column = PrintedColumn("share", both("pools.share"), PERCENT, PLACES, total="sum")
    places, values = dict(zip(table.codes, table.names, strict=True)), {column.key: shares.shares}
    title = Worded(lambda lang: _title(shares, lang))
    return study_table("shares", title, PERCENT, model.units, places, [column], values, "last")


def _title(shares: Shares, lang: str) -> str:
    return say(lang, "pools.title", heading=heading(shares.run)[lang], marks=in_title(shares.keys)[lang])


def remarks(shares: Shares, lang: str) -> list[str]:
    """What a reader must know: that no amount is meant, what only stands for now, what is to be resolved."""
    return [
        say(lang, "pools.about"),
        *[line[lang] for line in standing_lines(shares.run)],
        *told([shares.run.doubts], lang),
    ]
