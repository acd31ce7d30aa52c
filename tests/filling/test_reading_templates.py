"""The made-up templates read without a mapping: what is sure is proposed, what is not is asked, nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from filled_books import STAMP, fill_in, refused
from made_up_templates import land_template
from openpyxl import Workbook, load_workbook
from small_imports import small
from test_filling_refused import FINANCE, LAND, finance, land, run_of, units

from allocation.errors import AllocationError
from allocation.filling.code_lists import code_lists
from allocation.filling.confirming import ColumnSaid, MappingSaid, mapping_text, parts_of_award
from allocation.filling.filled import filled
from allocation.filling.lines import fill_lines
from allocation.filling.proposing import propose
from allocation.filling.reading import read_unmapped
from allocation.filling.template import read_template
from allocation.texts import AT_TERMINAL
from allocation.xlsx.import_mapping import mapping_from_text

ZH = AT_TERMINAL["zh"]
LAND_SAID = {"C": ColumnSaid("text:01"), "E": ColumnSaid("figure:quota"), "F": ColumnSaid("figure:surplus_quota"),
             "G": ColumnSaid("figure:quota")}  # fmt: skip
FINANCE_SAID = {
    "B": ColumnSaid("code", digits="9"), "D": ColumnSaid("text:10000014Z135"), "E": ColumnSaid("text:2300252"),
    "F": ColumnSaid("text:51301"), "G": ColumnSaid("figure:award"),
}  # fmt: skip


def asked(proposal, said: MappingSaid) -> dict[str, str]:
    try:
        mapping_text(proposal, said, ZH, "")
    except AllocationError as error:
        told = {}
        for problem in error.problems:
            assert "{" not in problem.text("zh") + problem.text("en")
            told[problem.where.rpartition("!")[2] or problem.where] = problem.id
        return told
    return {}


def filled_by(path, run, text: str) -> bytes:
    layout = replace(mapping_from_text(text, "新.toml", run.model), folder=path.parent)
    book = read_template(path, layout.template.sheet)
    lists = code_lists(layout, book, [])
    lines = fill_lines(run, layout, lists, [])
    return filled(book, layout, layout.template, lines, lists, run.model.units, STAMP).data


def test_the_land_template_is_read_and_what_is_not_sure_is_asked(tmp_path):
    assert land(tmp_path) == {}
    run = run_of("land_quota")
    read = read_unmapped(tmp_path / LAND, run)
    assert (read.rows, read.first, read.units, read.digits) == ((3, 4), 5, "code", 12)
    assert read.template.sheet.name == "指标分解表" and read.stamps == {"version": "B2", "digest": "E2"}
    proposal = propose(read, run)
    assert [target.source for target in proposal.columns] == ["code", "name", "", "year", "", "", ""]
    kinds, new = proposal.columns[2], proposal.columns[4]
    assert kinds.entries == (("01", "年度新增"), ("02", "增减挂钩节余"), ("03", "存量"))
    assert new.units == ("公顷",) and new.decimals == 4 and "quota" in new.near
    every = {
        "C5": "filling.ask_column",
        "E5": "filling.ask_column",
        "F5": "filling.ask_column",
        "G5": "filling.ask_column",
    }
    assert asked(proposal, MappingSaid("国土")) == every
    text = mapping_text(proposal, MappingSaid("国土", LAND_SAID), ZH, LAND)
    wanted, _ = fill_in(run, tmp_path, LAND, "对照.toml")
    assert filled_by(tmp_path / LAND, run, text) == wanted.data


def test_the_finance_template_is_filled_below_its_headings_by_what_was_said(tmp_path):
    assert finance(tmp_path) == {}
    run = run_of("incentive_fund")
    read = read_unmapped(tmp_path / FINANCE, run)
    assert (read.rows, read.units, read.template.sheet.name) == ((2,), "append", "直达资金分配")
    proposal = propose(read, run)
    open_columns = [target.heading for target in proposal.columns if not target.source]
    assert {"项目代码", "功能科目", "政府经济科目"} <= {*open_columns}
    text = mapping_text(proposal, MappingSaid("资金", FINANCE_SAID, version="H1"), ZH, FINANCE)
    (tmp_path / "f.xlsx").write_bytes(filled_by(tmp_path / FINANCE, run, text))
    fill_in(run, tmp_path, FINANCE, "对照.toml")
    sheet = load_workbook(tmp_path / "f.xlsx")["直达资金分配"]
    rows = [[cell.value for cell in row[1:7]] for row in sheet.iter_rows(min_row=4, max_row=3 + len(run.table))]
    assert [row[1] for row in rows] == [*run.table.names] and {row[2] for row in rows} == {"10000014Z135"}
    assert [row[0] for row in rows] == [f"{code}000" for code in run.table.codes]
    assert [row[5] for row in rows] == [float(value * 10000) for value in run.numbers("award")]


def test_a_heading_without_a_unit_is_asked_for_it_and_so_is_a_row_that_is_no_unit(tmp_path):
    run = small((1, 2), (None, None))
    book = Workbook()
    for row in (["代码", "名称", "补助额"], ["01", "01", None], ["99", "开发区", None], ["02", "02", None],
                ["合计", None, None], ["说明：本表每年一报", None, None]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    read = read_unmapped(tmp_path / "t.xlsx", run)
    assert read.strange == {2: "99", 5: "说明:本表每年一报"} and read.end == 4
    proposal = propose(read, run)
    assert asked(proposal, MappingSaid("t")) == {"C1": "filling.ask_unit", "t.xlsx": "filling.ask_strange"}
    said = MappingSaid("t", {"C": ColumnSaid(unit="元")}, strange=True)
    (tmp_path / "m.toml").write_text(mapping_text(proposal, said, ZH, "t.xlsx"), encoding="utf-8")
    assert refused(run, tmp_path, "t.xlsx", "m.toml") == {}


def test_zeros_left_out_text_files_and_cells_of_totals_are_said_or_those_of_the_mapping_at_hand(tmp_path):
    run = small((1, 2), (None, None))
    book = Workbook()
    for row in (["代码", "名称", "补助额（元）"], ["01", "01", None], ["02", "02", None]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    read = read_unmapped(tmp_path / "t.xlsx", run)
    columns = {"C": ColumnSaid(f"figure:{run.model.award}", "元", total="E1")}
    said = MappingSaid("t", columns, skip_zero=True, files=("utf-8", "dbf"))
    held = mapping_from_text(mapping_text(propose(read, run), said, ZH, "t.xlsx"), "m.toml", run.model)
    assert (held.skip_zero, held.files, held.template.totals) == (True, ("utf-8", "dbf"), {"column_c": "E1"})
    taken_over = mapping_text(propose(read, run, held), MappingSaid("t"), ZH, "t.xlsx")
    again = mapping_from_text(taken_over, "m.toml", run.model)
    assert (again.skip_zero, again.files, again.template.totals) == (True, ("utf-8", "dbf"), {"column_c": "E1"})
    none = MappingSaid("t", {"C": ColumnSaid(total="")}, skip_zero=False, files=())
    text = mapping_text(propose(read, run, held), none, ZH, "t.xlsx")
    assert not {"skip_zero", "files", "totals"} & {line.split(" ")[0] for line in text.splitlines()}


def test_another_place_s_template_and_one_without_headings_are_refused(tmp_path):
    run = small((1, 2), (None, None))
    for rows, told in (([["代码", "名称", "金额"], ["77", "别处", None]], "filling.read_other_units"),
                       ([["甲", "乙"], ["01", None]], "filling.read_no_headings")):  # fmt: skip
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "t.xlsx")
        with pytest.raises(AllocationError) as error:
            read_unmapped(tmp_path / "t.xlsx", run)
        assert [problem.id for problem in error.value.problems] == [told]


def test_what_every_row_had_last_time_is_offered_and_never_taken(tmp_path):
    land(tmp_path)
    run = run_of("land_quota")
    book, _ = fill_in(run, tmp_path, LAND, "对照.toml")
    (tmp_path / "上次.xlsx").write_bytes(book.data)
    before = read_unmapped(tmp_path / "上次.xlsx", run)
    proposal = propose(read_unmapped(tmp_path / LAND, run), run, None, before)
    assert proposal.columns[2].before == "01" and proposal.columns[2].source == ""


def test_the_parts_of_an_award_are_those_that_make_it_up():
    run = small()
    assert parts_of_award(run, ["roads", "known", "water"]) == ["roads", "water"]
    assert parts_of_award(run, ["roads", "award"]) == ["award"] and parts_of_award(run, ["roads"]) == ["roads"]


@pytest.mark.parametrize(("other", "told"), [
    ({"heading": "年度新批（公顷）"}, {"filling.heading_gone", "filling.heading_new", "filling.no_heading"}),
    ({}, set()),
])  # fmt: skip
def test_a_template_of_another_version_than_the_mapping_was_made_for_says_which_headings_moved(other, told, tmp_path):
    run = run_of("land_quota")
    land_template(tmp_path / LAND, units(run))
    proposal = propose(read_unmapped(tmp_path / LAND, run), run)
    (tmp_path / "新.toml").write_text(
        mapping_text(proposal, MappingSaid("国土", LAND_SAID), ZH, LAND), encoding="utf-8"
    )
    land_template(tmp_path / LAND, units(run), **other)
    assert refused(run, tmp_path, LAND, "新.toml").keys() - {"filling.heading_pinned"} == told


def test_columns_that_changed_places_are_said_though_their_words_are_the_same(tmp_path):
    run = small((1, 2), (None, None))
    for heads in (["代码", "名称", "补助额（元）", "备注"], ["代码", "补助额（元）", "名称", "备注"]):
        book = Workbook()
        book.active.append(heads)
        for name in run.table.names:
            book.active.append([name, name if heads[1] == "名称" else None, None if heads[1] == "名称" else name])
        book.save(tmp_path / f"{heads[1]}.xlsx")
    proposal = propose(read_unmapped(tmp_path / "名称.xlsx", run), run)
    (tmp_path / "m.toml").write_text(mapping_text(proposal, MappingSaid("t"), ZH, ""), encoding="utf-8")
    assert refused(run, tmp_path, "名称.xlsx", "m.toml") == {}
    told = refused(run, tmp_path, "补助额（元）.xlsx", "m.toml")
    assert told.keys() == {"filling.heading_moved", "filling.heading_pinned"}
