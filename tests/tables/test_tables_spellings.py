"""Figures and codes as people write them."""

from fractions import Fraction

import pytest
from people_tables import LAND, RATIO, REVENUE, SETTLED, model_of, notes

from allocation.tables.cells import SourceCell
from allocation.tables.reading import read_table
from allocation.tables.rows import code_text


@pytest.mark.parametrize(
    ("written", "figure"),
    [("5100万", 5100), ("￥2600", 2600), ("¥2,600", 2600), ("0.32亿", 3200), ("３１９８", 3198), ("1 234", 1234)],
)
def test_money_written_in_an_unusual_way_is_read_and_said(written, figure, write_csv):
    table = read_table(write_csv([["代码", "名称", "财政收入"], ["1", "甲", written]]), model_of(REVENUE))
    assert table.values["revenue"] == (Fraction(figure),)
    assert "不是普通写法" in notes(table) and f"{figure} 万元" in notes(table)


def test_ten_thousands_of_people_are_people(write_csv):
    table = read_table(write_csv([["代码", "名称", "落户人数"], ["1", "甲", "1.2万"]]), model_of(SETTLED))
    assert table.values["settled"] == (12000,)


@pytest.mark.parametrize(
    ("entry", "heading", "written", "figure", "told"),
    [
        (SETTLED, "落户人数（人）", "40.1万人", 401000, "“40.1万人”按 401000 人读取"),
        (REVENUE, "财政收入（万元）", "1.2亿元", 12000, "“1.2亿元”按 12000 万元读取"),
        (REVENUE, "财政收入", "26000000元", 2600, "“26000000元”按 2600 万元读取"),
        (REVENUE, "财政收入（元）", "2600万元", 2600, "“2600万元”按 2600 万元读取"),
        (LAND, "建设用地（公顷）", "30亩", 2, "“30亩”按 2 公顷读取"),
        (REVENUE, "财政收入（元）", "26000000元", 2600, ""),
        (REVENUE, "财政收入（万元）", "2600 万元", 2600, ""),
        (SETTLED, "落户人数", "120人", 120, ""),
        (RATIO, "城镇化率（%）", "50%", Fraction(1, 2), ""),
    ],
)
def test_a_unit_in_the_cell_that_is_not_the_columns_is_followed_and_said(
    entry, heading, written, figure, told, write_csv
):
    table = read_table(write_csv([["代码", "名称", heading], ["1", "甲", written]]), model_of(entry))
    assert table.values[entry.name] == (figure,)
    assert told in notes(table) and ("不是普通写法" in notes(table)) == bool(told)


@pytest.mark.parametrize(
    ("number", "form", "code"),
    [
        (10702, "000000", "010702"),
        (10702, "000000;@", "010702"),
        (10702, "00-00-00", "010702"),
        (702, '"21"0000', "210702"),
        (210702, "General", "210702"),
    ],
)
def test_codes_keep_the_zeros_their_format_shows(number, form, code):
    assert code_text(SourceCell(number, form)) == code


def test_a_slash_is_a_blank_and_said(write_csv):
    rows = [["代码", "名称", "财政收入"], ["1", "甲", "／"], ["2", "乙", 5]]
    table = read_table(write_csv(rows), model_of(REVENUE))
    assert table.values["revenue"] == (None, 5) and "1 格写的是“/”" in notes(table)
