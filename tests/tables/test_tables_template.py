"""The blank template says what to fill in, reads back when filled, and has the same bytes each time."""

from fractions import Fraction

import pytest
from openpyxl import load_workbook
from people_tables import HOUSING, RATIO, REVENUE, SCHOOL, SETTLED, SIZE, entry, model_of, problems

from allocation.errors import AllocationError
from allocation.tables.reading import read_table
from allocation.tables.template import write_template

FLOOR = entry("floor", "下限", "Floor", "万元", optional=True, source="财预〔2022〕60号")
RATE = entry("rate", "补助标准", "Rate", "元/人", min=0, default=Fraction(800))
ALL = model_of(SETTLED, REVENUE, RATIO, HOUSING, SCHOOL, SIZE, FLOOR, RATE)


@pytest.fixture(params=["zh", "en"])
def lang(request):
    return request.param


@pytest.fixture
def template(tmp_path, lang):
    write_template(ALL, tmp_path / "模板.xlsx", lang)
    return tmp_path / "模板.xlsx"


def test_an_empty_template_says_that_no_county_is_filled_in(template):
    text = problems(template, ALL)
    assert "没有任何一个县（市、区）的数据行" in text and len(text.splitlines()) == 1


def test_a_filled_template_reads_back(template):
    book = load_workbook(template)
    sheet = book["数据"]
    for row, line in enumerate([["210702", "古塔区", 5, 1.25, 0.55, 3, 4, "小城市", None, 900]], start=5):
        for column, value in enumerate(line, start=1):
            sheet.cell(row, column).value = value
    sheet["A1"] = "2017年" + sheet["A1"].value
    book.save(template)
    table = read_table(template, ALL)
    assert table.year == 2017 and table.codes == ("210702",)
    assert {name: values[0] for name, values in table.values.items()} == {
        "settled": 5,
        "revenue": Fraction("1.25"),
        "ratio": Fraction("0.55"),
        "quota.housing": 3,
        "quota.school": 4,
        "size": "小城市",
        "floor": None,
        "rate": 900,
    }
    assert table.notes == ()


def test_the_example_reads_back_within_its_limits(tmp_path, lang):
    write_template(ALL, tmp_path / "例.xlsx", lang, example=True)
    table = read_table(tmp_path / "例.xlsx", ALL)
    assert table.codes == ("990001", "990002", "990003")
    assert all(value is not None for values in table.values.values() for value in values)


def test_a_template_without_lists_reads_back_too(tmp_path):
    write_template(model_of(SETTLED, SIZE), tmp_path / "a.xlsx", example=True)
    table = read_table(tmp_path / "a.xlsx", model_of(SETTLED, SIZE))
    assert table.values["size"] == ("大城市", "中等城市", "小城市") and table.notes == ()


