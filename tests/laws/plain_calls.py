"""The functions of the plain evaluator, by name, each as `docs/convention.md` says it: nothing of the package."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from math import floor

from amounts import Amount, amount, half_away, snap, square_root
from plain_evaluator import (
    NOTHING,
    PURE,
    UNITS,
    Figures,
    Plain,
    Refused,
    Unit,
    each,
    product,
)


def _fold(turn: Callable) -> Callable:
    def rule(p: Plain, args: list[ast.expr]) -> Figures:
        parts = p.alike(*(p.value(arg) for arg in args))
        return Figures(each(lambda *cells: turn(cells), *parts), parts[0].unit)

    return rule


def _absolute(p: Plain, *, x=None) -> Figures:
    of = p.value(x)
    return Figures(each(abs, of), of.unit)


def _root(p: Plain, *, x=None) -> Figures:
    of = p.value(x)
    return Figures(each(lambda v: NOTHING if v < 0 else square_root(v), of), PURE)


def _rounding(p: Plain, x: Figures, to: Fraction, turn: Callable) -> Figures:
    p.within(x, to)
    return Figures(each(lambda v: amount(turn(snap(v / to)) * to), x), x.unit)


def _round(p: Plain, *, x=None, digits=None) -> Figures:
    places = 0 if digits is None else int(ast.literal_eval(digits))
    return _rounding(p, p.value(x), Fraction(10) ** -places, half_away)


def _turned(turn: Callable) -> Callable:
    def rule(p: Plain, *, x=None, to=None) -> Figures:
        of, step = p.alike(p.value(x), p.unit_of(to))
        return _rounding(p, of, _positive(step), turn)

    return rule


def _positive(step: Figures) -> Fraction:
    if step.cells[0] is NOTHING or step.cells[0] <= 0:
        raise Refused("to")
    return step.cells[0].value


def _clip(p: Plain, *, x=None, low=None, high=None) -> Figures:
    of, least, most = p.alike(p.value(x), p.value(low), p.value(high))
    return Figures(each(lambda v, a, b: min(max(v, a), b), of, least, most), of.unit)


def _step(p: Plain, *, x=None, bands=None) -> Figures:
    of, rows = p.value(x), p.names[bands.id]
    p.within(of)
    place = lambda v: next(_entry(value) for edge, value in rows if edge is None or snap(v) <= edge)  # noqa: E731
    return Figures(each(place, of), UNITS[p.units.get(bands.id, "")])


def _pick(p: Plain, *, text=None, table=None) -> Figures:
    keys = p.names[table.id]
    found = each(lambda key: _entry(keys[key]) if key in keys else NOTHING, p.value(text))
    return Figures(found, UNITS[p.units.get(table.id, "")])


def _entry(value: object) -> object:
    return value if isinstance(value, str) else amount(value)


def _given(p: Plain, *, x=None) -> Figures:
    found = p.value(x) if isinstance(x, ast.Call) else p.named(x.id)
    return Figures(tuple(cell is not NOTHING for cell in found.cells))


def _earlier(p: Plain, *, x=None, n=None) -> Figures:
    periods = 1 if n is None else int(ast.literal_eval(n))
    return p.named(p.before[x.id][periods - 1])


def _across(measure: Callable) -> Callable:
    def rule(p: Plain, *, x=None, by=None) -> Figures:
        return p.over_counties(p.value(x), by, measure)

    return rule


def _mean(values: list[Amount]) -> Amount:
    return sum(values, amount(0)) / len(values)


def _deviation(values: list[Amount]) -> Amount:
    return square_root(_mean([(value - _mean(values)) ** 2 for value in values]))


def _count(p: Plain, *, x=None, by=None) -> Figures:
    found = p.over_counties(p.value(x), by, lambda cells: amount(sum(cells)))
    return Figures(found.cells, PURE)


def _total_of(p: Plain, x: Figures, by) -> Figures:
    return p.over_counties(x, by, lambda values: sum(values, amount(0)))


def _divided(p: Plain, x: Figures, y: Figures) -> Figures:
    unit, factor = product(x.unit, y.unit, -1)
    return Figures(each(lambda a, b: a / b * factor if b else NOTHING, x, y), unit)


def _weighted_mean(p: Plain, *, x=None, weight=None, by=None) -> Figures:
    of, weights = p.value(x), p.value(weight)
    products = Figures(each(lambda a, b: a * b, of, weights), of.unit)
    above, below = _total_of(p, products, by), _total_of(p, weights, by)
    return Figures(each(lambda a, b: a / b if b else NOTHING, above, below), of.unit)


def _rank(p: Plain, *, x=None, by=None) -> Figures:
    of = p.value(x)
    p.within(of)
    cells = [NOTHING] * p.count
    if NOTHING not in of.cells:
        for members in p.groups(by):
            for i in members:
                cells[i] = amount(1 + sum(snap(of.cells[j]) > snap(of.cells[i]) for j in members))
    return Figures(tuple(cells))


def _part(p: Plain, *, x=None, by=None) -> Figures:
    of = p.value(x)
    return _divided(p, of, _total_of(p, of, by))


def _index(p: Plain, *, x=None, by=None) -> Figures:
    of = p.value(x)
    return _divided(p, of, p.over_counties(of, by, _mean))


def _level(p: Plain, of: Figures, by) -> tuple[Figures, Figures, Figures]:
    """The lowest, the highest, and whether the two are one figure."""
    p.within(of)
    least, most = p.over_counties(of, by, min), p.over_counties(of, by, max)
    return least, most, Figures(each(lambda a, b: snap(a) == snap(b), least, most))


def _standardise(p: Plain, *, x=None, by=None) -> Figures:
    of = p.value(x)
    _, _, level = _level(p, of, by)
    mean, spread = p.over_counties(of, by, _mean), p.over_counties(of, by, _deviation)
    score = lambda v, m, s, same: amount(0) if same else (v - m) / s if s else NOTHING  # noqa: E731
    return Figures(each(score, of, mean, spread, level), PURE)


def _rescale(p: Plain, *, x=None, low=None, high=None, by=None) -> Figures:
    of = p.value(x)
    low, high = p.alike(p.value(low), p.value(high))
    least, most, level = _level(p, of, by)

    def place(v, a, b, bottom, top, same):
        return (a + b) / 2 if same else a + (v - bottom) / (top - bottom) * (b - a)

    return Figures(each(place, of, low, high, least, most, level), low.unit)


def _share(p: Plain, *, pool=None, claim=None, by=None) -> Figures:
    handed, claims = p.value(pool), p.value(claim)
    if any(cell is not NOTHING and cell < 0 for cell in claims.cells):
        raise Refused("claim")
    whole = _total_of(p, claims, by)
    cells = each(lambda a, c, t: a * c / t if t else NOTHING, handed, claims, whole)
    return Figures(cells, handed.unit)


def _bounded_share(p: Plain, *, pool=None, claim=None, floor=None, cap=None, by=None) -> Figures:
    parts = {"pool": p.value(pool), "floor": _bound(p, floor), "cap": _bound(p, cap)}
    parts = dict(zip(parts, p.alike(*parts.values()), strict=True))
    claims = p.value(claim)
    everything = [*parts["pool"].cells, *claims.cells]
    blank_is_none = [isinstance(side, ast.Name) for side in (floor, cap)]
    for key, allowed in zip(("floor", "cap"), blank_is_none, strict=True):
        everything += [] if allowed else [cell for cell in parts[key].cells if cell is not None]
    if NOTHING in everything:
        return Figures((NOTHING,) * p.count, parts["pool"].unit)
    lows = [amount(0) if cell in (None, NOTHING) else cell for cell in parts["floor"].cells]
    highs = [None if cell in (None, NOTHING) else cell for cell in parts["cap"].cells]
    cells = [amount(0)] * p.count
    for members in p.groups(by):
        rows = [(claims.cells[i], lows[i], highs[i]) for i in members]
        for i, award in zip(members, level_awards(parts["pool"].cells[members[0]], rows), strict=True):
            cells[i] = award
    return Figures(tuple(cells), parts["pool"].unit)


def _bound(p: Plain, node: ast.expr | None) -> Figures:
    return Figures((None,) * p.count, None) if node is None else p.value(node)


def level_awards(pool: Amount, rows: list[tuple[Amount, Amount, Amount | None]]) -> list[Amount]:
    """Awards of clip(t · claim, floor, cap) that add up to the pool: every breakpoint tried, the piece closed."""
    if any(claim < 0 for claim, _, _ in rows) or any(cap is not None and low > cap for _, low, cap in rows):
        raise Refused("claim or bounds")

    def awards(level: Amount) -> list[Amount]:
        return [
            low if claim == 0 else min(max(level * claim, low), cap) if cap is not None else max(level * claim, low)
            for claim, low, cap in rows
        ]

    edges = sorted({bound / claim for claim, *bounds in rows if claim > 0 for bound in bounds if bound is not None})
    edges = edges or [amount(0)]
    sums = [sum(awards(edge), amount(0)) for edge in edges]
    if pool < sums[0]:
        raise Refused("pool below the floors")
    for (one, below), (other, above) in zip(zip(edges, sums), list(zip(edges, sums))[1:], strict=False):  # noqa: B905
        if below <= pool <= above:
            share = (pool - below) / (above - below) if above > below else amount(0)
            return awards(one + share * (other - one))
    free = sum((claim for claim, _, cap in rows if claim > 0 and cap is None), amount(0))
    if pool == sums[-1]:
        return awards(edges[-1])
    if not free:
        raise Refused("pool above the caps")
    return awards(edges[-1] + (pool - sums[-1]) / free)


def _largest_remainder(p: Plain, *, pool=None, quota=None, to=None, by=None, over=None, tail=None) -> Figures:
    if over is not None:
        return _row(p, pool, quota, to, over.id, tail)
    pools, quotas, step = p.alike(p.value(pool), p.value(quota), p.unit_of(to))
    grid = _positive(step)
    if NOTHING in (*pools.cells, *quotas.cells):
        return Figures((NOTHING,) * p.count, quotas.unit)
    _rounding(p, quotas, grid, half_away)
    named = None if tail is None else _named(p, tail)
    cells = [amount(0)] * p.count
    for members in p.groups(by):
        group = [quotas.cells[i] for i in members]
        if named is None:
            closed = hamilton(pools.cells[members[0]], group, grid)
        else:
            closed = squeezed(pools.cells[members[0]], group, grid, [named[i] for i in members])
        for i, award in zip(members, closed, strict=True):
            cells[i] = award
    _past_bounds(p, quota, cells, quotas.unit)
    return Figures(tuple(cells), quotas.unit)


def hamilton(pool: Amount, quotas: list[Amount], to: Fraction) -> list[Amount]:
    """Whole units down, then one more for the largest remainders, ties to the earlier."""
    units = [snap(quota / to) for quota in quotas]
    downs = [floor(unit) for unit in units]
    rests = [floor((unit - down) * 10**9) for unit, down in zip(units, downs, strict=True)]
    wanted = snap(pool / to)
    left = wanted - sum(downs)
    if wanted.denominator != 1 or not 0 <= left <= sum(rest > 0 for rest in rests):
        raise Refused("rounding")
    first = sorted(range(len(quotas)), key=lambda i: (-rests[i], i))[: int(left)]
    return [amount((down + (i in first)) * to) for i, down in enumerate(downs)]


def _named(p: Plain, tail: ast.expr) -> list[bool]:
    """Of each county whether it takes the tail: the code or name that is written, or what the test says."""
    if isinstance(tail, ast.Constant):
        return [tail.value in (code, name) for code, name in zip(p.codes, p.labels, strict=True)]
    cells = p.value(tail).cells
    if NOTHING in cells:
        raise Refused("tail")
    return list(cells)


def squeezed(pool: Amount, quotas: list[Amount], to: Fraction, named: list[bool]) -> list[Amount]:
    """Everyone rounded by themselves, halves away from zero, and the one named gets the rest, not below 0."""
    hamilton(pool, quotas, to)
    if sum(named) != 1:
        raise Refused("tail")
    near = [0 if takes else half_away(snap(quota / to)) for quota, takes in zip(quotas, named, strict=True)]
    rest = snap(pool / to) - sum(near)
    if rest < 0 and quotas[named.index(True)] >= 0:
        raise Refused("tail below zero")
    return [amount((rest if takes else units) * to) for units, takes in zip(near, named, strict=True)]


def _past_bounds(p: Plain, quota: ast.expr, cells: list[Amount], unit: Unit | None) -> None:
    """A rounded award may break no bound of the sharing it rounds, also where that is a column of its own."""
    before = p.formula
    while isinstance(quota, ast.Name) and quota.id in p.columns:
        quota = p.of(p.columns[quota.id])
    if isinstance(quota, ast.Call) and quota.func.id == "bounded_share":
        named = dict(zip(("pool", "claim", "floor", "cap", "by"), quota.args, strict=False))
        named |= {keyword.arg: keyword.value for keyword in quota.keywords}
        for key, past in (("floor", lambda a, b: a < b), ("cap", lambda a, b: a > b)):
            limits = p.to(_bound(p, named.get(key)), unit).cells if key in named else ()
            for award, limit in zip(cells, limits, strict=False):
                if limit not in (None, NOTHING) and past(snap(award), snap(limit)):
                    raise Refused("bounds")
    p.formula = before


def _row(
    p: Plain, pool: ast.expr, quota: ast.expr, to: ast.expr | None, name: str, tail: ast.expr | None = None
) -> Figures:
    """A county's row closed over its parts; this gives the part `p.item`."""
    own, parts = p.item, []
    for item in p.lists[name]:
        p.item = item
        parts.append(p.value(quota))
    p.item = own
    pools, *parts, step = p.alike(p.value(pool), *parts, p.unit_of(to))
    grid, place = _positive(step), p.lists[name].index(own)
    for part in parts:
        _rounding(p, part, grid, half_away)
    named = [item == tail.value for item in p.lists[name]] if tail is not None else None
    close = hamilton if named is None else lambda total, quotas, to: squeezed(total, quotas, to, named)
    cells = [
        NOTHING if NOTHING in row else close(row[0], list(row[1:]), grid)[place]
        for row in zip(pools.cells, *(part.cells for part in parts), strict=True)
    ]
    return Figures(tuple(cells), parts[0].unit)


