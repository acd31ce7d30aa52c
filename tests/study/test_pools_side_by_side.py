"""Several pools while no total is known: each run is what --set gives, and every page says 总额未定."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from allocation.analysis.pools import amounts, side_by_side, the_pool
from allocation.errors import AllocationError
from allocation.policy.loading import load_model
from allocation.run.decisions import held_back
from allocation.run.finding import find
from allocation.run.marks import mark_keys
from allocation.run.run import run_model
from allocation.run.scenario import Change

WITH_POOL = ("bond_limit", "equalisation_transfer", "incentive_fund", "infrastructure_subsidy", "land_quota",
             "meadowland", "provincial_fund", "地方奖补")  # fmt: skip
WRONG = ("5,000,6,000", "5000", "5000,5000", "5000,很多", "5000,60人", ",".join("123456789abcd"))


@pytest.mark.parametrize("name", WITH_POOL)
def test_each_pool_gives_what_setting_it_gives_whatever_the_model_calls_it(name):
    found = find(name, None, None)
    entry = the_pool(found.model)
    pools = [Fraction(entry.value), Fraction(entry.value) + 2]
    result = side_by_side(found.model, (found.table,), [",".join(map(str, pools))])
    for place, (run, pool) in enumerate(zip(result.runs, pools, strict=True)):
        set_to = run_model(found.model, found.table, [Change(entry.name, pool)])
        assert result.awards(place) == set_to.amounts(found.model.award)
        assert "open_total" in mark_keys(run)
        assert "case.undecided" in [problem.id for problem in held_back(run, "final", outside=True)]
    assert found.model.parameters[entry.name] == entry


@pytest.mark.parametrize(("typed", "read"), [
    ("5000,6000", [5000, 6000]), ("5000，6000、7000", [5000, 6000, 7000]), ("0.5亿元 6000万元", [5000, 6000]),
])  # fmt: skip
def test_pools_are_read_as_people_type_them(typed, read):
    model = load_model(Path("models/incentive_fund.toml"))
    assert amounts(model, the_pool(model), [typed]) == read


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_list_of_pools_is_told(typed):
    model = load_model(Path("models/incentive_fund.toml"))
    with pytest.raises(AllocationError) as told:
        amounts(model, the_pool(model), [typed])
    assert all(problem.text("zh") and problem.text("en") for problem in told.value.problems)


@pytest.mark.parametrize("name", ["urbanisation_monitor", "surplus_quota"])
def test_a_model_without_a_pool_that_a_bureau_gives_says_so(name):
    with pytest.raises(AllocationError) as told:
        the_pool(load_model(Path(f"models/{name}.toml")))
    assert [problem.id for problem in told.value.problems] == ["pools.no_pool"]


@pytest.mark.parametrize(("lang", "mark"), [("zh", "总额未定"), ("en", "total not decided")])
def test_every_page_and_row_says_that_no_total_is_known_and_which_pool_is_which(allocation, folder, lang, mark):
    told = allocation(f"compare reward --pools 900,1000 --lang {lang}")
    assert told.code == 0 and mark in told.out
    assert allocation("verify outputs/reward_pools.xlsx").code == 0
    heads, *rows = csv.reader(Path("outputs/reward_pools.csv").read_text(encoding="utf-8-sig").splitlines())
    assert all(mark in row[-1] for row in rows) and [("900" in head, "1000" in head) for head in heads[2:-1]] == [
        (True, False), (True, False), (False, True), (False, True)
    ]  # fmt: skip
    book = openpyxl.load_workbook("outputs/reward_pools.xlsx")
    silent = [
        sheet.title for sheet in book if sheet.sheet_state == "visible"
        and not any(mark in str(cell.value) for row in sheet.iter_rows() for cell in row)
        and mark not in "".join(str(part.text) for part in (sheet.oddHeader.left, sheet.oddHeader.center,
                                                            sheet.oddHeader.right, sheet.oddFooter.left))
    ]  # fmt: skip
    assert silent == []


def test_pools_and_scenarios_do_not_go_together_and_nothing_is_written(allocation, folder):
    told = allocation("compare reward two.toml --pools 900,1000")
    assert told.code == 2 and "two.toml" in told.err and not Path("outputs").exists()
