"""Whatever one tries on what one reaches from a model, a run or a study, the same run gives the same figures."""

from __future__ import annotations

import copy
import pickle
import re
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pandas
import pytest
from reach import assignable, held, reached

import allocation as al

ROOTS = ("model", "table", "run", "comparison", "sweep", "backtest", "calibration", "below")


@pytest.fixture
def roots(model):
    run = model.run()
    actual = run.awards
    dated = replace(model.table().engine, year=2018)
    fitted = al.calibrate(model, dated, {"floor_rate": (0.3, 0.7)}, {2018: actual["award"]})
    return {
        "model": model,
        "table": model.table(),
        "run": run,
        "comparison": run.compare("pool=900", other={"floor_rate": "40%"}),
        "sweep": run.sweep("pool=900:1100", samples=16),
        "backtest": al.backtest(model, dated, {2018: actual["award"]}),
        "calibration": fitted,
        "below": al.run_model(al.load_model("models/reward.toml"), model.table().engine),
    }


def test_nothing_reached_is_held_in_a_form_that_changes_in_place(roots):
    wrong = {}
    for name in ROOTS:
        for path, owner in reached(roots[name], name):
            for place in [*held(owner, path), *assignable(owner, path)]:
                wrong.setdefault(re.sub(r"\[[^\]]*\]", "[]", place), place)
    assert not wrong, "\n".join([*wrong.values()][:20])


def tamper(owner: Any) -> None:
    """Every ordinary way to change an object in place, tried one after the other."""
    tries = [
        lambda: owner.__setitem__(next(iter(owner)), 0),
        lambda: owner.__delitem__(next(iter(owner))),
        lambda: owner.update({"pool": None}),
        lambda: owner.append(0),
        lambda: owner.pop(),
        lambda: owner.sort(reverse=True),
        lambda: owner.clear(),
        lambda: owner.fill(0),
        lambda: owner.__setitem__(Ellipsis, 0),
        lambda: owner.insert(0, "none", 0),
        lambda: owner.columns.set_names(["x"], inplace=True),
        lambda: owner.iloc.__setitem__((slice(None), slice(None)), 0),
        lambda: owner.attrs.clear(),
        lambda: setattr(owner, "value", 0),
        lambda: setattr(owner, "engine", None),
    ]
    for attempt in tries:
        with suppress(Exception):
            attempt()


def shown(roots: dict[str, Any]) -> list[object]:
    run, model = roots["run"], roots["model"]
    told = [roots[name]._repr_html_() for name in ROOTS[:-1]]
    frames = [run.to_frame(), run.awards, roots["comparison"].frame, roots["sweep"].frame, roots["calibration"].frame]
    again = model.run()
    figures = [again.engine.figures(name) for name in again.engine.model.columns]
    return [
        *told,
        *(frame.to_csv() for frame in frames),
        figures,
        roots["below"].figures("award"),
        str(run.why("黑山县")),
    ]


def test_after_everything_was_tried_the_same_run_gives_the_same_figures(roots):
    before = shown(roots)
    for name in ROOTS:
        for _, owner in [*reached(roots[name], name)]:
            tamper(owner)
            for attribute in [one for one in dir(owner) if not one.startswith("_")]:
                with suppress(Exception):
                    value = getattr(owner, attribute)
                    if isinstance(value, list | dict | set | np.ndarray | pandas.DataFrame | pandas.Series):
                        tamper(value)
    assert shown(roots) == before
    assert al.load("reward").run().engine.figures("award") == roots["run"].engine.figures("award")


def test_what_was_handed_in_is_copied(model):
    engine = model.table().engine
    values = {name: list(column) for name, column in engine.values.items()}
    table = al.Table(engine.codes, engine.names, values, year=engine.year)
    wanted = model.run(table).engine.figures("award")
    values["settled"][0] = None
    values.clear()
    assert model.run(table).engine.figures("award") == wanted


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))], ids=["copy", "pickle"])
def test_what_is_below_a_view_can_be_copied_and_sent_to_another_process(run, copied):
    again = copied(run.engine)
    assert again.figures("award") == run.engine.figures("award")
    assert al.run_model(again.model, again.tables).figures("award") == run.engine.figures("award")
