"""The functions over counties in numbers, and the table of all functions: `(evaluator, call, active) -> Evaluated`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from allocation import allocators, arrays
from allocation.allotting import Blanked
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.readings.amounts import amount, unit_of
from allocation.readings.each import EACH, Rule, over, roots, step, unsure
from allocation.readings.evaluated import Active, Evaluated
from allocation.readings.remedies import remedies
from allocation.texts import LANGUAGES, Both

if TYPE_CHECKING:
    from allocation.arrays import Groups
    from allocation.readings.evaluation import Evaluation, Note

Rounding = Callable[..., np.ndarray]  # of a rounding unit, and of what is rounded to it
Measure = Callable[["Evaluation", np.ndarray, "Groups | None"], np.ndarray]


def _across(measure: Measure) -> Rule:
    """A figure a run, or one a group: `measure(ev, x wide, groups)`."""

    def rule(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
        x = ev.visit(node.needed("x"), active.across)
        return Evaluated(node, measure(ev, ev.wide(x.figures), ev.groups(node)), (x,))

    return rule


def _total(ev: Evaluation, x: np.ndarray, groups: Groups | None) -> np.ndarray:
    return arrays.total(x, groups)


def _size(ev: Evaluation, groups: Groups | None) -> np.ndarray:
    if groups is None:
        return ev.number(Fraction(len(ev.table)))
    sizes = np.bincount(groups)[groups][None, :]
    return arrays.each(Fraction, sizes.astype(object)) if ev.exact else sizes.astype(float)


def _mean(ev: Evaluation, x: np.ndarray, groups: Groups | None) -> np.ndarray:
    mean: np.ndarray = arrays.total(x, groups) / _size(ev, groups)
    return mean


def _extreme(operate: np.ufunc) -> Measure:
    def extreme(ev: Evaluation, x: np.ndarray, groups: Groups | None) -> np.ndarray:
        if groups is None:
            whole: np.ndarray = operate.reduce(x, axis=-1, keepdims=True)
            return whole
        parts = [
            (members, operate.reduce(x[:, members], axis=-1, keepdims=True)) for members in arrays.members_of(groups)
        ]
        return arrays.by_group(parts, x.shape[-1])

    return extreme


def _count(ev: Evaluation, x: np.ndarray, groups: Groups | None) -> np.ndarray:
    ones = np.where(x, ev.number(Fraction(1)), ev.number(Fraction(0)))
    return arrays.total(ones, groups)


def _deviation(ev: Evaluation, x: np.ndarray, groups: Groups | None) -> np.ndarray:
    spread = x - _mean(ev, x, groups)
    return roots(ev, arrays.total(spread * spread, groups) / _size(ev, groups))


def _rank(ev: Evaluation, x: np.ndarray, groups: Groups | None) -> np.ndarray:
    """1 for the highest; equals share a rank, as in Excel's RANK."""
    snapped = arrays.snap(x)
    x = arrays.ranked(snapped)
    data = np.empty(x.shape, np.int64 if ev.exact else float)
    for run in range(x.shape[0]):
        for group in range(1 if groups is None else groups.max() + 1):
            inside = slice(None) if groups is None else groups == group
            ranked = np.sort(x[run, inside])
            above = len(ranked) - np.searchsorted(ranked, x[run, inside], side="right")
            data[run, inside] = above + 1
    return arrays.in_columns(data) if ev.exact else data


