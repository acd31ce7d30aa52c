"""Headers are found wherever people put them, and what is missing is said with the nearest name."""

from dataclasses import replace
from fractions import Fraction

import pytest
from people_tables import (
    HEAD,
    HOUSING,
    LAND,
    REVENUE,
    ROWS,
    SCHOOL,
    SETTLED,
    SIZE,
    entry,
    model_of,
    notes,
    problems,
)

from allocation.tables.reading import read_table
from allocation.texts import Both


def test_a_plain_table_is_read_exactly_in_its_own_order(write, model):
    table = read_table(write([HEAD, *reversed(ROWS)]), model)
    assert table.codes == ("210711", "210703", "210702")
    assert table.names == ("太和区", "凌河区", "古塔区")
    assert table.values["settled"] == (40, 80, 120)
    assert table.values["revenue"] == (50, 100, Fraction("300.5"))
    assert table.values["hardship"] == (None, None, None)
    assert table.cells[("revenue", 2)] == "表.xlsx: 数据!D4"
    assert table.file == "表.xlsx" and len(table.sha256) == 64


def test_the_header_may_stand_below_a_title_and_notes(write, model):
    top = [["2017年锦州市基础数据表"], ["填报单位：锦州市财政局"], []]
    table = read_table(write([*top, HEAD, *ROWS]), model)
    assert table.year == 2017
    assert table.values["settled"] == (120, 80, 40)


@pytest.mark.parametrize("settled", ["落户人数", "settled", "SETTLED migrants", "落 户\n人数", "落户人数(人)"])
def test_names_and_both_labels_are_headers(write, model, settled):
    assert read_table(write([["code", "county", settled, "Revenue"], *ROWS]), model).values["settled"][0] == 120


@pytest.mark.parametrize("code", ["行政区代码", "区划代码", "代码", "Code", "行政区划 代码"])
@pytest.mark.parametrize("name", ["县（市、区）", "县(市)区", "地区", "单位", "name", "名 称"])
def test_key_columns_have_many_names(write_csv, model, code, name):
    table = read_table(write_csv([[code, name, "落户人数", "财政收入"], *ROWS]), model)
    assert (table.codes[0], table.names[0]) == ("210702", "古塔区")


def test_a_column_called_county_goes_before_one_called_region(write_csv, model):
    rows = [["代码", "地区", "县区", *HEAD[2:]], *([code, "锦州", *rest] for code, *rest in ROWS)]
    assert read_table(write_csv(rows), model).names == ("古塔区", "凌河区", "太和区")


def test_two_row_headers_give_list_items(write):
    rows = [
        ["代码", "名称", "落户人数", "用地", None],
        [None, None, None, "住房", "教育"],
        ["210702", "古塔区", 5, 1.5, 2],
    ]
    merge = [("A1:A2", "代码"), ("B1:B2", "名称"), ("C1:C2", "落户人数"), ("D1:E1", "用地")]
    table = read_table(write(rows, merge=merge), model_of(SETTLED, HOUSING, SCHOOL))
    assert table.values == {"settled": (5,), "quota.housing": (Fraction(3, 2),), "quota.school": (2,)}


def test_two_row_headers_need_no_merged_cells_in_csv(write_csv):
    rows = [["代码", "名称", "用地（亩）", "", "落户人数"], ["", "", "教育", "住房", ""], ["210702", "古塔区", 1, 2, 3]]
    table = read_table(write_csv(rows), model_of(SETTLED, HOUSING, SCHOOL))
    assert table.values == {"settled": (3,), "quota.housing": (2,), "quota.school": (1,)}


@pytest.mark.parametrize("header", ["用地/住房", "Use/Housing", "quota.housing", "quota[housing]", "用地／住房"])
def test_a_list_item_may_be_one_header(write_csv, header):
    table = read_table(write_csv([["代码", "名称", header], ["210702", "古塔区", 7]]), model_of(HOUSING))
    assert table.values["quota.housing"] == (7,)
    named = replace(HOUSING, label=Both("住房用地", "Housing land"))
    if "quota" not in header:
        table = read_table(write_csv([["代码", "名称", header], ["210702", "古塔区", 7]]), model_of(named))
        assert table.values["quota.housing"] == (7,)


def test_a_group_above_the_headers_is_passed_over_with_a_note(write, model):
    rows = [["代码", "名称", "人口情况", "财力情况"], [None, None, "落户人数", "财政收入"], *ROWS]
    table = read_table(write(rows, merge=[("A1:A2", "代码"), ("B1:B2", "名称")]), model)
    assert table.values["settled"] == (120, 80, 40)
    assert "上级表头“人口情况”未使用" in notes(table)


