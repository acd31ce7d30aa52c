"""Everything that is wrong with a template or its layout is told at once, with the cell or the key, and nothing is
filled."""

from __future__ import annotations

import re
import zipfile
from functools import cache
from pathlib import Path

import pytest
from filled_books import fill_in, refused
from made_up_templates import FINANCE_LAYOUT, LAND_CODES, LAND_LAYOUT, finance_template, land_template
from openpyxl import load_workbook
from shipped import HOUSE

from allocation.errors import AllocationError
from allocation.filling.checks import KINDS, OPERATORS
from allocation.filling.template import read_template
from allocation.filling.validations import _TESTS
from allocation.run.finding import find
from allocation.run.run import Run, run_model
from allocation.xlsx.import_mapping import load_mapping, mapping_from_text

LAND, FINANCE = "示例国土模板.xlsx", "示例资金模板.xlsx"


@cache
def run_of(model: str) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(HOUSE)
        found = find(model, None, None)
    return run_model(found.model, found.table)


def units(run: Run) -> list[tuple[str, str]]:
    return [(code.ljust(12, "0"), name) for code, name in zip(run.table.codes, run.table.names, strict=True)]


def land(folder: Path, old: str = "", new: str = "", listed: list[tuple[str, str]] | None = None, **other) -> dict:
    """What stands against filling the land template, its layout with `new` in place of `old`."""
    run = run_of("land_quota")
    land_template(folder / LAND, units(run) if listed is None else listed, **other)
    assert old in LAND_LAYOUT
    (folder / "对照.toml").write_text(LAND_LAYOUT.replace(old, new, 1), encoding="utf-8")
    return refused(run, folder, LAND, "对照.toml")


def finance(folder: Path, old: str = "", new: str = "", **other) -> dict:
    run = run_of("incentive_fund")
    finance_template(folder / FINANCE, **other)
    codes = "".join(f"{code},{code}000\n" for code in reversed(run.table.codes))
    (folder / "示例区划.csv").write_text(f"国标代码,财政区划\n{codes}", encoding="utf-8")
    assert old in FINANCE_LAYOUT
    (folder / "对照.toml").write_text(FINANCE_LAYOUT.replace(old, new, 1), encoding="utf-8")
    return refused(run, folder, FINANCE, "对照.toml")


def test_nothing_stands_against_the_templates_as_they_are(tmp_path):
    assert land(tmp_path) == {} and finance(tmp_path) == {}


@pytest.mark.parametrize(("old", "new", "told"), [
    ('heading = "指标/年度新增（公顷）"', 'heading = "指标/年度新赠（公顷）"', {"filling.no_heading": "4:5"}),
    ('heading = "指标/年度新增（公顷）"', 'heading = "年度新增"', {"filling.heading_twice": "4:5"}),
    ('heading = "指标/挂钩节余（公顷）"', 'heading = "指标/年度新增（公顷）"', {"filling.heading_shared": "4:5"}),
    ('headings = [4, 5]', 'headings = [3]', {"filling.no_heading": "3:3"}),
    ('unit = "亩"', 'unit = "公顷"', {"filling.unit_differs": "G4"}),
    ('digits = 12', 'digits = 9', {"filling.other_digits": "A6", "filling.unit_absent": "指标分解表"}),
    ('text = "年度新增"', 'text = "年度新曾"', {"filling.no_code": "[[column]] kind"}),
    ('sheet = "代码"', 'sheet = "代码表"', {"filling.no_code_sheet": "[[codes]] kinds"}),
    ('code = "编码"', 'code = "码"', {"filling.no_code_headings": "[[codes]] kinds", "filling.no_code": "kind"}),
    ('codes = "kinds"', '', {"filling.not_listed": "C6:C14"}),
    ('version = "B2"', 'version = "A2"', {"filling.not_empty": "A2", "filling.locked": "A2"}),
    ('version = "B2"', 'version = "B1"', {"filling.merged": "B1", "filling.locked": "B1"}),
    ('units = "code"', 'units = "code"\ntotals = { new = "A4" }', {"filling.total_text": "A4"}),
    ('units = "code"', 'units = "code"\nlast = 9', {"filling.unit_absent": "指标分解表"}),
    ('sheet = "指标分解表"', 'sheet = "代码"', {"filling.sheet_hidden": LAND}),
    ('sheet = "指标分解表"', 'sheet = "分解"', {"filling.no_sheet": LAND}),
])  # fmt: skip
def test_a_wrong_layout_is_told_with_the_cell_or_the_key(old, new, told, tmp_path):
    found = land(tmp_path, old, new)
    assert told.keys() <= found.keys(), found
    assert all(place in found[id] for id, place in told.items()), found


