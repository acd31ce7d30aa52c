"""A batch gives for every set of changes what a run of that set gives, and the same refusal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Table, allocators, arrays
from allocation.analysis import batch
from allocation.analysis.asked import ask
from allocation.analysis.batch import run_batch
from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.readings.numbers import Evaluator
from allocation.run.applied import AppliedSets
from allocation.run.finding import find
from allocation.run.run import parameter_arrays, run_model
from allocation.run.scenario import Change, apply_by_year

WARNS = """
[model]
zh = "核对"
en = "Check"
basis = ["测试"]
award = "award"
[[input]]
name = "people"
zh = "人数"
en = "People"
[[column]]
name = "award"
zh = "分配额"
en = "Award"
formula = "people * 2"
[[check]]
name = "told"
zh = "提醒"
en = "Told"
formula = "{formula}"
severity = "warning"
"""
FOUND = find("incentive_fund", None, None)
AWARD = FOUND.model.award
CHANGES = st.one_of(
    st.builds(lambda n: Change("pool", Fraction(n)), st.integers(1, 9000)),
    st.builds(lambda n: Change("hold_harmless", Fraction(n, 10)), st.integers(0, 12)),  # above 1: floors too high
    st.builds(lambda n: Change("settled[cross_province]@黑山县", Fraction(n), "add"), st.integers(-5, 4000)),
    st.builds(lambda n: Change("settled[in_city]", Fraction(n, 10), "scale"), st.integers(0, 20)),
    st.builds(lambda text: Change("area_class@210727", text), st.sampled_from(["县", "市辖区", "没有的类"])),
    st.just(Change("no_such", Fraction(1))),
)
SETS = st.lists(st.lists(CHANGES, max_size=3), min_size=1, max_size=6)


def alone(changes: list[Change], asked, exact: bool):
    """What run_model makes of one set: (award, figure, ok), or the text of what is wrong."""
    try:
        run = run_model(FOUND.model, FOUND.table, changes, exact=exact)
        return run.figures(AWARD), asked.of(run), all(one.ok or one.severity == "warning" for one in run.checks)
    except AllocationError as error:
        return error.text("en")


@pytest.mark.parametrize("exact", [True, False])
@given(sets=SETS)
@settings(max_examples=examples(25), deadline=None)
def test_a_batch_equals_runs_one_by_one(exact, sets):
    asked = ask("highest(award / settled_people)", FOUND.model, FOUND.table)
    outcomes = run_batch(FOUND.model, (FOUND.table,), sets, (AWARD,), (asked,), exact=exact)
    for changes, outcome in zip(sets, outcomes, strict=True):
        wanted = alone(changes, asked, exact)
        if isinstance(wanted, str):
            assert outcome.refused and outcome.error.text("en") == wanted
        else:
            assert not outcome.refused
            assert list(outcome.columns[0]) == pytest.approx([float(v) for v in wanted[0]], abs=0 if exact else 1e-9)
            assert outcome.figures[0] == pytest.approx(wanted[1], rel=0 if exact else 1e-12)
            assert outcome.ok == wanted[2]


@pytest.mark.parametrize("exact", [True, False])
@given(changes=st.lists(CHANGES, min_size=2, max_size=4, unique_by=lambda change: change.address))
@settings(max_examples=examples(10), deadline=None)
def test_every_combination_of_changes_together_equals_each_alone(exact, changes):
    """Most formulas are worked out once for several of these; who is refused, and why, is as alone."""
    asked = ask("highest(award / settled_people)", FOUND.model, FOUND.table)
    sets = [[one for bit, one in enumerate(changes) if mask >> bit & 1] for mask in range(1 << len(changes))]
    outcomes = run_batch(FOUND.model, (FOUND.table,), sets, (AWARD,), (asked,), exact=exact)
    for some, outcome in zip(sets, outcomes, strict=True):
        wanted = alone(some, asked, exact)
        if isinstance(wanted, str):
            assert outcome.refused and outcome.error.text("en") == wanted
        else:
            awards, figure, ok = wanted
            assert [*outcome.columns[0], outcome.figures[0]] == pytest.approx(
                [*awards, figure], rel=0 if exact else 1e-12
            )
            assert outcome.ok == ok


def test_a_formula_is_worked_out_once_for_all_scenarios_that_bring_it_the_same_figures(monkeypatch):
    """Of eight runs with two pools and two floors, none works out more than four; claims are worked out once."""
    heights = []
    shared = allocators.bounded_share
    monkeypatch.setattr(
        allocators, "bounded_share", lambda pool, claim, floor, *rest: heights.append(
            [len(x) for x in (pool, claim, floor)]) or shared(pool, claim, floor, *rest)
    )  # fmt: skip
    causes = [
        Change("pool", Fraction(9000)),
        Change("hold_harmless", Fraction(1, 10)),
        Change("hardship_low", Fraction(1, 2)),
    ]
    sets = [[cause for bit, cause in enumerate(causes) if mask >> bit & 1] for mask in range(8)]
    run_batch(FOUND.model, (FOUND.table,), sets, (AWARD,))
    assert heights == [[4, 4, 4]]


def test_what_no_scenario_touches_is_worked_out_in_the_first_block_alone(monkeypatch):
    """Three blocks of two runs with other pools: the award three times, people by origin and their check once."""
    monkeypatch.setattr(batch, "CELLS", 2 * len(FOUND.table))
    visited: list[int] = []
    visit = Evaluator.visit
    monkeypatch.setattr(
        Evaluator, "visit", lambda self, node, active: visited.append(id(node)) or visit(self, node, active)
    )
    run_batch(FOUND.model, (FOUND.table,), [[Change("pool", Fraction(4000 + n))] for n in range(6)], (AWARD,))
    columns, checks = FOUND.model.columns, {check.name: check for check in FOUND.model.checks}
    assert visited.count(id(columns[AWARD].node)) == 3
    assert visited.count(id(columns["weighted_people"].node)) == 1
    (phased,) = [check for check in checks.values() if "phase_rate" in check.formula]
    assert visited.count(id(phased.node)) == 1


def test_a_run_is_refused_in_a_batch_where_a_check_that_only_warns_cannot_be_asked():
    warns = WARNS.format(formula="award / people > 0")
    model, table = model_from_text(warns), Table(("01",), ("甲县",), {"people": (Fraction(1),)})
    ill = [Change("people", Fraction(0))]
    with pytest.raises(AllocationError) as alone:
        run_model(model, (table,), ill)
    well, refused = run_batch(model, (table,), [[], ill], ("award",))
    assert well.ok and refused.refused and refused.error.problems == alone.value.problems


def test_changes_applied_one_after_another_are_those_applied_at_once():
    table = FOUND.table
    one, two = Change("pool", Fraction(9000)), Change("settled[in_city]", Fraction(2), "scale")
    three, twice = Change("weight[settled]", Fraction(1, 2)), Change("奖励资金总额", Fraction(1))
    sets = AppliedSets(FOUND.model, (table,))
    for changes in ([], [one], [one, two], [one, two, three], [two], [two, three]):
        models, tables = sets.apply(changes)
        wanted, moved, _ = apply_by_year(FOUND.model, (table,), changes)
        assert models[0].parameters == wanted[0].parameters and tables[0].values == moved[0].values
    with pytest.raises(AllocationError) as caught:
        sets.apply([one, two, twice])
    assert caught.value.problems[0].id == "scenario.twice"


def test_chunks_give_the_same(monkeypatch):
    sets = [[Change("pool", Fraction(4000 + n))] for n in range(11)]
    whole = run_batch(FOUND.model, (FOUND.table,), sets, (AWARD,))
    monkeypatch.setattr(batch, "CELLS", 20)
    pieces = run_batch(FOUND.model, (FOUND.table,), sets, (AWARD,))
    assert [one.columns[0].sum() for one in pieces] == [4000 + n for n in range(11)]
    assert all(np.array_equal(a.columns[0], b.columns[0]) for a, b in zip(whole, pieces, strict=True))


def test_a_check_that_fails_is_told_by_scenario():
    sets = [[], [Change("weight[settled]", Fraction(9, 10))]]
    assert [one.ok for one in run_batch(FOUND.model, (FOUND.table,), sets)] == [True, False]


def test_years_differ_in_their_parameters_and_a_check_of_any_year_counts():
    later = replace(FOUND.table, year=2018)
    sets = [[Change("pool#2018", Fraction(6000))], [Change("weight[settled]#2017", Fraction(9, 10))]]
    first, second = run_batch(FOUND.model, (FOUND.table, later), sets, (AWARD,))
    run = run_model(FOUND.model, (FOUND.table, later), sets[0])
    assert list(first.columns[0]) == list(run.figures(AWARD))
    assert first.columns[0].sum() == 6000
    assert first.ok and not second.ok
    assert not run_model(FOUND.model, (FOUND.table, later), sets[1]).ok


@pytest.mark.parametrize("exact", [True, False])
def test_a_blank_that_no_scenario_touches_is_refused_in_every_block(exact, monkeypatch):
    """It is met in the first block; what the others take from there is not to be a figure with a zero for it."""
    monkeypatch.setattr(batch, "CELLS", 2)
    model = model_from_text(
        WARNS.format(formula="total(award) > 0").replace(
            "[[column]]",
            '[[parameter]]\nname = "rate"\nzh = "比率"\nen = "Rate"\nvalue = 2\n[[column]]\n'
            'name = "base"\nzh = "基数"\nen = "Base"\nformula = "people * 3"\n[[column]]',
        ).replace("people * 2", "base * rate")
    )  # fmt: skip
    table = Table(("1", "2"), ("甲", "乙"), {"people": (Fraction(3), None)})
    outcomes = run_batch(model, (table,), [[Change("rate", Fraction(n))] for n in (1, 2, 3)], ("award",), exact=exact)
    assert all(outcome.refused for outcome in outcomes)


class Metered(Evaluator):
    """At every node a sum tells the meter what it costs."""

    def visit(self, node, active):
        arrays.METER.get()(1e6)
        return super().visit(node, active)


def test_work_done_once_for_scenarios_alike_counts_what_its_sums_cost():
    model = model_from_text(WARNS.format(formula="total(award) > 0"))
    table, other = (Table(("1",), ("甲",), {"people": (Fraction(people),)}) for people in (3, 4))
    nodes = len(list(model.columns["award"].node.walk()))
    evaluator = Metered(model, table, parameter_arrays([model] * 4, True), True, (), (table, other) * 2)
    evaluator.columns()
    assert evaluator.shared(model.columns["award"].node) is not None and evaluator.effort.spent >= nodes * 1e6
