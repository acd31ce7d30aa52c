"""Everything an analyst reaches from an object by public attributes, keys and items, with the path to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

PLAIN = (str, bytes, int, float, complex, bool, type(None), Fraction, Path, type, range)
DEEPEST = 14


def parts(owner: Any) -> Iterator[tuple[str, Any]]:
    """Attributes and items of one object, with how one writes them; methods are left out."""
    if isinstance(owner, Mapping):
        yield from ((f"[{key!r}]", owner[key]) for key in [*owner])
    elif isinstance(owner, tuple | list | set | frozenset):
        yield from ((f"[{place}]", item) for place, item in enumerate(owner))
    if type(owner).__module__.startswith("allocation"):
        fields = [one.name for one in dataclasses.fields(owner)] if dataclasses.is_dataclass(owner) else []
        for name in dict.fromkeys([*dir(owner), *fields]):
            if name.startswith("_"):
                continue
            try:
                value = getattr(owner, name)
            except Exception:  # a property that this object has no answer for
                continue
            if not callable(value) or isinstance(value, Mapping):
                yield f".{name}", value


def reached(root: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Each object once, the shallowest path to it first."""
    seen: dict[int, Any] = {}  # the objects are kept, or their ids would be given to others
    waiting = [(path, root, 0)]
    for path, owner, depth in waiting:
        if isinstance(owner, PLAIN) or id(owner) in seen:
            continue
        seen[id(owner)] = owner
        if not changeable(owner):  # a list made for this asking; one that is held is told by its holder
            yield path, owner
        if depth < DEEPEST:
            waiting += [(path + step, value, depth + 1) for step, value in parts(owner)]


def changeable(owner: Any) -> bool:
    """Whether this very object can be changed in place by the ordinary means of its kind."""
    if isinstance(owner, np.ndarray):
        return owner.flags.writeable
    return isinstance(owner, list | dict | set | bytearray)


def held(owner: Any, path: str) -> Iterator[str]:
    """Paths of what can be changed in place and is handed out again at the next asking."""
    for step, value in parts(owner):
        if changeable(value) and (not step.startswith(".") or getattr(owner, step[1:]) is value):
            yield path + step


def assignable(owner: Any, path: str) -> Iterator[str]:
    """Paths of attributes that take another value, or can be taken away."""
    if not type(owner).__module__.startswith("allocation"):
        return
    for name, value in ((step[1:], value) for step, value in parts(owner) if step.startswith(".")):
        for change, more in ((setattr, (value,)), (delattr, ())):
            try:
                change(owner, name, *more)
            except Exception:
                continue
            yield f"{path}.{name}"
