"""数据台账: what a ledger gives, which differences must be decided, what estimates do, and 数据差异表."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from attaching import attached
from desk import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_files import HEISHAN, MODEL, SHARED, TABLE, USED, ledger, problems, without_sheet

from allocation import run_model
from allocation.analysis import rivals
from allocation.analysis.rivals import effects
from allocation.files.destination import Destination
from allocation.files.whole_files import place
from allocation.record.record import AttachedKept, FigurePlace, LedgerFigure
from allocation.record.recording import record_of
from allocation.record.versions import blocking_reasons
from allocation.run.marks import mark_keys, marks
from allocation.run.scenario import Change
from allocation.tables.table import Table
from allocation.verify.verifying import verify
from allocation.xlsx.files import targets, writers

SETTLED = TABLE.values["settled"]


def read(folder: Path, *rows, table: Table = TABLE) -> Table:
    return attached(MODEL, table, ledger=ledger(folder, *rows)).table


def blank(table: Table = TABLE) -> Table:
    return table.with_values(settled=(*SETTLED[:HEISHAN], None, *SETTLED[HEISHAN + 1 :]))


def test_one_value_fills_a_blank_and_no_run_is_possible_without_it(tmp_path):
    assert [one.id for one in problems(run_model, MODEL, blank())] == ["run.missing"]
    table = read(tmp_path, ["黑山县", "落户人数", "90人", "公安局", "2018-01-15", "核定"], table=blank())
    assert table.values == TABLE.values and not table.disputes
    assert run_model(MODEL, table).figures("award") == run_model(MODEL, TABLE).figures("award")
    assert table.where("settled", HEISHAN) == "台账.csv: C2"  # a later message names the ledger's cell


def test_equal_values_are_no_dispute_and_the_firmest_source_counts(tmp_path):
    rows = [["90", "公安局", "2018-01-15", "暂估"], ["90.0", "统计局", "", "核定"], [90, "街道", "2018-04-01", "初报"]]
    table = read(tmp_path, *(["黑山县", "settled", *row] for row in rows))
    assert not table.disputes and not table.estimates
    assert table.ledger["settled", HEISHAN].source == "统计局"


def test_a_value_unlike_the_tables_is_a_dispute_with_the_table(tmp_path):
    row = ["黑山县", "落户人数", 96, "统计局", "2018-03-02", "核定"]
    (undecided,) = problems(read, tmp_path, row)
    assert undecided.id == "ledger.undecided"
    said = undecided.text("zh")
    assert "统计局 96 人（台账.csv: C2）" in said and "数据表 90 人（reward.csv: D4）" in said
    (dispute,) = read(tmp_path, [*row, *USED]).disputes
    assert [one.value for one in dispute.rivals] == [96, 90] and dispute.rivals[1].source == ""
    assert (dispute.chosen, dispute.by, dispute.reason) == (0, "张三", "与台账核对")


def test_the_tables_own_value_is_chosen_by_a_row_that_repeats_it(tmp_path):
    table = read(
        tmp_path,
        ["黑山县", "落户人数", 96, "统计局", "", "初报"],
        ["黑山县", "落户人数", 90, "公安局", "", "核定", *USED],
    )
    assert table.values == TABLE.values
    assert [(len(one.rivals), one.chosen) for one in table.disputes] == [(2, 1)]


def test_every_undecided_difference_is_said_at_once_with_its_cells(tmp_path):
    revenue = [["古塔区", "财政收入", 3, "财政局", "", "初报"], ["古塔区", "财政收入", 4, "税务局", "", "初报"]]
    others = [["黑山县", "落户人数", 96, "统计局", "", "核定"], ["凌海市", "城镇化率", "53%", "统计局", "", "暂估"]]
    found = problems(read, tmp_path, others[0], *revenue, others[1])
    assert [one.id for one in found] == ["ledger.undecided"] * 3
    assert (
        "财政局 3 万元（台账.csv: C3）；税务局 4 万元（台账.csv: C4）；数据表 30,050.5 万元（reward.csv: E2）"
        in found[1].text("zh")
    )


BAD = {
    ("黑龙县", "落户人数", 90, "公安局", "", "核定"): ("scenario.no_county", "A2"),
    ("", "落户人数", 90, "公安局", "", "核定"): ("forms.no_county", "A2"),
    ("黑山县", "落户人口", 90, "公安局", "", "核定"): ("ledger.no_input", "B2"),
    ("黑山县", "分配额", 90, "公安局", "", "核定"): ("ledger.computed", "B2"),
    ("黑山县", "落户人数", "九十", "公安局", "", "核定"): ("forms.not_number", "C2"),
    ("黑山县", "落户人数", 90.5, "公安局", "", "核定"): ("tables.not_whole", "C2"),
    ("黑山县", "落户人数", -90, "公安局", "", "核定"): ("tables.too_small", "C2"),
    ("黑山县", "落户人数", "90亩", "公安局", "", "核定"): ("tables.suffix_differs", "C2"),
    ("黑山县", "城镇化率", 41.5, "统计局", "", "核定"): ("tables.percent_doubt", "C2"),
    ("黑山县", "城市规模", "特大城市", "统计局", "", "核定"): ("tables.not_a_choice", "C2"),
    ("黑山县", "落户人数", "", "公安局", "", "核定"): ("forms.blank", "C2"),
    ("黑山县", "落户人数", 90, "", "", "核定"): ("forms.blank", "D2"),
    ("黑山县", "落户人数", 90, "公安局", "上周", "核定"): ("forms.not_date", "E2"),
    ("黑山县", "落户人数", 90, "公安局", "", "估计"): ("ledger.status", "F2"),
    ("黑山县", "落户人数", 90, "公安局", "", ""): ("forms.blank", "F2"),
    ("黑山县", "落户人数", 96, "公安局", "", "核定", "同意", "张三", "核对"): ("ledger.used", "G2"),
    ("黑山县", "落户人数", 96, "公安局", "", "核定", "是", "", "核对"): ("ledger.needs", "H2"),
    ("黑山县", "落户人数", 96, "公安局", "", "核定", "是", "张三", ""): ("ledger.needs", "I2"),
}


@pytest.mark.parametrize("row", BAD, ids=[f"{row[1]}-{message}-{cell}" for row, (message, cell) in BAD.items()])
def test_a_slip_is_a_message_with_its_cell(tmp_path, row):
    (found,) = problems(read, tmp_path, row)
    assert (found.id, found.where) == (BAD[row][0], f"台账.csv: {BAD[row][1]}")
    assert found.text("zh") and found.text("en")


def test_nearest_names_are_offered_and_an_empty_ledger_is_said(tmp_path):
    (found,) = problems(read, tmp_path, ["黑山县", "落户人口", 90, "公安局", "", "核定"])
    assert "最接近的是“落户人数”" in found.text("zh")
    assert [one.id for one in problems(read, tmp_path)] == ["ledger.none"]


def test_two_marks_for_one_figure_are_refused_where_the_second_stands(tmp_path):
    rows = [["黑山县", "落户人数", n, "公安局", "", "核定", *USED] for n in (96, 97)]
    (found,) = problems(read, tmp_path, *rows)
    assert (found.id, found.where) == ("ledger.two_marks", "台账.csv: G3") and "台账.csv: G2" in found.text("zh")


def test_an_estimate_marks_every_title_and_blocks_a_final_version(tmp_path):
    table = read(tmp_path, ["黑山县", "落户人数", 90, "公安局", "", "暂估"])
    run, firm = run_model(MODEL, table), run_model(MODEL, TABLE)
    assert table.estimates == (("settled", HEISHAN),)
    assert "（含暂估数，试算）" in marks(run)["zh"] and "(with estimates, trial)" in marks(run)["en"]
    assert "含暂估数" not in marks(firm)["zh"]
    assert mark_keys(run) == ("estimate",)
    assert [one.id for one in blocking_reasons(run)] == ["ledger.final_estimates"] and not blocking_reasons(firm)
    assert any(note.id == "ledger.estimated" for note in run.notes)
    files = targets(Destination(tmp_path / "out"), "reward")
    place(writers(run, files, "zh", record_of(run)))
    book = openpyxl.load_workbook(files["workbook"])
    for sheet in ("封面", "资金测算表"):
        texts = [cell for row in book[sheet].iter_rows(max_row=4, values_only=True) for cell in row if cell]
        assert any(text.endswith("（含暂估数，试算）") for text in texts), sheet
    assert verify(files["workbook"], files["manifest"]).clean
    lines = files["csv"].read_text(encoding="utf-8-sig").splitlines()
    assert all(line.endswith("含暂估数，试算") for line in lines[1:])


def test_marks_of_several_years_look_at_every_year(tmp_path):
    table = replace(read(tmp_path, ["黑山县", "落户人数", 90, "公安局", "", "暂估"]), year=2017, illustrative=True)
    run = run_model(MODEL, [table, replace(TABLE, year=2018)])
    assert mark_keys(run) == ("estimate", "illustrative")
    assert marks(run)["zh"] == "（含暂估数，试算）（示例数据）"
    assert [one.id for one in blocking_reasons(run)] == ["ledger.final_estimates"]


@settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(TABLE.names), st.lists(st.integers(1, 400), min_size=1, max_size=3), st.data()),
        min_size=1, max_size=4, unique_by=lambda one: one[0],
    )
)  # fmt: skip
def test_what_another_source_would_do_is_what_a_run_of_its_own_says(tmp_path, figures):
    rows = []
    for county, values, data in figures:
        chosen = data.draw(st.integers(0, len(values) - 1))
        rows += [
            [county, "落户人数", value, f"局{n}", "", "初报", *(USED if n == chosen else [])]
            for n, value in enumerate(values)
        ]
    table = read(tmp_path, *rows)
    run = run_model(MODEL, table)
    awards = run.figures("award")
    for dispute, found in zip(table.disputes, effects(run), strict=True):
        assert dispute.rivals[dispute.chosen].value == table.values["settled"][dispute.row]
        for rival, effect in zip(dispute.rivals, found, strict=True):
            other = run_model(MODEL, table, [Change(f"settled@{table.codes[dispute.row]}", rival.value)]).figures(
                "award"
            )
            moved = {row: new - old for row, (new, old) in enumerate(zip(other, awards, strict=True))}
            if effect is None:
                assert rival.value == dispute.rivals[dispute.chosen].value and not any(moved.values())
                continue
            assert (effect.award, effect.change) == (other[dispute.row], moved.pop(dispute.row))
            largest = max(map(abs, moved.values()))
            assert abs(effect.other_change or 0) == largest
            assert effect.other is None if largest == 0 else moved[effect.other] == effect.other_change


def test_a_rival_that_cannot_be_run_says_why(tmp_path):
    rows = [["黑山县", "落户人数", value, "局", "", "初报", *(USED if value else [])] for value in (0, 90)]
    zeros = [[county, "落户人数", 0, "局", "", "初报", *USED] for county in TABLE.names if county != "黑山县"]
    run = run_model(
        MODEL, read(tmp_path, *rows, *zeros), [Change("floor_rate", Fraction(0)), Change("cap_rate", Fraction(100))]
    )
    (found, *_) = effects(run)
    assert found[0].error.problems and found[0].award is None


@pytest.mark.parametrize(
    ("lang", "sheet", "source"), [("zh", "数据差异表", "数据表"), ("en", "Disputes", "county table")]
)
def test_the_sheet_stands_only_where_sources_differ_and_verification_reads_it_back(tmp_path, lang, sheet, source):
    path = {}
    for name, rows in {
        "with": [["黑山县", "落户人数", 96, "统计局", "2018-03-02", "核定", *USED]],
        "without": [],
    }.items():
        table = read(tmp_path, *rows) if rows else TABLE
        run = run_model(MODEL, table)
        path[name] = targets(Destination(tmp_path / name), "reward")
        place(writers(run, path[name], lang, record_of(run)))
        assert verify(path[name]["workbook"], path[name]["manifest"]).clean
    book = openpyxl.load_workbook(path["with"]["workbook"])
    lines = [[cell.value for cell in row] for row in book[sheet].iter_rows(min_row=5, max_row=6)]
    plain, run = (
        run_model(MODEL, TABLE),
        run_model(MODEL, read(tmp_path, ["黑山县", "落户人数", 96, "局", "", "核定", *USED])),
    )
    own, other = run.figures("award")[HEISHAN], plain.figures("award")[HEISHAN]
    assert [line[2:4] for line in lines] == [["统计局", 96], [source, 90]]
    assert lines[0][6:11] == ["是" if lang == "zh" else "yes", "张三", "与台账核对", "", own]
    assert lines[1][10:12] == [other, other - own]
    assert sheet not in openpyxl.load_workbook(path["without"]["workbook"]).sheetnames
    cut = verify(without_sheet(path["with"]["workbook"], sheet))
    assert [(one.kind, one.sheet) for one in cut.differences] == [("sheet_gone", sheet)]


def test_beyond_the_budget_a_difference_is_left_unrun_and_said_to_be(tmp_path, monkeypatch):
    monkeypatch.setattr(rivals, "CELLS", len(TABLE))
    rows = [[county, "落户人数", 100, "局", "", "初报", *USED] for county in TABLE.names[:2]]
    run = run_model(MODEL, read(tmp_path, *rows))
    assert [[one and one.award is not None for one in found] for found in effects(run)] == [[None, True], [None, False]]
    files = targets(Destination(tmp_path / "out"), "reward")
    place(writers(run, files, "zh", record_of(run)))
    lines = [*openpyxl.load_workbook(files["workbook"])["数据差异表"].iter_rows(min_row=5, values_only=True)]
    assert [line[10] for line in lines][3] == "差异和地区较多，这一行没有测算"
    assert "试算" not in files["csv"].read_text(encoding="utf-8-sig")


def test_figures_of_the_ledger_do_not_count_as_edited_later(tmp_path):
    table = read(tmp_path, ["黑山县", "落户人数", 96, "统计局", "", "核定", *USED])
    files = targets(Destination(tmp_path / "out"), "reward")
    run = run_model(MODEL, table)
    place(writers(run, files, "zh", record_of(run)))
    shutil.copy(SHARED / "inputs" / "reward.csv", tmp_path / "out")
    verdict = verify(files["workbook"])
    assert verdict.clean and not verdict.edited and not verdict.notes
    comment = openpyxl.load_workbook(files["workbook"])["数据"].cell(7 + HEISHAN, 5).comment
    assert comment.text == "来源：统计局，核定"


def test_the_record_lists_figures_estimates_and_disputes(tmp_path):
    table = read(tmp_path, ["黑山县", "落户人数", 96, "统计局", "2018-03-02", "暂估", *USED])
    record = record_of(run_model(MODEL, table))
    assert record.ledger == {"210726": {"settled": LedgerFigure("96", "统计局", "2018-03-02", "estimate")}}
    assert record.estimates == (FigurePlace("settled", "210726"),)
    (dispute,) = record.disputes
    assert dispute.by == "张三" and dispute.others == (LedgerFigure("90"),)
    assert record.attached[0].file == "台账.csv"
    before = replace(TABLE, attached=(AttachedKept("收件", "1"),))
    joined = read(tmp_path, ["黑山县", "落户人数", 90, "局", "", "核定"], table=before)
    assert [kept.file for kept in joined.attached] == ["收件", "台账.csv"]
    assert not record_of(run_model(MODEL, TABLE)).ledger


def test_the_command_line_says_what_the_ledger_holds(folder, allocation):
    ledger(
        folder,
        ["黑山县", "落户人数", 96, "统计局", "", "核定", *USED],
        ["古塔区", "落户人数", 180, "公安局", "", "暂估"],
    )
    for command in ("check reward --ledger 台账.csv", "run reward --ledger 台账.csv"):
        assert "数据台账：2 个数，1 处有差异（见“数据差异表”），1 个暂估" in allocation(command).out
    english = "Ledger: figures: 2, disputed: 1 (see sheet Disputes), estimates: 1"
    assert english in allocation("check reward --ledger 台账.csv --lang en").out
    before = (folder / "台账.csv").read_bytes()
    over = allocation("run reward --ledger 台账.csv --out 台账.xlsx")
    assert over.code == 2 and "不能用结果覆盖" in over.err and (folder / "台账.csv").read_bytes() == before
    missing = allocation("run reward --ledger 没有.csv --out 别处")
    assert missing.code == 2 and "没有.csv: 找不到这个文件" in missing.err and not Path("别处").exists()


def test_adjustments_join_a_table_with_a_ledger_and_both_stay_on_record(tmp_path):

    table = read(tmp_path, ["黑山县", "落户人数", 96, "统计局", "", "核定", *USED])
    adjust = tmp_path / "调整.csv"
    adjust.write_text("县（市、区）,调整额,由谁承担,理由,批准人\n黑山县,5,其余各地,r,m", encoding="utf-8")
    made = attached(MODEL, table, adjustments=adjust)
    assert [kept.file for kept in made.table.attached] == [
        "台账.csv",
        "调整.csv",
    ] and made.table.disputes == table.disputes
