"""合计, 小计 and 其中 rows are set aside and held against the counties: a total that disagrees is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.errors import Problem
from allocation.model import Input
from allocation.tables.limits import NOISE
from allocation.tables.rows import COUNTY, SUBTOTAL, TOTAL, WITHIN, Row, total_kind

ODD = 1000  # times the middle of the others, or a part of it
_NOT_ADDITIVE = {"point", "year"}


@dataclass(frozen=True)
class Written:
    """What a table says of one additive input: `figures[row index]` in the model's unit, blanks left out."""

    entry: Input
    column: int
    figures: Mapping[int, Fraction] = field(default_factory=dict)

    def total(self, rows: list[Row]) -> Fraction:
        # Added up by denominator: a nation's fractions one by one take a second.
        numerators: dict[int, int] = {}
        for row in rows:
            figure = self.figures.get(row.index)
            if figure:
                numerators[figure.denominator] = numerators.get(figure.denominator, 0) + figure.numerator
        return sum((Fraction(top, bottom) for bottom, top in numerators.items()), Fraction(0))


def is_additive(entry: Input) -> bool:
    """Amounts and counts add up over counties; rates, coefficients, scores and years do not."""
    dims = entry.unit.dims
    return not entry.text and bool(dims) and all(p > 0 and base not in _NOT_ADDITIVE for base, p in dims)


def reconcile(rows: list[Row], written: list[Written], where, problems: list[Problem], notes: list[Problem]) -> None:
    """Compares every total row with its counties. `where(row index, column)` names a cell."""
    for place, row in enumerate(rows):
        if row.kind == COUNTY:
            continue
        if row.kind == WITHIN:
            _part_of_the_whole(rows, place, written, where, problems)
        else:
            spans = _spans(rows, place)
            within = [other.name for other in rows if other.kind == WITHIN]
            above = _block(rows, place, -1) if row.kind == TOTAL else []
            for one in written:
                _compare(row, spans, one, where, problems, (within, above))
        first = written[0].column if written else 0
        notes.append(Problem("tables.total_set_aside", {"name": row.name}, where(row.index, first)))
    counties = [row for row in rows if row.kind == COUNTY]
    _suspicious(counties, written, where, problems, notes)
    _of_another_size(counties, written, where, notes)


def _spans(rows: list[Row], place: int) -> list[list[Row]]:
    """The sets of counties a total row may speak of: everyone, or its own block; the first one is the likely one."""
    everyone = [row for row in rows if row.kind == COUNTY]
    if rows[place].kind == TOTAL:
        return [everyone]
    first = next((row for row in rows if row.kind in (COUNTY, SUBTOTAL)), rows[place])
    # 小计 stands either before its counties, all through the table, or after them.
    block = _block(rows, place, 1 if first.kind == SUBTOTAL else -1)
    if not block:
        return [everyone]
    # `锦州市合计` may close a block or the whole table.
    return [block] if "小计" in rows[place].name else [block, everyone]


def _block(rows: list[Row], place: int, step: int) -> list[Row]:
    """The counties behind (`step` 1) or before (-1) a row, up to the next total, in the table's order."""
    block: list[Row] = []
    at = place + step
    while 0 <= at < len(rows) and rows[at].kind in (COUNTY, WITHIN):
        block += [rows[at]] if rows[at].kind == COUNTY else []
        at += step
    return block if step > 0 else block[::-1]


def _compare(
    row: Row, spans: list[list[Row]], one: Written, where, problems: list[Problem], beside: tuple[list[str], list[Row]]
) -> None:
    """`beside`: the names of rows 其中, and the counties right above a total, whose 小计 it may be."""
    stated = one.figures.get(row.index)
    if stated is None:
        return
    sums = [one.total(span) for span in spans]
    # Each county's float noise was taken away, the total's own sum still holds it.
    if any(abs(stated - total) <= NOISE * (len(span) + 1) for total, span in zip(sums, spans, strict=True)):
        return
    within, above = beside
    slots = {
        "above": len(above) if above and stated == one.total(above) else "",
        "name": row.name,
        "label": one.entry.label,
        "stated": stated,
        "computed": sums[0],
        "gap": stated - sums[0],
        "count": len(spans[0]),
        "unit": one.entry.unit.name,
        "counties": _named(spans[0]),
        "within": within,
    }
    problems.append(Problem("tables.total_differs", slots, where(row.index, one.column)))


def _named(rows: list[Row]) -> list[str]:
    names = [row.name for row in rows]
    return names if len(names) <= 8 else [*names[:4], "…", *names[-3:]]


def _part_of_the_whole(rows: list[Row], place: int, written: list[Written], where, problems: list[Problem]) -> None:
    """`其中` details the row above it and cannot be more than that."""
    whole = next((row for row in reversed(rows[:place]) if row.kind != WITHIN), None)
    if whole is None:
        return
    row = rows[place]
    for one in written:
        part, all_of = one.figures.get(row.index), one.figures.get(whole.index)
        if part is not None and all_of is not None and part > all_of >= 0:
            slots = {"name": row.name, "label": one.entry.label, "part": part, "whole": all_of, "above": whole.name}
            problems.append(Problem("tables.part_exceeds", slots, where(row.index, one.column)))


def _of_another_size(counties: list[Row], written: list[Written], where, notes: list[Problem]) -> None:
    """A figure a thousand times the others' middle, or a thousandth: yuan for 万元, 万人 for persons."""
    for one in written:
        known = {row.index: abs(one.figures[row.index]) for row in counties if one.figures.get(row.index)}
        if len(known) < 4:
            continue
        middle = sorted(known.values())[(len(known) - 1) // 2]
        for row in (row for row in counties if row.index in known):
            if known[row.index] >= ODD * middle or ODD * known[row.index] <= middle:
                slots = {"name": row.name, "label": one.entry.label, "value": one.figures[row.index], "middle": middle,
                         "unit": one.entry.unit.name}  # fmt: skip
                notes.append(Problem("tables.another_size", slots, where(row.index, one.column)))


def _suspicious(counties: list[Row], written: list[Written], where, problems: list, notes: list) -> None:
    """A county that equals all others together is likely a total that is not called one (a city's row, say)."""
    if len(counties) < 3:
        return
    sums = [one.total(counties) for one in written]
    nothing, slack = Fraction(0), NOISE * len(counties)
    for row in counties:
        figures = [one.figures.get(row.index, nothing) for one in written]
        if not all(abs(2 * figure - total) <= slack for figure, total in zip(figures, sums, strict=True)):
            continue
        telling = sum(1 for figure in figures if figure)
        if not telling:
            continue
        # One figure may coincide by chance, as may two among three counties: then it is only said, not refused.
        certain = total_kind(row.name) is not None or telling >= 2 and len(counties) >= 4
        problem = Problem("tables.looks_like_total", {"name": row.name}, where(row.index, written[0].column))
        if certain:
            problems.append(problem)
        elif telling >= 2 or len(counties) >= 4:
            notes.append(problem)
