"""What the arguments of a public call may be: a wrong kind is said by its name before anything is done with it."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import wraps
from math import isfinite
from numbers import Integral, Rational, Real
from typing import Any, ParamSpec, TypeVar

from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.files.limits import MOST_PROCESSES
from allocation.files.wrong_kind import expected, is_truth, wrong_kind
from allocation.notebook.spoken import ArgumentError, language
from allocation.texts import LANGUAGES, Both

Given = ParamSpec("Given")
Result = TypeVar("Result")
YEARS = range(1900, 2200)


@dataclass(frozen=True)
class Kind:
    """`key` names the words that say what is expected, `notebook.kind_<key>`."""

    key: str
    fits: Callable[[Any], bool]
    optional: bool = False

    def takes(self, value: object) -> bool:
        return self.optional and value is None or self.fits(value)

    @property
    def words(self) -> Both:
        return expected(self.key, self.optional)


def optional(kind: Kind) -> Kind:
    return Kind(kind.key, kind.fits, optional=True)


def is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not is_truth(value)


def _texts(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list | tuple | set | frozenset) and all(isinstance(text, str) for text in value)
    )


def _reasons(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair)


def _workers(value: object) -> bool:
    """A number of processes, or what one can hand work in to."""
    from concurrent.futures import Executor

    return isinstance(value, Executor) or isinstance(value, int) and is_whole(value) and 1 <= value <= MOST_PROCESSES


def _number(value: object) -> bool:
    if is_truth(value):
        return False
    if isinstance(value, Rational | str):
        return True
    return isinstance(value, Decimal) and value.is_finite() or isinstance(value, Real) and isfinite(value)


TRUTH = Kind("truth", is_truth)
TEXT = Kind("text", lambda value: isinstance(value, str))
TEXTS = Kind("texts", _texts)
ROWS = Kind("rows", lambda value: _texts(value) or _reasons(value))
REASONS = Kind("reasons", _reasons)
PATH = Kind("path", lambda value: isinstance(value, str) and bool(value.strip()) or isinstance(value, os.PathLike))
YEAR = Kind("year", lambda value: is_whole(value) and value in YEARS)
COUNT = Kind("count", lambda value: is_whole(value) and 1 <= value <= 10**6)
WORKERS = Kind("workers", _workers)
SEED = Kind("seed", lambda value: is_whole(value) and 0 <= value < 2**32)
NUMBER = Kind("number", _number)
UNIT = Kind("unit", lambda value: isinstance(value, str) or is_whole(value))
LANG = Kind("lang", lambda value: isinstance(value, str) and value in LANGUAGES)
RANGES = Kind("ranges", lambda value: isinstance(value, Mapping) or _texts(value))
SETTINGS = Kind("settings", lambda value: isinstance(value, Mapping))


def takes(**kinds: Kind) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Says of the arguments named what they may be; of `*several` each. Raises ArgumentError with every wrong one."""

    def guard(function: Callable[Given, Result]) -> Callable[Given, Result]:
        signature = inspect.signature(function)

        @wraps(function)
        def guarded(*given: Given.args, **named: Given.kwargs) -> Result:
            try:
                arguments = signature.bind(*given, **named).arguments
            except TypeError:
                if twice := _twice(signature, given, named):
                    raise ArgumentError(twice, language()) from None
                return function(*given, **named)  # one that is lacking or unknown is said in Python's own words
            problems = [problem for name in kinds if name in arguments
                        for problem in _wrong(signature.parameters[name], kinds[name], arguments[name])]  # fmt: skip
            if problems:
                raise ArgumentError(problems, language())
            return function(*given, **named)

        return guarded

    return guard


def _twice(signature: inspect.Signature, given: tuple[object, ...], named: Mapping[str, object]) -> list[Problem]:
    """Arguments given by place and by name, where a name may also be meant as that of a parameter of a model."""
    parameters = [*signature.parameters.values()]
    if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return []
    placed = [p.name for p in parameters[: len(given)] if p.kind is p.POSITIONAL_OR_KEYWORD and p.name in named]
    return [Problem("notebook.argument_twice", {"name": name}) for name in placed]


def _wrong(parameter: inspect.Parameter, kind: Kind, value: Any) -> Iterator[Problem]:
    several = parameter.kind is parameter.VAR_POSITIONAL
    yield from (
        wrong_kind(parameter.name, kind.words, item)
        for item in (value if several else (value,))
        if not kind.takes(item)
    )
