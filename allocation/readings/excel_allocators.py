"""Bounded sharing and largest remainders as live formulas, each part in a helper column.

The level of a bounded share is found among its breakpoints (floor ÷ claim, cap ÷ claim): the highest one whose sum of
awards is within the pool, then one interpolation (DESIGN 4). Both allocators add lines to 核对!状态.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import snap
from allocation.language import tree
from allocation.readings.excel_rounding import (
    figures_of,
    remainder_text,
    rests_of,
    rounded_units,
    to_units,
    unit_size,
    units_of,
)
from allocation.readings.excel_text import gap, given_or, pair, scaled, snapped, whole
from allocation.texts import Both

if TYPE_CHECKING:
    from allocation.readings.excel import Walk

NONE = "1E+300"  # stands for «no cap»; a breakpoint beyond FAR is none
FAR = "1E+200"

HUGE = 1e300
NOISE = "5E-10"  # a sum this little above the pool is the pool: floats add up in any order


@dataclass(frozen=True)
class _Sums:
    """How a sum over counties is written: over all, or over the county's own group."""

    walk: Walk
    by: tuple[str, str] | None
    ids: np.ndarray

    def text(self, inner: str) -> str:
        return f"SUMPRODUCT(({self.by[1]}={self.by[0]})*({inner}))" if self.by else f"SUMPRODUCT({inner})"

    def values(self, figures: np.ndarray) -> np.ndarray:
        """Each county's group's sum."""
        return np.array([figures[self.ids == own].sum() for own in self.ids])

    def best(self, test: str, of: str) -> str:
        mask = f"({self.by[1]}={self.by[0]})*" if self.by else ""
        return f"SUMPRODUCT(MAX({mask}({test})*{of}))"

    def spill(self, text: str, what: Both, figures: np.ndarray, work: int = 0) -> str:
        """A figure a run in one cell, or one a group in a column."""
        values = figures if self.by else float(figures[0])
        return self.walk.spill(text, what, values, wide=bool(self.by), work=work if self.by else 0)


def _sums(walk: Walk, node: tree.Call) -> _Sums:
    by = walk.groups(node)
    ids = walk.evaluator.groups(node)
    return _Sums(walk, by, np.zeros(walk.width) if ids is None else ids)


def _bound(walk: Walk, node: tree.Node | None, none: str, what: Both) -> tuple[str, str, np.ndarray] | None:
    """A floor or cap as (own cell, range, figures); a blank input is `none`."""
    if node is None:
        return None
    name, factor = (node.of, node.factor) if isinstance(node, tree.Convert) else (node, Fraction(1))
    if isinstance(name, tree.Name) and name.id in walk.model.inputs:
        cell = walk.places.input(name.id)
        text = given_or(walk, name.id).replace("NA()", none)
        if factor != 1:
            text = f"IF(ISNUMBER({cell}),{scaled(cell, factor)},{none})"
        found = walk.evaluator.values[name.id]
        figures = np.array([float(v * factor) if walk.evaluator.exact else v * float(factor) for v in found.data[0]])
        if found.missing is not None:
            figures[found.missing[0]] = float(none)
        own = walk.spill(text, what, figures, wide=True)
        return own, walk.span(own), figures
    own, span = pair(walk, node, what)
    return own, span, walk.floats(node)


def bounded_share(walk: Walk, node: tree.Call) -> str:
    """The award of one county: its share at the common level, within its floor and cap."""
    sums = _sums(walk, node)
    claim, claims = pair(walk, node.arg("claim"), Both("得分", "claim"))
    c = walk.floats(node.arg("claim"))
    pool = walk.simple(node.arg("pool"), Both("资金", "pool"))
    p = walk.floats(node.arg("pool"))
    floor = _bound(walk, node.arg("floor"), "0", Both("下限", "floor"))
    cap = _bound(walk, node.arg("cap"), NONE, Both("上限", "cap"))
    edges = [
        _edge(walk, bound, (claim, c), what)
        for bound, what in ((floor, Both("下限断点", "floor breakpoint")), (cap, Both("上限断点", "cap breakpoint")))
        if bound
    ]
    shape = _Shape(claims, c, floor, cap, edges[0] if floor else None, edges[-1] if cap else None)
    level = _level(walk, sums, shape, pool, p, edges)
    _feasible(walk, sums, shape, pool, p)
    inner = f"{level}*{claim}"
    if floor:
        inner = f"MAX({inner},{floor[0]})"
    if cap:
        inner = f"MIN({inner},{cap[0]})"
    return f"IF({claim}>0,{inner},{floor[0] if floor else 0})"


