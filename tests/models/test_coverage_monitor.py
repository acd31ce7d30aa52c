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


FARMERS = {"eligible__farmers": [4], "let__farmers": [1]}


def test_families_of_farmers_come_after_low_and_middle_income_households_where_they_are_told():
    run = county(**FARMERS)  # 5 dwellings to let: 4 to households, 1 to farmers, none left
    every = ("households", "farmers", "graduates", "workers")
    assert [decimals(run, f"supplied.{group}")[0] for group in every] == [10, 2, 1, 0]
    assert [decimals(run, f"gap.{group}")[0] for group in every] == [0, 2, 2, 2] and failing(run) == {}
    plain = county()
    assert of_groups(plain, "supplied") == [10, 2, 0] and decimals(plain, "needed.farmers") == [0]


def test_what_is_given_of_farmers_and_of_permit_holders_is_given_in_pairs():
    assert list(failing(county(eligible__farmers=[4]))) == ["farmers_both"]
    assert list(failing(county(registered_has__services=[98]))) == ["gap_both"]
    assert list(failing(county(permit_spending=[1900]))) == ["gap_both"]
    more = county(registered_has__services=[98], permit_has__services=[99])
    assert list(failing(more)) == ["permit_has_within"] and not more.ok


def test_the_gap_of_permit_holders_is_what_registered_people_have_and_they_have_not():
    figures = {
        "registered_has__services": [98], "permit_has__services": [90], "registered_has__conveniences": [19],
        "permit_has__conveniences": [19], "registered_spending": [2500], "permit_spending": [2100.5],
    }  # fmt: skip
    run = county(**figures)
    assert (decimals(run, "services_gap.services"), decimals(run, "services_gap.conveniences")) == ([8], [0])
    assert decimals(run, "spending_gap") == [399.5] and failing(run) == {}
    assert not any(run.model.adds_up(name) for name in ("services_gap.services", "spending_gap"))
