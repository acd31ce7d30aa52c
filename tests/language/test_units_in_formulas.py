"""Units where they trip people: ratios of one kind, conversion after a rounding, bounds in another unit."""

import re
from fractions import Fraction as F

import pytest

from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.run.run import run_model
from allocation.tables.table import Table

HEAD = """
[model]
zh = "模型"
en = "model"
basis = ["测试"]
award = "result"

[[parameter]]
name = "pool"
zh = "资金"
en = "Pool"
unit = "万元"
value = 100

"""


def entry(section: str, name: str, unit: str, formula: str = "") -> str:
    more = f'formula = "{formula}"\n' if formula else ""
    return f'[[{section}]]\nname = "{name}"\nzh = "{name}"\nen = "{name}"\nunit = "{unit}"\n{more}\n'


def figures(inputs: dict[str, tuple[str, list]], formula: str, unit: str = "", exact: bool = True) -> list:
    text = HEAD + "".join(entry("input", name, of) for name, (of, _) in inputs.items())
    model = model_from_text(text + entry("column", "result", unit, formula))
    count = len(next(iter(inputs.values()))[1])
    values = {name: tuple(None if v is None else F(v) for v in got) for name, (_, got) in inputs.items()}
    codes = tuple(f"{place:03}" for place in range(count))
    run = run_model(model, Table(codes, codes, values), exact=exact)
    return [round(value, 9) for value in run.figures("result")]


WAN_AND_YUAN = {"a": ("万元", [3]), "b": ("元", [20000])}


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("a / b", F(3, 2)),
        ("1 if a / b > 1 else 0", 1),
        ("a / b - 1", F(1, 2)),
        ("min(a / b, 1)", 1),
        ("b / a", F(2, 3)),
    ],
)
@pytest.mark.parametrize("exact", [True, False])
def test_the_ratio_of_two_units_of_one_kind_is_a_pure_number(formula, wanted, exact):
    assert figures(WAN_AND_YUAN, formula, exact=exact) == [round(F(wanted), 9)]


@pytest.mark.parametrize(
    "formula", ["round(b)", "round(b) if b > 0 else 0", "max(0, round(b))", "0 if b > 0 else up(b, 100)"]
)
def test_a_rounded_figure_is_not_converted_afterwards_whatever_stands_around_it(formula):
    with pytest.raises(AllocationError) as caught:
        figures(WAN_AND_YUAN, formula, "万元")
    assert re.match("language.rounded_unit|language.units_differ", caught.value.problems[0].id)


@pytest.mark.parametrize("exact", [True, False])
def test_a_blank_bound_is_none_at_all_in_another_unit_too(exact):
    inputs = {"claim": ("人", [1, 1, 2]), "low": ("元", [300000, None, None]), "high": ("元", [None, 200000, None])}
    found = figures(inputs, "bounded_share(pool, claim, floor = low, cap = high)", "万元", exact)
    assert found == [30, 20, 50]


def test_a_negative_need_is_refused_by_name():
    with pytest.raises(AllocationError) as caught:
        figures({"need": ("万元", [3, -2, 4])}, "fill(pool, need, need)", "万元")
    assert [problem.id for problem in caught.value.problems] == ["run.negative_need"]
    assert "001" in caught.value.text("zh")
