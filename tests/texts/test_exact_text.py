"""An exact text reads back as the figure: a plain decimal where fifteen places suffice, else a quotient."""

from __future__ import annotations

from fractions import Fraction

from desk import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allocation.texts import decimal_text, exact_text

digits, places = st.integers(-(10**18), 10**18), st.integers(0, 17)
decimals = st.builds(lambda digits, places: Fraction(digits, 10**places), digits, places)


@settings(max_examples=examples(400), deadline=None)
@given(st.integers() | st.fractions() | decimals)
@example(Fraction(1, 2**15))
@example(Fraction(1, 2**16))
@example(Fraction(-1, 5**15))
def test_an_exact_text_is_a_decimal_of_fifteen_places_or_a_quotient(value):
    text = exact_text(value)
    assert Fraction(text) == value
    decimal = decimal_text(Fraction(value), 15)
    assert text == (decimal if Fraction(decimal) == value else f"{value.numerator}/{value.denominator}")