@pytest.mark.parametrize(("other", "told"), [
    ({"locked": True}, {"filling.locked": "E6:E14"}),
    ({"format": "0.00"}, {"filling.rounds": "E6"}),
    ({"format": '0.0000"亩"'}, {"filling.format_unit": "E6:E14"}),
    ({"format": "0.00%"}, {"filling.format_unit": "E6:E14"}),
    ({"format": "yyyy-mm-dd"}, {"filling.format_hides": "E6:E14"}),
    ({"format": ";;;"}, {"filling.format_hides": "E6:E14"}),
    ({"format": "#,##0.0000,"}, {"filling.format_hides": "E6:E14"}),
    ({"format": '0!.0000"公顷"'}, {"filling.format_hides": "E6:E14"}),
    ({"E6": 0}, {"filling.not_empty": "E6"}),
    ({"E6": "待填"}, {"filling.not_empty": "E6"}),
    ({"E6": "=1+1"}, {"filling.formula": "E6"}),
    ({"heading": "年度新增（亩）"}, {"filling.no_heading": "4:5"}),
    ({"unit_line": "单位：平方米", "heading": "年度新增"}, {"filling.no_heading": "4:5"}),
    ({"list": ["1", "2"]}, {"filling.not_listed": "C6:C14"}),
    ({"list": "=代码!$A$2:$A$4"}, {"filling.not_listed": "C6:C14"}),
])  # fmt: skip
def test_a_template_that_does_not_fit_is_told_with_the_cell(other, told, tmp_path):
    found = land(tmp_path, **other)
    assert told.keys() <= found.keys(), found
    assert all(place in found[id] for id, place in told.items()), found


def test_units_of_one_side_alone_are_told_of_both_sides(tmp_path):
    listed = units(run_of("land_quota"))
    found = land(tmp_path, listed=[*listed[1:], ("210799000000", "开发区")])
    assert found.keys() == {"filling.unit_unknown", "filling.unit_absent"} and "A14" in found["filling.unit_unknown"]
    without = land(tmp_path, 'units = "code"', 'units = "code"\nwithout = ["210799000000"]',
                   [*listed, ("210799000000", "开发区")])  # fmt: skip
    assert without == {}
    assert land(tmp_path, listed=[*listed, listed[0]]).keys() == {"filling.row_twice"}
    swapped = [(listed[1][0], listed[0][1]), (listed[0][0], listed[1][1]), *listed[2:]]
    found = land(tmp_path, listed=swapped)
    assert found.keys() == {"filling.key_differs"} and "B6" in found["filling.key_differs"]


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    listed = units(run_of("land_quota"))[1:]
    found = land(tmp_path, 'unit = "亩"', 'unit = "公顷"', listed, locked=True, list=["9"])
    assert found.keys() >= {"filling.unit_differs", "filling.unit_absent", "filling.locked", "filling.not_listed"}


@pytest.mark.parametrize(("old", "new", "told"), [
    ("last = 22", "last = 9", "filling.no_room"),
    ('unit = "元"', 'unit = "万元"', "filling.unit_differs"),
    ('text = "51301"', 'text = "5130"', "filling.not_allowed"),
    ('file = "示例区划.csv"', 'file = "区划.csv"', "tables.no_file_near"),
    ('code = "财政区划"', 'code = "财政编码"', "filling.no_code_headings"),
    ('values = { "市民化奖励"', 'values = { "市民奖励"', "filling.no_code"),
    ('text = "市民化奖励"', 'text = ""', ""),
])  # fmt: skip
def test_a_wrong_layout_of_the_finance_template_is_told(old, new, told, tmp_path):
    found = finance(tmp_path, old, new)
    assert told in found if told else found == {}