@dataclass(frozen=True)
class _Shape:
    """Ranges and figures that make the sum of awards at a level b."""

    claims: str
    c: np.ndarray
    floor: tuple[str, str, np.ndarray] | None
    cap: tuple[str, str, np.ndarray] | None
    low: tuple[str, str, np.ndarray] | None
    high: tuple[str, str, np.ndarray] | None

    def text(self, b: str) -> str:
        inside, parts = f"{b}*{self.claims}", []
        if self.low:
            parts.append(f"({b}<{self.low[1]})*{self.floor[1]}")
            inside = f"({b}>={self.low[1]})*{inside}"
        if self.high:
            parts.append(f"({b}>{self.high[1]})*{self.cap[1]}")
            inside = f"({b}<={self.high[1]})*{inside}"
        return "+".join([*parts, inside])

    def free(self, b: str) -> str:
        tests = [f"({b}>={self.low[1]})"] if self.low else []
        tests += [f"({b}<{self.high[1]})"] if self.high else []
        return "*".join([*tests, self.claims])

    @property
    def least(self) -> np.ndarray:
        return self.floor[2] if self.floor else np.zeros_like(self.c)

    @property
    def most(self) -> np.ndarray:
        """What each county can get: its cap, or without a claim its floor."""
        return np.where(self.c > 0, self.cap[2] if self.cap else HUGE, self.least)

    def awards(self, b: np.ndarray) -> np.ndarray:
        """Awards of all counties at each county's own level b (N,) or at one level."""
        return np.minimum(np.maximum(b * self.c, self.least), self.most)

    def free_claims(self, b: np.ndarray) -> np.ndarray:
        test = np.ones_like(self.c, bool)
        if self.low:
            test &= b >= self.low[2]
        if self.high:
            test &= b < self.high[2]
        return np.where(test, self.c, 0)


def _edge(walk: Walk, bound: tuple, claim: tuple[str, np.ndarray], what: Both) -> tuple[str, str, np.ndarray]:
    """The level at which a county leaves its floor, or reaches its cap; beyond everything for a zero claim."""
    own, c = claim
    figures = np.where(c > 0, bound[2] / np.where(c > 0, c, 1), HUGE)
    cell = walk.spill(f"IF({own}>0,{bound[0]}/{own},{NONE})", what, figures, wide=True)
    return cell, walk.span(cell), figures


def _level(walk: Walk, sums: _Sums, shape: _Shape, pool: str, p: np.ndarray, edges: list) -> str:
    start, t0 = "0", np.zeros_like(p)
    for number, (cell, span, figures) in enumerate(edges):
        what = Both(f"断点处合计{number + 1}", f"sum at breakpoint {number + 1}")
        at = np.array([
            HUGE if b > float(FAR) else shape.awards(b)[sums.ids == g].sum()
            for b, g in zip(figures, sums.ids, strict=True)
        ])  # fmt: skip
        text = f"IF({cell}>{FAR},{NONE},{sums.text(shape.text(cell))})"
        own = walk.spill(text, what, at, wide=True, work=6 * walk.width)
        start += f",{sums.best(f'{walk.span(own)}-{pool}<{NOISE}', span)}"
        within = np.where((at - p < float(NOISE)) & (figures < float(FAR)), figures, 0)
        t0 = np.maximum(t0, [within[sums.ids == g].max() for g in sums.ids])
    lead = sums.spill(f"MAX({start})" if edges else "0", Both("起算水平", "level to start from"), t0, walk.width)
    base = np.array([shape.awards(t)[sums.ids == g].sum() for t, g in zip(t0, sums.ids, strict=True)])
    free = np.array([shape.free_claims(t)[sums.ids == g].sum() for t, g in zip(t0, sums.ids, strict=True)])
    spent = sums.spill(sums.text(shape.text(lead)), Both("起算合计", "sum at the start"), base, 6 * walk.width)
    slope = sums.spill(sums.text(shape.free(lead)), Both("未受限得分", "free claims"), free, 3 * walk.width)
    t = np.where(free > 0, t0 + (p - base) / np.where(free > 0, free, 1), t0)
    text = f"IF({slope}>0,{lead}+({pool}-{spent})/{slope},{lead})"
    return sums.spill(text, Both("分配水平", "level"), t)


def _feasible(walk: Walk, sums: _Sums, shape: _Shape, pool: str, p: np.ndarray) -> None:
    """Σ floor ≤ pool ≤ Σ cap where claim > 0 + Σ floor where claim = 0; no negative claim; no floor above its cap."""
    walk.block(Both("得分不为负", "no claim is negative"), f"SUMPRODUCT(--({shape.claims}<0))")
    floor = shape.floor[1] if shape.floor else f"0*{shape.claims}"
    low = sums.text(floor)
    if shape.cap:
        above = f"SUMPRODUCT(--({shape.floor[1] if shape.floor else 0}>{shape.cap[1]}))"
        walk.block(Both("下限不高于上限", "no floor is above its cap"), above)
    high = f"({shape.claims}>0)*{shape.cap[1] if shape.cap else NONE}+({shape.claims}=0)*{floor}"
    floors, caps = sums.values(shape.least), sums.values(shape.most)
    least = sums.spill(low, Both("下限合计", "sum of floors"), floors, walk.width)
    most = sums.spill(sums.text(high), Both("上限合计", "sum of caps"), caps, 3 * walk.width)
    test = f"IF(AND({gap(pool, least)}>=0,{gap(most, pool)}>=0),0,1)"
    if sums.by:
        test = f"SUM({walk.span(walk.spill(test, Both('可行', 'feasible'), [0.0] * walk.width, wide=True))})"
    walk.block(
        Both("下限合计 ≤ 资金 ≤ 上限合计", "sum of floors ≤ pool ≤ sum of caps"), test,
        *(() if sums.by else (
            (Both("下限合计", "sum of floors"), least, float(floors[0])), (Both("资金", "pool"), pool, float(p[0])),
            *(() if not shape.cap else ((Both("上限合计", "sum of caps"), most, float(caps[0])),)),
        )),
    )  # fmt: skip


