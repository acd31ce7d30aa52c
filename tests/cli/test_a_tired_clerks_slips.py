"""What people type at the end of the day: a list for its entry, a percentage without its sign, a Chinese word."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def shipped(folder):
    for part in ("models/incentive_fund@2017.toml", "inputs/incentive_fund.toml", "inputs/jinzhou_2017.xlsx"):
        shutil.copy(ROOT / part, folder / part)


@pytest.mark.parametrize("change, written", [
    ("weight=50%", "weight[settled]、weight[schooling]、weight[effort]、weight[service]"),
    ("因素权重=50%", "weight[settled]"),
    ("settled@黑山县=5", "settled[cross_province]、settled[in_province]、settled[in_city]"),
    ("当年落户人数@黑山县=5", "settled[in_city]"),
])  # fmt: skip
def test_the_name_of_a_list_is_answered_with_its_entries(allocation, shipped, change, written):
    told = allocation(f"run incentive_fund@2017 --set {change}")
    assert told.code == 2 and "是一组" in told.err and written in told.err


def test_a_percentage_without_its_sign_is_answered_with_the_sign(allocation, shipped):
    told = allocation("run incentive_fund@2017 --set hold_harmless=90")
    assert told.code == 2 and "0% 至 100%" in told.err and "请写成 90%" in told.err
    assert "写成" not in allocation("run incentive_fund@2017 --set hold_harmless=-0.5").err


@pytest.mark.parametrize("word, key", [("台账", "ledger"), ("回执", "receipts"), ("研究调整", "adjustments"),
                                       ("资金来源", "sources"), ("提前下达", "advance")])  # fmt: skip
def test_a_blank_form_is_asked_for_in_chinese_or_english(allocation, folder, word, key):
    made = [
        allocation(f"template reward --form {one} --out {place}.xlsx") for one, place in ((word, "甲"), (key, "乙"))
    ]
    assert [told.code for told in made] == [0, 0]
    assert (folder / "甲.xlsx").read_bytes() == (folder / "乙.xlsx").read_bytes()
    assert word in allocation("template reward --form 领导").err
