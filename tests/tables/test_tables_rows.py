"""Counties are told from totals, notes and blanks; totals must agree; codes identify."""

import pytest
from people_tables import HARDSHIP, HEAD, REVENUE, ROWS, SETTLED, model_of, notes, problems

from allocation.errors import Problem
from allocation.tables.reading import read_as_far, read_table

MONEY = model_of(REVENUE)


def money(*rows):
    """Rows of code, name and revenue below their header."""
    return [["代码", "名称", "财政收入"], *rows]


@pytest.mark.parametrize("name", ["合计", "合 计", "总　计", "total", "Total", "全市合计", "全市", "合计："])
@pytest.mark.parametrize("place", [0, 3])
def test_a_total_row_at_the_top_or_bottom_is_set_aside(write_csv, model, name, place):
    rows = list(ROWS)
    rows.insert(place, ["", name, 240, 450.5])
    table = read_table(write_csv([HEAD, *rows]), model)
    assert table.names == ("古塔区", "凌河区", "太和区")
    assert "行已单独核对，不参加分配" in notes(table)


def test_a_total_merged_over_the_code_column_is_set_aside(write, model):
    path = write([HEAD, *ROWS, [None, None, 240, 450.5]], merge=[("A5:B5", "合计")])
    assert len(read_table(path, model)) == 3


def test_a_total_in_the_number_column_is_set_aside(write_csv, model):
    path = write_csv([["序号", *HEAD], *([1, *row] for row in ROWS), ["合计", "", "", 240, 450.5]])
    assert len(read_table(path, model)) == 3


def test_a_total_that_disagrees_is_refused_with_both_figures_and_the_cell(write, model):
    text = problems(write([HEAD, *ROWS, ["", "合计", 241, 450.5]]), model)
    assert "表.xlsx: 数据!C5: “合计”行的“落户人数”是 241，而 3 个县（市、区）相加是 240（人），相差 1" in text
    assert "古塔区、凌河区、太和区" in text and "财政收入" not in text


def test_a_total_that_disagrees_shortens_a_long_list_of_counties(write_csv):
    rows = money(*([n, f"县{n}", 1] for n in range(1, 10)), ["", "合计", 8])
    assert "相加的是：县1、县2、县3、县4、…、县7、县8、县9。" in problems(write_csv(rows), MONEY)


def test_totals_are_held_in_the_tables_unit_and_above_the_limits_of_one_county(write_csv):
    rows = [["代码", "名称", "财政收入（亿元）"], [1, "甲", 99], [2, "乙", 98], ["", "合计", 197]]
    assert read_table(write_csv(rows), MONEY).values["revenue"] == (990000, 980000)


def test_coefficients_do_not_add_up_and_blank_totals_are_passed_over(write_csv, model):
    rows = [[*HEAD, "困难系数"], *([*row, 0.5] for row in ROWS), ["", "合计", "—", "", 0.7]]
    assert len(read_table(write_csv(rows), model)) == 3


def test_a_subtotal_holds_for_the_rows_since_the_last_one(write_csv):
    good = money([1, "甲", 1], [2, "乙", 2], ["", "东片小计", 3], [3, "丙", 4], ["", "西片小计", 4], ["", "合计", 7])
    assert len(read_table(write_csv(good), MONEY)) == 3
    good[5][2] = 7
    text = problems(write_csv(good), MONEY)
    assert "data.csv: C6: “西片小计”行的“财政收入”是 7，而 1 个县（市、区）相加是 4" in text


def test_a_subtotal_may_stand_before_its_rows(write_csv):
    rows = money(["", "合计", 9], ["", "东片小计", 3], [1, "甲", 1], [2, "乙", 2], ["", "西片小计", 6], [3, "丙", 6])
    assert len(read_table(write_csv(rows), MONEY)) == 3
    rows[5][2] = 5
    assert "“西片小计”行的“财政收入”是 5，而 1 个县" in problems(write_csv(rows), MONEY)


def test_a_named_total_may_close_its_block_or_the_whole_table(write_csv):
    rows = money([1, "甲", 1], ["", "东片小计", 1], [2, "乙", 2], [3, "丙", 4], ["", "锦州市合计", 7])
    assert len(read_table(write_csv(rows), MONEY)) == 3
    rows[5][2] = 6
    assert len(read_table(write_csv(rows), MONEY)) == 3
    rows[5][2] = 5
    assert "“锦州市合计”行" in problems(write_csv(rows), MONEY)


def test_a_row_of_which_is_set_aside_and_no_more_than_its_whole(write_csv):
    rows = money(["", "杭州市小计", 30], ["", "其中：市本级", 20], [1, "甲", 10], [2, "乙", 20])
    assert read_table(write_csv(rows), MONEY).names == ("甲", "乙")
    rows[2][2] = 31
    assert "“其中:市本级”行的“财政收入”是 31，比它所属的“杭州市小计”的 30 还大" in problems(write_csv(rows), MONEY)


