"""What is handed out beside last year's: a unit that is wrong by a thousand is said; what did not change is not."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from allocation.allocators import bounded_share
from allocation.errors import AllocationError, Problem
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.texts import show


@pytest.fixture
def unbound(reward):
    """Compared with last year, but without its floors and caps, which would refuse what is wrong before."""
    rates = {"floor_rate": Fraction(0), "cap_rate": Fraction(10**9)}
    fresh = {name: replace(reward.parameters[name], value=value) for name, value in rates.items()}
    return replace(reward, compare_with="last_award", parameters={**reward.parameters, **fresh})


def noted(model, table, factor) -> str:
    last = tuple(value and value * factor for value in table.values["last_award"])
    run = run_model(model, table.with_values(last_award=last))
    return "\n".join(note.text() for note in run.notes if note.id == "run.far_from_before")


@pytest.mark.parametrize(("factor", "doubted"), [(10_000, True), (Fraction(1, 10_000), True), (2, False)])
def test_a_total_a_thousand_times_last_year_s_or_a_thousandth_of_it_is_doubted(unbound, counties, factor, doubted):
    said = noted(unbound, counties[0], factor)
    assert ("相差 1000 倍以上，很可能单位写错。请核对单位" in said) == doubted


def test_the_unit_it_was_read_in_is_named_with_the_cell_that_says_it(unbound, counties):
    slots = {"label": unbound.inputs["last_award"].label, "written": "亿元", "unit": "万元", "line": "P3"}
    table = replace(counties[0], notes=(Problem("tables.converted", slots),))
    assert "很可能单位写错：表中按“亿元”读取（见 P3）。" in noted(unbound, table, 10_000)


def test_a_change_to_what_is_there_already_is_no_change(reward, counties):
    run = run_model(reward, counties, [Change("pool", Fraction(1000)), Change("urban@黑山县", Fraction(1, 2))])
    assert [one.name for one in run.changed] == ["urban"]


def test_where_nothing_bounds_what_is_handed_out_the_message_says_so():
    with pytest.raises(AllocationError) as refused:
        bounded_share(np.array([Fraction(5)]), np.array([1, 1], object), np.array([4, 4], object), None)
    assert [show(one.slots["caps"], "zh") for one in refused.value.problems] == ["无上限"]
