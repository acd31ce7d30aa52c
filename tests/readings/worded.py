"""What the tests of words share: a small model, its table, and a sentence for every function."""

from fractions import Fraction
from pathlib import Path

from allocation.policy.loading import model_from_text
from allocation.readings.derivation import derive
from allocation.readings.words import sentence
from allocation.run.run import run_model
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
    return sentence(found, found.columns["result"].node)[lang]


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
