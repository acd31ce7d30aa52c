"""Back-tests, unpublished parameters and long frames: exact in, exact out, and no answer surer than it can be."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas
import pytest

import allocation as al
from allocation.notebook.frames import tidy_of

SMALL = "size_rate.小城市"


@pytest.fixture
def dated(table):
    return replace(table, year=2017)


@pytest.fixture
def awarded(model, dated):
    """What was awarded with a rate that nobody published."""
    return {2017: model.run(dated, {SMALL: "1.5"})["award"].to_dict()}


def refused(call, *given, **more) -> str:
    with pytest.raises(al.AllocationError) as caught:
        call(*given, **more)
    return str(caught.value)


def test_a_frame_has_name_and_year_beside_the_code_and_no_year_where_the_table_has_none(model, dated, run):
    frame = model.run(dated).awards
    assert list(frame.columns[:3]) == ["name", "year", "award"] and set(frame["year"]) == {2017}
    assert frame.index.name == "code" and "year" not in run.awards
    again = model.run(model.table(dated).frame).engine
    assert again.table.year == 2017 and again.figures("award") == model.run(dated).engine.figures("award")


def test_the_long_form_keeps_figures_and_texts_apart(model, dated):
    run = model.run(dated)
    tidy = run.tidy("award", "urban", "size")
    assert list(tidy.columns) == ["code", "name", "year", "column", "label", "unit", "value", "text"]
    assert len(tidy) == 3 * 4 and tidy["value"].dtype == float and set(tidy["year"]) == {2017}
    texts = tidy[tidy["column"] == "size"]
    assert texts["value"].isna().all() and texts["text"].tolist()[0] == "大城市"
    figures = tidy[tidy["column"] == "award"]
    assert figures["text"].isna().all() and figures["value"].sum() == 1000
    assert set(figures["unit"]) == {"万元"} and set(figures["label"]) == {"分配额"}
    assert len(run.tidy()) == 4 * (len(model.inputs) + len(model.columns))


def test_the_long_form_can_be_exact_and_speaks_the_language_chosen(run):
    al.set_language("en")
    tidy = run.tidy("award", "urban", exact=True)
    assert [type(value) for value in tidy["value"]] == [int] * 4 + [Decimal] * 4
    assert tidy["value"].tolist()[4] == Decimal("0.852") and tidy["unit"].tolist()[0] == "10,000 yuan"
    assert tidy["year"].isna().all() and set(tidy["label"]) == {"Award", "Urban share"}


def test_yes_and_no_are_one_and_nought_in_the_long_form(model, table):
    tidy = tidy_of(model.engine, table, {"award": (True, False, True, True)}, True)
    assert [(type(value), value) for value in tidy["value"]] == [(int, 1), (int, 0), (int, 1), (int, 1)]


def test_the_dictionary_says_what_every_name_of_a_frame_means(run, shipped):
    words = run.dictionary
    assert set(words.index) == {*run.engine.model.parameters, *run.engine.model.inputs, *run.engine.model.columns}
    assert words.loc["award", ["label_zh", "label_en", "unit", "kind", "holds"]].tolist() == [
        "分配额", "Award", "万元", "column", "number",
    ]  # fmt: skip
    assert shipped("land_quota").run().dictionary.loc["size_classes", "holds"] == "text"
    assert words.loc["size", "holds"] == "text" and words.loc["size_rate", "kind"] == "parameter"


def test_a_back_test_is_exact_and_says_how_much_money_would_have_to_move(model, dated):
    actual = model.run(dated)["award"] + [20, -20, 0, 0]
    test = al.backtest(model, dated, {2017: actual})
    frame = test.to_frame(exact=True)
    assert list(frame.columns) == ["year", "name", "computed", "actual", "error"] and frame.index.name == "code"
    assert frame["error"].tolist() == [-20, 20, 0, 0] and {type(one) for one in frame["error"]} == {int}
    assert test.misplaced == {2017: 0.02} and test.engine[0].misplaced == Fraction(2, 100)
    assert "资金的 2.00% 要挪动" in repr(test) and "相同 2 个" in repr(test)
    page = test._repr_html_()
    assert page.index("古塔区") < page.index("黑山县") and "误差" in page
    chart = test.plot(2017)
    assert chart.title.startswith("2017 年")
    shown = [one.get_text() for one in chart.figure.axes[0].get_yticklabels()]
    assert shown == ["凌海市", "凌河区", "黑山县", "古塔区"]


def test_a_back_test_says_who_has_no_actual_award_and_when_the_totals_differ(model, dated):
    actual = model.run(dated)["award"].drop("210702") + 5
    text = repr(al.backtest(model, dated, {2017: actual}))
    assert "没有实际数 1 个" in text and "对照 3 个" in text and "-15 万元，请看当年的资金总额" in text
    assert "没有实际数" not in repr(al.backtest(model, dated, {2017: model.run(dated)["award"]}))


def test_the_next_years_table_says_what_was_awarded(shipped):
    fund = shipped("incentive_fund@2017")
    first = fund.table().engine
    test = al.backtest(fund, [replace(first, year=2018), first], pool=5000)
    assert test.years == [2017] and test.engine[0].actual == first.values["last_award"]


def test_floats_are_taken_without_their_noise_and_texts_as_they_read(model, dated):
    amounts = {"210702": 0.1 + 0.2, "凌河区": "1,234.5", "210726": None, 210781: Decimal("7.25")}
    (test,) = al.backtest(model, dated, {"2017年": amounts}).engine
    assert test.actual == (Fraction(3, 10), Fraction("1234.5"), None, Fraction("7.25"))


def test_actual_awards_come_as_a_frame_by_either_heading(model, dated):
    codes, wanted = list(dated.codes), tuple(map(Fraction, (1, 2, 3, 4)))
    frames = [
        pandas.DataFrame({"code": codes, "year": 2017, "amount": [1, 2, 3, 4]}),
        pandas.DataFrame({"行政区代码": codes, "年度": "2017", "分配额（万元）": ["1", "2", "3", "4"]}),
        pandas.DataFrame({"award": [1.0, 2, 3, 4]}, index=pandas.Index(codes, name="code")),
        pandas.DataFrame({"code": [float(one) for one in codes], "金额": [1, 2, 3, 4]}),
    ]
    for frame in frames:
        assert al.backtest(model, dated, frame).engine[0].actual == wanted


def test_years_come_in_order_from_files_tables_and_frames_and_settings_hold_in_each(model, dated, awarded):
    later = replace(dated, year=2018)
    actual = {**awarded, 2018: awarded[2017], 2030: {"999999": 1}}
    test = al.backtest(model, [later, dated], actual, {SMALL: 1.5}, pool=1000)
    assert test.years == [2017, 2018] and test.misplaced == {2017: 0, 2018: 0}
    frame = model.table(dated).frame.assign(year=2017)
    both = pandas.concat([frame, frame.assign(year=2018)])
    assert al.backtest(model.engine, both, actual, f"{SMALL}=1.5").misplaced == test.misplaced


def test_what_is_wrong_with_actual_awards_is_said_by_its_place_all_at_once(model, dated):
    known = dict.fromkeys(dated.codes, 1)
    wrong = {"210726": "约700", "黑水县": 3, "210702": True, "210781": "5%"}
    text = refused(al.backtest, model, dated, {2017: {**known, **wrong}})
    assert "actual[2017]['210726']" in text and "约700" in text and "万元" in text
    assert "黑水县" in text and "黑山县" in text and "True" in text and "5%" in text and len(text.splitlines()) == 4
    assert "2018 年的数据表没有" in refused(al.backtest, model, [dated, replace(dated, year=2018)], {2017: known})
    assert "没有可对照的实际分配额" in refused(al.backtest, model, dated)
    assert "不是年度" in refused(al.backtest, model, dated, {17: known})
    assert "写了两次" in refused(al.backtest, model, dated, {2017: {**known, "黑山县": 1}})
    assert "字典" in refused(al.backtest, model, dated, {2017: 5}) and "实际分配数" in refused(
        al.backtest, model, dated, [1]
    )
    assert "amount" in refused(al.backtest, model, dated, pandas.DataFrame({"code": ["210702"], "钱": [1]}))
    assert "（元）" in refused(al.backtest, model, dated, pandas.DataFrame({"code": ["210702"], "分配额（元）": [1]}))


def test_tables_without_a_year_twice_a_year_or_of_no_kind_are_refused(model, table, dated):
    assert "看不出数据是哪一年的" in refused(al.backtest, model, table, {2017: {}})
    assert "2017 年的数据有两份" in refused(al.backtest, model, [dated, dated], {2017: {}})
    assert "参数 model 应是模型" in refused(al.backtest, "reward", dated, {2017: {}})
    text = refused(al.backtest, model.engine, [5, "没有.csv"], {2017: {}})
    assert "给的是 [5" in text and "没有.csv" in text


def test_a_parameter_that_was_not_published_is_found_to_the_round_figure(model, dated, awarded):
    found = al.calibrate(model, dated, {SMALL: (1, 2)}, awarded)
    assert found.settings == {SMALL: Fraction(3, 2)} and found.unique
    assert found.frame.loc[SMALL, "value"] == 1.5 and bool(found.frame.loc[SMALL, "determined"])
    assert found.backtest.misplaced == {2017: 0}
    assert model.run(dated, found.settings)["award"].to_dict() == awarded[2017]
    assert "实际数能确定每一个参数" in repr(found) and "（浮点试算）" in repr(found) and "能确定" in found._repr_html_()


def test_an_amount_that_must_be_whole_is_found_whole(model, dated):
    actual = {2017: model.run(dated, pool=1100)["award"]}
    assert al.calibrate(model, dated, "pool=900:1300", actual).settings == {"pool": 1100}


def test_what_holds_throughout_is_given_beside_the_ranges_also_for_a_year_alone(model, table):
    own = [replace(table, year=year) for year in (2017, 2018)]
    pools = {"pool#2017": 1100, "pool#2018": 1300}
    given = {one.year: {SMALL: "1.5", "pool": pools[f"pool#{one.year}"]} for one in own}
    actual = {one.year: model.run(one, given[one.year])["award"].to_dict() for one in own}
    found = al.calibrate(model, own, {SMALL: (1, 2)}, actual, settings=pools)
    assert found.settings == {SMALL: Fraction(3, 2)} and found.backtest.misplaced == {2017: 0, 2018: 0}
    assert al.backtest(model, own, actual, {SMALL: "1.5"}, pools).misplaced == {2017: 0, 2018: 0}
    assert al.calibrate(model, own, {SMALL: (1, 2)}, actual).backtest.misplaced != {2017: 0, 2018: 0}


def test_weights_that_sum_to_one_are_found_although_the_policy_rounds_on_the_way(shipped):
    fund = shipped("incentive_fund")
    actual = fund.run(None, {"weight[settled]": "50%", "weight[service]": "20%"}).awards
    found = al.calibrate(fund, fund.table(), "weight[settled]=30%:70%", actual, balance="weight[service]")
    assert found.settings == {"weight[settled]": Fraction(1, 2), "weight[service]": Fraction(1, 5)}
    assert found.backtest.misplaced == {2017: 0} and "（示例数据）" in repr(found)


def test_several_sets_that_fit_equally_well_are_said_plainly(model, dated, awarded):
    names = [f"size_rate.{size}" for size in ("大城市", "中等城市", "小城市")]
    found = al.calibrate(model, dated, [f"{name}=0.5:3" for name in names], awarded)
    assert not found.unique and found.undetermined == names
    assert not found.frame["determined"].any() and (found.frame["highest"] > found.frame["lowest"]).all()
    for text in (repr(found), found._repr_html_()):
        assert "几组参数同样好" in text and "定不下来" in text
    al.set_language("en")
    assert "several sets fit equally well" in repr(found) and "size_rate.小城市 = " in repr(found)
    shown = repr(found) + found._repr_html_() + repr(found.backtest)
    assert not re.search("[一-龥]", re.sub(r"size_rate\.\w+", "", shown))


def test_ranges_that_cannot_give_the_awards_are_not_called_an_answer(model, dated, awarded):
    found = al.calibrate(model, dated, {SMALL: "0.5:0.8"}, awarded)
    assert "没有一组参数能得出实际数" in repr(found) and "只是估计" in repr(found)
    assert "几组参数同样好" not in repr(found) and "能确定每一个" not in repr(found)
    assert found.settings[SMALL] <= Fraction(8, 10)


def test_a_range_that_scales_is_run_by_its_changes(model, dated):
    actual = {2017: model.run(dated, al.Change("revenue", Fraction(1), "scale"), pool=1000)["award"]}
    found = al.calibrate(model, dated, "settled@黑山县=±20%", actual)
    assert model.run(dated, *found.changes).ok
    assert "model.run(表, *结果.changes)" in refused(lambda: found.settings)


def test_years_under_different_models_are_back_tested_each_under_its_own_and_not_fitted_together():
    dated = al.load("dated")
    tables = [dated.table(), replace(dated.table().engine, year=2023)]
    actual = {year: {"210702": 1000} for year in (2017, 2023)}
    assert [one.run.figure("pool") for one in al.backtest(dated, tables, actual).engine] == [1000, 2000]
    assert "不是同一个模型文件" in refused(al.calibrate, dated, tables, "pool=900:1100", actual)


def test_wrong_ranges_are_refused(model, dated, awarded):
    assert "没有写明" in refused(al.calibrate, model, dated, [], awarded)
    assert "(0.4, 0.7)" in refused(al.calibrate, model, dated, {SMALL: 1}, awarded)
    assert "balance" in refused(al.calibrate, model, dated, {SMALL: (1, 2)}, awarded, balance="pool")
    assert "没有 2016 年的对照" in refused(al.backtest(model, dated, awarded).plot, 2016)
