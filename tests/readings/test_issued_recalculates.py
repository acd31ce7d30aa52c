"""A workbook with adjustments, sources or a settlement is as live as any other: recalculated, it gives the same."""

from __future__ import annotations

from fractions import Fraction

from attaching import attached
from recalculation import differences, put, recalculated, unequal, written

from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.xlsx.layout import Layout

ADJUST = """县（市、区）,调整额,定额,由谁承担,理由,批准人或会议
黑山县,50,,其余各地,任务重,常务会议
义县,,600,预留,结转不足,批示
古塔区,-20,,凌河区、太和区,多算,常务会议
"""
SOURCES = "来源,金额,市级预留\n中央,3000,\n省级,1500,\n市级,800,300\n"


def made(tmp_path):
    found = find("incentive_fund", None, None)
    (tmp_path / "a.csv").write_text(ADJUST, encoding="utf-8")
    (tmp_path / "s.csv").write_text(SOURCES, encoding="utf-8")
    return attached(found.model, found.table, adjustments=tmp_path / "a.csv", sources=tmp_path / "s.csv")


def test_every_formula_gives_what_is_stored_beside_it(tmp_path):
    parts = made(tmp_path)
    run = run_model(parts.model, parts.table, parts.changes)
    book = written(run)
    found = recalculated(book)
    assert differences(book, found) == []
    assert unequal(run, found) == []


def test_a_settlement_that_takes_back_over_three_years_does_too(tmp_path):
    found = find("incentive_fund", None, None)
    (tmp_path / "a.csv").write_text("县（市、区）,提前下达数\n古塔区,603\n凌河区,-20\n", encoding="utf-8")
    parts = attached(found.model, found.table, settlement=tmp_path / "a.csv", recover_years=3)
    run = run_model(parts.model, parts.table, parts.changes)
    assert run.total("_to_take_back") == 25
    book = written(run)
    found = recalculated(book)
    assert differences(book, found) == []
    assert unequal(run, found) == []


def test_an_adjustment_edited_in_the_workbook_moves_every_table_after_it(tmp_path):
    parts = made(tmp_path)
    run = run_model(parts.model, parts.table, parts.changes)
    book = written(run)
    opened = book.opened()
    layout = Layout(run.model, len(run.table), "zh")
    cell = (layout.names["parameters"], layout.rows["_adjustment_1"][0] + 1, 3)
    put(opened, {cell: Fraction(80)})
    again = run_model(parts.model, parts.table, [*parts.changes, Change("_adjustment_1", Fraction(80))])
    assert again.figures("_source_due.s2") != run.figures("_source_due.s2")
    assert unequal(again, recalculated(book, opened)) == []
    put(opened, {cell: Fraction(161, 2)})  # half a unit: nothing plausible may show
    assert unequal(again, recalculated(book, opened)) != []
    row = layout.first
    place = (layout.names["calculation"], row, layout.columns["_after_adjustment"] + 1)
    assert recalculated(book, opened)[place] == "#"
