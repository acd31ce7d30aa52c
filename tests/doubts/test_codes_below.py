"""A code begins with that of the unit above: rows under another county, codes of nowhere, towns that no list knows."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import codes, names, register_of, table_of

from allocation.doubts.beside import LAST, Beside, register_listing
from allocation.doubts.codes import code_doubts
from allocation.doubts.doubt import Doubt
from allocation.doubts.last import table_listing
from allocation.doubts.units import unit_doubts
from allocation.policy.loading import model_from_text
from allocation.tables.table import Table

QUICK = settings(max_examples=examples(60), deadline=None)
MODEL = """
[model]
zh = "试"
en = "Trial"
basis = ["试"]
award = "a"
group = "above"
[[input]]
name = "above"
zh = "所属"
en = "Belongs to"
text = true
[[input]]
name = "x"
zh = "数"
en = "Figure"
[[column]]
name = "a"
zh = "额"
en = "Amount"
formula = "x"
"""


@pytest.fixture(scope="module")
def model():
    return model_from_text(MODEL, "试.toml")


Row = tuple[str, str, str]  # code, name, whom it belongs to


def towns_of_a_city(counties: int, chance: random.Random, ending: str = "", serial: bool = False) -> list[Row]:
    """A row of each county itself and two or three of its towns; `ending`: of twelve-digit codes."""
    rows = []
    for code, name in zip(codes(counties, "9907"), names(counties), strict=True):
        rows.append((code + ("-01" if serial else ""), name if chance.random() < 0.5 else name + "县城", name))
        for town in range(1, chance.randint(2, 3) + 1):
            rows.append((f"{code}1{town:02}{ending}" + ("-02" if serial else ""), f"{name[:2]}第{town}镇", name))
    return rows


def districts_of_a_province(cities: int, chance: random.Random) -> list[Row]:
    """Counties below cities: two digits more."""
    rows = []
    for city, name in enumerate(names(cities), start=1):
        for county in range(1, chance.randint(2, 4) + 1):
            rows.append((f"99{city:02}{county:02}", f"{name[:-1]}第{county}县", name[:-1] + "市"))
    return rows


def table(rows: list[Row], year: int = 2018, file: str = "表.csv") -> Table:
    made = table_of([row[0] for row in rows], [row[1] for row in rows], year, file)
    return replace(made, values={"above": tuple(row[2] for row in rows), "x": (Fraction(1),) * len(rows)})


def doubted(model, rows: list[Row], last: list[Row] | None = None, *registers) -> dict[str, Doubt]:
    lists = tuple(map(register_listing, registers))
    before = (table_listing(LAST, table(last, 2017, "上年.csv")),) if last else ()
    beside, one = Beside(listings=before, registers=registers), table(rows)
    return {d.kind: d for d in (*unit_doubts(one, beside, lists), *code_doubts(model, one, beside, lists))}


def under_another(rows: list[Row], chance: random.Random) -> tuple[list[Row], set[str]]:
    at = chance.choice([place for place, row in enumerate(rows) if not row[1].endswith("县城")])
    others = sorted({row[2] for row in rows} - {rows[at][2]})
    wrong = rows.copy()
    wrong[at] = (*rows[at][:2], chance.choice(others))
    return wrong, {rows[at][0]}


def swapped(rows: list[Row], chance: random.Random) -> tuple[list[Row], set[str]]:
    one, two = chance.sample(range(len(rows)), 2)
    wrong = rows.copy()
    wrong[one], wrong[two] = (rows[two][0], *rows[one][1:]), (rows[one][0], *rows[two][1:])
    return wrong, {rows[one][0], rows[two][0]}


def left_out(rows: list[Row], chance: random.Random) -> tuple[list[Row], set[str]]:
    at = chance.randrange(len(rows))
    return [row for place, row in enumerate(rows) if place != at], {rows[at][0]}


def of_nowhere(rows: list[Row], chance: random.Random) -> tuple[list[Row], set[str]]:
    """A code whose part above the last is another's that nobody has."""
    at = chance.choice([place for place, row in enumerate(rows) if row[2] not in row[1]])
    wrong = rows.copy()
    code = rows[at][0][:4] + "99" + rows[at][0][6:]
    wrong[at] = (code, *rows[at][1:])
    return wrong, {code}


def digit_lost(rows: list[Row], chance: random.Random) -> tuple[list[Row], set[str]]:
    at = chance.choice([place for place, row in enumerate(rows) if len(row[0]) > 6])
    wrong = rows.copy()
    wrong[at] = (rows[at][0][:-1], *rows[at][1:])
    return wrong, {rows[at][0][:-1]}


CITIES = st.sampled_from(["", "000", "201"])


@QUICK
@given(st.integers(2, 7), CITIES, st.sampled_from([under_another, swapped, left_out, of_nowhere, digit_lost]),
       st.randoms(use_true_random=False))  # fmt: skip
