"""verify after a yellow cell was edited: what follows from it is no difference, and texts and tables are still read."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from recorded_book import edit, part_of
from several_books import MODEL, SHARED, TABLE, write_both
from shipped import sample_table
from tampered import Parts, beside, tampered

from allocation import run_model
from allocation.record.recording import record_of
from allocation.run.finding import find
from allocation.verify.verifying import verify
from allocation.xlsx.timeline import write_timeline
from allocation.xlsx.writer import write_workbook
from allocation.years.timeline import read_years, timeline


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> dict[str, Path]:
    return write_both(tmp_path_factory.mktemp("told"))


def on_sheet(path: Path, sheet: str, *kinds: str) -> list[tuple]:
    return [(one.kind, one.place) for one in verify(path).differences if one.sheet == sheet and one.kind in kinds]


def test_all_below_a_comparison_is_compared_after_an_edit_too(books, tmp_path):
    pool = {("参数", "D5"): 1200}
    assert on_sheet(edit(books["variants"], tmp_path / "a.xlsx", pool), "比较", "text", "added") == []
    typed = {("比较", "E12"): "增加 5 个：甲", ("比较", "E13"): "减少 0 个", ("比较", "B16"): "资金总量"}
    path = edit(books["variants"], tmp_path / "a.xlsx", pool | typed | {("比较", "F16"): 900, ("比较", "G16"): 950})
    assert on_sheet(path, "比较", "text") == [("text", "B16")]
    assert on_sheet(path, "比较", "typed") == [("typed", "E12"), ("typed", "E13")]
    assert {("value", "F16"), ("value", "G16")} <= set(on_sheet(path, "比较", "value"))
    path = tampered(path, tmp_path / "b.xlsx", beside("比较", 17, "J", 5))
    assert on_sheet(path, "比较", "added") == [("added", "J17")]


def test_who_gains_and_who_loses_follows_an_edit(books):
    book = openpyxl.load_workbook(books["variants"])["比较"]
    assert book["E12"].value.startswith('="增加 "&SUMPRODUCT(') and book["E13"].value.startswith('="减少 "&SUMPRODUCT(')
    shown = openpyxl.load_workbook(books["variants"], data_only=True)["比较"]
    assert (shown["E12"].value, shown["E13"].value) == ("增加 4 个，最多：凌海市", "减少 0 个，最多：—")


def test_the_notes_say_no_figure_of_a_parameter_and_are_compared_after_an_edit_too(tmp_path):
    run = run_model(MODEL, TABLE)
    write_workbook(run, tmp_path / "a.xlsx", "zh", record_of(run))
    shutil.copy(SHARED / "inputs" / "reward.csv", tmp_path)
    pool = {("参数", "C5"): 1200}
    assert on_sheet(edit(tmp_path / "a.xlsx", tmp_path / "b.xlsx", pool), "说明", "text") == []
    path = edit(tmp_path / "a.xlsx", tmp_path / "b.xlsx", pool | {("说明", "C4"): "参数，取 1200 万元"})
    assert on_sheet(path, "说明", "text") == [("text", "C4")]


def test_labels_of_checks_and_lines_below_the_signatures_are_compared(tmp_path):
    run = run_model(MODEL, TABLE)
    write_workbook(run, tmp_path / "a.xlsx", "zh", record_of(run))
    path = edit(tmp_path / "a.xlsx", tmp_path / "b.xlsx", {("核对", "B9"): "分配额都对"})
    assert [(one.kind, one.sheet, one.place) for one in verify(path).differences] == [("text", "核对", "B9")]

    def step(parts: Parts) -> None:
        part = part_of(parts, "资金测算表")
        line = '<row r="30"><c r="B30"><v>9999</v></c></row></sheetData>'
        parts[part] = parts[part].decode("utf-8").replace("</sheetData>", line).encode("utf-8")

    path = tampered(tmp_path / "a.xlsx", tmp_path / "b.xlsx", step)
    assert on_sheet(path, "资金测算表", "added") == [("added", "B30")]


def test_a_figure_typed_into_a_column_that_was_blank_is_an_edit_and_its_total_no_difference(tmp_path):
    model = find("incentive_fund", None, 2017).model
    found = timeline(model, read_years([sample_table("incentive_fund")], model), until=2018)
    write_timeline(found, tmp_path / "a.xlsx", "zh")
    path = edit(tmp_path / "a.xlsx", tmp_path / "b.xlsx", {("数据2018", "H7"): 9999})
    verdict = verify(path)
    assert [(one.part.zh, one.name, one.old, one.new) for one in verdict.edited] == [
        ("2018年", "earlier.year_1", None, 9999)
    ]
    [total] = verdict.differences
    assert (total.kind, total.sheet, total.place, total.expected) == ("value", "数据2018", "H14", 9999)
    path = edit(tmp_path / "a.xlsx", tmp_path / "b.xlsx", {("数据2018", "H7"): 9999, ("数据2018", "H14"): 9999})
    assert [one.kind for one in verify(path).differences] == ["typed"]