def test_units_in_headers_are_converted_exactly(write):
    rows = [
        ["代码", "名称", "落户人数（万人）", "财政收入[亿元]", "建设用地(亩)"],
        ["210702", "古塔区", 1.2345, 0.3, 15],
    ]
    table = read_table(write(rows), model_of(SETTLED, REVENUE, LAND))
    assert table.values == {"settled": (12345,), "revenue": (3000,), "land": (1,)}
    assert "“财政收入”按表中单位“亿元”读取，已换算为“万元”" in notes(table)


def test_an_exact_conversion_that_never_ends_stays_exact(one):
    assert one(LAND, 10, header="建设用地（亩）") == Fraction(2, 3)


def test_a_unit_line_goes_for_money_only_and_a_header_unit_goes_before_it(write):
    rows = [["单位：元"], ["代码", "名称", "落户人数", "财政收入"], ["210702", "古塔区", 9, 3000000]]
    assert read_table(write(rows), model_of(SETTLED, REVENUE)).values == {"settled": (9,), "revenue": (300,)}
    rows[1][3] = "财政收入（万元）"
    rows[2][3] = 300
    assert read_table(write(rows), model_of(SETTLED, REVENUE)).values["revenue"] == (300,)


@pytest.mark.parametrize(
    "line", ["单位：元、人", "（金额单位：元）", "Unit: yuan", "填报单位：财政局　单位：元", "单位：1,000 yuan"]
)
def test_a_unit_line_may_name_several_units_or_an_english_one(write, line):
    rows = [[line], ["代码", "名称", "财政收入"], ["210702", "古塔区", 3000000]]
    expected = 300000 if "1,000" in line else 300
    assert read_table(write(rows), model_of(REVENUE)).values == {"revenue": (expected,)}


def test_a_year_above_a_header_is_passed_over_with_a_note(write_csv):
    table = read_table(write_csv([["代码", "名称", "2017年"], ["", "", "落户人数"], ["1", "甲", 5]]), model_of(SETTLED))
    assert table.values["settled"] == (5,) and "上级表头“2017年”未使用" in notes(table)


def test_an_unknown_unit_line_is_refused_but_an_office_is_not(write, model):
    assert "表.xlsx: 数据!A1: 不认识的单位“千万元”" in problems(write([["单位：千万元"], HEAD, *ROWS]), model)
    assert len(read_table(write([["单位：锦州市财政局"], HEAD, *ROWS]), model)) == 3


def test_two_unit_lines_of_one_kind_are_refused(write, model):
    assert "写了两个同类单位：万元 和 元" in problems(write([["单位：万元", "单位：元"], HEAD, *ROWS]), model)


def test_rows_of_units_and_column_numbers_below_the_header_are_no_counties(write, model):
    rows = [HEAD, ["单位", None, "万人", "元"], ["栏次", "甲", "(1)", "(2)"], ["210702", "古塔区", 0.01, 100000]]
    table = read_table(write(rows), model)
    assert (len(table), table.values["settled"], table.values["revenue"]) == (1, (100,), (10,))


def test_bare_numbers_are_a_numbering_only_where_no_county_is_named(write_csv):
    model = model_of(SETTLED, entry("other", "其他", "Other"))
    assert len(read_table(write_csv([["代码", "落户人数", "其他"], [1, 2, 3], [4, 5, 6]]), model)) == 2
    assert (
        len(read_table(write_csv([["代码", "名称", "落户人数", "其他"], [1, 2, 3, 4], [5, "甲县", 6, 7]]), model)) == 1
    )


def test_a_unit_of_another_kind_is_refused(write):
    path = write([["代码", "名称", "财政收入（亩）"], ["210702", "古塔区", 1]])
    assert "表.xlsx: 数据!C1: “财政收入”的表头单位是“亩”，与所需单位“万元”不是同一类" in problems(
        path, model_of(REVENUE)
    )


def test_a_leading_year_is_passed_over_with_a_note(write):
    people = entry("people", "年末常住人口", "Residents at year end", "人")
    rows = [["代码", "名称", "2017年落户人数", "2017年末常住人口（万人）"], ["210702", "古塔区", 3, 2.5]]
    table = read_table(write(rows), model_of(SETTLED, people))
    assert table.values == {"settled": (3,), "people": (25000,)}
    assert "表.xlsx: 数据!C1: 表头带有“2017年”，按“落户人数”读取" in notes(table)


