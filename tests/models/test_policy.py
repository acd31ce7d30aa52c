"""docs/policy.md: a test for every row of its first table, named after the item, on the shipped figures."""

from __future__ import annotations

import re

import pytest
from worked import ROOT, model_of, shipped

TEXT = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT[: TEXT.index("## From the cost")].splitlines()
    if line.startswith("| (")
]
BUILT = [row for row in ROWS if not row[0].startswith("(二十)")]
SHIPPED = {path.stem for path in (ROOT / "models").glob("*.toml")}


def named(cell: str) -> list[str]:
    """Names in backticks, `weight[factor]` as weight."""
    return [name.split("[")[0] for name in re.findall(r"`([^`]+)`", cell)]


def test_every_item_of_the_notice_that_asks_for_figures_has_a_row():
    assert [row[0].split()[0] for row in ROWS] == [
        "(八)", "(八)", "(八)", "(九)", "(十)", "(十)", "(十)", "(十)", "(十一)", "(十一)",
        "(十三)–(十七)", "(十八)", "(十九)", "(二十)",
    ]  # fmt: skip


@pytest.mark.parametrize("row", BUILT, ids=lambda row: row[0])
def test_each_row_names_only_what_its_models_have(row):
    models = [model_of(name) for name in named(row[2]) if name in SHIPPED]
    fronts = [{name.split(".")[0] for name in (*m.parameters, *m.inputs, *m.columns)} for m in models]
    assert models and [name for name in named(row[3]) + named(row[4]) if not any(name in own for own in fronts)] == []


@pytest.mark.parametrize("name", sorted(SHIPPED - {"meadowland"}))
def test_each_shipped_model_says_which_item_it_carries_out(name):
    assert re.fullmatch(r"（[一二三四五六七八九十]+）(至?（[一二三四五六七八九十]+）)?", model_of(name).item)


def increases(run, change: str, name: str, county: str) -> bool:
    row = run.table.names.index(county)
    return shipped(run.model.name, change).figures(name)[row] > run.figures(name)[row]


def test_item_8_more_settled_people_and_more_services_bring_more_of_the_incentive_fund():
    run = shipped("incentive_fund@2017")
    assert run.total("award") == run.figure("pool")
    assert increases(run, "settled[in_city]@黑山县=5000", "award", "黑山县")
    assert increases(run, "service_cost@黑山县=5000", "award", "黑山县")
    assert increases(run, "hardship@黑山县=1.5", "award", "黑山县")


def test_item_8_dynamic_adjustment_phases_earlier_cohorts_out():
    run = shipped("incentive_fund@2017")
    cohorts = [
        run.total(f"cohort_people.{year}") / run.total(f"earlier.{year}") for year in ("year_1", "year_2", "year_3")
    ]
    assert cohorts == sorted(cohorts, reverse=True) and cohorts[0] < 1


def test_item_8_transfers_equalise_the_fiscal_gap():
    run = shipped("equalisation_transfer")
    none = run.table.names.index("太和区")
    assert run.figures("gap")[none] == run.figures("award")[none] == 0
    assert increases(run, "standard_spending@北镇市=190000", "award", "北镇市")


def test_item_9_settled_people_are_a_factor_of_the_infrastructure_subsidy_within_the_caps():
    run = shipped("infrastructure_subsidy")
    assert increases(run, "settled_people@凌河区=4000", "award", "凌河区")
    assert all(award <= cap for award, cap in zip(run.figures("award"), run.figures("cap"), strict=True))


def test_item_10_the_land_quota_follows_settled_people_and_the_standard():
    run = shipped("land_quota")
    assert increases(run, "settled_people@义县县城=3000", "quota", "义县县城")
    assert run.total("quota") + run.figure("unallocated") + run.figure("reserve") == run.figure("plan_total")


def test_item_10_housing_is_served_before_industry():
    run = shipped("land_quota")
    short = shipped("land_quota", "plan_total=20")
    assert run.total("by_use.industry") > short.total("by_use.industry") == 0 < short.total("by_use.housing")


def test_item_10_surplus_of_reclaimed_land_is_transferred_and_kept_apart_from_the_quota():
    run = shipped("surplus_quota")
    assert run.total("sold") == run.total("bought") > 0 and run.total("revenue") == run.total("payment")
    land = shipped("land_quota")
    assert land.figures("quota") == shipped("land_quota", "reclaimed_land@义县县城=80").figures("quota")


def test_item_10_redevelopment_is_rewarded_and_a_task_not_done_deducted():
    land = shipped("land_quota")
    assert increases(land, "redeveloped_land@义县县城=10", "claim", "义县县城")
    row = land.table.names.index("义县县城")
    assert shipped("land_quota", "redevelopment_task@义县县城=10").figures("claim")[row] < land.figures("claim")[row]


def test_item_11_bonds_stay_within_what_was_applied_for_and_serve_shantytowns_and_roads_first():
    run = shipped("bond_limit")
    limits = zip(run.figures("award"), run.figures("applied"), strict=True)
    assert all(award <= applied for award, applied in limits)
    others = zip(run.figures("award"), run.figures("need.shantytown"), run.figures("by_use.shantytown"), strict=True)
    assert all(served == min(need, award) for award, need, served in others)
    listed = [award for award, word in zip(run.figures("award"), run.figures("listed"), strict=True) if word == "是"]
    assert listed == [0]


def test_item_11_ppp_responsibilities_are_held_against_a_tenth_of_spending_every_year():
    run = shipped("ppp_affordability")
    over = shipped("ppp_affordability", "proposed[y3]@义县=20000")
    assert all(check.ok for check in run.checks)
    assert [(check.name, check.counties) for check in over.checks if not check.ok] == [("within_y3", ("义县",))]


def test_items_13_to_17_the_cost_of_services_is_counted_and_feeds_the_incentive_fund():
    run = shipped("public_service_cost")
    assert all(
        run.total(f"cost.{service}") > 0 for service in ("housing", "medical", "pension", "allowance", "schooling")
    )
    assert run.figures("service_cost") == shipped("incentive_fund@2017").figures("service_cost")


def test_item_18_urbanisation_rates_are_given_by_county_and_for_the_city(allocation):
    told = allocation("timeline urbanisation_monitor")
    assert told.code == 0, told.err
    names = ("registered_rate", "resident_rate", "registered_rate_all")
    assert all(model_of("urbanisation_monitor").columns[name].unit.is_percent for name in names)


def test_item_19_the_mid_term_evaluation_is_written(allocation, folder):
    told = allocation("evaluate --year 2018")
    assert told.code == 0, told.err
    assert {path.suffix for path in (folder / "outputs").iterdir()} == {".docx", ".xlsx"}


def test_item_20_every_workbook_can_be_recomputed_for_the_audit(allocation):
    assert allocation("run bond_limit").code == 0
    told = allocation("verify outputs/bond_limit.xlsx")
    assert told.code == 0, told.err + told.out
