"""The function table: the single source of truth for what a formula may call.

Each row gives the arguments, how shape and unit follow from them, and the phrase the words reading says. Derived
functions are rewrites into core ones (`rewrites.py`), so every reading has them for nothing. A test asserts that each
reading covers exactly the core rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allocation.texts import Both


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
    phrase: Both
    derived: bool = False
    rounds: bool = False
    kind: str = "number"


BY = Arg("by", "group", required=False)
X = Arg("x", unit="lead")
X_ADDED = Arg("x", unit="lead", adds=True)
CLAIM = Arg("claim", adds=True)


def _f(name: str, group: str, args: Iterable[Arg], shape: str, unit: str, zh: str, en: str, **more: Any) -> Function:
    return Function(name, group, tuple(args), shape, unit, Both(zh, en), **more)


def _same(name: str, required: bool = True, adds: bool = False) -> Arg:
    return Arg(name, unit="same", required=required, adds=adds)


_ROWS = (
    _f("min", "each", [Arg("x", unit="lead", many=True)], "each", "lead", "{x}中最小的数", "the least of {x}"),
    _f("max", "each", [Arg("x", unit="lead", many=True)], "each", "lead", "{x}中最大的数", "the greatest of {x}"),
    _f("abs", "each", [X], "each", "lead", "{x}的绝对值", "the absolute value of {x}"),
    _f("root", "each", [X], "each", "root", "{x}的平方根", "the square root of {x}"),
    _f(
        "round", "each", [X, Arg("digits", "digits", required=False)], "each", "lead",
        "{x}四舍五入到{digits}", "{x} rounded to {digits}", rounds=True,
    ),
    _f(
        "up", "each", [X, _same("to", False)], "each", "lead",
        "{x}向上取整到{to}", "{x} rounded up to {to}", rounds=True,
    ),
    _f(
        "down", "each", [X, _same("to", False)], "each", "lead",
        "{x}向下取整到{to}", "{x} rounded down to {to}", rounds=True,
    ),
    _f(
        "clip", "each", [X, _same("low"), _same("high")], "each", "lead",
        "{x}控制在{low}至{high}之间", "{x} kept between {low} and {high}", derived=True,
    ),
    _f(
        "step", "each", [Arg("x"), Arg("bands", "bands")], "each", "entry",
        "{bands}中{x}所在档的值", "{bands} for the band of {x}",
    ),
    _f(
        "pick", "each", [Arg("text", "text"), Arg("table", "keyed")], "each", "entry",
        "{table}中{text}对应的值", "{table} for {text}",
    ),
    _f("given", "each", [Arg("x", "name")], "each", "pure", "{x}有数据", "{x} is given", kind="truth"),
    _f("total", "counties", [X_ADDED, BY], "counties", "lead", "各地{x}之和{by}", "the total of {x}{by}"),
    _f("mean", "counties", [X_ADDED, BY], "counties", "lead", "各地{x}的平均值{by}", "the mean of {x}{by}"),
    _f("lowest", "counties", [X, BY], "counties", "lead", "各地{x}的最小值{by}", "the lowest {x}{by}"),
    _f("highest", "counties", [X, BY], "counties", "lead", "各地{x}的最大值{by}", "the highest {x}{by}"),
    _f(
        "count", "counties", [Arg("x", "truth"), BY], "counties", "pure",
        "{x}的地区数{by}", "the number of counties where {x}{by}",
    ),
    _f(
        "deviation", "counties", [X_ADDED, BY], "counties", "lead",
        "各地{x}的总体标准差{by}", "the population deviation of {x}{by}",
    ),
    _f(
        "weighted_mean", "counties", [X, Arg("weight", adds=True), BY], "counties", "lead",
        "各地{x}以{weight}加权的平均值{by}", "the mean of {x} weighted by {weight}{by}", derived=True,
    ),
    _f("rank", "counties", [X, BY], "column", "pure",
       "{x}的名次（由高到低）{by}", "the rank of {x}, highest first{by}"),
    _f(
        "part", "normalising", [X_ADDED, BY], "column", "pure",
        "{x}占各地合计的比重{by}", "{x} as a part of its total{by}", derived=True,
    ),
    _f(
        "index", "normalising", [X_ADDED, BY], "column", "pure",
        "{x}与各地平均值之比{by}", "the ratio of {x} to its mean{by}", derived=True,
    ),
    _f(
        "standardise", "normalising", [X_ADDED, BY], "column", "pure",
        "{x}的标准化值{by}", "the standardised {x}{by}", derived=True,
    ),
    _f(
        "rescale", "normalising", [Arg("x"), Arg("low", unit="lead"), _same("high"), BY], "column", "lead",
        "{x}线性换算到{low}至{high}之间{by}", "{x} rescaled onto {low} to {high}{by}", derived=True,
    ),
    _f(
        "share", "allocating", [Arg("pool", unit="lead"), CLAIM, BY], "column", "lead",
        "{pool}按{claim}占比分配{by}", "{pool} shared in proportion to {claim}{by}", derived=True,
    ),
    _f(
        "bounded_share", "allocating",
        [Arg("pool", unit="lead"), CLAIM, _same("floor", False), _same("cap", False), BY], "column", "lead",
        "{pool}按{claim}占比分配{by}{floor}{cap}",
        "{pool} shared in proportion to {claim}{by}{floor}{cap}",
    ),
    _f(
        "largest_remainder", "allocating",
        [Arg("pool", unit="lead"), _same("quota", adds=True), _same("to", False), BY,
         Arg("over", "list", required=False), Arg("tail", "unit", required=False)],
        "column", "lead",
        "{quota}{method}取整到{to}{by}{tail}，合计等于{pool}",
        "{quota} rounded to {to} {method}{by}{tail} so that the total is {pool}", rounds=True,
    ),
    _f(
        "fill", "allocating", [Arg("pool", unit="lead"), _same("need", adds=True), Arg("order"), BY], "column", "lead",
        "{pool}按{order}从小到大依次满足{need}{by}，用完为止",
        "{pool} spent on {need} in the order of {order}{by} until it runs out",
    ),
    _f("last", "time", [Arg("x", "name", unit="lead")], "each", "lead", "上期{x}", "last period's {x}"),
    _f(
        "since", "time", [Arg("x", "name", unit="lead"), Arg("n", "digits")], "each", "lead",
        "前{n}期的{x}", "{x} {n} periods ago",
    ),
    _f("sum_over", "list", [Arg("x", unit="lead")], "each", "lead", "各项{x}之和{items}", "the sum of {x}{items}",
       derived=True),
    # The list form of largest_remainder, one item of a county's row; written by the loader, never by an author.
    _f(
        "row_remainder", "internal",
        [Arg("pool", unit="lead"), Arg("place", "digits"), _same("to"), Arg("quota", unit="same", many=True),
         Arg("tail", "digits", required=False)],
        "each", "lead", "{quota}{method}取整到{to}{tail}，本行各项合计等于{pool}",
        "{quota} rounded to {to} {method}{tail} so that the row adds up to {pool}", rounds=True,
    ),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
CORE = tuple(name for name, row in FUNCTIONS.items() if not row.derived)
# The state (状态) asks first whether these can be done: what they take cannot wait for it.
ALLOCATING = tuple(name for name, row in FUNCTIONS.items() if row.group in ("allocating", "internal"))
ACROSS = tuple(name for name, row in FUNCTIONS.items() if row.group in ("counties", "normalising", "allocating"))
IRRATIONAL = ("deviation", "root")
