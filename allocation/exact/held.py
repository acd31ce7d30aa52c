"""What a column of exact figures is held in: nobody outside this room reads it, nor assigns to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allocation.exact.whole import peak
from allocation.sealing import sealed

if TYPE_CHECKING:
    from allocation.exact.whole import Bottom, Whole


class Held:
    """`tops` over `bottom`, no top larger than `most`, up or down; within bounds, `radius` and `cells` as well.

    Slots with private names, for properties would be read a hundred times in a run's every step.
    """

    __slots__ = ("_tops", "_bottom", "_most", "_radius", "_cells")
    _tops: Whole
    _bottom: Bottom
    _most: int
    _radius: Whole | None
    _cells: Any

    def seal_arrays(self) -> None:
        """None of these arrays is written to any more."""
        for part in (self._tops, self._bottom, self._radius, self._cells):
            sealed(part)

    def bits(self) -> int:
        """At most so many are above and below the fraction line of a figure."""
        return self._most.bit_length() + peak(self._bottom).bit_length()
