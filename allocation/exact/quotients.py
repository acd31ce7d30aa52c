"""A column of exact figures: whole numbers over one denominator, int64 where they surely fit, or figures within bounds.

`Quotients` stands where an object array of Fractions would, and speaks NumPy's protocols for what the readings and the
allocators ask of arrays; `np.asarray` of it, or `fractions()`, is that object array. The last axis is counties.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from allocation.exact import bounds
from allocation.exact.bounds import FINE
from allocation.exact.cells import METER, Budget, CellStep, exact
from allocation.exact.held import Held
from allocation.exact.whole import (
    SURE,
    both_alike,
    common,
    fitted,
    most_of,
    multiple_of,
    objects,
    peak,
    product,
    too_long,
)
from allocation.sealing import sealed

if TYPE_CHECKING:
    from allocation.exact.whole import Bottom, Whole

SHOWN = 1e8  # effort, in products of bits, that a column may cost to be shown as the very fractions it is
_FRACTION, _WHOLE = np.frompyfunc(Fraction, 2, 1), np.frompyfunc(Fraction, 1, 1)
_QUOTIENT = np.frompyfunc(operator.truediv, 2, 1)
_HELD = np.frompyfunc(bounds.held, 2, 3)
_ORDER = np.frompyfunc(bounds.order, 6, 1)
_SHOWN = np.frompyfunc(bounds.shown, 3, 1)
_EXACTLY = np.frompyfunc(lambda top, cell: exact(bounds.cell_of(top, cell)), 2, 1)
_FLOATS = np.frompyfunc(bounds.monotone(operator.truediv), 3, 1)


class Quotients(Held, NDArrayOperatorsMixin):
    """`tops` over `bottom`; with `radius` and `cells`, in units of 1 / FINE (see `bounds`), and no other bottom."""

    __slots__ = ("_between", "_fractions", "_least", "_tight")
    dtype = np.dtype(object)

    def __init__(
        self, tops: Whole, bottom: Bottom = 1, most: int | None = None, radius: Whole | None = None,
        cells: np.ndarray | None = None,
    ):  # fmt: skip
        self._most = most_of(tops) if most is None else most
        if tops.dtype == object and self._most < SURE and radius is None:
            tops = tops.astype(np.int64)
        self._tops, self._bottom, self._radius, self._cells = tops, bottom, radius, cells
        self._between: tuple[Any, ...] | None = None
        self._fractions: np.ndarray | None = None
        self._least: Quotients | None = None
        self._tight = most is None

    # ---- as an array

    @property
    def shape(self) -> tuple[int, ...]:
        return self._tops.shape

    @property
    def ndim(self) -> int:
        return self._tops.ndim

    @property
    def flat(self) -> Any:
        return self.fractions().flat

    def __len__(self) -> int:
        return len(self._tops)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        figures = self.fractions() if dtype is None or np.dtype(dtype).kind == "O" else self.astype(dtype)
        return figures.copy() if copy else figures

    def __reduce__(self) -> tuple[object, ...]:
        return of_fractions, (self.fractions(),)

    def __copy__(self) -> Quotients:
        return self

    def __deepcopy__(self, memo: object) -> Quotients:
        return self

    def fractions(self) -> np.ndarray:
        """The object array of Fractions, made once and not to be written to."""
        if self._fractions is None:
            if self._radius is None:
                tops = self._tops.astype(object)
                plain = isinstance(self._bottom, int) and self._bottom == 1
                figures = _WHOLE(tops) if plain else _FRACTION(tops, self._bottom)
            else:
                spent = METER.set(Budget(SHOWN).spend)
                try:
                    figures = _SHOWN(self._tops, self._radius, self._cells)
                finally:
                    METER.reset(spent)
            self._fractions = np.asarray(figures, object)
            self._fractions.setflags(write=False)
        return self._fractions

    def exactly(self) -> np.ndarray:
        """The object array of the true Fractions, whatever they cost; `fractions()` may show dear ones cut off."""
        return self.fractions() if self._radius is None else np.asarray(_EXACTLY(self._tops, self._cells), object)

    def astype(self, kind: Any, copy: bool = True) -> np.ndarray:
        """Floats are the doubles nearest to the exact figures."""
        if kind in (float, np.float64):
            if self._radius is not None:
                return np.asarray(_FLOATS(self._tops, self._radius, self._cells), float)
            if self._tops.dtype != object and self._most < 2**53 and peak(self._bottom) < 2**53:
                return self._tops / np.asarray(self._bottom, np.int64)
            return np.asarray(_QUOTIENT(self._tops.astype(object), self._bottom), float)
        if kind is object or kind == self.dtype:
            return self.fractions().copy() if copy else self.fractions()
        return (self._tops // self._bottom).astype(kind)

    def __getitem__(self, key: Any) -> Any:
        tops = self._tops[key]
        masked = isinstance(key, np.ndarray) and key.dtype == bool and key.ndim > 1
        if not isinstance(tops, np.ndarray) or not isinstance(self._bottom, int) and (masked or tops.ndim < self.ndim):
            return self.fractions()[key]
        bottom = (
            self._bottom if isinstance(self._bottom, int) else np.broadcast_to(self._bottom, self.shape)[key][..., :1]
        )
        return self._moved(lambda x: x[key], bottom)

    def _moved(self, move: Callable[[np.ndarray], np.ndarray], bottom: Bottom | None = None) -> Quotients:
        """The same figures elsewhere."""
        radius = None if self._radius is None or self._cells is None else move(self._radius)
        cells = None if radius is None else move(self._cells)
        return Quotients(move(self._tops), self._bottom if bottom is None else bottom, self._most, radius, cells)

    def reshape(self, *shape: Any) -> Quotients:
        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        tops = self._tops.reshape(wanted)
        bottom = self._bottom
        if not isinstance(bottom, int):
            bottom = np.broadcast_to(bottom, self.shape).reshape(tops.shape)[..., :1]
        return self._moved(lambda x: x.reshape(wanted), bottom)

    # ---- arithmetic

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: Any, **more: Any) -> Any:
        if method == "reduce" and ufunc in _EXTREMES:
            return self._extreme(ufunc)
        if method != "__call__" or more.get("out") is not None or ufunc not in UFUNCS:
            return NotImplemented
        return UFUNCS[ufunc](*given)

    def __array_function__(self, function: Any, types: Any, given: Any, more: Any) -> Any:
        return FUNCTIONS[function](*given, **more) if function in FUNCTIONS else NotImplemented

    # ---- within

    def between(self) -> tuple[np.ndarray, ...]:
        """Tops, radii and cells in units of 1 / FINE."""
        if self._between is None:
            if self._radius is not None:
                self._between = self._tops, self._radius, self._cells
            else:
                self._between = tuple(map(sealed, _HELD(self._tops.astype(object), self._bottom)))
        assert self._between is not None
        return self._between

    def ranked(self) -> np.ndarray:
        """What stands to one another, in each row, as the exact figures do: whole numbers of all that is snapped."""
        return self._tops if self._radius is None else self.exactly()

    def row_keys(self) -> list[Hashable]:
        """What stands for each row; no two rows of figures within bounds are known to be the same."""
        if self._radius is not None:
            return list(range(len(self)))
        tops = [tuple(row) if self._tops.dtype == object else row.tobytes() for row in self._tops]
        bottoms = np.broadcast_to(np.asarray(self._bottom, object), (*self.shape[:-1], 1)).reshape(len(self), -1)
        return [*zip(tops, map(tuple, bottoms.tolist()), strict=True)]

    def tight(self) -> Quotients:
        """The same with `most` as it is, where it was only known to be no more."""
        if not self._tight:
            self._most, self._tight = most_of(self._tops), True
            if self._most < SURE and self._radius is None and self._tops.dtype == object:
                self._tops = sealed(self._tops.astype(np.int64))
        return self

    def reduced(self) -> Quotients:
        """The same figures over the least denominator of each row."""
        if self._radius is not None:
            return self
        if self._least is None:
            self._least = sealed(self._over_the_least())
        return self._least

    def _over_the_least(self) -> Quotients:
        if not self.tight()._most:
            return Quotients(np.zeros(self.shape, np.int64), 1, 0)
        if isinstance(self._bottom, int):
            divisor: Bottom = math.gcd(self._bottom, int(np.gcd.reduce(self._tops, axis=None)))
            if divisor == 1:
                return self
        else:
            bottom, tops = both_alike(self._bottom, self._tops)
            divisor = np.gcd(bottom, np.gcd.reduce(tops, axis=-1, keepdims=True))
        over = self._bottom // divisor
        less = Quotients(self._tops // divisor, over if isinstance(over, int) else fitted(over))
        less._least = less
        return less

    def _extreme(self, ufunc: np.ufunc) -> Quotients:
        """The least or greatest of the last axis."""
        if self._radius is None:
            return Quotients(ufunc.reduce(self._tops, axis=-1, keepdims=True), self._bottom, self._most)
        sides, pick = self.between(), _WIDE[ufunc]
        rows = [side.reshape(-1, self.shape[-1]) for side in sides]
        best = []
        for row in zip(*rows, strict=True):
            so_far, *rest = zip(*row, strict=True)
            for cell in rest:
                so_far = pick(*so_far, *cell)
            best.append(so_far)
        return within(*(objects(side).reshape(*self.shape[:-1], 1) for side in zip(*best, strict=True)))


def aligned(x: Quotients, y: Quotients) -> tuple[Bottom, Whole, Whole, int, int] | None:
    """Tops of both over one denominator, and the most of each; None where one is held within bounds."""
    if x._radius is not None or y._radius is not None:
        return None
    met = common(x._bottom, y._bottom)
    if met is None:
        x, y = x.reduced(), y.reduced()
        met = common(x._bottom, y._bottom)
        if met is None:
            return None
    bottom, raise_x, raise_y = met
    left, right = x._most * peak(raise_x), y._most * peak(raise_y)
    if left + right >= SURE:
        left, right = x.tight()._most * peak(raise_x), y.tight()._most * peak(raise_y)
    tops, others = product(x._tops, raise_x, left), product(y._tops, raise_y, right)
    if left + right >= SURE:
        tops, others = tops.astype(object), others.astype(object)
    return bottom, tops, others, left, right


# ---- operations


def quotients(value: Any, ndim: int = 0) -> Quotients:
    """What is given as Quotients: a number, an array of numbers, an object array of Fractions."""
    if isinstance(value, Quotients):
        return value
    if isinstance(value, (Fraction, int)):
        data = np.full((1,) * ndim, value.numerator, object)
        return Quotients(data, value.denominator, abs(value.numerator))
    data = np.asarray(value)
    if data.ndim == 0:
        return quotients(Fraction(data.item()), ndim)
    return Quotients(data.astype(np.int64)) if data.dtype.kind in "ib" else of_fractions(data)


def of_fractions(data: np.ndarray) -> Quotients:
    """An object array of Fractions (or of other numbers) as Quotients."""
    pairs = [value.as_integer_ratio() for value in data.ravel().tolist()]
    width = data.shape[-1]
    bottom = multiple_of({below for _, below in pairs})
    if bottom is not None:
        tops = objects([top * (bottom // below) for top, below in pairs])
        return Quotients(tops.reshape(data.shape), bottom)
    rows = [multiple_of({below for _, below in pairs[at : at + width]}) for at in range(0, len(pairs), width)]
    if None not in rows:
        tops = objects([top * (rows[at // width] // below) for at, (top, below) in enumerate(pairs)])
        return Quotients(tops.reshape(data.shape), fitted(objects(rows).reshape(*data.shape[:-1], 1)))
    sides = _HELD(*(objects(side) for side in zip(*pairs, strict=True)))
    return within(*(side.reshape(data.shape) for side in sides))


def within(tops: np.ndarray, radius: np.ndarray, cells: np.ndarray) -> Quotients:
    """Figures between bounds, or exact ones where every radius is 0."""
    if not radius.any():
        return Quotients(tops, FINE).reduced()
    return Quotients(tops, FINE, None, radius, cells)


def _bounded(step: Callable[..., Any], *given: Quotients) -> Quotients:
    sides = [side for x in given for side in x.between()]
    return within(*map(np.asarray, np.frompyfunc(step, len(sides), 3)(*sides)))


def _ndim(x: Any) -> int:
    return x.ndim if isinstance(x, Quotients) else np.ndim(x)


def _both(x: Any, y: Any) -> tuple[Quotients, Quotients]:
    ndim = max(_ndim(x), _ndim(y))
    return quotients(x, ndim), quotients(y, ndim)


def _summed(operate: np.ufunc, step: Callable[..., Any]) -> Callable[[Any, Any], Quotients]:
    def summed(x: Any, y: Any) -> Quotients:
        x, y = _both(x, y)
        met = aligned(x, y)
        if met is None:
            return _bounded(step, x, y)
        bottom, tops, others, most, more = met
        return Quotients(operate(tops, others), bottom, most + more)

    return summed


add = _summed(np.add, bounds.add)
subtract = _summed(np.subtract, bounds.subtract)


def multiply(x: Any, y: Any) -> Quotients:
    x, y = _both(x, y)
    if x._radius is None and y._radius is None:
        if max(x._most * y._most, peak(x._bottom) * peak(y._bottom)) >= SURE:
            x, y = x.reduced().tight(), y.reduced().tight()
        bottom = product(x._bottom, y._bottom, peak(x._bottom) * peak(y._bottom))
        if not too_long(bottom):
            return Quotients(product(x._tops, y._tops, x._most * y._most), bottom, x._most * y._most)
    return _bounded(bounds.multiply, x, y)


def divide(x: Any, y: Any) -> Quotients:
    """Of a divisor that is nowhere zero."""
    x, y = _both(x, y)
    if x._radius is None and y._radius is None:
        inverse = _inverse(y)
        if inverse is not None:
            return multiply(x, inverse)
    return _bounded(bounds.divide, x, y)


def _inverse(y: Quotients) -> Quotients | None:
    """One over y, where its tops have a common multiple that is not too long."""
    y = y.reduced()
    signs, size = np.sign(y._tops), np.abs(y._tops)
    if y.shape[-1] == 1:
        if y._tops.size == 1:
            below = int(size.flat[0])
            top = int(signs.flat[0]) * y._bottom
            if too_long(below):
                return None
            return Quotients(np.full(y.shape, top, object), below) if isinstance(top, int) else Quotients(top, below)
        return Quotients(product(signs, y._bottom, peak(y._bottom)), size) if not too_long(size) else None
    rows = [multiple_of(set(row)) for row in size.reshape(-1, y.shape[-1]).tolist()]
    if None in rows:
        return None
    bottom: Any = rows[0] if len(rows) == 1 else fitted(objects(rows).reshape(*y.shape[:-1], 1))
    over = np.asarray(bottom, object) // size.astype(object) * signs.astype(object)
    return Quotients(over * y._bottom, bottom)


def held_root(x: Quotients) -> Quotients:
    return _bounded(bounds.root, x)


def power(x: Quotients, times: int) -> Quotients:
    raised = x
    for _ in range(times - 1):
        raised = multiply(raised, x)
    return raised


def negative(x: Quotients) -> Quotients:
    return Quotients(-x._tops, x._bottom, x._most) if x._radius is None else _bounded(bounds.negative, x)


def absolute(x: Quotients) -> Quotients:
    return Quotients(np.abs(x._tops), x._bottom, x._most) if x._radius is None else _bounded(bounds.absolute, x)


def compared(operate: np.ufunc, x: Any, y: Any) -> np.ndarray:
    if isinstance(y, int) and y == 0 and x._radius is None:
        return np.asarray(operate(x._tops, 0), bool)
    x, y = _both(x, y)
    met = aligned(x, y)
    if met is None:
        return np.asarray(operate(np.asarray(_ORDER(*x.between(), *y.between()), np.int8), 0), bool)
    return np.asarray(operate(met[1], met[2]), bool)


def _chosen(operate: np.ufunc) -> Callable[[Any, Any], Quotients]:
    def chosen(x: Any, y: Any) -> Quotients:
        x, y = _both(x, y)
        met = aligned(x, y)
        if met is None:
            return _bounded(_WIDE[operate], x, y)
        bottom, tops, others, most, more = met
        return Quotients(operate(tops, others), bottom, max(most, more))

    return chosen


def where(test: np.ndarray, x: Any, y: Any) -> Quotients:
    x, y = _both(x, y)
    met = aligned(x, y)
    if met is None:
        return within(*(np.where(test, side, against) for side, against in zip(x.between(), y.between(), strict=True)))
    bottom, tops, others, most, more = met
    return Quotients(np.where(test, tops, others), bottom, max(most, more))


def total(x: Quotients) -> Quotients:
    """The sum over the last axis, kept."""
    if x._radius is None:
        most = x._most * max(1, x.shape[-1])
        tops = x._tops if most < SURE else x._tops.astype(object)
        return Quotients(np.asarray(tops.sum(axis=-1, keepdims=True)), x._bottom, most)
    tops, radius, cells = x.between()
    sums, wide = tops.sum(axis=-1, keepdims=True), radius.sum(axis=-1, keepdims=True)
    summed_up = np.empty(sums.shape, object)
    for at in np.ndindex(x.shape[:-1]):
        if wide[at][0]:
            summed_up[at][0] = CellStep("total", *map(bounds.cell_of, tops[at], cells[at]))
    return within(sums, wide, summed_up)


def running(x: Quotients) -> Quotients:
    """The sums up to each county."""
    if x._radius is None:
        most = x._most * max(1, x.shape[-1])
        tops = x._tops if most < SURE else x._tops.astype(object)
        return Quotients(np.cumsum(tops, axis=-1), x._bottom, most)
    parts = [x[..., :1]]
    for at in range(1, x.shape[-1]):
        parts.append(add(parts[-1], x[..., at : at + 1]))
    return joined(parts, -1)


def _one_below_another(parts: Sequence[Quotients]) -> Quotients:
    """Rows, each over its own denominator."""
    bottoms = [np.broadcast_to(np.asarray(x._bottom, object), (*x.shape[:-1], 1)) for x in parts]
    kind = object if any(x._tops.dtype == object for x in parts) else np.int64
    tops = np.concatenate([x._tops.astype(kind) for x in parts])
    return Quotients(tops, fitted(np.concatenate(bottoms)), max(x._most for x in parts))


def joined(parts: Sequence[Any], axis: int = 0, operate: Callable[..., Any] = np.concatenate) -> Quotients:
    figures = [quotients(part, _ndim(part)) for part in parts]
    if operate is np.concatenate and axis == 0 and all(x._radius is None for x in figures):
        return _one_below_another(figures)
    bottom: Bottom | None = 1
    for x in figures:
        met = None if bottom is None or x._radius is not None else common(bottom, x._bottom)
        bottom = None if met is None else met[0]
    if bottom is not None:
        factors = [bottom // x._bottom for x in figures]
        most = max(x._most * peak(factor) for x, factor in zip(figures, factors, strict=True))
        tops = [product(x._tops, factor, most) for x, factor in zip(figures, factors, strict=True)]
        kind = object if most >= SURE else np.int64
        if operate is np.stack and not isinstance(bottom, int):
            bottom = bottom[..., None]
        return Quotients(operate([x.astype(kind) for x in tops], axis=axis), bottom, most)
    return within(*(operate(sides, axis=axis) for sides in zip(*(x.between() for x in figures), strict=True)))


def _broadcast(x: Quotients, shape: tuple[int, ...]) -> Quotients:
    if x.shape == shape:
        return x
    bottom = x._bottom
    if not isinstance(bottom, int) and bottom.ndim < len(shape):
        bottom = bottom.reshape((1,) * (len(shape) - bottom.ndim) + bottom.shape)
    return x._moved(lambda side: np.broadcast_to(side, shape), bottom)


_WIDE: dict[np.ufunc, Callable[..., Any]] = {np.maximum: bounds.greater, np.minimum: bounds.lesser}
_EXTREMES = (np.maximum, np.minimum)
_COMPARISONS = (np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
UFUNCS: dict[np.ufunc, Callable[..., Any]] = {
    np.add: add, np.subtract: subtract, np.multiply: multiply, np.true_divide: divide, np.negative: negative,
    np.absolute: absolute, np.power: power, np.maximum: _chosen(np.maximum), np.minimum: _chosen(np.minimum),
    **{operate: lambda x, y, operate=operate: compared(operate, x, y) for operate in _COMPARISONS},
}  # fmt: skip
FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: where,
    np.broadcast_to: _broadcast,
    np.broadcast_arrays: lambda *given: [
        _broadcast(x, np.broadcast_shapes(*(y.shape for y in given))) if isinstance(x, Quotients)
        else np.broadcast_to(x, np.broadcast_shapes(*(y.shape for y in given))) for x in given
    ],
    np.concatenate: joined,
    np.stack: lambda parts, axis=0: joined(parts, axis, np.stack),
    np.take_along_axis: lambda x, turn, axis: x._moved(lambda side: np.take_along_axis(side, turn, axis)),
    np.cumsum: lambda x, axis: running(x),
}  # fmt: skip
