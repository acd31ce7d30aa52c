"""Notice (八): scale and structure follow numbers, and movement between town and country and between areas."""

from __future__ import annotations

from worked import decimals, failing, worked

AREAS = {"settled__cross_province": [100, 100], "settled__in_province": [100, 100], "settled__in_city": [100, 100],
         "hardship": [1, 1]}  # fmt: skip
SETTINGS = ("pool=1200", "base_people=600")


def fund(*settings: str, **moved: list):
    return worked("dynamic_fund", (*SETTINGS, *settings), **AREAS, **moved)


def test_without_figures_of_movement_neither_scale_nor_structure_changes_whatever_the_parameters():
    for settings in ((), ("per_moved=9", "flow_follow=100%", "flow_limit=0%")):
        run = fund(*settings)
        assert decimals(run, "award") == [600, 600] and run.figure("pool_now") == 1200 and failing(run) == {}


def test_the_scale_follows_net_inflow_between_town_and_country_and_between_areas():
    run = fund("per_moved=0.5", moved_in__town_country=[40, 20], moved_out__areas=[10, 10])
    assert run.figure("pool_now") == 1220  # 60 − 20 people


def test_the_structure_follows_where_people_move_within_the_limits():
    run = fund("per_moved=0", moved_in__areas=[60, 0], moved_out__areas=[0, 60])
    assert decimals(run, "net_moved.areas") == [60, -60] and decimals(run, "flow_factor") == [1.04, 0.96]
    assert decimals(run, "award") == [625, 575]  # each origin rounded to the unit
    assert decimals(fund("flow_limit=10%", moved_in__areas=[60, 0]), "flow_factor") == [1.02, 1]


def test_a_county_where_nobody_settled_has_no_rate_of_movement():
    nobody = {name: [100, 0] if name.startswith("settled") else values for name, values in AREAS.items()}
    assert decimals(worked("dynamic_fund", SETTINGS, **nobody, moved_in__areas=[0, 5]), "flow_factor") == [1, 1]
