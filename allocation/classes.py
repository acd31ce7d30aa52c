"""`dataclass` as the standard library has it, made when first asked for: start-up is what people wait for.

The standard one writes and compiles up to six functions a class as its module is read, for classes that a command may
never use. Here a class has its fields when somebody asks for them, its compiled `__init__` once some of its kind were
made; what compares, hashes and shows needs no code of its own. Types are checked against the standard one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, repr=True, kw_only=False):
        """`dataclasses.dataclass`, with the options that are used here."""

        def deferred(cls):
            for name in _GATHERED:
                setattr(cls, name, _Gathered(name, cls, kw_only))
            parts = {
                "__init__": _first_made(cls),
                **({"__repr__": _shown} if repr else {}),
                **({"__eq__": _equal} if eq else {}),
                **({"__setattr__": _no_change, "__delattr__": _no_change} if frozen else {}),
            }
            if "__init__" not in cls.__dict__:
                parts["__signature__"] = _Signature(cls)
            for name, part in parts.items():
                if name not in cls.__dict__:
                    setattr(cls, name, part)
            if eq and cls.__dict__.get("__hash__") is None:  # Python's own sign beside an `__eq__` is a None
                cls.__hash__ = _hashed if frozen else None
            return cls

        return deferred if cls is None else deferred(cls)


_GATHERED = ("__dataclass_fields__", "__match_args__")
_GATHERING = RLock()  # one thread gathers, whoever comes meanwhile waits; a class below asks for those above it
FEW = 100  # of a class, which cost less to make slowly than its own code to compile


class _Spot(NamedTuple):
    """What an `__init__` asks of a field: whether it may be given, and what stands there else."""

    name: str
    said: bool
    default: object
    make: Any


class _Gathered:
    """In place of an attribute of a class that it has once its fields were gathered."""

    def __init__(self, name: str, cls: type, kw_only: bool) -> None:
        self.name, self.cls, self.kw_only = name, cls, kw_only

    def __get__(self, instance: object, kind: type) -> object:
        with _GATHERING:
            if self.cls.__dict__.get(self.name) is self:
                self._gather()
        return getattr(self.cls, self.name)

    def _gather(self) -> None:
        """Both stand in the class until what takes their place is whole: nobody finds it without."""
        cls: Any = self.cls
        told = cls.__doc__
        cls.__doc__ = told or cls.__name__  # else a signature is looked for, to be said there
        dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=self.kw_only, match_args=False)(cls)
        cls.__doc__ = told
        given = tuple(spot.name for spot in dataclasses.fields(cls) if spot.init and not spot.kw_only)
        setattr(cls, _GATHERED[1], given)


class _Signature:
    """What a class of this kind takes, for whoever looks before the first of it is made."""

    def __init__(self, cls: type) -> None:
        self.cls = cls

    def __get__(self, instance: object, kind: type) -> object:
        if kind.__init__ is not self.cls.__dict__["__init__"]:  # type: ignore[misc]  # of a class below, with its own
            raise AttributeError("__signature__")
        import inspect

        told = inspect.signature(compiled(self.cls))
        return told.replace(parameters=list(told.parameters.values())[1:])


def _first_made(cls: Any) -> Callable[..., None]:
    """An `__init__` without code of its own, for the first of a class; for more, `compiled` takes its place.

    The compiled one tells of what is given wrongly.
    """
    left = FEW
    spots: list[_Spot] = []
    places: list[str] = []

    def __init__(self: Any, /, *args: object, **named: object) -> None:  # noqa: N807
        nonlocal left
        if left == FEW:
            fields = dataclasses.fields(cls)
            spots[:] = [_Spot(spot.name, spot.init, spot.default, spot.default_factory) for spot in fields]
            places[:] = [spot.name for spot in fields if spot.init and not spot.kw_only]
        left -= 1
        given = dict(zip(places, args, strict=False)) | named
        if left > 0 and _put(self, given, spots) == len(args) + len(named):
            if hasattr(cls, "__post_init__"):
                self.__post_init__()
            return
        cls.__init__ = compiled(cls)
        cls.__init__(self, *args, **named)

    return __init__


def _put(self: object, given: dict[str, object], spots: list[_Spot]) -> int:
    """The fields as given or else as they are when nothing is; how many were given, -1 where one had to be."""
    taken = 0
    for name, said, default, make in spots:
        if said and name in given:
            taken += 1
            object.__setattr__(self, name, given[name])
        elif make is not dataclasses.MISSING:
            object.__setattr__(self, name, make())
        elif said and default is dataclasses.MISSING:
            return -1
        elif said:
            object.__setattr__(self, name, default)
    return taken


def compiled(cls: Any) -> Callable[..., None]:
    """The `__init__` that the standard library writes for a class of such fields."""
    spots: list[tuple[str, Any, Any]] = []
    for spot in dataclasses.fields(cls):
        default: dict[str, Any] = {"default": spot.default}
        if spot.default_factory is not dataclasses.MISSING:
            default = {"default_factory": spot.default_factory}
        spots.append((spot.name, spot.type, dataclasses.field(**default, init=spot.init, kw_only=spot.kw_only)))
    names = {"__qualname__": cls.__qualname__, "__doc__": cls.__name__}
    if hasattr(cls, "__post_init__"):
        names["__post_init__"] = ""
    twin: Any = dataclasses.make_dataclass(cls.__name__, spots, namespace=names, frozen=True, eq=False, repr=False)
    init: Callable[..., None] = twin.__init__
    return init


@cache
def _names(cls: Any, asked: str) -> tuple[str, ...]:
    """The fields of a class that are compared, hashed or shown."""
    spots = dataclasses.fields(cls)
    if asked == "hash":
        return tuple(spot.name for spot in spots if (spot.compare if spot.hash is None else spot.hash))
    return tuple(spot.name for spot in spots if not asked or getattr(spot, asked))


@cache
def _values(cls: Any, asked: str) -> Callable[[object], tuple[object, ...]]:
    names = _names(cls, asked)
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _equal(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    kind: Any = self.__class__
    values = _values(kind, "compare")
    return values(self) == values(other)


def _hashed(self: Any) -> int:
    kind: Any = self.__class__
    return hash(_values(kind, "hash")(self))


@recursive_repr()
def _shown(self: Any) -> str:
    said = (f"{name}={getattr(self, name)!r}" for name in _names(self.__class__, "repr"))
    return f"{self.__class__.__qualname__}({', '.join(said)})"


def _no_change(self: object, name: str, *value: object) -> None:
    """In a frozen one. Unlike the standard library's, in a class below it too that adds no fields."""
    raise dataclasses.FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")
