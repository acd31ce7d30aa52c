"""A figure that keeps beside itself how large the operands behind it are: what a float of it may be wrong by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import total_ordering
from math import floor


@total_ordering
@dataclass(frozen=True, eq=False)
class Amount:
    """`size` is the sum of what goes in, carried through every step: |x| + |y| for x − y, however small the rest."""

    value: Fraction
    size: float

    def __add__(self, other: object) -> Amount:
        other = amount(other)
        return Amount(self.value + other.value, self.size + other.size)

    def __sub__(self, other: object) -> Amount:
        return self + -amount(other)

    def __neg__(self) -> Amount:
        return Amount(-self.value, self.size)

    def __mul__(self, other: object) -> Amount:
        other = amount(other)
        one, two = float(abs(self.value)), float(abs(other.value))
        return Amount(self.value * other.value, one * other.size + two * self.size - one * two)

    def __truediv__(self, other: object) -> Amount:
        other = amount(other)
        quotient, below = self.value / other.value, float(abs(other.value))
        size = float(abs(quotient))
        return Amount(quotient, self.size / below + size * other.size / below - size)

    def __pow__(self, exponent: int) -> Amount:
        power = amount(1)
        for _ in range(exponent):
            power = power * self
        return power

    __radd__ = __add__

    def __rsub__(self, other: object) -> Amount:
        return amount(other) - self

    __rmul__ = __mul__

    def __abs__(self) -> Amount:
        return Amount(abs(self.value), self.size)

    def __bool__(self) -> bool:
        return self.value != 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Amount | Fraction | int) and self.value == amount(other).value

    def __lt__(self, other: object) -> bool:
        return self.value < amount(other).value

    def __hash__(self) -> int:
        return hash(self.value)


def amount(value: object) -> Amount:
    return value if isinstance(value, Amount) else Amount(Fraction(value), float(abs(Fraction(value))))


def snap(figure: Amount | Fraction) -> Fraction:
    """Half away from zero at min(9, 14 − digits before the point) decimals."""
    value = figure.value if isinstance(figure, Amount) else figure
    places = min(9, 14 - len(str(floor(abs(value)))))
    return half_away(value * Fraction(10) ** places) / Fraction(10) ** places


def half_away(value: Fraction) -> Fraction:
    whole = floor(abs(value) + Fraction(1, 2))
    return Fraction(-whole if value < 0 else whole)


def square_root(figure: Amount) -> Amount:
    with localcontext() as context:
        context.prec = 80
        root = Fraction((Decimal(figure.value.numerator) / Decimal(figure.value.denominator)).sqrt())
    return Amount(root, figure.size / float(2 * root) + float(root) / 2 if root else figure.size**0.5)
