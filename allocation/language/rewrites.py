"""Derived functions as rewrites into core ones, so that every reading has them for nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from allocation.language.tree import Binary, Call, Compare, Derived, If, Name, Node, Number


def rewrite(call: Call) -> Derived:
    """A derived call with its core formula; all but `sum_over`, which the loader expands."""
    return Derived(call, _REWRITES[call.fn](call), span=call.span)


def _across(fn: str, call: Call, **args: Node) -> Call:
    by = call.arg("by")
    pairs = [*args.items(), *([("by", by)] if isinstance(by, Name) else [])]
    return Call(fn, tuple(pairs), span=call.span)


def _binary(call: Call, op: str, left: Node, right: Node) -> Binary:
    return Binary(op, left, right, span=call.span)


def _clip(call: Call) -> Node:
    raised = Call("max", (("x", call.needed("x")), ("x", call.needed("low"))), span=call.span)
    return Call("min", (("x", raised), ("x", call.needed("high"))), span=call.span)


def _weighted_mean(call: Call) -> Node:
    weight = call.needed("weight")
    product = _binary(call, "*", call.needed("x"), weight)
    return _binary(call, "/", _across("total", call, x=product), _across("total", call, x=weight))


def _part(call: Call) -> Node:
    return _binary(call, "/", call.needed("x"), _across("total", call, x=call.needed("x")))


def _index(call: Call) -> Node:
    return _binary(call, "/", call.needed("x"), _across("mean", call, x=call.needed("x")))


def _level(call: Call) -> Node:
    """True where all counties stand level: no spread to divide by."""
    x = call.needed("x")
    return Compare("==", _across("highest", call, x=x), _across("lowest", call, x=x), span=call.span)


def _standardise(call: Call) -> Node:
    x = call.needed("x")
    centred = _binary(call, "-", x, _across("mean", call, x=x))
    score = _binary(call, "/", centred, _across("deviation", call, x=x))
    return If(_level(call), Number(Fraction(0), span=call.span), score, span=call.span)


def _rescale(call: Call) -> Node:
    """Counties that stand level all get the middle of the range: the coefficient then moves nobody's share."""
    x, low, high = call.needed("x"), call.needed("low"), call.needed("high")
    lowest = _across("lowest", call, x=x)
    place = _binary(call, "/", _binary(call, "-", x, lowest),
                    _binary(call, "-", _across("highest", call, x=x), lowest))  # fmt: skip
    spread = _binary(call, "+", low, _binary(call, "*", place, _binary(call, "-", high, low)))
    middle = _binary(call, "/", _binary(call, "+", low, high), Number(Fraction(2), span=call.span))
    return If(_level(call), middle, spread, span=call.span)


def _share(call: Call) -> Node:
    claim = call.needed("claim")
    product = _binary(call, "*", call.needed("pool"), claim)
    return _binary(call, "/", product, _across("total", call, x=claim))


_REWRITES: dict[str, Callable[[Call], Node]] = {
    "clip": _clip,
    "weighted_mean": _weighted_mean,
    "part": _part,
    "index": _index,
    "standardise": _standardise,
    "rescale": _rescale,
    "share": _share,
}
