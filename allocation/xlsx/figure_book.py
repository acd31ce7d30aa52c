"""The door of every workbook with figures: what Excel would not keep whole is refused before a file is made.

Excel keeps fifteen significant digits of a figure and drops the rest. What a person gave (parameters, inputs, what was
changed), what is rounded and their totals must stand whole; unrounded quotients are no figures that anybody publishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem
from allocation.files.text_out import new_book
from allocation.policy.model import Column, Model
from allocation.run.run import Run
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import exact_text

if TYPE_CHECKING:
    from pathlib import Path

    from allocation.sheets.excel import ExcelBook

MOST = 15
Told = tuple[object, str, object]  # label, place, figure


def figure_book(path: str | Path, lang: str, title: str, *held: Run | Model | tuple[Model, Table]) -> ExcelBook:
    """A workbook that will hold the figures of `held`. Raises AllocationError for each that it would not keep whole."""
    check_digits(*held)
    return new_book(path, lang, title)


def check_digits(*held: Run | Model | tuple[Model, Table]) -> None:
    """Raises for every given or rounded figure, and total of such, with more digits than a cell keeps.

    A run is looked through once, however many workbooks say something of it.
    """
    _raise(told for source in held for told in (source.once(_of_run) if isinstance(source, Run) else _long(source)))


def check_told(every: Iterable[Told]) -> None:
    """Raises for every figure with more digits than a cell keeps."""
    _raise(_too_long(every))


def _of_run(run: Run) -> tuple[Told, ...]:
    return tuple(_long(run))


def _long(source: Run | Model | tuple[Model, Table]) -> Iterable[Told]:
    return _too_long(_figures(source))


def _too_long(every: Iterable[Told]) -> Iterator[Told]:
    return (told for told in every if isinstance(told[2], Fraction) and significant(told[2]) > MOST)


def _raise(every: Iterable[Told]) -> None:
    problems = []
    for label, where, value in dict.fromkeys(every):
        assert isinstance(value, Fraction)
        slots = {"label": label, "figure": exact_text(value), "found": significant(value), "most": MOST}
        problems.append(Problem("workbook.too_many_digits", slots, where))
    if problems:
        raise AllocationError(problems)


def _figures(held: Run | Model | tuple[Model, Table]) -> Iterator[Told]:
    if isinstance(held, Model):
        yield from _parameters(held)
    elif isinstance(held, tuple):
        yield from _inputs(*held)
    else:
        yield from _parameters(held.model)
        yield from _inputs(held.model, held.table)
        yield from _changed(held)
        if held.exact:  # a float run has noise in its last places
            yield from _columns(held)


def _parameters(model: Model) -> Iterator[Told]:
    for entry in model.parameters.values():
        yield from ((entry.label, key, value) for key, value in entry.figures.items())
        yield from ((entry.label, str(place), band.edge) for place, band in enumerate(entry.bands, start=1))


def _inputs(model: Model, table: Table) -> Iterator[Told]:
    """Of a year ahead, what grew there is worked out, not given."""
    ahead = any(note.id == "timeline.projected" for note in table.notes)
    for name, entry in model.inputs.items():
        if entry.text or ahead or name not in table.values:
            continue
        values = table.values[name]
        yield from ((entry.label, table.where(name, row), value) for row, value in enumerate(values))
        if entry.adds_up:
            yield entry.label, "", _sum(values)


def _changed(run: Run) -> Iterator[Told]:
    for figure in run.changed:
        yield from (
            (run.model.entry(figure.name).label, figure.county or figure.key, value)
            for value in (figure.old, figure.new)
        )


def _columns(run: Run) -> Iterator[Told]:
    for name, entry in run.model.columns.items():
        if not isinstance(entry, Column) or entry.kind != "number" or entry.decimals is None:
            continue
        if entry.shape == "scalar":
            yield entry.label, "", run.figure(name)
            continue
        values = run.figures(name)
        yield from ((entry.label, run.table.names[row], value) for row, value in enumerate(values))
        if run.model.adds_up(name):
            yield entry.label, "", _sum(values)


def _sum(values: Iterable[Figure | bool]) -> Fraction:
    return sum((value for value in values if isinstance(value, Fraction)), Fraction(0))


def significant(value: Fraction) -> int:
    """Significant digits of a decimal; 0 of a quotient that no decimal ends."""
    top, below = abs(value.numerator), value.denominator
    if below == 1 and top < 10**MOST:
        return 0  # short enough, and nothing else is asked
    while below % 10 == 0:
        below //= 10
    for factor, other in ((2, 5), (5, 2)):
        while below % factor == 0:
            below, top = below // factor, top * other
    return len(str(top).rstrip("0")) if below == 1 else 0
