"""The words reading: every function as an exact sentence, brackets, paragraphs, and derivations that add up."""

from fractions import Fraction
from pathlib import Path

import pytest

from allocation.language import tree
from allocation.language.functions import CORE, FUNCTIONS
from allocation.language.units import Units
from allocation.loading import load_model, model_from_text
from allocation.readings import figures, pieces, words
from allocation.readings.amounts import amount
from allocation.readings.derivation import derive, text
from allocation.readings.words import describe, sentence
from allocation.run import run_model
from allocation.scenario import parse_assignment
from allocation.tables.table import Table

MODELS = sorted((Path(__file__).parents[2] / "models").glob("*.toml"))
HEAD = """
[model]
zh = "测试"
en = "Test"
basis = ["测试法"]
award = "result"
[[list]]
name = "use"
items = [{ key = "a", zh = "教育", en = "Schools" }, { key = "b", zh = "医疗", en = "Clinics" }]
"""
NAMES = [  # kind, name, zh, en, unit, more
    ("parameter", "pool", "资金总额", "Fund", "万元", "value = 100\nsource = '下达文件'"),
    ("parameter", "rate", "比例", "Rate", "%", "value = '55%'"),
    (
        "parameter",
        "bands",
        "分档系数",
        "Band rate",
        "",
        "bands = [{ up_to = 3, value = 1 }, { value = 2 }]\nby_unit = '人'",
    ),
    ("parameter", "table", "分类系数", "Class rate", "", "values = { '县' = 1, '市' = 2 }"),
    ("parameter", "other", "另表", "Other", "", "values = { '东' = 5, '西' = 6 }"),
    ("parameter", "k", "折算系数", "Factor", "", "over = 'use'\nvalues = { a = 1, b = 2 }"),
    ("input", "people", "落户人数", "Settled people", "人", "whole = true"),
    ("input", "others", "随迁人数", "Others", "人", ""),
    ("input", "last_money", "上年拨款", "Last grant", "万元", "whole = true"),
    ("input", "money", "拨款", "Grant", "万元", "whole = true"),
    ("input", "small", "零星支出", "Small spending", "元", ""),
    ("input", "hard", "困难系数", "Hardship", "", ""),
    ("input", "city", "所属市", "City", "", "text = true"),
    ("input", "need", "需求", "Need", "人", "over = 'use'"),
]


def model(formula, unit="", more=""):
    lines = [HEAD.replace('"result"', '"result.a"') if "over =" in more else HEAD]
    for kind, name, zh, en, its_unit, rest in NAMES:
        lines.append(f"[[{kind}]]\nname = '{name}'\nzh = '{zh}'\nen = '{en}'\nunit = '{its_unit}'\n{rest}")
    lines.append("[[column]]\nname = 'kept'\nzh = '留用额'\nen = 'Kept'\nunit = '万元'\nformula = 'money'")
    lines.append("before = ['last_money']")
    lines.append(
        f'[[column]]\nname = "result"\nzh = "结果"\nen = "Result"\nunit = "{unit}"\nformula = """{formula}"""\n{more}'
    )
    return model_from_text("\n".join(lines), "small.toml")


def said(formula, unit="", lang="zh", more=""):
    found = model(formula, unit, more)
    return sentence(found, found.columns["result"].node, lang)


TABLE = Table(
    ("01", "02", "03"),
    ("甲县", "乙县", "丙市"),
    {
        "people": (Fraction(10), Fraction(20), Fraction(33)),
        "others": (Fraction(1), Fraction(2), Fraction(3)),
        "money": (Fraction(7), Fraction(8), Fraction(9)),
        "last_money": (Fraction(30), Fraction(20), Fraction(10)),
        "small": (Fraction(100), Fraction(200), Fraction(300)),
        "hard": (Fraction(3, 2), Fraction(1), Fraction(2)),
        "city": ("东", "东", "西"),
        "need.a": (Fraction(4), Fraction(5), Fraction(6)),
        "need.b": (Fraction(1), Fraction(1), Fraction(1)),
    },
    cells={("people", 0): "表.xlsx: 落户人数!C7"},
)


