"""Formulas as papers of 0.2 have them: every county compared with every other, so that old workbooks can be verified.

What they read grows with the square of the counties; `excel_groups`, `excel_level` and `excel_order` took their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocation.classes import dataclass
from allocation.language import tree
from allocation.readings.excel_level import FAR, HUGE, NOISE, NONE, Shape
from allocation.readings.excel_sums import GatheredSums
from allocation.readings.excel_walk import COLUMN
from allocation.texts import both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocation.arrays import Floats
    from allocation.readings.excel_values import Shown
    from allocation.readings.excel_walk import FormulaWalk
    from allocation.texts import Both


def group_numbers(walk: FormulaWalk, node: tree.Call) -> tuple[str, str] | None:
    """(the county's group id, the range of ids): whole numbers, live from the texts."""
    by = node.arg("by")
    if by is None:
        return None
    texts = walk.formula(by)
    if not COLUMN.match(texts):
        texts = walk.spill(texts, both("auxiliary.group"), walk.value(by))
    order, ids = np.array(walk.evaluator.table.order), walk.ids(node)
    lowest = np.array([order[ids == group].min() for group in ids], float)
    span, place = walk.span(texts), walk.places.order()
    # The lowest 次序 of those with the same text; not MATCH, which takes * and ? for wildcards.
    first = f"{walk.width + 1}-SUMPRODUCT(MAX(({span}={texts})*({walk.width + 1}-{walk.span(place)})))"
    number = walk.spill(first, both("auxiliary.group_number"), lowest, reads=walk.width**2)
    leader = f"INDEX({span},MATCH({number},{walk.span(place)},0))"
    unlike = walk.spill(f"IF(EXACT({texts},{leader}),0,1)", both("auxiliary.capitals_differ"), 0.0)
    walk.block(both("auxiliary.no_two_groups_differ_only_in_capitals"), f"SUM({walk.span(unlike)})")
    return number, walk.span(number)


@dataclass(frozen=True)
class ComparedSums(GatheredSums):
    """Figures gathered for each county by itself; `by`: its group's number and the range of all numbers."""

    by: tuple[str, str] | None

    @property
    def grouped(self) -> bool:
        return self.by is not None

    @property
    def mask(self) -> str:
        return f"({self.by[1]}={self.by[0]})*" if self.by else ""

    def breakpoints(self, columns: Sequence[tuple[str, Both, Floats]]) -> tuple[list[tuple[str, str]], str]:
        cells = [self.walk.spill(text, what, figures, wide=True) for text, what, figures in columns]
        return [(cell, self.walk.span(cell)) for cell in cells], ""

    def text(self, inner: str) -> str:
        return f"SUMPRODUCT({self.mask}({inner}))" if self.by else f"SUMPRODUCT({inner})"

    def spill(self, text: str, what: Both, figures: Floats | Shown, reads: int = 0) -> str:
        if not self.by:
            return super().spill(text, what, figures)
        return self.walk.spill(text, what, figures, wide=True, reads=reads * self.walk.width**2)

    def wrong(self, test: str, what: Both) -> str:
        return self.counted(test, what, 0) if self.by else test

    def counted(self, test: str, what: Both, reads: int) -> str:
        amiss = self.spill(test, what, np.zeros(self.walk.width), reads)
        return f"SUM({self.walk.span(amiss)})" if self.by else amiss

    def level_start(self, shape: Shape, pool: str, p: Floats) -> tuple[str, Floats]:
        """The highest of all breakpoints whose sum of awards, worked out for every one, is within the pool."""
        start, t0, walk = "0", np.zeros_like(p), self.walk
        for number, (cell, span, figures) in enumerate(shape.edges):
            what = both("auxiliary.sum_at_breakpoint", number=number + 1)
            at = np.array([
                HUGE if b > float(FAR) else shape.awards(b)[self.ids == g].sum()
                for b, g in zip(figures, self.ids, strict=True)
            ])  # fmt: skip
            text = f"IF({cell}>{FAR},{NONE},{self.text(shape.text(cell))})"
            reached = walk.spill(text, what, at, wide=True, reads=6 * walk.width**2)
            test = f"{walk.span(reached)}-{pool}<{NOISE}"
            start += f",SUMPRODUCT(MAX({self.mask}({test})*{span}))"
            within = np.where((at - p < float(NOISE)) & (figures < float(FAR)), figures, 0)
            t0 = np.maximum(t0, [within[self.ids == g].max() for g in self.ids])
        text = f"MAX({start})" if shape.edges else "0"
        return self.spill(text, both("auxiliary.level_to_start_from"), t0, 1), t0

    def one_more(self, rest: tuple[str, Floats], left: str) -> str:
        """1 for a county that is rounded up: its remainder's rank is within the units left, ties to the lower 次序."""
        walk, (mine, rests) = self.walk, rest
        place = walk.places.order()
        ahead = f"(({walk.span(mine)}>{mine})+({walk.span(mine)}={mine})*({walk.span(place)}<={place}))"
        rank = walk.spill(
            f"SUMPRODUCT({self.mask}{ahead})", both("auxiliary.rank_of_remainder"), self._ranks(rests),
            wide=True, reads=4 * walk.width**2,
        )  # fmt: skip
        return f"IF({rank}<={left},1,0)"

    def _ranks(self, rests: Floats) -> Floats:
        """1 for the largest remainder of each group, ties to the lower 次序."""
        ranks = np.zeros(len(rests))
        for group in set(self.ids.tolist()):
            inside = np.flatnonzero(self.ids == group)
            turn = inside[np.lexsort((np.array(self.walk.evaluator.table.order)[inside], -rests[inside]))]
            ranks[turn] = np.arange(1, len(turn) + 1)
        return ranks


def across(walk: FormulaWalk, node: tree.Call, x: str, grouped: str) -> str:
    """`grouped` with {g} the county's group id and {G} the range of ids, over the range {x}."""
    by = group_numbers(walk, node)
    assert by
    text = grouped.format(x=x, g=by[0], G=by[1])
    return walk.spill(text, both(f"auxiliary.over_{node.fn}"), walk.value(node), reads=walk.width**2)