def test_a_bracket_that_is_no_unit_is_part_of_the_name(write):
    text = problems(write([["代码", "名称", "落户人数（城镇）"], ["210702", "古塔区", 3]]), model_of(SETTLED))
    assert "“落户人数(城镇)”括号里的“城镇”不是认识的单位" in text


def test_a_missing_column_lists_the_headers_found_and_the_nearest(write, model):
    text = problems(write([["代码", "名称", "落户人口数", "财政收入", "电话"], ["210702", "古塔区", 3, 4, 5]]), model)
    assert "表.xlsx: 数据!C1: 缺少“落户人数”" in text
    assert "最接近的是这一列“落户人口数”" in text and "电话" in text and "财政收入”一列" not in text


def test_optional_inputs_and_defaults_may_be_left_out(write_csv):
    share = entry("share", "比例", "Share", default=Fraction(1, 2))
    gone = entry("gone", "下限", "Floor", "万元", optional=True)
    table = read_table(
        write_csv([["代码", "名称", "落户人数"], ["210702", "古塔区", 1]]), model_of(SETTLED, share, gone)
    )
    assert table.values == {"settled": (1,), "share": (Fraction(1, 2),), "gone": (None,)}


def test_unknown_columns_are_passed_over_with_a_note(write, model):
    rows = [["序号", *HEAD, "备注", "联系电话", "城镇化率（%）"], *([1, *row, "略", 5, 70] for row in ROWS)]
    text = notes(read_table(write(rows), model_of(SETTLED, REVENUE, replace(LAND, optional=True))))
    assert "“联系电话”不是所需指标，未读。" in text and "“城镇化率(%)”不是所需指标，未读。" in text
    assert "备注" not in text and "序号" not in text


def test_the_same_input_twice_is_refused_with_both_cells(write, model):
    path = write([[*HEAD, "settled"], ["210702", "古塔区", 1, 2, 3]])
    assert "表.xlsx: 数据!E1: “落户人数”出现了两次，另一处在 表.xlsx: 数据!C1" in problems(path, model)


def test_a_table_without_code_and_name_is_refused(write, model):
    assert "没有“行政区代码”或“名称”列" in problems(write([HEAD[2:], [1, 2]]), model)


def test_a_file_without_any_header_says_what_was_looked_for(write, model):
    text = problems(write([["甲", "乙"], [1, 2]]), model)
    assert "前 15 行里找不到表头" in text and "落户人数" in text and "数据" in text


def test_the_sheet_that_matches_most_inputs_is_used(write, model):
    path = write(sheets={"说明": [["代码", "名称", "落户人数"], ["1", "甲", 1]], "基础": [HEAD, *ROWS]})
    assert read_table(path, model).cells[("settled", 0)] == "表.xlsx: 基础!C2"


def test_a_sheet_called_data_goes_before_its_equals(write, model):
    path = write(sheets={"备份": [HEAD, ROWS[0]], "数据": [HEAD, *ROWS]})
    assert len(read_table(path, model)) == 3


def test_two_equal_sheets_are_refused_until_one_is_named(write, model):
    path = write(sheets={"2016": [HEAD, ROWS[0]], "2017": [HEAD, *ROWS]})
    assert "有几张工作表都像数据表：2016、2017" in problems(path, model)
    assert len(read_table(path, model, sheet="2017")) == 3
    assert len(read_table(path, model, year=2016)) == 1
    titled = write(sheets={"甲": [["2016年"], HEAD, ROWS[0]], "乙": [["2017年"], HEAD, *ROWS]}, name="题.xlsx")
    assert len(read_table(titled, model, year=2017)) == 3
    text = problems(path, model, sheet="2018")
    assert "没有名为“2018”的可见工作表；现有：2016、2017" in text


def test_hidden_sheets_are_not_read(write, model):
    path = write(sheets={"基础": [HEAD, *ROWS], "数据": [HEAD, ROWS[0]]}, hidden=("数据",))
    assert len(read_table(path, model)) == 3


def test_all_problems_of_a_file_are_reported_at_once(write):
    rows = [
        ["代码", "名称", "落户人数", "城市规模"],
        ["210702", "古塔区", "若干", "大成市"],
        ["210702", "凌河区", -1, "小城市"],
    ]
    text = problems(write(rows), model_of(SETTLED, REVENUE, SIZE))
    assert [line.split(": ")[1] for line in text.splitlines()] == [
        "数据!A1",
        "数据!A3",
        "数据!C2",
        "数据!C3",
        "数据!D2",
    ]


