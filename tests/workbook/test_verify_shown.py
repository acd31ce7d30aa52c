"""verify on what a reader sees: number formats, conditions, names of one sheet, rows too thin to see, page headers."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from recorded_book import edit, part_of
from several_books import MODEL, TABLE, write_both
from tampered import Parts, formula, tampered

from allocation import run_model
from allocation.record.recording import record_of
from allocation.verify.shown import shows_alike
from allocation.verify.verifying import verify
from allocation.xlsx.writer import write_workbook


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("shown")
    run = run_model(MODEL, TABLE)
    write_workbook(run, folder / "reward.xlsx", "zh", record_of(run))
    return write_both(folder) | {"reward": folder / "reward.xlsx"}


def seen(path: Path) -> list[tuple]:
    return [(one.kind, one.sheet, one.place) for one in verify(path).differences]


def shown_as(sheet: str, place: str, number: str):
    """The cell with a number format of its own, and all else it had."""

    def step(parts: Parts) -> None:
        styles, part = parts["xl/styles.xml"].decode("utf-8"), part_of(parts, sheet)
        cells = parts[part].decode("utf-8")
        own = int(re.search(rf'<c r="{place}" s="(\d+)"', cells)[1])
        listed = re.search(r"<cellXfs[^>]*>(.*)</cellXfs>", styles, re.S)[1]
        formats = re.findall(r"<xf [^>]*/>|<xf .*?</xf>", listed, re.S)
        fresh = re.sub(r'numFmtId="\d+"', 'numFmtId="900" applyNumberFormat="1"', formats[own].replace(
            ' applyNumberFormat="1"', ""), count=1)  # fmt: skip
        one = f'<numFmt numFmtId="900" formatCode="{number.replace(chr(34), "&quot;")}"/>'
        styles = re.sub(r"(<numFmts[^>]*>)", rf"\g<1>{one}", styles)
        parts["xl/styles.xml"] = styles.replace("</cellXfs>", f"{fresh}</cellXfs>").encode("utf-8")
        parts[part] = cells.replace(f'<c r="{place}" s="{own}"', f'<c r="{place}" s="{len(formats)}"').encode("utf-8")

    return step


def put(part: str, before: str, text: str):
    def step(parts: Parts) -> None:
        name = part if part in parts else part_of(parts, part)
        whole = parts[name].decode("utf-8")
        assert before in whole
        parts[name] = whole.replace(before, text + before, 1).encode("utf-8")

    return step


HIDES = ('"900"', "0;;", ";;;", "#,##0,", "0.00E+00", '#,##0"0"')


@pytest.mark.parametrize("number", HIDES)
@pytest.mark.parametrize(
    ("book", "sheet", "place"),
    [
        ("reward", "资金测算表", "B9"),
        ("reward", "参数", "C5"),
        ("reward", "数据", "E8"),
        ("years", "各年", "D8"),
        ("years", "参数", "D5"),
        ("variants", "比较", "E8"),
    ],
)
def test_a_format_that_shows_another_figure_is_named(books, tmp_path, book, sheet, place, number):
    path = tampered(books[book], tmp_path / "a.xlsx", shown_as(sheet, place, number))
    assert seen(path) == [("format", sheet, place)]


def test_a_format_that_shows_another_name_is_named_and_one_that_shows_it_is_not(books, tmp_path):
    for number, kinds in (('0;0;0;"凌海市"', ["format"]), ('"凌海"@', ["format"]), ("@", []), ("0.00", [])):
        path = tampered(books["reward"], tmp_path / "a.xlsx", shown_as("资金测算表", "A9", number))
        assert [one.kind for one in verify(path).differences] == kinds


@pytest.mark.parametrize(
    ("found", "wanted", "value", "loose", "alike"),
    [
        ("#,##0", "#,##0.00", 873, False, True),
        ("#,##0", "#,##0.00", 873.45, False, False),
        ("#,##0", "#,##0.00", 873.45, True, True),
        ("0.0%", "0.00%", 0.125, False, True),
        ("0%", "0.00%", 0.125, False, False),
        ("#,##0.000", "#,##0.00", 873.45, False, True),
        ("\\+0.00;\\-0.00;0.00", "+0.00;-0.00;0.00", 1.5, False, True),
        ("[$-804]#,##0_ ", "#,##0", 873, False, True),
        ('#,##0" 万元"', "#,##0\\ 万元", 873, False, True),
        ('#,##0" 亿元"', '#,##0" 万元"', 873, False, False),
        ("general", "@", 5, False, True),
        ("0.00", "General", 5, False, True),
        ("0.0%", "General", 0.125, True, True),
        ("0", "General", 0.125, False, False),
    ],
)
def test_formats_that_show_a_figure_alike(found, wanted, value, loose, alike):
    assert shows_alike(found, wanted, value, loose) == alike


def test_a_condition_that_shows_another_figure_is_named(books, tmp_path):
    rule = (
        '<conditionalFormatting sqref="B8:B9"><cfRule type="expression" dxfId="{}" priority="1">'
        "<formula>TRUE</formula></cfRule></conditionalFormatting>"
    )
    number = '<dxf><numFmt numFmtId="901" formatCode="&quot;900&quot;"/></dxf>'
    with zipfile.ZipFile(books["reward"]) as parts:
        count = int(re.search(r'<dxfs count="(\d+)"', parts.read("xl/styles.xml").decode("utf-8"))[1])
    steps = put("资金测算表", "<pageMargins", rule.format(count)), put("xl/styles.xml", "</dxfs>", number)
    assert seen(tampered(books["reward"], tmp_path / "a.xlsx", *steps)) == [("masked", "资金测算表", "B8:B9")]


def test_a_name_of_one_sheet_that_stands_before_that_of_the_workbook_is_named(books, tmp_path):
    own = '<definedName name="P_POOL" localSheetId="3">参数!$C$10</definedName>'
    step = put("xl/workbook.xml", '<definedName name="p_pool"', own)
    [one] = verify(tampered(books["reward"], tmp_path / "a.xlsx", step)).differences
    assert (one.kind, one.column, one.actual) == ("name", "参数!P_POOL", "参数!$C$10")


@pytest.mark.parametrize("thin", ['ht="0.1" customHeight="1" ', 'ht="0" customHeight="1" ', 'hidden="1" '])
def test_a_row_too_thin_to_see_is_hidden(books, tmp_path, thin):
    def step(parts: Parts) -> None:
        part = part_of(parts, "资金测算表")
        row = re.sub(r'(<row r="9")[^>]*>', rf"\g<1> {thin}>", parts[part].decode("utf-8"), count=1)
        parts[part] = row.encode("utf-8")

    assert seen(tampered(books["reward"], tmp_path / "a.xlsx", step)) == [("row_hidden", "资金测算表", "9")]


@pytest.mark.parametrize("thin", ['width="0" customWidth="1"', 'width="0.1" customWidth="1"', 'width="9" hidden="1"'])
def test_columns_too_narrow_to_see_are_hidden_every_one_of_them(books, tmp_path, thin):
    def step(parts: Parts) -> None:
        part = part_of(parts, "资金测算表")
        cols = f'<cols><col min="2" max="3" {thin}/></cols>'
        parts[part] = re.sub(r"<cols>.*?</cols>", cols, parts[part].decode("utf-8")).encode("utf-8")

    found = seen(tampered(books["reward"], tmp_path / "a.xlsx", step))
    assert found == [("column_hidden", "资金测算表", "B"), ("column_hidden", "资金测算表", "C")]


def test_rows_and_columns_that_are_all_too_thin_to_see_are_hidden(books, tmp_path):
    def step(parts: Parts) -> None:
        part = part_of(parts, "资金测算表")
        text = re.sub(r"<cols>.*?</cols>", "", parts[part].decode("utf-8"))
        usual = '<sheetFormatPr defaultRowHeight="0.5" customHeight="1" defaultColWidth="0.5"/>'
        parts[part] = re.sub(r"<sheetFormatPr[^>]*/>", usual, text).encode("utf-8")

    found = seen(tampered(books["reward"], tmp_path / "a.xlsx", step))
    assert {("column_hidden", "资金测算表", "A"), ("row_hidden", "资金测算表", "3")} <= {*found}


def test_a_mark_at_the_top_of_the_pages_that_was_taken_out_is_named(tmp_path):
    run = run_model(MODEL, replace(TABLE, illustrative=True))
    write_workbook(run, tmp_path / "a.xlsx", "zh", record_of(run))
    assert verify(tmp_path / "a.xlsx").clean

    def header(text: str, more: str = ""):
        def step(parts: Parts) -> None:
            part = part_of(parts, "资金测算表")
            whole = re.sub(r"<headerFooter>(<oddHeader>.*?</oddHeader>)", rf"<headerFooter{more}>{text}", parts[
                part].decode("utf-8"))  # fmt: skip
            assert whole != parts[part].decode("utf-8")
            parts[part] = whole.encode("utf-8")

        return step

    kept = '<oddHeader>&amp;L财政局&amp;R&amp;"宋体,常规"&amp;12（示例数据）</oddHeader>'
    first, even = ' differentFirst="1"', ' differentOddEven="1"'
    for step, names in (
        (header(""), True),
        (header("<oddHeader>&amp;R终稿</oddHeader>"), True),
        (header(r"\g<1>", first), True),
        (header(r"\g<1>", even), True),
        (header(kept), False),
    ):
        found = verify(tampered(tmp_path / "a.xlsx", tmp_path / "b.xlsx", step)).differences
        told = [(one.kind, one.sheet, one.expected) for one in found]
        assert told == [("header", "资金测算表", "（示例数据）")] * names


def test_a_hidden_row_moves_nothing_and_formulas_are_still_read(books, tmp_path):
    def step(parts: Parts) -> None:
        part = part_of(parts, "资金测算表")
        parts[part] = parts[part].replace(b'<row r="9"', b'<row hidden="1" r="9"')

    path = tampered(books["reward"], tmp_path / "a.xlsx", formula("资金测算表", "B7", "SUM(B8:B10)"), step)
    assert seen(path) == [("row_hidden", "资金测算表", "9"), ("formula", "资金测算表", "B7")]


def test_what_a_merged_cell_covers_is_missed(books, tmp_path):
    step = put("比较", "</mergeCells>", '<mergeCell ref="D8:E8"/>')
    assert ("typed", "比较", "E8") in seen(tampered(books["variants"], tmp_path / "a.xlsx", step))


def test_an_edited_figure_with_more_decimals_is_no_difference_of_format(books, tmp_path):
    path = edit(books["reward"], tmp_path / "a.xlsx", {("数据", "F9"): 15020.25678, ("参数", "C9"): 1.2345})
    assert "format" not in [one.kind for one in verify(path).differences]
