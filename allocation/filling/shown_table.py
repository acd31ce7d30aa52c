"""What a system shows otherwise, as a described table."""

from __future__ import annotations

from allocation.filling.shown import KINDS, ShownBeside
from allocation.language.units import PURE, Units
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable
from allocation.texts import Both, both
from allocation.texts.decimals import UNROUNDED

TEXTS = ("code", "name", "line", "column", "kind", "wanted", "shown")


def shown_table(beside: ShownBeside, units: Units) -> PrintedTable:
    """A line each difference."""
    told = beside.differences
    values = {key: [getattr(each, key) for each in told] for key in (*TEXTS, "where")}
    values["column"] = [each.column.zh for each in told]
    kinds = tuple((kind, both(f"filling.kind_{kind}")) for kind in KINDS)
    words = {"kind": kinds, "column": tuple((each.column.zh, each.column) for each in told)}
    columns = [PrintedColumn(key, both(f"filling.head_{key}"), kind="text", words=words.get(key, ()))
               for key in (*TEXTS, "where")]  # fmt: skip
    gap = PrintedColumn("gap", both("filling.head_gap"), PURE, UNROUNDED)
    lines = tuple(PrintedLine("unit", Both(each.name, each.name), (at,)) for at, each in enumerate(told))
    return PrintedTable(
        "import_check", both("filling.shown_title", file=beside.file), PURE, units, lines,
        (*columns[:-1], gap, columns[-1]), {**values, "gap": [each.gap for each in told]},
    )  # fmt: skip
