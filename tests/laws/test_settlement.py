"""Laws of settling accounts: everything paid equals everything due; what was overpaid comes back, in whole units."""

from __future__ import annotations

from dataclasses import replace

from attaching import attached
from desk import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.policy.loading import model_from_text
from allocation.run.finding import find
from allocation.run.run import run_model

FOUND = find("incentive_fund", None, None)
COUNTIES = FOUND.table.names
AMOUNTS = st.lists(st.integers(-200, 1500), min_size=len(COUNTIES), max_size=len(COUNTIES))
QUICK = settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))


def settled(folder, amounts: list[int], years: int = 1):
    path = folder / "advance.csv"
    rows = [f"{name},{amount}" for name, amount in zip(COUNTIES, amounts, strict=True)]
    path.write_text("县（市、区）,提前下达数\n" + "\n".join(rows), encoding="utf-8")
    made = attached(FOUND.model, FOUND.table, settlement=path, recover_years=years)
    return made, run_model(made.model, made.table, made.changes)


@QUICK
@given(AMOUNTS)
def test_advance_and_final_payment_less_what_comes_back_is_what_is_due(tmp_path, amounts):
    _, run = settled(tmp_path, amounts)
    names = ("_advance_paid", "_settled_now", "_to_take_back", "_settled_due")
    for paid, now, back, due in zip(*map(run.figures, names), strict=True):
        assert paid + now - back == due and now >= 0 and back >= 0 and not (now and back)
    assert run.figures("_settled_due") == run.figures("award")
    paid, now, back, due = map(run.total, names)
    assert paid + now - back == due == 5000 and run.ok


@QUICK
@given(AMOUNTS, st.integers(1, 10))
def test_recovery_over_years_sums_to_what_was_overpaid_in_whole_units_spread_evenly(tmp_path, amounts, years):
    _, run = settled(tmp_path, amounts, years)
    parts = [run.figures(f"_take_back.y{year}") for year in range(1, years + 1)]
    for over, row in zip(run.figures("_to_take_back"), zip(*parts, strict=True), strict=True):
        assert sum(row) == over
        assert all(value >= 0 and value.denominator == 1 for value in row) and max(row) - min(row) <= 1


def test_the_checks_of_the_workbook_are_those_of_the_laws(tmp_path):
    made, run = settled(tmp_path, [600, 0, 0, 0, 0, 0, 0])
    names = {"_settlement_closes", "_settlement_total", "_take_back_closes"}
    assert {check.name for check in run.checks if check.ok} >= names
    for formula, failing in (
        ("max(_settled_due - _advance_paid, 0)", {"_settlement_closes", "_settlement_total"}),
        ("max(_advance_paid - _settled_due, 0)", {"_settlement_closes", "_settlement_total"}),
    ):
        wrong = replace_formula(made, formula, formula.replace(", 0)", ", 1)"))
        assert {check.name for check in wrong.checks if not check.ok} >= failing


def replace_formula(made, old: str, new: str):
    """The run of the model with one formula written otherwise."""
    assert made.model.text.count(old) == 1
    fresh = model_from_text(made.model.text.replace(old, new), made.model.file)
    return run_model(replace(fresh, parameters=made.model.parameters), made.table, made.changes)
