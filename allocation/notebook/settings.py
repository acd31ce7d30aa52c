"""`pool=6000` and its kind: what a notebook changes, as the changes the engine knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Integral, Real

from allocation.errors import AllocationError, Problem
from allocation.scenario import Change, parse_assignment
from allocation.tables.keys import Figure


def changes_of(given: Iterable[object], settings: Mapping[str, object]) -> list[Change]:
    """Changes, texts such as `pool=6000`, dicts, and keyword settings, in order. Raises all problems at once."""
    changes: list[Change] = []
    problems: list[Problem] = []
    for one in (*given, settings):
        try:
            if isinstance(one, Change):
                text = isinstance(one.value, str)
                changes.append(one if text else replace(one, value=exact_figure(one.value, one.address)))
            elif isinstance(one, str):
                changes.append(parse_assignment(one))
            elif isinstance(one, Mapping):
                for address, value in one.items():
                    try:
                        changes.append(_setting(str(address), value))
                    except AllocationError as error:
                        problems += error.problems
            else:
                raise AllocationError(Problem("notebook.not_change", {"found": type(one).__name__}))
        except AllocationError as error:
            problems += error.problems
    if problems:
        raise AllocationError(problems)
    return changes


def _setting(address: str, value: object) -> Change:
    if isinstance(value, str):
        return parse_assignment(f"{address}={value}")
    return Change(address, exact_figure(value, address))


def exact_figure(value: object, where: str) -> Figure:
    """A number of any kind as a fraction, a float by its shortest decimal."""
    if isinstance(value, (Integral, Fraction)):
        return Fraction(int(value)) if isinstance(value, Integral) else value
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    if isinstance(value, Real) and isfinite(value):
        return Fraction(repr(float(value)))
    raise AllocationError(Problem("notebook.not_number", {"found": value}, where))
