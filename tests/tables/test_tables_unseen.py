"""What a person who opens the file does not see is said: hidden rows and columns, a last line that stops short."""

import pytest
from people_tables import HEAD, ROWS, notes, problems

from allocation.tables.captions import title_year
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.tables.forms import NAMES, NUMBER, FormField, read_form
from allocation.tables.reading import read_table


def noted(path, model) -> str:
    return notes(read_table(path, model))


@pytest.fixture
def hide(tmp_path):
    """hide(rows, columns) is a workbook of three counties with those hidden, counted from 0."""

    def make(rows=(), columns=()):
        import xlsxwriter

        path = tmp_path / "表.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("数据")
            for r, line in enumerate([HEAD, *ROWS]):
                sheet.write_row(r, 0, line)
            for row in rows:
                sheet.set_row(row, None, None, {"hidden": True})
            for column in columns:
                sheet.set_column(column, column, None, None, {"hidden": True})
        return path

    return make


def test_hidden_rows_count_and_are_named(hide, model):
    path = hide(rows=[2, 3])
    assert len(read_table(path, model)) == 3
    assert "表.xlsx: 数据: 有 2 行是隐藏的，照样参加计算：凌河区、太和区（第 3、4 行）" in noted(path, model)


def test_a_hidden_column_is_read_and_named(hide, model):
    assert "数据!D1: 隐藏的列照样读取：D 列（财政收入）" in noted(hide(columns=[3]), model)


def test_of_what_is_hidden_only_that_which_is_used_is_said(hide, model):
    assert "隐藏" not in noted(hide(rows=[0], columns=[0]), model)


def csv_of(tmp_path, *lines: str):
    path = tmp_path / "data.csv"
    path.write_text("\n".join([",".join(HEAD), "210702,古塔区,120,300.5", *lines]), encoding="utf-8")
    return path


def test_a_last_line_without_a_line_end_is_a_note(tmp_path, model):
    assert "最后一行（第 3 行）末尾没有换行" in noted(csv_of(tmp_path, "210703,凌河区,80,100"), model)
    assert "末尾没有换行" not in noted(csv_of(tmp_path, "210703,凌河区,80,100", ""), model)


@pytest.mark.parametrize(("line", "lines"), [("210703,凌河区,8", 1), ("210703", 1), (",合计,12", 2)])
def test_a_last_line_that_stops_before_the_last_column_is_an_error(tmp_path, model, line, lines):
    said = problems(csv_of(tmp_path, line), model)
    assert said.startswith("data.csv: A3: 第 3 行没有写完") and said.count("data.csv") == lines


def test_a_short_line_is_no_error_where_the_file_was_written_to_its_end_or_the_line_is_a_remark(tmp_path, model):
    assert len(read_table(csv_of(tmp_path, "210703,凌河区,8", ""), model)) == 2
    assert len(read_table(csv_of(tmp_path, "注：示例"), model)) == 1


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2017年锦州市数据表", 2017),
        ("附件1：锦州市 2017 年度数据表（示例数据）", 2017),
        ("图例：绿底 = 真实数，但不是 2017 年的", None),
        ("图例：绿底为2016年数", None),
        ("2016年口径", None),
        ("数据截至2016年底", None),
        ("绿底的数不是2017年的。", None),
        ("注：2016年起执行", None),
        ("填报日期：2018年3月", None),
    ],
)
def test_a_year_is_taken_from_a_title_and_from_no_other_text(text, year):
    assert (
        title_year(SourceSheet("表.xlsx", "", ((SourceCell("数据表"),), (SourceCell(text),), (SourceCell("代码"),))), 2)
        == year
    )


def test_a_converted_figure_names_the_line_that_says_its_unit(write, model):
    path = write([["单位：亿元"], HEAD, *([code, name, people, 3] for code, name, people, _ in ROWS)])
    assert "“财政收入”按表中 A1 所写单位“亿元”读取，已换算为“万元”" in noted(path, model)
    own = write([["单位：亿元"], [*HEAD[:3], "财政收入（元）"], *([*row[:3], 30_000] for row in ROWS)])
    assert "“财政收入”按表中单位“元”读取" in noted(own, model)


def test_an_attached_table_that_stops_within_its_last_entry_is_an_error(tmp_path):
    fields, told = (NAMES, FormField("amount", ("调整额",), NUMBER), FormField("note", ("备注",))), []
    path = tmp_path / "调整.csv"
    path.write_text("名称,调整额,备注\n古塔区,5,\n凌河区,96", encoding="utf-8")
    read_form(path, fields, told)
    assert [one.text() for one in told] == [
        "调整.csv: A3: 第 3 行没有写完：文件在这里断了，只有 2 格，表头有 3 格，最后一个数也可能不全。"
        "请重新导出或重新拷贝这个文件。"
    ]
    path.write_text("名称,调整额,备注\n古塔区,5,\n凌河区,96\n", encoding="utf-8")
    read_form(path, fields, told)
    assert len(told) == 1
