"""Notice (十三), (十七): dwellings of public rental housing needed and supplied, and who holds a residence permit."""

from __future__ import annotations

from worked import decimals, failing, shipped, worked

GROUPS = ("households", "graduates", "workers")


def county(*settings: str, **more: list):
    figures = {
        "eligible__households": [10], "eligible__graduates": [5], "eligible__workers": [4], "let__households": [6],
        "let__graduates": [1], "let__workers": [0], "to_let": [5], "unsettled": [200], "permit_holders": [150], **more,
    }  # fmt: skip
    return worked("coverage_monitor", settings, area_class=["县"], **figures)


def of_groups(run, family: str) -> list[float]:
    return [decimals(run, f"{family}.{group}")[0] for group in GROUPS]


def test_dwellings_needed_are_households_times_dwellings_a_household_rounded_up():
    assert of_groups(county(), "needed") == [10, 3, 2]  # half a dwelling a graduate: 2.5


def test_dwellings_to_let_serve_low_and_middle_income_households_first():
    run = county()
    assert of_groups(run, "supplied") == [10, 2, 0] and of_groups(run, "gap") == [0, 1, 2]
    assert decimals(run, "gap_all") == [3] and decimals(run, "met_all") == [0.8] and decimals(run, "unlet") == [0]


def test_what_one_group_has_too_much_fills_no_gap_of_another():
    run = county(let__households=[14], to_let=[0])
    assert of_groups(run, "gap") == [0, 2, 2] and list(failing(run)) == ["let_within"] and run.ok


def test_dwellings_that_nobody_needs_stay_unlet_and_where_nothing_is_needed_all_is_met():
    run = county(to_let=[50])
    assert decimals(run, "unlet") == [42] and decimals(run, "met_all") == [1]
    none = {f"{family}__{group}": [0] for family in ("eligible", "let") for group in GROUPS}
    assert decimals(county(**none), "met_all") == [1]


def test_coverage_of_permits_is_holders_by_the_unsettled_and_more_holders_are_a_warning():
    run = county()
    assert decimals(run, "permit_coverage") == [0.75] and decimals(run, "without_permit") == [50]
    assert list(failing(county(permit_holders=[201]))) == ["permits_within"]
    assert decimals(county(unsettled=[0], permit_holders=[0]), "permit_coverage") == [1]


def test_the_shipped_table_closes():
    run = shipped("coverage_monitor")
    assert run.ok and failing(run) == {}
    assert run.total("needed_all") - run.total("gap_all") == run.total("supplied_all")
