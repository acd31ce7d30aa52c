"""How figures over counties are gathered in a workbook: over all, each sum in one cell.

`excel_groups` gathers them by group, `excel_compared` as papers of 0.2 did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocation.classes import dataclass
from allocation.texts import Both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocation.arrays import Floats, Groups
    from allocation.readings.excel_values import Shown
    from allocation.readings.excel_walk import FormulaWalk


@dataclass(frozen=True)
class GatheredSums:
    """Figures gathered over all counties. `ids`: the group of each, all in one."""

    walk: FormulaWalk
    ids: Groups

    @property
    def grouped(self) -> bool:
        return False

    def over(self, cell: str, figures: Floats, what: Both) -> str:
        """The range of a county's own `cell`, as far as it is gathered."""
        return self.walk.span(cell)

    def over_remainders(self, cell: str, figures: Floats) -> str:
        """The same of remainders, whose last places may differ between programs."""
        return self.walk.span(cell)

    def breakpoints(self, columns: Sequence[tuple[str, Both, Floats]]) -> tuple[list[tuple[str, str]], str]:
        """Columns of (text, what, figures) a county: the cell and the range of each, and one range over all of them."""
        cells = self.walk.beside(columns)
        return [(cell, self.walk.span(cell)) for cell in cells], self.walk.span(cells[0], to=cells[-1])

    def text(self, inner: str) -> str:
        """A sum over what is gathered."""
        return f"SUMPRODUCT({inner})"

    def spill(self, text: str, what: Both, figures: Floats | Shown, reads: int = 0) -> str:
        """A gathered figure; `figures` one a county. `reads`: how many ranges it goes over."""
        return self.walk.spill(text, what, _first(figures), reads=reads * self.walk.width)

    def figure(self, text: str, what: Both, figures: Floats) -> str:
        """A county's figure that is the same for all that are gathered, such as the pool."""
        return text

    def of(self, reference: str) -> str:
        """A gathered figure, in a county's row."""
        return reference

    def wrong(self, test: str, what: Both) -> str:
        """What a line of 核对 counts: a gathered test that is 0 where all is well."""
        return test

    def counted(self, test: str, what: Both, reads: int) -> str:
        """The same of a test that is worked out in a cell of its own."""
        return self.spill(test, what, np.zeros(self.walk.width), reads)

    def size(self) -> str:
        """How many counties are gathered."""
        return str(self.walk.width)

    def most(self) -> int:
        """How many may come to be gathered in one."""
        return self.walk.width

    def values(self, figures: Floats) -> Floats:
        """Each county's group's sum."""
        sums: Floats = np.bincount(self.ids, figures)[self.ids].astype(float)
        return sums


def _first(figures: Floats | Shown) -> Shown:
    if isinstance(figures, np.ndarray):
        return float(figures[0])
    return figures[0] if isinstance(figures, list) else figures
