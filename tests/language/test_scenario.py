"""Changes: one address grammar, all problems at once, and nothing given is touched."""

from __future__ import annotations

from fractions import Fraction

import pytest
from small_models import model, tables

from allocation.errors import AllocationError
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change, apply_by_year, apply_changes, parse_assignment
from allocation.tables.table import Table

EXAMPLE = {
    "lists": {"origin": ["far", "near"]},
    "over": {"people": "origin", "rate": "origin"},
    "pool": 100,
    "share_of": "10%",
    "rate": {"far": 3, "near": 1},
    "bands_of": [{"up_to": 10, "value": 1}, {"value": 2}],
    "keyed": {"大城市": 0.8, "县（市）": 1},
    "city": ["甲", "甲", "乙"],
    "people": {"far": [1, 2, 3], "near": [4, 5, 6]},
    "money": [10, "—", 30],
    "codes": ["210702", "210726", "210782"],
    "names": ["古塔区", "黑山县", "Beizhen City"],
    "formula": "sum_over(people[origin])",
}
MODEL, TABLES = model(**EXAMPLE), tables(EXAMPLE)
TWO_YEARS = [TABLES[0], type(TABLES[0])(TABLES[0].codes, TABLES[0].names, TABLES[0].values, 2018)]


def changed(*assignments: str | Change, given=TABLES) -> list[tuple]:
    changes = [one if isinstance(one, Change) else parse_assignment(one) for one in assignments]
    return [(c.name, c.key, c.county, c.old, c.new) for c in apply_changes(MODEL, given, changes)[2]]


def problems(*assignments: str | Change, given=TABLES) -> list[str]:
    with pytest.raises(AllocationError) as caught:
        changed(*assignments, given=given)
    assert caught.value.text("zh") and caught.value.text("en")
    return [problem.id.removeprefix("scenario.") for problem in caught.value.problems]


ADDRESSES = {
    "pool=120": [("pool", "", "", 100, 120)],
    " pool = 1,200 ": [("pool", "", "", 100, 1200)],
    "pool=２００": [("pool", "", "", 100, 200)],
    "share_of=55%": [("share_of", "", "", Fraction(1, 10), Fraction(11, 20))],
    "share_of=2/37": [("share_of", "", "", Fraction(1, 10), Fraction(2, 37))],
    "rate[far]=4": [("rate.far", "", "", 3, 4)],
    "rate.far=4": [("rate.far", "", "", 3, 4)],
    "bands_of.2=5": [("bands_of", "2", "", 2, 5)],
    "keyed.大城市=0.9": [("keyed", "大城市", "", Fraction(4, 5), Fraction(9, 10))],
    "keyed.县（市）=2": [("keyed", "县(市)", "", 1, 2)],
    "people[far]@210726=7": [("people.far", "", "210726", 2, 7)],
    "people[far]@黑山县=7": [("people.far", "", "210726", 2, 7)],
    "people[far]@Beizhen City=7": [("people.far", "", "210782", 3, 7)],
    "people[far] @ 黑山县 = 7": [("people.far", "", "210726", 2, 7)],
    "people/far@黑山县=7": [("people.far", "", "210726", 2, 7)],
    "people[near]@city=甲=0": [("people.near", "", "210702", 4, 0), ("people.near", "", "210726", 5, 0)],
    "money@黑山县=9": [("money", "", "210726", None, 9)],
    "city@210782=甲": [("city", "", "210782", "乙", "甲")],
    "people[far]@210726#2017=7": [("people.far", "", "210726", 2, 7)],
}


@pytest.mark.parametrize("assignment", ADDRESSES)
def test_an_address_reaches_what_it_names(assignment):
    assert changed(assignment) == ADDRESSES[assignment]


def test_an_input_without_a_selector_is_changed_in_every_county():
    assert [row[4] for row in changed("people[near]=0")] == [0, 0, 0]


def test_a_change_may_scale_or_add():
    assert changed(Change("pool", Fraction(11, 10), "scale")) == [("pool", "", "", 100, 110)]
    assert changed(Change("people[far]@210702", Fraction(5), "add")) == [("people.far", "", "210702", 1, 6)]


def test_a_year_picks_one_table_and_no_year_all_of_them():
    model_, fresh, _ = apply_changes(MODEL, TWO_YEARS, [parse_assignment("people[far]@210702#2018=9")])
    assert [table.values["people.far"][0] for table in fresh] == [1, 9]
    assert len(changed("people[far]@210702=9", given=TWO_YEARS)) == 2


