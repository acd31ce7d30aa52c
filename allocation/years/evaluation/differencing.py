"""What totals told side by side let one work out: the difference of two is a total of the units that only one has.

So a total is told to the public only where no combination of it with the totals told beside it is one of a few units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from allocation.language import tree

FEW = 3  # units of which a sum tells too much of each
Row = list[Fraction]


@dataclass(frozen=True)
class ToldSum:
    """What is added up, in which year by its place, and what each unit has of it, by code; noughts are left out."""

    node: tree.Node
    place: int
    parts: Mapping[str, Fraction]


def telling_too_much(sums: Sequence[ToldSum]) -> frozenset[tuple[int, tree.Node]]:
    """The sums to be withheld, by place and what they add up. Of sums of one figure those of most units are told."""
    withheld: set[tuple[int, tree.Node]] = set()
    for family in _families(sums):
        told: list[ToldSum] = []
        for each in sorted(family, key=lambda held: -len(held.parts)):
            if _singles_out([*told, each]):
                withheld.add((each.place, each.node))
            else:
                told.append(each)
    return frozenset(withheld)


def _families(sums: Sequence[ToldSum]) -> list[list[ToldSum]]:
    """Sums of one figure, over whatever units, together: only those can be taken off one another."""
    families: list[list[ToldSum]] = []
    for each in sums:
        joined = [family for family in families if any(_of_one_figure(each, other) for other in family)]
        families = [family for family in families if family not in joined]
        families.append([*(held for family in joined for held in family), each])
    return families


def _of_one_figure(each: ToldSum, other: ToldSum) -> bool:
    """What it adds up says so, but for the units it leaves out; or its figures do."""
    if each.place == other.place and _bare(each.node) == _bare(other.node):
        return True
    ratios = [each.parts[code] / other.parts[code] for code in each.parts.keys() & other.parts.keys()]
    return len(ratios) >= FEW and len(set(ratios)) == 1


def _bare(node: tree.Node) -> tree.Node:
    """`new` of `new if rate < 7 else 0`."""
    while isinstance(node, tree.If):
        others = [part for part in (node.then, node.otherwise) if part != tree.Number(Fraction(0))]
        if len(others) != 1:
            return node
        node = others[0]
    return node


def _singles_out(sums: Sequence[ToldSum]) -> bool:
    """Whether some combination of them is one of fewer units than `FEW`: without those units the sums are no longer
    independent of one another.

    A unit's figure is a scale of its column alone, so units that stand in the same sums are alike.
    """
    alike: dict[tuple[Fraction, ...], int] = {}
    for code in dict.fromkeys(code for held in sums for code in held.parts):
        column = [held.parts.get(code, Fraction(0)) for held in sums]
        first = next(figure for figure in column if figure)
        pattern = tuple(figure / first for figure in column)
        alike[pattern] = alike.get(pattern, 0) + 1
    patterns = list(alike)
    whole = _rank(patterns)
    return any(_rank([held for held in patterns if held not in few]) < whole for few in _few_of(alike))


def _few_of(alike: Mapping[tuple[Fraction, ...], int]) -> Iterator[tuple[tuple[Fraction, ...], ...]]:
    """Every choice of kinds of units that are few units together."""
    small = [pattern for pattern, count in alike.items() if count < FEW]
    for size in range(1, FEW):
        yield from (few for few in combinations(small, size) if sum(alike[pattern] for pattern in few) < FEW)


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
            factor = row[place] / pivot[place]
            row[:] = [mine - factor * theirs for mine, theirs in zip(row, pivot, strict=True)]
        rank += 1
    return rank
