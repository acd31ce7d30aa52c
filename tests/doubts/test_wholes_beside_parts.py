"""Last year's total stands in a table beside this year's figures by origin: their sum is what it is compared with."""

from __future__ import annotations

import random

import pytest

from allocation.doubts.beside import Beside
from allocation.doubts.doubting import doubts_beside
from allocation.policy.loading import load_model
from allocation.tables.reading import read_table

NOUNS = ("安置人数", "新开户数", "植树亩数", "入学人数", "修渠米数")
ITEMS = ("甲类", "乙类", "丙类", "丁类")
MODEL = """
[model]
zh = "示例"
en = "Example"
basis = ["示例"]
award = "award"

[[list]]
name = "kind_of"
items = [{items}]

[[input]]
name = "{name}"
zh = "{this}{noun}"
en = "Number of {name} this year"
unit = "{unit}"
over = "kind_of"
min = 0

[[column]]
name = "award"
zh = "分配额"
en = "Award"
unit = "{unit}"
formula = "sum_over({name}[kind_of])"
"""


def made(tmp_path, draw: random.Random, heading: str, times: int, unit: str = "人"):
    """A model of made-up names and a table of it, whose last year was `times` as much in every unit."""
    noun, name = draw.choice(NOUNS), "x" + "".join(draw.choices("abcdefgh", k=6))
    items = draw.sample(ITEMS, draw.randint(2, 4))
    listed = ", ".join(f'{{ key = "k{at}", zh = "{item}", en = "Kind {at}" }}' for at, item in enumerate(items))
    this = draw.choice(("", "当年", "本年", "当年度"))
    path = tmp_path / "made.toml"
    path.write_text(MODEL.format(items=listed, name=name, this=this, noun=noun, unit=unit), encoding="utf-8")
    parts = [[draw.randint(20, 90) for _ in items] for _ in range(5)]
    lines = [",".join(["行政区代码", "名称", *(f"{this}{noun}/{item}" for item in items),
                       heading.format(noun=noun, name=name)])]  # fmt: skip
    mark = "%" if unit == "%" else ""
    lines += [f"9901{row:02},{place}县,{','.join(f'{one}{mark}' for one in part)},{sum(part) * times}{mark}"
              for row, (place, part) in enumerate(zip("东南西北中", parts, strict=True), start=1)]  # fmt: skip
    table = tmp_path / "2018年.csv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = load_model(path)
    return model, read_table(table, model), [sum(part) for part in parts]


@pytest.mark.parametrize("heading", ["上年{noun}", "{noun}（上年）", "去年{noun}", "Number of {name} last year"])
@pytest.mark.parametrize("seed", range(4))
def test_last_year_s_total_is_compared_with_the_sum_of_this_year_s_parts(tmp_path, heading, seed):
    draw = random.Random(f"{heading}{seed}")
    for times, kinds in ((4, ["size"]), (2, []), (1, [])):
        model, table, sums = made(tmp_path, draw, heading, times)
        told = doubts_beside(model, [_beside(table)])
        found = [one.kind for one in told if one.kind in ("size",)]
        assert found == kinds, (times, [one.text("zh") for one in told])
        if kinds:
            text = told.every[0].text("zh")
            assert f"{sums[0] * times} → {sums[0]}" in text and "整列" in text


def test_a_sum_that_is_last_year_s_total_everywhere_was_copied(tmp_path):
    model, table, _ = made(tmp_path, random.Random(3), "上年{noun}", 1)
    whole = next(iter(model.inputs.values())).name.partition(".")[0]
    assert table.past[whole] and [one.kind for one in doubts_beside(model, [_beside(table)])] == []
    counted = (tmp_path / "made.toml").read_text(encoding="utf-8").replace("min = 0", "min = 0\nwhole = true")
    (tmp_path / "made.toml").write_text(counted, encoding="utf-8")
    model = load_model(tmp_path / "made.toml")
    table = read_table(tmp_path / "2018年.csv", model)
    assert [one.kind for one in doubts_beside(model, [_beside(table)])] == ["copied"]


def test_shares_do_not_add_up_and_are_compared_with_no_total(tmp_path):
    model, table, _ = made(tmp_path, random.Random(5), "上年{noun}", 4, unit="%")
    assert not table.past and not doubts_beside(model, [_beside(table)])


def _beside(table):
    from dataclasses import replace

    return replace(table, beside=Beside())
