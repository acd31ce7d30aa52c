"""Margins and the changes `explain` offers are what runs made one by one gave: recorded before they were grouped."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from shipped import sample_model, sample_table

from allocation import run_model
from allocation.analysis.explain import explain
from allocation.analysis.margins import before_rounding, margins
from allocation.run.scenario import Change, parse_assignment
from allocation.tables.reading import read_table

ROOT = Path(__file__).parents[2]
RECORDED = json.loads((Path(__file__).parent / "recorded" / "trials.json").read_text(encoding="utf-8"))


def opened(record):
    model = sample_model(record["model"])
    changes = [parse_assignment(one) for one in record["settings"]]
    return model, read_table(sample_table(record["model"]), model), changes


def text(value) -> str | None:
    return None if value is None else str(value)


def name(record) -> str:
    return " ".join(map(str, (record["model"], record.get("county", ""), *record["settings"])))


@pytest.mark.parametrize("record", RECORDED["margins"], ids=name)
def test_a_margin_is_what_it_was_when_each_county_had_a_run_of_its_own(record):
    model, table, changes = opened(record)
    found = margins(model, (table,), record["address"], Fraction(record["step"]), changes, reference=True)
    assert [[one.code, text(one.gain), text(one.award)] for one in found.counties] == record["counties"]
    assert list(found.unrounded) == record["unrounded"]


@pytest.mark.parametrize("record", RECORDED["releases"], ids=name)
def test_what_would_give_more_is_what_it_was_when_each_trial_had_a_run_of_its_own(record):
    model, table, changes = opened(record)
    run = run_model(model, table, changes, reference=True)
    found = explain(run, record["county"], record["column"]).releases
    sure = [
        [one.leaf.address, text(one.new), one.size, text(one.before), text(one.after), one.limit,
         text(one.limit_before), text(one.limit_after)]
        for one in found.sure
    ]  # fmt: skip
    assert sure == record["sure"]
    assert list(found.larger) == record["larger"] and list(found.without) == record["without"]


def test_a_county_that_cannot_be_raised_has_no_margin_and_the_others_have_that_of_a_run_alone(reward, counties):
    step, smooth = Fraction(13, 100), before_rounding(reward)[0]
    found = margins(reward, counties, "urban", step).counties
    free, paid = (run_model(model, counties).figures("award") for model in (smooth, reward))
    assert (found[1].gain, found[1].award) == (None, None)  # 88 % and 13 more are above 100 %
    for row in (0, 2, 3):
        raised = [Change(f"urban@{found[row].code}", step, "add")]
        new, after = (run_model(model, counties, raised).figures("award")[row] for model in (smooth, reward))
        assert (found[row].gain, found[row].award) == ((new - free[row]) / step, after - paid[row])
