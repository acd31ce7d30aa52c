"""What the checker knows of names and of nodes: kind, shape, unit."""

from __future__ import annotations

from fractions import Fraction

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.functions import ACROSS
from allocation.language.units import Unit


@dataclass(frozen=True)
class Meaning:
    """What a name stands for. `kind`: number, text, truth, bands or keyed; `unit` is that of the value."""

    kind: str
    shape: str
    unit: Unit
    by_unit: Unit | None = None
    value_kind: str = "number"
    grid: Fraction | None = None
    role: str = "column"
    node: tree.Node | None = None
    firm: bool = True  # the grid holds whatever parameters are changed to


@dataclass(frozen=True)
class Typed:
    """A checked node. `unit` None is a bare literal that takes the unit of what it meets; `rough` is irrational."""

    node: tree.Node
    shape: str
    kind: str
    unit: Unit | None
    rough: bool = False


def join(left: str, right: str) -> str:
    """The shape of two together: scalar < one group's figure < column."""
    if left == right or right == "scalar":
        return left
    return right if left == "scalar" else "column"


def has_across(node: tree.Node) -> bool:
    """Whether a function over counties stands anywhere in the formula."""
    return any(isinstance(part, tree.Call) and part.fn in ACROSS for part in node.walk())
