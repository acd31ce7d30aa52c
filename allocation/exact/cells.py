"""How a figure came about, cell by cell: worked out in Fractions only where a proven bound does not decide.

A cell that is exact as it stands is a pair (top, bottom); any other is a `CellStep`. Two cells of one `key` were
made by the same steps from the same figures, so they are equal without any Fraction.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from fractions import Fraction
from math import gcd, isqrt
from weakref import WeakValueDictionary

from allocation.errors import AllocationError, Problem
from allocation.files.limits import FIGURE_BITS

# Told what a step in exact figures is about to cost: the products of the lengths, in bits, of what meets.
METER: ContextVar[Callable[[float], None]] = ContextVar("METER", default=lambda cost: None)
# Told of each cell that only Fractions decided.
UNDECIDED: ContextVar[Callable[[], None]] = ContextVar("UNDECIDED", default=lambda: None)
ROOT_PLACES = 10**40  # an irrational root is a fraction this fine: far below the snapping grid
FEW = 200  # of so many addends, or fewer, a sum is cheap


class CellStep:
    """One step: `op` of the cells `args`; its exact `value` and its `key` once they were asked for.

    `dear`: a sum over very many unlike denominators lies below it.
    """

    __slots__ = ("op", "args", "dear", "value", "key")

    def __init__(self, op: str, *args: Leaf | CellStep):
        self.op, self.args = op, args
        self.dear: bool = (op == "total" and len(args) > FEW) or any(type(arg) is CellStep and arg.dear for arg in args)
        self.value: Fraction | None = None
        self.key: Key | None = None


class Key:
    """What all cells made in the same way have in common."""

    __slots__ = ("below", "__weakref__")

    def __init__(self, below: tuple[Key, ...]):
        self.below = below


Leaf = tuple[int, int]
_KEYS: WeakValueDictionary[tuple[object, ...], Key] = WeakValueDictionary()


def exact(cell: Leaf | CellStep) -> Fraction:
    """The cell's value, whatever it costs; AllocationError (run.too_long) where a figure grows past all use."""
    if type(cell) is tuple:
        return Fraction(*cell)
    assert isinstance(cell, CellStep)
    waiting = [cell]
    while waiting:
        step = waiting[-1]
        if step.value is not None:
            waiting.pop()
            continue
        open_ = [arg for arg in step.args if type(arg) is CellStep and arg.value is None]
        if open_:
            waiting += open_
            continue
        step.value = _worked_out(step.op, [_known(arg) for arg in step.args])
        waiting.pop()
    return _known(cell)


def _known(cell: Leaf | CellStep) -> Fraction:
    if type(cell) is tuple:
        return Fraction(*cell)
    assert isinstance(cell, CellStep) and cell.value is not None
    return cell.value


def length(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _worked_out(op: str, values: list[Fraction]) -> Fraction:
    if op in _PAIRS:
        left, right = values
        bits, others = length(left), length(right)
        METER.get()(float(bits * others))
        if bits + others > FIGURE_BITS:
            raise AllocationError(Problem("run.too_long", {"most": FIGURE_BITS}))
        return _PAIRS[op](left, right)
    if op == "total":
        return sum_exact(values)
    return exact_root(values[0]) if op == "root" else abs(values[0]) if op == "abs" else -values[0]


_PAIRS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "min": min,
    "max": max,
}


def sum_exact(values: list[Fraction]) -> Fraction:
    """Like denominators first, then as a tree: adding unrelated fractions one by one costs n times the final size."""
    tops: dict[int, int] = {}
    for value in values:
        tops[value.denominator] = tops.get(value.denominator, 0) + value.numerator
    terms = [Fraction(top, bottom) for bottom, top in tops.items()] or [Fraction(0)]
    while len(terms) > 1:
        sizes = [float(term.denominator.bit_length()) for term in terms]
        METER.get()(sum(left * right for left, right in zip(sizes[::2], sizes[1::2], strict=False)))
        terms = [sum(terms[at : at + 2], Fraction(0)) for at in range(0, len(terms), 2)]
        if max(term.denominator.bit_length() for term in terms) > FIGURE_BITS:
            raise AllocationError(Problem("run.too_long", {"most": FIGURE_BITS}))
    return terms[0]


def exact_root(value: Fraction) -> Fraction:
    scaled = value.numerator * value.denominator * ROOT_PLACES**2
    return Fraction(isqrt(scaled), value.denominator * ROOT_PLACES)


def alike(first: Leaf | CellStep, second: Leaf | CellStep) -> bool:
    """Whether the two were made by the same steps from the same figures."""
    return first is second or _key(first) is _key(second)


def _key(cell: Leaf | CellStep) -> Key:
    if type(cell) is tuple:
        return _leaf_key(cell)
    assert isinstance(cell, CellStep)
    waiting = [cell]
    while waiting:
        step = waiting[-1]
        open_ = [arg for arg in step.args if type(arg) is CellStep and arg.key is None]
        if step.key is None and open_:
            waiting += open_
            continue
        if step.key is None:
            step.key = _interned(step.op, tuple(_key_of(arg) for arg in step.args))
        waiting.pop()
    assert cell.key is not None
    return cell.key


def _key_of(arg: Leaf | CellStep) -> Key:
    if isinstance(arg, CellStep):
        assert arg.key is not None
        return arg.key
    return _leaf_key(arg)


def _leaf_key(leaf: Leaf) -> Key:
    divisor = gcd(*leaf)
    return _interned((leaf[0] // divisor, leaf[1] // divisor), ())


def _interned(op: object, below: tuple[Key, ...]) -> Key:
    """The one key of such a step; it holds those below it, so that no number of theirs is given away while it lives."""
    said = (op, *map(id, below))
    key = _KEYS.get(said)
    if key is None:
        key = _KEYS[said] = Key(below)
    return key


class Budget:
    """Effort that may be spent; AllocationError without words past it."""

    def __init__(self, left: float):
        self.left = left

    def spend(self, cost: float) -> None:
        self.left -= cost
        if self.left < 0:
            raise AllocationError([])
