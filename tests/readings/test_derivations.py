"""Figures taken apart: amounts, a county's own numbers in the formula, bounds, rounding, branches, depth."""

from fractions import Fraction

import pytest
from worded import numbers, run

from allocation.language.units import Units
from allocation.readings.amounts import amount
from allocation.readings.derivation import derive, text
from allocation.run.scenario import parse_assignment

AMOUNTS = [
    (Fraction(1234567), "万元", "zh", "1,234,567 万元"),
    (Fraction(5000), "万元", "en", "5,000 × 10,000 yuan"),
    (Fraction(55, 100), "%", "zh", "55 %"),
    (Fraction(2, 3), "人", "en", "≈0.666667 people"),
    (Fraction(-12345, 10), "", "zh", "-1,234.5"),
    (0.1 + 0.2, "", "zh", "0.3"),
    (1 / 3, "", "zh", "≈0.333333"),
    (Fraction(80), "平方米/人", "en", "80 m² per person"),
    (None, "人", "zh", "没有数据"),
    (True, "", "en", "yes"),
    ("高山", "", "zh", "高山"),
]


@pytest.mark.parametrize(("value", "unit", "lang", "shown"), AMOUNTS)
def test_amounts_keep_six_places_and_say_when_digits_were_cut(value, unit, lang, shown):
    assert amount(value, Units().parse(unit), lang) == shown


WITH_NUMBERS = [
    ("(people + others) * hard", "人", 0, "（10 + 1）× 1.5"),
    ("money + small", "万元", 0, "7 + 100 ÷ 10,000"),
    ("rate * money", "万元", 1, "55 % × 8"),
    ("part(people)", "%", 0, "10 ÷ 63"),
    ("max(0, others - people)", "人", 0, "1 − 10，小于 0 时按 0 计"),
    ("hard if city == '西' else 1", "", 0, "条件不成立（“所属市”为“东”）：1"),
    ("hard if city == '西' else 1", "", 2, "条件成立（“所属市”为“西”）：2"),
    ("sum_over(need[use] * k[use])", "人", 0, "4 × 1 + 1 × 2"),
    ("share(pool, people)", "万元", 2, "100 × 33 ÷ 63"),
    ("clip(hard, 0.8, 1.2)", "", 0, "1.5 控制在 0.8 至 1.2 之间"),
    ("step(people, bands) * pick(city, other)", "", 0, "2 × 5"),
    ("round(people / others, 1) - 20", "", 0, "10 − 20"),
    ("last(kept) - money", "万元", 0, "30 − 7"),
    ("fill(pool, last_money, order = others)", "万元", 1, "需求 20，按次序 2 得到 20"),
]


@pytest.mark.parametrize(("formula", "unit", "row", "shown"), WITH_NUMBERS)
def test_a_derivation_puts_the_countys_own_numbers_into_the_formula(formula, unit, row, shown):
    assert numbers(formula, unit, row) == shown


BOUNDED = "largest_remainder(pool, bounded_share(pool, people, floor = 2 * money + 4, cap = 50), to = 1)"


def test_bounded_sharing_says_its_level_and_who_is_at_which_bound():
    found = run(BOUNDED, "万元")
    assert [derive(found, "result", row).numbers.zh for row in range(3)] == [
        "按下限 18，取整为 18",
        "20 × 分配水平 1.6，取整为 32",
        "按上限 50，取整为 50",
    ]
    assert [derive(found, "result", row).note.zh for row in range(3)] == [
        "每单位得分的分配水平 1.6；处于下限；取整前后相同",
        "每单位得分的分配水平 1.6；未触及下限、上限；取整前后相同",
        "每单位得分的分配水平 1.6；处于上限；取整前后相同",
    ]
    assert derive(found, "result", 0).numbers.en == "the floor, 18, rounded to 18"


def test_largest_remainder_says_who_got_more_or_less_from_rounding():
    found = run("largest_remainder(pool, share(pool, people), to = 1)", "万元")
    assert [derive(found, "result", row).note.zh for row in range(3)] == [
        "因取整多 ≈0.126984 万元",
        "因取整多 ≈0.253968 万元",
        "因取整少 ≈0.380952 万元",
    ]
    assert derive(found, "result", 0).numbers.zh == "100 × 10 ÷ 63，取整为 16"


def test_a_row_closed_over_its_parts_shows_the_items_own_figure():
    found = run("largest_remainder(people, people * k[use] / 3, over = use)", "人", "over = 'use'")
    assert [derive(found, name, 0).numbers.zh for name in ("result.a", "result.b")] == [
        "10 × 1 ÷ 3，取整为 3",
        "10 × 2 ÷ 3，取整为 7",
    ]


def every(derivation):
    yield derivation
    for child in derivation.children:
        yield from every(child)


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "float"])
def test_the_figures_of_a_derivation_are_those_of_the_run(exact):
    found = run(BOUNDED, "万元", exact=exact)
    for row in range(3):
        for one in every(derive(found, "result", row, depth=4)):
            if one.name in found.model.inputs or one.name in found.model.columns:
                assert one.figure == found.figures(one.name)[row]
            elif one.name:
                assert one.figure == found.figure(one.name)


def test_a_total_in_a_formula_shows_as_a_child_with_the_countys_part_below_it():
    children = {one.label.zh: one for one in derive(run("total(people) - people * 2", "人"), "result", 0).children}
    assert children["各地“落户人数”之和"].figure == 63
    assert children["落户人数"].where == "表.xlsx: 落户人数!C7"
    assert derive(run("total(people)", "人"), "result", 1).children[0].children[0].figure == 20


def test_only_the_branch_taken_is_shown():
    names = [one.name for one in derive(run("hard if city == '西' else others / people", ""), "result", 0).children]
    assert names == ["city", "others", "people"]


def test_an_exception_that_applies_names_its_source():
    more = "[[column.exception]]\nwhen = \"city == '西'\"\nformula = '2'\nsource = '西市令'"
    found = run("hard", more=more)
    assert derive(found, "result", 2).note.zh == "适用例外，依据：西市令"
    assert derive(found, "result", 0).note.zh == "" and derive(found, "result", 0).numbers.zh == "1.5"


def test_a_changed_parameter_says_what_it_was():
    found = derive(run("pool", "万元", changes=[parse_assignment("pool=120")]), "result", 0)
    assert found.children[0].note.zh == "由 100 万元 改为 120 万元"


def test_depth_counts_named_figures_and_is_respected():
    found = run("kept * 2", "万元")
    assert derive(found, "result", 0, depth=0).children == ()
    (kept,) = derive(found, "result", 0, depth=1).children
    assert (kept.name, kept.children) == ("kept", ())
    assert derive(found, "result", 0, depth=2).children[0].children[0].name == "money"


def test_the_derivation_prints_as_indented_lines_and_repeats_nothing():
    found = derive(run("kept * hard + money", "万元", "source = '测试法第二条'"), "result", 0)
    assert (
        text(found)
        == """\
结果：17.5 万元
    = 留用额 × 困难系数 + 拨款
    = 7 × 1.5 + 7
    依据：测试法第二条
    留用额：7 万元
        = 拨款
        拨款：7 万元
            数据来自：甲县 · money
    困难系数：1.5
        数据来自：甲县 · hard
    拨款：7 万元"""
    )
    assert text(found, "en", depth=0).splitlines() == [
        "Result: 17.5 × 10,000 yuan",
        "    = Kept × Hardship + Grant",
        "    = 7 × 1.5 + 7",
        "    Source: 测试法第二条",
    ]
