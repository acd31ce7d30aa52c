"""Bounded sharing and largest remainders as live formulas, each part in a helper column.

The level of a bounded share is found among its breakpoints (floor ÷ claim, cap ÷ claim): the highest one whose sum of
awards is within the pool, then one interpolation (DESIGN 4). Both allocators add lines to 核对!状态.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from allocation.arrays import round_half_away, snap
from allocation.classes import dataclass
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
from allocation.readings.excel_text import gap, given_or, pair, quoted, scaled, snapped, whole
from allocation.texts import Both, both

if TYPE_CHECKING:
    from allocation.arrays import Floats, Groups
    from allocation.readings.excel_walk import Added, FormulaWalk

NONE = "1E+300"  # stands for «no cap»; a breakpoint beyond FAR is none
FAR = "1E+200"

HUGE = 1e300
Told = tuple[Both, str, float]  # a figure beside a line of 核对
NOISE = "5E-10"  # a sum this little above the pool is the pool: floats add up in any order


class Spread(NamedTuple):
    """Figures a county, in the workbook: the county's own cell, the range of all, and the engine's figures."""

    cell: str
    range: str
    figures: Floats


@dataclass(frozen=True)
class _Sums:
    """How a sum over counties is written: over all, or over the county's own group."""

    walk: FormulaWalk
    by: tuple[str, str] | None
    ids: Groups

    def text(self, inner: str) -> str:
        return f"SUMPRODUCT(({self.by[1]}={self.by[0]})*({inner}))" if self.by else f"SUMPRODUCT({inner})"

    def values(self, figures: Floats) -> Floats:
        """Each county's group's sum."""
        return np.array([figures[self.ids == group].sum() for group in self.ids])

    def best(self, test: str, of: str) -> str:
        mask = f"({self.by[1]}={self.by[0]})*" if self.by else ""
        return f"SUMPRODUCT(MAX({mask}({test})*{of}))"

    def spill(self, text: str, what: Both, figures: Floats, work: int = 0) -> str:
        """A figure a run in one cell, or one a group in a column."""
        values: Added = figures if self.by else float(figures[0])
        return self.walk.spill(text, what, values, wide=bool(self.by), work=work if self.by else 0)


def _sums(walk: FormulaWalk, node: tree.Call) -> _Sums:
    by = walk.groups(node)
    return _Sums(walk, by, walk.ids(node))


def _bound(walk: FormulaWalk, node: tree.Node | None, none: str, what: Both) -> Spread | None:
    """A floor or cap; a blank input is `none`."""
    return None if node is None else _limit(walk, node, none, what)


def _limit(walk: FormulaWalk, node: tree.Node, none: str, what: Both) -> Spread:
    name, factor = (node.of, node.factor) if isinstance(node, tree.Convert) else (node, Fraction(1))
    if isinstance(name, tree.Name) and name.id in walk.model.inputs:
        cell = walk.places.input(name.id)
        text = given_or(walk, name.id).replace("NA()", none)
        if factor != 1:
            text = f"IF(ISNUMBER({cell}),{scaled(cell, factor)},{none})"
        given = walk.evaluator.values[name.id]
        figures = np.array([float(v * factor) if walk.evaluator.exact else v * float(factor) for v in given.data[0]])
        if given.missing is not None:
            figures[given.missing[0]] = float(none)
        mine = walk.spill(text, what, figures, wide=True)
        return Spread(mine, walk.span(mine), figures)
    return Spread(*pair(walk, node, what), walk.floats(node))


def bounded_share(walk: FormulaWalk, node: tree.Call) -> str:
    """The award of one county: its share at the common level, within its floor and cap."""
    sums = _sums(walk, node)
    claim, claims = pair(walk, node.needed("claim"), both("auxiliary.claim"))
    c = walk.floats(node.needed("claim"))
    pool = walk.simple(node.needed("pool"), both("auxiliary.pool"))
    p = walk.floats(node.needed("pool"))
    floor = _bound(walk, node.arg("floor"), "0", both("auxiliary.floor"))
    cap = _bound(walk, node.arg("cap"), NONE, both("auxiliary.cap"))
    edges = [
        _edge(walk, bound, (claim, c), what)
        for bound, what in ((floor, both("auxiliary.floor_breakpoint")), (cap, both("auxiliary.cap_breakpoint")))
        if bound
    ]
    shape = _Shape(claims, c, floor, cap, edges[0] if floor else None, edges[-1] if cap else None)
    level = _level(walk, sums, shape, pool, p, edges)
    _feasible(walk, sums, shape, pool, p)
    inner = f"{level}*{claim}"
    if floor:
        inner = f"MAX({inner},{floor.cell})"
    if cap:
        inner = f"MIN({inner},{cap.cell})"
    return f"IF({claim}>0,{inner},{floor.cell if floor else 0})"


