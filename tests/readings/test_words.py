"""The words reading: every function as an exact sentence, brackets, paragraphs, and derivations that add up."""

import pytest
from worded import MODELS, SENTENCES, model, said

from allocation.language import tree
from allocation.language.functions import CORE, FUNCTIONS
from allocation.policy.loading import load_model
from allocation.readings import figures, pieces, words
from allocation.readings.words import describe, sentence


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_every_function_has_its_sentence_in_both_languages(fn):
    formula, unit, zh, en = SENTENCES[fn]
    found = model(formula, unit, "over = 'use'" if fn == "row_remainder" else "")
    node = found.columns[found.award].node
    calls = [part.call if isinstance(part, tree.Derived) else part for part in node.walk()]
    assert fn in [call.fn for call in calls if isinstance(call, tree.Call)]
    assert (sentence(found, node).zh, sentence(found, node).en) == (zh, en)


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
    assert (describe(found, name).zh, describe(found, name).en) == DESCRIBED[name]


@pytest.mark.parametrize("path", MODELS, ids=[path.stem for path in MODELS])
def test_every_name_and_check_of_the_shipped_models_can_be_worded(path):
    found = load_model(path)
    for lang in ("zh", "en"):
        for name in (*found.parameters, *found.inputs, *found.columns):
            paragraph = describe(found, name)[lang]
            assert found.entry(name).label[lang] in paragraph
            assert "\x00" not in paragraph and "{" not in paragraph and "  " not in paragraph
        assert all(sentence(found, check.node)[lang] for check in found.checks)