def test_a_total_directly_below_the_last_row_of_units_is_that_of_the_run_too(tmp_path):
    assert finance(tmp_path) == {}
    run = run_of("incentive_fund")
    path = tmp_path / FINANCE
    with zipfile.ZipFile(path) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w") as archive:
        for info, data in parts.items():
            archive.writestr(info, data.replace(b"SUM(G4:G22)", b"SUM(G5:G22)"))
    assert "G23" in refused(run, tmp_path, FINANCE, "对照.toml")["filling.total_differs"]


def test_a_total_of_the_template_that_is_not_the_run_s_is_told(tmp_path):
    run = run_of("land_quota")
    land_template(tmp_path / LAND, units(run))
    book = load_workbook(tmp_path / LAND)
    book["指标分解表"]["G2"] = 96
    book.save(tmp_path / LAND)
    layout = LAND_LAYOUT.replace('units = "code"', 'units = "code"\ntotals = { new = "G2" }')
    (tmp_path / "对照.toml").write_text(layout, encoding="utf-8")
    assert "G2" in refused(run, tmp_path, LAND, "对照.toml")["filling.total_differs"]
    book["指标分解表"]["E15"] = "=SUM(E7:E14)"
    book["指标分解表"]["G2"] = 95
    book.save(tmp_path / LAND)
    found = refused(run, tmp_path, LAND, "对照.toml")
    assert found.keys() == {"filling.total_differs"} and "E15" in found["filling.total_differs"]


@pytest.mark.parametrize(("name", "data", "told"), [
    ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "filling.kind"),
    ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "filling.kind"),
    ("a.et", b"PK\x03\x04", "filling.kind"),
    ("a.csv", b"a,b\n1,2\n", "filling.kind"),
    ("a.xlsx", b"PK\x03\x04 nothing", "tables.damaged"),
    ("a.xlsx", b"", "tables.empty_file"),
    ("b.xlsx", None, "tables.no_file"),
])  # fmt: skip
def test_what_is_no_workbook_to_be_filled_is_refused(name, data, told, tmp_path):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(AllocationError) as error:
        read_template(tmp_path / name, "")
    assert [problem.id for problem in error.value.problems] == [told]


@pytest.mark.parametrize(("old", "new"), [
    (b"<sheetProtection", b"<sheetProtection <"), (b"</worksheet>", b""), (b"<mergeCells", b"<mergeCells a='1' a='1'"),
])  # fmt: skip
def test_a_sheet_that_is_no_xml_is_refused(old, new, tmp_path):
    land_template(tmp_path / LAND, units(run_of("land_quota")))
    with zipfile.ZipFile(tmp_path / LAND) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(tmp_path / LAND, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else data)
    with pytest.raises(AllocationError) as error:
        read_template(tmp_path / LAND, "指标分解表")
    assert [problem.id for problem in error.value.problems] == ["tables.damaged"]