def run(formula, unit="", more="", changes=(), exact=True):
    return run_model(model(formula, unit, more), TABLE, changes, exact=exact)


def numbers(formula, unit="", row=0, lang="zh", **more):
    return derive(run(formula, unit, **more), "result", row).numbers[lang]


SENTENCES = {
    "min": (
        "min(people, others, 2 * people)",
        "人",
        "“落户人数”、“随迁人数”与（2 × 落户人数）中最小的数",
        "the least of “Settled people”, “Others” and (2 × Settled people)",
    ),
    "max": (
        "max(people, others)",
        "人",
        "“落户人数”与“随迁人数”中最大的数",
        "the greatest of “Settled people” and “Others”",
    ),
    "abs": (
        "abs(people - others)",
        "人",
        "（落户人数 − 随迁人数）的绝对值",
        "the absolute value of (Settled people − Others)",
    ),
    "root": (
        "round(root(hard))",
        "",
        "“困难系数”的平方根，四舍五入到整数",
        "the square root of “Hardship”, rounded to whole numbers",
    ),
    "round": (
        "round(people * hard, 2)",
        "人",
        "落户人数 × 困难系数，四舍五入到 2 位小数",
        "Settled people × Hardship, rounded to 2 decimals",
    ),
    "up": ("up(money)", "万元", "“拨款”向上取整到 1 万元", "“Grant” rounded up to 10,000 yuan"),
    "down": ("down(people, to = 5)", "人", "“落户人数”向下取整到 5 人", "“Settled people” rounded down to 5 people"),
    "clip": ("clip(hard, 0.8, 1.2)", "", "“困难系数”控制在 0.8 至 1.2 之间", "“Hardship” kept between 0.8 and 1.2"),
    "step": (
        "step(people, bands)",
        "",
        "“分档系数”中“落户人数”所在档的值",
        "“Band rate” for the band of “Settled people”",
    ),
    "pick": ("pick(city, table)", "", "“分类系数”中“所属市”对应的值", "“Class rate” for “City”"),
    "given": (
        "1 if given(hard) else 0",
        "",
        "如果“困难系数”有数据，则取 1；否则取 0",
        "if “Hardship” is given, then 1; otherwise 0",
    ),
    "total": ("total(people)", "人", "各地“落户人数”之和", "the total of “Settled people”"),
    "mean": (
        "mean(people, by = city)",
        "人",
        "各地“落户人数”的平均值（按“所属市”分组）",
        "the mean of “Settled people” by “City”",
    ),
    "lowest": ("lowest(people)", "人", "各地“落户人数”的最小值", "the lowest “Settled people”"),
    "highest": ("highest(people)", "人", "各地“落户人数”的最大值", "the highest “Settled people”"),
    "count": ("count(people > 5)", "", "（落户人数 > 5）的地区数", "the number of counties where (Settled people > 5)"),
    "deviation": (
        "round(deviation(hard), 4)",
        "",
        "各地“困难系数”的总体标准差四舍五入到 4 位小数",
        "the population deviation of “Hardship”, rounded to 4 decimals",
    ),
    "weighted_mean": (
        "weighted_mean(hard, people)",
        "",
        "各地“困难系数”以“落户人数”加权的平均值",
        "the mean of “Hardship” weighted by “Settled people”",
    ),
    "rank": ("rank(hard)", "", "“困难系数”的名次（由高到低）", "the rank of “Hardship”, highest first"),
    "part": ("part(people)", "%", "“落户人数”占各地合计的比重", "“Settled people” as a part of its total"),
    "index": ("index(people)", "", "“落户人数”与各地平均值之比", "the ratio of “Settled people” to its mean"),
    "standardise": (
        "round(standardise(hard), 4)",
        "",
        "“困难系数”的标准化值，四舍五入到 4 位小数",
        "the standardised “Hardship”, rounded to 4 decimals",
    ),
    "rescale": (
        "rescale(hard, 0.8, 1.2)",
        "",
        "“困难系数”线性换算到 0.8 至 1.2 之间",
        "“Hardship” rescaled onto 0.8 to 1.2",
    ),
    "share": (
        "share(pool, people * hard)",
        "万元",
        "“资金总额”按（落户人数 × 困难系数）占比分配",
        "“Fund” shared in proportion to (Settled people × Hardship)",
    ),
    "bounded_share": (
        "bounded_share(pool, people, cap = 50)",
        "万元",
        "“资金总额”按“落户人数”占比分配，不高于 50 万元",
        "“Fund” shared in proportion to “Settled people”, no more than 50 × 10,000 yuan",
    ),
    "largest_remainder": (
        "largest_remainder(pool, bounded_share(pool, people, money, last_money), to = 0.1)",
        "万元",
        "“资金总额”按“落户人数”占比分配，不低于“拨款”，不高于“上年拨款”，再按最大余数法取整到 0.1 万元，"
        "合计等于“资金总额”",
        "“Fund” shared in proportion to “Settled people”, no less than “Grant”, no more than “Last grant”, "
        "then rounded to 0.1 × 10,000 yuan by largest remainder so that the total is “Fund”",
    ),
    "fill": (
        "fill(pool, money, order = people)",
        "万元",
        "“资金总额”按“落户人数”从小到大依次满足“拨款”，用完为止",
        "“Fund” spent on “Grant” in the order of “Settled people” until it runs out",
    ),
    "last": ("last(kept) * 2", "万元", "上期“留用额” × 2", "last period's “Kept” × 2"),
    "since": ("since(kept, 2) * 2", "万元", "前 2 期的“留用额” × 2", "“Kept” 2 periods ago × 2"),
    "sum_over": (
        "sum_over(need[use] * k[use])",
        "人",
        "各项（需求 × 折算系数）之和（教育、医疗）",
        "the sum of (Need × Factor) (Schools, Clinics)",
    ),
    "row_remainder": (
        "largest_remainder(people, people * k[use] / 3, over = use)",
        "人",
        "落户人数 × “折算系数/教育” ÷ 3，按最大余数法取整到 1 人，本行各项合计等于“落户人数”",
        "Settled people × “Factor/Schools” ÷ 3, rounded to whole people by largest remainder so that the row "
        "adds up to “Settled people”",
    ),
}


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_every_function_has_its_sentence_in_both_languages(fn):
    formula, unit, zh, en = SENTENCES[fn]
    found = model(formula, unit, "over = 'use'" if fn == "row_remainder" else "")
    node = found.columns[found.award].node
    calls = [part.call if isinstance(part, tree.Derived) else part for part in node.walk()]
    assert fn in [call.fn for call in calls if isinstance(call, tree.Call)]
    assert (sentence(found, node, "zh"), sentence(found, node, "en")) == (zh, en)


