"""One cell gives one exact figure, or a message that says what was found and what was expected."""

from datetime import datetime
from fractions import Fraction

import pytest
from people_tables import (
    HARDSHIP,
    HEAD,
    LAND,
    RATIO,
    REVENUE,
    ROWS,
    SETTLED,
    SIZE,
    entry,
    header_of,
    model_of,
    notes,
    problems,
)

from allocation.errors import AllocationError
from allocation.tables.reading import read_as_far, read_table

ROUGH = entry("rough", "系数", "Rough")


def refused(one, *args, **more) -> str:
    with pytest.raises(AllocationError) as caught:
        one(*args, **more)
    return caught.value.text("zh")


@pytest.mark.parametrize(
    ("raw", "figure"),
    [
        (120, "120"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (0.240000152587891, "0.240000152587891"),
        (1e21, "1e21"),
        ("１２０", "120"),
        ("1,234,567.8", "1234567.8"),
        ("1，234，567", "1234567"),
        ("1 234 567", "1234567"),
        (" 12 ", "12"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("+.5", "0.5"),
        ("1e-05", "0.00001"),
    ],
)
def test_a_number_is_its_fifteen_digit_decimal(one, raw, figure):
    assert one(ROUGH, raw) == Fraction(figure)


@pytest.mark.parametrize("raw", ["", "  ", None, "-", "—", "－", "——", "– "])
def test_blanks_and_dashes_are_missing_or_the_default(one, raw):
    assert one(HARDSHIP, raw) is None
    assert one(entry("k", "系数", "K", default=Fraction(3, 2)), raw) == Fraction(3, 2)


def test_float_noise_is_rounded_away_with_one_note_a_column(write):
    rows = [header_of(REVENUE), ["1", "甲", 0.240000152587891], ["2", "乙", 0.1 + 0.2], ["3", "丙", 7.0000001]]
    table = read_table(write(rows), model_of(REVENUE))
    assert table.values["revenue"] == (Fraction("0.24"), Fraction("0.3"), 7)
    assert "表.xlsx: 数据!C2: “财政收入”有 2 个数带有计算误差的尾数" in notes(table)


def test_more_decimals_than_declared_are_refused(one):
    assert "数据!C2: “财政收入”最多 2 位小数（单位 万元），实际是 0.245" in refused(one, REVENUE, 0.245)


def test_a_part_of_a_person_is_refused_with_the_likely_unit(one):
    text = refused(one, SETTLED, 1.25)
    assert "“落户人数”应为整数（人），实际是 1.25。是否单位不对？若 1.25 的单位是万人，就是 12500 人" in text


@pytest.mark.parametrize("raw", ["1,23", "12,3456", "1,2,3", "1.2.3", "1, 234", "1 23"])
def test_malformed_separators_are_refused(one, raw):
    assert "的分节号或小数点位置不对" in refused(one, ROUGH, raw)


@pytest.mark.parametrize("raw", ["若干", "约120", "nan", "inf", "12+3", "(5)", "无"])
def test_text_in_a_number_is_refused(one, raw):
    text = refused(one, SETTLED, raw)
    assert "表.xlsx: 数据!C2" in text and raw in text and "“落户人数”" in text


@pytest.mark.parametrize(
    ("raw", "figure"), [("120人", 120), ("1.2 万人", 12000), ("1,200名", 1200), ("１２０人", 120), ("0.5万人", 5000)]
)
def test_a_unit_behind_the_number_is_converted(one, raw, figure):
    assert one(SETTLED, raw) == figure
    assert one(SETTLED, raw, header="落户人数（万人）") == figure


def test_a_unit_behind_the_number_of_another_kind_or_unknown_is_refused(one):
    assert "“120元”的单位 元 与“落户人数”的单位 人 不是同一类" in refused(one, SETTLED, "120元")
    assert "“120头”里的“头”不是认识的单位；“落户人数”的单位是 人" in refused(one, SETTLED, "120头")


def test_percent_cells_texts_and_headers_all_give_the_ratio(one):
    assert one(RATIO, 0.55, number_format="0.00%") == Fraction("0.55")
    assert one(RATIO, 0.55, number_format="0%", header="城镇化率（%）") == Fraction("0.55")
    assert one(RATIO, "55%") == one(RATIO, "55％", header="城镇化率（%）") == Fraction("0.55")
    assert one(RATIO, 55, header="城镇化率（％）") == Fraction("0.55")
    assert one(RATIO, 0.55) == Fraction("0.55")


def test_a_percentage_above_one_without_its_sign_is_asked_about(one):
    assert "55 没有 % 号，说不准是 55% 还是 5500%" in refused(one, RATIO, 55)


def test_a_percent_sign_on_an_amount_is_refused(one):
    assert "“财政收入”的单位是 万元，不应是百分数；实际是 55%" in refused(one, REVENUE, 0.55, number_format="0%")


def test_ratios_under_a_percent_header_get_a_note(write):
    table = read_table(write([["代码", "名称", "城镇化率(%)"], ["1", "甲", 0.55]]), model_of(RATIO))
    assert table.values["ratio"] == (Fraction("0.0055"),)
    assert "数字却都不大于 1（最大 0.55）" in notes(table)


def test_truths_and_dates_are_refused(one):
    assert "实际是逻辑值 TRUE" in refused(one, SETTLED, True)
    assert "实际是日期 2017-08-30" in refused(one, SETTLED, datetime(2017, 8, 30), number_format="yyyy-mm-dd")


def test_figures_out_of_range_are_refused_with_the_likely_unit(one):
    text = refused(one, REVENUE, 55000000)
    assert "“财政收入”不能大于 1000000（万元），实际是 55000000。是否单位不对？" in text
    assert "若 55000000 的单位是元，就是 5500 万元：请在表头括号里写明单位" in text
    assert "“落户人数”不能小于 0（人），实际是 -1。" in refused(one, SETTLED, -1)
    assert "“城镇化率”不能大于 100（%），实际是 120。" in refused(one, RATIO, "120%")


def test_limits_hold_in_the_models_unit(one):
    assert "不能大于 1000000（万元），实际是 1010000" in refused(one, REVENUE, 101, header="财政收入（亿元）")
    assert one(REVENUE, 100, header="财政收入（亿元）") == 1000000


def test_excel_errors_are_refused_with_their_cell(write):
    rows = [header_of(SETTLED, REVENUE), ["1", "甲", "#N/A", 1], ["2", "乙", 1, "#REF!"]]
    text = problems(write(rows), model_of(SETTLED, REVENUE))
    assert "表.xlsx: 数据!C2: 单元格是错误值 #N/A" in text and "数据!D3: 单元格是错误值 #REF!" in text


def test_cached_results_of_formulas_are_read(write, model):
    table = read_table(write([HEAD, *ROWS], formulas={"C2": ("=100+20", 120), "D2": ("=301", 301)}), model)
    assert (table.values["settled"][0], table.values["revenue"][0]) == (120, 301)


def test_a_formula_with_empty_text_is_missing(write, model, tmp_path):
    import zipfile

    path, excel = write([HEAD, *ROWS], formulas={"C2": ('=""', "")}), tmp_path / "excel.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(excel, "w") as new:
        for name in old.namelist():  # Excel, unlike XlsxWriter, marks an empty text as text
            new.writestr(name, old.read(name).replace(b'<c r="C2"><f>', b'<c r="C2" t="str"><f>'))
    assert read_table(excel, model).values["settled"][0] is None


def test_a_formula_that_was_never_calculated_is_refused(write, model):
    from openpyxl import load_workbook

    path = write([HEAD, *ROWS])
    book = load_workbook(path)
    book.active["C3"] = "=40+40"
    book.save(path)
    assert "表.xlsx: 数据!C3: 这个单元格是公式，但文件里没有保存计算结果" in problems(path, model)


def test_a_figure_in_a_merged_cell_would_count_twice_and_is_refused(write, model):
    text = problems(write([HEAD, *ROWS], merge=[("C2:C3", 120)]), model)
    assert "表.xlsx: 数据!C3: “落户人数”的这个单元格与别的单元格合并了" in text and "C2" not in text


def test_a_class_in_a_merged_cell_goes_for_all_its_counties(write):
    rows = [header_of(SIZE), ["1", "甲", "大城市"], ["2", "乙", None]]
    assert read_table(write(rows, merge=[("C2:C3", "大城市")]), model_of(SIZE)).values["size"] == ("大城市", "大城市")


def test_classes_are_matched_without_spaces_and_the_nearest_is_suggested(one):
    assert one(SIZE, " 中 等城市") == "中等城市"
    assert one(SIZE, "—") is None
    assert "不能是“中型城市”；最接近的是“中等城市”，可填：大城市、中等城市、小城市" in refused(one, SIZE, "中型城市")


def test_excels_scientific_notation_in_csv_is_refused(write_csv):
    path = write_csv([header_of(ROUGH), ["1", "甲", "1.23457E+11"]])
    assert "“1.23457E+11”是科学计数法，可能已丢失末位数字" in problems(path, model_of(ROUGH))


def test_the_comment_on_a_figure_becomes_its_remark(write, model):
    from openpyxl import load_workbook
    from openpyxl.comments import Comment

    path = write([HEAD, *ROWS])
    book = load_workbook(path)
    book.active["D3"].comment = Comment("示意数", "")
    book.save(path)
    assert read_table(path, model).remarks == {("revenue", 1): "示意数"}


def test_decimals_are_counted_in_the_models_unit(one):
    assert one(LAND, 1.23456, header="建设用地（平方公里）") == Fraction("123.456")
    assert "最多 4 位小数（单位 公顷）" in refused(one, LAND, 1.23456)
    rate = entry("rate", "增长率", "Growth", "%", decimals=4)
    assert one(rate, "5.25%") == Fraction("0.0525")
    assert "最多 2 位小数（单位 %），实际是 5.255。" in refused(one, rate, "5.255%")


def test_a_table_is_read_as_far_as_it_goes_and_what_could_not_be_read_is_missing_not_its_default(write_csv):
    bonus = entry("bonus", "加分", "Bonus", default=Fraction(5))
    rows = [["代码", "名称", "加分"], ["210702", "古塔区", "多"], ["210703", "凌河区", ""], ["210711", "太和区", "7"]]
    found: list = []
    table = read_as_far(write_csv(rows), model_of(bonus), found)
    assert table.values["bonus"] == (None, 5, 7) and table.codes[0] == "210702"
    assert [one.where for one in found] == ["data.csv: C2"]
    nothing = read_as_far("没有.csv", model_of(bonus), found)
    assert len(nothing) == 0 and nothing.values == {"bonus": ()} and len(found) == 2
