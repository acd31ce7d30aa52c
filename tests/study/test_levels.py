"""Province, city, county in one run: every level closes to the unit, and one run's award is another's pool."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import pytest
from attaching import attached
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation.errors import AllocationError
from allocation.record.record import CheckKept, Record, TableKept, Totals, as_json, to_json
from allocation.record.recording import record_of
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change

FOUND = find("provincial_fund", None, None)


def test_the_shipped_province_has_fourteen_cities_a_hundred_counties_and_two_it_manages_itself():
    names = FOUND.table.names
    assert sum(not name.endswith("市本级") for name in names) == 100
    payees = FOUND.table.values["payee"]
    assert len({payee for payee in payees if payee.endswith("市")}) == 14
    assert sum(payee == name for payee, name in zip(payees, names, strict=True)) == 2
    assert FOUND.table.illustrative


@settings(max_examples=examples(10), deadline=None)
@given(st.integers(0, 400_000), st.integers(0, 100), st.integers(0, 100))
def test_every_level_closes(pool, weight, floor):
    changes = [Change("pool", Fraction(pool)), Change("settled_weight", Fraction(weight, 100))]
    if 100 * pool >= floor * sum(FOUND.table.values["last_award"]):
        changes.append(Change("hold_harmless", Fraction(floor, 100)))
    else:
        changes.append(Change("hold_harmless", Fraction(0)))
    run = run_model(FOUND.model, FOUND.table, changes)
    assert run.ok
    awards, cities, payees = run.figures("award"), run.figures("payee_award"), FOUND.table.values["payee"]
    sums: dict[str, Fraction] = defaultdict(Fraction)
    given_: dict[str, Fraction] = defaultdict(Fraction)
    for award, city, payee in zip(awards, cities, payees, strict=True):
        sums[payee] += award
        given_[payee] += city
    assert sums == given_
    assert sum(awards) == sum(cities) == pool
    assert all(value.denominator == 1 for value in awards)
    assert sum(1 for value in run.figures("first") if value) == len(sums)


def test_a_citys_pool_is_what_the_province_gave_it_and_the_three_levels_close(tmp_path):
    province = run_model(FOUND.model, FOUND.table)
    path = tmp_path / "province.json"
    path.write_text(to_json(record_of(province).sealed), encoding="utf-8")
    city = find("incentive_fund", None, None)
    handed = attached(city.model, replace(city.table, year=None), pool_from=f"{path}@宁河市")
    run = run_model(city.model, handed.table, handed.changes)
    rows = zip(province.table.values["payee"], province.figures("payee_award"), strict=True)
    assert run.total("award") == sum(value for payee, value in rows if payee == "宁河市")
    one = attached(city.model, city.table, pool_from=f"{path}@990101")
    assert one.changes[0].value == province.figures("award")[province.table.codes.index("990101")]
    assert run.part("pool_from") and handed.table.illustrative
    assert "chains.other_year" not in [note.id for note in handed.table.notes]
    later = attached(city.model, city.table, pool_from=f"{path}@宁河市").table
    assert [note.id for note in later.notes][-1] == "chains.other_year"


GOOD = as_json(Record("run", inputs=(TableKept(year=2024),), awards={"1": "5"}, totals=Totals("5", "万元")))
FAILED = as_json(CheckKept("closing", "error", False))


def test_a_run_that_gave_to_one_needs_no_name(tmp_path):
    (tmp_path / "x.json").write_text(json.dumps(GOOD), encoding="utf-8")
    found = find("incentive_fund", None, None)
    assert attached(found.model, found.table, pool_from=tmp_path / "x.json").changes[0].value == 5


@pytest.mark.parametrize(
    ("content", "at", "message"),
    [
        ({}, "", "chains.no_manifest"),
        ([], "", "chains.no_manifest"),
        (GOOD | {"awards": {"1": None}}, "@1", "chains.no_manifest"),
        (GOOD, "@2", "chains.unknown"),
        (GOOD | {"awards": {"1": "5", "2": "6"}, "totals": as_json(Totals("11", "万元"))}, "", "chains.whose"),
        (GOOD | {"awards": {"1": "9"}}, "@1", "chains.edited"),
        (GOOD | {"groups": {"甲": "4"}}, "@1", "chains.edited"),
        (GOOD | {"totals": as_json(Totals("5", "公顷"))}, "@1", "chains.unit"),
        (as_json(Record("run").sealed) | GOOD, "@1", "chains.edited"),
        (GOOD | {"exact": False}, "@1", "chains.unfit"),
        (GOOD | {"reference": True}, "@1", "chains.unfit"),
        (GOOD | {"checks": [FAILED]}, "@1", "chains.unfit"),
    ],
)
def test_a_manifest_that_does_not_serve_is_a_message(tmp_path, content, at, message):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    found = find("incentive_fund", None, None)
    with pytest.raises(AllocationError) as caught:
        attached(found.model, found.table, pool_from=f"{path}{at}")
    assert [one.id for one in caught.value.problems] == [message]
