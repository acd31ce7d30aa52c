"""The pool from a table or from another run, and given a second time: the other place is named."""

from __future__ import annotations

import pytest
from attaching import attached

from allocation.run.finding import find

FUNDS = "来源,文号,金额\n中央奖励资金,财预1号,800\n市级配套,锦财指3号,200\n"


@pytest.fixture
def given(allocation, folder):
    (folder / "来源.csv").write_text(FUNDS, encoding="utf-8")
    assert allocation("run reward --out above").code == 0


@pytest.mark.parametrize("again", ["pool=900", "资金总额=900", "pool=900万元"])
def test_a_table_of_sources_and_a_setting(allocation, given, again):
    told = allocation(f"check reward --sources 来源.csv --set {again}")
    assert told.code == 2 and "资金总额由来源表（--sources）给出，见 来源.csv" in told.err
    assert "改了两次" not in told.err


def test_another_run_and_a_setting(allocation, given):
    told = allocation("check reward --pool-from above/reward.json@210726 --set 资金总额=900")
    assert told.code == 2 and "资金总额由上级测算（--pool-from）给出，见 reward.json" in told.err
    assert "改了两次" not in told.err


def test_a_table_of_sources_and_another_run(allocation, given):
    told = allocation("check reward --pool-from above/reward.json@210726 --sources 来源.csv")
    assert told.code == 2 and "不能再用 --pool-from" in told.err and "来源.csv" in told.err


def test_the_checks_of_the_sources_say_their_names(folder, given):
    found = find("reward", None, None)
    labels = [one.label for one in attached(found.model, found.table, sources=folder / "来源.csv").model.checks]
    assert "来源“市级配套”正好用完" in [one.zh for one in labels]
    assert "The advances of source '市级配套' add up" in [one.en for one in labels]
