"""Shares of a total that nobody knows: the same whatever the total is, or refused; never an amount."""

from __future__ import annotations

import csv
from fractions import Fraction
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from allocation.analysis.shares import PARTS, shares_only
from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table

HEAD = """
[model]
zh = "模型"
en = "Model"
basis = ["办法"]
award = "out"
pool = "{pool}"

[[parameter]]
name = "money"
zh = "钱"
en = "Money"
unit = "万元"
value = 1000

[[input]]
name = "people"
zh = "人数"
en = "People"
unit = "人"

[[input]]
name = "least"
zh = "最少"
en = "Least"
unit = "万元"

[[column]]
name = "spent"
zh = "可分"
en = "Spent"
unit = "万元"
formula = "{spent}"

[[column]]
name = "floor"
zh = "下限"
en = "Floor"
unit = "万元"
formula = "{floor}"

[[column]]
name = "cap"
zh = "上限"
en = "Cap"
unit = "万元"
formula = "{cap}"

[[column]]
name = "claim"
zh = "得分"
en = "Claim"
unit = ""
formula = "{claim}"

[[column]]
name = "out"
zh = "分配额"
en = "Award"
unit = "万元"
formula = "largest_remainder({pool}, bounded_share({pool}, claim, up(floor, to = {to}), up(cap, to = {to})), to = {to})"
"""
SPENT = {"money": True, "money * 0.9": True, "money - 10": False, "min(money, 1500)": False}
FLOORS = {"0 * least": True, "money * 0.01": True, "least": False, "least if money < 0 else 0 * least": True}
CAPS = {"money": True, "max(money * 0.4, least)": False, "up(money * 0.6, to = 0.0001)": True}
CLAIMS = {"part(people)": True, "rank(people)": True, "part(people) if money > 1500 else rank(people)": False}
PEOPLE, LEAST = (Fraction(5), Fraction(7), Fraction(9)), (Fraction(5), Fraction(0), Fraction(3))
TABLE = Table(("1", "2", "3"), ("甲", "乙", "丙"), {"people": PEOPLE, "least": LEAST}, file="表.csv")
FREE = ("down(cap_rate * last_award) if given(last_award) else up(pool)", "up(pool)")  # caps of the fund, and none


@pytest.mark.parametrize("pool", ["money", "spent"])
def test_shares_are_those_of_every_total_or_are_refused_over_generated_models(pool):
    given = refused = 0
    for parts in product(SPENT if pool == "spent" else ["money"], FLOORS, CAPS, CLAIMS):
        text = HEAD.format(pool=pool, to="0.0001", **dict(zip(("spent", "floor", "cap", "claim"), parts, strict=True)))
        model = model_from_text(text, "model.toml")
        certain = all(said[part] for said, part in zip((SPENT, FLOORS, CAPS, CLAIMS), parts, strict=True))
        try:
            shares = shares_only(model, TABLE).shares
        except AllocationError as error:
            assert [problem.id for problem in error.problems] == ["pools.depends"]
            refused += 1
            continue
        given += 1
        assert certain, parts
        assert sum(shares) == 1
        for total in (1000, 2000, 5_000_000):
            run = run_model(model, TABLE, [Change("money", Fraction(total))])
            amounts = run.amounts("out")
            for share, amount in zip(shares, amounts, strict=True):
                assert abs(share - amount / sum(amounts)) < Fraction(3, PARTS)
    assert given >= 12 and refused > given


def test_the_shipped_fund_has_shares_and_a_fund_with_floors_says_why_not():
    found = find("incentive_fund", Path("inputs/jinzhou_2017.xlsx"), None)
    shares = shares_only(found.model, found.table)
    assert sum(shares.shares) == 1 and "open_total" in shares.keys
    found = find("provincial_fund", None, None)
    with pytest.raises(AllocationError) as told:
        shares_only(found.model, found.table)
    assert "接收单位应得数" in told.value.problems[0].text("zh") and "--pools" in told.value.problems[0].text("en")


@pytest.mark.parametrize(("lang", "mark"), [("zh", "总额未定"), ("en", "total not decided")])
def test_what_is_written_says_so_everywhere_and_holds_no_amount(allocation, folder, lang, mark):
    model = Path("models/reward.toml")
    model.write_text(model.read_text(encoding="utf-8").replace(*FREE), encoding="utf-8")
    told = allocation(f"run reward --shares --set floor_rate=0 --lang {lang}")
    assert told.code == 0 and mark in told.out
    heads, *rows = csv.reader(Path("outputs/reward_shares.csv").read_text(encoding="utf-8-sig").splitlines())
    assert all(mark in row[-1] for row in rows) and len(heads) == 4
    (sheet,) = openpyxl.load_workbook("outputs/reward_shares.xlsx")
    assert mark in sheet["A1"].value and mark in sheet.oddFooter.left.text
    shown = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert len(shown) == len(rows) and all(0 <= share <= 1 for share in shown)


@pytest.mark.parametrize("more", ["--stage 正式稿", "--edition 送县", "--stage 征求意见稿", "--set pool=900"])
def test_nothing_official_comes_of_shares(allocation, folder, more):
    told = allocation(f"run reward --shares {more}")
    assert told.code == 2 and not Path("outputs").exists() and "--shares" in told.err
