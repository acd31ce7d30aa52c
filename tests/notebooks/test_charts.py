"""Plots: no sign is ever drawn that the font does not have, with a Chinese font or without any."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import matplotlib
import pytest
from matplotlib.text import Text

import allocation as al
from allocation.notebook import fonts

NEEDS_FONT = pytest.mark.skipif(not fonts.font_for("锦州市"), reason="no font with Chinese on this machine")


def texts(chart) -> list[str]:
    """Every text that is drawn."""
    chart._repr_png_()
    found = [one for one in chart.figure.findobj(Text) if one.get_visible()]
    for one in found:
        assert not one.get_text() or str(one.get_fontproperties().get_file()) == str(chart.font), one.get_text()
    return [one.get_text() for one in found if one.get_text()]


def charts(run) -> list:
    compared, swept = run.compare({"pool": 1200}, 增资={"pool": 1300}), run.sweep("pool=900:1100", samples=8)
    return [
        run.plot(),
        run.plot("claim"),
        compared.plot(),
        compared.plot(change=False),
        swept.plot(),
        swept.plot_indices(),
    ]


def boxes(chart) -> set[str]:
    return {sign for text in texts(chart) for sign in fonts.missing(text, chart.font)}


@NEEDS_FONT
def test_with_a_chinese_font_charts_speak_chinese_without_boxes(run):
    for chart in charts(run):
        words = " ".join(texts(chart))
        assert "黑山县" in words and "落户奖励资金分配" in words and boxes(chart) == set()
    assert "Settlement reward" in run.plot(lang="en").title


def test_without_one_charts_speak_english_and_name_counties_by_code(run, no_chinese_font):
    for chart in charts(run):
        words = " ".join(texts(chart))
        assert "210726" in words and "Settlement reward" in words and boxes(chart) == set()
    assert "Scenario 2" in texts(charts(run)[2])


def test_without_one_the_mark_of_illustrative_figures_stays(model, table, no_chinese_font):
    assert "(illustrative data)" in model.run(replace(table, illustrative=True)).plot().title


def test_a_name_that_no_font_holds_is_shown_by_code(model, table):
    rare = replace(table, names=("\U000e0fff县", *table.names[1:]))
    chart = model.run(rare).plot()
    assert "210702" in texts(chart) and boxes(chart) == set()


def test_an_english_label_with_a_strange_sign_is_drawn_without_it(no_chinese_font):
    from allocation.notebook.charts import ChartRow, Plots
    from allocation.texts import Both

    chart = Plots("zh").bars(
        Both("题", "Title 题"), Both("轴", "axis"), [ChartRow("甲", "1")], [(Both("列", "column"), [1.0])]
    )
    assert chart.title == "Title ?" and boxes(chart) == set()


def test_a_name_in_dollar_signs_is_no_formula(model, many):
    chart = model.run(replace(many, names=("$x_1$",) * 50)).plot()
    assert "$x_1$" in texts(chart)
    drawn = [one for one in chart.figure.findobj(Text) if one.get_visible() and one.get_text() == "$x_1$"]
    assert drawn and not any(one.get_parse_math() for one in drawn)


def test_many_counties_are_cut_to_a_readable_chart_that_says_so(model, many, no_chinese_font):
    shown = texts(model.run(many).plot())
    assert len([one for one in shown if one.startswith("3000")]) == 30
    assert any("the first 30 of 50" in one for one in shown)


def test_last_years_award_is_marked_where_the_model_compares_with_it(shipped):
    assert {"Award", "Last year's award"} <= {*texts(shipped("incentive_fund").run().plot(lang="en"))}


def test_a_text_column_cannot_be_drawn(run):
    with pytest.raises(al.AllocationError, match="不是数字"):
        run.plot("size")


def test_drawing_leaves_matplotlib_as_it_was(run):
    before = dict(matplotlib.rcParams)
    run.plot()._repr_png_()
    assert dict(matplotlib.rcParams) == before


def test_a_chart_is_saved_the_same_every_time_or_says_why_not(run, tmp_path):
    for ending in ("png", "pdf"):
        for name in ("a", "b"):
            run.plot().save(tmp_path / f"{name}.{ending}")
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    with pytest.raises(al.AllocationError, match="写不了这张图"):
        run.plot().save(tmp_path / "a.doc")
    with pytest.raises(al.AllocationError, match="不是文件夹"):
        run.plot().save(tmp_path / "a.png" / "b.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "a.png", "b.pdf", "b.png"]


def test_opening_and_running_a_model_loads_neither_pandas_nor_matplotlib():
    code = (
        "import sys, allocation as al\nearly = {*sys.modules}\nal.load('reward').run()._repr_html_()\n"
        "heavy = {'pandas', 'matplotlib', 'scipy', 'openpyxl', 'xlsxwriter'} & {*sys.modules}\n"
        "assert 'numpy' not in early and not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
