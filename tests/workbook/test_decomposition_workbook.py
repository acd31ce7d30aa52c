"""The decomposition workbook: what is printed, sums that live, charts that follow, none where a check fails."""

from __future__ import annotations

import shlex
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import formualizer
import pytest
from openpyxl import load_workbook
from recorded_book import opened

from allocation.analysis.decompose import decompose
from allocation.cli import main
from allocation.run.finding import find
from allocation.run.scenario import parse_assignment
from allocation.xlsx.decomposition import write_decomposition

ROOT = Path(__file__).parents[2]
CAUSES = ["pool=6000", "weight[settled]=50%", "weight[effort]=20%"]
FOUND = find("incentive_fund", None, None)  # the sample, with its settings
RESULT = decompose(FOUND.model, (FOUND.table,), [parse_assignment(one) for one in CAUSES], exact=False)
SHEET, TOP, LAST = "变化分解", 5, 12  # the sheet, its first county row, its row of totals


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("decomposition") / "d.xlsx"
    write_decomposition(RESULT, file, "zh")
    return file


def calculated(path: Path) -> formualizer.Workbook:
    book = opened(path)
    book.evaluate_all()
    return book


def row_of(book, row: int, first: int = 3, count: int = 6) -> list:
    return [book.get_value(SHEET, row, column) for column in range(first, first + count)]


def test_the_table_is_the_closed_one_and_its_sums_recalculate_to_it(path):
    book = calculated(path)
    old = [*RESULT.before.figures("award"), RESULT.before.total("award")]
    for place, (before, parts) in enumerate(zip(old, RESULT.closed(), strict=True)):
        assert row_of(book, TOP + place) == [float(one) for one in (before, *parts, before + parts[-1])]
    formulas = load_workbook(path)[SHEET]
    assert formulas.cell(LAST, 4).value == "=SUM(D5:D11)" and formulas.cell(TOP, 7).value == "=SUM(D5:F5)"


def test_every_formula_holds_the_figure_it_recalculates_to(path):
    book, stored, formulas = calculated(path), load_workbook(path, data_only=True)[SHEET], load_workbook(path)[SHEET]
    cells = [cell for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(cells) > 40
    for cell in cells:
        found = book.get_value(SHEET, cell.row, cell.column)
        assert found == pytest.approx(stored[cell.coordinate].value), cell.coordinate


def test_a_part_that_is_edited_moves_the_sums(path):
    book = calculated(path)
    book.set_value(SHEET, TOP, 4, 1118)
    book.evaluate_all()
    before = float(RESULT.closed()[0][-1]), float(RESULT.closed()[-1][-1])
    assert book.get_value(SHEET, TOP, 7) == before[0] + 1000 and book.get_value(SHEET, LAST, 7) == before[1] + 1000


@pytest.mark.parametrize("chosen", ["黑山县", "合计"])
def test_the_steps_of_the_county_chosen_stand_on_one_another(path, chosen):
    book = calculated(path)
    book.set_value(SHEET, 2, 8, chosen)
    book.evaluate_all()
    row = (*FOUND.table.names, "合计").index(chosen)
    old = (*RESULT.before.figures("award"), RESULT.before.total("award"))[row]
    level, parts = old, RESULT.closed()[row][:-1]
    assert row_of(book, TOP, 11, 5) == [float(old), 0, float(old), 0, 0]
    for place, part in enumerate(parts, start=1):
        under = min(level, level + part)
        wanted = [part, under, 0, max(part, 0), max(-part, 0)]
        assert row_of(book, TOP + place, 11, 5) == [float(one) for one in wanted]
        level += part
    assert row_of(book, TOP + 1 + len(parts), 11, 5) == [float(level), 0, float(level), 0, 0]
    assert book.get_value(SHEET, 2, 10).startswith(f"{chosen}：从改动前到改动后")


def test_the_sheet_is_marked_fits_a_page_and_says_what_was_changed(path):
    sheet = load_workbook(path)[SHEET]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "示例数据" in sheet["A1"].value and "浮点试算" in sheet["A1"].value
    assert "奖励资金总额：5,000 万元 → 6,000 万元" in texts
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight != 0  # all on one page
    assert sheet.print_area == "'变化分解'!$A$1:$H$58"
    assert sheet.print_title_rows == "$4:$4"
    with zipfile.ZipFile(path) as files:
        charts = [files.read(name).decode() for name in files.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 2 and all("stacked" in chart for chart in charts)
    assert "示例数据" in charts[0] and "示例数据" in charts[1]


def told(command: str, monkeypatch, capsys) -> tuple[int, str]:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    return stopped.value.code, said.out + said.err


def test_a_sample_says_so_in_the_workbook_and_on_the_screen(tmp_path, monkeypatch, capsys):
    command = f"decompose incentive_fund --set pool=6000 --set hold_harmless=90% --orders 4 --float --out {tmp_path}"
    code, text = told(command, monkeypatch, capsys)
    sheet = load_workbook(tmp_path / "incentive_fund_decompose.xlsx")[SHEET]
    note = next(cell.value for cell in sheet["A"] if cell.value and "抽样" in str(cell.value))
    assert code == 0 and note in text and "随机取 4 种先后次序" in note and "最大标准误" in note


def test_where_a_check_fails_afterwards_nothing_is_written(tmp_path, monkeypatch, capsys):
    command = f'decompose incentive_fund --set "weight[settled]=90%" --out {tmp_path / "new" / "d.xlsx"} --float'
    code, text = told(command, monkeypatch, capsys)
    assert code == 1 and "因素权重之和" in text and not list(tmp_path.iterdir())


def test_two_counties_of_one_name_are_chosen_by_code(tmp_path):
    from dataclasses import replace

    table = replace(FOUND.table, names=("甲县",) * len(FOUND.table))
    result = decompose(FOUND.model, (table,), [parse_assignment("pool=5500")], exact=False)
    write_decomposition(result, tmp_path / "d.xlsx", "zh")
    book = calculated(tmp_path / "d.xlsx")
    book.set_value(SHEET, 2, 6, table.codes[2])
    book.evaluate_all()
    assert book.get_value(SHEET, TOP, 9) == result.before.figures("award")[2]


def test_no_changes_at_all_still_make_a_sheet(tmp_path):
    result = decompose(FOUND.model, (FOUND.table,), [], exact=False)
    write_decomposition(result, tmp_path / "d.xlsx", "en")
    assert calculated(tmp_path / "d.xlsx").get_value("Decomposition", TOP, 4) == Fraction(0)


def test_what_does_not_add_up_has_no_total_and_none_to_choose(tmp_path, monkeypatch):
    monkeypatch.setattr(type(FOUND.model), "adds_up", lambda model, name: False)
    write_decomposition(RESULT, tmp_path / "d.xlsx", "zh")
    sheet = load_workbook(tmp_path / "d.xlsx")[SHEET]
    assert "合计" not in [cell.value for cell in sheet["B"]]
    assert [sheet.cell(LAST, column).value for column in range(1, 9)] == [None] * 8
    assert [one.formula1 for one in sheet.data_validations.dataValidation] == [f"$B${TOP}:$B${LAST - 1}"]
