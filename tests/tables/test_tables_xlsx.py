"""The workbook's XML is read as openpyxl reads it; comments on cells and headers come along.

Two differences are meant: 19.0 is the whole number 19, and `_x005F_` is decoded once, as Excel does.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook
from people_tables import HEAD, ROWS, problems

from allocation.tables.keys import WHOLE_COLUMN
from allocation.tables.reading import read_table
from allocation.tables.template import write_template
from allocation.tables.xlsx import read_xlsx

ROOT = Path(__file__).resolve().parents[2]


def agree(path: Path) -> int:
    """How many cells hold what openpyxl reads there: value, a number's format and the comment."""
    book = load_workbook(path, data_only=True)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheets, count = read_xlsx(path.name, path.read_bytes()), 0
    assert [sheet.name for sheet in sheets] == [sheet.title for sheet in shown]
    for ours, theirs in zip(sheets, shown, strict=True):
        found = {(r, c): cell for r, row in enumerate(ours.rows, 1) for c, cell in enumerate(row, 1) if not cell.merged}
        for row in theirs.iter_rows():
            for cell in row:
                mine = found.pop((cell.row, cell.column), None)
                theirs_value = "_x005F_" if cell.value == "_" else cell.value
                assert (mine.value if mine else None) == theirs_value, cell.coordinate
                if cell.value is None:
                    continue
                count += 1
                kind = int if isinstance(cell.value, float) and cell.value.is_integer() else type(cell.value)
                assert type(mine.value) in (kind, type(cell.value)), cell.coordinate
                assert mine.remark == (cell.comment.text.strip() if cell.comment else "")
                if isinstance(cell.value, (int, float)) and "%" in mine.format + cell.number_format:
                    assert mine.format == cell.number_format
        assert all(cell.value is None for cell in found.values())
    return count


def test_the_shipped_workbook_is_read_as_openpyxl_reads_it():
    assert agree(ROOT / "inputs" / "jinzhou_2017.xlsx") > 500


@pytest.mark.filterwarnings("ignore")  # openpyxl warns of what is no date
@pytest.mark.parametrize("epoch", [False, True])
def test_every_kind_of_cell_is_read_as_openpyxl_reads_it(tmp_path, epoch):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": epoch}) as book:
        sheet = book.add_worksheet("各种")
        codes = ("yyyy年m月d日", "[h]:mm", "0.0%", "000000", "@")
        form = {code: book.add_format({"num_format": code}) for code in codes}
        built_in = [book.add_format({"num_format": number}) for number in (9, 10, 14, 20, 46)]
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, ["文字", " 空 格 ", "a\nb", "", 1, 1.5, -2e-7, 1e300, True, False, "_x005F_"])
        sheet.write_rich_string(1, 0, "粗", bold, "体", "字")
        sheet.write_datetime(1, 1, datetime(2017, 8, 30), form["yyyy年m月d日"])
        sheet.write_datetime(1, 2, datetime(2017, 8, 30, 12, 30), form["yyyy年m月d日"])
        sheet.write_datetime(1, 3, timedelta(hours=30), form["[h]:mm"])
        sheet.write_datetime(1, 4, time(6, 30), built_in[3])
        sheet.write_number(1, 5, -1e9, built_in[2])  # no date
        for column, style in enumerate([*built_in, *form.values()]):
            sheet.write_number(2, column, 0.5 + column, style)
        sheet.write_formula(3, 0, "=1+1", None, 2)
        sheet.write_formula(3, 1, '=""', None, "")
        sheet.write_formula(3, 2, '="文"', None, "文")
        sheet.write_formula(3, 3, "=NA()", None, "#N/A")
        sheet.write_formula(3, 4, "=TRUE", None, True)
        sheet.merge_range("B6:D8", "合并")
        sheet.write("C7", "盖住")
        sheet.write_comment("B6", " 批注\n两行 ")
        sheet.write_comment("A1", "甲")
        sheet.write_comment("Z99", "空格上的批注")
        book.add_worksheet("空")
        book.add_worksheet("藏").hide()
        book.add_chartsheet("图").set_chart(_chart(book))
    assert agree(path) > 25


def _chart(book):
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=各种!$A$3:$C$3"})
    return chart


def test_text_within_cells_and_what_other_programs_write_is_read(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"in_memory": True, "constant_memory": True}) as book:  # texts within the cells
        sheet = book.add_worksheet("数据")
        for row, line in enumerate([HEAD, *ROWS]):
            sheet.write_row(row, 0, line)
    assert agree(path) == 16
    other = load_workbook(path)
    other["数据"]["A1"].hyperlink = "https://example.org"
    other.save(tmp_path / "b.xlsx")
    assert agree(tmp_path / "b.xlsx") == 16


def _marked(tmp_path, comments: dict[str, str]) -> Path:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("数据")
        sheet.merge_range("A1:A2", "代码")
        sheet.merge_range("B1:B2", "名称")
        sheet.merge_range("C1:C2", "落户人数")
        sheet.write("D2", "财政收入")
        for row, line in enumerate(ROWS, start=2):
            sheet.write_row(row, 0, line)
        for cell, text in comments.items():
            sheet.write_comment(cell, text)
    return path


def test_a_comment_on_a_header_speaks_of_the_whole_column(tmp_path, model):
    table = read_table(_marked(tmp_path, {"C1": "示例数据", "D2": "真实数", "D4": "估计"}), model)
    assert table.remarks == {
        ("settled", WHOLE_COLUMN): "示例数据",
        ("revenue", WHOLE_COLUMN): "真实数",
        ("revenue", 1): "估计",
    }
    assert table.illustrative


def test_comments_of_our_own_template_are_no_remarks(tmp_path, model):
    path = tmp_path / "a.xlsx"
    write_template(model, path, example=True)
    assert any(cell.remark for sheet in read_xlsx("a", path.read_bytes()) for row in sheet.rows for cell in row)
    assert read_table(path, model).remarks == {}


def test_a_part_that_is_no_xml_is_a_damaged_workbook(tmp_path, model):
    import zipfile

    whole, path = _marked(tmp_path, {}), tmp_path / "b.xlsx"
    with zipfile.ZipFile(whole) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"<x" if name.endswith("sheet1.xml") else good.read(name))
    assert "已损坏" in problems(path, model)
