"""Where a grouping stands in a workbook: the order of groups, and the table of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from allocation.classes import dataclass

if TYPE_CHECKING:
    from allocation.arrays import Groups


class Ordered(NamedTuple):
    """Counties in the order of their groups: where each stands (from 0), and who stands in each place."""

    places: Groups
    rows: Groups
    numbers: Groups  # the group 1 … G of each county, by the lowest 次序 in it
    leaders: Groups  # the first county of each group


@dataclass(frozen=True)
class GroupTable:
    """`place`: where the county stands in the order of groups; `row`: which county stands in this place, both from 1.
    `number`: the county's group, which is its row in the table of groups; `first` and `last` are there the places of
    its counties, `count` says how many groups there are; `height`: how many rows the table has.
    """

    place: str
    row: str
    number: str
    first: str
    last: str
    count: str
    height: int
    ordered: Ordered
