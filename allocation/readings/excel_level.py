"""The level of a bounded share as live formulas: found among its breakpoints, then one interpolation (DESIGN 4).

A breakpoint is a level at which a county leaves its floor or reaches its cap: floor ÷ claim, cap ÷ claim. The highest
whose sum of awards is within the pool is found by halving: a step tries the breakpoint in one place of all of them by
size (SMALL) and adds up the awards there. Some log2 of twice the counties such steps, each linear in the counties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from allocation.classes import dataclass
from allocation.texts import both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocation.arrays import Floats
    from allocation.readings.excel_sums import GatheredSums

NONE = "1E+300"  # stands for «no cap»; a breakpoint beyond FAR is none
FAR = "1E+200"
HUGE = 1e300
NOISE = "5E-10"  # a sum this little above the pool is the pool: floats add up in any order


class Spread(NamedTuple):
    """Figures a county, in the workbook: the county's own cell, what is gathered of all, and the engine's figures."""

    cell: str
    range: str
    figures: Floats


@dataclass(frozen=True)
class Shape:
    """Ranges and figures that make the sum of awards at a level b."""

    claims: str
    c: Floats
    floor: Spread | None
    cap: Spread | None
    low: Spread | None  # the levels at which counties leave their floors
    high: Spread | None  # those at which they reach their caps

    def text(self, b: str) -> str:
        inside, parts = f"{b}*{self.claims}", []
        if self.low and self.floor:
            parts.append(f"({b}<{self.low.range})*{self.floor.range}")
            inside = f"({b}>={self.low.range})*{inside}"
        if self.high and self.cap:
            parts.append(f"({b}>{self.high.range})*{self.cap.range}")
            inside = f"({b}<={self.high.range})*{inside}"
        return "+".join([*parts, inside])

    def free(self, b: str) -> str:
        tests = [f"({b}>={self.low.range})"] if self.low else []
        tests += [f"({b}<{self.high.range})"] if self.high else []
        return "*".join([*tests, self.claims])

    @property
    def reads(self) -> int:
        """How many ranges the sum of awards goes over."""
        return 1 + 3 * bool(self.low) + 3 * bool(self.high)

    @property
    def least(self) -> Floats:
        return self.floor.figures if self.floor else np.zeros_like(self.c)

    @property
    def most(self) -> Floats:
        """What each county can get: its cap, or without a claim its floor."""
        return np.where(self.c > 0, self.cap.figures if self.cap else HUGE, self.least)

    @property
    def edges(self) -> list[Spread]:
        return [edge for edge in (self.low, self.high) if edge]

    def awards(self, b: Floats | float) -> Floats:
        """Awards of all counties at each county's own level b (N,) or at one level."""
        return np.minimum(np.maximum(b * self.c, self.least), self.most)

    def free_claims(self, b: Floats | float) -> Floats:
        test = np.ones_like(self.c, bool)
        if self.low:
            test &= b >= self.low.figures
        if self.high:
            test &= b < self.high.figures
        return np.where(test, self.c, 0)


def level_start(sums: GatheredSums, shape: Shape, breakpoints: str, pool: str, p: Floats) -> tuple[str, Floats]:
    """The highest breakpoint whose sum of awards is within the pool, 0 where none is: its cell, and one a county."""
    if not shape.edges:
        return "0", np.zeros_like(p)
    sought = _Sought([edge.figures for edge in shape.edges], sums.ids)
    times = f"*{len(shape.edges)}" if len(shape.edges) > 1 else ""
    size, place, at = f"{sums.size()}{times}", "0", np.zeros_like(p)
    for power in reversed(range((len(shape.edges) * sums.most()).bit_length())):
        step = 2**power
        further = str(step) if place == "0" else f"{place}+{step}"
        number = (len(shape.edges) * sums.most()).bit_length() - power
        b = sought.at(at + step)
        text = f"IF({further}>{size},{NONE},SMALL({breakpoints},{further}))"
        tried = sums.spill(text, both("auxiliary.level_tried", number=number), b, len(shape.edges))
        reached = np.where(b > float(FAR), HUGE, sums.values(shape.awards(np.where(b > float(FAR), 0, b))))
        at = at + step * (reached - p < float(NOISE))
        within = f"IF({tried}>{FAR},0,IF({sums.text(shape.text(tried))}-{pool}<{NOISE},{step},0))"
        text = within if place == "0" else f"{place}+{within}"
        place = sums.spill(text, both("auxiliary.place_reached", number=number), at, shape.reads)
    start = np.where(at > 0, np.maximum(sought.at(at), 0), 0)
    text = f"IF({place}=0,0,MAX(0,SMALL({breakpoints},{place})))"
    return sums.spill(text, both("auxiliary.level_to_start_from"), start, len(shape.edges)), start


class _Sought:
    """The breakpoints of each county's group by size."""

    def __init__(self, edges: Sequence[Floats], ids: np.ndarray):
        every, of = np.concatenate(edges), np.tile(ids, len(edges))
        self.by_size = every[np.lexsort((every, of))]
        counts = np.bincount(of)
        self.counts, self.starts = counts[ids], (np.cumsum(counts) - counts)[ids]

    def at(self, place: Floats) -> Floats:
        """The breakpoint in each county's place, counted from 1; beyond everything where there are not so many."""
        inside = np.clip(place.astype(int), 1, self.counts)
        return np.where(place > self.counts, HUGE, self.by_size[self.starts + inside - 1])
