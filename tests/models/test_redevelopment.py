"""低效用地再开发 in the land quota: a reward for what was redeveloped, a deduction for a task not done."""

from __future__ import annotations

from worked import decimals, shipped, worked


def town(*settings: str, **more: list):
    """A thousand settled people at 100 m²: 10 ha."""
    figures = {
        "county": ["甲县"], "town_area": ["甲城"], "town_type": ["县城"], "settled_people": [1000],
        "resident_people": [100000], "construction_land": [900], **more,
    }  # fmt: skip
    return worked("land_quota", settings, **figures)


def test_without_the_new_figures_nothing_moves():
    run = town(stock_land=[2])
    assert decimals(run, "claim") == [8] and decimals(run, "quota") == [8]
    land = shipped("land_quota")
    assert land.total("redevelopment_incentive") == land.total("redevelopment_deduction") == 0
    assert [float(value) for value in land.figures("claim")] == [12.4, 16.6, 18, 16.36, 15.8, 8.5, 13.2, 4.5, 2.7]


def test_redeveloped_land_is_rewarded_by_a_tenth_up_to_a_tenth_of_the_linked_scale():
    assert decimals(town(redeveloped_land=[5]), "claim") == [10.5]
    assert decimals(town(redeveloped_land=[50]), "claim") == [11]
    assert decimals(town("redevelopment_limit=30%", redeveloped_land=[50]), "claim") == [13]
    assert decimals(town("incentive_rate=0", redeveloped_land=[50]), "claim") == [10]


def test_a_task_not_done_is_deducted_by_half_up_to_the_same_limit():
    assert decimals(town(redevelopment_task=[1]), "claim") == [9.5]
    assert decimals(town(redevelopment_task=[9]), "claim") == [9]
    both = town(redevelopment_task=[3], redeveloped_land=[2])
    assert decimals(both, "redevelopment_incentive") == [0.2] and decimals(both, "redevelopment_deduction") == [0.5]
    assert decimals(both, "claim") == [9.7] and both.ok


def test_a_task_done_is_not_deducted_and_no_deduction_goes_below_nothing():
    assert decimals(town(redevelopment_task=[2], redeveloped_land=[2]), "redevelopment_deduction") == [0]
    assert decimals(town(redevelopment_task=[9], stock_land=[10]), "claim") == [0]
