"""Several years in one run: the past is carried by code, the workbook's years are linked. Laws: tests/laws."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from openpyxl import load_workbook
from recorded_book import opened

from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.run.finding import find
from allocation.run.scenario import Change
from allocation.tables.table import Table
from allocation.xlsx.timeline import write_timeline
from allocation.years.timeline import timeline
from allocation.years.year_notes import leaps

FOUND = find("incentive_fund", None, None)
MODEL = FOUND.model


def ids(caught) -> set[str]:
    return {one.id for one in caught.value.problems}


def test_last_years_award_is_the_one_the_run_gave_and_not_the_tables():
    later = replace(FOUND.table, year=2018).with_values(last_award=(Fraction(1),) * 7)
    changes = [Change("hold_harmless", Fraction(1))]
    found = timeline(
        MODEL,
        [FOUND.table, later],
        [*changes, Change("pool#2017", Fraction(6000)), Change("pool#2018", Fraction(6000))],
    )
    assert found.runs[1].figures("floor") == found.runs[0].figures("award")


def grown(tmp_path=None):
    """Three years in which one county goes, another comes, and the order of rows turns."""
    table = FOUND.table
    later = replace(
        table, year=2018, codes=(*table.codes[:0:-1], "210799"), names=(*table.names[:0:-1], "新设区"),
        values={name: (*figures[:0:-1], figures[0]) for name, figures in table.values.items()},
    )  # fmt: skip
    return timeline(
        MODEL, [table, later], [Change("pool#2019", Fraction(5500)), Change("phase_rate[year_1]", Fraction(1, 2))],
        growth=[Change("settled[in_city]", Fraction(1, 20))], until=2019,
    )  # fmt: skip


def test_a_county_that_comes_or_goes_has_awards_only_where_it_is():
    found = grown()
    assert found.path("award", "210702")[1:] == (None, None)
    assert found.path("award", "210799")[0] is None
    assert [run.total("award") for run in found.runs] == [5000, 5000, 5500]
    people = found.path("settled.in_city", "210726")
    assert people == (2650, 2650, 2783)  # 2,782.5 goes up


def recalculated(path):
    """The workbook as formualizer works it out: every formula gives the figure stored beside it."""
    stored = load_workbook(path, data_only=True)
    book = opened(path)
    book.evaluate_all()
    cells = [(sheet, cell) for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row
             if cell.data_type == "f"]  # fmt: skip
    assert len(cells) > 80
    for sheet, cell in cells:
        old, new = stored[sheet.title][cell.coordinate].value, book.get_value(sheet.title, cell.row, cell.column)
        if isinstance(old, (int, float)) and isinstance(new, (int, float)):
            slack = 1000 if cell.value.endswith("*1000000000,0)") else 1e-9 * max(1, abs(old))
            assert abs(old - new) <= slack, (sheet.title, cell.coordinate)
        else:
            error = str(old).startswith("#") and isinstance(new, dict)
            assert (old or "") == (new or "") or error, (sheet.title, cell.coordinate, old, new)
    return book


CLASSES = """
[model]
zh = "类别"
en = "classes"
basis = []
award = "award"
[[input]]
name = "kind"
zh = "类"
en = "kind"
text = true
[[input]]
name = "before"
zh = "上年类"
en = "kind before"
text = true
[[input]]
name = "people"
zh = "人数"
en = "people"
[[column]]
name = "named"
zh = "去年有类"
en = "had a kind"
formula = "10 if given(last(kind)) else 0"
[[column]]
name = "award"
zh = "数"
en = "amount"
formula = "people + named + (5 if (last(kind) if given(last(kind)) else kind) == 'a' else 1)"
"""


def test_a_class_of_the_year_before_is_found_as_a_figure_is(tmp_path):
    model = model_from_text(CLASSES.replace('name = "kind"\n', 'name = "kind"\nbefore = "before"\n'))
    codes = ("01", "02", "03")
    first = Table(codes, codes, {"kind": ("a", "b", "c"), "before": ("b", None, "c"), "people": (1, 2, 3)}, 2017)
    second = Table(("03", "02", "04"), ("03", "02", "04"), {"kind": ("a", "a", "a"), "people": (4, 5, 6)}, 2018)
    exact = [table.with_values(people=tuple(map(Fraction, table.values["people"]))) for table in (first, second)]
    found = timeline(model, exact)
    assert [list(run.figures("award")) for run in found.runs] == [[12, 3, 14], [15, 16, 11]]
    assert found.path("kind", "03") == ("c", "a") and found.path("kind", "01") == ("a", None)
    write_timeline(found, tmp_path / "classes.xlsx", "zh")
    recalculated(tmp_path / "classes.xlsx")


def test_every_year_of_the_workbook_recalculates_and_an_edit_runs_through_the_years_after_it(tmp_path):
    found = grown()
    path = tmp_path / "years.xlsx"
    write_timeline(found, path, "zh")
    stored, book = load_workbook(path, data_only=True), recalculated(path)
    sheet = stored["数据2017"]
    column = next(cell.column for cell in sheet[5] if cell.value == "settled.in_city")
    row = next(cell.row for cell in sheet["B"] if cell.value == "210726")
    book.set_value("数据2017", row, column, 4000)
    book.evaluate_all()
    edited = FOUND.table.with_values(**{
        "settled.in_city": tuple(Fraction(4000) if code == "210726" else value for code, value in
                                 zip(FOUND.table.codes, FOUND.table.values["settled.in_city"], strict=True))
    })  # fmt: skip
    again = timeline(MODEL, [edited, *found.run.tables[1:]],
                     [Change("pool#2019", Fraction(5500)), Change("phase_rate[year_1]", Fraction(1, 2))])  # fmt: skip
    shown = stored["各年"]
    place = {cell.value: cell.row for cell in shown["A"] if cell.value}
    for code in again.counties:
        for number, value in enumerate(again.path("award", code)):
            if value is not None:
                assert book.get_value("各年", place[code], 3 + number) == float(value), (code, number)
    assert again.path("award", "210727") != found.path("award", "210727")


WRONG = {
    "no until": ({"growth": [Change("settled[in_city]", Fraction(1))]}, "timeline.no_future"),
    "until before": ({"until": 2016}, "timeline.until"),
    "rate of a parameter": ({"growth": [Change("pool", Fraction(1, 10))], "until": 2018}, "timeline.parameter"),
    "rate as text": ({"growth": [Change("settled[in_city]", "快")], "until": 2018}, "timeline.rate"),
    "what the past gave": ({"growth": [Change("earlier[year_1]", Fraction(1, 20))], "until": 2018}, "timeline.past"),
    "five without a percent sign": (
        {"growth": [Change("settled[in_city]", Fraction(5))], "until": 2018},
        "timeline.rate",
    ),
    "unknown": ({"growth": [Change("setled", Fraction(1, 10))], "until": 2018}, "scenario.unknown"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_slip_is_a_message(case):
    more, message = WRONG[case]
    with pytest.raises(AllocationError) as caught:
        timeline(MODEL, [FOUND.table], **more)
    assert ids(caught) == {message}


def test_years_must_follow_one_another_once_each():
    for years, message in (
        ((2017, 2019), "timeline.gap"),
        ((2017, 2017), "timeline.year_twice"),
        ((2017, None), "timeline.no_year"),
    ):
        with pytest.raises(AllocationError) as caught:
            timeline(MODEL, [replace(FOUND.table, year=year) for year in years])
        assert ids(caught) == {message}


def test_the_tables_ahead_do_not_repeat_the_past_and_are_marked_on_every_page(tmp_path):
    found = timeline(MODEL, [FOUND.table], until=2018)
    assert set(found.run.tables[1].values["last_award"]) == {None}
    write_timeline(found, tmp_path / "y.xlsx", "zh")
    book = load_workbook(tmp_path / "y.xlsx")
    assert book["数据2018"].oddHeader.right.text == "（推算）（示例数据）"
    assert book["数据2017"].oddHeader.right.text == "（示例数据）"


def test_a_county_in_neither_of_two_years_has_no_change_and_every_head_of_a_year_ahead_says_so(tmp_path):
    write_timeline(grown(), tmp_path / "y.xlsx", "zh")
    sheet = load_workbook(tmp_path / "y.xlsx", data_only=True)["各年"]
    assert [cell.value for cell in sheet[5]][2:7] == ["2017", "2018", "2019（推算）", "2018", "2019（推算）"]
    rows = {cell.value: [sheet.cell(cell.row, column).value for column in (6, 7)] for cell in sheet["A"]}
    gone, came = rows["210702"], rows["210799"]
    assert gone[0] < 0 and gone[1] is None and came[0] > 0 and came[1] is not None


def test_only_a_figure_of_some_size_leaps_and_only_by_more_than_threefold():
    def noted(old: int | None, new: int | None) -> bool:
        tables = [FOUND.table.with_values(**{"settled.in_city": (None if one is None else Fraction(one),) * 7})
                  for one in (old, new)]  # fmt: skip
        return bool(leaps(MODEL, tables[0], replace(tables[1], year=2018)))

    assert noted(264600, 2646000) and noted(2646000, 264600) and noted(3, 10)
    assert not any(noted(*pair) for pair in ((100, 300), (2, 9), (0, 500), (500, 0), (None, 500), (500, None)))


def test_what_earlier_years_gave_does_not_leap_and_of_many_counties_the_first_are_named():
    def scaled(name: str):
        figures = FOUND.table.values[name]
        return replace(FOUND.table.with_values(**{name: tuple(one * 10 for one in figures)}), year=2018)

    assert leaps(MODEL, FOUND.table, scaled("last_award")) == []
    (note,) = leaps(MODEL, FOUND.table, scaled("settled.in_city"))
    assert note.text("zh").endswith("等 7 个；请核对") and note.text("zh").count("→") == 6
