"""People served × standard, who bears it, and how the cost reaches the incentive fund."""

from __future__ import annotations

import csv

import openpyxl
from worked import ROOT, decimals, failing, shipped, worked

COLUMN = "为落户人口提供基本公共服务支出（万元）"


def small(*settings: str, **more: list):
    figures = {"settled_people": [4], "served__housing": [3], "served__medical": [7], **more}
    return worked("public_service_cost", settings, area_class=["县"], **figures)


def test_the_cost_is_people_served_times_the_standard_rounded_and_then_added():
    run = small()
    assert decimals(run, "cost.housing") == [0.72]  # 3 × 2,400 元
    assert decimals(run, "cost.medical") == [0.32]  # 7 × 450 = 3,150 元
    assert decimals(run, "total_cost") == decimals(run, "service_cost") == [1.04]
    assert decimals(run, "cost_per_settled") == [2600]


def test_province_city_and_county_bear_amounts_that_add_up_to_the_cost():
    run = small()
    assert decimals(run, "exact_borne.province") == [0.128] and decimals(run, "exact_borne.city") == [0.28]
    assert [decimals(run, f"borne.{payer}") for payer in ("province", "city", "county")] == [[0.13], [0.28], [0.63]]
    assert failing(run) == {}


def test_a_county_s_own_standard_goes_before_the_common_one():
    assert decimals(small(own_standard__housing=[1000]), "cost.housing") == [0.3]


def test_residence_permits_are_a_cost_but_not_one_of_settled_people_unless_counted():
    served = {"served__permit": [1000]}
    run = small(**served)
    assert (decimals(run, "total_cost"), decimals(run, "service_cost")) == ([6.04], [1.04])
    assert decimals(small("counted[permit]=1", **served), "service_cost") == [6.04]


def test_the_pension_of_who_was_over_60_before_settling_is_borne_where_they_were_registered():
    served = {"served__pension": [10]}
    assert (
        decimals(small(**served), "cost.pension")
        == [1]
        == decimals(small(settled_over_60=[0], **served), "cost.pension")
    )
    run = small(settled_over_60=[4], **served)
    assert decimals(run, "pension_here") == [6] and decimals(run, "cost.pension") == [0.6] and run.ok
    assert set(failing(small(settled_over_60=[11], **served))) == {"over_60_within"}


def test_shares_above_the_whole_and_a_half_counted_service_are_refused():
    assert set(failing(small("province_share[medical]=90%"))) == {"shares_within"}
    assert set(failing(small("counted[housing]=0.5"))) == {"counted_switch"}


def test_a_cost_without_settled_people_is_a_warning_that_names_the_county():
    run = small(settled_people=[0])
    assert run.ok and failing(run) == {"cost_without_people": ("甲",)} and decimals(run, "cost_per_settled") == [0]


def test_the_shipped_costs_are_the_spending_in_the_shipped_table_of_the_incentive_fund():
    fund = shipped("incentive_fund@2017")
    assert shipped("public_service_cost").figures("service_cost") == fund.figures("service_cost")


def figures_of(file, column: str) -> dict[str, str]:
    with file.open(encoding="utf-8-sig") as lines:
        return {row["行政区代码"]: row[column] for row in csv.DictReader(lines)}


def test_the_documented_commands_bring_the_cost_into_the_incentive_fund(allocation, folder):
    assert allocation("run public_service_cost --set standard[schooling]=4500").code == 0
    costs = figures_of(folder / "outputs/public_service_cost.csv", COLUMN)
    assert costs["210702"] == "1950"  # 390 万元 more than shipped: 2,600 pupils × 1,500 元
    book = openpyxl.load_workbook(ROOT / "inputs" / "jinzhou_2017.xlsx", data_only=True)
    sheet = book["市民化奖励资金"]
    place = next(cell.column for cell in sheet[4] if cell.value == "为落户人口提供基本公共服务支出")
    for (code,) in sheet.iter_rows(min_row=6, max_row=12, max_col=1):
        sheet.cell(code.row, place, float(costs[code.value]))
    sheet.cell(13, place, sum(map(float, costs.values())))
    book.save(folder / "奖励资金.xlsx")
    assert allocation("run incentive_fund --input 奖励资金.xlsx --set pool=5000 --out pasted").code == 0
    changes = " ".join(f"--set service_cost@{code}={cost}" for code, cost in costs.items())
    assert allocation(f"run incentive_fund {changes} --out changed").code == 0
    assert allocation("run incentive_fund --out shipped").code == 0
    pasted, changed, before = (
        figures_of(folder / place / "incentive_fund.csv", "分配额（万元）")
        for place in ("pasted", "changed", "shipped")
    )
    assert pasted == changed != before and sum(map(int, pasted.values())) == 5000
