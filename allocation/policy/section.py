"""Sections of a TOML file as classes: which keys each may have, what each must be, and every fault of shape at once.

A class below `Section` says it with annotations: texts, whole numbers, truths, lists, mappings, words to choose from,
other sections, and what `FirstBy` and `ThenBy` make of a value. Readers are put together when a section is first read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    Self,
    TypeGuard,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from allocation.classes import dataclass
from allocation.files.limits import COUNTED_DIGITS

Step = int | str  # a key, or a place in an array
Way = tuple[Step, ...]
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "least": lambda value, bound: value >= bound,
    "most": lambda value, bound: value <= bound,
}
_NONE: Any = object()  # no default; no value


class Fault(NamedTuple):
    """What is wrong at a place: `missing`, `extra`, `short`, a kind of value that is not there, or a bound passed."""

    kind: str
    way: Way
    words: tuple[str, ...] = ()
    bound: object = None


class Unfit(ValueError):
    """A value is not what it must be; `kind` says what that is."""

    def __init__(self, kind: str, words: tuple[str, ...] = (), bound: object = None) -> None:
        super().__init__(kind)
        self.kind, self.words, self.bound = kind, words, bound


class Misshapen(Exception):
    """All that is wrong with a section."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True)
class FirstBy:
    """What a value goes through first; raises Unfit."""

    change: Callable[[Any], Any]


@dataclass(frozen=True)
class ThenBy:
    """What becomes of a value that is right."""

    change: Callable[[Any], Any]


class KeyAsked(NamedTuple):
    """How a key differs from its annotation: its name in the file, its default, its bounds."""

    default: Any
    name: str
    least: int | None
    most: int | None
    filled: bool


def slot(default: Any = _NONE, *, name: str = "", least: int | None = None, most: int | None = None,
         filled: bool = False) -> Any:  # fmt: skip
    """`name`: in the file, where it is a word of Python; `filled`: it may not be empty."""
    return KeyAsked(default, name, least, most, filled)


class KeyRead(NamedTuple):
    """A key as it is read; `kind`: its annotation, without what a value goes through."""

    name: str
    default: Any
    kind: Any
    read: Reader

    @property
    def many(self) -> bool:
        origin: object = get_origin(self.kind)
        return origin is list


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(slot,))
class Section:
    """`said`: the names of what was given."""

    said: frozenset[str]

    def __init__(self, **values: Any) -> None:
        spots = spots_of(type(self))
        if strange := values.keys() - {spot.name for spot in spots.values()}:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(strange))}")
        for name, default in ((spot.name, spot.default) for spot in spots.values()):
            vars(self)[name] = values[name] if name in values else _own(default, name)
        vars(self)["said"] = frozenset(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} stays as it was read")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.held() == other.held()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.held().items())})"

    def held(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "said"}

    def changed(self, **values: Any) -> Self:
        """The same with other values."""
        return type(self)(**{name: value for name, value in self.held().items() if name in self.said} | values)

    @classmethod
    def read(cls, raw: object) -> Self:
        """The section that a table of a TOML file holds. Raises Misshapen."""
        faults: list[Fault] = []
        section: Self = _section(cls)(raw, (), faults)
        if faults:
            raise Misshapen(faults)
        return section


Reader = Callable[[Any, Way, list[Fault]], Any]


def _own(default: Any, name: str) -> Any:
    """A default that nobody else changes."""
    if default is _NONE:
        raise TypeError(f"{name} is needed")
    if isinstance(default, type):
        return default()
    return default.copy() if isinstance(default, list | dict) else default


def spots_of(shape: type[Section]) -> Mapping[str, KeyRead]:
    """What a section may hold, by the keys of the file, in order."""
    kind: Any = shape
    return _spots(kind)


@cache
def _spots(shape: Any) -> Mapping[str, KeyRead]:
    spots: dict[str, KeyRead] = {}
    hints = get_type_hints(shape, include_extras=True)
    hints.pop("said")
    for name, hint in hints.items():
        default = getattr(shape, name, _NONE)
        told = default if isinstance(default, KeyAsked) else KeyAsked(default, "", None, None, False)
        kind = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        spots[told.name or name] = KeyRead(name, told.default, kind, _bounded(_reader(hint), told))
    return spots


