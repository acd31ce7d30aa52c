"""A parameter is a number with its unit beside it; doubts and notes are Python's warnings."""

from __future__ import annotations

import warnings
from fractions import Fraction

import pytest

import allocation as al


def test_a_parameter_is_a_number_with_unit_label_source_and_origin_beside_it(model):
    pool = model["pool"]
    assert (pool.value, pool.unit, pool.label, pool.origin) == (1000, "万元", "资金总额", "model")
    assert type(pool.value) is int and pool.value * 2 == 2000 and pool.text == "1,000 万元"
    assert model["floor_rate"].value == pytest.approx(0.5) and model["floor_rate"].unit == "%"
    assert model["settled"].value is None and model["award"].value is None


def test_a_keyed_or_banded_parameter_is_a_mapping_of_numbers_that_does_not_change(model, shipped):
    rates = model["size_rate"]
    assert {*rates.value.values()} and all(isinstance(one, int | float) for one in rates.value.values())
    assert rates.value.keys() == rates.origin.keys() == model.engine.parameters["size_rate"].figures.keys()
    with pytest.raises(TypeError):
        rates.value["大城市"] = 9
    assert shipped("land_quota")["land_standard"].value == {"1": 100, "2": 80, "3": 50}


@pytest.mark.parametrize("name", ["incentive_fund", "land_quota", "infrastructure_subsidy"])
def test_every_value_is_exactly_the_figure_of_the_model(shipped, name):
    model = shipped(name)
    for address, entry in model.parameters.items():
        figures = entry.engine.figures
        values = entry.value if entry.engine.kind != "scalar" else {"": entry.value}
        for key, figure in figures.items():
            value = values[key]
            exact = Fraction(repr(value)) if isinstance(value, float) else value
            assert exact == figure, (address, key)


def test_a_figure_that_only_the_bureau_knows_is_none_and_says_how_to_give_it(shipped):
    pool = shipped("incentive_fund")["pool"]
    assert pool.value is None and pool.required and pool.origin == ""
    assert "model.run(pool=…)" in repr(pool) and "model.run(pool=…)" in pool._repr_html_()


def warned(call) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", al.DoubtWarning)
        warnings.simplefilter("always", al.NoteWarning)
        call()
    return [one for one in caught if issubclass(one.category, al.DoubtWarning | al.NoteWarning)]


@pytest.fixture
def doubtful(model):
    """A frame on which the run has a doubt: a figure a hundred times last year's."""
    frame = model.table().frame
    frame.loc["210726", "name"] = "凌海市"
    frame.loc["210781", "name"] = "黑山县"
    return frame


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_doubt_and_note_is_warned_of_once_with_its_id_in_the_language(model, doubtful, lang, tmp_path):
    al.set_language(lang)
    last = tmp_path / "last.csv"
    model.table().frame.to_csv(last, encoding="utf-8-sig")
    runs = []
    caught = warned(lambda: runs.append(model.run(doubtful, last=last)))
    doubts = [one.message for one in caught if one.category is al.DoubtWarning]
    notes = [one.message for one in caught if one.category is al.NoteWarning]
    assert [one.id for one in doubts] == [one.id for one in runs[0].doubts.open] != []
    assert [one.id for one in notes] == [one.id for one in runs[0].notes]
    assert all(f"[{one.id}]" in str(one) and "--" not in str(one) for one in (*doubts, *notes))
    assert ("黑山县" in str(doubts[0])) and caught[0].filename == __file__
    resolved = {one.id: "改名" for one in runs[0].doubts.open}
    assert not [one for one in warned(lambda: model.run(doubtful, last=last, resolve=resolved))
                if one.category is al.DoubtWarning]  # fmt: skip


def test_a_doubt_made_an_error_stops_the_run(model, doubtful, tmp_path):
    last = tmp_path / "last.csv"
    model.table().frame.to_csv(last, encoding="utf-8-sig")
    with warnings.catch_warnings(), pytest.raises(al.DoubtWarning):
        warnings.simplefilter("error", al.DoubtWarning)
        model.run(doubtful, last=last)
