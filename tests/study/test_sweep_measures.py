"""The measures: Sobol indices against known ones and SciPy's, percentiles by hand, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import qmc, sobol_indices
from sweeps import made, swept

from allocation import AllocationError
from allocation.analysis.binding import rules
from allocation.lab import sweep_measures as module
from allocation.lab.sweep import BROKEN, REFUSED
from allocation.lab.sweep_measures import findings, indices, sobol, spread
from allocation.policy.loading import model_from_text
from allocation.run.run import run_model

BOUNDS = ("floor", "cap", "both", "free")


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def laid_out(function: Callable, groups: list[list[int]], rows: int, low: float, high: float) -> np.ndarray:
    """(2 + groups, rows): the function at A, at B, and at A with each group from B."""
    width = sum(map(len, groups))
    a, b = np.split(low + (high - low) * qmc.Sobol(2 * width, rng=3).random(rows), 2, axis=1)
    blocks = [a, b]
    for own in groups:
        blocks.append(a.copy())
        blocks[-1][:, own] = b[:, own]
    return np.stack([function(one) for one in blocks])


def test_the_ishigami_function_has_its_known_indices():
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    runs = laid_out(ishigami, [[0], [1], [2]], 2**14, -np.pi, np.pi)[:, :, None]
    first, total, low, high, total_low, total_high = sobol(runs, 1)
    assert first[0] == pytest.approx([0.3139, 0.4424, 0], abs=0.01)
    assert total[0] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)
    assert (low <= first).all() and (first <= high).all() and (high - low < 0.1).all()
    assert (total_low <= total).all() and (total <= total_high).all() and (total_high > total_low).all()


def test_the_estimates_are_scipys():
    runs = laid_out(ishigami, [[0], [1], [2]], 256, -np.pi, np.pi)
    runs = np.stack([runs, runs**2], axis=2)
    given = {"f_A": runs[0].T, "f_B": runs[1].T, "f_AB": runs[2:].transpose(0, 2, 1)}
    known = sobol_indices(func=given, n=256)
    first, total = sobol(runs, 1)[:2]
    assert first == pytest.approx(known.first_order) and total == pytest.approx(known.total_order)


def test_the_bounds_are_about_scipys():
    runs = laid_out(ishigami, [[0], [1], [2]], 256, -np.pi, np.pi)
    known = sobol_indices(func={"f_A": runs[:1], "f_B": runs[1:2], "f_AB": runs[2:, None]}, n=256, rng=1)
    about = known.bootstrap(n_resamples=2000).total_order.confidence_interval
    low, high = sobol(runs[:, :, None], 1)[4:]
    assert low[0] == pytest.approx(about.low, abs=0.05) and high[0] == pytest.approx(about.high, abs=0.05)


def test_a_resample_is_the_estimate_of_the_rows_drawn(monkeypatch):
    monkeypatch.setattr(module, "RESAMPLES", 1)
    runs = laid_out(lambda x: np.exp(3 * x.sum(axis=1)), [[0], [1]], 8, 0, 1)
    drawn = np.repeat(np.arange(8), np.random.default_rng(4).multinomial(8, np.full(8, 1 / 8)))
    a, b, *mixed = (runs - runs[:2].mean())[:, drawn]
    total = [np.mean((a - one) ** 2) / 2 / np.var([a, b]) for one in mixed]
    first = [np.mean(b * (one - a)) / np.var([a, b]) for one in mixed]
    found = [one[0] for one in sobol(runs[:, :, None], 4)[2:]]
    assert np.allclose(found, [first, first, total, total])


def test_a_group_has_the_index_of_all_its_members():
    runs = laid_out(lambda x: x.sum(axis=1), [[0, 1], [2]], 4096, 0, 1)[:, :, None]
    first, total = sobol(runs, 1)[:2]
    assert first[0] == pytest.approx([2 / 3, 1 / 3], abs=0.01) and total[0] == pytest.approx([2 / 3, 1 / 3], abs=0.01)


def test_what_never_varies_but_for_float_noise_has_no_index():
    runs = laid_out(ishigami, [[0], [1], [2]], 64, -np.pi, np.pi)
    runs = np.stack([runs, 500 + 1e-11 * runs], axis=2)
    assert [np.isnan(one).all(axis=1).tolist() for one in sobol(runs, 1)] == [[False, True]] * 6


def test_the_seed_fixes_the_bounds():
    runs = laid_out(ishigami, [[0], [1], [2]], 64, -np.pi, np.pi)[:, :, None]
    one, same, other = (sobol(runs, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(x, y) for x, y in zip(one, same, strict=True))
    assert np.array_equal(one[0], other[0]) and not np.array_equal(one[2], other[2])


@pytest.fixture
def sampled(reward, counties):
    return made(reward, counties, ["pool=800:1200", "settled@each=±10%"], samples=32, figures=["highest(award)"])


def test_cut_into_parts_the_indices_are_the_same_and_the_pool_explains_most(sampled, monkeypatch):
    done = swept(sampled)
    whole = indices(done)
    monkeypatch.setattr(module, "TERMS", 300)
    parts = indices(done)
    assert np.allclose(whole.first, parts.first) and np.allclose(whole.total, parts.total)
    assert whole.total.shape == (5, 2) and (whole.total[:, 0] > 0.5).all() and (whole.used, whole.rows) == (32, 32)


def test_a_row_with_one_lost_run_is_left_out_of_all_its_matrices(sampled):
    done = swept(sampled)
    full = indices(done)
    rows = done.rows.copy()
    rows[3 * 32 + 5, 0] = REFUSED
    rows[3 * 32 + 5, -9:] = np.nan
    found = indices(replace(done, rows=rows.copy()))
    assert (found.used, found.rows) == (31, 32) and np.isfinite(found.total).all()
    assert not np.array_equal(found.total, full.total)
    rows[:4, 0] = BROKEN
    done = replace(done, rows=rows)
    assert indices(done) is None
    assert findings(done).indices is None and findings(done).broken == 4


def test_percentiles_are_of_the_runs_of_a_and_b_that_hold(reward, counties):
    sweep = made(reward, counties, ["pool=800:1200"], samples=2)
    rows = np.zeros((sweep.runs, sweep.width))
    rows[:, 2:6] = np.arange(sweep.runs)[:, None] * 100.0 + swept(sweep).baseline - 100
    rows[3, 0], rows[4:, 2:6] = BROKEN, 9999
    rows[:, 6:] = [[1, 0, 3, 0], [1, 2, 0, 0], [0, 2, 0, 0], [2, 1, 3, 3], *[[3, 3, 3, 3]] * (sweep.runs - 4)]
    rows[2, 2] = swept(sweep).baseline[0] - 1e-11
    done = swept(sweep, rows)
    found = spread(done)
    assert found["lowest"] == pytest.approx(done.baseline - 100)
    assert found["highest"][1:] == pytest.approx(done.baseline[1:] + 100)
    assert found["p50"][1:] == pytest.approx(done.baseline[1:]) and found["p5"][1:] == pytest.approx(
        done.baseline[1:] - 90
    )
    assert found["mean"][1:] == pytest.approx(done.baseline[1:]) and found["deviation"][1:] == pytest.approx(100)
    assert found["less"].tolist() == pytest.approx([1 / 3] * 4), "float noise below the baseline is not less"
    assert found["at_floor"].tolist() == pytest.approx([2 / 3, 0, 1 / 3, 0])
    assert found["at_cap"].tolist() == pytest.approx([0, 2 / 3, 1 / 3, 0])


def test_of_a_grid_only_the_lowest_and_highest_are_said(reward, counties):
    found = findings(swept(made(reward, counties, ["pool=800:1200:200", "floor_rate=50%,110%"])))
    assert list(found.spread) == ["baseline", "lowest", "highest", "less", "at_floor", "at_cap"]
    assert (
        found.indices is None
        and (found.refused, found.broken, found.held) == (1, 0, 5)
        and "800" in found.why.text("zh")
    )


def test_the_checks_that_fail_are_named():
    from allocation.run.finding import find

    found = find("incentive_fund", None, None)
    sweep = made(found.model, (found.table,), ["weight[settled]=50%,55%,60%"])
    assert [one.zh for one in findings(swept(sweep)).checks] == ["因素权重之和等于 100%"]


def test_where_no_run_can_be_used_the_reason_is_an_error(reward, counties):
    with pytest.raises(AllocationError) as caught:
        findings(swept(made(reward, counties, ["floor_rate=190%,200%"])))
    assert [one.id for one in caught.value.problems][0] == "sweep.none_held" and len(caught.value.problems) == 2


@pytest.mark.parametrize("exact", [True, False])
def test_how_often_a_county_stands_at_its_floor_or_its_cap_is_what_explain_says_of_each_run(reward, counties, exact):
    texts = ["pool=600:2600:200", "cap_rate=150%,300%", "floor_rate=0,100%"]
    sweep = made(reward, counties, texts, figures=["highest(award)"], exact=exact)
    found, kinds, held = spread(swept(sweep)), [], 0
    for run in map(sweep.changes, range(sweep.runs)):
        try:
            done = run_model(reward, counties, run, exact=exact)
        except AllocationError:
            continue
        held += 1
        kinds.append([next(one.kind for one in rules(done, "award", row) if one.kind in BOUNDS) for row in range(4)])
    for key, wanted in (("at_floor", ("floor", "both")), ("at_cap", ("cap", "both"))):
        shares = [sum(run[row] in wanted for run in kinds) / held for row in range(4)]
        assert found[key][:4].tolist() == pytest.approx(shares) and np.isnan(found[key][4])
        assert max(shares) > 0 and len(set(shares)) > 1


def test_a_county_without_a_claim_stands_at_its_floor_only(reward, counties):
    found = spread(swept(made(reward, counties, ["settled@210702=0", "pool=700,800"])))
    assert found["at_floor"][0] == 1 and found["at_cap"][0] == 0


SHARED_BY = {
    "share(pool, claim)": ("pool=900,1000", {}),
    "bounded_share(pool, claim, cap = cap)": ("cap_rate=120%,300%", {"at_cap": [0, 0, 0.5, 0.5]}),
    "bounded_share(pool, claim, floor = last_award)": ("settled@210702=0", {"at_floor": [0, 0, 0, 0]}),
}  # by hand: of 1000, caps of 180 and 300 hold those who would have 252 and 318; a blank is no floor to stand at


@pytest.mark.parametrize("formula", SHARED_BY)
def test_only_bounds_that_an_award_has_are_measured(reward, counties, formula):
    text = reward.text.replace("bounded_share(pool, claim, floor, cap)", formula)
    assert formula in text
    moved, wanted = SHARED_BY[formula]
    last = counties[0].values["last_award"]
    table = replace(counties[0], values={**counties[0].values, "last_award": (None, *last[1:])})
    found = spread(swept(made(model_from_text(text, "reward.toml"), (table,), [moved])))
    assert {key: values.tolist() for key, values in found.items() if key.startswith("at_")} == wanted