@dataclass(frozen=True)
class _Shape:
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
    def least(self) -> Floats:
        return self.floor.figures if self.floor else np.zeros_like(self.c)

    @property
    def most(self) -> Floats:
        """What each county can get: its cap, or without a claim its floor."""
        return np.where(self.c > 0, self.cap.figures if self.cap else HUGE, self.least)

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


def _edge(walk: FormulaWalk, bound: Spread, claim: tuple[str, Floats], what: Both) -> Spread:
    """The level at which a county leaves its floor, or reaches its cap; beyond everything for a zero claim."""
    mine, c = claim
    figures = np.where(c > 0, bound.figures / np.where(c > 0, c, 1), HUGE)
    cell = walk.spill(f"IF({mine}>0,{bound.cell}/{mine},{NONE})", what, figures, wide=True)
    return Spread(cell, walk.span(cell), figures)


def _level(walk: FormulaWalk, sums: _Sums, shape: _Shape, pool: str, p: Floats, edges: list[Spread]) -> str:
    start, t0 = "0", np.zeros_like(p)
    for number, (cell, span, figures) in enumerate(edges):
        what = both("auxiliary.sum_at_breakpoint", number=number + 1)
        at = np.array([
            HUGE if b > float(FAR) else shape.awards(b)[sums.ids == g].sum()
            for b, g in zip(figures, sums.ids, strict=True)
        ])  # fmt: skip
        text = f"IF({cell}>{FAR},{NONE},{sums.text(shape.text(cell))})"
        reached = walk.spill(text, what, at, wide=True, work=6 * walk.width)
        start += f",{sums.best(f'{walk.span(reached)}-{pool}<{NOISE}', span)}"
        within = np.where((at - p < float(NOISE)) & (figures < float(FAR)), figures, 0)
        t0 = np.maximum(t0, [within[sums.ids == g].max() for g in sums.ids])
    lead = sums.spill(f"MAX({start})" if edges else "0", both("auxiliary.level_to_start_from"), t0, walk.width)
    base = np.array([shape.awards(t)[sums.ids == g].sum() for t, g in zip(t0, sums.ids, strict=True)])
    free = np.array([shape.free_claims(t)[sums.ids == g].sum() for t, g in zip(t0, sums.ids, strict=True)])
    spent = sums.spill(sums.text(shape.text(lead)), both("auxiliary.sum_at_the_start"), base, 6 * walk.width)
    slope = sums.spill(sums.text(shape.free(lead)), both("auxiliary.free_claims"), free, 3 * walk.width)
    t = np.where(free > 0, t0 + (p - base) / np.where(free > 0, free, 1), t0)
    text = f"IF({slope}>0,{lead}+({pool}-{spent})/{slope},{lead})"
    return sums.spill(text, both("auxiliary.level"), t)


def _feasible(walk: FormulaWalk, sums: _Sums, shape: _Shape, pool: str, p: Floats) -> None:
    """Σ floor ≤ pool ≤ Σ cap where claim > 0 + Σ floor where claim = 0; no negative claim; no floor above its cap."""
    walk.block(both("auxiliary.no_claim_is_negative"), f"SUMPRODUCT(--({shape.claims}<0))")
    floor = shape.floor.range if shape.floor else f"0*{shape.claims}"
    low = sums.text(floor)
    if shape.cap:
        above = f"SUMPRODUCT(--({shape.floor.range if shape.floor else 0}>{shape.cap.range}))"
        walk.block(both("auxiliary.no_floor_is_above_its_cap"), above)
    high = f"({shape.claims}>0)*{shape.cap.range if shape.cap else NONE}+({shape.claims}=0)*{floor}"
    floors, caps = sums.values(shape.least), sums.values(shape.most)
    least = sums.spill(low, both("auxiliary.sum_of_floors"), floors, walk.width)
    most = sums.spill(sums.text(high), both("auxiliary.sum_of_caps"), caps, 3 * walk.width)
    test = f"IF(AND({gap(pool, least)}>=0,{gap(most, pool)}>=0),0,1)"
    if sums.by:
        test = f"SUM({walk.span(walk.spill(test, both('auxiliary.feasible'), np.zeros(walk.width), wide=True))})"
    walk.block(
        both("auxiliary.pool_between_its_bounds"), test,
        *(() if sums.by else (
            (both("auxiliary.sum_of_floors"), least, float(floors[0])), (both("auxiliary.pool"), pool, float(p[0])),
            *(() if not shape.cap else ((both("auxiliary.sum_of_caps"), most, float(caps[0])),)),
        )),
    )  # fmt: skip