REFUSED = {
    "pol=1": "unknown",
    "result=1": "is_column",
    "pool=abc": "not_number",
    "pool=1e99999999": "not_number",
    "city@210702=5": "not_text",
    "pool@210702=1": "parameter_selector",
    "pool#2019=1": "no_year",
    "pool.x=1": "no_key",
    "keyed=1": "needs_key",
    "keyed.小城市=1": "no_key",
    "bands_of.3=1": "no_key",
    "people[far]@210799=1": "no_county",
    "people[far]@money=1=1": "no_group",
    "people[far]@city=丙=1": "no_county",
    "people[far]@210702#1999=1": "no_year",
    "people[far=1": "bad_address",
    "pool#20=1": "bad_address",
    "@210702=1": "bad_address",
}


@pytest.mark.parametrize("assignment", REFUSED)
def test_an_address_or_value_that_fits_nothing_is_refused(assignment):
    assert problems(assignment) == [REFUSED[assignment]]


@pytest.mark.parametrize("text", ["pool", "pool=", "=5", ""])
def test_an_assignment_needs_a_name_and_a_value(text):
    with pytest.raises(AllocationError) as caught:
        parse_assignment(text)
    assert caught.value.problems[0].id == "scenario.bad_assignment"


TWICE = [
    ("pool=1", "pool=2"), ("pool=1", " pool =2"), ("rate[far]=1", "rate.far=2"),
    ("people[far]@210726=1", "people[far]@黑山县=2"), ("people[far]=1", "people[far]@黑山县=2"),
    ("people[far]@city=甲=1", "people[far]@210702#2017=2"),
]  # fmt: skip


@pytest.mark.parametrize("pair", TWICE)
def test_one_cell_changed_twice_is_an_error_however_it_is_spelt(pair):
    assert problems(*pair) == ["twice"]


def test_changes_that_do_not_meet_stand_side_by_side():
    assert len(changed("people[far]@210702=1", "people[far]@210726=2", "people[near]@210702=3", "bands_of.1=5")) == 4


def test_all_problems_of_all_changes_are_told_at_once():
    assert problems("pol=1", "pool=200", "pool.x=1", "people[far]@210799=1") == ["unknown", "no_key", "no_county"]


def test_the_nearest_name_is_suggested():
    with pytest.raises(AllocationError, match="'pool'"):
        changed("pol=1")


def test_a_name_that_two_counties_share_needs_the_code():
    twins = [type(TABLES[0])(TABLES[0].codes, ("市中区", "市中区", "b"), TABLES[0].values, 2017)]
    assert problems("people[far]@市中区=1", given=twins) == ["ambiguous"]


def ranged(**keys: object):
    from allocation.policy.loading import model_from_text

    lines = [f"{key} = {str(value).lower()}" for key, value in keys.items()]
    text = "\n".join([
        '[model]\nzh="a"\nen="a"\nbasis=[]\naward="r"',
        '[[parameter]]\nname="p"\nzh="参数"\nen="Parameter one"\nvalue=1\nmin=0\nmax=2',
        '[[input]]\nname="x"\nzh="人数"\nen="People"', *lines,
        '[[column]]\nname="r"\nzh="结果"\nen="r"\nformula="x * p"',
    ])  # fmt: skip
    return model_from_text(text)


def test_a_change_keeps_to_the_declared_range():
    table = tables({"x": [1, 2]})
    outside = {"p=3": "model.out_of_range", "x=-1": "model.out_of_range", "x=1.5": "scenario.not_whole"}
    for text, message in outside.items():
        with pytest.raises(AllocationError) as caught:
            apply_changes(ranged(whole=True, min=0), table, [parse_assignment(text)])
        assert caught.value.problems[0].id == message


@pytest.mark.parametrize("address", ["人数@01", "People@01", "参数", "Parameter one"])
def test_either_label_serves_as_a_name(address):
    assert apply_changes(ranged(), tables({"x": [1, 2]}), [parse_assignment(f"{address}=2")])[2][0].new == 2


def test_the_model_and_the_tables_given_stay_as_they_were():
    before = model(**EXAMPLE)
    assignments = ["pool=1", "rate.far=9", "keyed.大城市=9", "bands_of.1=9", "people[far]=9", "city@210702=乙"]
    first = run_model(MODEL, TABLES)
    run_model(MODEL, TABLES, [parse_assignment(one) for one in assignments])
    assert MODEL.parameters == before.parameters
    assert TABLES[0].values == tables(EXAMPLE)[0].values
    assert run_model(MODEL, TABLES).figures("result") == first.figures("result")


