"""The crosswalk (调整对照表): how last year's figures are split or merged when a boundary moves."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np

from allocation.allocators import largest_remainder
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language.units import Units
from allocation.policy.model import Input
from allocation.tables.cells import SourceCell
from allocation.tables.figures import Measure, Unread, read_number
from allocation.tables.forms import KEY, RAW, FormField, in_order, read_form
from allocation.tables.keys import Figure
from allocation.tables.limits import places
from allocation.tables.spelling import span
from allocation.tables.table import number
from allocation.texts import both
from allocation.texts.vocabulary import Spellings

FIELDS = (
    FormField("year", Spellings("form_words.crosswalk_year"), required=True),
    FormField("source", Spellings("form_words.crosswalk_source"), KEY, required=True),
    FormField("target", Spellings("form_words.crosswalk_target"), KEY, required=True),
    FormField("share", Spellings("form_words.crosswalk_share"), RAW, required=True),
    FormField("basis", Spellings("form_words.crosswalk_basis"), required=True),
)


@dataclass(frozen=True)
class Step:
    """From `year` on, `share` of the figures of `source` belong to `target`; `basis` says why in words."""

    year: int
    source: str
    target: str
    share: Fraction
    basis: str
    where: str


def read_crosswalk(path: str | Path, units: Units, notes: list[Problem]) -> tuple[Step, ...]:
    """The steps at `path`. Raises AllocationError with all that is wrong: the shares of one source in one year add up
    to 1 exactly. What a person should know of the file joins `notes`."""
    problems: list[Problem] = []
    form = read_form(path, FIELDS, problems)
    notes += form.notes
    if not form.rows:
        raise AllocationError([*problems, Problem("collect.no_records", where=form.file)])
    steps: list[Step] = []
    broken: set[str] = set()
    for row in form.rows:
        years, cell, source = span(row.text("year")), row.cell("share"), row.text("source")
        if row["year"] and (years is None or years[0] != years[1]):
            problems.append(Problem("collect.not_years", {"found": row["year"]}, row.where("year")))
        share = _share(cell, units) if cell else None
        if cell and share is None:
            problems.append(Problem("collect.not_share", {"found": cell.text}, row.where("share")))
        if share is None or not years or row.faulty:
            broken.add(source)
        else:
            steps.append(Step(years[0], source, row.text("target"), share, row.text("basis"), row.where("share")))
    problems += _sums(steps, broken)
    if problems:
        raise AllocationError(in_order(problems))
    return tuple(steps)


def _share(cell: SourceCell, units: Units) -> Fraction | None:
    """A share of more than nothing and at most all; None where the cell says something else."""
    text = cell.text
    try:
        if "/" in text:
            share = Fraction(text.replace(" ", ""))
        else:
            share = read_number(cell, Measure(Input("share", both("collect.share"), units.parse("")), units))
    except (Unread, ValueError, ZeroDivisionError):
        return None
    return share if 0 < share <= 1 else None


def _sums(steps: list[Step], broken: set[str]) -> list[Problem]:
    problems = []
    for year, source in dict.fromkeys((step.year, step.source) for step in steps):
        those = [step for step in steps if (step.year, step.source) == (year, source)]
        total = sum((step.share for step in those), Fraction(0))
        if total != 1 and source not in broken:
            slots = {"code": source, "year": year, "sum": total, "shares": [str(step.share) for step in those]}
            problems.append(Problem("collect.shares", slots, those[0].where))
        if len({step.target for step in those}) < len(those):
            problems.append(Problem("collect.target_twice", {"code": source, "year": year}, those[-1].where))
    return problems


def carry_over(
    figures: Mapping[str, Figure], entry: Input, steps: tuple[Step, ...], year: int
) -> dict[str, Fraction | str]:
    """Last year's figures by this year's codes: the steps of `year` applied, all other codes as they are; blanks go.

    Each split closes: in whole units of the input (its decimals), by largest remainder, equal remainders to the lower
    code. AllocationError for an input that does not add up, and where a code would be put together of figures and
    blanks.
    """
    moving = [step for step in steps if step.year == year]
    absent = [step for step in moving if step.source not in figures]
    problems = [Problem("collect.source_absent", {"code": step.source}, step.where) for step in absent]
    if moving and not entry.adds_up:
        problems.append(Problem("collect.not_additive", {"label": entry.label}, moving[0].where))
    problems += _half_blank(figures, entry, moving)
    if problems:
        raise AllocationError(problems)
    filled = {code: figure for code, figure in figures.items() if figure is not None}
    if not moving:
        return filled
    carried: dict[str, Fraction] = {}
    for code, figure in filled.items():  # of an input that adds up: numbers
        split = sorted((step for step in moving if step.source == code), key=lambda step: step.target)
        for target, part in _split(number(figure), split, entry) if split else [(code, number(figure))]:
            carried[target] = carried.get(target, Fraction(0)) + part
    return {**carried}


def _half_blank(figures: Mapping[str, Figure], entry: Input, moving: list[Step]) -> list[Problem]:
    """A blank is not 0: every blank among the parts of a code that has figures as well."""
    problems: dict[str, Problem] = {}
    left = {step.source for step in moving}
    for target in dict.fromkeys(step.target for step in moving):
        parts = {step.source: step.where for step in moving if step.target == target}
        if target not in left:
            parts[target] = next(iter(parts.values()))
        filled = [code for code in parts if figures.get(code) is not None]
        blank = [code for code in parts if code in figures and figures[code] is None] if filled else []
        slots = {"label": entry.label, "target": target}
        problems |= {code: Problem("collect.half_blank", {**slots, "code": code}, parts[code]) for code in blank}
    return list(problems.values())


def _split(figure: Fraction, steps: list[Step], entry: Input) -> list[tuple[str, Fraction]]:
    digits = places(entry)
    parts = [figure * step.share for step in steps]
    if digits is not None:
        to = Fraction(1, 10**digits)
        if figure % to:
            slots = {"label": entry.label, "figure": figure, "digits": digits, "code": steps[0].source}
            raise AllocationError(Problem("collect.off_grid", slots, steps[0].where))
        quota = np.array(parts, dtype=object)
        parts = list(largest_remainder(np.array([figure], dtype=object), quota, to, np.arange(len(quota))))
    return [(step.target, Fraction(part)) for step, part in zip(steps, parts, strict=True)]