def is_section(kind: object) -> TypeGuard[type[Section]]:
    return isinstance(kind, type) and issubclass(kind, Section)


# ---- readers


def _reader(hint: Any) -> Reader:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        read = _reader(parts[0])
        for step in parts[1:]:
            read = _before(step.change, read) if isinstance(step, FirstBy) else _after(read, step.change)
        return read
    if origin in (Union, UnionType):  # with None alone
        read = _reader(next(part for part in parts if part is not type(None)))
        return lambda value, way, faults: None if value is None else read(value, way, faults)
    if origin is list:
        return _list(_reader(parts[0]))
    if origin is dict:
        return _dict(_reader(parts[0]), _reader(parts[1]))
    if origin is Literal:
        return _checked(lambda value: _word(value, parts))
    if is_section(hint):
        return _section(hint)
    return _checked(PLAIN[hint])


def _checked(change: Callable[[Any], Any]) -> Reader:
    def read(value: Any, way: Way, faults: list[Fault]) -> Any:
        try:
            return change(value)
        except Unfit as unfit:
            faults.append(Fault(unfit.kind, way, unfit.words, unfit.bound))
            return _NONE

    return read


def _before(change: Callable[[Any], Any], then: Reader) -> Reader:
    first = _checked(change)

    def read(value: Any, way: Way, faults: list[Fault]) -> Any:
        changed = first(value, way, faults)
        return _NONE if changed is _NONE else then(changed, way, faults)

    return read


def _after(first: Reader, change: Callable[[Any], Any]) -> Reader:
    then = _checked(change)

    def read(value: Any, way: Way, faults: list[Fault]) -> Any:
        held = first(value, way, faults)
        return _NONE if held is _NONE else then(held, way, faults)

    return read


def _bounded(read: Reader, told: KeyAsked) -> Reader:
    bounds = {kind: bound for kind in BOUNDS if (bound := getattr(told, kind)) is not None}

    def within(value: Any) -> Any:
        if told.filled and not value:
            raise Unfit("short")
        for kind, bound in bounds.items():
            if value is not None and not BOUNDS[kind](value, bound):
                raise Unfit(kind, bound=bound)
        return value

    return _after(read, within) if bounds or told.filled else read


def _list(read: Reader) -> Reader:
    def read_list(value: Any, way: Way, faults: list[Fault]) -> Any:
        if not isinstance(value, list):
            faults.append(Fault("list", way))
            return _NONE
        return [read(part, (*way, place), faults) for place, part in enumerate(value)]

    return read_list


def _dict(read_key: Reader, read: Reader) -> Reader:
    def read_dict(value: Any, way: Way, faults: list[Fault]) -> Any:
        if not isinstance(value, dict):
            faults.append(Fault("dict", way))
            return _NONE
        return {read_key(name, way, faults): read(part, (*way, name), faults) for name, part in value.items()}

    return read_dict


def _section(shape: type[Section]) -> Reader:
    def read(value: Any, way: Way, faults: list[Fault]) -> Any:
        if not isinstance(value, Mapping):
            faults.append(Fault("model", way))
            return _NONE
        before, spots = len(faults), spots_of(shape)
        held: dict[str, Any] = {}
        for name, spot in spots.items():
            if name in value:
                held[spot.name] = spot.read(value[name], (*way, name), faults)
            elif spot.default is _NONE:
                faults.append(Fault("missing", (*way, name)))
        faults += [Fault("extra", (*way, name)) for name in value if name not in spots]
        return _NONE if len(faults) > before else shape(**held)

    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("string")
    return value.strip()


def _whole(value: Any) -> int:
    if isinstance(value, Decimal) and value.adjusted() >= COUNTED_DIGITS:  # 1e999999 takes minutes to write out
        raise Unfit("int")
    if isinstance(value, Decimal | str):
        try:
            whole = int(value)
        except (ValueError, ArithmeticError):
            raise Unfit("int") from None
        if isinstance(value, str) or whole == value:
            return whole
    if not isinstance(value, int):
        raise Unfit("int")
    return int(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("bool")
    return value


def _word(value: Any, words: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in words:
        raise Unfit("literal", words)
    return value


PLAIN: dict[Any, Callable[[Any], Any]] = {str: _text, int: _whole, bool: _truth, Any: lambda value: value}
