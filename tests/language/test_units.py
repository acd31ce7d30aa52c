"""The table of units, with pint as its oracle."""

from __future__ import annotations

from fractions import Fraction

import pint
import pytest

from allocation.errors import AllocationError
from allocation.language.units import PURE, TABLE, Units, combine, power

UNITS = Units()
PINT = pint.UnitRegistry(non_int_type=Fraction)
for line in ("yuan = [money]", "person = [people]", "household = [households]", "dwelling = [dwellings]",
             "visit = [visits]", "item = [items]", "point_ = [points]", "mu = hectare / 15"):  # fmt: skip
    PINT.define(line)

# What pint calls each unit of the table: written here from the units' definitions, not from the table's numbers.
ORACLE = {
    "元": "yuan", "千元": "kiloyuan", "万元": "10 kiloyuan", "百万元": "megayuan", "亿元": "100 megayuan",
    "人": "person", "万人": "10 kiloperson", "人次": "visit", "户": "household",
    "米": "metre", "公里": "kilometre", "平方米": "metre ** 2", "万平方米": "10000 metre ** 2", "亩": "mu",
    "万亩": "10000 mu", "公顷": "hectare", "平方公里": "kilometre ** 2", "年": "year", "套": "dwelling", "个": "item",
    "分": "point_", "%": "dimensionless",
}  # fmt: skip


def quantity(name: str):
    words = ORACLE[name].split(" ", 1)
    scale, unit = (words[0], words[1]) if words[0].isdigit() else ("1", ORACLE[name])
    return PINT.Quantity(Fraction(scale), unit)


def test_the_oracle_names_every_unit_of_the_table():
    assert set(ORACLE) == set(TABLE)


@pytest.mark.parametrize("left", TABLE)
def test_conversions_agree_with_pint(left):
    for right in TABLE:
        one, other = UNITS.parse(left), UNITS.parse(right)
        ours = one.factor_to(other) if one.same_kind(other) else None
        a, b = quantity(left), quantity(right)
        alike = a.dimensionality == b.dimensionality
        theirs = (a.to_base_units().magnitude / b.to_base_units().magnitude) if alike else None
        assert (ours is None) == (theirs is None), (left, right)
        assert ours is None or abs(float(theirs) / float(ours) - 1) < 1e-12, (left, right)


EXACT = {
    ("公顷", "亩"): 15,
    ("亩", "公顷"): Fraction(1, 15),
    ("亩", "平方米"): Fraction(2000, 3),
    ("万亩", "公顷"): Fraction(2000, 3),
    ("平方公里", "公顷"): 100,
    ("亿元", "万元"): 10**4,
    ("元", "万元"): Fraction(1, 10**4),
    ("万平方米", "公顷"): 1,
}


@pytest.mark.parametrize("pair", EXACT)
def test_a_conversion_is_an_exact_fraction(pair):
    left, right = pair
    assert UNITS.parse(left).factor_to(UNITS.parse(right)) == EXACT[pair]


SAME = {
    "m²": "平方米",
    "m2": "平方米",
    "km²": "平方公里",
    "hectare": "公顷",
    "ha": "公顷",
    "千米": "公里",
    "名": "人",
    "项": "个",
    "㎡": "平方米",
    "元／人": "元/人",
    " 元 / 人 ": "元/人",
    "万元·年": "万元*年",
    "米^2": "平方米",
    "": "1",
    "percent": "%",
}


@pytest.mark.parametrize("text", SAME)
def test_other_spellings_are_the_same_unit(text):
    one, other = UNITS.parse(text), UNITS.parse(SAME[text])
    assert (one.dims, one.scale) == (other.dims, other.scale)


def test_a_quotient_of_units_composes():
    standard = UNITS.parse("平方米/人")
    area = combine(standard, UNITS.parse("人"), 1)
    assert area.same_kind(UNITS.parse("公顷")) and area.factor_to(UNITS.parse("公顷")) == Fraction(1, 10**4)
    assert combine(standard, standard, -1) == PURE
    assert power(UNITS.parse("米"), 2).same_kind(UNITS.parse("亩"))
    assert power(standard, 0) == PURE


def test_percent_is_a_pure_number():
    assert UNITS.parse("%").same_kind(PURE) and UNITS.parse("%").factor_to(PURE) == 1


NEAREST = {"平方": "平方米", "万园": "万元", "平方公理": "平方公里", "hectar": "hectare", "元/仁": "元", "公傾": "公顷"}


@pytest.mark.parametrize("text", [text for text in NEAREST if "/" not in text])
def test_a_slip_of_the_pen_is_an_error_that_names_the_nearest_unit(text):
    with pytest.raises(AllocationError) as caught:
        UNITS.parse(text)
    [problem] = caught.value.problems
    assert (problem.id, problem.slots["nearest"]) == ("units.unknown", NEAREST[text])


def test_a_slip_in_a_quotient_names_the_piece_and_the_whole():
    with pytest.raises(AllocationError) as caught:
        UNITS.parse("元/仁")
    assert (caught.value.problems[0].slots["unit"], caught.value.problems[0].slots["whole"]) == ("仁", "元/仁")


def test_different_kinds_do_not_convert():
    with pytest.raises(AllocationError, match="cannot be converted"):
        UNITS.parse("亩").factor_to(UNITS.parse("人"))


def test_a_model_may_have_units_of_its_own():
    own = Units({"crown": ("", Fraction(1)), "kcrown": ("crown", Fraction(1000))})
    assert own.parse("kcrown/人").factor_to(own.parse("crown/人")) == 1000
    assert not own.parse("crown").same_kind(own.parse("元"))
    assert not Units().knows("crown")


def test_a_label_reads_well_in_english():
    assert [UNITS.label(name, "en") for name in ("万元", "元/人", "平方米/人", "%", "")] == [
        "10,000 yuan", "yuan per person", "m² per person", "%", "",
    ]  # fmt: skip
    assert UNITS.label("元/人", "zh") == "元/人"