def test_changing_nothing_changes_nothing():
    fresh, given, record = apply_changes(MODEL, TABLES, [])
    assert (fresh, list(given), record) == (MODEL, TABLES, ())


def test_a_changed_run_tells_old_and_new():
    result = run_model(MODEL, TABLES, [parse_assignment("people[far]@210702=11")])
    assert result.figures("result") == (15, 7, 9)
    assert [(c.county, c.old, c.new) for c in result.changed] == [("210702", 1, 11)]


def test_a_scaled_whole_input_is_rounded_to_what_the_table_could_hold():
    table = Table(("1", "2"), ("a", "b"), {"x": (Fraction(97), Fraction(-5))})
    fresh = apply_changes(ranged(whole=True), (table,), [Change("x", Fraction(11, 10), "scale")])[1][0]
    assert fresh.values["x"] == (107, -6)  # −5.5 goes away from zero
    table = table.with_values(x=(Fraction(97), Fraction(1, 4)))
    fresh = apply_changes(ranged(decimals=2), (table,), [Change("x", Fraction(9, 10), "scale")])[1][0]
    assert fresh.values["x"] == (Fraction(873, 10), Fraction(23, 100))


def test_scaling_leaves_blanks_blank_and_scaling_nothing_but_blanks_is_an_error():
    table = Table(("1", "2"), ("a", "b"), {"x": (Fraction(10), None)})
    fresh = apply_changes(ranged(), (table,), [Change("x", Fraction(2), "scale")])[1][0]
    assert fresh.values["x"] == (20, None)
    for change in (Change("x@b", Fraction(2), "scale"), Change("x", Fraction(2), "add")):
        with pytest.raises(AllocationError) as caught:
            apply_changes(ranged(), (table,), [change])
        assert [one.id for one in caught.value.problems] == ["scenario.blank"]


def test_a_parameter_may_differ_by_year_in_a_run_over_several():
    changes = [parse_assignment("share_of#2018=20%"), parse_assignment("people[far]@210702=9")]
    models, fresh, record = apply_by_year(MODEL, TWO_YEARS, changes)
    assert [one.parameters["share_of"].value for one in models] == [Fraction(1, 10), Fraction(1, 5)]
    assert [table.values["people.far"][0] for table in fresh] == [9, 9]
    assert [(one.name, one.year) for one in record] == [("people.far", 2017), ("share_of", 2018), ("people.far", 2018)]
    with pytest.raises(AllocationError) as caught:
        apply_by_year(MODEL, TWO_YEARS, [parse_assignment("pool#2030=1"), parse_assignment("pol=1")])
    assert {one.id for one in caught.value.problems} == {"scenario.no_year", "scenario.unknown"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("本市", "“来源折算系数/本市、当年落户人数/本市”，写作 origin_rate[in_city]、settled[in_city]"),
        ("From within the city", "当年落户人数/本市”，写作 origin_rate[in_city]、settled[in_city]"),
        ("当年落户人数/本", "“当年落户人数/本市”，写作 settled[in_city]"),
        ("当年落户人数", "：settled[cross_province]、settled[in_province]、settled[in_city]"),
        ("poll", "“poll”这个参数或输入；最接近的是“pool”"),
        ("锦州", "没有“锦州”这个参数或输入"),
    ],
)
def test_an_item_or_a_label_typed_nearly_right_is_told_its_address(typed, shown):
    found = find("incentive_fund", None, None)
    with pytest.raises(AllocationError) as caught:
        apply_changes(found.model, [found.table], [parse_assignment(f"{typed}=5%")])
    assert caught.value.text("zh").endswith(shown)


@pytest.mark.parametrize("address", ["money[210702]", "money.210702", "money.b", "money.a.b", "pool[210702]", "pool.a"])
def test_no_part_of_an_address_is_passed_over(address):
    """A county's code in brackets or behind a dot is no `@`: it would change all of them."""
    assert problems(f"{address}=9") in (["unknown"], ["no_key"])
    label = MODEL.inputs["money"].label.zh if address.startswith("money") else MODEL.parameters["pool"].label.zh
    assert problems(f"{label}{address[len(address.split('[')[0].split('.')[0]) :]}=9") in (["unknown"], ["no_key"])
