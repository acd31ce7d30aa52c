"""A batch says which of its sets cannot be run, in the words of a run alone, and goes on with the others at once."""

from __future__ import annotations

from fractions import Fraction

import pytest
from small_models import BLANK, model, tables

from allocation.analysis import batch
from allocation.analysis.asked import ask
from allocation.analysis.batch import Outcome, run_batch
from allocation.errors import AllocationError
from allocation.run.run import run_model
from allocation.run.scenario import Change

X = [10, 20, 30]
YEARS = {"x": [[1, 2], [3, 4, 5]], "codes": [["01", "02"], ["01", "02", "03"]]}


def sets_of(address: str, *values: object) -> list[list[Change]]:
    return [[Change(address, value if isinstance(value, str) else Fraction(str(value)))] for value in values]


@pytest.fixture
def rounds(monkeypatch) -> list[int]:
    """How many sets were run together, each time."""
    sizes, together = [], batch._together

    def counted(common, models, own):
        sizes.append(len(models))
        return together(common, models, own)

    monkeypatch.setattr(batch, "_together", counted)
    return sizes


def alone(policy, own, changes, asked, exact: bool) -> str:
    """What is wrong with one set, or nothing."""
    try:
        run = run_model(policy, own, changes, exact=exact)
        for one in asked:
            one.of(run)
    except AllocationError as error:
        return error.text("zh")
    return ""


def batch_as_alone(example: dict, sets: list[list[Change]], exact: bool, figures: tuple[str, ...] = ()) -> list[str]:
    """The ids of what is wrong with each set, after what the batch says was held against a run of it alone."""
    policy, own = model(**example), tables(example)
    asked = [ask(one, policy, own[-1]) for one in figures]
    outcomes = run_batch(policy, own, sets, (policy.award,), asked, exact=exact)
    for changes, one in zip(sets, outcomes, strict=True):
        wrong = alone(policy, own, changes, asked, exact)
        assert one.refused == bool(wrong), changes
        assert (one.error.text("zh") if one.refused else "") == wrong
        if not one.refused:
            figures = run_model(policy, own, changes, exact=exact).figures(policy.award)
            assert list(one.columns[0]) == (list(figures) if exact else pytest.approx(list(map(float, figures))))
    return [one.error.problems[-1].id if one.refused else "" for one in outcomes]


FAULTS = {
    "run.infeasible": ({"x": X, "pool": 60, "low": 5, "formula": "bounded_share(pool, x, low)"}, "low", (5, 21, 6, 30)),
    "infeasible by group": (
        {"x": X, "k": ["a", "b", "b"], "pool": 60, "low": 5, "formula": "bounded_share(pool, x, low, by = k)"},
        "low", (5, 50, 6),
    ),
    "run.floor_above_cap": (
        {"x": X, "pool": 60, "low": 5, "formula": "bounded_share(pool, x, low, 25)"}, "low", (5, 26, 6),
    ),
    "run.negative_claim": ({"x": X, "p": 0, "formula": "share(60, x - p)"}, "p", (0, 15, 1, 25)),
    "negative claim of a bounded share": ({"x": X, "p": 0, "formula": "bounded_share(60, x - p)"}, "p", (0, 15, 1)),
    "run.division": ({"x": X, "p": 0, "formula": "1 / (x - p)"}, "p", (0, 10, 20, 5)),
    "run.negative_root": ({"x": X, "p": 0, "formula": "round(root(x - p), 2)"}, "p", (0, 15, 1)),
    "run.bad_step": ({"x": X, "p": 1, "formula": "up(x, to = p)"}, "p", (1, 0, 7)),
    "run.no_key": ({"k": ["a", "b", "a"], "t": {"a": 1, "b": 2}, "formula": "pick(k, t)"}, "k@02", ("a", "c", "b")),
    "run.missing": ({"x": [10, BLANK, 30], "p": 0, "formula": "x if p > 0 else 1"}, "p", (0, 1, -1)),
    "run.absent_before": (dict(**YEARS, p=0, formula="last(x) if p > 0 else x"), "p#2018", (0, 1, -1)),
    "run.two_exceptions": (
        {"x": X, "p": 0, "formula": "x", "exception": [
            {"when": "x > 25", "formula": "25", "source": "一"}, {"when": "x < p", "formula": "9", "source": "二"},
        ]}, "p", (0, 40, 15),
    ),
    "run.bound_broken": (
        {"x": X, "p": 1, "formula": "largest_remainder(60, bounded_share(60, x, floor = p), to = 1)"},
        "p", (1, 10.3, 11),
    ),
    "run.rounding_infeasible": ({"x": X, "p": 60, "formula": "largest_remainder(p, x)"}, "p", (60, 70, 60, 40)),
    "run.pool_off_grid": ({"x": X, "p": 60, "formula": "largest_remainder(p, share(p, x))"}, "p", (60, 60.5, 70)),
    "units differ": (
        {"x": X, "p": 1, "formula": "largest_remainder(60, share(60, x), to = p)"}, "p", (1, 7, 10, 11, 20),
    ),
    "run.row_rounding": (
        {"lists": {"use": ["a", "b"]}, "over": {"q": "use", "result": "use"}, "q": {"a": X, "b": X}, "p": 0,
         "formula": "largest_remainder(2 * x + p, q[use], to = 1, over = use)", "x": X}, "p", (0, 1, 0, 0, 2),
    ),
    "run.negative_need": ({"x": X, "p": 0, "formula": "fill(60, x - p, order = x)"}, "p", (0, 15, 1)),
}  # fmt: skip


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_sets_at_fault_are_told_and_left_out_in_one_go(fault, exact, rounds):
    example, address, values = FAULTS[fault]
    ids = batch_as_alone(example, sets_of(address, *values), exact)
    assert any(ids) and not all(ids)
    assert not fault.startswith("run.") or set(ids) == {fault, ""}
    assert rounds[:2] == [len(values), ids.count("")], "once with them, once without, before their own words are found"


