"""财预〔2022〕58号: the gap of standard spending and revenue, a coefficient that spends the fund, floors and growth."""

from __future__ import annotations

from fractions import Fraction

import pytest
from worked import decimals, failing, shipped, worked


def three(*settings: str, pool: int = 50, **more: list):
    """Gaps 40, 60 and none."""
    figures = {
        "area_class": ["县", "县", "区"], "standard_spending": [100, 90, 50], "standard_revenue": [60, 30, 70], **more,
    }  # fmt: skip
    return worked("equalisation_transfer", (f"pool={pool}", *settings), **figures)


def test_the_transfer_is_the_gap_times_the_coefficient_that_spends_the_fund():
    run = three()
    assert decimals(run, "gap") == [40, 60, 0] and run.figure("coefficient") == Fraction(1, 2)
    assert decimals(run, "award") == [20, 30, 0] and failing(run) == {}


def test_a_county_without_a_gap_gets_none_even_if_it_had_some_last_year():
    assert decimals(three(last_award=[None, None, 10]), "award") == [20, 30, 0]


def test_revenue_equal_to_spending_is_no_gap():
    assert decimals(three(standard_revenue=[60, 30, 50]), "gap") == [40, 60, 0]


def test_hold_harmless_lifts_a_county_to_nine_tenths_of_last_year():
    run = three(last_award=[30, None, None])
    assert decimals(run, "award") == [27, 23, 0] and decimals(run, "top_up") == [7, 0, 0]
    assert decimals(three("hold_harmless=0", last_award=[30, None, None]), "award") == [20, 30, 0]


def test_growth_is_capped_while_the_switch_is_on():
    last = {"last_award": [None, 20, None]}
    assert decimals(three(**last), "award") == [26, 24, 0]
    assert decimals(three("growth_cap_on=0", **last), "award") == [20, 30, 0]


def test_hardship_moves_the_shares_and_not_the_total():
    assert decimals(three(hardship=[1.5, 1, 1]), "award") == [25, 25, 0]


def test_no_county_gets_more_than_its_gap_and_the_rest_is_shown():
    run = three(pool=200)
    assert decimals(run, "award") == [40, 60, 0] and run.figure("unallocated") == 100
    assert list(failing(run)) == ["all_allocated"] and run.ok


def test_nothing_is_issued_where_nobody_has_a_gap():
    run = three(standard_revenue=[100, 90, 70])
    assert run.total("award") == 0 and run.figure("coefficient") == 0 and run.ok


@pytest.mark.parametrize("setting", ["pool=95000", "pool=120000", "growth_cap=105%", "hold_harmless=0"])
def test_the_shipped_table_closes_down_and_across(setting):
    run = shipped("equalisation_transfer", setting)
    assert run.ok and run.total("award") + run.figure("unallocated") == run.figure("pool")
    parts = [run.figures(name) for name in ("preliminary", "top_up", "redistribution", "tail")]
    assert tuple(sum(row) for row in zip(*parts, strict=True)) == run.figures("award")
    assert all(gap > 0 or award == 0 for gap, award in zip(run.figures("gap"), run.figures("award"), strict=True))
