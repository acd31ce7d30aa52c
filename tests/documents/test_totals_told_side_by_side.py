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
from allocation.years.evaluation.differencing import FEW, ToldPart, ToldSum, telling_too_much


def masked(figures: dict[str, Fraction], units: list[str], node: str, place: int = 0) -> ToldSum:
    whole = parse(node)
    figure = whole.then if isinstance(whole, tree.If) else whole
    return ToldSum(whole, place, (ToldPart(figure, {code: figures[code] for code in units}),))


@pytest.mark.parametrize("seed", some(range(40), 10))
def test_no_combination_of_totals_that_are_told_is_one_of_a_few_units(seed):
    draw = random.Random(seed)
    codes = [f"u{place}" for place in range(draw.randint(3, 9))]
    figures = {code: Fraction(draw.randint(1, 10**6)) for code in codes}
    sums = [masked(figures, draw.sample(codes, draw.randint(1, len(codes))), f"x if p{place} > 1 else 0")
            for place in range(draw.randint(1, 6))]  # fmt: skip
    withheld = telling_too_much(sums)
    told = [held for held in sums if (held.place, held.node) not in withheld]
    masks = np.array([[float(code in held.units) for code in codes] for held in told])
    for few in (few for size in range(1, FEW) for few in combinations(range(len(codes)), size)):
        assert not told or np.linalg.matrix_rank(np.delete(masks, few, 1)) == np.linalg.matrix_rank(masks)
    assert not any(held.units == told[0].units for held in sums if held not in told) if told else True
    for held in sums:  # and nothing is withheld that tells nothing: all units, in one sum alone
        if len(sums) == 1:
            assert bool(withheld) == (len(held.units) < FEW)


@pytest.mark.parametrize("seed", some(range(40), 10))
def test_no_combination_of_totals_of_sums_of_figures_is_one_of_a_few_units(seed):
    draw = random.Random(seed)
    codes = [f"u{place}" for place in range(draw.randint(3, 7))]
    figures = {name: {code: Fraction(draw.randint(1, 10**6)) for code in codes} for name in "ab"}
    sums = []
    for place in range(draw.randint(2, 6)):
        units = codes if draw.random() < 0.6 else draw.sample(codes, len(codes) - 1)
        signs = draw.choice([{"a": 1}, {"b": 1}, {"a": 1, "b": 1}, {"a": 1, "b": -1}, {"a": 2, "b": 1}])
        parts = [ToldPart(parse(name), {code: sign * figures[name][code] for code in units})
                 for name, sign in signs.items()]  # fmt: skip
        sums.append(ToldSum(parse(f"x{place}"), 0, tuple(parts)))
    withheld = telling_too_much(sums)
    told = [held for held in sums if (held.place, held.node) not in withheld]
    amounts = [{part.figure: part.amounts for part in held.parts} for held in told]
    cells = [(code, name) for code in codes for name in "ab"]
    whole = np.array([[float(held.get(parse(name), {}).get(code, 0) / figures[name][code]) for code, name in cells]
                      for held in amounts])  # fmt: skip
    for few in (few for size in range(1, FEW) for few in combinations(codes, size)):
        kept = [place for place, (code, _) in enumerate(cells) if code not in few]
        assert not told or np.linalg.matrix_rank(whole[:, kept]) == np.linalg.matrix_rank(whole)
    assert told or len(codes) <= FEW


def test_totals_of_different_figures_are_told_however_many_they_are():
    codes, draw = [f"u{place}" for place in range(4)], random.Random(1)
    sums = [masked({code: Fraction(draw.randint(1, 999)) for code in codes}, codes, f"x{place}") for place in range(9)]
    assert telling_too_much(sums) == frozenset()


def test_the_same_figure_of_another_year_or_times_a_number_is_the_same_figure():
    figures = {f"u{place}": Fraction(place + 3) for place in range(6)}
    less = {code: 10 * figure for code, figure in list(figures.items())[:5]}
    sums = [masked(figures, [*figures], "x"), ToldSum(parse("last(y)"), 1, (ToldPart(parse("last(y)"), less),))]
    assert telling_too_much(sums) == {(1, parse("last(y)"))}
    assert isinstance(parse("last(y)"), tree.Node)


WITHOUT_ONE = {  # the last one of each is told only where the others are not
    "a part of the units": ("total(新增)", "total(新增 if 人口 > 6000 else 0)"),
    "the other part of them": ("total(新增)", "total(新增 if 人口 < 25000 else 0)"),
    "a figure by its sum with another": ("total(新增)", "total(新增 + 计划)", "total(计划 if 人口 > 6000 else 0)"),
    "by a difference": ("total(新增)", "total(新增 - 计划)", "total(计划 if 人口 > 6000 else 0)"),
    "by a column": ("total(新增)", "total(2 * 计划 - 新增 / 3)", "total(计划 if 人口 > 6000 else 0)"),
}


@pytest.mark.parametrize("kind", WITHOUT_ONE)
def test_a_total_without_one_unit_is_withheld_beside_those_that_tell_it(folder, allocation, kind):
    lay_out("zh", folder)
    path = Path("models/evaluations/绿地监测.toml")
    sentences = "".join(
        f'\n[[part.sentence]]\nzh = "第{number}项合计{{{formula}}}公顷。"\nen = "{{{formula}}}"\npublic = true\n'
        for number, formula in enumerate(WITHOUT_ONE[kind], start=1)
    )
    path.write_text(path.read_text("utf-8") + '\n[[part]]\nkind = "paragraph"\n' + sentences, encoding="utf-8")
    told = allocation("evaluate 绿地监测 --edition 公开")
    assert told.code == 0, told.text
    every, public = ("".join(lines(next(Path("outputs").glob(name)))) for name in ("*评估报告.docx", "*_公开.docx"))
    of_all = [f"第{number}项合计" for number in range(1, len(WITHOUT_ONE[kind]) + 1)]
    assert [text for text in of_all if text in every] == of_all
    assert [text for text in of_all if text in public] == of_all[:-1]