def largest_remainder(walk: FormulaWalk, node: tree.Call) -> str:
    """Whole units down, the rest by the largest remainder; ties to the lower 次序. Or all rounded but one (`tail`)."""
    sums = _sums(walk, node)
    size, what = unit_size(walk, node), both("auxiliary.before_rounding")
    units = units_of(walk, node, node.needed("quota"), what)
    q = snap(walk.floats(node.needed("quota")) / size)
    snapped_units = walk.spill(snapped(units), both("auxiliary.before_rounding_snapped"), q, wide=True)
    down = walk.spill(f"INT({snapped_units})", both("auxiliary.rounded_down"), np.floor(q), wide=True)
    rests = rests_of(q)
    of = snapped_units, down
    rest = walk.remainder(remainder_text(*of), both("auxiliary.remainder"), rests, of, wide=True)
    pool = walk.simple(node.needed("pool"), both("auxiliary.pool"))
    p = np.broadcast_to(rounded_units(walk, node, node.needed("pool")), (walk.width,))
    units_pool = sums.spill(f"ROUND({to_units(walk, node, pool)},0)", both("auxiliary.pool_in_units"), p)
    lows, ups = sums.values(np.floor(q)), sums.values((rests > 0).astype(float))
    left = sums.spill(
        f"{units_pool}-{sums.text(walk.span(down))}", both("auxiliary.units_left"), p - lows, walk.width
    )  # fmt: skip
    if node.arg("tail") is not None:
        _roundable(walk, node, sums, (pool, units_pool), left, rest, ups)
        return _within_bounds(walk, node, _tail_award(walk, node, sums, (snapped_units, q), (units_pool, p)))
    place = walk.places.order()
    mask = f"({sums.by[1]}={sums.by[0]})*" if sums.by else ""
    ahead = f"(({walk.span(rest)}>{rest})+({walk.span(rest)}={rest})*({walk.span(place)}<={place}))"
    rank = walk.spill(
        f"SUMPRODUCT({mask}{ahead})", both("auxiliary.rank_of_remainder"), _ranks(walk, rests, sums.ids),
        wide=True, work=4 * walk.width,
    )  # fmt: skip
    _roundable(walk, node, sums, (pool, units_pool), left, rest, ups)
    return _within_bounds(walk, node, figures_of(walk, node, f"({down}+IF({rank}<={left},1,0))"))


def _tail(walk: FormulaWalk, node: tree.Call) -> Spread:
    """1 for the county that takes what rounding leaves, by its code or name or by the test that says so."""
    said, what = node.needed("tail"), both("auxiliary.takes_the_tail")
    if not isinstance(said, tree.Text):
        return Spread(*pair(walk, said, what), walk.floats(said))
    text, places, table = quoted(said.value), walk.places, walk.evaluator.table
    marks = [float(said.value in of_county) for of_county in zip(table.codes, table.names, strict=True)]
    same = f"IF(OR(EXACT({places.code()},{text}),EXACT({places.name()},{text})),1,0)"
    cell = walk.spill(same, what, np.array(marks), wide=True)
    return Spread(cell, walk.span(cell), np.array(marks))


def _tail_award(
    walk: FormulaWalk, node: tree.Call, sums: _Sums, units: tuple[str, Floats], pool: tuple[str, Floats]
) -> str:
    """倒挤: each county rounded by itself, halves up, but for the one named, which takes what they leave."""
    tail, (quota, q), (units_pool, p) = _tail(walk, node), units, pool
    alone = f"{sums.text(tail.range)}=1"
    amiss = sums.spill(f"IF({alone},0,1)", both("auxiliary.not_one_takes_it"), np.zeros(walk.width), walk.width)
    label = both("auxiliary.one_takes_the_tail")
    walk.block(label, f"SUM({walk.span(amiss)})" if sums.by else amiss)
    near_figures: Floats = round_half_away(q).astype(float)
    near = walk.spill(f"ROUND({quota},0)", both("auxiliary.rounded_half_up"), near_figures, wide=True)
    others = np.where(tail.figures == 1, 0, near_figures)
    text = sums.text(f"(1-{tail.range})*{walk.span(near)}")
    left = p - sums.values(others)
    rest = sums.spill(f"{units_pool}-{text}", both("auxiliary.left_by_the_others"), left, walk.width)
    taken = np.where(tail.figures == 1, left, near_figures)
    mine = walk.spill(f"IF({tail.cell}=1,{rest},{near})", both("auxiliary.with_the_tail"), taken, wide=True)
    lost = f"IF(AND({tail.cell}=1,{mine}<0,{quota}>=0),1,0)"
    below = walk.spill(lost, both("auxiliary.below_zero_with_the_tail"), 0.0, wide=True)
    what = both("auxiliary.tail_in_units")
    takes: Told = (what, _of_tail(walk, tail, mine), float(taken[tail.figures == 1].sum()))
    walk.block(
        both("auxiliary.tail_not_below_zero"), f"SUM({walk.span(below)})",
        *(() if sums.by else (takes,)),
    )  # fmt: skip
    return figures_of(walk, node, mine)


