"""A column's numbers as fractions, many at a time: what Fraction() makes of each decimal, one by one."""

from __future__ import annotations

import gc
import random
from fractions import Fraction

import numpy as np
import pytest

from allocation.tables.exact import coprime, in_lowest_terms, without_collecting

FACTORS = [Fraction(1), Fraction(10_000), Fraction(1, 10_000), Fraction(2, 3), Fraction(1, 100)]


def decimals(seed: int) -> list[float]:
    draw = random.Random(seed)
    parts = [
        (draw.randrange(10 ** draw.randrange(1, 8)), draw.randrange(10 ** draw.randrange(1, 6))) for _ in range(300)
    ]
    texts = [f"{draw.choice(('', '-'))}{whole}.{rest}" for whole, rest in parts]
    return [*map(float, texts), 0.0, -0.0, 0.1, 1e14, 999_999_999_999_999.0, 123456789.123456]


@pytest.mark.parametrize("factor", FACTORS, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_told_as_an_array_is_the_decimal_times_the_factor(seed, factor):
    numbers = decimals(seed)
    above, below = in_lowest_terms(np.array(numbers), factor)
    told = below > 0
    assert told[:300].all()  # what has few digits; of the others a large factor leaves some to be read alone
    expected = [Fraction(f"{number:.15g}") * factor for number, is_told in zip(numbers, told, strict=True) if is_told]
    made = coprime(above[told].tolist(), below[told].tolist())
    assert made == expected
    assert [(one.numerator, one.denominator) for one in made] == [one.as_integer_ratio() for one in expected]
    assert list(map(hash, made)) == list(map(hash, expected))


def test_a_number_of_sixteen_digits_or_beyond_any_double_is_left_to_be_read_alone():
    _, below = in_lowest_terms(np.array([0.1 + 0.2, 1e15, 1e300, 2 / 3, 0.3]), Fraction(1))
    assert below.tolist() == [0, 0, 0, 0, 10]


def test_the_fractions_of_a_reading_are_not_looked_through_for_circles_when_it_ends():
    gc.enable()
    with without_collecting():
        made = coprime(list(range(20_000)), [1] * 20_000)
    assert gc.isenabled()
    oldest = {id(one) for one in gc.get_objects(generation=2) if type(one) is Fraction}
    assert oldest.issuperset(map(id, made))
