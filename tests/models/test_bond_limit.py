"""财预〔2017〕35号: score, what was applied for, the fluctuation band, risk, and the order of use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worked import decimals, failing, model_of, shipped, worked

from allocation.run.run import run_model
from allocation.run.scenario import parse_assignment


def two(*settings: str, **more: list):
    """Scores (100 + 100) × 1.2 and 300 × 1.2: 40 % and 60 % of 100."""
    figures = {
        "level": ["县级", "县级"], "fiscal_capacity": [1000, 3000], "major_spending": [500, 0],
        "debt_balance": [500, 1500], "comprehensive_capacity": [1000, 3000], "applied": [100, 100], **more,
    }  # fmt: skip
    special = () if any("special_pool" in setting for setting in settings) else ("special_pool=0",)
    return worked("bond_limit", ("pool=100", *special, *settings), **figures)


def test_the_limit_is_capacity_and_major_projects_by_their_coefficients_times_the_risk_coefficient():
    run = two()
    assert decimals(run, "base") == [240, 360] and decimals(run, "preliminary") == [40, 60]
    assert decimals(run, "award") == [40, 60] and failing(run) == {}


def test_no_county_gets_more_than_it_applied_for_and_the_others_get_the_rest():
    assert decimals(two(applied=[100, 50]), "award") == [50, 50]


def test_growth_stays_within_the_fluctuation_band_and_a_county_without_a_last_limit_has_none():
    assert decimals(two(last_limit=[20, None]), "award") == [26, 74]  # 130 % of 20
    assert decimals(two(last_limit=[100, None]), "award") == [50, 50]  # 50 % of 100
    assert decimals(two(last_limit=[100, None], applied=[45, 100]), "award") == [45, 55]  # never above the application


def test_performance_and_application_adjustments_are_added_and_the_total_is_unchanged():
    run = two(performance_adjustment=[5, -5], application_adjustment=[0, 0])
    assert decimals(run, "claim") == [45, 55] == decimals(run, "award")
    assert decimals(two(performance_adjustment=[-100, 0]), "award") == [0, 100]
    assert decimals(two(application_adjustment=[20, 0]), "award") == [50, 50]  # 60 : 60
    parts = ("preliminary", "performance_adjustment", "application_adjustment", "adjustment")
    added = two(application_adjustment=[20, 0])
    assert [sum(row) for row in zip(*(decimals(added, name) for name in parts), strict=True)] == [50, 50]


def test_the_warning_line_is_110_per_cent_for_the_city_and_100_for_a_county():
    run = two(level=["市级", "县级"], debt_balance=[1050, 3150])
    assert decimals(run, "debt_ratio") == [1.05, 1.05] and decimals(run, "line") == [1.1, 1]
    assert decimals(run, "risk_coefficient") == [0.6, 0] and decimals(run, "award") == [100, 0]
    assert failing(run) == {"below_warning_line": ("甲", "乙")} and run.ok  # 115 % and 105 % with the new limit
    assert decimals(two(debt_balance=[500, 3000]), "risk_coefficient") == [1.2, 0.6]  # 100 % is not yet over it


def test_a_listed_county_gets_nothing_whatever_its_ratio_its_floor_and_its_adjustments():
    run = two(listed=["是", "否"], last_limit=[50, 90], performance_adjustment=[9, 0])
    assert decimals(run, "award") == [0, 100] and run.ok


def test_what_the_caps_cannot_take_is_shown_as_unallocated():
    run = two(applied=[10, 20])
    assert decimals(run, "award") == [10, 20] and run.figure("unallocated") == 70
    assert list(failing(run)) == ["all_allocated"] and run.ok


def test_nothing_is_issued_where_every_county_is_listed():
    run = two(listed=["是", "是"], last_limit=[50, 50])
    assert decimals(run, "award") == [0, 0] and run.figure("unallocated") == 100 and run.ok


def test_shantytowns_come_first_then_roads_then_other_works():
    run = two(need__shantytown=[30, 10], need__roads=[20, 10], need__other=[50, 10])
    uses = [decimals(run, f"by_use.{use}") for use in ("shantytown", "roads", "other")]
    assert uses == [[30, 10], [10, 10], [0, 10]] and decimals(run, "unassigned") == [0, 30]


@pytest.mark.parametrize("setting", ["pool=40000", "pool=50000", "highest_growth=105%", "lowest_growth=90%"])
def test_the_shipped_table_closes_within_its_bounds(setting):
    run = shipped("bond_limit", setting)
    assert run.ok and run.total("award") + run.figure("unallocated") == run.figure("pool")
    bounds = zip(run.figures("floor"), run.figures("award"), run.figures("cap"), strict=True)
    assert all(floor <= award <= cap for floor, award, cap in bounds)
    assert all(award <= most for award, most in zip(run.figures("award"), run.figures("applied"), strict=True))


def kinds(run) -> list[list[float]]:
    return [decimals(run, f"by_debt.{debt}") for debt in ("general", "special", "unsplit")]


def test_without_what_was_applied_for_by_kind_the_limit_is_not_told_apart():
    assert kinds(two()) == [[0, 0], [0, 0], [40, 60]]


def test_general_and_special_debt_are_told_apart_within_what_was_applied_for_and_the_limit_stays():
    run = two("special_pool=50", applied_special=[50, 50])
    assert kinds(run) == [[20, 30], [20, 30], [0, 0]] and decimals(run, "award") == [40, 60] and failing(run) == {}
    tight = two("special_pool=58", applied=[100, 65], applied_special=[10, 50])
    assert kinds(tight) == [[32, 10], [8, 50], [0, 0]]  # no more special debt than the second applied for
    general = two("special_pool=10", applied=[100, 65], applied_special=[10, 60])
    assert kinds(general) == [[40, 5], [0, 55], [0, 0]] and list(failing(general)) == ["special_issued_all"]


BANDS = model_of("bond_limit").parameters["risk_bands"]
ALIKE = replace(BANDS, bands=tuple(replace(band, value=1) for band in BANDS.bands))
OVER = {"debt_balance": [1500, 1500], "applied_special": [50, 50]}  # the first is over its line


def over_with_a_limit(*changes: float):
    """Both at 50 of 100, the first over its line with a coefficient of its own; special debt 25 each before changes."""
    model = replace(model_of("bond_limit"), parameters=model_of("bond_limit").parameters | {"risk_bands": ALIKE})
    figures = {
        "level": ["县级", "县级"], "fiscal_capacity": [1000, 1000], "major_spending": [0, 0],
        "comprehensive_capacity": [1000, 3000], "applied": [80, 80], "structure_change": [*changes], **OVER,
    }  # fmt: skip
    run = worked("bond_limit", ("pool=100",), **figures)
    return run_model(model, run.table, [parse_assignment("pool=100"), parse_assignment("special_pool=50")])


def test_a_region_over_the_warning_line_exchanges_kinds_and_its_total_stays():
    run = over_with_a_limit(4, 0)
    assert kinds(run) == [[29, 25], [21, 25], [0, 0]] and decimals(run, "award") == [50, 50]
    assert failing(run) == {"structure_balanced": (), "below_warning_line": ("甲",)}
    assert "structure_over_line" in failing(over_with_a_limit(4, 3))


def test_a_change_of_structure_goes_as_far_as_what_was_applied_for_and_the_rest_is_told():
    more = over_with_a_limit(9, 0)  # 30 of general debt were applied for, 50 of special
    assert kinds(more)[0][0] == 30 and decimals(more, "structure_unmet") == [4, 0]
    assert failing(more)["structure_met"] == ("甲",) and more.ok
    less = over_with_a_limit(-30, 0)
    assert kinds(less)[:2] == [[0, 25], [50, 25]] and decimals(less, "structure_unmet") == [-5, 0]


@pytest.mark.parametrize("change", [500, -500])
def test_a_region_without_a_limit_has_no_structure_to_change(change):
    run = two("special_pool=50", structure_change=[change, 0], **OVER)
    assert kinds(run) == [[0, 50], [0, 50], [0, 0]] and decimals(run, "structure_unmet") == [change, 0]
    assert failing(run)["structure_met"] == ("甲",)


def test_the_order_of_use_is_the_same_with_the_kinds_told_apart():
    need = {"need__shantytown": [30, 10], "need__roads": [20, 10], "need__other": [50, 10]}
    apart = two("special_pool=50", applied_special=[50, 50], **need)
    for use in ("shantytown", "roads", "other"):
        assert decimals(apart, f"by_use.{use}") == decimals(two(**need), f"by_use.{use}")