def _of_tail(walk: FormulaWalk, tail: Spread, cell: str) -> str:
    """The figure of the county that takes the tail, where it is one a run."""
    return f"SUMPRODUCT({tail.range},{walk.span(cell)})"


def _within_bounds(walk: FormulaWalk, node: tree.Call, award: str) -> str:
    """Bounds off the rounding unit, as an edited parameter may put them, must not be rounded past in silence; nor may
    the county that takes the tail leave its own."""
    quota = node.needed("quota")
    while isinstance(quota, tree.Name) and quota.id in walk.model.columns:
        quota = walk.model.columns[quota.id].node
    if not (isinstance(quota, tree.Call) and quota.fn == "bounded_share"):
        return award
    for key, none, sign, what in (
        ("floor", "0", "<", both("auxiliary.floor")), ("cap", NONE, ">", both("auxiliary.cap")),
    ):  # fmt: skip
        bound = quota.arg(key)
        tail = node.arg("tail") is not None
        to_whole = node.arg("to") in (None, tree.Number(Fraction(1)))
        if bound is None or not tail and to_whole and whole(walk, bound):
            continue
        award = walk.spill(award, both("auxiliary.rounded"), walk.value(node), wide=True)
        limit = _limit(walk, bound, none, what)
        broken = walk.spill(
            f"IF({snapped(award)}{sign}{snapped(limit.cell)},1,0)", both("auxiliary.out_of_bounds"), 0.0, wide=True
        )
        label = both("auxiliary.no_bound_is_broken", bound=what)
        walk.block(label, f"SUM({walk.span(broken)})", *_tail_beside(walk, node, award, limit, what))
    return award


def _tail_beside(walk: FormulaWalk, node: tree.Call, award: str, limit: Spread, what: Both) -> list[Told]:
    """Where one county of the run takes the tail: what it gets and the bound it is not to leave."""
    if node.arg("tail") is None or node.arg("by") is not None:
        return []
    tail = _tail(walk, node)
    bound, mine = float((limit.figures * tail.figures).sum()), float((walk.floats(node) * tail.figures).sum())
    return [
        (both("auxiliary.unit_of_the_tail"), _of_tail(walk, tail, award), mine),
        (both("auxiliary.its_bound", bound=what), _of_tail(walk, tail, limit.cell), bound),
    ]


def _ranks(walk: FormulaWalk, rests: Floats, ids: Groups) -> Floats:
    """1 for the largest remainder of each group, ties to the lower 次序."""
    ranks = np.zeros(len(rests))
    for group in set(ids.tolist()):
        inside = np.flatnonzero(ids == group)
        turn = inside[np.lexsort((np.array(walk.evaluator.table.order)[inside], -rests[inside]))]
        ranks[turn] = np.arange(1, len(turn) + 1)
    return ranks


def _roundable(
    walk: FormulaWalk, node: tree.Call, sums: _Sums, pool: tuple[str, str], left: str, rest: str, ups: Floats
) -> None:
    """The pool is on the grid, and Σ down ≤ pool ≤ Σ up."""
    above = sums.spill(sums.text(f"--({walk.span(rest)}>0)"), both("auxiliary.may_be_rounded_up"), ups, walk.width)
    figure, units_pool = pool
    on_grid = f"{snapped(to_units(walk, node, figure))}={units_pool}"
    test = f"IF(AND({on_grid},{left}>=0,{left}<={above}),0,1)"
    if sums.by:
        test = f"SUM({walk.span(walk.spill(test, both('auxiliary.can_be_rounded'), np.zeros(walk.width), wide=True))})"
    walk.block(both("auxiliary.meets_the_pool"), test)


__all__ = ["bounded_share", "largest_remainder"]
