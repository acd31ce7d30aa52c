"""What the tables of studies share: code and name of each unit, 合计 where it adds up, columns that add others up.

A study describes its own columns beside its figures; workbook, terminal, frame, page and CSV are renderers of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from allocation.language import tree
from allocation.language.units import PURE, Unit, Units
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable, Shown
from allocation.report.terms import Term, terms_in
from allocation.texts import Both, both

CODE, NAME = "code", "name"
Total = Literal["first", "last", "none"]
Places = Mapping[str, str] | Sequence[tuple[str, str]]  # codes and names of units
ACROSS = "sum_over"  # as the model language calls a sum over the items of a list


def study_table(
    key: str, title: Both, unit: Unit, units: Units, places: Places, columns: Sequence[PrintedColumn],
    values: Mapping[str, Sequence[Shown]], total: Total,
) -> PrintedTable:  # fmt: skip
    """`values`: a figure a unit, by the key of a column."""
    pairs = [*(places.items() if isinstance(places, Mapping) else places)]
    names = tuple(name for _, name in pairs)
    whole = PrintedLine("total", both("workbook.total"), tuple(range(len(names))))
    lines = [PrintedLine("unit", Both(name, name), (row,)) for row, name in enumerate(names)]
    lines = [*([whole] if total == "first" else []), *lines, *([whole] if total == "last" else [])]
    known = {CODE: tuple(code for code, _ in pairs), NAME: names, **values}
    return PrintedTable(key, title, unit, units, tuple(lines), (*keys(), *columns), known)


def plain_table(
    key: str, title: Both, columns: Sequence[PrintedColumn], rows: Sequence[Mapping[str, Shown]]
) -> PrintedTable:
    """What `rows` say by the keys of the columns, a line each; none of them is a sum."""
    nameless = Both("", "")
    lines = tuple(PrintedLine("unit", nameless, (place,)) for place in range(len(rows)))
    values = {column.key: tuple(row.get(column.key) for row in rows) for column in columns}
    return PrintedTable(key, title, PURE, Units(), lines, tuple(columns), values)


def keys() -> tuple[PrintedColumn, ...]:
    code = PrintedColumn(CODE, both("workbook.code"), kind="text")
    return code, PrintedColumn(NAME, both("workbook.name"), kind="text", stub=True)


def across(names: Sequence[str]) -> tree.Node:
    """The sum of columns on one line; a blank counts as nothing."""
    terms = [Term(name, or_0=True).node for name in names]
    if not terms:
        return tree.Number(Fraction(0))
    body: tree.Node = terms[0]
    for term in terms[1:]:
        body = tree.Binary("+", body, term)
    return tree.Derived(tree.Call(ACROSS, ()), body)


def summed_across(node: tree.Node | None) -> tuple[Term, ...]:
    """The columns that such a node adds up; none of another one."""
    return terms_in(node) if isinstance(node, tree.Derived) and node.call.fn == ACROSS else ()


def head_of(column: PrintedColumn, lang: str) -> str:
    """What stands over a column where every heading is one line."""
    return column.item[lang] or column.label[lang]
