"""Figures that a workbook cannot hold whole: Excel keeps fifteen significant digits of a figure and drops the rest."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from allocation.errors import AllocationError, Problem
from allocation.model import Column, Input
from allocation.run import Run
from allocation.texts import exact_text

MOST = 15


def check_digits(run: Run) -> None:
    """Raises for every input, rounded column and total of them with more digits; unrounded quotients are no figures
    that anybody publishes, and a float run has noise in its last places.
    """
    problems = [
        Problem("workbook.too_many_digits", {"label": label, "figure": exact_text(value), "found": found, "most": MOST},
                where)
        for label, where, value in (_figures(run) if run.exact else ())
        if (found := significant(value)) > MOST
    ]  # fmt: skip
    if problems:
        raise AllocationError(problems)


def _figures(run: Run) -> Iterator[tuple[object, str, Fraction]]:
    for name in (*run.model.inputs, *run.model.columns):
        entry = run.model.entry(name)
        if entry.kind != "number" if isinstance(entry, Column) else entry.text:
            continue
        if isinstance(entry, Column) and entry.decimals is None:
            continue
        scalar = isinstance(entry, Column) and entry.shape == "scalar"
        figures = [run.figure(name)] if scalar else run.figures(name)
        for row, value in enumerate(figures):
            if isinstance(value, Fraction):
                where = (
                    run.table.where(name, row) if isinstance(entry, Input) else "" if scalar else run.table.names[row]
                )
                yield entry.label, where, value
        if not scalar and run.model.adds_up(name):
            known = [value for value in figures if isinstance(value, Fraction)]
            yield entry.label, "", sum(known, Fraction(0))


def significant(value: Fraction) -> int:
    """Significant digits of a decimal; 0 of a quotient that no decimal ends."""
    top, below, places = abs(value.numerator), value.denominator, 0
    if below == 1 and top < 10**MOST:
        return 0  # short enough, and nothing else is asked
    while below % 10 == 0:
        below, places = below // 10, places + 1
    for factor, other in ((2, 5), (5, 2)):
        while below % factor == 0:
            below, top = below // factor, top * other
    return len(str(top).rstrip("0")) if below == 1 else 0
