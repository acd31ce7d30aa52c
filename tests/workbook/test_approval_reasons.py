"""A 呈批 prints why everything was moved, whole; and the boxes to sign in never stand alone on its last page."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from math import ceil
from pathlib import Path

import openpyxl
import pytest
from recalculation import SOFFICE, needs_libreoffice
from recorded_book import edit

from allocation.xlsx.page_breaks import Sheetful, break_before
from allocation.xlsx.styles import lines_of, width

LONG = "易地搬迁任务重，本年新增安置点三处，涉及搬迁群众一千二百余人，" * 8
HEADS = "县（市、区）,调整额,由谁承担,理由,批准人或会议,文号,日期\n"
ROWS = (
    f"黑山县,5,其余各地,{LONG},市政府第12次常务会议,锦政会纪〔2018〕12号,2018-03-05\n"
    "古塔区,-2,凌河区,上年多算,分管副市长批示,,\n"
)
EXPLAINED, DECIDED = "需说明事项", "参数确定情况"


@pytest.fixture
def adjusted(allocation, folder) -> Path:
    (folder / "adjust.csv").write_text(HEADS + ROWS, encoding="utf-8")
    told = allocation("run reward --layout 呈批 --adjust adjust.csv")
    assert told.code == 0, told.text
    return folder / "outputs" / "reward.xlsx"


def test_every_adjustment_stands_with_why_on_what_paper_who_approved_and_when(allocation, adjusted):
    sheet = openpyxl.load_workbook(adjusted, data_only=True)[EXPLAINED]
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=6))
    assert first[1:4] == ["调整1", "研究调整：黑山县+5万元，由凌河区、凌海市承担", "已定"]
    assert first[4].replace(",", "，") == LONG
    assert first[5:] == ["锦政会纪〔2018〕12号", "", "市政府第12次常务会议", "2018-03-05"]
    assert second[2] == "研究调整：古塔区-2万元，由凌河区承担" and second[4:8] == ["上年多算", "", "", "分管副市长批示"]
    assert allocation("verify outputs/reward.xlsx").code == 0


def test_a_long_reason_is_wrapped_and_its_row_as_high_as_its_text(adjusted):
    sheet = openpyxl.load_workbook(adjusted)[EXPLAINED]
    reason, size = sheet["E5"], sheet.column_dimensions["E"].width
    assert reason.alignment.wrap_text
    assert sheet.row_dimensions[5].height >= 14 * ceil(width(reason.value) / size)


def test_a_reason_edited_in_the_book_is_found_by_verify(allocation, adjusted, folder):
    edit(adjusted, folder / "edited.xlsx", {(EXPLAINED, "E6"): "上年少算"})
    told = allocation("verify edited.xlsx")
    assert told.code == 1 and "上年少算" in told.text


def test_a_record_made_again_says_the_same_reasons(allocation, adjusted, folder):
    assert allocation("rerun outputs/reward.json --out again --input adjust.csv --input inputs").code == 0
    again, first = (openpyxl.load_workbook(path)[EXPLAINED] for path in (folder / "again/reward.xlsx", adjusted))
    assert [[cell.value for cell in row] for row in again] == [[cell.value for cell in row] for row in first]


def test_a_percentage_moves_by_points_and_not_by_percent(allocation, folder):
    (folder / "case.toml").write_text(
        'model = "reward"\ntable = "inputs/reward.csv"\n[settings]\npool = 1000\n'
        'floor_rate = { value = "50%", last = "40%", basis = "会议纪要" }\n', encoding="utf-8",
    )  # fmt: skip
    assert allocation("run case.toml --layout 呈批").code == 0
    path = folder / "outputs/reward.xlsx"
    sheet = openpyxl.load_workbook(path, data_only=True)[DECIDED]
    (row,) = (row for row in sheet.iter_rows() if row[0].value == "保基数比例")
    assert row[4].value == 10 and "个百分点" in row[4].number_format and "%" not in row[4].number_format
    assert allocation("verify outputs/reward.xlsx").code == 0


def test_the_difference_to_the_last_version_prints_its_reason_whole(allocation, folder):
    assert allocation("run reward --year 2017 --stage 送审稿 --date 2018-01-05").code == 0
    assert (
        allocation(f"run reward --year 2017 --stage 送审稿 --set pool=1100 --reason {LONG} --date 2018-01-06").code == 0
    )
    (path,) = (folder / "outputs/versions").glob("*送审稿_2_*.xlsx")
    sheet = openpyxl.load_workbook(path)["与上一稿对比"]
    for row in range(5, sheet.max_row + 1):
        assert sheet.cell(row, 7).alignment.wrap_text
        assert sheet.row_dimensions[row].height >= 14 * lines_of(sheet.cell(row, 7).value, 48)


# ---- pages


def pages(held: Sheetful, page: float, line: int | None) -> list[tuple[float, int, bool]]:
    """Each page's height, its lines, and whether the foot stands on it, as a program fills pages from the top."""
    filled, used, count = [], held.above, 0
    for place, height in enumerate(held.lines):
        if place == line or used + height > page:
            filled.append((used, count, False))
            used, count = held.repeated, 0
        used, count = used + height, count + 1
    if used + held.foot > page:
        filled.append((used, count, False))
        used, count = held.repeated, 0
    return [*filled, (used + held.foot, count, True)]


def test_boxes_never_stand_alone_however_long_the_table_is():
    alone = 0
    for number in range(14, 120):  # fewer are brought onto one page
        for foot in (200.0, 280.0, 330.0):
            for of_line in (20.0, 34.0):
                held = Sheetful(162, 96, [of_line] * number, foot)
                alone += not pages(held, 480, None)[-1][1]
                used, lines, with_foot = pages(held, 480, break_before(held, 480))[-1]
                assert with_foot and lines and used <= 480, (number, foot, of_line)
    assert alone  # of those that take no break by hand some would


def test_in_libreoffice_the_page_with_the_boxes_has_lines_of_the_table(allocation, folder):
    needs_libreoffice()
    for number in (9, 31, 64):
        rows = "".join(f"{210101 + place},第{place}县,大城市,{100 + place},2000,80,1,100\n" for place in range(number))
        heads = (folder / "inputs/reward.csv").read_text("utf-8-sig").splitlines()[0]
        (folder / "many.csv").write_text(f"{heads}\n{rows}", encoding="utf-8")
        told = allocation(f"run reward --input many.csv --set pool={100 * number} --layout 呈批 --out out{number}")
        assert told.code == 0, told.text
        book = openpyxl.load_workbook(folder / f"out{number}/reward.xlsx")
        for title in [title for title in book.sheetnames if title != "资金测算表"]:
            book[title].sheet_state = "hidden"
        book.active = book.sheetnames.index("资金测算表")
        book.save(folder / "alone.xlsx")
        assert SOFFICE
        with tempfile.TemporaryDirectory() as profile:
            command = [
                SOFFICE,
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--convert-to",
                "pdf",
                "alone.xlsx",
            ]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        text = subprocess.run([str(shutil.which("pdftotext")), "-layout", "alone.pdf", "-"], cwd=folder, check=True,
                              capture_output=True, timeout=60).stdout.decode()  # fmt: skip
        (signed,) = (page for page in text.split("\f") if "主要领导" in page)
        assert re.search(r"第\d+县|合计", signed), number
