"""Derived functions as rewrites into core ones, so that every reading has them for nothing."""

from __future__ import annotations

from fractions import Fraction

from allocation.language.tree import Binary, Call, Compare, Derived, If, Name, Node, Number


def rewrite(call: Call) -> Node:
    """The core formula of a derived call, or the call itself. `sum_over` is expanded by the loader."""
    make = _REWRITES.get(call.fn)
    return Derived(call, make(call), span=call.span) if make else call


def _across(fn: str, call: Call, **args: Node) -> Call:
    by = call.arg("by")
    pairs = [*args.items(), *([("by", by)] if isinstance(by, Name) else [])]
    return Call(fn, tuple(pairs), span=call.span)


def _binary(call: Call, op: str, left: Node, right: Node) -> Binary:
    return Binary(op, left, right, span=call.span)


def _clip(call: Call) -> Node:
    raised = Call("max", (("x", call.arg("x")), ("x", call.arg("low"))), span=call.span)
    return Call("min", (("x", raised), ("x", call.arg("high"))), span=call.span)


def _weighted_mean(call: Call) -> Node:
    weight = call.arg("weight")
    product = _binary(call, "*", call.arg("x"), weight)
    return _binary(call, "/", _across("total", call, x=product), _across("total", call, x=weight))


def _part(call: Call) -> Node:
    return _binary(call, "/", call.arg("x"), _across("total", call, x=call.arg("x")))


def _index(call: Call) -> Node:
    return _binary(call, "/", call.arg("x"), _across("mean", call, x=call.arg("x")))


def _level(call: Call) -> Node:
    """True where all counties stand level: no spread to divide by."""
    x = call.arg("x")
    return Compare("==", _across("highest", call, x=x), _across("lowest", call, x=x), span=call.span)


def _standardise(call: Call) -> Node:
    x = call.arg("x")
    centred = _binary(call, "-", x, _across("mean", call, x=x))
    score = _binary(call, "/", centred, _across("deviation", call, x=x))
    return If(_level(call), Number(Fraction(0), span=call.span), score, span=call.span)


def _rescale(call: Call) -> Node:
    """Counties that stand level all get the middle of the range: the coefficient then moves nobody's share."""
    x, low, high = call.arg("x"), call.arg("low"), call.arg("high")
    lowest = _across("lowest", call, x=x)
    place = _binary(call, "/", _binary(call, "-", x, lowest),
                    _binary(call, "-", _across("highest", call, x=x), lowest))  # fmt: skip
    spread = _binary(call, "+", low, _binary(call, "*", place, _binary(call, "-", high, low)))
    middle = _binary(call, "/", _binary(call, "+", low, high), Number(Fraction(2), span=call.span))
    return If(_level(call), middle, spread, span=call.span)


def _share(call: Call) -> Node:
    claim = call.arg("claim")
    product = _binary(call, "*", call.arg("pool"), claim)
    return _binary(call, "/", product, _across("total", call, x=claim))


_REWRITES = {
    "clip": _clip,
    "weighted_mean": _weighted_mean,
    "part": _part,
    "index": _index,
    "standardise": _standardise,
    "rescale": _rescale,
    "share": _share,
}
