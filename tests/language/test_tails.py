"""Who takes what rounding leaves (尾差): everyone is rounded alone, and the unit named gets the rest (倒挤)."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import model, run, tables

from allocation.allocators import largest_remainder
from allocation.analysis.batch import run_batch
from allocation.analysis.edges import near_edges
from allocation.arrays import round_half_away, snap
from allocation.errors import AllocationError
from allocation.readings.tails import remarks
from allocation.readings.words import sentence
from allocation.run.scenario import parse_assignment

NAMED = 'largest_remainder(pool, share(pool, claim), to = 1, tail = "乙县")'
NAMES = ["甲县", "乙县", "丙县"]
EXAMPLE = {"claim": [1, 1, 2], "names": NAMES, "pool": 10, "formula": NAMED}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=9), st.integers(0, 3000), st.data())
def test_all_are_rounded_alone_and_the_named_one_gets_what_they_leave(claims, pool, data):
    if not sum(claims):
        claims[0] = 1
    named = data.draw(st.integers(0, len(claims) - 1))
    quotas = np.array([Fraction(pool * claim, sum(claims)) for claim in claims], object)
    tail = np.arange(len(claims)) == named
    near = round_half_away(snap(quotas))
    rest = pool - sum(near[~tail])
    order = np.arange(len(claims))
    for figures, handed in ((quotas, np.array([Fraction(pool)])), (quotas.astype(float), np.array([float(pool)]))):
        if rest < 0:
            with pytest.raises(AllocationError, match="0"):
                largest_remainder(handed, figures, 1, order, tail=tail)
            continue
        awards = largest_remainder(handed, figures, 1, order, tail=tail)
        assert [int(award) for award in awards] == [int(x) if row != named else rest for row, x in enumerate(near)]


def test_the_unit_is_named_by_code_by_name_or_by_a_test_and_gets_the_same():
    for tail in ('"02"', '"乙县"', 'role == "尾"'):
        formula = NAMED.replace('"乙县"', tail)
        roles = {"role": ["否", "尾", "否"]} if "role" in tail else {}
        assert list(run(**{**EXAMPLE, **roles, "formula": formula}).figures("result")) == [3, 2, 5]


def test_without_a_named_unit_nothing_is_other_than_before():
    plain = {**EXAMPLE, "formula": NAMED.replace(', tail = "乙县"', "")}
    assert list(run(**plain).figures("result")) == [3, 2, 5]
    assert [note.zh for note in remarks(run(**plain))] == []


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    ("pool", "bound", "told"),
    [
        (7, "floor = up(least)", "得 1 万元，低于它的下限 2 万元，差 1 万元"),
        (9, "cap = up(least) if least > 0 else 9", "得 3 万元，高于它的上限 2 万元，超出 1 万元"),
    ],
)
def test_the_message_gives_what_the_unit_gets_its_bound_and_by_how_much(exact, pool, bound, told):
    formula = f"largest_remainder(pool, bounded_share(pool, claim, {bound}), tail = least == 2)"
    units = dict.fromkeys(("pool", "least", "result"), "万元")
    case = {"claim": [1, 1, 1, 1], "least": [0, 0, 0, 2], "names": [*NAMES, "丁县"], "pool": pool, "units": units}
    text = problem_of(exact=exact, formula=formula, **case).text("zh")
    assert "由 丁县 承担" in text and told in text


def problem_of(**example: object):
    with pytest.raises(AllocationError) as caught:
        run(**example)
    return caught.value


def test_a_unit_that_falls_below_zero_is_told_what_the_others_come_to():
    case = {"claim": [15, 15, 15, 5], "names": [*NAMES, "丁县"], "pool": 5, "units": {"pool": "万元", "result": "万元"}}
    text = problem_of(formula='largest_remainder(pool, share(pool, claim), tail = "丁县")', **case).text("zh")
    assert "合计 6 万元，可分的是 5，它只得 -1（取整前 0.5），低于 0，差 1" in text


def test_every_group_that_goes_wrong_is_named_with_its_own_figures():
    city = ["甲"] * 4 + ["乙"] * 4
    formula = "largest_remainder(5, share(5, claim, by = city), by = city, tail = claim < 9)"
    problem = problem_of(claim=[15, 15, 15, 5] * 2, city=city, formula=formula)
    assert [found.slots["counties"] for found in problem.problems] == [("县04",), ("县08",)]


def test_who_takes_the_tail_is_said_in_the_formula_below_the_table_and_in_the_figures():
    result = run(**{**EXAMPLE, "claim": [1, 1, 1]})
    assert [note.zh for note in remarks(result)] == [
        "“result”的尾差由乙县承担（倒挤）：其余单位四舍五入到整数，合计数减去其余各单位之和归它"
    ]
    assert "goes to 乙县" in remarks(result)[0].en
    told = sentence(result.model, result.model.columns["result"].node).zh
    assert "四舍五入取整到整数，尾差由乙县承担（倒挤）" in told and "最大余数" not in told


def test_the_remark_says_the_rounding_unit_as_a_sentence_does():
    money = run(**EXAMPLE, units={"pool": "万元", "result": "万元"})
    assert "四舍五入到 1 万元，合计数减去" in remarks(money)[0].zh
    assert "half up to 10,000 yuan, and" in remarks(money)[0].en


def test_the_remark_names_the_unit_a_test_holds_for_and_one_of_each_group():
    formula = "largest_remainder(10, share(10, claim, by = city), by = city, tail = claim == 2)"
    result = run(claim=[1, 2, 2, 1], city=["甲", "甲", "乙", "乙"], names=[*NAMES, "丁县"], formula=formula)
    assert "由乙县、丙县承担" in remarks(result)[0].zh


def test_half_a_unit_is_the_edge_of_everyone_but_the_one_that_takes_the_tail():
    result = run(claim=[10.49, 10.02, 9.49], pool=30, names=NAMES, formula=NAMED)
    near = {(edge.name, edge.edge) for edge in near_edges(result, Fraction(2, 100))}
    assert near == {("甲县", Fraction(1, 2)), ("丙县", Fraction(1, 2))}


def test_of_many_scenarios_only_those_are_refused_in_which_the_tail_has_no_room():
    case = {"claim": [15, 15, 15, 5], "pool": 5, "names": [*NAMES, "丁县"], "formula": NAMED.replace("乙县", "丁县")}
    sets = [[parse_assignment(f"pool={pool}")] for pool in (5, 50, 10)]
    outcomes = run_batch(model(**case), tables(case), sets, ["result"])
    assert [bool(outcome.why) for outcome in outcomes] == [True, False, False]


@pytest.mark.parametrize(
    ("tail", "id"),
    [("3", "language.needs_unit"), ("claim", "language.needs_unit"), ('"x" + 1', "language.text_alone")],
)
def test_a_tail_that_names_nobody_is_refused_where_it_is_written(tail, id):
    assert {problem.id for problem in problem_of(**{**EXAMPLE, "formula": NAMED.replace('"乙县"', tail)}).problems} == {
        id
    }


def test_an_item_that_the_list_does_not_have_is_refused_with_those_it_has():
    lists = {"lists": {"use": ["a", "b"]}, "over": {"w": "use", "result": "use"}, "w": {"a": 0.5, "b": 0.5}}
    problem = problem_of(x=[3, 4], formula='largest_remainder(x, x * w[use], over = use, tail = "c")', **lists)
    assert {found.id for found in problem.problems} == {"language.unknown_item"}


@pytest.mark.parametrize("name", ["", "  ", "　"])
def test_a_tail_without_a_name_is_refused_when_the_model_is_read(name):
    with pytest.raises(AllocationError) as refused:
        run(**{**EXAMPLE, "formula": NAMED.replace("乙县", name)})
    assert [problem.id for problem in refused.value.problems] == ["language.unit_unnamed"]
