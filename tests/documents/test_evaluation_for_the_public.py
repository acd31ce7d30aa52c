"""evaluate --edition 公开: what the public may see, and nothing of any unit that the file does not say is open."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import pytest
from desk import some
from evaluation_pages import MODELS, example, lay_out
from openpyxl import load_workbook
from word import MONITOR, lines, parts

from allocation.documents import evaluate as evaluate_module


@pytest.fixture(autouse=True)
def undrawn(monkeypatch) -> None:
    monkeypatch.setattr(evaluate_module, "draw", lambda picture: None)


def public_files(folder: Path) -> tuple[Path, Path]:
    """The public report and workbook."""
    report, book = (next(folder.glob(f"*_公开.{ending}")) for ending in ("docx", "xlsx"))
    return report, book


def shown(book: Path) -> dict[str, list[tuple]]:
    """Every cell of every sheet but the record, and what stands in comments."""
    opened = load_workbook(book)
    assert all(cell.comment is None for sheet in opened for row in sheet.iter_rows() for cell in row)
    assert {sheet.title: sheet.sheet_state for sheet in opened if sheet.sheet_state != "visible"} == {
        "_record": "veryHidden"
    }
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in opened if sheet.title != "_record"}


def everything(path: Path) -> str:
    """All parts of a file as one text."""
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_the_public_edition_of_the_page_s_example_shows_what_is_public_alone(folder, allocation):
    lay_out("zh", folder)
    told = allocation("evaluate 绿地监测 --edition 公开")
    assert told.code == 0 and told.out.count("公开") == 2, told.text
    report, book = public_files(folder / "outputs")
    said = lines(report)
    assert said[1] == "（公开）" and "2022年末全市4个街道人均公园绿地6平方米。" in said
    assert not any(words in text for text in said for words in ("比上年增加", "比计划少", "完成率", "欠账"))
    sheets = shown(book)
    assert list(sheets) == ["评估"] and sheets["评估"][0][0] == "2021—2022年公园绿地（公开）（示例数据）"
    assert load_workbook(book)["评估"].oddHeader.right.text == "（公开）（示例数据）"
    held = [cell for rows in sheets.values() for row in rows for cell in row]
    assert not any(isinstance(cell, str) and cell.startswith("=") for cell in held)
    for name in ("当年新增绿地", "当年计划", "计划完成率", "欠账", "绿地监测.csv", "公园绿地合计"):
        assert name not in everything(book) and name not in everything(report), name


@pytest.mark.parametrize("seed", some(range(1, 7), 2))
def test_other_figures_that_are_not_public_change_nothing_that_the_public_sees(folder, allocation, seed):
    lay_out("zh", folder)
    assert allocation("evaluate 绿地监测 --edition 公开 --out 一").code == 0
    draw = random.Random(seed)
    heads, *rows = (line.split(",") for line in example("zh")["inputs/绿地监测.csv"].splitlines()[1:])
    others = [[*row[:5], str(draw.randint(1, 10**6)), str(draw.randint(1, 10**6))] for row in rows]
    text = "\n".join(",".join(row) for row in (heads, *others))
    (folder / "inputs" / "绿地监测.csv").write_text(f"示例数据（虚构）\n{text}\n", encoding="utf-8")
    assert allocation("evaluate 绿地监测 --edition 公开 --out 二").code == 0
    (first, one), (second, other) = (public_files(folder / place) for place in ("一", "二"))
    assert first.read_bytes() == second.read_bytes() and shown(one) == shown(other)
    private = {figure for row in others for figure in row[5:] if len(figure) > 3}
    assert [figure for figure in private if figure in everything(other)] == []


def test_no_county_s_figure_of_the_shipped_monitor_is_in_its_public_files(folder, allocation):
    assert allocation(f"evaluate --input '{MONITOR}' --edition 公开 --year 2018").code == 0
    report, book = public_files(folder / "outputs")
    told = "\n".join(lines(report))
    sheets = shown(book)
    cells = {str(cell) for rows in sheets.values() for row in rows for cell in row if cell is not None}
    table = [line.split(",") for line in MONITOR.read_text("utf-8-sig").splitlines() if line[:6].isdigit()]
    figures = [line[3:9] for line in table if int(line[2]) <= 2018]
    own = {figure for row in figures for figure in row if len(figure) > 4}
    assert len(own) > 60
    assert [figure for figure in own if figure in cells or f"{int(figure):,}人" in told] == []
    assert not any(name in told + " ".join(cells) for name in ("古塔区", "义县", "北镇市"))
    assert "户籍人口城镇化率由2016年的41.51%变为2018年的42.34%" in told
    assert len(load_workbook(book)["评估图表"]._charts) == 1
    assert all("古塔" not in text for text in parts(report).values())


def test_a_total_that_few_contribute_to_is_withheld(folder, allocation):
    lay_out("zh", folder)
    path = folder / "models" / "evaluations" / "绿地监测.toml"
    text = path.read_text("utf-8").replace('show = "total(绿地)"', 'show = "total(绿地)"\npublic = true')
    path.write_text(text, encoding="utf-8")
    table = folder / "inputs" / "绿地监测.csv"
    for kept, seen in ((3, True), (2, False), (1, False)):
        heads, *rows = (line.split(",") for line in example("zh")["inputs/绿地监测.csv"].splitlines()[1:])
        few = [[*row[:3], row[3] if int(row[0]) <= kept else "0", *row[4:]] for row in rows]
        table.write_text("示例\n" + "\n".join(",".join(row) for row in (heads, *few)) + "\n", encoding="utf-8")
        assert allocation(f"evaluate 绿地监测 --edition 公开 --out {kept}").code == 0
        report, book = public_files(folder / str(kept))
        sums = [row[2:4] for row in shown(book)["评估"] if row[1] == "公园绿地合计"]
        assert (sums[0][1] is not None) == seen and any("年末全市4个" in line for line in lines(report)) == seen


OWN = {
    'when = "total(新增) < total(计划)"': 'public = true\nwhen = "highest(新增) < 1"',
    'of = "欠账 > 0"': 'public = true\nof = "欠账 > 0"',
    'show = "完成率"\npublic = false': 'show = "完成率"',
    'by = "人均绿地"\npublic = true': 'by = "人口"\npublic = true',
    "{全市人均}平方米": "{全市人均}平方米（{_files}）",
}


def test_what_tells_of_single_units_and_is_not_open_is_refused_with_its_place(folder, allocation):
    lay_out("zh", folder)
    path = folder / "models" / "evaluations" / "绿地监测.toml"
    text = path.read_text("utf-8")
    for right, wrong in OWN.items():
        assert right in text, right
        text = text.replace(right, wrong, 1)
    path.write_text(text, encoding="utf-8")
    told = allocation("evaluate 绿地监测")
    assert told.code == 2 and not (folder / "outputs").exists()
    for words in (
        "[[part]] 2: “highest(新增) < 1”说出各地自己的当年新增绿地",
        "[[part]] 2: “欠账 > 0”说出各地自己的比计划少",
        "[[part]] 3: “完成率”说出各地自己的计划完成率",
        "[[part]] 3: “人口”说出各地自己的常住人口",
        "公开的话里不能用 _files",
    ):
        assert words in told.err, (words, told.err)


def test_an_evaluation_with_nothing_public_has_no_public_edition(folder, allocation):
    lay_out("zh", folder)
    path = folder / "models" / "evaluations" / "绿地监测.toml"
    path.write_text(path.read_text("utf-8").replace("public = true", "public = false"), encoding="utf-8")
    told = allocation("evaluate 绿地监测 --edition 公开")
    assert told.code == 2 and "没有写 public = true" in told.err and not (folder / "outputs").exists()
    assert allocation("evaluate 绿地监测").code == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_public_workbook_is_verified_beside_the_evaluation_and_made_again(folder, allocation, lang):
    lay_out(lang, folder)
    assert allocation(f"evaluate {MODELS[lang]} --edition public --lang {lang}").code == 0
    books = sorted((folder / "outputs").glob("*.xlsx"))
    public = next(book for book in books if re.search("公开|public", book.name))
    whole = next(book for book in books if book != public)
    told = allocation(["verify", str(public)])
    assert told.code == 0 and whole.name in told.out, told.text
    told = allocation(["rerun", str(public), "--out", "again", "--input", "inputs"])
    assert told.code == 0 and (folder / "again" / public.name).read_bytes() == public.read_bytes(), told.text
    edited = load_workbook(public)
    sheet = edited.worksheets[0]
    cell = next(cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float))
    cell.value += 1
    edited.save(public)
    told = allocation(["verify", str(public)])
    assert told.code == 1 and cell.coordinate in told.out
    whole.unlink()
    assert allocation(["verify", str(public)]).code == 2
