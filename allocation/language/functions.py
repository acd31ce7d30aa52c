"""The function table: the single source of truth for what a formula may call.

Each row gives the arguments and how shape and unit follow from them; what the words reading says of a function stands
in the catalogue (`functions.toml`). Derived functions are rewrites into core ones (`rewrites.py`), so every reading has
them for nothing. A test asserts that each reading covers exactly the core rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allocation.classes import dataclass


@dataclass(frozen=True)
class Arg:
    """`unit`: 'lead' sets the unit the others follow, 'same' is converted to it, 'free' has one of its own.

    `adds`: the figures of all counties are added up, so that a figure of a group would count once a county of it.
    """

    name: str
    kind: str = "number"  # number, truth, text, bands, keyed, digits, group, list, name, unit
    unit: str = "free"
    required: bool = True
    many: bool = False
    adds: bool = False


@dataclass(frozen=True)
class Function:
    """`shape`: 'each' follows its arguments, 'counties' makes one figure a run (or a group), 'column' one a county."""

    name: str
    group: str
    args: tuple[Arg, ...]
    shape: str
    unit: str  # 'lead', 'pure', 'root', 'entry' (the parameter's own)
    derived: bool = False
    rounds: bool = False
    kind: str = "number"


BY = Arg("by", "group", required=False)
X = Arg("x", unit="lead")
X_ADDED = Arg("x", unit="lead", adds=True)
CLAIM = Arg("claim", adds=True)


def _f(name: str, group: str, args: Iterable[Arg], shape: str, unit: str, **more: Any) -> Function:
    return Function(name, group, tuple(args), shape, unit, **more)


def _same(name: str, required: bool = True, adds: bool = False) -> Arg:
    return Arg(name, unit="same", required=required, adds=adds)


_ROWS = (
    _f("min", "each", [Arg("x", unit="lead", many=True)], "each", "lead"),
    _f("max", "each", [Arg("x", unit="lead", many=True)], "each", "lead"),
    _f("abs", "each", [X], "each", "lead"),
    _f("root", "each", [X], "each", "root"),
    _f("round", "each", [X, Arg("digits", "digits", required=False)], "each", "lead", rounds=True),
    _f("up", "each", [X, _same("to", False)], "each", "lead", rounds=True),
    _f("down", "each", [X, _same("to", False)], "each", "lead", rounds=True),
    _f("clip", "each", [X, _same("low"), _same("high")], "each", "lead", derived=True),
    _f("step", "each", [Arg("x"), Arg("bands", "bands")], "each", "entry"),
    _f("pick", "each", [Arg("text", "text"), Arg("table", "keyed")], "each", "entry"),
    _f("given", "each", [Arg("x", "name")], "each", "pure", kind="truth"),
    _f("total", "counties", [X_ADDED, BY], "counties", "lead"),
    _f("mean", "counties", [X_ADDED, BY], "counties", "lead"),
    _f("lowest", "counties", [X, BY], "counties", "lead"),
    _f("highest", "counties", [X, BY], "counties", "lead"),
    _f("count", "counties", [Arg("x", "truth"), BY], "counties", "pure"),
    _f("deviation", "counties", [X_ADDED, BY], "counties", "lead"),
    _f("weighted_mean", "counties", [X, Arg("weight", adds=True), BY], "counties", "lead", derived=True),
    _f("rank", "counties", [X, BY], "column", "pure"),
    _f("part", "normalising", [X_ADDED, BY], "column", "pure", derived=True),
    _f("index", "normalising", [X_ADDED, BY], "column", "pure", derived=True),
    _f("standardise", "normalising", [X_ADDED, BY], "column", "pure", derived=True),
    _f("rescale", "normalising", [Arg("x"), Arg("low", unit="lead"), _same("high"), BY],
       "column", "lead", derived=True),
    _f("share", "allocating", [Arg("pool", unit="lead"), CLAIM, BY], "column", "lead", derived=True),
    _f("bounded_share", "allocating", [Arg("pool", unit="lead"), CLAIM, _same("floor", False), _same("cap", False), BY],
       "column", "lead"),
    _f("largest_remainder", "allocating",
       [Arg("pool", unit="lead"), _same("quota", adds=True), _same("to", False), BY,
        Arg("over", "list", required=False), Arg("tail", "unit", required=False)],
       "column", "lead", rounds=True),
    _f("fill", "allocating", [Arg("pool", unit="lead"), _same("need", adds=True), Arg("order"), BY], "column", "lead"),
    _f("last", "time", [Arg("x", "name", unit="lead")], "each", "lead"),
    _f("since", "time", [Arg("x", "name", unit="lead"), Arg("n", "digits")], "each", "lead"),
    _f("sum_over", "list", [Arg("x", unit="lead")], "each", "lead", derived=True),
    # The list form of largest_remainder, one item of a county's row; written by the loader, never by an author.
    _f("row_remainder", "internal",
       [Arg("pool", unit="lead"), Arg("place", "digits"), _same("to"), Arg("quota", unit="same", many=True),
        Arg("tail", "digits", required=False)],
       "each", "lead", rounds=True),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
CORE = tuple(name for name, row in FUNCTIONS.items() if not row.derived)
# The state (状态) asks first whether these can be done: what they take cannot wait for it.
ALLOCATING = tuple(name for name, row in FUNCTIONS.items() if row.group in ("allocating", "internal"))
ACROSS = tuple(name for name, row in FUNCTIONS.items() if row.group in ("counties", "normalising", "allocating"))
IRRATIONAL = ("deviation", "root")