def test_a_row_called_total_is_held_against_the_others_though_it_has_a_code(write_csv):
    text = problems(write_csv(money([1, "合计", 1], [2, "乙", 2], [3, "丙", 4])), MONEY)
    assert "“合计”行的“财政收入”是 1，而 2 个县（市、区）相加是 6" in text


def test_a_city_that_equals_its_counties_together_is_set_aside(write_csv, model):
    table = read_table(write_csv([HEAD, *ROWS, ["210726", "黑山县", 10, 10], ["210700", "锦州市", 250, 460.5]]), model)
    assert table.names == ("古塔区", "凌河区", "太和区", "黑山县")
    assert "这 1 行是表中其他行的合计（代码、名称和数字都这样说），已核对，不参加分配：锦州市" in notes(table)


def test_one_figure_may_equal_all_others_together_by_chance(write_csv):
    table = read_table(write_csv(money([1, "甲", 1], [2, "乙", 2], [3, "丙", 3], [4, "丁", 6])), MONEY)
    assert len(table) == 4 and "“丁”这一行正好等于其余各行之和" in notes(table)


def test_a_row_called_total_with_a_code_that_is_one_is_set_aside(write_csv):
    assert read_table(write_csv(money([1, "甲", 1], [2, "乙", 2], [3, "合计", 3])), MONEY).names == ("甲", "乙")


@pytest.mark.parametrize(
    "footer", ["单位负责人：张三", "填表人：李四", "注：数据来自公安局", "备注：略", "数据来源：统计局"]
)
def test_a_closing_note_ends_the_data(write, model, footer):
    path = write([HEAD, *ROWS, [], [footer, None, "填表时间：", 20180105], [None, "另见附件", None, None]])
    assert len(read_table(path, model)) == 3


def test_a_county_below_the_closing_note_is_refused_not_lost(write_csv, model):
    text = problems(write_csv([HEAD, *ROWS[:2], ["注：以下为新区"], ROWS[2]]), model)
    assert "data.csv: A5: “太和区”这一行在表尾说明（注、填表人等）之后，仍有数字" in text


def test_blank_rows_and_headings_are_passed_over(write, model):
    path = write([HEAD, ["一、市辖区"], ROWS[0], [], ROWS[1], [None, "二、县"], ROWS[2], [None, None, "—", "—"]])
    table = read_table(path, model)
    assert len(table) == 3 and "“二、县”这一行没有代码也没有数字，当作小标题略过" in notes(table)


def test_figures_without_code_and_name_are_refused(write, model):
    text = problems(write([HEAD, *ROWS, [None, None, None, 7]]), model)
    assert "表.xlsx: 数据!D5: 第 5 行有数字，但没有代码也没有名称" in text


def test_a_name_with_figures_but_no_code_is_refused(write, model):
    assert "表.xlsx: 数据!A5: “滨海新区”有数字但没有行政区代码" in problems(
        write([HEAD, *ROWS, ["", "滨海新区", 1, 2]]), model
    )


def test_a_table_with_no_counties_is_refused(write, model):
    assert "没有任何一个县（市、区）的数据行" in problems(write([HEAD]), model)


def test_codes_stored_as_numbers_are_text_and_keep_their_zeros(write, model):
    rows = [HEAD, [210702, "甲", 1, 1], [10702, "乙", 1, 1], ["0012", "丙", 1, 1], ["２１０", "丁", 1, 1]]
    table = read_table(write(rows, formats={(2, 0): "000000"}), model)
    assert table.codes == ("210702", "010702", "0012", "210")


def test_a_code_guarded_against_excel_in_csv_is_unwrapped(write_csv, model):
    rows = [HEAD, ['="010702"', "甲", 1, 1], ["210703\t", "乙", 1, 1], ["210711.0", "丙", 1, 1]]
    assert read_table(write_csv(rows), model).codes == ("010702", "210703", "210711")


@pytest.mark.parametrize("code", [210702.5, True, "2.10702E+11"])
def test_a_code_that_is_none_is_refused(write, model, code):
    assert "表.xlsx: 数据!A2: 行政区代码应是六位数字的文本" in problems(
        write([HEAD, [code, "甲", 1, 1], ROWS[1]]), model
    )


def test_duplicated_codes_are_refused_with_both_cells(write, model):
    text = problems(write([HEAD, *ROWS, [210702, "古塔", 1, 1]]), model)
    assert "表.xlsx: 数据!A5: 代码 210702 重复，另一处在 表.xlsx: 数据!A2" in text


def test_duplicated_names_are_noted_with_codes_and_refused_without(write_csv, model):
    rows = [HEAD, [1, "鼓楼区", 1, 1], [2, "鼓楼区", 2, 2]]
    assert "名称“鼓楼区”有两行，代码不同，另一处在 data.csv: B2" in notes(read_table(write_csv(rows), model))
    assert "data.csv: A3: 名称“鼓楼区”重复，另一处在 data.csv: A2" in problems(write_csv([r[1:] for r in rows]), model)


