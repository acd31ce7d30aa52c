"""Comparisons in a notebook: every kind of scenario, who gains and loses, and changing nothing gives nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from openpyxl import load_workbook

import allocation as al

SCENARIO = '[scenario]\nzh = "增资"\nen = "More"\n\n[[change]]\naddress = "pool"\nset = 1200\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "more.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_settings_runs_and_files_may_stand_side_by_side(model, run, file):
    found = al.compare(
        model, {"pool": 1200}, "pool=1200", model.run(pool=1200), file, [al.Change("pool", Fraction(1200))]
    )
    awards = [found.engine.awards(place) for place in range(6)]
    assert awards[0] == run.engine.figures("award") and all(one == awards[1] for one in awards[2:])
    assert sum(awards[1]) == 1200
    label = "资金总额 1,200 万元"
    assert found.labels == ["基准", label, f"{label}（2）", f"{label}（3）", "增资", f"{label}（4）"]


def test_a_keyword_is_the_label_of_its_scenario(run):
    found = run.compare(增资={"pool": 1200}, 保底="floor_rate=90%")
    assert found.labels == ["基准", "增资", "保底"] and list(found.frame.columns) == ["name", *found.labels]


def test_a_scenario_moves_what_it_sets_on_top_of_a_changed_baseline(model):
    base = model.run(pool=1100)
    found = base.compare({"floor_rate": "90%"})
    assert sum(found.engine.awards(0)) == sum(found.engine.awards(1)) == 1100
    assert [one.name for one in found.engine.runs[1].changed] == ["floor_rate"]


def test_a_run_is_compared_as_it_is_and_says_all_that_differs_from_the_baseline(model):
    found = al.compare(model.run(pool=1100), model.run(None, "settled@黑山县=95"))
    changed = {(one.name, one.county, one.old, one.new) for one in found.engine.runs[1].changed}
    assert changed == {("pool", "", 1100, 1000), ("settled", "210726", 90, 95)}


def test_changing_nothing_gives_exactly_nothing(model, run):
    found = al.compare(run, model.run(), {"pool": 1000})
    assert set(found.engine.changes(1)) == set(found.engine.changes(2)) == {0}
    assert found.winners.empty and found.losers.empty and "没有改动" in found.labels[1]


def test_winners_and_losers_stand_most_first(run):
    found = run.compare(奖大县={"size_rate.大城市": "1.2"})
    winners, losers = found.winners, found.losers
    assert list(winners.columns) == ["scenario", "code", "name", "change"]
    assert list(winners["change"]) == sorted(winners["change"], reverse=True) and (winners["change"] > 0).all()
    assert list(losers["change"]) == sorted(losers["change"]) and (losers["change"] < 0).all()
    assert winners["change"].sum() + losers["change"].sum() == 0
    assert found.changes.loc[winners["code"].iloc[0], "奖大县"] == winners["change"].iloc[0]


def test_a_comparison_shows_unit_totals_and_who_gains(run):
    page = run.compare({"pool": 1200})._repr_html_()
    assert "单位：万元" in page and "1,200" in page and "+200" in page and "增加 4 个" in page


def test_many_scenarios_are_cut_on_the_page_and_in_the_chart_but_not_in_the_frame(run):
    found = run.compare(*({"pool": 1000 + place} for place in range(1, 10)))
    page, chart = found._repr_html_(), found.plot(lang="en")
    assert page.count("比基准增减") == 6 and "另有 3 个情景" in page
    assert "3 more scenarios" in chart.figure.axes[0].get_xlabel() and len(chart.figure.axes[0].containers) == 6
    assert len(found.frame.columns) == 1 + 10


def test_the_workbook_is_that_of_the_command_line(run, tmp_path):
    path = run.compare({"pool": 1200}, 保底={"floor_rate": "90%"}).to_excel(tmp_path / "比较.xlsx")
    book = load_workbook(path, data_only=True)
    assert book.sheetnames[:2] == ["比较", "图表"]
    assert {"基准", "资金总额 1,200 万元", "保底"} <= {cell.value for cell in book["比较"][4]}


def test_a_comparison_in_which_a_check_fails_is_not_written(run, tmp_path):
    with pytest.raises(al.AllocationError):
        run.compare({"hardship@黑山县": "x"})
    bad = run.compare({"pool": 1200})
    failed = replace(bad.engine.runs[1].checks[0], ok=False)
    broken = replace(bad.engine.runs[1], checks=(failed,))
    vars(bad)["engine"] = replace(bad.engine, runs=(bad.engine.runs[0], broken))
    with pytest.raises(al.AllocationError, match="资金总额 1,200 万元：核对不通过"):
        bad.to_excel(tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_everything_wrong_with_the_scenarios_is_said_at_once(run):
    with pytest.raises(al.AllocationError) as caught:
        run.compare("没有这个情景", 5, {"pool": "x", "plan": 2}, {"pool": -1})
    text = str(caught.value)
    assert (
        "没有这个情景" in text
        and "参数 scenarios 应是情景" in text
        and "“x”" in text
        and "plan" in text
        and "-1" in text
    )
    assert "settings_" not in text


def test_other_models_and_other_counties_are_refused(run, many, model, shipped):
    with pytest.raises(al.AllocationError, match="地区不同"):
        run.compare(model.run(many))
    with pytest.raises(al.AllocationError, match=r"al\.load"):
        al.compare("reward", {"pool": 1})
    with pytest.raises(al.AllocationError, match="不是同一个模型"):
        run.compare(shipped("incentive_fund").run())


def test_a_sweep_says_how_far_awards_range_and_what_moves_them(run):
    found = run.sweep("pool=900:1100", "settled@each=±10%", samples=32)
    frame, indices = found.frame, found.indices
    assert (frame["p5"] <= frame["p50"]).all() and (frame["p50"] <= frame["p95"]).all()
    assert list(frame["baseline"]) == list(run["award"]) and list(indices.columns) == ["name", "pool", "settled@each"]
    assert (
        "样本 32" in repr(found) and "落户人数" in found._repr_html_() and found.frame.attrs["marks"] == "（浮点试算）"
    )
    assert "在上限的占比" in found._repr_html_() and frame["at_floor"].between(0, 1).all()
    again = run.sweep("pool=900:1100", "settled@each=±10%", samples=32)
    assert again.frame.equals(frame)


def test_a_sweep_that_cannot_be_made_says_why(run):
    for ranges, samples, word in (([], 32, "写范围"), (["pool=900:1100"], 30, "2 的幂"), (["pol=1:2"], 32, "pol")):
        with pytest.raises(al.AllocationError, match=word):
            run.sweep(*ranges, samples=samples)
