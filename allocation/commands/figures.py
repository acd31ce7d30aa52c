"""Figures and changes as typed after an option, and figures as they are typed back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.commands.screen import Screen
from allocation.errors import AllocationError, Problem
from allocation.texts.decimals import typed

if TYPE_CHECKING:
    from allocation.commands.requests import TableRequest
    from allocation.language.units import Unit, Units
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run
    from allocation.run.scenario import Change
    from allocation.tables.keys import Figure


def opened(
    request: TableRequest, options: Mapping[str, str | None], given: Sequence[str] | None = ()
) -> tuple[ModelWithTable, list[Change], dict[str, Figure]]:
    """The model with its table, the changes of `--set` and the numbers of `options`; all that is wrong at once.

    A number with a unit (`900万元`) stays a text, for `in_unit`. `given` are figures that other options give.
    """
    from allocation.office.asking import open_table
    from allocation.run.scenario import MEASURED, parse_value

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
    material, changes = open_table(request, problems, given)
    return material, changes, numbers


def standing(material: ModelWithTable, ranges: Sequence[str], screen: Screen) -> ModelWithTable:
    """The model with its table, where figures that only `ranges` give stand at the middle of them; it is said."""
    from allocation.lab.ranges import stand_ins
    from allocation.run.scenario import apply_changes, entry_of
    from allocation.tables.table import number

    changes = stand_ins(ranges, material.model, material.table)
    for change in changes:
        label = entry_of(material.model, change.address).label
        slots = {"address": change.address, "value": typed(number(change.value)), "label": label}
        screen.warn("study.stand_in", **slots)
    model, (table,), _ = apply_changes(material.model, (material.table,), changes)
    return replace(material, model=model, table=table)


def in_unit(numbers: Mapping[str, Figure], units: Mapping[str, Unit], known: Units) -> dict[str, Fraction | None]:
    """The numbers of options, each in the unit of what it stands for. Raises all that have another kind of unit."""
    from allocation.run.scenario import measured

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


def say_failed(run: Run, message: str, screen: Screen) -> None:
    """Names the checks that the run does not pass, if any."""
    failed = [check.said for check in run.checks if not check.ok and check.severity == "error"]
    if failed:
        screen.tell(message, checks=failed)
