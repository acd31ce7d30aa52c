"""数据确认函 and 回执: a letter a county; what came back is a note, an objection blocks a final version."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest
from attaching import attached
from ledger_files import MODEL, TABLE, USED, ledger, problems, written

from allocation import run_model
from allocation.record.versions import blocking_reasons
from allocation.xlsx.confirming import write_letters

RECEIPTS = ["行政区代码", "县（市、区）", "状态", "日期", "经办人", "备注"]


def letters(folder, table=TABLE, lang="zh", due=""):
    path = folder / "letters.xlsx"
    write_letters(MODEL, table, path, lang, due)
    return openpyxl.load_workbook(path)


def texts(sheet) -> list[str]:
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def receipts(folder, *rows):
    return attached(MODEL, TABLE, receipts=written(folder / "回执.csv", RECEIPTS, *rows)).table


def test_every_county_has_a_page_with_its_own_figures_and_where_they_are_from(tmp_path):
    path = ledger(tmp_path, ["黑山县", "落户人数", 96, "统计局", "2018-03-02", "核定", *USED])
    table = attached(MODEL, TABLE, ledger=path).table
    book = letters(tmp_path, table, due="2018-04-10")
    assert book.sheetnames == list(TABLE.names)
    rows = {row[1]: row for row in book["黑山县"].iter_rows(values_only=True) if isinstance(row[0], int)}
    assert list(rows) == [entry.label.zh for entry in MODEL.inputs.values()]
    assert rows["落户人数"][2:] == (96, "人", "统计局", "2018-03-02", "核定")
    assert rows["上年分配额"][2:4] == (150, "万元") and not any(rows["上年分配额"][4:])
    said = "".join(texts(book["黑山县"]))
    assert "2017年落户奖励资金分配（示例）数据确认函" in said and "黑山县：" in said and "2018 年 4 月 10 日" in said
    for word in ("回    执", "□ 数据无误", "□ 有异议", "单位（盖章）：黑山县", "经办人", "日期"):
        assert word in said
    for name in TABLE.names:
        others = [other for other in TABLE.names if other != name]
        assert not any(other in text for text in texts(book[name]) for other in others)


def test_a_letter_prints_on_one_upright_a4_page_and_the_receipt_is_cut_off_below_a_dotted_line(tmp_path):
    for sheet in letters(tmp_path):
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("portrait", "9")
        assert {sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight} <= {None, 1}  # Excel's own default is 1
        (row,) = [cell.row for cells in sheet for cell in cells if cell.value == "（沿此线裁下返回）"]
        assert sheet.cell(row, 1).border.bottom.style == "dotted"


def test_in_english_and_without_a_ledger_the_letter_has_four_columns(tmp_path):
    sheet = letters(tmp_path, lang="en")["古塔区"]
    (head,) = [row for row in sheet.iter_rows(values_only=True) if row[0] == "No."]
    assert head == ("No.", "Figure", "Value", "Unit")
    assert {"Receipt", "□ All figures are right"} <= set(texts(sheet))


def test_two_counties_of_one_name_and_signs_excel_refuses_still_have_a_page_each(tmp_path):
    table = replace(TABLE, names=("城区", "城区", "甲/乙[丙]", "凌海市"))
    assert letters(tmp_path, table).sheetnames == ["城区", "城区_210703", "甲_乙_丙_", "凌海市"]


def test_what_came_back_is_a_note_and_an_objection_blocks_a_final_version(tmp_path):
    objection = ["210703", "", "有异议", "", "", "落户人数应为 261"]
    fine, blank = ["", "古塔区", "已确认", "2018-03-01", "赵", ""], ["", "黑山县", "", "", "", ""]
    table = receipts(tmp_path, fine, objection, blank)
    run = run_model(MODEL, table)
    (note,) = [note for note in run.notes if note.id == "ledger.receipts"]
    assert "已确认 1/4；未回：黑山县、凌海市；有异议：凌河区（落户人数应为 261）" in note.text("zh")
    assert [one.id for one in blocking_reasons(run)] == ["ledger.final_objection"]
    settled = receipts(tmp_path, *(["", name, "已确认", "", "", ""] for name in TABLE.names))
    assert blocking_reasons(run_model(MODEL, settled)) == []
    assert "已确认 4/4" in settled.notes[-1].text("zh") and "未回" not in settled.notes[-1].text("zh")


BAD = {
    ("", "黑龙县", "已确认", "", "", ""): ("scenario.no_county", "B2"),
    ("210702", "黑山县", "已确认", "", "", ""): ("forms.code_name", "B2"),
    ("", "黑山县", "已阅", "", "", ""): ("ledger.state", "C2"),
    ("", "黑山县", "有异议", "", "", ""): ("ledger.objection_of_what", "F2"),
    ("", "黑山县", "已确认", "三月", "", ""): ("forms.not_date", "D2"),
    ("", "", "已确认", "", "", ""): ("forms.no_county", "B2"),
}


@pytest.mark.parametrize("row", BAD)
def test_a_slip_on_the_receipts_is_a_message_with_its_cell(tmp_path, row):
    (found,) = problems(receipts, tmp_path, row)
    assert (found.id, found.where) == (BAD[row][0], f"回执.csv: {BAD[row][1]}")


def test_a_county_registered_twice_is_refused(tmp_path):
    rows = [["", "黑山县", "有异议", "", "", "少 3 人"], ["210726", "", "已确认", "", "", ""]]
    assert [(one.id, one.where) for one in problems(receipts, tmp_path, *rows)] == [
        ("ledger.answered_twice", "回执.csv: B3")
    ]


def test_the_commands_write_letters_and_show_receipts(folder, allocation):
    told = allocation("confirm reward --year 2017 --due 2018年4月10日")
    assert told.code == 0 and "已写出数据确认函 4 份：outputs/reward_数据确认函.xlsx" in told.out
    assert (folder / "outputs/reward_数据确认函.xlsx").exists()
    wrong = allocation("confirm reward --due 四月十日 --ledger 没有.csv --out 别处")
    assert wrong.code == 2 and "--due: 应为日期" in wrong.err and "没有.csv" in wrong.err
    assert not (folder / "别处").exists()
    written(folder / "回执.csv", RECEIPTS, ["", "黑山县", "有异议", "", "", "少 3 人"])
    assert (
        "已确认 0/4；未回：古塔区、凌河区、凌海市；有异议：黑山县（少 3 人）"
        in allocation("check reward --receipts 回执.csv").out
    )
    final = allocation("run reward --year 2017 --receipts 回执.csv --stage 正式稿 --date 2018-03-01")
    assert final.code == 2 and "有异议尚未解决，不能作正式稿：黑山县" in final.err
    ledger(folder, ["黑山县", "落户人数", 90, "公安局", "", "暂估"])
    final = allocation("run reward --year 2017 --ledger 台账.csv --stage 正式稿 --date 2018-03-01")
    assert final.code == 2 and "有 1 个暂估数，不能作正式稿：黑山县“落户人数”" in final.err
    assert not list((folder / "outputs").glob("versions/*"))
