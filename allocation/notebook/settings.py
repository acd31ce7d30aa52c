"""`pool=6000` and its kind: what a notebook changes, as the changes the engine knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Integral, Real

from allocation.errors import AllocationError, Problem
from allocation.files.wrong_kind import described, expected, is_truth, wrong_kind
from allocation.run.scenario import Change, parse_assignment, parse_value

Number = int | float | Decimal | Fraction | str  # a text is read as one types it: "50%", "2/37"


def changes_of(given: Iterable[object], settings: Mapping[str, object]) -> list[Change]:
    """Changes, texts such as `pool=6000`, dicts, and keyword settings, in order. Raises all problems at once."""
    changes: list[Change] = []
    problems: list[Problem] = []
    for setting in (*given, settings):
        try:
            if isinstance(setting, Change):
                value = setting.value
                text = isinstance(value, str)
                changes.append(setting if text else replace(setting, value=exact_figure(value, setting.address)))
            elif isinstance(setting, str):
                changes.append(parse_assignment(setting))
            elif isinstance(setting, Mapping):
                for address, value in setting.items():
                    try:
                        if not isinstance(address, str):
                            raise AllocationError(wrong_kind("changes", expected("change"), {address: value}))
                        changes.append(_setting(address, value))
                    except AllocationError as error:
                        problems += error.problems
            else:
                raise AllocationError(wrong_kind("changes", expected("change"), setting))
        except AllocationError as error:
            problems += error.problems
    if problems:
        raise AllocationError(problems)
    return changes


def _setting(address: str, value: object) -> Change:
    if isinstance(value, str):
        return parse_assignment(f"{address}={value}")
    return Change(address, exact_figure(value, address))


def exact_figure(value: object, where: str) -> Fraction:
    """A number of any kind as a fraction, a float by its own shortest decimal; a text as one types it."""
    if isinstance(value, str):
        value = parse_value(value)
    if isinstance(value, Fraction):
        return value
    if isinstance(value, Integral) and not is_truth(value):
        return Fraction(int(value))
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    if isinstance(value, Real) and not is_truth(value) and isfinite(value):
        return Fraction(str(value))
    said = value if isinstance(value, str | float) else described(value)
    raise AllocationError(Problem("notebook.not_number", {"found": said}, where))
