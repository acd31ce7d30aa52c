"""A column typed in another unit than it is read in is told by last year's, with the unit."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import codes, names, table_of

from allocation.doubts.beside import LAST, Beside
from allocation.doubts.last import table_listing
from allocation.doubts.sizes import size_doubts
from allocation.doubts.units import Explained
from allocation.policy.loading import model_from_text

PAIRS = [
    ("公顷", "亩", 15),
    ("万元", "元", 10**4),
    ("亿元", "万元", 10**4),
    ("万人", "人", 10**4),
    ("亩", "万平方米", Fraction(1, 15)),
]


def model_of(unit: str):
    return model_from_text(
        f'[model]\nzh = "试"\nen = "Trial"\nbasis = ["试"]\naward = "a"\n'
        f'[[input]]\nname = "x"\nzh = "数"\nen = "Figure"\n'
        f'unit = "{unit}"\n[[column]]\nname = "a"\nzh = "额"\nen = "Amount"\nunit = "{unit}"\nformula = "x"\n',
        "试.toml",
    )


def told(model, last: list[Fraction], now: list[Fraction], lang: str = "zh") -> list[str]:
    own, called = codes(len(last)), names(len(last))
    before = table_listing(LAST, table_of(own, called, 2017, "上年.csv", x=last))
    table = replace(table_of(own, called, x=now))
    return [one.text(lang) for one in size_doubts(model, table, Beside((before,)), Explained((), (), 2018))]


@pytest.mark.parametrize(("unit", "typed", "factor"), PAIRS)
@settings(max_examples=examples(40), deadline=None)
@given(st.integers(4, 20), st.randoms(use_true_random=False))
def test_a_column_in_another_unit_is_told_and_one_that_moved_a_little_is_not(
    unit, typed, factor, count, chance: random.Random
):
    model = model_of(unit)
    last = [Fraction(chance.randint(2, 90), 10) for _ in range(count)]
    moved = [figure * Fraction(chance.randint(80, 130), 100) for figure in last]
    assert told(model, last, moved) == []
    for lang in ("zh", "en"):
        (text,) = told(model, last, [figure * factor for figure in moved], lang)
        assert typed in text.split("上年.csv", 1)[1]
