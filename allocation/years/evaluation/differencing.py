"""What totals told side by side let one work out: the difference of two is a total of the units that only one has.

So a total is told to the public only where no combination of it with the totals told beside it is one of a few units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from allocation.classes import dataclass
from allocation.language import tree

FEW = 3  # units of which a sum tells too much of each
Row = list[Fraction]
Column = tuple[Fraction, ...]  # what a unit has of a figure in each sum
Cell = tuple[str, int]  # a unit, and the number of a figure


@dataclass(frozen=True)
class ToldPart:
    """Of one figure, what each unit has of it in a sum, by code; noughts are left out."""

    figure: tree.Node
    amounts: Mapping[str, Fraction]


@dataclass(frozen=True)
class ToldSum:
    """What is added up, in which year by its place, and of what figures; those that are known anyway are left out."""

    node: tree.Node
    place: int
    parts: tuple[ToldPart, ...]

    @property
    def units(self) -> frozenset[str]:
        return frozenset(code for part in self.parts for code in part.amounts)


def telling_too_much(sums: Sequence[ToldSum]) -> frozenset[tuple[int, tree.Node]]:
    """The sums to be withheld, by place and what they add up. Of those that share figures the ones of most units are
    told."""
    withheld: set[tuple[int, tree.Node]] = set()
    cells = _cells(sums)
    for family in _families(sums, cells):
        told: list[ToldSum] = []
        for each in sorted(family, key=lambda held: -len(held.units)):
            if _singles_out([cells[id(held)] for held in (*told, each)]):
                withheld.add((each.place, each.node))
            else:
                told.append(each)
    return frozenset(withheld)


def _families(sums: Sequence[ToldSum], cells: Mapping[int, Mapping[Cell, Fraction]]) -> list[list[ToldSum]]:
    """Sums that share a figure, with any others between them, together: only those can be taken off one another."""
    families: list[tuple[set[int], list[ToldSum]]] = []
    for each in sums:
        numbers = {number for _, number in cells[id(each)]}
        joined = [family for family in families if family[0] & numbers]
        families = [family for family in families if not family[0] & numbers]
        figures = numbers.union(*(shared for shared, _ in joined))
        families.append((figures, [*(held for _, family in joined for held in family), each]))
    return [family for _, family in families]


def _cells(sums: Sequence[ToldSum]) -> dict[int, Mapping[Cell, Fraction]]:
    """By sum, what each unit has in it of each figure; a figure is known by the first part that is of it."""
    firsts: list[tuple[int, ToldPart]] = []
    held: dict[int, dict[Cell, Fraction]] = {}
    for each in sums:
        amounts = held.setdefault(id(each), {})
        for part in each.parts:
            placed = each.place, part
            like = (number for number, other in enumerate(firsts) if _of_one_figure(placed, other))
            if (number := next(like, len(firsts))) == len(firsts):
                firsts.append(placed)
            for code, amount in part.amounts.items():
                amounts[code, number] = amounts.get((code, number), Fraction(0)) + amount
    return {key: {cell: amount for cell, amount in cells.items() if amount} for key, cells in held.items()}


def _of_one_figure(placed: tuple[int, ToldPart], beside: tuple[int, ToldPart]) -> bool:
    """Its formula says so, or its figures do."""
    (place, part), (other_place, other) = placed, beside
    if place == other_place and part.figure == other.figure:
        return True
    codes = [code for code in part.amounts if code in other.amounts]
    if len(codes) < FEW:
        return False
    ratio = part.amounts[codes[0]] / other.amounts[codes[0]]
    return all(part.amounts[code] == ratio * other.amounts[code] for code in codes)


def _singles_out(sums: Sequence[Mapping[Cell, Fraction]]) -> bool:
    """Whether some combination of them is one of fewer units than `FEW`: without those units the sums are no longer
    independent of one another.

    A unit's figure is a scale of its column alone, so units that stand alike in the same sums are alike.
    """
    columns: dict[str, list[Column]] = {}
    for code, number in dict.fromkeys(cell for held in sums for cell in held):
        column = [held.get((code, number), Fraction(0)) for held in sums]
        first = next(figure for figure in column if figure)
        columns.setdefault(code, []).append(tuple(figure / first for figure in column))
    alike: dict[frozenset[Column], int] = {}
    for of_unit in columns.values():
        alike[frozenset(of_unit)] = alike.get(frozenset(of_unit), 0) + 1
    whole = _rank(_distinct(alike))
    return any(_rank(_distinct(kind for kind in alike if kind not in few)) < whole for few in _few_of(alike))


def _distinct(kinds: Iterable[frozenset[Column]]) -> list[Column]:
    return [*dict.fromkeys(column for kind in kinds for column in kind)]


def _few_of(alike: Mapping[frozenset[Column], int]) -> Iterator[tuple[frozenset[Column], ...]]:
    """Every choice of kinds of units that are few units together."""
    small = [kind for kind, count in alike.items() if count < FEW]
    for size in range(1, FEW):
        yield from (few for few in combinations(small, size) if sum(alike[kind] for kind in few) < FEW)


def _rank(columns: Sequence[Sequence[Fraction]]) -> int:
    rows: list[Row] = [list(column) for column in columns]
    rank = 0
    for place in range(len(rows[0]) if rows else 0):
        at = next((at for at in range(rank, len(rows)) if rows[at][place]), None)
        if at is None:
            continue
        pivot = rows[at]
        rows[at], rows[rank] = rows[rank], pivot
        for row in rows[rank + 1 :]:
            if row[place]:
                factor = row[place] / pivot[place]
                row[:] = [mine - factor * theirs for mine, theirs in zip(row, pivot, strict=True)]
        rank += 1
    return rank