def test_the_year_comes_from_a_column_and_picks_its_rows(write_csv, model):
    rows = [
        ["年度", *HEAD],
        *([2016, *row] for row in ROWS[:1]),
        *(["2017年", *row] for row in ROWS),
        [None, None, "合计", 240],
    ]
    path = write_csv(rows)
    assert problems(path, model).startswith("data.csv: A1: 表中有多个年度：2016、2017。请用 --year 指明用哪一年")
    assert len(problems(path, model).splitlines()) == 1
    table = read_table(path, model, year=2017)
    assert (table.year, len(table)) == (2017, 3)
    assert "表中没有 2018 年的行；现有年度：2016、2017" in problems(path, model, year=2018)


def test_a_row_without_its_year_and_a_year_that_is_none_are_refused(write_csv, model):
    rows = [["年度", *HEAD], [2017, *ROWS[0]], [None, *ROWS[1]], ["去年", *ROWS[2]]]
    text = problems(write_csv(rows), model)
    assert "data.csv: A3: “凌河区”这一行没有填年度" in text and "实际是“去年”" in text


def test_the_year_asked_for_goes_before_the_title_with_a_note(write, model):
    path = write([["2016年数据表"], ["填表时间：2018年1月5日"], HEAD, *ROWS])
    assert read_table(path, model).year == 2016
    table = read_table(path, model, year=2017)
    assert table.year == 2017 and "标题写的是 2016 年，本次按指定的 2017 年使用" in notes(table)


PAST = [
    entry(f"earlier.y{back}", f"以前年度人数/{zh}", f"Earlier/{back}", "人", min=0, whole=True, optional=back > 1,
          heading=Both("以前年度人数", "Earlier"), item=Both(zh, f"{back}"))
    for back, zh in ((1, "上年"), (2, "前年"), (3, "大前年"))
]  # fmt: skip


def by_year(*levels: str, title: str = "2024年落户情况统计表") -> list[list]:
    rows = [[code, name, 10 * place, 20 * place, 30 * place] for place, (code, name, *_) in enumerate(ROWS, start=1)]
    return [[title], ["代码", "名称", "以前年度人数", None, None], [None, None, *levels], *rows]


@pytest.mark.parametrize("levels", [
    ("2023年", "2022年", "2021年"), ("2023", "2022", "2021"), ("2023年度", "2022年度", "2021年度"),
    ("2023年（人）", "2022年（人）", "2021年（人）"),
])  # fmt: skip
def test_columns_named_by_the_year_are_those_of_the_years_before_the_tables_own(write_csv, levels):
    table = read_table(write_csv(by_year(*levels)), model_of(*PAST))
    assert [table.values[f"earlier.y{back}"][0] for back in (1, 2, 3)] == [10, 20, 30]
    assert "”按“上年”读取（本表是 2024 年的）" in notes(table)


def test_the_order_of_the_years_is_that_of_the_table(write_csv):
    table = read_table(write_csv(by_year("2021年", "2022年", "2023年")), model_of(*PAST))
    assert [table.values[f"earlier.y{back}"][0] for back in (1, 2, 3)] == [30, 20, 10]


def test_columns_named_by_the_year_stop_where_the_table_gives_no_year(write_csv):
    told = problems(write_csv(by_year("2023年", "2022年", "2021年", title="落户情况统计表")), model_of(*PAST))
    assert told.count("而标题没有写") == 3 and "--year" in told and "年度应写作" not in told
    assert "请把表头改为" not in told.replace("把表头里的年份改为", "")


def test_a_year_too_far_back_for_every_input_is_no_figure_of_the_model(write_csv):
    told = problems(write_csv(by_year("2023年", "2022年", "2015年")), model_of(*PAST))
    assert "2015年" in told or "大前年" in told


def test_a_unit_that_does_not_fit_is_said_once_with_what_stands_in_the_cell(write_csv):
    whole = entry("award", "上年分配额", "Last award", "万元", whole=True)
    figures = [[code, name, 570 + place] for place, (code, name, *_) in enumerate(ROWS)]
    rows = [["单位：元"], ["代码", "名称", "上年分配额"], *figures]
    told = problems(write_csv(rows), model_of(whole))
    assert "单元格里是 570，按A1的单位“元”换算" in told and "另有 2 个" in told and "571" not in told


def test_figures_out_of_range_are_still_said_cell_by_cell(write_csv):
    whole = entry("award", "上年分配额", "Last award", "万元", min=0, whole=True)
    rows = [["代码", "名称", "上年分配额（元）"], *([code, name, -10000] for code, name, *_ in ROWS)]
    told = problems(write_csv(rows), model_of(whole))
    assert told.count("单元格里是 -10000，按表头的单位“元”换算") == 3
