"""Sheet 核对 names who stands within 1 % of an edge."""

from __future__ import annotations

from fractions import Fraction

import openpyxl

from allocation.record.record import PAPERS, Record
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.xlsx.writer import write_workbook


def lines(tmp_path, changes, lang) -> list[str]:
    found = find("incentive_fund", None, None)
    path = tmp_path / "book.xlsx"
    write_workbook(run_model(found.model, found.table, changes), path, lang, Record("run", papers=PAPERS))
    sheet = openpyxl.load_workbook(path)["核对" if lang == "zh" else "Checks"]
    texts = [str(row[0].value) for row in sheet.iter_rows()]
    return texts[next(place for place, text in enumerate(texts) if text.startswith(("6. Near", "六、"))) :]


def test_counties_near_an_edge_are_named(tmp_path):
    changes = [Change("hold_harmless", Fraction(1))]
    found = lines(tmp_path, changes, "zh")
    assert found[1] == "太和区：调整后额（未取整），下限，相差 0.34%"
    assert lines(tmp_path, changes, "en")[1] == "太和区: Amount within the bounds, not rounded, floor, 0.34% off"


def test_a_few_are_named_and_the_rest_counted(tmp_path, monkeypatch):
    from allocation.xlsx import checking

    monkeypatch.setattr(checking, "MOST_EDGES", 1)
    found = lines(tmp_path, [Change("hold_harmless", Fraction(1))], "zh")
    assert found[2:] == ["……另有 2 处"]


def test_every_page_of_an_illustrative_workbook_says_so(tmp_path):
    lines(tmp_path, [], "zh")
    for sheet in openpyxl.load_workbook(tmp_path / "book.xlsx"):
        unread = sheet.sheet_state == "veryHidden"  # the record: no person reads or prints it
        assert unread or sheet.oddHeader.right.text == "（示例数据）", sheet.title
