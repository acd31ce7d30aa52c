"""更正: signed differences against what was approved, paid or taken back in a stated year."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attaching import attached

from allocation.errors import AllocationError
from allocation.parts.correction import Approved, owed_after
from allocation.record.record import KeptFigures
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change

FOUND = find("incentive_fund", None, None)
BEFORE = run_model(FOUND.model, FOUND.table)


def approved(**more: Fraction) -> Approved:
    amounts = dict(zip(FOUND.table.codes, BEFORE.figures("award"), strict=True))
    return Approved("正式稿第1稿", amounts | {key.removeprefix("c"): value for key, value in more.items()}, 2019)


def corrected(*changes: Change):
    made = attached(FOUND.model, FOUND.table, correction=approved())
    return run_model(made.model, made.table, [*made.changes, *changes])


def test_nothing_corrected_gives_differences_of_zero():
    run = corrected()
    assert set(run.figures("_difference")) == {0}
    assert set(run.figures("_handling")) == {"不变"}
    assert run.figures(run.model.award) == BEFORE.figures("award")


def test_an_error_in_one_county_is_paid_for_by_the_others():
    run = corrected(Change("settled[in_city]@黑山县", Fraction(1000)))
    rows = dict(
        zip(FOUND.table.names, zip(run.figures("_difference"), run.figures("_handling"), strict=True), strict=True)
    )
    assert rows["黑山县"][0] < 0
    assert rows["黑山县"][1] == "扣回"
    assert rows["义县"][1] == "补发"
    assert run.total("_difference") == 0
    assert run.total("_to_pay") == run.total("_to_recover") > 0
    assert run.figure("_settled_in") == 2019


def test_a_smaller_pool_takes_back_from_everyone():
    run = corrected(Change("pool", Fraction(4000)))
    assert run.total("_difference") == -1000
    assert set(run.figures("_handling")) == {"扣回"}
    assert run.total("_to_recover") == 1000


def test_other_counties_than_those_approved_are_named():
    with pytest.raises(AllocationError) as caught:
        attached(FOUND.model, FOUND.table, correction=approved(c999999=Fraction(1)))
    (problem,) = caught.value.problems
    assert problem.id == "correct.other_counties"
    assert "999999" in problem.text("zh")


ADVANCED = {"古塔区": 620, "黑山县": 900}  # 42 and 27 more than they are due


def settled_and(moved: int, owed: dict[str, Fraction]):
    """The correction of a settlement that gives 黑山县 `moved` more than was approved, and 古塔区 as much less."""
    codes = dict(zip(FOUND.table.names, FOUND.table.codes, strict=True))
    held = approved().amounts
    before = {**held, codes["黑山县"]: held[codes["黑山县"]] - moved, codes["古塔区"]: held[codes["古塔区"]] + moved}
    made = attached(FOUND.model, FOUND.table, correction=Approved("正式稿第1稿", before, 2019, owed))
    run = run_model(made.model, made.table)
    return {
        name: {key: run.figures(key)[row] for key in (*run.model.columns, "_approved")}
        for row, name in enumerate(FOUND.table.names)
    }


def record(run, paid: dict[str, int] | None = None) -> KeptFigures:
    codes = zip(run.table.codes, run.table.names, strict=True)
    inputs = {} if paid is None else {"_advance_paid": {code: str(paid.get(name, 0)) for code, name in codes}}
    return KeptFigures({}, inputs, {}, {code: str(award) for code, award in approved().amounts.items()})


@pytest.mark.parametrize(
    ("moved", "expected"),  # of 黑山县, which owed 27
    [
        (24, {"_offset": 24, "_to_pay": 0, "_to_recover": 0, "_owed_after": 3, "_handling": "抵减待收回"}),
        (30, {"_offset": 27, "_to_pay": 3, "_to_recover": 0, "_owed_after": 0, "_handling": "抵减后补发"}),
        (0, {"_offset": 0, "_to_pay": 0, "_to_recover": 0, "_owed_after": 27, "_handling": "不变"}),
        (-12, {"_offset": 0, "_to_pay": 0, "_to_recover": 12, "_owed_after": 39, "_handling": "加收"}),
    ],
)
def test_what_a_county_is_due_more_is_first_set_off_against_what_it_owes(moved, expected):
    rows = settled_and(moved, owed_after(record(BEFORE, ADVANCED)))
    assert {key: rows["黑山县"][key] for key in expected} == expected
    assert rows["北镇市"]["_owed_after"] == 0
    had = rows["黑山县"]["_approved"] + 27  # what it has had: what it was due, and what it owed
    assert had + rows["黑山县"]["_to_pay"] - rows["黑山县"]["_owed_after"] == rows["黑山县"]["_corrected"]


def test_a_county_that_owes_nothing_is_paid_what_it_is_due_more():
    rows = settled_and(-12, owed_after(record(BEFORE, {"黑山县": 900})))
    assert (rows["古塔区"]["_to_pay"], rows["古塔区"]["_offset"], rows["古塔区"]["_handling"]) == (12, 0, "补发")


def test_what_is_owed_is_carried_from_one_correction_to_the_next():
    assert owed_after(record(BEFORE)) == {}
    awards = {"1": "10", "2": "10"}
    inputs = {
        "_advance_paid": {"1": "99", "2": "99"},
        "_approved": {"1": "4", "2": "13"},
        "_owed_before": {"1": "5", "2": "5"},
    }
    assert owed_after(KeptFigures({}, inputs, {}, awards)) == {"1": 0, "2": 8}


def test_a_correction_of_a_settlement_pays_and_takes_back_only_once(allocation, folder):
    (folder / "提前.csv").write_text("名称,提前下达数\n古塔区,330\n黑山县,100\n", encoding="utf-8")
    told = allocation("run reward --year 2017 --stage 正式稿 --advance 提前.csv --recover-years 3")
    assert told.code == 0 and "待以后年度收回" in told.out, told.text
    told = allocation("correct reward --year 2017 --advance 提前.csv --set settled@古塔区=185 --reason 漏报")
    assert told.code == 0, told.text
    assert "本次下达" not in told.out and "更正后待收回" in told.out
    (row,) = [line.split() for line in told.out.splitlines() if line.startswith("210702")]
    assert row[2:-1] == ["195", "199", "4", "135", "4", "0", "0", "131"]
    assert "原待收回" not in told.out.split("已写出")[0].split("改了")[1]
