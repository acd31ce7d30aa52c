"""verify: a workbook as written agrees with itself, and whatever a person does to it is named with its cell."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from recorded_book import edit
from shipped import HOUSE
from tampered import (
    as_values,
    beside,
    delete_row,
    formula,
    hide,
    insert_row,
    point_name,
    re_recorded,
    remove,
    rename,
    swap_rows,
    tampered,
)  # fmt: skip

from allocation import load_model, read_table
from allocation.cli import main
from allocation.commands import verify as command
from allocation.errors import AllocationError
from allocation.record.record import to_json
from allocation.record.recording import record_of
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.verify.comparing import normal
from allocation.verify.verifying import verify
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.writer import write_workbook

SHARED = Path(__file__).parent.parent / "cases" / "shared"
CHANGES = [Change("pool", Fraction(1100)), Change("settled@凌河区", Fraction(250))]


@pytest.fixture(scope="module")
def reward():
    model = load_model(SHARED / "models" / "reward.toml")
    return run_model(model, read_table(SHARED / "inputs" / "reward.csv", model), CHANGES)


def write(run, path: Path, lang: str = "zh", **record) -> Path:
    mapping = find_mapping(run.model, HOUSE / "models")
    write_workbook(run, path, lang, replace(record_of(run), **record), mapping)
    return path


@pytest.fixture(scope="module")
def book(reward, tmp_path_factory) -> Path:
    """The reward workbook, with the table it was made from beside it."""
    folder = tmp_path_factory.mktemp("verify")
    shutil.copy(SHARED / "inputs" / "reward.csv", folder)
    return write(reward, folder / "reward.xlsx")


def seen(path: Path) -> list[tuple]:
    return [(one.kind, one.sheet, one.place) for one in verify(path).differences]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["incentive_fund", "infrastructure_subsidy", "land_quota", "meadowland", "地方奖补"])
def test_a_workbook_as_written_agrees_with_itself(name, lang, tmp_path):
    found = find(name, None, None)
    verdict = verify(write(run_model(found.model, found.table), tmp_path / "a.xlsx", lang))
    assert verdict.clean and verdict.edited == verdict.awards == verdict.notes == []
    assert verdict.cells > 900


@pytest.mark.parametrize("more", [{"exact": False}, {"reference": True}], ids=["float", "reference"])
def test_a_float_run_and_a_reference_run_agree_with_themselves(more, tmp_path):
    found = find("incentive_fund", None, None)
    assert verify(write(run_model(found.model, found.table, **more), tmp_path / "a.xlsx")).clean


def test_a_workbook_written_with_changes_is_not_said_to_be_edited(book):
    verdict = verify(book)
    assert verdict.clean and verdict.edited == verdict.awards == verdict.notes == []


def test_a_workbook_of_values_agrees_with_itself_and_an_edited_figure_does_not(reward, tmp_path, monkeypatch):
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", 0)
    path = write(reward, tmp_path / "a.xlsx")
    assert verify(path).clean
    for wrong in (300, 281.00001):
        assert seen(edit(path, tmp_path / "b.xlsx", {("资金测算表", "B9"): wrong})) == [("value", "资金测算表", "B9")]


def test_a_formula_typed_over_is_named_with_county_column_and_both_values(book, tmp_path):
    [one] = verify(edit(book, tmp_path / "a.xlsx", {("测算", "J8"): 880.3})).differences
    assert (one.kind, one.sheet, one.place, one.county, one.column) == ("typed", "测算", "J8", "凌河区", "分配额")
    assert (one.actual, one.expected) == (880.3, 281)


def test_a_formula_typed_over_with_its_own_value_is_named_all_the_same(book, tmp_path):
    assert seen(edit(book, tmp_path / "a.xlsx", {("资金测算表", "B9"): 281})) == [("typed", "资金测算表", "B9")]


def test_an_edit_too_small_to_show_is_named(book, tmp_path):
    [one] = verify(edit(book, tmp_path / "a.xlsx", {("导入表", "D3"): 281.00001})).differences
    assert (one.kind, one.place, one.actual) == ("typed", "D3", 281.00001)


@pytest.mark.parametrize(
    ("sheet", "place", "value", "kind"),
    [
        ("封面", "B4", 1100, "typed"),
        ("核对", "C5", 0, "typed"),
        ("辅助", "P6", 1.0, "typed"),
        ("数据", "E11", 670, "typed"),
        ("数据", "A8", 9, "value"),
        ("数据", "E4", "万人", "text"),
        ("资金测算表", "A9", "凌河新区", "text"),
        ("资金测算表", "B4", "下达额", "text"),
        ("导入表", "A2", "甲", None),  # a blank cell staff fill in
        ("资金测算表", "A13", "单位负责人：李某", None),
        ("资金测算表", "A13", "制表人：李某", None),
        ("说明", "B4", "资金总量", "text"),
        ("参数", "D5", "亿元", "text"),
    ],
)
def test_each_sheet_is_compared(book, tmp_path, sheet, place, value, kind):
    edited = edit(book, tmp_path / "a.xlsx", {(sheet, place): value})
    assert [one for one in seen(edited) if one[0] not in ("value",) or kind == "value"] == (
        [(kind, sheet, place)] if kind else []
    )


def test_another_formula_is_named_with_both_texts(book, tmp_path):
    [one] = verify(tampered(book, tmp_path / "a.xlsx", formula("资金测算表", "B7", "SUM(B8:B10)"))).differences
    assert (one.kind, one.place, one.actual, one.expected) == ("formula", "B7", "=SUM(B8:B10)", "=SUM(B8:B11)")


def test_a_parameter_edited_and_not_recalculated_shows_as_figures_with_all_formulas_right(book, tmp_path):
    verdict = verify(edit(book, tmp_path / "reward.xlsx", {("参数", "C5"): 1200}))
    assert {one.kind for one in verdict.differences} == {"value"}
    places = {(one.sheet, one.place) for one in verdict.differences}
    assert {("封面", "B4"), ("测算", "J7"), ("资金测算表", "B8"), ("导入表", "D2")} <= places
    assert [(one.name, one.old, one.new) for one in verdict.edited] == [("pool", 1100, 1200)]


def test_a_figure_edited_is_named_old_and_new_where_the_input_file_is_at_hand(book):
    verdict = verify(edit(book, book.with_name("figure.xlsx"), {("数据", "E8"): 251, ("数据", "I9"): None}))
    assert [(one.name, one.county, one.old, one.new) for one in verdict.edited] == [
        ("settled", "凌河区", 250, 251),
        ("last_award", "黑山县", 150, None),
    ]


def test_without_the_input_file_the_hidden_sheet_tells_what_was_edited(book, tmp_path):
    verdict = verify(edit(book, tmp_path / "a.xlsx", {("数据", "E8"): 400}))
    assert [(one.name, one.county, one.old, one.new) for one in verdict.edited] == [("settled", "凌河区", 250, 400)]
    assert {one.county for one in verdict.awards} == {"古塔区", "凌河区", "黑山县", "凌海市"}
    assert [note.id for note in verdict.notes] == ["verify.by_originals"]
    assert "reward.csv" in verdict.notes[0].text("zh") and "原值" in verdict.notes[0].text("zh")


def test_a_hidden_sheet_edited_beside_a_figure_no_longer_has_its_hash(book, tmp_path):
    verdict = verify(edit(book, tmp_path / "a.xlsx", {("数据", "E8"): 400, ("原值", "E8"): 400}))
    assert (verdict.differences[0].kind, verdict.differences[0].sheet) == ("originals", "原值")
    assert [note.id for note in verdict.notes] == ["verify.no_input"]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (hide("辅助"), [("sheet_hidden", "辅助", "")]),
        (rename("测算", "计算"), [("sheet_renamed", "计算", "")]),
        (rename("参数", "政策"), [("sheet_renamed", "政策", "")]),
        (rename("资金测算表", "下达表"), [("sheet_renamed", "下达表", "")]),
        (remove("导入表"), [("sheet_gone", "导入表", "")]),
        (point_name("p_pool", "参数!$C$10"), [("name", "参数", "")]),
        (as_values("资金测算表"), [("flattened", "资金测算表", "")]),
        (as_values("封面", "参数", "数据", "测算", "辅助", "附件", "资金测算表", "导入表", "核对"), []),
        (delete_row("资金测算表", 9, 40), [("row_gone", "资金测算表", "")]),
        (insert_row("资金测算表", 9, 40, "新县"), [("row_added", "资金测算表", "9")]),
        (beside("资金测算表", 9, "F", 900), [("added", "资金测算表", "F9")]),
        (beside("导入表", 3, "H", 900), [("added", "导入表", "H3")]),
        (swap_rows("资金测算表", 8, 9), [("row_moved", "资金测算表", "8")]),
        (delete_row("测算", 8, 40), [("row_gone", "测算", "")]),
        (insert_row("参数", 6, 40, "说明"), [("row_added", "参数", "6")]),
    ],
)
def test_what_happened_to_a_sheet_or_a_row_is_one_line(book, tmp_path, step, expected):
    assert seen(tampered(book, tmp_path / "a.xlsx", step)) == expected


def test_a_county_taken_out_of_the_data_is_named(book, tmp_path):
    first = verify(tampered(book, tmp_path / "a.xlsx", delete_row("数据", 9, 40))).differences[0]
    assert (first.kind, first.sheet, first.county) == ("row_gone", "数据", "210726")


def model_line(path: Path, text: str) -> str:
    sheet = openpyxl.load_workbook(path)["溯源"]
    return next(f"B{cell.row}" for cell in sheet["B"] if cell.value == text)


def test_model_text_that_was_edited_where_people_read_it_is_named_with_its_cell(book, tmp_path):
    place = model_line(book, "value = 1000")
    assert seen(edit(book, tmp_path / "a.xlsx", {("溯源", place): "value = 1001"})) == [("text", "溯源", place)]


def test_model_text_that_was_edited_on_record_is_named(book, tmp_path):
    def edited(record: dict) -> None:
        record["model"]["text"] = record["model"]["text"].replace("value = 1000", "value = 1001")

    columns = [
        one.column for one in verify(re_recorded(book, tmp_path / "a.xlsx", edited)).differences if one.kind == "record"
    ]
    assert columns == ["model"]
    kinds = {one.kind for one in verify(re_recorded(book, tmp_path / "b.xlsx", edited, sealed=True)).differences}
    assert "model" in kinds


def test_the_manifest_beside_the_workbook_is_compared_with_what_the_workbook_says(reward, book, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(to_json(record_of(reward)), encoding="utf-8")
    assert verify(book, path).clean
    path.write_text(to_json(replace(record_of(reward), exact=False)), encoding="utf-8")
    [one] = verify(book, path).differences
    assert (one.kind, one.column, one.actual, one.expected) == ("manifest", "exact", "true", "false")


def test_a_workbook_that_should_have_stopped_is_named_with_the_reason(book, tmp_path):
    verdict = verify(edit(book, tmp_path / "a.xlsx", {("参数", "C5"): 100}))
    assert [problem.id for problem in verdict.stopped] == ["run.infeasible"]
    assert [one.kind for one in verdict.differences] == ["shown"]


def test_cells_that_hold_no_figure_are_all_named(book):
    verdict = verify(edit(book, book.with_name("unread.xlsx"), {("数据", "E8"): "约三百", ("参数", "C10"): None}))
    assert verdict.edited == []
    assert [problem.where for problem in verdict.stopped] == ["数据!E8", "参数!C10"]


def test_a_moved_edge_of_a_band_is_named(tmp_path):
    found = find("land_quota", None, None)
    path = write(run_model(found.model, found.table), tmp_path / "a.xlsx")
    name = next(name for name, entry in found.model.parameters.items() if entry.bands)
    row = next(c.row for c in openpyxl.load_workbook(path)["参数"]["F"] if c.value == f"{name}.1")
    old = found.model.parameters[name].bands[0].edge
    verdict = verify(edit(path, tmp_path / "b.xlsx", {("参数", f"B{row}"): float(old) - 1}))
    assert [(one.name, one.old, one.new) for one in verdict.edited] == [(name, old, old - 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=IF('核对'!$C$5=0,SUM(B8:B11),NA())", "IF(核对!$C$5=0, SUM(b8:B11), na())"),
        ("=('数据'!B7*1E9)", "=数据!B7*1000000000"),
        ("=IF('Award table'!B7<1E+200,TRUE,0.10)", "=IF('Award table'!B7<1E200,TRUE(),0.1)"),
    ],
)
def test_one_formula_is_known_in_the_spelling_of_any_program(one, other):
    assert normal(one, {}) == normal(other, {})
    assert normal(one, {}) != normal(other.replace("7", "8").replace("11", "10"), {})
    assert normal('="a b"', {}) != normal('="A B"', {})
    assert normal("=(A7+B8)*(C9)", {}) != normal("=A7+B8)*(C9", {})


def told(monkeypatch, capsys, *words: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["allocation", "verify", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    return stopped.value.code, said.out + said.err


def test_exit_codes_are_clean_0_different_1_and_bad_input_2(book, tmp_path, monkeypatch, capsys):
    code, text = told(monkeypatch, capsys, str(book))
    assert code == 0 and "全部相符" in text
    edited = edit(book, tmp_path / "a.xlsx", {("测算", "J8"): 900})
    code, text = told(monkeypatch, capsys, str(edited), "--lang", "en")
    assert code == 1 and "J8 凌河区 · 分配额: formula typed over with 900; should be a formula, value 281" in text
    code, text = told(monkeypatch, capsys, str(SHARED / "inputs" / "reward.csv"))
    assert code == 2 and "CSV 或文本表格" in text
    code, text = told(monkeypatch, capsys)
    assert code == 2 and "缺少结果工作簿" in text
    code, text = told(monkeypatch, capsys, "甲.xlsx", "乙.xlsx")
    assert code == 2 and "多写了 乙.xlsx；verify 一次核对一本工作簿" in text


def test_long_lists_are_cut_unless_all_is_asked_for(book, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "MOST", 3)
    edited = str(edit(book, tmp_path / "a.xlsx", {("参数", "C5"): 1200}))
    assert "加 --all 全部列出" in told(monkeypatch, capsys, edited)[1]
    code, text = told(monkeypatch, capsys, edited, "--all")
    assert code == 1 and "--all" not in text and "Ctrl+Alt+F9" in text and "资金总额：1,100 万元 → 1,200 万元" in text


def refused(path: Path) -> list[str]:
    with pytest.raises(AllocationError) as stopped:
        verify(path)
    return [problem.id for problem in stopped.value.problems]


def test_a_workbook_saved_without_its_figures_is_to_be_opened_first(book, tmp_path):
    openpyxl.load_workbook(book).save(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx") == ["verify.uncached"]


def test_what_is_no_result_workbook_is_refused(book, tmp_path):
    assert refused(HOUSE / "inputs" / "jinzhou_2017.xlsx") == ["verify.not_result"]
    assert refused(tampered(book, tmp_path / "a.xlsx", remove("参数"))) == ["verify.sheet_needed"]
    assert refused(tampered(book, tmp_path / "a.xlsx", remove("_record"))) == ["verify.not_result"]
    (tmp_path / "b.xlsx").write_bytes(book.read_bytes()[:2000])
    assert refused(tmp_path / "b.xlsx") == ["tables.damaged"]
