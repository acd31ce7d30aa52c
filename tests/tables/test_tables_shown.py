"""A number whose format shows another than is stored is read as shown where heading and format agree, or stops."""

from __future__ import annotations

from fractions import Fraction

import pytest
from people_tables import REVENUE, entry, model_of, notes, problems

from allocation.tables.number_formats import is_plain, section_of
from allocation.tables.reading import read_table

YUAN = entry("cost", "成本", "Cost", "元", min=0, decimals=2)
LARGE = '[>=10000]0!.0,"万";0'


def table(write, heading: str, stored: float, form: str):
    rows = [["代码", "名称", heading], ["210702", "古塔区", stored]]
    return write(rows, formats={(1, 2): form})


@pytest.mark.parametrize(
    ("model", "heading", "stored", "form", "figure"),
    [
        (REVENUE, "财政收入（万元）", 32_000_000, "0!.0,", 3200),
        (REVENUE, "财政收入（万元）", 32_005_600, "0!.0000", "3200.56"),
        (REVENUE, "财政收入（万元）", 32_000_000, r"0\.0000", 3200),
        (REVENUE, "财政收入（万元）", 32_000_000, '[红色][$-804]0"."0000_ ', 3200),
        (REVENUE, "财政收入（千元）", 32_000_000, "#,##0,", 3200),
        (REVENUE, "财政收入（亿元）", 320_000_000, '0!.00,,"亿"', 32_000),
        (REVENUE, "财政收入（万元）", 32_000_000, '0!.0,"万"', 3200),
        (REVENUE, "财政收入（元）", 32_000_000, '0!.0,"万"', 3200),
        (REVENUE, "财政收入", 32_000_000, '0!.0,"万元"', 3200),
        (YUAN, "成本（元）", 32_000_000, LARGE, 32_000_000),
        (YUAN, "成本（元）", 5000, LARGE, 5000),
        (REVENUE, "财政收入（万元）", 0, "0!.0,", 0),
        (REVENUE, "财政收入（万元）", 300.5, '#,##0.00_);[Red](#,##0.00)', "300.5"),
        (REVENUE, "财政收入（万元）", 300.5, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "300.5"),
        (REVENUE, "财政收入（万元）", 300.5, '￥0.00"万元"', "300.5"),
    ],
)  # fmt: skip
def test_what_heading_and_format_agree_on_is_read_as_shown(write, model, heading, stored, form, figure):
    read = read_table(table(write, heading, stored, form), model_of(model))
    assert read.values[model.name] == (Fraction(figure),)
    scaled = stored and figure != stored and not is_plain(form) and "元）" in heading and "（元" not in heading
    assert ("已按显示的读取" in notes(read)) or not scaled or '"' in form


@pytest.mark.parametrize(
    ("heading", "stored", "form", "said"),
    [
        ("财政收入", 32_000_000, "0!.0,", "显示成 3200.0"),  # no heading says 万元
        ("财政收入（元）", 32_000_000, "0!.0000", "显示成 3200.0000"),
        ("财政收入（万元）", 32_000_000, "0!.0000,", "显示成 3.2000"),  # ten millions
        ("财政收入（万元）", 32_000_000, "#,##0,", "显示成 32000"),
        ("财政收入（亿元）", 32_000_000, "0!.0,", "显示成 3200.0"),
        ("财政收入（万元）", 32_000_000, LARGE, "显示成 3200.0万"),
        ("财政收入（万元）", 5000, LARGE, "显示成 5000"),  # beside others that are divided
        ("财政收入（万元）", 300.5, '0.0"元"', "显示成 300.5元"),
        ("财政收入（万元）", 300.5, ";;;", "看不出显示的是多少"),
        ("财政收入（万元）", 300, "000-0000", "看不出显示的是多少"),
    ],
)
def test_all_else_stops_with_what_is_stored_and_what_is_shown(write, heading, stored, form, said):
    told = problems(table(write, heading, stored, form), model_of(REVENUE))
    assert told.startswith("表.xlsx: 数据!C2: 这个单元格存的是") and said in told


def test_a_format_is_one_cause_and_said_once(write):
    rows = [["代码", "名称", "财政收入"], *([f"21070{n}", f"县{n}", 32_000_000 + n] for n in range(1, 6))]
    told = problems(write(rows, formats={(n, 2): "0!.0," for n in range(1, 6)}), model_of(REVENUE))
    assert told.count("存的是") == 1 and "另有 4 个这样的单元格" in told


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ("0.00,,", 12_345_678, "12.35"),
        ('"¥"#,##0,"千元"', 12_345_678, "12346千元"),
        ('[<10000]0;[<100000000]0\\.0,"万";0\\.00,,"亿"', 123_456_789, "1.23亿"),
        ('[<10000]0;[<100000000]0\\.0,"万";0\\.00,,"亿"', 123_456, "12.3万"),
        ("0.0%", 0.1234, "12.3%"),
        ('0.0"%"', 12.34, "12.3%"),
        ("General", 1234.5, "1234.5"),
        ('G/通用格式"人"', 12, "12人"),
    ],
)
def test_what_a_format_shows(form, value, shown):
    number = Fraction(str(value))
    assert section_of(form, number).text(number) == shown