def test_the_words_and_the_figures_cover_exactly_the_function_table_and_the_nodes():
    assert set(pieces.PHRASES) == set(FUNCTIONS) == set(SENTENCES)
    assert set(figures.CALLS) == set(CORE)
    assert set(words.NODES) == set(tree.Node.__subclasses__())
    assert set(figures.FIGURES) == set(tree.Node.__subclasses__()) - {tree.Text, tree.Item}


OPERATORS = [
    ("people - (others - people)", "人", "落户人数 −（随迁人数 − 落户人数）"),
    ("people + (others - people)", "人", "落户人数 + 随迁人数 − 落户人数"),
    ("(people + others) * hard / (hard + 1)", "人", "（落户人数 + 随迁人数）× 困难系数 ÷（困难系数 + 1）"),
    ("people / (others * hard)", "", "落户人数 ÷（随迁人数 × 困难系数）"),
    ("(hard + 1) ** 2 * -hard", "", "（困难系数 + 1）² ×（−困难系数）"),
    ("people * round(hard)", "人", "落户人数 ×（“困难系数”四舍五入到整数）"),
    ("people / total(people)", "", "落户人数 ÷ 各地“落户人数”之和"),
    ("total(1)", "", "地区数"),
    ("max(0, people - others)", "人", "落户人数 − 随迁人数，小于 0 时按 0 计"),
    ("up(max(0, money - 1))", "万元", "拨款 − 1，小于 0 时按 0 计，再向上取整到 1 万元"),
    ("rate * money", "万元", "比例 × 拨款"),
    ("round(rate, 4)", "%", "“比例”四舍五入到 0.01 %"),
    ("round(people, -2)", "人", "“落户人数”四舍五入到百位"),
    ("money + small", "万元", "拨款 + 零星支出（换算为万元，÷10,000）"),
    ("small + small", "万元", "零星支出 + 零星支出，换算为万元（÷10,000）"),
    ("clip(money, small, pool)", "万元", "“拨款”控制在“零星支出”（换算为万元，÷10,000）至“资金总额”之间"),
    (
        "1 if city == '东' else 2 if city not in ('南', '北') else 3",
        "",
        "如果“所属市”为“东”，则取 1；否则，如果“所属市”不属于“南”、“北”，则取 2；否则取 3",
    ),
    (
        "1 if not given(hard) or hard >= 1 and people != others else 2",
        "",
        "如果“困难系数”没有数据 或（困难系数 ≥ 1 且 落户人数 ≠ 随迁人数），则取 1；否则取 2",
    ),
    ("1 if not (hard <= 1) else 2", "", "如果并非（困难系数 ≤ 1），则取 1；否则取 2"),
    ("people * (2 if hard > 1 else 1)", "人", "落户人数 ×（如果困难系数 > 1，则取 2；否则取 1）"),
]


