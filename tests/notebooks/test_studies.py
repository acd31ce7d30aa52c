"""Decompositions, margins and searches as frames: they close, start from the run given, and reach what is asked."""

from __future__ import annotations

from fractions import Fraction

import pytest

import allocation as al


def test_what_each_change_does_adds_up_to_the_change_from_the_run_given(model):
    run = model.run(pool=1050)
    frame = al.decompose(run, "pool=1100", {"size_rate.小城市": 1.5})
    assert list(frame.columns) == ["name", "before", "pool=1100", "size_rate.小城市=1.5", "change", "after"]
    assert frame["before"].sum() == 1050 and frame["pool=1100"].sum() == 50 and frame["after"].sum() == 1100
    assert (frame["pool=1100"] + frame["size_rate.小城市=1.5"]).equals(frame["change"])
    assert (frame["before"] + frame["change"]).equals(frame["after"]) and frame.index[0] == "210702"
    assert frame.attrs["unit"] == "万元"


def test_one_more_person_brings_more_and_a_county_without_a_figure_nothing(run):
    frame = al.margins(run, "settled", 10)
    assert list(frame.columns) == ["name", "gain", "award"]
    assert frame.loc["210726", "gain"] > 0 and frame.loc["210726", "award"] >= 0


def test_a_target_is_reached_or_there_are_no_rows(run):
    frame = al.seek(run, "pool", "award@黑山县", 300, low=1000, high=2000, step=1)
    answer = frame.attrs["answer"]
    assert isinstance(answer, Fraction) and frame["low"].min() <= answer <= frame["high"].max()
    assert abs(frame["figure"] - 300).max() <= 1
    assert al.seek(run, "pool", "award@黑山县", 5, low=1000, high=1100, step=1).empty


def test_only_a_run_is_studied(model):
    for call in (al.decompose, al.margins, lambda one: al.seek(one, "pool", "award@黑山县", 300)):
        with pytest.raises(al.AllocationError, match="参数 run 应是运行结果"):
            call(model)
