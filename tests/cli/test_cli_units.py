"""Numbers typed with a unit: converted exactly where the unit fits, refused by name where it does not."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("value", ["900万元", "9,000千元", "0.09 亿元", "900 万元"])
def test_a_setting_may_carry_a_unit_of_its_kind(allocation, value):
    told = allocation(f"check reward --set 'pool={value}'")
    assert told.code == 0, told.text
    assert "合计       900" in told.out


def test_a_unit_of_another_kind_is_refused_with_the_one_meant(allocation):
    told = allocation("check reward --set pool=900人")
    assert told.code == 2 and "pool: 写的是“900人”" in told.err and "万元" in told.err


def test_a_text_stays_a_text(allocation):
    told = allocation("check reward --set size@黑山县=2万元")
    assert told.code == 2 and "“2万元”不在可选范围内" in told.err


def test_a_target_and_its_range_may_carry_units(allocation):
    plain = allocation("seek reward --vary pool --figure award@黑山县 --target 300 --low 900 --high 2000")
    told = allocation("seek reward --vary pool --figure award@黑山县 --target 300万元 --low 0.09亿元 --high 2000万元")
    assert plain.code == 0 and told.out == plain.out
    wrong = allocation("seek reward --vary pool --figure award@黑山县 --target 300人")
    assert wrong.code == 2 and "--target: 写的是“300人”" in wrong.err


def test_one_more_may_carry_a_unit(allocation):
    told = allocation("margins reward --of settled --step 2人")
    assert told.code == 0 and told.out == allocation("margins reward --of settled --step 2").out
    assert allocation("margins reward --of settled --step 2万元").code == 2
