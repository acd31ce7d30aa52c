"""run --layout and --paper: an annex or a table for approval with boxes to sign in, on A4 or A3."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from several_books import MODEL, RICHER, TABLE, write_both

from allocation.analysis.compare import compare
from allocation.cli import main
from allocation.texts import say
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.printed_foot import BOXES, _spans
from allocation.xlsx.styles import in_two_lines

PAPERS = {"A4": 9, "A3": 8}


def written(tmp_path, monkeypatch, *words: str, model: str = "incentive_fund"):
    monkeypatch.setattr(sys, "argv", ["allocation", "run", model, "--out", str(tmp_path), *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 0
    return openpyxl.load_workbook(tmp_path / f"{model}.xlsx"), json.loads(
        (tmp_path / f"{model}.json").read_text("utf-8")
    )


def foot(sheet) -> dict[str, openpyxl.cell.Cell]:
    """Texts of the cells below the table's counties."""
    return {cell.value: cell for row in sheet.iter_rows(min_row=15) for cell in row if isinstance(cell.value, str)}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("layout", ["附件", "呈批"])
def test_the_award_table_is_printed_as_asked(tmp_path, monkeypatch, layout, paper, lang):
    book, record = written(tmp_path, monkeypatch, "--layout", layout, "--paper", paper, "--lang", lang)
    sheet, factors = (book[say(lang, f"workbook.sheet_{key}")] for key in ("award", "factors"))
    approval, texts = layout == "呈批", foot(sheet)
    boxes = [say(lang, f"workbook.box_{key}") for key in BOXES]
    assert [label in texts for label in boxes] == [approval] * 5
    assert (say(lang, "workbook.seal") in texts, say(lang, "workbook.seal_date") in texts) == (approval, approval)
    assert (say(lang, "workbook.sign_line") in texts) is not approval
    assert not set(boxes) & set(foot(factors)) and say(lang, "workbook.sign_line") in foot(factors)
    assert sheet["A1"].value == say(lang, f"workbook.{'approval' if approval else 'office'}")
    assert factors["A1"].value == say(lang, "workbook.office")
    for one in (sheet, factors):
        assert (one.page_setup.paperSize, one.page_setup.fitToHeight or 1) == (PAPERS[paper], 1)
        assert one.oddFooter.center.text == {"zh": "第 &P 页  共 1 页", "en": "Page &P of 1"}[lang]
    annex = book[say(lang, "workbook.sheet_annex")]  # on A4, with nobody to sign, whatever else is asked for
    assert (
        annex["A1"].value == say(lang, "workbook.annex", number="").strip()
        and annex.page_setup.paperSize == PAPERS["A4"]
    )
    assert not {*boxes, say(lang, "workbook.sign_line")} & set(foot(annex))
    assert record["print"] == {"layout": "approval" if approval else "annex", "paper": paper}


def test_the_record_says_nothing_of_papers_where_nothing_was_asked(tmp_path, monkeypatch):
    assert "print" not in written(tmp_path, monkeypatch)[1]


def test_a3_columns_are_wider(tmp_path, monkeypatch):
    widths = [
        written(tmp_path, monkeypatch, "--paper", paper)[0]["资金测算表"].column_dimensions["A"].width
        for paper in PAPERS
        for paper in PAPERS
    ]
    assert widths[1] > 1.3 * widths[0]


def test_boxes_stand_side_by_side_across_the_table_tall_enough_to_sign_in(tmp_path, monkeypatch):
    sheet = written(tmp_path, monkeypatch, "--layout", "approval")[0]["资金测算表"]
    cells = [foot(sheet)[say("zh", f"workbook.box_{key}")] for key in BOXES]
    assert len({cell.row for cell in cells}) == 1 and sheet.row_dimensions[cells[0].row].height >= 90
    areas = sorted((one.min_col, one.max_col) for one in sheet.merged_cells.ranges if one.min_row == cells[0].row)
    assert [first for first, _ in areas] == [1, *(last + 1 for _, last in areas[:-1])]
    assert areas[-1][1] == sheet.max_column
    assert all(cell.border.left.style and cell.border.top.style for cell in cells)
    area = sheet.print_area.split("$")[-1]
    assert int(area) >= foot(sheet)[say("zh", "workbook.seal_date")].row


@pytest.mark.parametrize("widths", [[20, 10, 10], [26] + [11] * 14, [14, 60, 10, 10, 10], [9] * 5])
def test_columns_are_cut_into_runs_without_a_gap(widths):
    parts = min(5, len(widths))
    spans = _spans(widths, parts)
    assert len(spans) == parts and all(first <= last for first, last in spans)
    assert [place for first, last in spans for place in range(first, last + 1)] == list(range(len(widths)))


def test_a_table_of_few_columns_has_its_boxes_in_two_rows(tmp_path, monkeypatch):
    monkeypatch.chdir(Path(__file__).parent.parent / "cases" / "shared")
    sheet = written(tmp_path, monkeypatch, "--layout", "呈批", model="reward")[0]["资金测算表"]
    rows = [cell.row for cell in sheet["A"] if cell.value in {say("zh", f"workbook.box_{key}") for key in BOXES}]
    assert len(rows) == 2 and rows[1] == rows[0] + 1


@pytest.mark.parametrize("count", [3, 12])
def test_a_column_a_scenario_prints_one_page_wide_or_with_its_labels_again(tmp_path, count):
    some = [replace(RICHER, name=f"v{number}") for number in range(count - 1)]
    made_up = replace(TABLE, illustrative=True)
    write_comparison(compare(MODEL, (made_up,), some), tmp_path / "book.xlsx", "zh")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    for name in ("参数", "核对"):
        sheet = book[name]
        assert sheet.oddHeader.right.text == "（示例数据）"
        assert sheet.print_title_rows == ("$4:$4" if name == "参数" else "$3:$3")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage == (True if count == 3 else None)
        assert sheet.print_title_cols == (None if count == 3 else "$A:$B")


def test_a_heading_is_broken_before_its_bracket_where_it_does_not_fit_and_only_there():
    assert in_two_lines("应抵扣（已提前下达）", 13) == "应抵扣\n（已提前下达）"
    assert in_two_lines("应抵扣（已提前下达）", 24) == "应抵扣（已提前下达）"
    assert in_two_lines("本次下达", 4) == "本次下达"


@pytest.mark.parametrize("what", ["years", "variants"])
def test_english_sheets_have_no_brackets_of_full_width_but_in_what_others_wrote(tmp_path, what):
    book = openpyxl.load_workbook(write_both(tmp_path, "en")[what])
    theirs = MODEL.text + "".join(TABLE.names)
    for sheet in book.worksheets[:-1]:  # the last holds the model's own text
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            text = cell.value
            assert not set("（），：；") & set(text) or text in theirs, (sheet.title, cell.coordinate, text)
