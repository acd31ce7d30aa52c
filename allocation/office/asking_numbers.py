"""A question with numbers beside it, as a person types them: `900`, `900万元`, `5%`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem
from allocation.office.asked import RunQuestion
from allocation.office.asking import open_table
from allocation.run.scenario import MEASURED, Change, measured, parse_value
from allocation.tables.keys import Figure

if TYPE_CHECKING:
    from allocation.language.units import Unit, Units
    from allocation.run.finding import ModelWithTable


def open_with_numbers(
    question: RunQuestion, options: Mapping[str, str | None], given: Sequence[str] | None = ()
) -> tuple[ModelWithTable, list[Change], dict[str, Figure]]:
    """The model with its table, the changes of `--set` and the numbers of `options`; all that is wrong at once.

    A number with a unit (`900万元`) stays a text, for `in_unit`. `given` are figures that other options give.
    """
    problems: list[Problem] = []
    numbers: dict[str, Figure] = {}
    for option, text in options.items():
        try:
            value = None if text is None else parse_value(text)
            if isinstance(value, str) and not MEASURED.fullmatch(value):
                raise AllocationError(Problem("scenario.not_number", {"found": value}, option))
            numbers[option.removeprefix("--")] = value
        except AllocationError as error:
            problems += [Problem("scenario.not_number", {"found": text}, option)] if text == "" else error.problems
    material, changes = open_table(question, problems, given)
    return material, changes, numbers


def in_unit(numbers: Mapping[str, Figure], units: Mapping[str, Unit], known: Units) -> dict[str, Fraction | None]:
    """The numbers of options, each in the unit of what it stands for. Raises all that have another kind of unit."""
    problems: list[Problem] = []
    in_units: dict[str, Fraction | None] = {}
    for name, value in numbers.items():
        try:
            figure = measured(value, units[name], known)
            if isinstance(figure, str):
                raise AllocationError(Problem("scenario.not_number", {"found": value}))
            in_units[name] = figure
        except AllocationError as error:
            problems += [replace(problem, where=f"--{name}") for problem in error.problems]
    if problems:
        raise AllocationError(problems)
    return in_units
