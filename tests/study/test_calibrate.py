"""Back-tests say how far the model is from what was awarded; calibration finds weights, and says when it cannot."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from allocation.errors import AllocationError
from allocation.lab.calibrate import backtest, calibrate
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change

FOUND = find("incentive_fund", None, None)


def awards(*changes: Change) -> dict[int, dict[str, Fraction]]:
    run = run_model(FOUND.model, FOUND.table, changes)
    return {2017: dict(zip(FOUND.table.codes, run.figures("award"), strict=True))}


def test_a_model_tested_against_its_own_awards_misplaces_nothing_and_against_others_as_much_as_must_move():
    (same,) = backtest(FOUND.model, [FOUND.table], awards())
    assert set(same.errors) == {0}
    assert same.misplaced == 0
    moved = awards()
    moved[2017]["210726"] += 50
    moved[2017]["210702"] -= 50
    (other,) = backtest(FOUND.model, [FOUND.table], moved)
    assert other.misplaced == Fraction(50, 5000)


def test_the_next_years_table_says_what_was_awarded():
    later = replace(FOUND.table, year=2018)
    (test,) = backtest(FOUND.model, [FOUND.table, later])
    assert test.run.table.year == 2017
    assert test.actual == FOUND.table.values["last_award"]
    with pytest.raises(AllocationError) as caught:
        backtest(FOUND.model, [FOUND.table])
    assert [one.id for one in caught.value.problems] == ["calibrate.no_actual"]


def test_weights_that_were_not_published_are_found_again():
    published = awards(Change("weight[settled]", Fraction(1, 2)), Change("weight[service]", Fraction(1, 5)))
    found = calibrate(FOUND.model, [FOUND.table], ["weight[settled]=30%:70%"], published, balance="weight[service]")
    assert found.addresses == ("weight[settled]", "weight.service")
    assert [float(value) for value in found.values] == pytest.approx([0.5, 0.2], abs=0.01)
    assert found.misfit < 1
    assert found.counted == 7
    assert found.spread[0][0] <= Fraction(1, 2) + Fraction(1, 100)


def test_two_figures_with_one_effect_cannot_be_told_apart_and_that_is_said():
    # Mostly the proportions of the origin rates matter: doubling them all moves little.
    ranges = [f"origin_rate[{key}]=0.5:4" for key in ("cross_province", "in_province", "in_city")]
    found = calibrate(FOUND.model, [FOUND.table], ranges, awards())
    assert not found.unique
    assert len(found.loose) == 3
    assert found.equal > 1
    assert found.misfit < 0.5


def test_nothing_to_search_is_an_error():
    with pytest.raises(AllocationError) as caught:
        calibrate(FOUND.model, [FOUND.table], [], awards())
    assert [one.id for one in caught.value.problems] == ["calibrate.no_range"]
