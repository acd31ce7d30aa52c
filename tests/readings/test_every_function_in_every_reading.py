"""A function exists in every reading or in none: the convention's own examples, and every function by group and with
units, exactly, in floating point, and as formulas recalculated by formualizer.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from recalculation import differences, recalculated, recorded, states, unequal
from small_models import run, tables

from allocation.errors import AllocationError
from allocation.language.functions import CORE, FUNCTIONS
from allocation.readings import across, excel_functions, nodes
from allocation.readings.excel_nodes import VISITS
from allocation.run.run import Run
from allocation.run.scenario import parse_assignment

TEXT = (Path(__file__).parents[2] / "docs" / "convention.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```example (\S+)\n(.*?)^```$", TEXT, re.M | re.S)
ALL = {name: tomllib.loads(body, parse_float=Decimal) for name, body in BLOCKS}
ANSWERED = {name: example for name, example in ALL.items() if "error" not in example}
SEVERAL_YEARS = {name for name, example in ANSWERED.items() if len(tables(example)) > 1}
AUTHORS = [name for name, row in FUNCTIONS.items() if row.group != "internal"]

X, Y, G = [5, 3.25, 8, 8, 1, 0], [2, 1, 4, 3, 2, 5], ["甲", "乙", "甲", "*", "乙", "*"]
LEAST, MOST = [1, 0, 2, 1, 1, 0], [6, 9, 5, 7, 4, 3]
FIGURES = {"x": X, "y": Y, "g": G, "least": LEAST, "most": MOST}
BY = {
    "total": "total(x{by})",
    "mean": "mean(x{by})",
    "lowest": "lowest(x - 4{by})",
    "highest": "highest(4 - x{by})",
    "count": "count(x > 3{by})",
    "deviation": "round(deviation(x{by}), 6)",
    "weighted_mean": "weighted_mean(x, y{by})",
    "rank": "rank(x{by})",
    "part": "part(x{by})",
    "index": "index(x{by})",
    "standardise": "round(standardise(x{by}), 6)",
    "rescale": "rescale(x, 0.8, 1.2{by})",
    "share": "share(7, x{by})",
    "bounded_share": "bounded_share(7, y, least, most{by})",
    "largest_remainder": "largest_remainder(7, share(7, y{by}){by})",
    "fill": "fill(7, x, order = y{by})",
}
AREA = {
    "min": "min(x, 4) * 1",
    "max": "max(x, 4) * 1",
    "abs": "abs(x - 4)",
    "round": "round(x, 1) * 1",
    "up": "up(x, 0.5) * 1",
    "down": "down(x, 0.5) * 1",
    "clip": "clip(x, 2, 6)",
    "step": "step(y, steps)",
    "pick": "pick(g, table)",
    "deviation": "round(deviation(x), 4) * 1",
    "rescale": "rescale(y, least, most)",
    "share": "share(area, y)",
    "bounded_share": "bounded_share(area, y, least, most)",
    "largest_remainder": "largest_remainder(area, share(area, y), to = 0.5) * 1",
    "fill": "fill(area, x, order = y)",
    "total": "total(x)",
    "mean": "mean(x)",
    "lowest": "lowest(x + 1)",
    "highest": "highest(x)",
    "weighted_mean": "weighted_mean(x, y)",
    "last": "last(result) if given(last(result)) else 0",
    "since": "since(result, 2) if given(since(result, 2)) else 0",
    "sum_over": "sum_over(parts[use])",
}
PURE = {
    "given": "1 if given(x) else 0",
    "root": "round(root(y), 4)",
    "count": "count(x > 3)",
    "rank": "rank(x)",
    "part": "part(x)",
    "index": "index(x)",
    "standardise": "round(standardise(x), 6)",
}


def same_in_the_workbook(result: Run) -> None:
    book = recorded(result)
    found = recalculated(book)
    assert (differences(book, found), unequal(result, found), states(result, found)) == ([], [], [0, 0])


def same_in_floats(result: Run, rough: Run) -> None:
    for name in result.model.columns:
        assert [float(value) for value in rough.figures(name)] == pytest.approx(
            [float(value) for value in result.figures(name)], rel=1e-12, abs=1e-12
        )


@pytest.mark.parametrize("name", sorted(set(ANSWERED) - SEVERAL_YEARS))
def test_an_example_of_the_convention_is_the_same_in_the_workbook(name):
    same_in_the_workbook(run(**ANSWERED[name]))


@pytest.mark.parametrize("name", sorted(SEVERAL_YEARS))
def test_a_workbook_of_several_years_holds_figures_instead_of_formulas_of_one_year(name):
    book = recorded(run(**ANSWERED[name]))
    assert not any(sheet == "测算" and column > 3 for sheet, _, column in book.formulas())


@pytest.mark.parametrize("fn", BY)
def test_a_function_by_group_is_the_function_of_each_group_alone(fn):
    grouped = run(**FIGURES, formula=BY[fn].replace("{by}", ", by = g"))
    whole = {}
    for group in dict.fromkeys(G):
        rows = [row for row, own in enumerate(G) if own == group]
        part = {name: [figures[row] for row in rows] for name, figures in FIGURES.items()}
        codes = [f"{row + 1:02}" for row in rows]
        alone = run(**part, codes=codes, formula=BY[fn].replace("{by}", ""))
        whole |= dict(zip(rows, alone.figures("result"), strict=True))
    assert list(grouped.figures("result")) == [whole[row] for row in range(len(G))]
    same_in_floats(grouped, run(exact=False, **FIGURES, formula=BY[fn].replace("{by}", ", by = g")))
    same_in_the_workbook(grouped)


def in_area(formula: str, unit: str, **more: object) -> Run:
    """The formula on figures in hectares, its result in another unit."""
    lists = {"use": ["a", "b"]}
    units = dict.fromkeys(("x", "least", "most", "area", "parts", "steps", "table"), "公顷")
    example = {
        **FIGURES, "area": 20, "steps": [{"up_to": 2, "value": 3}, {"value": 4.5}],
        "table": {"甲": 1, "乙": 2.5, "*": 3}, "parts": {"a": X, "b": Y},
        "before": {"result": ["was", "first"]}, "was": LEAST, "first": MOST,
    }  # fmt: skip
    units |= {"was": unit, "first": unit, "result": unit}
    return run(**example, lists=lists, over={"parts": "use"}, units=units, formula=formula, **more)


@pytest.mark.parametrize("fn", AREA)
def test_a_function_that_keeps_a_unit_is_converted_to_the_unit_of_its_column_in_every_reading(fn):
    hectares, mu = in_area(AREA[fn], "公顷"), in_area(AREA[fn], "亩")
    times = 1 if fn in ("last", "since") else 15  # the inputs for the years before are in the column's own unit
    assert list(mu.figures("result")) == [value * times for value in hectares.figures("result")]
    assert any(mu.figures("result"))
    same_in_floats(mu, in_area(AREA[fn], "亩", exact=False))
    same_in_the_workbook(mu)


@pytest.mark.parametrize("fn", PURE)
def test_a_function_that_makes_a_pure_number_gives_no_area(fn):
    same_in_the_workbook(in_area(PURE[fn], ""))
    with pytest.raises(AllocationError):
        in_area(f"y * ({PURE[fn]}) + x", "亩")


def test_the_groups_and_the_units_are_tested_for_every_function_that_has_them():
    assert set(BY) == {name for name, row in FUNCTIONS.items() if any(arg.name == "by" for arg in row.args)}
    assert set(PURE) == {name for name in AUTHORS if FUNCTIONS[name].unit in ("pure", "root")}
    assert set(AREA) == {name for name in AUTHORS if FUNCTIONS[name].unit not in ("pure", "root")}


@pytest.mark.parametrize("fn", AUTHORS)
def test_every_function_has_an_example_that_is_recalculated(fn):
    assert any(f"{fn}(" in str(ANSWERED[name]) for name in set(ANSWERED) - SEVERAL_YEARS) or fn in AREA


def test_the_workbook_reads_exactly_the_core_functions():
    assert set(excel_functions.CALLS) == set(CORE) == set(across.CALLS)


def test_the_workbook_reads_exactly_the_nodes_that_the_numbers_read():
    assert set(VISITS) == set(nodes.VISITS)


def test_two_group_names_that_differ_only_in_capitals_are_refused_as_excel_takes_them_for_one():
    with pytest.raises(AllocationError) as caught:
        run(x=[1, 2], g=["a区", "A区"], formula="total(x, by = g)")
    assert [problem.id for problem in caught.value.problems] == ["run.groups_alike"]
    assert "a区" in caught.value.text("zh") and "A区" in caught.value.text("en")


def test_a_key_that_differs_only_in_capitals_is_not_the_key():
    for table, others in (({"a": 1, "b": 2}, ["#", 2]), ({"a": 1, "b": 2, "B": 3, "*": 4}, ["#", 2])):
        book = recorded(run(x=["a", "b"], table=table, formula="pick(x, table)"))
        opened = book.opened()
        opened.set_value("数据", 7, 4, "A")
        found = recalculated(book, opened)
        assert [found["测算", row, 4] for row in (7, 8)] == others


def test_keys_with_wildcards_or_in_both_cases_are_told_apart():
    same_in_the_workbook(run(x=["a", "*", "?", "A"], table={"A": 1, "a": 2, "?": 3, "*": 4}, formula="pick(x, table)"))


def test_a_bound_edited_off_the_rounding_unit_stops_the_awards_that_would_break_it():
    formula = "largest_remainder(10, bounded_share(10, claim, cap = limit))"
    same_in_the_workbook(run(claim=[3, 1], limit=5, formula=formula))
    with pytest.raises(AllocationError) as caught:
        run(claim=[3, 1], limit=5, formula=formula, changes=[parse_assignment("limit=5.5")])
    assert [problem.id for problem in caught.value.problems] == ["run.bound_broken"]
    book = recorded(run(claim=[3, 1], limit=5, formula=formula))
    opened = book.opened()
    opened.set_value("参数", 5, 3, 5.5)
    found = recalculated(book, opened)
    assert [found["测算", row, 4] for row in (7, 8)] == ["#", "#"]