def _fill(p: Plain, *, pool=None, need=None, order=None, by=None) -> Figures:
    pools, needs = p.alike(p.value(pool), p.value(need))
    turns = p.value(order)
    p.within(turns)
    cells = [NOTHING] * p.count
    if NOTHING not in (*pools.cells, *needs.cells, *turns.cells):
        if min(needs.cells) < 0:
            raise Refused("need")
        for members in p.groups(by):
            left = pools.cells[members[0]]
            for i in sorted(members, key=lambda i: (snap(turns.cells[i]), i)):
                cells[i] = min(needs.cells[i], max(left, amount(0)))
                left = left - needs.cells[i]
    return Figures(tuple(cells), needs.unit)


def _sum_over(p: Plain, *, x=None) -> Figures:
    own, parts = p.item, []
    front = next(part.value.id for part in ast.walk(x) if isinstance(part, ast.Subscript))
    for item in p.lists[p.over[front]]:
        p.item = item
        parts.append(p.value(x))
    p.item = own
    parts = p.alike(*parts)
    return Figures(each(lambda *cells: sum(cells, amount(0)), *parts), parts[0].unit)


CALLS: dict[str, Callable] = {
    "min": _fold(min), "max": _fold(max), "abs": _absolute, "root": _root, "round": _round,
    "up": _turned(lambda v: Fraction(-floor(-v))), "down": _turned(lambda v: Fraction(floor(v))),
    "clip": _clip, "step": _step, "pick": _pick, "given": _given,
    "total": _across(lambda values: sum(values, amount(0))), "mean": _across(_mean),
    "lowest": _across(min), "highest": _across(max), "count": _count, "deviation": _across(_deviation),
    "weighted_mean": _weighted_mean, "rank": _rank, "part": _part, "index": _index, "standardise": _standardise,
    "rescale": _rescale, "share": _share, "bounded_share": _bounded_share, "largest_remainder": _largest_remainder,
    "fill": _fill, "last": _earlier, "since": _earlier, "sum_over": _sum_over,
}  # fmt: skip