@pytest.mark.parametrize(("formula", "unit", "zh"), OPERATORS, ids=[row[0] for row in OPERATORS])
def test_operators_are_bracketed_only_where_needed(formula, unit, zh):
    assert said(formula, unit) == zh


def test_exceptions_follow_the_base_case_and_name_their_sources():
    more = "[[column.exception]]\nwhen = \"city == '西'\"\nformula = '2'\nsource = '西市令'"
    assert said("hard", more=more) == "困难系数。例外：“所属市”为“西”的，为 2（依据：西市令）"
    assert said("hard", more=more, lang="en") == "Hardship. Exceptions: where “City” is “西”, it is 2 (source: 西市令)"


DESCRIBED = {
    "pool": (
        "资金总额（万元）：参数，取值 100 万元。依据：下达文件。",
        "Fund (10,000 yuan): a parameter, set to 100 × 10,000 yuan. Source: 下达文件.",
    ),
    "bands": (
        "分档系数：参数，分档取值：不超过 3 人的，为 1；其余，为 2。",
        "Band rate: a parameter, in bands: up to 3 people: 1; beyond that: 2.",
    ),
    "table": ("分类系数：参数，分类取值：县 1；市 2。", "Class rate: a parameter, by class: 县 1; 市 2."),
    "people": (
        "落户人数（人）：各地填报的数据，整数。",
        "Settled people (people): a figure each county reports, whole.",
    ),
    "kept": (
        "留用额（万元）= 拨款。上期数取自“上年拨款”。结果为整数。",
        "Kept (10,000 yuan) = Grant. The period before is read from “Last grant”. The result is a whole number.",
    ),
    "result": (
        "结果（人）= 各地“落户人数”之和。结果为整数。各地共用一个数。依据：测试法第一条。",
        "Result (people) = the total of “Settled people”. The result is a whole number. One figure for all counties. "
        "Source: 测试法第一条.",
    ),
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_paragraph_says_label_unit_formula_and_source(name):
    found = model("total(people)", "人", "source = '测试法第一条。'")
    assert (describe(found, name, "zh"), describe(found, name, "en")) == DESCRIBED[name]


@pytest.mark.parametrize("path", MODELS, ids=[path.stem for path in MODELS])
def test_every_name_and_check_of_the_shipped_models_can_be_worded(path):
    found = load_model(path)
    for lang in ("zh", "en"):
        for name in (*found.parameters, *found.inputs, *found.columns):
            paragraph = describe(found, name, lang)
            assert found.entry(name).label[lang] in paragraph
            assert "\x00" not in paragraph and "{" not in paragraph and "  " not in paragraph
        assert all(sentence(found, check.node, lang) for check in found.checks)


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
