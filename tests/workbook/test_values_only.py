"""A workbook too large for formulas: locked, grey, and its state notices an edit; 核对 puts causes first."""

from __future__ import annotations

import openpyxl
import pytest
from several_books import MODEL, TABLE

from allocation import run_model
from allocation.workbook import plan
from allocation.workbook.files import manifest
from allocation.workbook.styles import INPUT
from allocation.workbook.verifying import verify
from allocation.workbook.writer import write_workbook


def written(path, lang: str = "zh"):
    run = run_model(MODEL, TABLE)
    write_workbook(run, path, lang, manifest(run))
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_in_a_workbook_of_values_is_yellow_or_open_or_said_to_recalculate(tmp_path, monkeypatch, lang):
    monkeypatch.setattr(plan, "BUDGET", -1)
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
