"""A main issue sets off what its advance on record gave, unit by unit, or that is a doubt."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation.doubts.advanced import advance_doubts
from allocation.doubts.beside import AdvanceOnRecord
from allocation.policy.loading import load_model
from allocation.tables.reading import read_table
from allocation.texts import Both

MODEL = load_model(Path("models/incentive_fund.toml"))
TABLE = read_table(Path("inputs/jinzhou_2017.xlsx"), MODEL)
AMOUNTS = st.integers(0, 500).map(Fraction)
PAID = st.dictionaries(st.sampled_from(TABLE.codes), AMOUNTS)
SUMS = st.dictionaries(st.sampled_from([*TABLE.codes, "210799"]), AMOUNTS)  # a unit may have left the table since
FINAL = "run reward --year 2017 --stage 正式稿 --date 2017-03-01"


@settings(max_examples=100, deadline=None)
@given(on_record=SUMS, paid=PAID)
def test_a_doubt_names_every_unit_whose_sum_is_another_and_no_more(on_record, paid):
    names = {code: f"单位{code}" for code in on_record}
    doubts = [*advance_doubts(MODEL, TABLE, paid, AdvanceOnRecord(on_record, names, Both("登记", "on record")))]
    other = {code for code in {*on_record, *paid} if on_record.get(code, 0) != paid.get(code, 0)}
    assert len(doubts) == bool(other)
    for doubt in doubts:
        assert {*doubt.units} == other and doubt.kind == "advance"
        assert doubt.problem.id == f"doubts.advance_{'differs' if any(paid.values()) else 'unsettled'}"
        assert doubt.text("zh") and doubt.text("en")


def advanced(allocation, folder: Path) -> dict[str, str]:
    """An advance is issued; by name what each unit had."""
    told = allocation(f"{FINAL} --batch 提前下达 --set pool=500 --reason 提前")
    assert told.code == 0, told.text
    (path,) = (folder / "outputs/versions").glob("*提前下达_正式稿*.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    return {record["names"][code]: amount for code, amount in record["figures"]["awards"].items()}


def write(path: Path, amounts: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["县（市、区）", "提前下达数"], *amounts.items()])


@pytest.mark.parametrize("command", [f"{FINAL} --set pool=1000", "notices reward --year 2017 --set pool=1000"])
def test_a_main_issue_that_settles_nothing_stops(allocation, folder, command):
    advanced(allocation, folder)
    told = allocation(command)
    assert told.code == 2 and "待核事项 advance-" in told.err and "会再付一次" in told.err and "500 万元" in told.err
    assert not list(folder.rglob("reward_2017_正式稿*")) and not list(folder.rglob("*.docx"))


def test_the_sums_on_record_pass_and_two_that_are_exchanged_do_not(allocation, folder):
    amounts = advanced(allocation, folder)
    first, second, *_ = amounts
    write(folder / "提前.csv", {**amounts, first: amounts[second], second: amounts[first]})
    told = allocation(f"{FINAL} --set pool=1000 --advance 提前.csv")
    assert told.code == 2 and "2 个地区写的已提前下达数与留底的提前下达" in told.err
    assert f"{first} {amounts[second]}（留底 {amounts[first]}）" in told.err
    write(folder / "提前.csv", amounts)
    told = allocation(f"{FINAL} --set pool=1000 --advance 提前.csv")
    assert told.code == 0, told.text


def test_another_batch_another_year_and_a_draft_of_an_advance_say_nothing(allocation, folder):
    assert allocation("run reward --year 2017 --stage 送审稿 --batch 提前下达 --set pool=500").code == 0
    assert allocation(f"{FINAL} --set pool=1000").code == 0
    advanced(allocation, folder)
    assert allocation(f"{FINAL} --batch 追加 --set floor_rate=0 --set pool=300").code == 0
    told = allocation("check reward --year 2018 --set pool=1000")
    assert "advance-" not in told.text
