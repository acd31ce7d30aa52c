"""Why a unit's figure moved: the total's part and all else are told apart, and add up to the difference as printed."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from small_models import run

from allocation.analysis.decompose import decompose
from allocation.analysis.explain import explain
from allocation.analysis.explained import opening
from allocation.analysis.headline import headline
from allocation.analysis.total_moved import difference_sentence, of_decomposition
from allocation.run.scenario import Change
from allocation.texts import AT_TERMINAL

NAMES = ["甲县", "乙县", "丙县", "丁县"]
FORMULA = "largest_remainder(pool, share(pool, claim + tilt), to = 1)"
UNITS = {"pool": "万元", "result": "万元", "was": "万元"}


def shared(**more):
    given = {"claim": [1, 2, 1, 3], "was": [1000, 2000, 500, 1000], "pool": 4000, "tilt": 0, **more}
    return run(head={"pool": "pool", "compare_with": "was"}, names=NAMES, units=UNITS, formula=FORMULA, **given)


@pytest.mark.parametrize("seed", range(20))
def test_the_totals_part_and_all_else_add_up_to_the_difference_in_printed_figures(seed):
    chance = random.Random(seed)
    claims = [chance.randint(1, 99) for _ in NAMES]
    was = [chance.choice(["—", 0, chance.randint(1, 3000)]) for _ in NAMES[1:]] + [chance.randint(1, 3000)]
    of = shared(claim=claims, was=was, pool=chance.randint(1, 9000))
    for row in range(len(NAMES)):
        found = headline(of, "result", row)
        if found.change:
            moved = found.total
            assert moved.of_total + moved.of_rest == found.change
            assert moved.of_total.denominator == moved.of_rest.denominator == 1  # as the award is printed
            assert (moved.of_total > 0) <= (moved.after > moved.before)
    pool, tilt = Change("pool", Fraction(chance.randint(1, 9000))), Change("tilt", Fraction(50))
    split = decompose(of.model, of.tables, [tilt, pool])
    for row, (of_tilt, of_pool, change) in enumerate(split.closed()[:-1]):
        moved = of_decomposition(split, row)
        assert (moved.of_total, moved.of_rest) == (of_pool, of_tilt) and of_tilt + of_pool == change
        assert (moved.before, moved.after) == (sum(of.amounts("result")), pool.value)


def test_a_fall_says_that_the_total_fell_and_what_is_left_for_the_unit_itself():
    said = opening(explain(shared(), "乙县"), "zh")
    assert "比上年（2,000万元）减少857万元（-42.9%）。各地合计由4,500万元变为4,000万元，" in said
    assert "本地因此减少222万元；其余（自身占比变化等）减少635万元。" in said
    english = opening(explain(shared(), "乙县"), "en")
    assert "makes it 222 × 10,000 yuan less; all else (such as its own share of the total) makes it 635" in english


def test_of_the_same_total_it_is_said_that_the_others_have_the_more():
    said = opening(explain(shared(pool=4500), "乙县"), "zh")
    assert "各地合计没有变（4,500万元），其他地区合计增加714万元。" in said


def test_a_difference_says_from_what_to_what_before_its_parts():
    of = shared()
    split = decompose(of.model, of.tables, [Change("pool", Fraction(4200)), Change("tilt", Fraction(50))])
    assert difference_sentence(split, 0, AT_TERMINAL["zh"]) == (
        "甲县由572万元变为1,035万元，增加463万元。各地合计由4,000万元变为4,200万元，"
        "本地因此增加39万元；其余（自身占比变化等）增加424万元。"
    )
    same = decompose(of.model, of.tables, [Change("tilt", Fraction(0))])
    assert (
        difference_sentence(same, 0, AT_TERMINAL["en"])
        == "甲县 went from 572 × 10,000 yuan to 572 × 10,000 yuan: no different."
    )
