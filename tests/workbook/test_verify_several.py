"""verify on workbooks of several runs, a timeline and a comparison: each as its own writer writes it, cell by cell."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from recorded_book import edit
from several_books import write_both
from shipped import sample_table
from tampered import as_values, beside, delete_row, formula, hide, re_recorded, remove, rename, swap_rows, tampered

from allocation import __version__
from allocation.analysis.compare import compare
from allocation.analysis.scenarios import Scenario
from allocation.errors import AllocationError
from allocation.run.finding import find
from allocation.run.scenario import Change
from allocation.texts import Both
from allocation.verify.verifying import verify
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.evaluation import write_evaluation
from allocation.xlsx.timeline import write_timeline
from allocation.years.evaluation.loading import evaluation_path, load_evaluation
from allocation.years.timeline import read_years, timeline

BOTH = ("years", "variants")


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> dict[str, Path]:
    return write_both(tmp_path_factory.mktemp("several"))


def seen(path: Path) -> list[tuple]:
    return [(one.kind, one.sheet, one.place) for one in verify(path).differences]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_of_several_runs_as_written_agrees_with_itself(lang, tmp_path):
    for path in write_both(tmp_path, lang).values():
        verdict = verify(path)
        assert verdict.clean and verdict.edited == verdict.awards == verdict.notes == []
        assert verdict.cells > 700


def test_years_that_feed_one_another_agree_with_themselves(tmp_path):
    model = find("dynamic_fund", None, 2017).model
    found = timeline(model, read_years([sample_table("dynamic_fund")], model))
    write_timeline(found, tmp_path / "a.xlsx", "zh")
    assert verify(tmp_path / "a.xlsx").clean


def test_every_cell_of_an_evaluation_is_compared_and_a_row_of_one_of_its_blocks_is_missed(tmp_path):
    model = find("urbanisation_monitor", None, 2016).model
    found = timeline(model, read_years([sample_table("urbanisation_monitor")], model))
    write_evaluation(found, load_evaluation(evaluation_path(model.name), model), tmp_path / "a.xlsx", "zh")
    assert verify(tmp_path / "a.xlsx").clean
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["评估"]
    row = [cell.row for cell in sheet["B"] if cell.value == "黑山县"][1]  # of the second block
    [one] = verify(edit(tmp_path / "a.xlsx", tmp_path / "b.xlsx", {("评估", f"D{row}"): 5})).differences
    assert (one.kind, one.place, one.county) == ("typed", f"D{row}", "黑山县")
    assert one.column == sheet.cell(next(r for r in range(row, 0, -1) if sheet.cell(r, 2).value == "名称"), 4).value
    step = delete_row("评估", row, 200)
    [one] = verify(tampered(tmp_path / "a.xlsx", tmp_path / "b.xlsx", step)).differences
    assert (one.kind, one.sheet, one.county) == ("row_gone", "评估", "210726 黑山县")


def test_floats_bands_and_text_parameters_of_a_comparison_agree_with_themselves(tmp_path):
    for name, address in (("land_quota", "plan_total"), ("地方奖补", "资金总额")):
        found = find(name, None, None)
        more = Scenario("s", Both("情景", "scenario"), ((Change(address, Fraction(11, 10), "scale"),),))
        write_comparison(compare(found.model, (found.table,), [more], exact=False), tmp_path / "a.xlsx", "zh")
        assert verify(tmp_path / "a.xlsx").clean, name


def test_a_moved_edge_of_a_band_is_no_row_that_went(tmp_path):
    found = find("land_quota", None, None)
    more = Scenario("s", Both("情景", "scenario"), ((Change("plan_total", Fraction(11, 10), "scale"),),))
    write_comparison(compare(found.model, (found.table,), [more]), tmp_path / "a.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["参数"]
    place, edge = next((cell.coordinate, cell.value) for cell in sheet["B"] if isinstance(cell.value, int | float))
    edit(tmp_path / "a.xlsx", tmp_path / "b.xlsx", {("参数", place): edge - 1})
    row = next(cell.row for cell in sheet["B"] if cell.value == "建制镇")
    verdict = verify(tampered(tmp_path / "b.xlsx", tmp_path / "c.xlsx", delete_row("参数", row, 90)))
    gone = [(one.kind, one.county) for one in verdict.differences if one.kind.startswith("row")]
    assert gone == [("row_gone", "规模等级差别化系数 建制镇")]
    assert [(one.old - one.new, one.part.zh) for one in verdict.edited] == [(1, "")]
    verdict = verify(tampered(tmp_path / "a.xlsx", tmp_path / "c.xlsx", delete_row("参数", 5, 90)))
    assert verdict.edited == verdict.awards == [] and not verdict.stopped


@pytest.mark.parametrize(
    ("book", "sheet", "place", "value", "kind"),
    [
        ("years", "各年", "D8", 258, "typed"),
        ("years", "各年", "B8", "凌河新区", "text"),
        ("years", "各年", "D2", "均为实际数", "text"),
        ("years", "参数", "A5", "资金总量", "text"),
        ("years", "参数", "D4", "2020年", "text"),
        ("years", "核对", "D5", 0, "typed"),
        ("years", "核对", "B10", "无", "text"),
        ("years", "数据2018", "E11", 715, "typed"),
        ("years", "数据2018", "E3", "人数", "text"),
        ("years", "测算2018", "J8", 257, "typed"),
        ("years", "辅助2019", "M6", 0.6628, "typed"),
        ("variants", "比较", "E8", 290, "typed"),
        ("variants", "比较", "E4", "多两百", "text"),
        ("variants", "比较", "F16", 900, "value"),
        ("variants", "比较", "E12", "增加 5 个", "typed"),
        ("variants", "参数", "D4", "多二百", "text"),
        ("variants", "核对", "D5", 0, "typed"),
        ("variants", "数据", "E11", 680, "typed"),
        ("variants", "测算", "J8", 263, "typed"),
        ("variants", "辅助", "M6", 0.5, "typed"),
    ],
)
def test_each_sheet_of_each_is_compared(books, tmp_path, book, sheet, place, value, kind):
    path = edit(books[book], tmp_path / "a.xlsx", {(sheet, place): value})
    assert [one for one in seen(path) if one[0] != "value" or kind == "value"] == [(kind, sheet, place)]


def test_a_formula_typed_over_is_named_with_county_year_and_both_values(books, tmp_path):
    [one] = verify(edit(books["years"], tmp_path / "a.xlsx", {("各年", "D8"): 258})).differences
    assert (one.county, one.column, one.actual, one.expected) == ("凌河区", "分配额/2018（推算）", 258, 257)
    [one] = verify(edit(books["variants"], tmp_path / "a.xlsx", {("比较", "E8"): 290})).differences
    assert (one.county, one.column, one.actual, one.expected) == ("凌河区", "多一百/分配额", 290, 289)


def test_another_formula_is_named_with_both_texts(books, tmp_path):
    step = formula("比较", "F8", "E8-B7")
    [one] = verify(tampered(books["variants"], tmp_path / "a.xlsx", step)).differences
    assert (one.kind, one.place, one.actual, one.expected) == ("formula", "F8", "=E8-B7", "=E8-B8")


@pytest.mark.parametrize(
    ("book", "step", "expected"),
    [
        ("years", hide("辅助2018"), [("sheet_hidden", "辅助2018", "")]),
        ("years", rename("测算2018", "算2018"), [("sheet_renamed", "算2018", "")]),
        ("years", rename("数据2018", "数2018"), [("sheet_renamed", "数2018", "")]),
        ("years", rename("各年", "逐年"), [("sheet_renamed", "逐年", "")]),
        ("years", remove("各年"), [("sheet_gone", "各年", "")]),
        ("years", delete_row("各年", 8, 40), [("row_gone", "各年", "")]),
        ("years", delete_row("测算2018", 8, 40), [("row_gone", "测算2018", "")]),
        ("years", delete_row("参数", 5, 40), [("row_gone", "参数", "")]),
        ("years", delete_row("核对", 12, 60), [("row_gone", "核对", "")]),
        ("years", swap_rows("各年", 8, 9), [("row_moved", "各年", "8")]),
        ("years", beside("各年", 8, "J", 5), [("added", "各年", "J8")]),
        ("years", as_values("各年"), [("flattened", "各年", "")]),
        ("variants", delete_row("比较", 8, 40), [("row_gone", "比较", "")]),
        ("variants", delete_row("参数", 8, 40), [("row_gone", "参数", "")]),
        ("variants", rename("比较", "对比"), [("sheet_renamed", "对比", "")]),
        ("variants", remove("核对"), [("sheet_gone", "核对", "")]),
        ("variants", hide("数据"), [("sheet_hidden", "数据", "")]),
    ],
)
def test_what_happened_to_a_sheet_or_a_row_is_one_line(books, tmp_path, book, step, expected):
    assert seen(tampered(books[book], tmp_path / "a.xlsx", step)) == expected


def test_a_county_taken_out_of_the_data_of_one_year_is_named(books, tmp_path):
    first = verify(tampered(books["years"], tmp_path / "a.xlsx", delete_row("数据2018", 9, 40))).differences[0]
    assert (first.kind, first.sheet, first.county) == ("row_gone", "数据2018", "210726")


def test_a_parameter_of_one_year_edited_and_not_recalculated_moves_that_year_alone(books, tmp_path):
    verdict = verify(edit(books["years"], tmp_path / "a.xlsx", {("参数", "E5"): 1200}))
    assert [(one.part.zh, one.name, one.old, one.new) for one in verdict.edited] == [("2019年", "pool", 1100, 1200)]
    assert {one.kind for one in verdict.differences} == {"value"}
    assert {one.sheet for one in verdict.differences} == {"各年", "测算2019", "辅助2019"}
    assert {one.part.zh for one in verdict.awards} == {"2019年"}


def test_a_parameter_of_one_variant_edited_and_not_recalculated_moves_that_variant_alone(books, tmp_path):
    verdict = verify(edit(books["variants"], tmp_path / "a.xlsx", {("参数", "D5"): 1200}))
    assert [(one.part.zh, one.name, one.old, one.new) for one in verdict.edited] == [("多一百", "pool", 1100, 1200)]
    assert {one.column.partition("/")[0] for one in verdict.differences if one.sheet == "比较"} == {"多一百"}


def test_figures_edited_are_named_old_and_new_of_a_year_a_projected_year_and_a_variant(books):
    cells = {("数据2017", "E8"): 261, ("数据2018", "E9"): 96, ("数据2019", "I8"): 5}
    verdict = verify(edit(books["years"], books["years"].with_name("a.xlsx"), cells))
    told = [(one.part.zh, one.name, one.county, one.old, one.new) for one in verdict.edited]
    assert told[:2] == [("2017年", "settled", "凌河区", 260, 261), ("2018年", "settled", "黑山县", 95, 96)]
    assert told[2:] == [("2019年", "last_award", "凌河区", 300, 5)]
    block = openpyxl.load_workbook(books["variants"])["测算"]
    row = next(cell.row for cell in block["B"] if cell.value == "=数据!B8")
    place = next(cell.coordinate for cell in block[row] if cell.value == 200)
    cells = {("数据", "F9"): 15021, ("测算", place): 201}
    verdict = verify(edit(books["variants"], books["variants"].with_name("b.xlsx"), cells))
    told = [(one.part.zh, one.name, one.county, float(one.old), one.new) for one in verdict.edited]
    assert told == [("基准", "revenue", "黑山县", 15020.25, 15021), ("少落户", "settled", "凌河区", 200, 201)]


def test_without_the_input_file_the_awards_of_every_run_tell_that_data_were_edited(books, tmp_path):
    verdict = verify(edit(books["variants"], tmp_path / "a.xlsx", {("数据", "G9"): 0.9}))
    assert verdict.edited == [] and [note.id for note in verdict.notes] == ["verify.no_input"]
    assert {one.part.zh for one in verdict.awards} == {"基准", "多一百", "少落户"}
    assert {one.kind for one in verdict.differences} == {"value"}  # who wins and who loses is told as it was


def test_model_text_that_was_edited_where_people_read_it_is_named_with_its_cell(books, tmp_path):
    for book in BOTH:
        sheet = openpyxl.load_workbook(books[book])["溯源"]
        place = next(f"B{cell.row}" for cell in sheet["B"] if cell.value == "value = 1000")
        path = edit(books[book], tmp_path / "a.xlsx", {("溯源", place): "value = 1001"})
        assert seen(path) == [("text", "溯源", place)]


def test_what_stops_one_of_several_runs_says_which(books, tmp_path):
    verdict = verify(edit(books["years"], tmp_path / "a.xlsx", {("参数", "D5"): 100}))
    assert [one.where.partition(":")[0] for one in verdict.stopped] == ["2018"]
    assert [one.kind for one in verdict.differences] == ["shown"]
    verdict = verify(edit(books["variants"], tmp_path / "a.xlsx", {("参数", "D5"): 100, ("参数", "E5"): 90}))
    assert [one.where.partition(":")[0] for one in verdict.stopped] == ["多一百", "少落户"]
    verdict = verify(edit(books["years"], tmp_path / "a.xlsx", {("参数", "E5"): None, ("数据2019", "E8"): "约三百"}))
    assert sorted(one.where for one in verdict.stopped) == ["参数!E5", "数据2019!E8"]
    assert verdict.edited == []
    verdict = verify(edit(books["variants"], tmp_path / "a.xlsx", {("核对", "D5"): 3}))
    assert [one.id for one in verdict.stopped] == ["verify.state"]
    verdict = verify(edit(books["variants"], tmp_path / "a.xlsx", {("核对", "E5"): 3, ("核对", "E10"): 1}))
    assert [(one.id, one.slots["part"].zh) for one in verdict.stopped] == [("verify.line", "少落户")]


@pytest.mark.parametrize(("book", "gone"), [("years", "数据2018"), ("variants", "参数")])
def test_a_sheet_nothing_can_be_recomputed_without_is_asked_for(books, tmp_path, book, gone):
    with pytest.raises(AllocationError) as stopped:
        verify(tampered(books[book], tmp_path / "a.xlsx", remove(gone)))
    [problem] = stopped.value.problems
    assert problem.id == "verify.sheet_needed" and gone in problem.text("zh")


@pytest.mark.parametrize(("book", "key"), [("years", "inputs"), ("variants", "runs")])
def test_a_record_that_lost_what_it_says_of_the_runs_is_not_gone_by(books, tmp_path, book, key):
    with pytest.raises(AllocationError) as stopped:
        verify(re_recorded(books[book], tmp_path / "a.xlsx", lambda record: record.update({key: []})))
    assert [problem.id for problem in stopped.value.problems] == ["verify.no_model"]


def test_a_year_that_is_no_longer_said_to_be_projected_is_missed(books, tmp_path):
    def never(record: dict) -> None:
        for run in record["runs"]:
            run["projected"] = False

    path = re_recorded(books["years"], tmp_path / "a.xlsx", never)
    told = {(one.kind, one.sheet, one.place) for one in verify(path).differences if one.sheet != "溯源"}
    assert told == {("added", "各年", "D2"), *(("text", "各年", f"{column}5") for column in "DEFG")}
    assert ("record", "runs") in [(one.kind, one.column) for one in verify(path).differences]


def test_a_manifest_is_refused_since_none_is_written(books, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({}), encoding="utf-8")
    with pytest.raises(AllocationError) as stopped:
        verify(books["years"], tmp_path / "a.json")
    assert [problem.id for problem in stopped.value.problems] == ["verify.no_manifest"]


def test_a_workbook_of_another_version_of_the_program_says_so(books, tmp_path):
    for book in BOTH:
        path = re_recorded(
            books[book], tmp_path / "a.xlsx", lambda record: record["versions"].update(allocation="0.0.1")
        )
        verdict = verify(path)
        assert [note.slots for note in verdict.notes if note.id == "verify.other_version"] == [
            {"found": "0.0.1", "own": __version__}
        ]


def test_a_check_that_fails_says_of_which_run(books, tmp_path):
    verdict = verify(edit(books["years"], tmp_path / "a.xlsx", {("数据2018", "H8"): None}))
    assert [(one.id, one.slots["part"].zh) for one in verdict.failed] == [("verify.failed", "2018年")]


def test_workbooks_of_values_are_compared_by_their_figures(tmp_path, monkeypatch):
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", 0)
    path = write_both(tmp_path)["years"]
    assert verify(path).clean
    assert seen(edit(path, tmp_path / "a.xlsx", {("各年", "D8"): 258})) == [("value", "各年", "D8")]