def largest_remainder(walk: Walk, node: tree.Call) -> str:
    """Whole units down, the rest by the largest remainder; ties to the lower 次序."""
    sums = _sums(walk, node)
    size, what = unit_size(walk, node), Both("取整前", "before rounding")
    units = units_of(walk, node, node.arg("quota"), what)
    q = snap(walk.floats(node.arg("quota")) / size)
    own = walk.spill(snapped(units), Both("取整前（定位）", "before rounding, snapped"), q, wide=True)
    down = walk.spill(f"INT({own})", Both("向下取整", "rounded down"), np.floor(q), wide=True)
    rests = rests_of(q)
    rest = walk.spill(remainder_text(own, down), Both("余数", "remainder"), rests, wide=True)
    pool = walk.simple(node.arg("pool"), Both("资金", "pool"))
    p = np.broadcast_to(rounded_units(walk, node, node.arg("pool")), (walk.width,))
    units_pool = sums.spill(f"ROUND({to_units(walk, node, pool)},0)", Both("资金（单位数）", "pool in units"), p)
    lows, ups = sums.values(np.floor(q)), sums.values((rests > 0).astype(float))
    left = sums.spill(
        f"{units_pool}-{sums.text(walk.span(down))}", Both("余下单位数", "units left"), p - lows, walk.width
    )  # fmt: skip
    place = walk.places.order()
    mask = f"({sums.by[1]}={sums.by[0]})*" if sums.by else ""
    ahead = f"(({walk.span(rest)}>{rest})+({walk.span(rest)}={rest})*({walk.span(place)}<={place}))"
    rank = walk.spill(
        f"SUMPRODUCT({mask}{ahead})", Both("余数名次", "rank of remainder"), _ranks(walk, rests, sums.ids),
        wide=True, work=4 * walk.width,
    )  # fmt: skip
    _roundable(walk, node, sums, pool, units_pool, left, rest, ups)
    return _within_bounds(walk, node, figures_of(walk, node, f"({down}+IF({rank}<={left},1,0))"))


def _within_bounds(walk: Walk, node: tree.Call, award: str) -> str:
    """Bounds off the rounding unit, as an edited parameter may put them, must not be rounded past in silence."""
    quota = node.arg("quota")
    while isinstance(quota, tree.Name) and quota.id in walk.model.columns:
        quota = walk.model.columns[quota.id].node
    if not (isinstance(quota, tree.Call) and quota.fn == "bounded_share"):
        return award
    for key, none, sign, what in (
        ("floor", "0", "<", Both("下限", "floor")), ("cap", NONE, ">", Both("上限", "cap")),
    ):  # fmt: skip
        bound = quota.arg(key)
        if bound is None or (node.arg("to") in (None, tree.Number(Fraction(1))) and whole(walk, bound)):
            continue
        award = walk.spill(award, Both("取整后", "rounded"), walk.value(node), wide=True)
        own = _bound(walk, bound, none, what)[0]
        broken = walk.spill(
            f"IF({snapped(award)}{sign}{snapped(own)},1,0)", Both("越界", "out of bounds"), 0.0, wide=True
        )
        walk.block(Both(f"取整后不突破{what.zh}", f"rounded, no {what.en} is broken"), f"SUM({walk.span(broken)})")
    return award


def _ranks(walk: Walk, rests: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """1 for the largest remainder of each group, ties to the lower 次序."""
    ranks = np.zeros(len(rests))
    for group in set(ids.tolist()):
        inside = np.flatnonzero(ids == group)
        turn = inside[np.lexsort((np.array(walk.evaluator.table.order)[inside], -rests[inside]))]
        ranks[turn] = np.arange(1, len(turn) + 1)
    return ranks


def _roundable(walk: Walk, node, sums: _Sums, pool: str, units_pool: str, left: str, rest: str, ups) -> None:
    """The pool is on the grid, and Σ down ≤ pool ≤ Σ up."""
    above = sums.spill(sums.text(f"--({walk.span(rest)}>0)"), Both("可进位数", "may be rounded up"), ups, walk.width)
    on_grid = f"{snapped(to_units(walk, node, pool))}={units_pool}"
    test = f"IF(AND({on_grid},{left}>=0,{left}<={above}),0,1)"
    if sums.by:
        test = f"SUM({walk.span(walk.spill(test, Both('可取整', 'can be rounded'), [0.0] * walk.width, wide=True))})"
    walk.block(Both("取整后合计能等于资金总额", "can be rounded to the pool"), test)


__all__ = ["bounded_share", "largest_remainder"]
