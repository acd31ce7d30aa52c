"""Two rows of one table whose names mean one unit: 凌海 and 凌海市 would each be given a share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from allocation.doubts.doubt import Doubt
from allocation.doubts.names import plain, same_unit, stem
from allocation.doubts.units import listed
from allocation.errors import Problem
from allocation.tables.table import Table
from allocation.texts import Both, both

_PLACE = 6  # digits from which on a code says which place a row is


def alike_doubts(table: Table) -> Iterator[Doubt]:
    """One doubt for all such pairs. Rows of the very same name are told where the table is read; two codes of places
    tell their rows apart."""
    pairs = [pair for rows in _of_one_stem(table) for pair in combinations(rows, 2) if _alike(table, *pair)]
    if not pairs:
        return
    rows = sorted({row for pair in pairs for row in pair})
    slots = {"count": len(pairs), "pairs": listed([_said(table, *pair).__getitem__ for pair in pairs])}
    keys = tuple(table.codes[row] if table.coded else plain(table.names[row]) for row in rows)
    yield Doubt("alike", keys, tuple(table.names[row] for row in rows), Problem("doubts.alike", slots))


def _said(table: Table, row: int, other: int) -> Both:
    return both("doubts.name_short", name=table.names[row], where=table.unit_where(row), full=table.names[other],
                place=table.unit_where(other))  # fmt: skip


def _of_one_stem(table: Table) -> list[list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(table.names):
        rows[stem(name)[0]].append(row)
    return [those for those in rows.values() if len(those) > 1]


def _alike(table: Table, row: int, other: int) -> bool:
    name, namesake = table.names[row], table.names[other]
    if name == namesake or table.coded and _told_apart(table.codes[row], table.codes[other]):
        return False
    return same_unit(name, namesake)


def _told_apart(code: str, other: str) -> bool:
    return all(text.isdigit() and len(text) >= _PLACE for text in (code, other))
