"""What goes with a 呈批: the figures decided on, what is to be explained, the units reconciled; all of it verified."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from desk import some
from recorded_book import edit

from allocation.policy.stages import EDITIONS
from allocation.verify.verifying import verify

PAPERS = ("参数确定情况", "需说明事项", "单位核对")
POOL = ["资金总额", "万元", 900, 1000, 100, "已定", "辽财预〔2018〕1号", "市政府常务会议", "2018-03-01"]
CASE = """model = "reward"
table = "inputs/reward.csv"
[facts]
budget_year = 2018
data_year = 2017
prepared = "张三"
reviewed = "李四"
[settings]
pool = { value = 1000, last = 900, basis = "辽财预〔2018〕1号", by = "市政府常务会议", date = "2018年3月1日" }
"size_rate.大城市" = { value = 1, last = 0.8, state = "已定", basis = "会议纪要，第3条（一）" }
floor_rate = { value = "50%", last = "五成", state = "已定" }
[notes]
"黑山县" = "上年结转较多，下年清算（第一批）。"
"""


def written(folder: Path, text: str = CASE) -> str:
    (folder / "case.toml").write_text(text, encoding="utf-8")
    register = "代码,名称\n210702,古塔区\n210703,凌河区\n210726,黑山县\n210727,义县\n210781,凌海市\n"
    (folder / "units.csv").write_text(register, encoding="utf-8")
    return "case.toml --recipients units.csv"


@pytest.fixture
def book(allocation, folder) -> Path:
    told = allocation(f"run {written(folder)} --layout 呈批")
    assert told.code == 0, told.text
    return folder / "outputs" / "reward.xlsx"


def lines(book: Path, title: str) -> list[list[object]]:
    sheet = openpyxl.load_workbook(book, data_only=True)[title]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def line(book: Path, title: str, word: str, column: int = 0) -> list[object]:
    return next(cells for cells in lines(book, title) if cells[column] == word)


def test_every_decided_figure_stands_with_last_years_its_paper_and_who_decided(book):
    assert line(book, PAPERS[0], "资金总额") == POOL
    large = line(book, PAPERS[0], "城市规模系数（大城市）")
    assert large[2:5] == [0.8, 1, pytest.approx(0.2)] and large[6] == "会议纪要，第3条（一）"
    floor = line(book, PAPERS[0], "保基数比例")
    assert floor[2:5] == ["五成", 0.5, None] and floor[6] == "未写明"  # it stands as it was written


def test_who_gains_and_who_loses_is_the_difference_to_last_years_figures_on_this_years_total(allocation, book, folder):
    allocation("run case.toml --recipients units.csv --set size_rate.大城市=0.8 --out before")
    now, before = (json.loads((folder / out / "reward.json").read_text("utf-8")) for out in ("outputs", "before"))
    change = {
        now["names"][code]: Fraction(now["awards"][code]) - Fraction(before["awards"][code]) for code in now["rows"]
    }
    told = {cells[0]: cells[4] for cells in lines(book, PAPERS[0]) if cells[0] in change}
    assert any(change.values()) and told == {name: float(value) for name, value in change.items() if value}
    assert any("1 项参数没有上年数" in str(cells[0]) for cells in lines(book, PAPERS[0]))
    heads = [cells[:2] for cells in lines(book, PAPERS[0]) if "接收单位" in str(cells[0])]
    assert heads and all(unit is None and "（万元）" in said for said, unit in heads)  # no column of blanks under 万元


@pytest.mark.parametrize(("settings", "said"), [
    ('pool = { value = 1000, state = "已定" }', "没有写上年数"),
    ('pool = { value = 1000, last = 900 }\nfloor_rate = { last = "50%", value = "50%" }', "与上年相同"),
    ('floor_rate = { value = "50%", last = "150%" }', "测算不出来"),
])  # fmt: skip
def test_where_last_years_figures_cannot_be_run_the_paper_says_why(allocation, folder, settings, said):
    head, _, rest = CASE.partition("[settings]")
    name = written(folder, f"{head}[settings]\n{settings}\n[notes]\n")
    assert allocation(f"run {name} --layout 呈批").code == 0
    texts = [str(cells[0]) for cells in lines(folder / "outputs/reward.xlsx", PAPERS[0])]
    assert any(said in text for text in texts), texts


def test_an_open_doubt_stands_on_a_trial_and_a_resolved_one_with_all_that_was_said(allocation, book, folder):
    (row,) = (cells for cells in lines(book, PAPERS[1]) if str(cells[1]).startswith("missing-"))
    assert row[3:] == ["未核实", "", "", "", "", ""] and "义县" in row[2]
    said = 'reason = "已并入，不再单列（见附）", basis = "政函〔2018〕1号", date = "2018-03-02"'
    resolved = f'[resolved]\n"{row[1]}" = {{ {said} }}\n'
    name = written(folder, CASE.replace("[notes]", resolved + "[notes]"))
    assert allocation(f"run {name} --layout 呈批 --out again").code == 0
    (row,) = (cells for cells in lines(folder / "again/reward.xlsx", PAPERS[1]) if str(cells[1]).startswith("missing-"))
    assert row[3:] == ["已核实", "已并入，不再单列（见附）", "政函〔2018〕1号", "张三", "李四", "2018-03-02"]
    absent = line(folder / "again/reward.xlsx", PAPERS[2], "义县", 1)
    assert absent[2:7] == ["✓", "—", "—", None, "未列"] and "已并入" in absent[7]


def test_the_units_stand_once_each_with_the_counts_below(book):
    rows = lines(book, PAPERS[2])
    assert [cells[1] for cells in rows if cells[1]][1:] == ["义县", "古塔区", "凌河区", "黑山县", "凌海市"]
    texts = [str(cells[0]) for cells in rows]
    assert "接收单位表 5 个 − 数据表未列 1 个 + 表外 0 个 = 数据表 4 个" in texts
    assert "数据表 4 个 − 零分配 0 个 = 本次下达 4 个" in texts


def test_the_papers_go_with_no_annex_no_edition_and_no_letter(allocation, folder):
    name = written(folder, CASE)
    assert allocation(f"run {name} --out annex").code == 0
    assert not {*PAPERS} & {*openpyxl.load_workbook(folder / "annex/reward.xlsx").sheetnames}
    text = CASE.replace("budget_year = 2018\n", 'budget_year = 2018\nbatch = "正式下达"\n')
    text = text.replace('state = "已定" }', 'state = "已定", basis = "会议纪要" }')
    register = "代码,名称\n210702,古塔区\n210703,凌河区\n210726,黑山县\n210781,凌海市\n"
    written(folder, text)
    (folder / "units.csv").write_text(register, encoding="utf-8")
    words = " ".join(f"--edition {word.zh}" for word in EDITIONS.values() if word.zh not in ("内部", "土地"))
    told = allocation(f"run {name} --stage 正式稿 --layout 呈批 {words} --date 2018-03-09")
    assert told.code == 0, told.text
    books = [path for path in (folder / "outputs").rglob("*.xlsx") if "送县" in path.as_posix() or "公开" in path.name]
    assert len(books) == 5
    for path in books:
        assert len(openpyxl.load_workbook(path).sheetnames) == 2  # the table, and the record


TAMPERED = {
    "last year's figure": (PAPERS[0], "C5", 950),
    "this year's figure": (PAPERS[0], "D5", 999),
    "who decided": (PAPERS[0], "H5", "某人"),
    "a gain": (PAPERS[0], "E14", 1),
    "a doubt's state": (PAPERS[1], "D5", "已核实"),
    "an explanation": (PAPERS[1], "E5", "没有问题"),
    "a list": (PAPERS[2], "E5", "✓"),
    "an amount": (PAPERS[2], "F6", 1),
    "a count": (PAPERS[2], "A11", "接收单位表 5 个 = 数据表 5 个"),
    "a note": ("资金测算表", "", "没有结转"),
}


def test_a_paper_as_written_is_verified_and_whatever_is_typed_over_is_found(book, folder):
    verdict = verify(book)
    assert verdict.clean and not verdict.edited, verdict.differences
    for kind in some(TAMPERED, on_a_desk=2):
        sheet, place, value = TAMPERED[kind]
        if not place:
            cells = openpyxl.load_workbook(book)[sheet].iter_rows()
            place = next(c.coordinate for row in cells for c in row if str(c.value).startswith("上年结转"))
        copy = edit(book, folder / "outputs" / "t.xlsx", {(sheet, place): value})
        found = [(difference.sheet, difference.place) for difference in verify(copy).differences]
        assert (sheet, place) in found, (kind, found)


def test_a_parameter_edited_in_the_workbook_is_told_as_edited_and_moves_the_papers_with_it(book, folder):
    parameters = openpyxl.load_workbook(book)["参数"]
    row = next(row[0].row for row in parameters.iter_rows() if row[5].value == "size_rate.大城市")
    copy = edit(book, folder / "outputs" / "t.xlsx", {("参数", f"C{row}"): 0.9})
    verdict = verify(copy)
    assert [change.name for change in verdict.edited] == ["size_rate"]
    told = {(difference.sheet, difference.kind) for difference in verdict.differences if difference.sheet in PAPERS}
    assert told <= {(PAPERS[0], "value"), (PAPERS[2], "value")}  # stored values are old: nobody recalculated the copy


def test_the_record_holds_what_the_papers_say_and_they_are_made_again_from_it(allocation, book, folder):
    record = json.loads((folder / "outputs/reward.json").read_text("utf-8"))
    assert record["grounds"]["size_rate.大城市"].items() >= {"last": "0.8", "basis": "会议纪要，第3条（一）"}.items()
    assert [unit["name"] for unit in record["units"]["units"]] == ["义县"]
    assert record["printed_notes"] == {"210726": "上年结转较多，下年清算（第一批）。"}
    shutil.copy(folder / "inputs/reward.csv", folder / "outputs/reward.csv.bak")
    told = allocation("rerun outputs/reward.json --out made --input inputs/reward.csv")
    assert told.code == 0, told.text
    assert (folder / "made/reward.xlsx").read_bytes() == book.read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_sheet_of_a_case_prints_on_one_page_and_its_words_begin_as_a_page_writes_them(
    allocation, folder, lang
):
    assert allocation(f"new reward --year 2018 --lang {lang} --out case.xlsx").code == 0
    book = openpyxl.load_workbook("case.xlsx")
    sheet = book.worksheets[0]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight in (None, 1)
    words = [str(row[0].value) for row in sheet.iter_rows(min_row=4) if row[0].value]
    assert all(word[0] == word[0].upper() for word in words), words
