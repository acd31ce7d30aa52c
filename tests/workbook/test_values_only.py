"""A workbook too large for formulas: locked, grey, and its state notices an edit; 核对 puts causes first."""

from __future__ import annotations

import os
from fractions import Fraction

import openpyxl
import pytest
from recalculation import libreoffice, needs_libreoffice
from recorded_book import edit
from several_books import MODEL, TABLE, write_both

from allocation import run_model
from allocation.analysis.compare import compare
from allocation.analysis.scenarios import Scenario
from allocation.record.recording import record_of
from allocation.run.finding import find
from allocation.run.scenario import Change
from allocation.texts import Both
from allocation.verify.verifying import verify
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.styles import INPUT
from allocation.xlsx.writer import write_workbook


def written(path, lang: str = "zh"):
    run = run_model(MODEL, TABLE)
    write_workbook(run, path, lang, record_of(run))
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_in_a_workbook_of_values_is_yellow_or_open_or_said_to_recalculate(tmp_path, monkeypatch, lang):
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", -1)
    path = written(tmp_path / "a.xlsx", lang)
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if not cell.protection.locked] == []
    assert [cell.coordinate for cell in cells if cell.fill.fgColor.rgb == "FF" + INPUT[1:]] == []
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not any("黄色" in text or "ellow cell" in text or "随之重算" in text for text in texts)
    checks = openpyxl.load_workbook(path)["核对" if lang == "zh" else "Checks"]
    assert "原值" in checks["C5"].value or "As written" in checks["C5"].value
    assert verify(path).clean


def test_causes_stand_above_what_follows_from_them(tmp_path):
    sheet = openpyxl.load_workbook(written(tmp_path / "a.xlsx"))["核对"]
    heads = [cell.value[:2] for cell in sheet["A"] if str(cell.value)[1:2] == "、"]
    assert heads == sorted(heads, key=lambda text: "一二三四五六七八".index(text[0]))
    assert sheet["B6"].value == "第一处问题" and "MATCH" in sheet["C6"].value
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["原值"].sheet_state == "hidden"


@pytest.mark.parametrize("what", ["years", "variants"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_state_of_a_timeline_and_a_comparison_of_values_notices_an_edit(tmp_path, monkeypatch, what, lang):
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", -1)
    path = write_both(tmp_path, lang)[what]
    assert verify(path).clean
    book = openpyxl.load_workbook(path)
    title = "原值" if lang == "zh" else "As written"
    assert book[title].sheet_state == "hidden"
    checks = book["核对" if lang == "zh" else "Checks"]
    runs = [cell.value for cell in checks[3] if cell.column > 2 and cell.value]
    for place in range(len(runs)):
        assert title in checks.cell(4, 3 + place).value, "数据状态 counts edits"
        assert "已改动" in checks.cell(6, 3 + place).value or "edited" in checks.cell(6, 3 + place).value.lower()


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="LibreOffice recalculates where CI runs")
@pytest.mark.parametrize("what", ["years", "variants"])
def test_an_edited_book_of_values_says_so_once_recalculated(tmp_path, monkeypatch, what):
    needs_libreoffice()
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", -1)
    path = write_both(tmp_path)[what]
    parameter = edit(path, tmp_path / "parameter.xlsx", {("参数", "D5"): 1234})
    sheet = "数据2018" if what == "years" else "数据"
    figure = edit(path, tmp_path / "figure.xlsx", {(sheet, "E8"): 77})
    saved = libreoffice([path, parameter, figure], tmp_path)
    states = {}
    for name, file in saved.items():
        checks = openpyxl.load_workbook(file, data_only=True)["核对"]
        states[name] = [checks.cell(5, 3), checks.cell(5, 4)]
    values = {name: [cell.value for cell in cells] for name, cells in states.items()}
    assert values[path.stem] == [0, 0]
    assert values["parameter"] == [0, 1]
    assert values["figure"] == ([0, 1] if what == "years" else [1, 0])
    assert all(verify(saved[name]).stopped for name in ("parameter", "figure"))


def test_the_count_of_edits_of_a_large_model_is_a_formula_excel_opens(tmp_path, monkeypatch):
    """Every parameter and every input of the largest models: written, and clean."""
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", -1)
    found = find("incentive_fund", None, None)
    changes = (Change("pool", Fraction(6000)), Change("settled[in_city]", Fraction(2), "scale"))
    richer = Scenario("richer", Both("多", "more"), (changes,))
    write_comparison(compare(found.model, (found.table,), (richer,)), tmp_path / "a.xlsx", "zh")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["原值"].sheet_state == "hidden"