def test_beside_last_year_s_table_every_slip_of_a_code_is_told_and_a_clean_table_is_not(
    model, counties, ending, slip, chance: random.Random
):
    rows = towns_of_a_city(counties, chance, ending)
    assert doubted(model, rows, rows) == {}
    assert doubted(model, chance.sample(rows, len(rows)), rows) == {}
    wrong, units = slip(rows, chance)
    found = doubted(model, wrong, rows)
    assert found and units <= {unit for one in found.values() for unit in one.units}
    for one in found.values():
        for lang in ("zh", "en"):
            assert one.text(lang)


@QUICK
@given(st.integers(2, 6), st.sampled_from([under_another, swapped, left_out]), st.randoms(use_true_random=False))
def test_so_it_is_of_counties_below_cities(model, cities, slip, chance: random.Random):
    rows = districts_of_a_province(cities, chance)
    assert doubted(model, rows, rows) == {}
    wrong, units = slip(rows, chance)
    found = doubted(model, wrong, rows)
    assert found and units <= {unit for one in found.values() for unit in one.units}


@QUICK
@given(st.integers(2, 7), CITIES, st.booleans(), st.sampled_from([under_another, of_nowhere]),
       st.randoms(use_true_random=False))  # fmt: skip
def test_with_no_list_a_row_under_another_county_is_told_by_its_code_alone(
    model, counties, ending, serial, slip, chance: random.Random
):
    rows = towns_of_a_city(counties, chance, ending, serial)
    assert set(doubted(model, rows)) <= {"unlisted"}
    wrong, units = slip(rows, chance)
    found = doubted(model, wrong)
    assert set(found["codes"].units) == units


@QUICK
@given(st.integers(2, 6), st.randoms(use_true_random=False))
def test_with_no_list_a_county_under_another_city_is_told(model, cities, chance: random.Random):
    rows = districts_of_a_province(cities, chance)
    assert doubted(model, rows) == {}
    wrong, units = under_another(rows, chance)
    found = doubted(model, wrong)
    assert units <= set(found["codes"].units)


def test_districts_that_are_one_town_zones_and_units_that_are_paid_directly_are_no_finding(model):
    rows = [
        ("990702", "东安区", "市区"), ("990703", "西宁区", "市区"), ("990703101", "西郊镇", "市区"),
        ("990703102", "南郊镇", "松山新区"), ("990726", "北流县", "北流县"), ("JZ-BH", "滨海新区", "滨海新区"),
    ]  # fmt: skip
    assert set(doubted(model, rows)) == {"unlisted"}
    paid = [("990100", "甲市本级", "甲市"), ("990101", "甲东县", "甲市"), ("990102", "甲西县", "甲西县")]
    assert doubted(model, paid) == {}


def test_towns_that_no_list_knows_are_told_once_and_those_of_a_register_are_looked_for(model):
    rows = towns_of_a_city(3, random.Random(1))
    counties = [row for row in rows if len(row[0]) == 6]
    of_counties = register_of([row[0] for row in counties], [row[2] for row in counties])
    found = doubted(model, rows, None, of_counties)
    assert set(found) == {"unlisted"} and len(found["unlisted"].units) == len(rows) - 3
    every = register_of([row[0] for row in rows], [row[1] for row in rows])
    assert doubted(model, rows, None, every) == {}
    lost = [row for row in rows if not row[0].startswith("9907021")]
    assert set(doubted(model, lost, None, every)) == {"missing"}
    assert doubted(model, counties, None, every) == {}  # a table of counties lacks no town


def test_what_moved_to_another_county_is_told_with_both(model):
    rows = [("990701101", "东镇", "甲县"), ("990701102", "西镇", "甲县"), ("990702101", "南镇", "乙县")]
    moved = [*rows[:2], ("990702101", "南镇", "丙县")]
    text = doubted(model, moved, rows)["codes"].text("zh")
    assert "丙县" in text and "乙县" in text and "上年.csv" in text


def test_what_a_register_says_a_unit_is_called_by_code_holds_of_a_county_s_only_row(model):
    register = register_of(["990701", "990702"], ["甲县", "乙县"])
    rows = [("990701", "甲县", "甲县"), ("990701-02", "甲县·新增", "乙县")]
    text = doubted(model, rows, None, register)["codes"].text("zh")
    assert "990702" in text and "recipients.csv: A3" in text
    assert "codes" not in doubted(model, [rows[0], ("990702-02", "乙县·新增", "乙县")], None, register)


def test_a_digit_lost_or_doubled_is_told_with_no_list_where_most_codes_have_their_length(model):
    rows = [("990701", "甲县", "甲县"), ("990702", "乙县", "乙县"), ("99073", "丙县", "丙县"), ("JZ-1", "丁", "丁")]
    assert doubted(model, rows)["codes"].units == ("99073",)
    assert doubted(model, [("1001", "甲", "甲"), ("10002", "乙", "乙"), ("10003", "丙", "丙")]) == {}
