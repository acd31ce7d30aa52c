"""更正: signed differences against what was approved, paid or taken back in a stated year."""

from __future__ import annotations

from fractions import Fraction

import pytest

from allocation.errors import AllocationError
from allocation.finding import find
from allocation.run import run_model
from allocation.scenario import Change
from allocation.study.corrections import Approved
from allocation.study.extending import extend

FOUND = find("incentive_fund", None, None)
BEFORE = run_model(FOUND.model, FOUND.table)


def approved(**more: Fraction) -> Approved:
    amounts = dict(zip(FOUND.table.codes, BEFORE.figures("award"), strict=True))
    return Approved("正式稿第1稿", amounts | {key.removeprefix("c"): value for key, value in more.items()}, 2019)


def corrected(*changes: Change):
    made = extend(FOUND.model, FOUND.table, approved=approved())
    return run_model(made.model, made.table, [*made.changes, *changes])


def test_nothing_corrected_gives_differences_of_zero():
    run = corrected()
    assert set(run.figures("difference")) == {0}
    assert set(run.figures("handling")) == {"不变"}
    assert run.figures(run.model.award) == BEFORE.figures("award")


def test_an_error_in_one_county_is_paid_for_by_the_others():
    run = corrected(Change("settled[in_city]@黑山县", Fraction(1000)))
    rows = dict(
        zip(FOUND.table.names, zip(run.figures("difference"), run.figures("handling"), strict=True), strict=True)
    )
    assert rows["黑山县"][0] < 0
    assert rows["黑山县"][1] == "扣回"
    assert rows["义县"][1] == "补发"
    assert run.total("difference") == 0
    assert run.total("to_pay") == run.total("to_recover") > 0
    assert run.figure("settled_in") == 2019


def test_a_smaller_pool_takes_back_from_everyone():
    run = corrected(Change("pool", Fraction(4000)))
    assert run.total("difference") == -1000
    assert set(run.figures("handling")) == {"扣回"}
    assert run.total("to_recover") == 1000


def test_other_counties_than_those_approved_are_named():
    with pytest.raises(AllocationError) as caught:
        extend(FOUND.model, FOUND.table, approved=approved(c999999=Fraction(1)))
    (problem,) = caught.value.problems
    assert problem.id == "correct.other_counties"
    assert "999999" in problem.text("zh")
