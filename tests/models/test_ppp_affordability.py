"""No year of a project's life may take more than a tenth of the general public budget's spending."""

from __future__ import annotations

from worked import decimals, failing, model_of, shipped, worked

YEARS = [f"y{number}" for number in range(1, 11)]


def county(*settings: str, proposed: dict[str, int] | None = None, **more: list):
    each = {f"existing__{year}": [100] for year in YEARS}
    each |= {f"proposed__{year}": [amount] for year, amount in (proposed or {}).items()}
    return worked("ppp_affordability", settings, budget_spending=[1000], **each, **more)


def test_spending_grows_year_by_year_and_the_limit_is_a_tenth_of_it():
    run = county()
    assert [decimals(run, f"spending.{year}") for year in YEARS[:3]] == [[1050], [1102.5], [1157.63]]
    assert [decimals(run, f"limit.{year}") for year in YEARS[:3]] == [[105], [110.25], [115.76]]
    assert decimals(county(own_growth=[0]), "spending.y10") == [1000]


def test_the_room_left_is_that_of_the_tightest_year_and_the_project_passes():
    run = county(proposed={"y3": 10})
    assert decimals(run, "room.y3") == [5.76] and decimals(run, "room_left") == [5]
    assert run.figures("conclusion") == ("通过论证",) and failing(run) == {}


def test_one_year_over_the_line_is_named_and_the_project_does_not_pass():
    run = county(proposed={"y2": 20})
    assert decimals(run, "room_left") == [-9.75] and run.figures("conclusion") == ("未通过论证",)
    assert failing(run) == {"within_y2": ("甲",)} and run.ok
    assert decimals(run, "highest_ratio") == [0.1088]


def test_exactly_a_tenth_is_within_the_line():
    assert failing(county(own_growth=[0])) == {} and decimals(county(own_growth=[0]), "room_left") == [0]


def test_every_year_of_the_list_has_a_check_of_its_own():
    names = {check.name for check in model_of("ppp_affordability").checks}
    assert names == {f"within_{year}" for year in YEARS}


def test_new_projects_after_2022_are_refused_unless_by_reference(allocation):
    name = "ppp_affordability"
    assert allocation(f"check {name} --year 2023").code == 2
    told = allocation(f"check {name} --year 2023 --reference")
    assert told.code == 0 and "参照" in told.out


def test_the_shipped_projects_all_pass():
    run = shipped("ppp_affordability")
    assert failing(run) == {} and min(run.figures("room_left")) == run.figures("room_left")[4] > 0  # 义县
