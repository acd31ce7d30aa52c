"""备注（印）: on the 附件 and in the recipient's own workbook and letter; an unknown unit stops with its cell."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest
from test_approval_papers import CASE, written

NOTE = "上年结转较多，下年清算（第一批）。"
FOUNDED = CASE.replace(
    'last = "五成",', 'last = "五成", basis = "会议纪要",'
)  # every figure on a paper: it may be issued
TABLE = "代码,名称\n210702,古塔区\n210703,凌河区\n210726,黑山县\n210781,凌海市\n"


@pytest.fixture
def name(folder) -> str:
    case = written(folder, FOUNDED)
    (folder / "units.csv").write_text(TABLE, encoding="utf-8")
    return case


def texts(path: Path) -> str:
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell.value) for sheet in book if sheet.title != "_record" for row in sheet.iter_rows() for cell in row
    )


def test_a_note_is_printed_as_it_was_written_and_goes_to_nobody_else(allocation, folder, name):
    told = allocation(f"run {name} --stage 正式稿 --edition 送县 --edition 公开 --date 2018-03-09")
    assert told.code == 0, told.text
    told = allocation(f"notices {name}")
    assert told.code == 0, told.text
    sheet = openpyxl.load_workbook(next((folder / "outputs/versions").glob("*正式稿_1_????????.xlsx")))["资金测算表"]
    column = next(cell.column for row in sheet.iter_rows(max_row=5) for cell in row if cell.value == "备注")
    assert [row[column - 1].value for row in sheet.iter_rows() if row[0].value == "黑山县"] == [NOTE]
    own = [
        path for path in (folder / "outputs").rglob("*") if path.suffix in (".docx", ".xlsx") and "黑山县" in path.name
    ]
    assert len(own) == 3 and all(NOTE in texts(path) for path in own)
    others = [path for path in (folder / "outputs").rglob("*") if path.suffix in (".docx", ".xlsx")
              and any(word in path.name for word in ("古塔区", "凌河区", "凌海市", "公开", "说明"))]  # fmt: skip
    assert len(others) == 11 and not any(NOTE in texts(path) for path in others)
    (letter,) = (path for path in own if path.suffix == ".docx")
    assert f"备注：{NOTE}" in texts(letter)


def test_one_table_for_all_has_the_notes_in_a_column(allocation, folder, name):
    written(folder, FOUNDED.replace("budget_year", 'manner = "总表下发"\nbudget_year'))
    (folder / "units.csv").write_text(TABLE, encoding="utf-8")
    assert allocation(f"notices {name}").code == 0
    (letter,) = (folder / "outputs").rglob("*通知/*.docx")
    rows = [[cell.text for cell in row.cells] for row in docx.Document(str(letter)).tables[0].rows]
    assert rows[0][-1] == "备注" and [row[-1] for row in rows if "黑山县" in row[1]] == [NOTE]


def test_a_note_in_an_own_template_without_a_place_for_it_is_said_all_the_same(allocation, folder, name):
    document = docx.Document()
    document.add_paragraph("{县名}：{金额}")
    document.add_paragraph("{计算过程}")
    document.save(str(folder / "own.docx"))
    assert allocation(f"notices {name} --template own.docx").code == 0
    (letter,) = (folder / "outputs").rglob("*黑山县.docx")
    assert f"备注：{NOTE}" in texts(letter)


@pytest.mark.parametrize(("unit", "said"), [("黑山", "黑山县"), ("210799", "210799"), ("红山县", "红山县")])
def test_a_note_on_a_unit_that_is_not_in_the_table_stops_and_names_the_place(allocation, folder, name, unit, said):
    written(folder, CASE.replace("黑山县", unit))
    told = allocation(f"run {name}")
    assert told.code == 2 and f"case.toml: [notes] {unit}" in told.err and said in told.err
    assert not (folder / "outputs").exists()


def test_in_a_workbook_the_cell_is_named_and_two_notes_on_one_unit_are_not_taken(allocation, folder):
    assert allocation("new reward --year 2018 --input inputs/reward.csv --out 底稿.xlsx").code == 0
    book = openpyxl.load_workbook("底稿.xlsx")
    sheet = book["备注（印）"]
    sheet["C6"], sheet["A12"], sheet["C12"], sheet["B13"], sheet["C13"] = "甲", "210703", "乙", "红山县", "丙"
    book.save("底稿.xlsx")
    told = allocation("check 底稿.xlsx --input inputs/reward.csv")
    assert told.code == 2 and "备注（印）!C12" in told.err and "备注（印）!B13" in told.err


def test_a_changed_note_is_another_version_and_told_old_to_new(allocation, folder, name):
    assert allocation(f"run {name} --stage 征求意见稿 --date 2018-03-01").code == 0
    written(folder, CASE.replace("较多", "较少"))
    (folder / "units.csv").write_text(TABLE, encoding="utf-8")
    told = allocation(f"run {name} --stage 征求意见稿 --reason 改备注 --date 2018-03-02")
    assert told.code == 0 and "_2_" in told.out
    book = openpyxl.load_workbook(next(path for path in (folder / "outputs/versions").glob("*_2_*.xlsx")))
    rows = [[cell.value for cell in row] for row in book["与上一稿对比"].iter_rows()]
    assert ["备注", "黑山县", "备注", NOTE, NOTE.replace("较多", "较少")] in [row[:5] for row in rows]
