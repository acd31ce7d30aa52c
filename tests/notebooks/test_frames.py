"""Frames in: what a person's DataFrame may look like, and what is refused by its place."""

from __future__ import annotations

from fractions import Fraction

import pandas
import pytest

import allocation as al


@pytest.fixture
def frame(model):
    return model.table().frame


def refused(model, frame) -> str:
    with pytest.raises(al.AllocationError) as caught:
        model.run(frame)
    return str(caught.value)


def same(model, frame) -> bool:
    return model.run(frame).engine.figures("award") == model.run().engine.figures("award")


def test_a_table_that_goes_out_comes_back_the_same(model, frame):
    table = model.run(frame).engine.table
    own = model.table().engine
    assert (table.codes, table.names, table.values) == (own.codes, own.names, own.values)


def test_codes_may_be_the_index_or_a_column_and_labels_may_head_the_columns(model, frame):
    assert same(model, frame.reset_index())
    assert same(model, frame.rename_axis(None))
    chinese = {name: entry.label.zh for name, entry in model.engine.inputs.items()}
    assert same(model, frame.rename(columns={**chinese, "name": "名称"}).rename_axis("行政区代码"))
    english = {name: entry.label.en for name, entry in model.engine.inputs.items()}
    assert same(model, frame.rename(columns=english))


def test_a_frame_without_codes_is_refused_and_none_are_invented(model, frame):
    assert "没有代码" in refused(model, frame.reset_index(drop=True))
    assert "没有代码" in refused(model, frame.set_index("name"))


def test_rows_in_any_order_give_the_same_awards(model, frame):
    assert model.run(frame.iloc[::-1]).awards["award"].to_dict() == model.run().awards["award"].to_dict()


def test_nan_none_and_pandas_na_are_blanks(model, frame):
    for blank in (float("nan"), None, pandas.NA):
        table = model.run(frame.assign(hardship=[blank] * 4)).engine.table
        assert table.values["hardship"] == (None,) * 4


def test_a_plain_number_of_a_percentage_column_is_a_fraction_and_a_text_is_what_it_says(model, frame):
    rates = {"urban": [0.852, 0.88, 0.415, 0.5225]}
    assert same(model, frame.assign(**rates)) and same(model, frame.assign(urban=["85.2%", "88%", "41.5%", "52.25%"]))
    points = frame.drop(columns="urban").assign(**{"城镇化率（%）": [85.2, 88, 41.5, 52.25]})
    assert same(model, points)


def test_floats_are_read_by_their_shortest_decimal(model, frame):
    table = model.run(frame.assign(revenue=[0.1, 1e5, 2.5, 30050.55])).engine.table
    assert not [note for note in table.notes if note.id == "tables.noise"]
    assert table.values["revenue"] == (Fraction(1, 10), Fraction(100000), Fraction(5, 2), Fraction("30050.55"))


def test_whole_numbers_are_codes_when_they_cannot_have_lost_a_zero(model, frame):
    numbers = frame.set_axis(pandas.Index(range(210701, 210705), name="code"))
    assert model.run(numbers).engine.table.codes == ("210701", "210702", "210703", "210704")
    towns = frame.reset_index().assign(code=[210701, 210702, 210702990, 210702991])
    assert model.run(towns).engine.table.codes[2] == "210702990"
    floats = frame.reset_index().assign(code=[210701.0, 210702.0, 210703.0, 210704.0])
    assert model.run(floats).engine.table.codes[0] == "210701"


@pytest.mark.parametrize("codes", [[10701, 10702, 10703, 10704], [1, 2, 3, 4], [107010, 2107020, 2107030, 2107040]])
def test_codes_that_may_have_lost_a_zero_are_refused(model, frame, codes):
    assert '请按文字读入，如 pd.read_csv(…, dtype={"code": str})' in refused(
        model, frame.reset_index().assign(code=codes)
    )


def test_problems_are_placed_as_pandas_finds_them(model, frame):
    frame["settled"] = frame["settled"].astype(object)
    frame.loc["210726", "settled"] = "九十"
    frame.loc["210781", "urban"] = 1.5
    text = refused(model, frame)
    assert "DataFrame.loc['210726', 'settled']" in text and "DataFrame.loc['210781', 'urban']" in text
    assert ".csv" not in text and len(text.splitlines()) == 2


def test_a_code_given_twice_is_placed_with_its_other(model, frame):
    text = refused(model, frame.set_axis(pandas.Index(["210702", "210703", "210703", "210781"], name="code")))
    assert text.count("DataFrame.loc['210703', 'code']") == 2


def test_illustrative_figures_stay_marked_whatever_is_done_to_the_frame(shipped):
    model = shipped("land_quota")
    frame = model.table().frame
    merged = pandas.DataFrame(frame.to_dict("list"), index=frame.index)  # a frame without attrs
    assert merged.attrs == {} and model.run(merged, reference=True, plan_total=100).engine.table.illustrative
    assert model.run(frame.drop(columns="remark"), plan_total=100).engine.table.illustrative  # known by its attrs alone
    assert model.run(frame, plan_total=100).engine.table.year == 2017


def test_a_frame_without_counties_says_so(model, frame):
    assert "DataFrame" in refused(model, frame.iloc[:0])
    assert "DataFrame" in refused(model, pandas.DataFrame({"a": [1]}))
