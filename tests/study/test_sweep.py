"""What a sweep runs: every combination of a grid, samples laid out for Sobol indices, and what it refuses."""

from __future__ import annotations

import sys
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from sweeps import made, swept

from allocation import AllocationError
from allocation.lab import sweep as module
from allocation.lab.ranges import parse_balance, parse_factors
from allocation.lab.sweep import BROKEN, HELD, REFUSED, make_sweep, measured
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change


def refused(*args, **options) -> list[str]:
    with pytest.raises(AllocationError) as caught:
        made(*args, **options)
    assert caught.value.text("zh") and caught.value.text("en")
    return [problem.id for problem in caught.value.problems]


@pytest.mark.parametrize("exact", [True, False])
def test_a_grid_runs_every_combination_the_last_factor_fastest(reward, counties, exact):
    sweep = made(reward, counties, ["pool=800:1200:200", "floor_rate=40%,60%"], exact=exact)
    done = swept(sweep)
    assert done.values.tolist() == [list(one) for one in product((800, 1000, 1200), (0.4, 0.6))]
    for run, awards in enumerate(done.outcomes.tolist()):
        alone = run_model(reward, counties, sweep.changes(run)).figures("award")
        assert awards == [float(one) for one in alone]


def test_samples_are_a_then_b_then_a_with_one_factor_from_b_and_each_is_one_group(reward, counties):
    sweep = made(reward, counties, ["pool=800:1200", "settled@each=±10%", "cap_rate=2:4"], samples=8)
    assert sweep.runs == 8 * 5 and sweep.moved[:2] == ["pool", "settled@210702"] and len(sweep.moved) == 6
    a, b, *mixed = swept(sweep).values.reshape(5, 8, 6)
    for own, block in zip([[0], [1, 2, 3, 4], [5]], mixed, strict=True):
        rest = [one for one in range(6) if one not in own]
        assert np.array_equal(block[:, own], b[:, own]) and np.array_equal(block[:, rest], a[:, rest])
    assert (a != b).any(axis=0).all()
    assert len({tuple(row) for row in a[:, 1:5].T}) == 4, "each county moves by itself"
    assert ((a[:, 1:5] >= 0.9) & (a[:, 1:5] <= 1.1)).all() and ((a[:, 0] >= 800) & (a[:, 0] <= 1200)).all()


def test_the_same_seed_gives_the_same_samples_and_another_seed_others(reward, counties):
    one, same, other = (made(reward, counties, ["pool=800:1200"], 16, seed).points for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_a_balancing_weight_takes_what_the_others_leave_in_every_run():
    found = find("incentive_fund", None, None)
    base = run_model(found.model, found.table, exact=False)
    factors = parse_factors(["weight[settled]=40%:60%", "settled[in_city]@each=±10%"], base.model, base.tables, "")
    sweep = make_sweep(base, factors, [], parse_balance("weight[service]", base.model), 8, 1)
    done = swept(sweep)
    assert sweep.moved[0] == "weight[settled]" and sweep.moved[-1] == "weight.service"
    both = float(base.model.parameters["weight.settled"].value + base.model.parameters["weight.service"].value)
    assert done.values[:, 0] + done.values[:, -1] == pytest.approx(both) and (done.state == HELD).all()


def test_runs_that_cannot_be_run_or_fail_a_check_are_told_apart(reward, counties):
    sweep = made(reward, counties, ["floor_rate=50%,200%"])
    done = swept(sweep)
    assert done.state.tolist() == [HELD, REFUSED] and np.isnan(done.outcomes[1]).all()
    assert done.first(REFUSED) == 1 and "1000" in done.why(1).text("en")
    found = find("incentive_fund", None, None)
    weights = swept(made(found.model, (found.table,), ["weight[settled]=10%,90%"]))
    assert weights.state.tolist() == [BROKEN, BROKEN] and np.isfinite(weights.outcomes).all()


def test_figures_asked_for_are_measured_beside_the_awards(reward, counties):
    sweep = made(reward, counties, ["pool=800,1200"], figures=["highest(award)", "award@黑山县"])
    outcomes = swept(sweep).outcomes
    assert outcomes[:, 4].tolist() == outcomes[:, :4].max(axis=1).tolist()
    assert outcomes[:, 5].tolist() == outcomes[:, 2].tolist()
    assert [one.name for one in measured(sweep)][3:] == ["凌海市", "highest(award)", "award@黑山县"]


def test_ranges_start_from_the_changed_baseline(reward, counties):
    sweep = made(reward, counties, ["pool*=1,2"], changes=[Change("pool", Fraction(700))])
    assert swept(sweep).outcomes.sum(axis=1).tolist() == [700, 1400]


@pytest.mark.parametrize("text", ["pool=800:1200", "pool=±10%", "pool+=-30:30"])
def test_a_sampled_pool_is_one_that_can_be_handed_out(reward, counties, text):
    done = swept(made(reward, counties, [text], 32))
    assert (done.state == HELD).all() and (done.values % 1 == 0).all()
    assert np.array_equal(done.values[:, 0], done.outcomes.sum(axis=1))
    assert done.values.min() >= 800 and done.values.max() <= 1200 and len(np.unique(done.values)) > 20


def test_listed_values_are_taken_as_they_are(reward, counties):
    assert swept(made(reward, counties, ["pool=999,1000.5"])).state.tolist() == [HELD, REFUSED]


def test_two_factors_that_move_one_figure_are_refused(reward, counties):
    assert refused(reward, counties, ["settled=±10%", "settled@黑山县=±5%"], samples=8) == ["scenario.twice"]


def test_what_is_too_large_is_refused_before_it_is_run(reward, counties, monkeypatch):
    assert refused(reward, counties, ["pool=1:1000:1", "cap_rate=2:3:1/100"]) == ["sweep.many"]
    monkeypatch.setattr(module, "MOST_FIGURES", 100)
    assert refused(reward, counties, ["pool=800:1200"], samples=8) == ["sweep.large"]


def test_more_numbers_than_the_sequence_has_dimensions_are_refused(reward, counties, monkeypatch):
    from scipy.stats import qmc

    monkeypatch.setattr(qmc.Sobol, "MAXDIM", 6)
    assert refused(reward, counties, ["settled@each=±10%"], samples=8) == ["sweep.wide"]


def test_without_scipy_samples_are_refused_and_a_grid_runs(reward, counties, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    assert refused(reward, counties, ["pool=800:1200"], samples=8) == ["sweep.no_scipy"]
    assert made(reward, counties, ["pool=800:1200:100"]).runs == 5
