"""Figures of another year, of another kind or of another sheet are never taken for this year's without a word."""

from __future__ import annotations

import pytest
from openpyxl import Workbook
from small_tables import HEAD, MODEL, ROWS, refused, table

from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.tables.reading import read_table

THREE = MODEL + '[[input]]\nname = "coefficient"\nzh = "系数"\nen = "Coefficient"\ndefault = 1\n'
THREE = THREE.replace('formula = "money"', 'formula = "money * people / people"')


def book(folder, *sheets):
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, lines in sheets:
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append(line)
    workbook.save(folder / "册.xlsx")
    return read_table(folder / "册.xlsx", model_from_text(THREE))


@pytest.mark.parametrize("above", ["上年", "计划数", "占全市比重", "人均", "累计", "核减", "调整前", "上年同期"])
def test_a_heading_above_that_makes_another_figure_of_it_stops(tmp_path, above):
    rows = [["代码", "名称", "落户人数", above], [None, None, None, "投资额"], *ROWS]
    problems = refused(tmp_path, rows)
    assert [one.id for one in problems] == ["tables.upper_other"] and above in problems[0].text("zh")


@pytest.mark.parametrize("above", ["基本情况", "资金", "本年", "指标", "计划外资金"])
def test_a_heading_that_only_groups_is_passed_over_with_a_note(tmp_path, above):
    rows = [["代码", "名称", "落户人数", above], [None, None, None, "投资额"], *ROWS]
    read = table(tmp_path, rows)
    assert read.values["money"][0] == 30000 and "tables.upper_header" in {one.id for one in read.notes}


@pytest.mark.parametrize("below", ["上年", "占比", "增减", "合计"])
def test_a_word_below_one_heading_is_no_row_to_be_set_aside(tmp_path, below):
    assert {"tables.row_without_county"} <= {
        one.id for one in refused(tmp_path, [HEAD, [None, None, below, None], *ROWS])
    }


def test_the_line_of_units_on_every_printed_page_is_passed_over(tmp_path):
    line = [None, None, None, "单位：万元"]
    assert len(table(tmp_path, [["表"], line, HEAD, *ROWS[:2], ["表"], line, HEAD, ROWS[2]]).names) == 3


def test_last_years_sheet_with_one_heading_more_is_no_better_than_this_years(tmp_path):
    wider = [[*HEAD, "系数"], *([*row, 1] for row in ROWS)]
    with pytest.raises(AllocationError) as caught:
        book(tmp_path, ("2017年", [HEAD, *ROWS]), ("2016年", wider))
    assert [one.id for one in caught.value.problems] == ["tables.many_sheets"]


def test_a_blank_form_beside_a_table_asks_nothing(tmp_path):
    assert book(tmp_path, ("空表", [HEAD]), ("2017年", [HEAD, *ROWS])).values["money"][0] == 30000


@pytest.mark.parametrize(("code", "guess"), [("21O702", "210702"), ("2l0702", "210702")])
def test_a_letter_among_a_codes_digits_is_asked_about(tmp_path, code, guess):
    problems = refused(tmp_path, [HEAD, [code, *ROWS[0][1:]], *ROWS[1:]])
    assert [one.id for one in problems] == ["tables.code_letter"] and guess in problems[0].text("zh")


def test_a_truth_for_a_name_is_asked_about(tmp_path):
    assert [one.id for one in refused(tmp_path, [HEAD, ["210702", True, 10, 30000], *ROWS[1:]])] == [
        "tables.name_no_text"
    ]


def test_cities_rounded_in_every_figure_are_not_counted_beside_their_counties(tmp_path):
    head = HEAD[1:]
    first = [["古塔区", 1010, 30000], ["凌河区", 2011, 40000], ["太和区", 1512, 50000], ["黑山县", 913, 60000]]
    rows = [head, ["锦州市", 5447, 180001], *first, ["站前区", 3000, 9000]]
    problems = refused(tmp_path, rows)
    assert [one.id for one in problems] == ["tables.row_doubt"] and "锦州市" in problems[0].text("zh")
    assert len(table(tmp_path, rows, rows={"锦州市": "total"}).names) == 5
