"""What nobody changes in place: mappings, lists and arrays that are part of something handed out."""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Hashable, Mapping, MutableMapping
from dataclasses import fields
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any, cast

Sealed = MappingProxyType
_PLAIN = {str, int, bool, tuple, frozenset, type(None), Fraction, MappingProxyType}  # what is sealed as it is


def sealed(value: Any) -> Any:
    """The same to be read only: a mapping of one's own, a tuple for a list, an array with the arrays it looks into.

    What stands within is not looked at, and a mapping that nobody can change is left as it is, which may make what it
    gives only when asked: it costs nothing on large tables.
    """
    if isinstance(value, MutableMapping):
        return MappingProxyType(dict(value))
    if isinstance(value, list):
        return tuple(value)
    if hasattr(type(value), "seal_arrays"):  # what is held in several
        value.seal_arrays()
    elif hasattr(value, "setflags"):
        part = value
        while hasattr(part, "setflags"):
            part.setflags(write=False)
            part = part.base
    return value


def sealed_through(value: Any) -> Any:
    """The same with all that stands within mappings, lists and tuples."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: sealed_through(part) for key, part in value.items()})
    if type(value) in (list, tuple):
        return tuple(sealed_through(part) for part in value)
    return sealed(value)


def _parts(mapping: MappingProxyType[Any, Any]) -> tuple[Callable[[Any], Any], tuple[dict[Any, Any]]]:
    return sealed, (dict(mapping),)


copyreg.pickle(MappingProxyType, _parts)  # or neither a model nor a run could be copied, or sent to another process


def seal_fields(owner: Any) -> None:
    """The `__post_init__` of a frozen dataclass that holds mappings, lists or arrays."""
    for name in _names(cast(Hashable, type(owner))):
        value = getattr(owner, name)
        if type(value) not in _PLAIN and (kept := sealed(value)) is not value:
            object.__setattr__(owner, name, kept)


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    return tuple(place.name for place in fields(cast(Any, kind)))
