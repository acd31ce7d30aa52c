"""Bounded sharing and largest remainders as live formulas, each part in a helper column.

The level of a bounded share is found in `excel_level`. Both allocators add lines to 核对!状态.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.arrays import round_half_away, snap
from allocation.language import tree
from allocation.readings.excel_compared import ComparedSums
from allocation.readings.excel_gathering import gathered
from allocation.readings.excel_level import FAR, HUGE, NONE, Shape, Spread, level_start
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
    from allocation.arrays import Floats
    from allocation.readings.excel_sums import GatheredSums
    from allocation.readings.excel_walk import FormulaWalk

Told = tuple[Both, str, float]  # a figure beside a line of 核对


def _bound(walk: FormulaWalk, sums: GatheredSums, node: tree.Node | None, none: str, what: Both) -> Spread | None:
    """A floor or cap; a blank input is `none`."""
    if node is None:
        return None
    cell, figures = _limit(walk, node, none, what)
    return Spread(cell, sums.over(cell, figures, what), figures)


def _limit(walk: FormulaWalk, node: tree.Node, none: str, what: Both) -> tuple[str, Floats]:
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
        return walk.spill(text, what, figures, wide=True), figures
    return pair(walk, node, what)[0], walk.floats(node)


def bounded_share(walk: FormulaWalk, node: tree.Call) -> str:
    """The award of one county: its share at the common level, within its floor and cap."""
    sums, what = gathered(walk, node), both("auxiliary.claim")
    claim, claims = pair(walk, node.needed("claim"), what)
    c = walk.floats(node.needed("claim"))
    pool = walk.simple(node.needed("pool"), both("auxiliary.pool"))
    p = walk.floats(node.needed("pool"))
    floor = _bound(walk, sums, node.arg("floor"), "0", both("auxiliary.floor"))
    cap = _bound(walk, sums, node.arg("cap"), NONE, both("auxiliary.cap"))
    pool = sums.figure(pool, both("auxiliary.pool"), p)
    edges, breakpoints = _edges(sums, (claim, c), floor, cap)
    low, high = (edges[0] if floor else None), (edges[-1] if cap else None)
    shape = Shape(sums.over(claim, c, what), c, floor, cap, low, high)
    level = _level(sums, shape, breakpoints, pool, p)
    _feasible(walk, sums, shape, claims, (pool, p))
    inner = f"{sums.of(level)}*{claim}"
    if floor:
        inner = f"MAX({inner},{floor.cell})"
    if cap:
        inner = f"MIN({inner},{cap.cell})"
    return f"IF({claim}>0,{inner},{floor.cell if floor else 0})"


def _edges(
    sums: GatheredSums, claim: tuple[str, Floats], floor: Spread | None, cap: Spread | None
) -> tuple[list[Spread], str]:
    """The levels at which counties leave their floors, and those at which they reach their caps; beyond everything for
    a zero claim. And one range over all of them.
    """
    mine, c = claim
    columns = [
        (f"IF({mine}>0,{bound.cell}/{mine},{NONE})", what, np.where(c > 0, bound.figures / np.where(c > 0, c, 1), HUGE))
        for bound, what in (
            (floor, both("auxiliary.floor_breakpoint")), (cap, both("auxiliary.cap_breakpoint")),
        )
        if bound
    ]  # fmt: skip
    if not columns:
        return [], ""
    cells, every = sums.breakpoints(columns)
    return [Spread(*cell, figures) for cell, (_, _, figures) in zip(cells, columns, strict=True)], every


def _level(sums: GatheredSums, shape: Shape, breakpoints: str, pool: str, p: Floats) -> str:
    if isinstance(sums, ComparedSums):
        lead, t0 = sums.level_start(shape, pool, p)
    else:
        lead, t0 = level_start(sums, shape, breakpoints, pool, p)
    base, free = sums.values(shape.awards(t0)), sums.values(shape.free_claims(t0))
    spent = sums.spill(sums.text(shape.text(lead)), both("auxiliary.sum_at_the_start"), base, 6)
    slope = sums.spill(sums.text(shape.free(lead)), both("auxiliary.free_claims"), free, 3)
    t = np.where(free > 0, t0 + (p - base) / np.where(free > 0, free, 1), t0)
    text = f"IF({slope}>0,{lead}+({pool}-{spent})/{slope},{lead})"
    return sums.spill(text, both("auxiliary.level"), t)


def _feasible(walk: FormulaWalk, sums: GatheredSums, shape: Shape, claims: str, pool: tuple[str, Floats]) -> None:
    """Σ floor ≤ pool ≤ Σ cap where claim > 0 + Σ floor where claim = 0; no negative claim; no floor above its cap."""
    amount, p = pool
    walk.block(both("auxiliary.no_claim_is_negative"), f"SUMPRODUCT(--({claims}<0))")
    if shape.cap:
        least = walk.span(shape.floor.cell) if shape.floor else "0"
        above = f"SUMPRODUCT(--({least}>{walk.span(shape.cap.cell)}))"
        walk.block(both("auxiliary.no_floor_is_above_its_cap"), above)
    floor = shape.floor.range if shape.floor else f"0*{shape.claims}"
    high = f"({shape.claims}>0)*{shape.cap.range if shape.cap else NONE}+({shape.claims}=0)*{floor}"
    floors, caps = sums.values(shape.least), sums.values(shape.most)
    least = sums.spill(sums.text(floor), both("auxiliary.sum_of_floors"), floors, 1)
    most = sums.spill(sums.text(high), both("auxiliary.sum_of_caps"), caps, 3)
    test = f"IF(AND({gap(amount, least)}>=0,{gap(most, amount)}>=0),0,1)"
    walk.block(
        both("auxiliary.pool_between_its_bounds"), sums.wrong(test, both("auxiliary.feasible")),
        *(() if sums.grouped else (
            (both("auxiliary.sum_of_floors"), least, float(floors[0])), (both("auxiliary.pool"), amount, float(p[0])),
            *(() if not shape.cap else ((both("auxiliary.sum_of_caps"), most, float(caps[0])),)),
        )),
    )  # fmt: skip


def largest_remainder(walk: FormulaWalk, node: tree.Call) -> str:
    """Whole units down, the rest by the largest remainder; ties to the lower 次序. Or all rounded but one (`tail`)."""
    sums = gathered(walk, node)
    size, what = unit_size(walk, node), both("auxiliary.before_rounding")
    units = units_of(walk, node, node.needed("quota"), what)
    q = snap(walk.floats(node.needed("quota")) / size)
    snapped_units = walk.spill(snapped(units), both("auxiliary.before_rounding_snapped"), q, wide=True)
    down = walk.spill(f"INT({snapped_units})", both("auxiliary.rounded_down"), np.floor(q), wide=True)
    rests = rests_of(q)
    of = snapped_units, down
    rest = walk.remainder(remainder_text(*of), both("auxiliary.remainder"), rests, of, wide=True)
    pool = walk.simple(node.needed("pool"), both("auxiliary.pool"))
    pool = sums.figure(pool, both("auxiliary.pool"), walk.floats(node.needed("pool")))
    p = np.broadcast_to(rounded_units(walk, node, node.needed("pool")), (walk.width,))
    units_pool = sums.spill(f"ROUND({to_units(walk, node, pool)},0)", both("auxiliary.pool_in_units"), p)
    lows, ups = sums.values(np.floor(q)), sums.values((rests > 0).astype(float))
    downs = sums.over(down, np.floor(q), both("auxiliary.rounded_down"))
    left = sums.spill(f"{units_pool}-{sums.text(downs)}", both("auxiliary.units_left"), p - lows, 1)
    if node.arg("tail") is not None:
        _roundable(walk, node, sums, (pool, units_pool), left, (rest, rests), ups)
        return _within_bounds(walk, node, _tail_award(walk, node, sums, (snapped_units, q), (units_pool, p)))
    if isinstance(sums, ComparedSums):
        more = sums.one_more((rest, rests), left)
    else:
        more = _one_more(walk, sums, (rest, rests), (left, p - lows))
    _roundable(walk, node, sums, (pool, units_pool), left, (rest, rests), ups)
    return _within_bounds(walk, node, figures_of(walk, node, f"({down}+{more})"))


def _one_more(walk: FormulaWalk, sums: GatheredSums, rest: tuple[str, Floats], left: tuple[str, Floats]) -> str:
    """1 for a county that is rounded up: its remainder is above that of the last one rounded up, or equal to it and its
    次序 no later than that of the last such county.
    """
    (mine, rests), (units, number) = rest, left
    range_, order = sums.over_remainders(mine, rests), np.array(walk.evaluator.table.order, float)
    edges = np.array([_place_down(rests[sums.ids == group], count) for group, count in _once(sums.ids, number)])
    edge = edges[sums.ids]
    text = f"IF(AND({units}>=1,{units}<={sums.size()}),LARGE({range_},{units}),{NONE})"
    threshold = walk.one_of(sums.spill(text, both("auxiliary.last_remainder_up"), edge, 1), mine)
    ahead_figures = sums.values((rests > edge).astype(float))
    ahead = sums.spill(sums.text(f"--({range_}>{threshold})"), both("auxiliary.remainders_above_it"), ahead_figures, 1)
    place, beyond = walk.places.order(), walk.width + 1
    ties = np.where(rests == edge, order, beyond)
    tie = walk.spill(
        f"IF({mine}={sums.of(threshold)},{place},{beyond})", both("auxiliary.order_of_equals"), ties, wide=True
    )
    among = sums.over(tie, ties, both("auxiliary.order_of_equals"))
    wanted = number - ahead_figures
    lasts = np.array([
        0.0 if edges[group] > float(FAR) else -_place_down(-ties[sums.ids == group], count)
        for group, count in _once(sums.ids, wanted)
    ])  # fmt: skip
    text = f"IF({threshold}>{FAR},0,SMALL({among},{units}-{ahead}))"
    last = sums.spill(text, both("auxiliary.last_of_equals"), lasts[sums.ids], 1)
    equal = f"IF({mine}={sums.of(threshold)},IF({place}<={sums.of(last)},1,0),0)"
    return f"IF({mine}>{sums.of(threshold)},1,{equal})"


def _once(ids: np.ndarray, figures: Floats) -> list[tuple[int, int]]:
    """Each group and its figure, which all of its counties have."""
    return [(group, int(figures[at])) for group, at in enumerate(np.unique(ids, return_index=True)[1].tolist())]


def _place_down(figures: Floats, place: int) -> float:
    """The figure in a place by size, from the largest; beyond everything where there is no such place."""
    return float(np.sort(figures)[-place]) if 1 <= place <= len(figures) else HUGE


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
    walk: FormulaWalk, node: tree.Call, sums: GatheredSums, units: tuple[str, Floats], pool: tuple[str, Floats]
) -> str:
    """倒挤: each county rounded by itself, halves up, but for the one named, which takes what they leave."""
    tail, (quota, q), (units_pool, p) = _tail(walk, node), units, pool
    takers = sums.over(tail.cell, tail.figures, both("auxiliary.takes_the_tail"))
    alone = f"IF({sums.text(takers)}=1,0,1)"
    walk.block(both("auxiliary.one_takes_the_tail"), sums.counted(alone, both("auxiliary.not_one_takes_it"), 1))
    near_figures: Floats = round_half_away(q).astype(float)
    near = walk.spill(f"ROUND({quota},0)", both("auxiliary.rounded_half_up"), near_figures, wide=True)
    others = np.where(tail.figures == 1, 0, near_figures)
    text = sums.text(f"(1-{takers})*{sums.over(near, near_figures, both('auxiliary.rounded_half_up'))}")
    left = p - sums.values(others)
    rest = sums.of(sums.spill(f"{units_pool}-{text}", both("auxiliary.left_by_the_others"), left, 1))
    taken = np.where(tail.figures == 1, left, near_figures)
    mine = walk.spill(f"IF({tail.cell}=1,{rest},{near})", both("auxiliary.with_the_tail"), taken, wide=True)
    lost = f"IF(AND({tail.cell}=1,{mine}<0,{quota}>=0),1,0)"
    below = walk.spill(lost, both("auxiliary.below_zero_with_the_tail"), 0.0, wide=True)
    what = both("auxiliary.tail_in_units")
    takes: Told = (what, _of_tail(walk, tail, mine), float(taken[tail.figures == 1].sum()))
    walk.block(
        both("auxiliary.tail_not_below_zero"), f"SUM({walk.span(below)})",
        *(() if sums.grouped else (takes,)),
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
            f"IF({snapped(award)}{sign}{snapped(limit[0])},1,0)", both("auxiliary.out_of_bounds"), 0.0, wide=True
        )
        label = both("auxiliary.no_bound_is_broken", bound=what)
        walk.block(label, f"SUM({walk.span(broken)})", *_tail_beside(walk, node, award, limit, what))
    return award


def _tail_beside(walk: FormulaWalk, node: tree.Call, award: str, limit: tuple[str, Floats], what: Both) -> list[Told]:
    """Where one county of the run takes the tail: what it gets and the bound it is not to leave."""
    if node.arg("tail") is None or node.arg("by") is not None:
        return []
    tail = _tail(walk, node)
    bound, mine = float((limit[1] * tail.figures).sum()), float((walk.floats(node) * tail.figures).sum())
    return [
        (both("auxiliary.unit_of_the_tail"), _of_tail(walk, tail, award), mine),
        (both("auxiliary.its_bound", bound=what), _of_tail(walk, tail, limit[0]), bound),
    ]


def _roundable(
    walk: FormulaWalk, node: tree.Call, sums: GatheredSums, pool: tuple[str, str], left: str, rest: tuple[str, Floats],
    ups: Floats,
) -> None:  # fmt: skip
    """The pool is on the grid, and Σ down ≤ pool ≤ Σ up."""
    range_ = sums.over(*rest, both("auxiliary.remainder"))
    above = sums.spill(sums.text(f"--({range_}>0)"), both("auxiliary.may_be_rounded_up"), ups, 1)
    figure, units_pool = pool
    on_grid = f"{snapped(to_units(walk, node, figure))}={units_pool}"
    test = f"IF(AND({on_grid},{left}>=0,{left}<={above}),0,1)"
    walk.block(both("auxiliary.meets_the_pool"), sums.wrong(test, both("auxiliary.can_be_rounded")))


__all__ = ["bounded_share", "largest_remainder"]
