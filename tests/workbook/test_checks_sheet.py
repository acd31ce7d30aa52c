"""Sheet 核对 names who stands within 1 % of an edge."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from recalculation import recorded
from recorded_book import plain

from allocation.policy.loading import model_from_text
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


LIMIT = """
[[check]]
name = "limit"
zh = "分配额不超过九百，也不小于零"
en = "No award above nine hundred or below nought"
formula = "award <= 900 and award >= 0"
severity = "warning"
"""


def sides(opened, book, label: str) -> tuple:
    """Both sides of the check of that label as another program works them out."""
    sheet = book.sheets["核对"]
    row = max(row for (row, column), value in sheet.cells.items() if column == 1 and value == label)
    return tuple(plain(opened.get_value("核对", row + 1, column)) for column in (6, 7))


def test_both_sides_of_a_check_follow_an_edit():
    found = find("incentive_fund", None, None)
    model = replace(model_from_text(found.model.text + LIMIT, found.model.file), parameters=found.model.parameters)
    book = recorded(run_model(model, found.table))
    opened, limit = book.opened(), "分配额不超过九百，也不小于零"
    weights, pool = "因素权重之和等于 100%", "分配额合计 = 奖励资金总额"
    opened.evaluate_all()
    assert (sides(opened, book, weights), sides(opened, book, pool)) == ((1, 1), (5000, 5000))
    assert sides(opened, book, limit) == ("", ""), "no unit is at fault"
    figures = book.sheets["参数"].cells
    place = {value: row + 1 for (row, column), value in figures.items() if column == 5}
    opened.set_value("参数", place["weight.settled"], 3, 0.7)
    opened.evaluate_all()
    assert sides(opened, book, weights) == pytest.approx((1.1, 1))
    opened.set_value("参数", place["weight.settled"], 3, 0.6)
    opened.set_value("参数", place["pool"], 3, 6000)
    opened.evaluate_all()
    assert sides(opened, book, pool) == (6000, 6000)
    above, most = sides(opened, book, limit)
    assert above > 900 and most == 900
