"""Every argument of every public call is given what it does not take: our error says so, in Python's words."""

from __future__ import annotations

import os
import re
import warnings
from fractions import Fraction
from pathlib import Path

import pytest
from calls import NEVER, SLOW, Call, calls, junk

import allocation as al

IN_CI = os.environ.get("CI") == "true"
COMMAND_LINE = re.compile(r"--[a-z]|\ballocation (run|check|explain|compare|template|timeline|scenario)\b")
GUARDED = ("codes", "names", "values", "year", "file")  # what an analyst gives al.Table; the rest is of readers
EVERY = 37  # on a desk one call of so many, each day the same


def chosen(folder) -> list[tuple[Call, str]]:
    pairs = [(call, kind) for call in calls(folder) for kind in junk()]
    slow = [pair for pair in pairs if any(f"{word}(" in pair[0].at for word in (*SLOW, "seek"))]
    quick = [pair for pair in pairs if pair not in slow]
    return [*quick, *slow[::3]] if IN_CI else quick[::EVERY]


@pytest.fixture
def at_a_copy(tmp_path, monkeypatch):
    """What is given as a path may be taken for one and written."""
    from shutil import copytree

    copytree(".", tmp_path / "shared", dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path / "shared")
    return tmp_path


def test_what_is_given_amiss_is_our_error_and_names_the_argument(at_a_copy):
    wrong = []
    for call, kind in chosen(at_a_copy):
        al.set_language("zh")
        place = f"{call.at} given {kind}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                call.with_(kind)
            except al.AllocationError as error:
                texts = [error.text(lang) for lang in ("zh", "en")]
                wrong += [f"{place}: {text}" for text in texts if COMMAND_LINE.search(text)]
                named = {call.argument, "pool"} if call.argument in ("settings", "named") else {call.argument}
                if kind in NEVER and not all(any(name in text for name in named) for text in texts):
                    wrong.append(f"{place}: the argument is not named: {texts[1]}")
            except Exception as error:
                wrong.append(f"{place}: {type(error).__name__}: {error}")
            else:
                if kind in NEVER and not (call.at.startswith("al.Table(") and call.argument not in GUARDED):
                    wrong.append(f"{place}: taken")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:20])


def test_an_error_fits_what_python_calls_it(model):
    with pytest.raises(TypeError, match="exact"):
        model.run(exact="yes")
    with pytest.raises(ValueError, match="没有这个文件"):
        model.run("没有这个文件.csv")
    with pytest.raises(KeyError):
        model["没有的"]
    assert model.parameters.get("没有的") is None
    with pytest.raises(TypeError, match="unexpected keyword"):
        model.table(sheets=1)
    with pytest.raises(TypeError, match="missing"):
        al.load()


def test_every_wrong_argument_is_said_at_once_in_the_language_chosen(model):
    al.set_language("en")
    with pytest.raises(al.AllocationError) as caught:
        model.run(3, exact=1, unused=5)
    text = str(caught.value)
    assert len(text.splitlines()) == 3 and text.startswith("table is to be a table") and "this is 3 (int)" in text


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_is_no_number(model, value):
    with pytest.raises(al.AllocationError, match="pool"):
        model.run(pool=value)


def test_the_ways_out_of_a_problem_are_those_of_python(shipped):
    fund = shipped("incentive_fund")
    with pytest.raises(al.AllocationError) as caught:
        fund.run(fund.table().frame)
    assert "model.run(pool=" in str(caught.value) and "--" not in str(caught.value)


@pytest.mark.parametrize("name", ["table", "self"])
def test_a_parameter_called_like_an_argument_is_set_in_a_dict_and_a_clash_is_our_error(tmp_path, name):
    shared = Path(__file__).parents[1] / "cases/shared"
    text = (shared / "models/reward.toml").read_text(encoding="utf-8").replace("floor_rate", name)
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    model, table = al.load(tmp_path / "own.toml"), shared / "inputs/reward.csv"
    assert model.run(table, {name: "0.4"}).engine.model.parameters[name].value == Fraction(2, 5)
    if name == "self":
        assert model.run(table, **{name: 0.4}).engine.model.parameters[name].value == Fraction(2, 5)
        return
    with pytest.raises(al.AllocationError, match='{"table"'):
        model.run(table, **{name: 0.4})
