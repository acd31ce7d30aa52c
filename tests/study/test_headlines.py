"""The sentence one says of a county's figure: amount, place, change against last year and what brought it."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from small_models import run

from allocation.analysis.explain import explain
from allocation.analysis.explained import as_json, as_markdown, as_text, opening
from allocation.analysis.headline import headline
from allocation.policy.model import Ground
from allocation.run.run import Run, run_model

NAMES = ["甲县", "乙县", "丙县"]
SHARED = "largest_remainder(pool, share(pool, claim), to = 1)"
MONEY = {"pool": "万元", "result": "万元", "was": "万元", "a": "万元", "b": "万元"}
EXAMPLE = {
    "head": {"pool": "pool", "compare_with": "was"}, "claim": [1, 2, 1], "was": [2000, 1000, 1000], "pool": 5000,
    "names": NAMES, "units": MONEY, "formula": SHARED,
}  # fmt: skip


def said(of: Run, row: int, lang: str = "zh") -> str:
    return opening(explain(of, of.table.codes[row]), lang)


def shared(**more: object) -> Run:
    return run(**{**EXAMPLE, **more})


@pytest.mark.parametrize(
    ("row", "begins"),
    [
        (0, "2017年甲县获得1,250万元，在3个地区中并列第2位，比上年（2,000万元）减少750万元（-37.5%）。"),
        (1, "2017年乙县获得2,500万元，在3个地区中居第1位，比上年（1,000万元）增加1,500万元（+150.0%）。"),
    ],
)
def test_the_sentence_says_amount_place_and_change(row, begins):
    assert said(shared(), row).startswith(begins)


def test_it_is_said_in_english_too():
    text = said(shared(), 0, "en")
    assert text.startswith("2017: 甲县 gets 1,250 × 10,000 yuan, number 2 of 3, level with others, ")
    assert "750 × 10,000 yuan less than the year before (2,000 × 10,000 yuan, -37.5%)" in text


@pytest.mark.parametrize(
    ("was", "told"),
    [
        (["—", 1000, 1000], "上年数没有填，不能比较"),
        ([1250, 1000, 1000], "与上年（1,250万元）持平"),
        ([0, 1000, 1000], "比上年（0万元）增加1,250万元。"),
        (["—", "—", "—"], "并列第2位。"),
    ],
)
def test_a_year_before_that_is_blank_nought_or_the_same_is_said_as_it_is(was, told):
    assert told in said(shared(was=was), 0)


def test_a_unit_that_gets_nothing_is_said_to_get_nothing_and_why():
    text = said(shared(claim=[0, 2, 1]), 0)
    assert text.startswith("2017年甲县没有分到（0万元），在3个地区中居第3位") and "“claim”占比分配，它为0" in text


def test_where_all_get_the_same_there_is_no_place_and_of_one_unit_none_either():
    assert "3个地区相同" in said(shared(claim=[1, 1, 1], pool=3000), 0)
    assert "地区" not in said(shared(claim=[1], was=[1], names=NAMES[:1]), 0)


def test_a_share_says_what_part_of_all_claims_the_unit_has():
    assert said(shared(), 1).endswith("按“claim”占比分配，占全部的50.00%（平均33.33%）。")


def test_an_amount_of_parts_tells_the_ones_furthest_from_the_mean():
    parts = {"a": [5, 1, 0], "b": [2, 2, 2], "was": [1, 1, 1]}
    of_parts = run(head={"compare_with": "was"}, **parts, units=MONEY, names=NAMES, formula="a + b")
    assert said(of_parts, 0).endswith("a5万元（高于各地平均2万元）、b2万元（与各地平均相同）。")


def test_what_is_not_handed_out_is_a_figure_and_no_gain():
    text = said(run(x=[1, 2, 3], names=NAMES, units={"x": "人", "result": "人"}, formula="x * 2"), 2)
    assert text == "2017年丙县“result”为6人，在3个地区中居第1位。"


def test_a_figure_that_is_none_of_a_county_has_no_sentence():
    assert headline(shared(), "claim", 0) is None and headline(shared(), "pool", 0) is None
    texts = run(x=[1, 2], formula="1 if x > 1 else 0", columns={"large": "x > 1"})
    assert headline(texts, "large", 0) is None


def test_of_two_years_worked_out_the_parts_bring_the_change_and_add_up_to_it():
    two = run(head={}, a=[[5, 1, 0], [9, 1, 0]], b=[[2, 2, 2], [1, 2, 2]], units=MONEY, names=NAMES, formula="a + b")
    text = said(two, 0)
    assert "比上年（7万元）增加3万元（+42.9%）" in text
    assert text.endswith("主要因为a（增加4万元）、b（减少1万元）。")


def with_last(of: Run, **figures: object) -> Run:
    """The run with last year's parameters on record, as a case has them in 上年数."""
    parameters = dict(of.model.parameters)
    for name, last in figures.items():
        parameters[name] = replace(parameters[name], grounds={"": Ground(Fraction(last))}, required=True)
    return run_model(replace(of.model, parameters=parameters), of.tables)


def test_where_last_years_parameters_are_known_their_effect_and_the_rest_add_up_to_the_change():
    of = with_last(shared(tilt=2, formula="largest_remainder(pool, share(pool, claim ** 2 * tilt), to = 1)"), pool=4000)
    found = headline(of, "result", 1)
    assert found.change == sum(cause.amount for cause in found.causes) + found.rest
    assert [cause.amount for cause in found.causes] == [Fraction(found.amount) - Fraction(8000, 3).__round__()]
    assert "其中“pool”由4,000万元改为5,000万元（增加666万元）；其余（数据变动等）合计增加1,667万元。" in said(of, 1)
    less = with_last(shared(tilt=2, formula="largest_remainder(pool, share(pool, claim), to = 1)"), pool=3000)
    assert "主要因为" in said(less, 1)


def test_the_sentence_stands_on_top_of_every_form_of_the_explanation():
    why = explain(shared(), "乙县")
    first = opening(why, "zh")
    assert as_text(why, "zh").split("\n\n")[1] == first
    assert re.sub(r"\\", "", as_markdown(why, "zh")).split("\n\n")[1] == first
    assert as_json(why)["sentence"] == {"zh": first, "en": opening(why, "en")}


def test_the_unit_at_its_floor_is_said_to_be_held_up():
    bounded = "largest_remainder(pool, bounded_share(pool, claim, floor = up(least)), to = 1)"
    assert said(shared(least=[1500, 0, 0], formula=bounded, units={**MONEY, "least": "万元"}), 0).endswith(
        "按下限（保底）执行。"
    )


def test_land_is_said_with_its_decimals():
    units = {"pool": "公顷", "result": "公顷"}
    land = run(head={"pool": "pool"}, claim=[1, 2, 3], pool=10, names=NAMES, units=units,
               formula="largest_remainder(pool, share(pool, claim), to = 0.0001)")  # fmt: skip
    assert said(land, 0).startswith("2017年甲县获得1.6667公顷，在3个地区中居第3位。")
