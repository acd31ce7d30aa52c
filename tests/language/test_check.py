"""Shapes, kinds and units: what the checker infers, converts and refuses."""

from __future__ import annotations

from fractions import Fraction

import pytest
from checked import SHAPES, UNITS, refused, typed
from small_models import model, run

from allocation.errors import AllocationError
from allocation.language.units import PURE


@pytest.mark.parametrize("formula", SHAPES)
def test_the_shape_of_a_formula_is_the_widest_it_needs(formula):
    assert typed(formula).shape == SHAPES[formula]


RESULT_UNITS = {
    "ha + mu": "公顷",
    "mu + ha": "亩",
    "people * pool": "人·万元",
    "wan / people": "万元/人",
    "wan / yuan": "1",
    "step(people, rate) * people": "元",
    "pick(city, keyed)": "%",
    "x * ha": "公顷",
    "root(x)": "1",
    "root(x * 1)": "1",
    "share(pool, people)": "万元",
    "bounded_share(pool, people, floor = yuan)": "万元",
    "largest_remainder(100, wan)": "万元",
    "up(2.5, to = pool)": "万元",
    "part(ha)": "1",
    "index(ha)": "1",
    "standardise(ha)": "1",
    "rescale(ha, pool, yuan)": "万元",
    "weighted_mean(ha, people)": "公顷",
    "count(x > 1)": "1",
    "rank(ha)": "1",
    "min(5, mu, ha)": "亩",
    "clip(ha, 1, mu)": "公顷",
    "ha ** 2": "公顷*公顷",
    "1 if people > 5 else 2": None,
    "ha if people > 5 else 0": "公顷",
    "0 if people > 5 else mu": "亩",
}


@pytest.mark.parametrize("formula", RESULT_UNITS)
def test_the_unit_of_a_formula_follows_from_its_parts(formula):
    found, wanted = typed(formula).unit, RESULT_UNITS[formula]
    if wanted is None:
        assert found is None
    else:
        unit = UNITS.parse(wanted)
        assert ((found or PURE).dims, (found or PURE).scale) == (unit.dims, unit.scale)


def test_units_are_converted_exactly_in_a_run():
    units = {"ha": "公顷", "mu": "亩", "result": "亩"}
    result = run(units=units, ha=[1, 2], mu=[1, "1/3"], formula="ha + mu")
    assert result.figures("result") == (16, Fraction(91, 3))


def test_ten_thousand_yuan_and_yuan_are_compared_as_money():
    units = {"a": "万元", "b": "元"}
    result = run(units=units, a=[1, 1, 1], b=[10000, 10001, 9999], formula="1 if a == b else 2 if a < b else 3")
    assert result.figures("result") == (1, 2, 3)


def test_a_bare_number_takes_the_unit_it_meets_and_is_pure_in_products():
    units = {"a": "万元", "result": "元"}
    assert run(units=units, a=[3], formula="(a + 1) * 2").figures("result") == (80000,)


def test_bands_convert_to_the_unit_of_their_edges():
    size = [{"below": 20, "value": 1}, {"value": 2}]
    units = {"people": "人", "size.by": "万人"}
    found = run(units=units, people=[199999, 200000], size=size, formula="step(people, size)")
    assert found.figures("result") == (1, 2)


REFUSED = {
    "ha + people": "units_differ",
    "ha > people": "units_differ",
    "min(ha, people)": "units_differ",
    "ha if x > 1 else people": "units_differ",
    "bounded_share(pool, people, floor = ha)": "units_differ",
    "largest_remainder(pool, ha)": "units_differ",
    "clip(ha, 0, people)": "units_differ",
    "step(ha, rate)": "units_differ",
    "root(ha)": "root_unit",
    "unknown + 1": "unknown_name",
    "city + 1": "needs_number",
    "flag + 1": "needs_number",
    "not x": "needs_truth",
    "x and flag": "needs_truth",
    "1 if x else 2": "needs_truth",
    "count(x)": "needs_truth",
    "city > 'a'": "text_compare",
    "x == 'a'": "text_compare",
    "city == x": "compare_kinds",
    "x in ('a',)": "in_needs_text",
    "1 if flag else city": "branch_kinds",
    "'a' if flag else 'b'": "text_alone",
    "rate": "table_alone",
    "keyed * 2": "table_alone",
    "step(people, keyed)": "needs_bands",
    "step(people, pool)": "needs_bands",
    "pick(city, rate)": "needs_keyed",
    "pick(people, keyed)": "needs_text",
    "min(x)": "needs_two",
    "round(x, people)": "needs_digits",
    "round(x, 1.5)": "needs_digits",
    "round(x, 10)": "needs_digits",
    "since(x, 0)": "needs_digits",
    "since(x, -1)": "needs_digits",
    "up(ha, to = pool)": "units_differ",
    "up(people, to = people)": "to_not_scalar",
    "total(x, by = people)": "needs_group",
    "total(x, by = label)": "needs_group",
    "total(x, by = city == province)": "needs_group",
    "given(pool)": "needs_input_name",
    "given(x + 1)": "needs_input_name",
    "given(wan)": "needs_input_name",
    "last(pool)": "needs_input_name",
    "last(x + 1)": "needs_input_name",
    "share(wan, people)": "pool_shape",
    "share(pools, people)": "pool_shape",
    "share(pools, people, by = province)": "pool_shape",
    "bounded_share(wan, people)": "pool_shape",
    "largest_remainder(wan, wan)": "pool_shape",
    "fill(wan, wan, 1)": "pool_shape",
}


@pytest.mark.parametrize("formula", REFUSED)
def test_what_does_not_fit_together_is_refused(formula):
    assert refused(formula) == REFUSED[formula]


@pytest.mark.parametrize(
    "formula",
    ["share(pools, people, by = city)", "bounded_share(pools, people, by = city)", "fill(pools, wan, 1, by = city)",
     "share(pool, people, by = city)", "largest_remainder(pools, wan, by = city)"],
)  # fmt: skip
def test_a_pool_is_one_figure_a_run_or_one_a_group_of_its_own(formula):
    assert typed(formula).shape == "column"


@pytest.mark.parametrize(
    "formula",
    ["round(root(x), 4) > 1", "round(standardise(x), 4)", "up(deviation(x), 0.01)", "round(root(x) * 2 + 1, 4)",
     "share(pool, round(root(x), 2))", "rescale(round(standardise(x), 4), 1, 2)"],
)  # fmt: skip
def test_an_irrational_figure_may_be_used_once_it_is_rounded(formula):
    assert not typed(formula).rough


@pytest.mark.parametrize(
    "formula",
    ["1 if root(x) > 1 else 2", "rescale(standardise(x), 1, 2)", "bounded_share(pool, root(x))",
     "step(root(people ** 2), rate)", "largest_remainder(pool, share(pool, root(x)))"],
)  # fmt: skip
def test_an_irrational_figure_decides_nothing_unrounded(formula):
    assert refused(formula) == "irrational"


@pytest.mark.parametrize("formula", ["root(x)", "root(x) + 1", "max(root(x), 1)", "-root(x)", "mean(root(x))"])
def test_an_irrational_figure_does_not_leave_its_column(formula):
    with pytest.raises(AllocationError) as caught:
        model(x=[1], formula=formula)
    assert [p.id for p in caught.value.problems] == ["language.irrational"]