def test_a_float_out_of_range_is_told_by_set(rounds):
    example = {"x": [10, 20], "p": 1, "formula": "p * p * x"}
    assert batch_as_alone(example, sets_of("p", 1, 10**200, 2), False) == ["", "run.not_finite", ""]
    assert rounds[:2] == [3, 2]


def test_faults_of_several_kinds_are_left_out_as_they_come_to_light(rounds):
    example = {
        "x": X, "p": 0, "pool": 60, "low": 5,
        "columns": {"rate": "1 / (x - p)", "result": "bounded_share(pool, x * rate, low)"},
        "check": {"near": "total(x) / (pool - 61) < 0"},
    }  # fmt: skip
    sets = [*sets_of("p", 0, 10, 15), *sets_of("pool", 61, 14, 62), *sets_of("no_such", 1)]
    ids = ["", "run.division", "run.negative_claim", "run.division", "run.infeasible", "", "scenario.unknown"]
    found = batch_as_alone(example, sets, True, ("highest(result) / (pool - 60)",))
    assert found == ["run.division", *ids[1:]], "the figure asked for has none where the pool is 60"
    assert rounds[:6] == [6, 5, 4, 3, 2, 1]


def test_a_figure_asked_for_is_refused_in_the_words_of_its_own_set():
    example = {"x": X, "p": 0, "formula": "x"}
    found = batch_as_alone(example, sets_of("p", 10, 0, 20), True, ("highest(1 / (x - p))",))
    assert found == ["run.division", "", "run.division"]


def test_a_check_that_cannot_be_asked_of_an_earlier_year_refuses_the_set():
    example = {"x": [[1, 2], [3, 4]], "p": 1, "formula": "x", "check": {"near": "total(x) / p > 0"}}
    assert batch_as_alone(example, sets_of("p#2017", 1, 0), True) == ["", "run.division"]


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("formula", [
    "bounded_share(pool, x, 5) if on > 0 else x",
    "largest_remainder(pool, bounded_share(pool, x), to = 1) if on > 0 else x",
    "largest_remainder(60, bounded_share(60, x, pool), to = 1) if on > 0 else x",
    "share(60, x - pool + 1) if on > 0 else x",
    "up(x, to = pool - 15) if on > 0 else x",
    "fill(pool, x - 9 * on, order = x) if on > 0 else x",
    "x if on > 0 and total(x / (pool - 1)) > 0 else 1",
    "x if x > 35 - 10 * on and total(x / (pool - 1)) > 0 else 1",
])  # fmt: skip
def test_a_branch_that_a_set_does_not_take_is_no_fault_of_it(formula, exact):
    sets = [[Change("pool", Fraction(str(pool))), Change("on", Fraction(on))]
            for pool in (1, 60.5, 70, 15, 10.3) for on in (0, 1, 2)]  # fmt: skip
    ids = batch_as_alone({"x": X, "pool": 60, "on": 0, "formula": formula}, sets, exact)
    assert ids[0] == "" and any(ids)


def test_where_it_cannot_be_told_which_sets_are_at_fault_they_are_halved(rounds):
    example = {"x": X, "k": ["a", "b", "b"], "formula": "total(x, by = k)"}
    assert batch_as_alone(example, sets_of("k@02", "a", "b", "a"), True) == ["", "", ""]
    assert rounds == [3, 1, 2, 1, 1], "the groups differ between sets"


def test_nobody_asks_why_until_somebody_does(monkeypatch):
    asked: list[object] = []
    monkeypatch.setattr(batch._Batch, "_why", lambda *given: asked.append(given) or AllocationError([]))
    policy = model(x=X, p=0, formula="1 / (x - p)")
    first, second = run_batch(policy, tables({"x": X}), sets_of("p", 1, 10))
    assert not first.refused and second.refused and not asked
    assert first.error is None and second.error is second.error and len(asked) == 1
    assert Outcome().error is None