def _bounded_share(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    wide = active.across
    pool, claim = ev.visit(node.needed("pool"), wide), ev.visit(node.needed("claim"), wide)
    bounds = [ev.bound(node.arg(key), wide) for key in ("floor", "cap")]
    floor, cap = (_unbounded(bound[0]) if bound else None for bound in bounds)
    with remedies(ev.model, node, active.runs):
        bounded = allocators.bounded_share(pool.figures, ev.wide(claim.figures), floor, cap, ev.groups(node))
    return Evaluated(node, bounded.awards, (pool, claim, *bounds[0], *bounds[1]), bounded=bounded)


def _unbounded(bound: Evaluated) -> Any:
    """A bound whose blanks are None (exact) or NaN (float): no floor, no cap."""
    if bound.missing is None:
        return bound.figures
    if arrays.in_quotients(bound.figures):
        return Blanked(bound.figures, bound.missing)
    data = bound.figures.copy()
    data[bound.missing] = None if data.dtype == object else np.nan
    return data


def _largest_remainder(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    pool, quota = ev.visit(node.needed("pool"), active.across), ev.visit(node.needed("quota"), active.across)
    to, parts = step(ev, node, active.across)
    tail, named = _tail(ev, node, active)
    figures = [pool.figures, ev.wide(quota.figures), *([] if tail is None else [tail])]
    groups = ev.groups(node)

    def close(step: Fraction | float, pool: np.ndarray, quota: np.ndarray, *tail: np.ndarray) -> np.ndarray:
        return allocators.largest_remainder(pool, quota, step, ev.order, groups, *tail)

    with remedies(ev.model, node, active.runs):
        data = _each_step(ev, to, figures, close)
    if tail is not None and ev.noting:
        ev.note(unsure(arrays.round_half_away, over(ev, figures[1], to)) & ~tail & active.runs)
    _within_bounds(ev, quota, Evaluated(node, data, tail=tail), to, active.runs)
    return Evaluated(node, data, (pool, quota, *parts, *named), bounded=quota.bounded, tail=tail)


def _tail(ev: Evaluation, node: tree.Call, active: Active) -> tuple[np.ndarray | None, tuple[Evaluated, ...]]:
    """Who takes what rounding leaves (scenario or 1, county) where the call names somebody; the test that says so."""
    said = node.arg("tail")
    if said is None:
        return None, ()
    if isinstance(said, tree.Text):
        names = zip(ev.table.codes, ev.table.names, strict=True)
        return np.array([[said.value in of_county for of_county in names]]), ()
    test = ev.visit(said, active.across)
    return ev.wide(test.figures).astype(bool), (test,)


def _each_step(ev: Evaluation, to: np.ndarray, figures: Sequence[np.ndarray], round_to: Rounding) -> np.ndarray:
    """`round_to(step, *figures)` all at once, or scenario by scenario where they round to different units."""
    steps = [step if ev.exact else float(step) for step in to.flat]
    if len(steps) == 1:
        return round_to(steps[0], *figures)
    rows = [[x[at : at + 1] if len(x) > 1 else x for x in figures] for at in range(len(steps))]
    rounded: list[np.ndarray] = []
    problems: list[Problem] = []
    lost = np.zeros(len(steps), bool)
    for at, row in enumerate(rows):
        try:
            rounded.append(round_to(steps[at], *row))
        except AllocationError as error:
            lost[at], problems = True, problems or error.problems
    if problems:
        raise AllocationError(problems, lost)
    return np.concatenate(rounded)


def _within_bounds(ev: Evaluation, quota: Evaluated, closed: Evaluated, to: np.ndarray, runs: np.ndarray) -> None:
    """Bounds off the rounding unit, as a changed parameter may put them, must not be rounded past in silence; nor may
    what the others leave take the county named for it past its own."""
    data = closed.figures
    while isinstance(quota.node, tree.Name) and quota.parts:
        quota = quota.parts[0]
    if not (isinstance(quota.node, tree.Call) and quota.node.fn == "bounded_share"):
        return
    sides = [side for side in ("floor", "cap") if quota.node.arg(side) is not None]
    for side, bound in zip(sides, quota.parts[2:], strict=True):
        limit = bound.figures if bound.missing is None else np.where(bound.missing, data, bound.figures)
        rounded, limit = arrays.snap(data), arrays.snap(limit)
        past = (rounded < limit if side == "floor" else rounded > limit) & runs
        if closed.tail is not None:
            _tail_within(ev, closed, limit, past & closed.tail, side)
            past = past & ~closed.tail
        turn = "up" if side == "floor" else "down"
        ev.refuse("run.bound_broken", past, bound=side, turn=turn, to=Fraction(to.flat[0]))


def _tail_within(ev: Evaluation, closed: Evaluated, limit: np.ndarray, past: np.ndarray, side: str) -> None:
    if not past.any():
        return
    unit, runs = unit_of(ev.model, closed.node), past.any(axis=-1)
    problems = []
    for row in ev.rows_of(past):
        award, bound = (np.broadcast_to(x, past.shape)[:, row][past[:, row]][0] for x in (closed.figures, limit))
        figures = {"award": award, "limit": bound, "gap": abs(award - bound)}
        texts = {key: Both(*(amount(value, unit, lang) for lang in LANGUAGES)) for key, value in figures.items()}
        problems.append(Problem(f"run.tail_{side}", {"rows": [row], **texts}))
    raise AllocationError(problems, np.asarray(runs))


def _row_remainder(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    """One item of a row closed over its parts; the row is worked out once for all its items."""
    args = tuple(pair for pair in node.args if pair[0] != "place")
    key = (args, active.rows.tobytes(), active.rows.shape)
    if key not in ev.rows_cache:
        noted = len(ev.notes)
        pool = ev.visit(node.needed("pool"), active)
        quotas = tuple(ev.visit(part, active) for part in node.rest("quota"))
        to, _ = step(ev, node, active)
        stack = np.stack(np.broadcast_arrays(*(part.figures for part in quotas)), axis=-1)
        idle = ~np.broadcast_to(active.rows, np.broadcast_shapes(active.rows.shape, stack.shape[:-1]))[..., None]
        zero = ev.number(Fraction(0))
        figures = np.where(idle, zero, pool.figures[..., None]), np.where(idle, zero, stack)
        tail = None if node.arg("tail") is None else np.arange(len(quotas)) == node.whole("tail")
        if tail is not None and ev.noting:
            halves = unsure(arrays.round_half_away, over(ev, figures[1], to[..., None])) & ~tail
            ev.note(halves.any(axis=-1) & active.rows)
        closed = _each_step(ev, to, figures, partial(_close_rows, tail=tail))
        ev.rows_cache[key] = closed, (pool, *quotas), ev.notes[noted:]
        doubts: list[Note] = []
    else:
        doubts = ev.rows_cache[key][2]
    rows, parts, _ = ev.rows_cache[key]
    ev.notes += [(ev.current, where) for _, where in doubts]  # what one item rests on, all of them do
    return Evaluated(node, rows[..., node.whole("place")], parts)


ROWS = {"run.rounding_infeasible": "run.row_rounding", "run.tail_negative": "run.row_tail_negative"}


def _close_rows(
    to: Fraction | float, pool: np.ndarray, quota: np.ndarray, tail: np.ndarray | None = None
) -> np.ndarray:
    """Every row (scenario, county, item) closed; an error names the county, not the place of the item."""
    order = np.arange(quota.shape[-1])
    try:
        return allocators.largest_remainder(pool, quota, to, order, tail=tail)
    except AllocationError as whole:
        runs = None if whole.runs is None else np.asarray(whole.runs.any(axis=-1))  # of (scenario, county)
        for row in range(quota.shape[1]):
            try:
                allocators.largest_remainder(pool[:, [row]], quota[:, [row]], to, order, tail=tail)
            except AllocationError as error:
                problem = error.problems[0]
                id = ROWS.get(problem.id, problem.id)
                raise AllocationError(Problem(id, {**problem.slots, "rows": [row]}), runs) from None
        raise AllocationError(whole.problems, runs) from None


def _fill(ev: Evaluation, node: tree.Call, active: Active) -> Evaluated:
    pool, need, order = (ev.visit(node.needed(key), active.across) for key in ("pool", "need", "order"))
    needs, rank = ev.wide(need.figures), ev.wide(arrays.snap(order.figures))
    groups = ev.groups(node)
    with remedies(ev.model, node, active.runs):
        data = allocators.fill(pool.figures, needs, rank, ev.order, groups)
    return Evaluated(node, data, (pool, need, order))


CALLS: dict[str, Rule] = EACH | {
    "total": _across(_total),
    "mean": _across(_mean),
    "lowest": _across(_extreme(np.minimum)),
    "highest": _across(_extreme(np.maximum)),
    "count": _across(_count),
    "deviation": _across(_deviation),
    "rank": _across(_rank),
    "bounded_share": _bounded_share,
    "largest_remainder": _largest_remainder,
    "row_remainder": _row_remainder,
    "fill": _fill,
}
