"""The nodes of a formula. They know nothing of any reading; each keeps its span in the formula's text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, fields
from fractions import Fraction
from functools import cached_property

from allocation.classes import dataclass

Span = tuple[int, int]
NOWHERE: Span = (0, 0)


@dataclass(frozen=True)
class Node:
    span: Span = field(default=NOWHERE, compare=False, kw_only=True)

    def parts(self) -> Iterator[Node]:
        """The nodes directly below, in reading order."""
        for name in _fields(type(self)):
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                for entry in value:
                    if isinstance(entry, Node):
                        yield entry
                    elif isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], Node):
                        yield entry[1]

    def walk(self) -> Iterator[Node]:
        yield self
        for part in self.parts():
            yield from part.walk()

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Every name in the formula, those below `last` and `since` included."""
        return tuple(part for part in self.walk() if isinstance(part, Name))


_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def _fields(kind: type[Node]) -> tuple[str, ...]:
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(spot.name for spot in fields(kind))
    return _FIELDS[kind]


@dataclass(frozen=True)
class Number(Node):
    value: Fraction


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Name(Node):
    id: str


@dataclass(frozen=True)
class Item(Node):
    """`quota[use]` before lists are expanded into `quota.housing`."""

    id: str
    item: str


@dataclass(frozen=True)
class Negative(Node):
    of: Node


@dataclass(frozen=True)
class Not(Node):
    of: Node


@dataclass(frozen=True)
class Binary(Node):
    """`op` is one of + - * /."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Power(Node):
    of: Node
    exponent: int


@dataclass(frozen=True)
class Compare(Node):
    """`op` is one of == != < <= > >=."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Member(Node):
    """`x in ("a", "b")`."""

    of: Node
    texts: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Logic(Node):
    """`op` is `and` or `or`."""

    op: str
    operands: tuple[Node, ...]


@dataclass(frozen=True)
class If(Node):
    """`source` is set when the test is a labelled exception of a column."""

    test: Node
    then: Node
    otherwise: Node
    source: str = ""


@dataclass(frozen=True)
class Call(Node):
    """A function of the table; `args` are (name, node) pairs in the order of its signature, absent ones left out."""

    fn: str
    args: tuple[tuple[str, Node], ...]

    def arg(self, name: str) -> Node | None:
        return next((node for key, node in self.args if key == name), None)

    def needed(self, name: str) -> Node:
        """An argument that the function always has: the parser refuses a call without it."""
        for key, node in self.args:
            if key == name:
                return node
        raise KeyError(name)

    def named(self, name: str) -> str:
        """The name given where the checker takes nothing else: a table of figures, a group, an input of the past."""
        node = self.needed(name)
        if not isinstance(node, Name):
            raise TypeError(f"{self.fn}: {name} is no name")
        return node.id

    def whole(self, name: str) -> int:
        """A whole number that is written out, such as digits; 0 where none is given."""
        node = self.arg(name)
        return int(node.value) if isinstance(node, Number) else 0

    def rest(self, name: str) -> tuple[Node, ...]:
        """Every node given under `name`: a variadic argument appears once for each of its nodes."""
        return tuple(node for key, node in self.args if key == name)


@dataclass(frozen=True)
class Derived(Node):
    """A derived function: `call` is what the author wrote, `body` the core formula it stands for."""

    call: Call
    body: Node

    def parts(self) -> Iterator[Node]:
        yield self.body


@dataclass(frozen=True)
class Convert(Node):
    """A change of unit put in by the checker: the figure below times `factor`."""

    of: Node
    factor: Fraction
    unit: str = ""


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """A copy with `change` applied to every part directly below."""
    fresh = {}
    for spot in fields(node):
        value = getattr(node, spot.name)
        if isinstance(value, Node):
            value = change(value)
        elif isinstance(value, tuple) and value and spot.name in ("args", "operands"):
            value = tuple((e[0], change(e[1])) if isinstance(e, tuple) else change(e) for e in value)
        fresh[spot.name] = value
    return type(node)(**fresh)


def names(node: Node) -> tuple[Name, ...]:
    """Every name in the formula; a run asks it of the same formulas again and again."""
    return node.names
