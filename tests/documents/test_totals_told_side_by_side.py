"""The public edition of an evaluation: no totals from which a few units' hidden figures can be worked out."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from desk import some
from evaluation_pages import lay_out
from word import lines

from allocation.language import tree
from allocation.language.parse import parse
from allocation.years.evaluation.differencing import FEW, ToldSum, telling_too_much


def masked(figures: dict[str, Fraction], units: list[str], node: str, place: int = 0) -> ToldSum:
    return ToldSum(parse(node), place, {code: figures[code] for code in units})


@pytest.mark.parametrize("seed", some(range(40), 10))
def test_no_combination_of_totals_that_are_told_is_one_of_a_few_units(seed):
    draw = random.Random(seed)
    codes = [f"u{place}" for place in range(draw.randint(3, 9))]
    figures = {code: Fraction(draw.randint(1, 10**6)) for code in codes}
    sums = [masked(figures, draw.sample(codes, draw.randint(1, len(codes))), f"x if p{place} > 1 else 0")
            for place in range(draw.randint(1, 6))]  # fmt: skip
    withheld = telling_too_much(sums)
    told = [held for held in sums if (held.place, held.node) not in withheld]
    masks = np.array([[float(code in held.parts) for code in codes] for held in told])
    for few in (few for size in range(1, FEW) for few in combinations(range(len(codes)), size)):
        assert not told or np.linalg.matrix_rank(np.delete(masks, few, 1)) == np.linalg.matrix_rank(masks)
    assert not any(held.parts == told[0].parts for held in sums if held not in told) if told else True
    for held in sums:  # and nothing is withheld that tells nothing: all units, in one sum alone
        if len(sums) == 1:
            assert bool(withheld) == (len(held.parts) < FEW)


def test_totals_of_different_figures_are_told_however_many_they_are():
    codes, draw = [f"u{place}" for place in range(4)], random.Random(1)
    sums = [masked({code: Fraction(draw.randint(1, 999)) for code in codes}, codes, f"x{place}") for place in range(9)]
    assert telling_too_much(sums) == frozenset()


def test_the_same_figure_of_another_year_or_times_a_number_is_the_same_figure():
    figures = {f"u{place}": Fraction(place + 3) for place in range(6)}
    less = {code: 10 * figure for code, figure in list(figures.items())[:5]}
    sums = [masked(figures, [*figures], "x"), ToldSum(parse("last(y)"), 1, less)]
    assert telling_too_much(sums) == {(1, parse("last(y)"))}
    assert isinstance(parse("last(y)"), tree.Node)


@pytest.mark.parametrize("test", ["人口 > 6000", "人口 < 25000"])
def test_a_total_without_one_unit_is_withheld_beside_the_total_of_all(folder, allocation, test):
    lay_out("zh", folder)
    path = Path("models/evaluations/绿地监测.toml")
    sums = {"全部": "total(新增)", "一部分": f"total(新增 if {test} else 0)"}
    sentences = "".join(
        f'\n[[part.sentence]]\nzh = "{label}新增{{{formula}}}公顷。"\nen = "{{{formula}}}"\npublic = true\n'
        for label, formula in sums.items()
    )
    path.write_text(path.read_text("utf-8") + '\n[[part]]\nkind = "paragraph"\n' + sentences, encoding="utf-8")
    told = allocation("evaluate 绿地监测 --edition 公开")
    assert told.code == 0, told.text
    every, public = ("".join(lines(next(Path("outputs").glob(name)))) for name in ("*评估报告.docx", "*_公开.docx"))
    assert "全部新增" in every and "一部分新增" in every
    assert "全部新增" in public and "一部分新增" not in public
