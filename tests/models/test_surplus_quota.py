"""What is reclaimed beyond resettlement and rural needs: sold, bought, and money that closes."""

from __future__ import annotations

import pytest
from worked import decimals, failing, shipped, worked


def three(*settings: str, **more: list):
    """Surpluses 5, 4 and 0 ha."""
    figures = {
        "area_class": ["县", "县", "市辖区"], "reclaimed_land": [10, 6, 0], "resettlement_land": [3, 1, 0],
        "rural_land": [2, 1, 0], "offered": [4, 2, 0], "wanted": [0, 0, 3], **more,
    }  # fmt: skip
    return worked("surplus_quota", settings, **figures)


def test_the_surplus_is_what_resettlement_and_rural_needs_leave():
    run = three()
    assert decimals(run, "surplus") == [5, 4, 0]
    short = three(resettlement_land=[3, 1, 1], wanted=[0, 0, 0])
    assert decimals(short, "surplus") == [5, 4, 0] and failing(short) == {"rural_needs_met": ("丙",)}


def test_sellers_share_what_buyers_want_and_quantities_close():
    run = three()
    assert decimals(run, "sold") == [2, 1, 0] and decimals(run, "bought") == [0, 0, 3]
    assert decimals(run, "usable") == [3, 3, 3] and run.total("usable") == run.figure("surplus_all") == 9
    assert failing(run) == {}


def test_buyers_share_what_is_for_sale_when_they_want_more():
    run = three(offered=[4, 0, 0], wanted=[0, 6, 2], reclaimed_land=[10, 2, 0])
    assert decimals(run, "sold") == [4, 0, 0] and decimals(run, "bought") == [0, 3, 1]


def test_the_price_is_a_mu_and_receipts_equal_payments_to_the_last_hundredth():
    run = three()
    assert decimals(run, "revenue") == [300, 150, 0]  # 2 ha = 30 亩 at 10 万元
    assert decimals(run, "payment") == [0, 0, 450]
    thirds = three(offered=[1, 1, 0], wanted=[0, 0, 0.3333], reclaimed_land=[10, 6, 1])
    assert decimals(thirds, "sold") == [0.1667, 0.1666, 0]
    assert decimals(thirds, "revenue") == [25.01, 24.99, 0] and thirds.total("payment") == thirds.total("revenue") == 50


def test_an_offer_above_the_surplus_counts_for_the_surplus_and_says_so():
    run = three(offered=[40, 0, 0], wanted=[0, 0, 30])
    assert decimals(run, "sold") == [5, 0, 0] and failing(run) == {"offer_within_surplus": ("甲",)} and run.ok


def test_a_county_that_both_sells_and_buys_stops_the_run():
    assert "one_side" in failing(three(wanted=[1, 0, 3])) and not three(wanted=[1, 0, 3]).ok


def test_without_trade_everyone_keeps_the_surplus_and_no_money_moves():
    run = three(wanted=[0, 0, 0])
    assert run.figures("usable") == run.figures("surplus") and run.total("revenue") == run.total("payment") == 0


@pytest.mark.parametrize("price", ["0", "7.77", "10", "33.33"])
def test_the_shipped_transfers_close_at_any_price(price):
    run = shipped("surplus_quota", f"price={price}")
    assert run.ok and run.total("sold") == run.total("bought") and run.total("revenue") == run.total("payment")
    assert run.total("usable") == run.total("surplus")


def test_the_shipped_surplus_is_that_of_the_land_quota_by_county():
    land, here = shipped("land_quota"), shipped("surplus_quota")
    by_county: dict = {}
    for county, surplus in zip(land.figures("county"), land.figures("surplus_quota"), strict=True):
        by_county[county] = by_county.get(county, 0) + surplus
    assert dict(zip(here.table.names, here.figures("surplus"), strict=True)) == by_county