def test_a_signed_template_is_refused_and_one_with_macros_keeps_them(tmp_path):
    run = run_of("land_quota")
    land_template(tmp_path / LAND, units(run))
    with zipfile.ZipFile(tmp_path / LAND, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    (tmp_path / LAND).rename(tmp_path / "有宏.xlsm")
    (tmp_path / "对照.toml").write_text(LAND_LAYOUT, encoding="utf-8")
    book, _ = fill_in(run, tmp_path, "有宏.xlsm", "对照.toml")
    (tmp_path / "填.xlsm").write_bytes(book.data)
    assert zipfile.ZipFile(tmp_path / "填.xlsm").read("xl/vbaProject.bin") == b"macro"
    with zipfile.ZipFile(tmp_path / "有宏.xlsm", "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", b"<Signature/>")
    assert pytest.raises(AllocationError, read_template, tmp_path / "有宏.xlsm", "指标分解表").value.problems[0].id == (
        "filling.signed"
    )


@pytest.mark.parametrize(("old", "new", "told"), [
    ("digits = 12", "digits = 7", "importing.digits"),
    ('codes = "kinds"', 'codes = "kind"', "importing.no_codes_named"),
    ('line = "surplus"', 'line = "surplas"', "importing.no_line_named"),
    ('line = "surplus"\n', "", "importing.line_of_all"),
    ('line = "surplus"', 'line = "new"', "importing.line_once"),
    ('sheet = "代码"', 'sheet = "代码"\nvalues = { a = "1" }', "importing.codes_from"),
    ('text = "指标类型"\n', "", "importing.codes_needed"),
    ("headings = [4, 5]", "headings = [5, 4]", "importing.headings"),
    ("headings = [4, 5]", "headings = [4, 5]\nfirst = 5", "importing.rows"),
    ('version = "B2"', 'version = "稿次"', "importing.no_cell"),
    ('units = "code"', 'units = "code"\ntotals = { old = "B9" }', "importing.no_total"),
    ('units = "code"', 'units = "codes"', "model.key_type"),
    ('units = "code"\n', "", "model.key_missing"),
    ('files = ["utf-8", "gb18030", "dbf"]', 'files = ["gbk"]', "model.key_type"),
    ('take = "code"\ndigits = 12', 'take = "text"\ntext = ""', "importing.no_units"),
    ('take = "name"', 'take = "name"\ndigits = 6', "importing.key_unused"),
    ('file = "示例国土模板.xlsx"', 'file = "../示例国土模板.xlsx"', "importing.not_beside"),
    ('sheet = "代码"', 'file = "/codes.csv"', "importing.not_beside"),
])  # fmt: skip
def test_a_layout_that_contradicts_itself_is_told_before_any_template_is_opened(old, new, told, tmp_path):
    assert old in LAND_LAYOUT
    (tmp_path / "对照.toml").write_text(LAND_LAYOUT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AllocationError) as error:
        load_mapping(tmp_path / "对照.toml", run_of("land_quota").model)
    assert told in [problem.id for problem in error.value.problems]
    assert error.value.text("zh") and error.value.text("en")


@pytest.mark.parametrize("page", ["imports.md", "zh/imports.md"])
def test_the_layout_of_the_docs_is_one(page):
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    [layout] = [block for block in re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S) if "[template]" in block]
    mapping = mapping_from_text(layout, page, run_of("land_quota").model)
    assert mapping.wide and mapping.template is not None and mapping.files


def test_the_codes_are_those_of_the_template(tmp_path):
    assert land(tmp_path) == {}
    book, lines = fill_in(run_of("land_quota"), tmp_path, LAND, "对照.toml")
    assert {line.values["kind"] for line in lines} == {LAND_CODES["年度新增"]} and book.cells == 47


def test_a_rule_of_the_template_is_told_in_words_of_the_reader(tmp_path):
    finance(tmp_path, 'text = "51301"', 'text = "5130"')
    with pytest.raises(AllocationError) as error:
        fill_in(run_of("incentive_fund"), tmp_path, FINANCE, "对照.toml")
    [problem] = [each for each in error.value.problems if each.id == "filling.not_allowed"]
    assert "文字长度 等于 5" in problem.text("zh") and "length of text equal to 5" in problem.text("en")
    kinds = {"whole", "decimal", "list", "date", "time", "textLength", "custom"}  # of ECMA-376
    assert kinds == {*KINDS} and {*OPERATORS} == {*_TESTS}


def test_rows_below_the_last_are_told_and_units_among_them_refused(tmp_path):
    listed = [*units(run_of("land_quota")), ("说明：示例", "")]
    run = run_of("land_quota")
    assert land(tmp_path, 'units = "code"', 'units = "code"\nlast = 14', listed=listed) == {}
    book, _ = fill_in(run, tmp_path, LAND, "对照.toml")
    [note] = [each for each in book.notes if each.id == "filling.rows_beyond"]
    assert "2 行没有看：15 说明:示例、16 合计" in note.text("zh") and "not looked at (2)" in note.text("en")
    told = land(tmp_path, 'units = "code"', 'units = "code"\nlast = 12')
    assert told["filling.units_beyond"].endswith("A13") and "filling.unit_absent" in told