def test_a_row_that_stands_twice_is_told_by_its_code_alone(write_csv):
    told: list[Problem] = []
    rows = [["代码", "名称", "落户人数"], ["210781", "凌海市", 75], ["210781", "凌海市", 75], ["320106", "凌海市", 80]]
    table = read_as_far(write_csv(rows), model_of(SETTLED), told)
    assert [problem.id for problem in told] == ["tables.code_twice"]
    said = [note.text("zh") for note in table.notes if note.id == "tables.name_twice_coded"]
    assert len(said) == 1 and "B4" in said[0]


def test_a_table_without_codes_is_numbered_with_a_note(write_csv, model):
    table = read_table(write_csv([row[1:] for row in [HEAD, *ROWS]]), model)
    assert table.codes == ("001", "002", "003")
    assert "表中没有行政区代码，已按行次编号（共 3 行）" in notes(table)


def test_a_table_without_codes_passes_over_headings_totals_and_long_closing_words(write_csv, model):
    rows = [row[1:] for row in [HEAD, ["", "（一）市辖区"], *ROWS, ["", "合计", 240, 450.5]]]
    path = write_csv([*rows, ["以上数据由各县（市、区）公安局提供，经核对无误。"]])
    assert read_table(path, model).names == ("古塔区", "凌河区", "太和区")


def test_spaces_within_chinese_names_are_taken_out(write_csv, model):
    assert read_table(write_csv([HEAD, ["1", "义　县", 1, 1], ["2", " North  Bay ", 1, 1]]), model).names == (
        "义县",
        "North Bay",
    )


def test_a_table_of_codes_only_names_counties_by_code(write_csv):
    table = read_table(write_csv([["代码", "困难系数", "落户人数"], ["210702", 1, 2]]), model_of(HARDSHIP, SETTLED))
    assert table.names == ("210702",)


def test_among_three_counties_only_two_figures_that_coincide_are_worth_a_note(write_csv, model):
    rows = [HEAD, ["1", "甲", 1, 10], ["2", "乙", 2, 20], ["3", "丙", 3, 30]]
    assert "“丙”这一行正好等于其余各行之和" in notes(read_table(write_csv(rows), model))
    assert "之和" not in notes(read_table(write_csv([[*row[:2], row[3]] for row in rows]), MONEY))


def test_a_total_of_a_table_without_amounts_is_set_aside(write_csv):
    rows = [["代码", "名称", "困难系数"], ["1", "甲", 1], ["2", "乙", 2], ["", "合计", "—"]]
    assert len(read_table(write_csv(rows), model_of(HARDSHIP))) == 2


def test_a_figure_of_another_size_altogether_is_said(write_csv):
    rows = [["01", "甲县", 560], ["02", "乙县", 900000], ["03", "丙县", 730], ["04", "丁县", 640]]
    said = notes(read_table(write_csv(money(*rows)), MONEY))
    assert "乙县的“财政收入”是 900000 万元，其他地区多在 640 万元上下" in said
    rows[1][2] = 43000  # seventy times as much: there are such counties
    assert "相差千倍" not in notes(read_table(write_csv(money(*rows)), MONEY))
    rows[1][2] = 0.05
    assert "相差千倍" in notes(read_table(write_csv(money(*rows)), MONEY))


def test_the_header_on_top_of_every_printed_page_is_passed_over(write, write_csv, model):
    table = read_table(write_csv([HEAD, ROWS[0], HEAD, *ROWS[1:]]), model)
    assert table.codes == tuple(row[0] for row in ROWS)
    group, low = ["代码", "名称", "本年", None], [None, None, "落户人数", "财政收入"]
    twice = write([group, low, ROWS[0], group, low, *ROWS[1:]], merge=[("C1:D1", "本年"), ("C4:D4", "本年")])
    assert read_table(twice, model).codes == table.codes


def test_a_total_amid_the_counties_that_is_their_subtotal_is_told_what_to_be_called(write_csv, model):
    amid = ["", "合计", 200, ""]
    path = write_csv([HEAD, *ROWS[:2], amid, ROWS[2]])
    assert "它正好是上面 2 个县（市、区）之和：若是小计，请把“合计”改为“小计”" in problems(path, model)
    assert "正好" not in problems(write_csv([HEAD, *ROWS[:2], ["", "合计", 201, ""], ROWS[2]]), model)
    assert len(read_table(write_csv([HEAD, *ROWS[:2], ["", "小计", 200, ""], ROWS[2]]), model)) == 3


def test_a_county_without_its_name_is_noted_and_called_by_its_code(write_csv, model):
    table = read_table(write_csv([HEAD, ["210702", "", 120, 300.5], *ROWS[1:]]), model)
    assert "data.csv: B2: 代码 210702 这一行没有写名称" in notes(table) and table.names[0] == "210702"