def test_example_figures_keep_to_small_limits(tmp_path):
    tight = entry("tight", "系数", "K", max=Fraction(3, 10))
    share = entry("share", "比率", "Share", "%", max=1)
    ranks = entry("ranks", "档次", "Rank", whole=True, max=3)
    write_template(model_of(tight, share, ranks, SETTLED), tmp_path / "a.xlsx", example=True)
    assert read_table(tmp_path / "a.xlsx", model_of(tight, share, ranks, SETTLED)).values == {
        "tight": (Fraction("0.1"), Fraction("0.2"), Fraction("0.3")),
        "share": (Fraction("0.1"), Fraction("0.2"), Fraction("0.4")),
        "ranks": (1, 2, 3),
        "settled": (100, 200, 400),
    }


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_template(ALL, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_headers_carry_units_comments_and_two_rows_for_lists(tmp_path):
    write_template(ALL, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["数据"]
    assert sheet["C3"].value == "落户人数（人）" and sheet["J3"].value == "补助标准（元/人）"
    assert (sheet["F3"].value, sheet["F4"].value, sheet["G4"].value) == ("用地", "住房（亩）", "教育（亩）")
    assert "F3:G3" in {str(area) for area in sheet.merged_cells.ranges}
    assert "单位：万元" in sheet["I3"].comment.text and "依据：财预〔2022〕60号" in sheet["I3"].comment.text
    assert "取值：0 至 1000000，最多 2 位小数" in sheet["D3"].comment.text
    assert "填表说明" in sheet["A2"].value


def test_input_cells_are_unlocked_coloured_and_codes_are_text(tmp_path):
    write_template(ALL, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["数据"]
    assert sheet.protection.sheet and not sheet.protection.password
    assert sheet["C3"].protection.locked and sheet.freeze_panes == "C5"
    for row in (5, 34):
        cell = sheet.cell(row, 3)
        assert not cell.protection.locked and cell.fill.fgColor.rgb == "FFFFF9E5"
        assert sheet.cell(row, 1).number_format == "@"
    formats = [sheet.cell(5, column).number_format for column in range(3, 11)]
    assert formats == ["#,##0", "#,##0.00", "0.00%", "General", "General", "@", "General", "General"]
    assert sheet["A3"].comment.text.startswith("六位行政区划代码") and sheet["B3"].comment.text.startswith("县")


def test_percentages_show_two_decimals_less_than_they_hold(tmp_path):
    rates = [entry(f"r{digits}", f"率{digits}", f"R{digits}", "%", decimals=digits) for digits in (2, 3)]
    write_template(model_of(*rates), tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert [book["数据"].cell(5, column).number_format for column in (3, 4)] == ["0%", "0.0%"]
    assert [book["填表说明"].cell(row, 4).value for row in (5, 6)] == ["数字，最多 0 位小数", "数字，最多 1 位小数"]


def test_columns_are_wide_enough_for_chinese_headers(tmp_path):
    wide = entry("wide", "上年农业转移人口落户", "Wide", "人")
    narrow = entry("narrow", "abcdefghij", "Narrow")
    write_template(model_of(wide, narrow), tmp_path / "a.xlsx")
    widths = load_workbook(tmp_path / "a.xlsx")["数据"].column_dimensions
    assert widths["C"].width > 20 > 13 > widths["D"].width


def test_validation_keeps_figures_in_range_and_classes_in_their_list(tmp_path):
    write_template(ALL, tmp_path / "a.xlsx")
    rules = {
        str(rule.sqref): rule for rule in load_workbook(tmp_path / "a.xlsx")["数据"].data_validations.dataValidation
    }
    whole, choice, share = rules["C5:C34"], rules["H5:H34"], rules["E5:E34"]
    assert (whole.type, whole.formula1, whole.error) == (
        "whole",
        "0",
        "应填不小于 0，整数（单位：人）。没有数字请留空。",
    )
    assert (choice.type, choice.formula1) == ("list", '"大城市,中等城市,小城市"')
    assert (share.type, share.formula2) == ("decimal", "1") and "0% 至 100%" in share.error


def test_a_long_list_of_choices_is_kept_on_the_second_sheet(tmp_path):
    many = entry("kind", "类别", "Kind", text=True, one_of=tuple(f"第{n}类地区" for n in range(60)))
    write_template(model_of(many), tmp_path / "a.xlsx", example=True)
    book = load_workbook(tmp_path / "a.xlsx")
    assert book["数据"].data_validations.dataValidation[0].formula1 == "'填表说明'!$H$5:$H$64"
    assert book["填表说明"]["H64"].value == "第59类地区"


def test_an_open_class_asks_for_text(tmp_path):
    write_template(model_of(entry("group", "片区", "Group", text=True)), tmp_path / "a.xlsx")
    assert load_workbook(tmp_path / "a.xlsx")["填表说明"]["D5"].value == "文字"


def test_the_second_sheet_lists_every_input(tmp_path):
    write_template(ALL, tmp_path / "a.xlsx")
    rows = list(load_workbook(tmp_path / "a.xlsx")["填表说明"].iter_rows(min_row=4, max_col=6, values_only=True))
    assert rows[0] == ("指标", "代号", "单位", "取值范围", "是否必填", "依据与来源")
    assert rows[1] == ("落户人数", "settled", "人", "不小于 0，整数", "必填", "")
    assert rows[7] == ("下限", "floor", "万元", "数字", "可不填", "财预〔2022〕60号")
    assert rows[8][4] == "可不填，按 800 计"
    assert len(rows) == 1 + len(ALL.inputs)


def test_a_template_that_is_open_elsewhere_says_so_and_leaves_the_old_file(tmp_path, monkeypatch):
    import os

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    write_template(ALL, tmp_path / "a.xlsx")
    old = (tmp_path / "a.xlsx").read_bytes()
    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(AllocationError) as caught:
        write_template(ALL, tmp_path / "a.xlsx")
    assert "正在 Excel 或 WPS 中打开" in caught.value.text("zh")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    assert (tmp_path / "a.xlsx").read_bytes() == old


def test_a_template_never_overwrites_a_file_that_was_filled_in(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"figures of fourteen counties")
    with pytest.raises(AllocationError) as caught:
        write_template(ALL, tmp_path / "a.xlsx")
    assert "可能已经填过" in caught.value.text("zh")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"figures of fourteen counties"]


def test_the_folder_of_a_template_is_made_as_that_of_every_product(tmp_path):
    write_template(ALL, tmp_path / "none" / "a.xlsx")
    assert [path.name for path in (tmp_path / "none").iterdir()] == ["a.xlsx"]


def test_both_sheets_of_a_template_print_on_pages_as_wide_as_they_are(template):
    for sheet in load_workbook(template).worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
