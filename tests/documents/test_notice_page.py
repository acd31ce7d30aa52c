"""The page of a notice is that of official papers, and its bytes tell of nothing but its contents."""

from __future__ import annotations

import gc
import re
import weakref

import docx
from docx.shared import Mm, Pt
from letters import FOLDER
from word import parts

from allocation.documents.page import draw_table, save


def test_the_page_is_that_of_official_papers(sent):
    sent()
    for path in FOLDER.glob("*.docx"):
        document = docx.Document(str(path))
        (section,) = document.sections
        sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin,
                 section.left_margin, section.right_margin)  # fmt: skip
        assert [round(size / Mm(1)) for size in sizes] == [210, 297, 37, 35, 28, 26]
        normal = document.styles["Normal"]
        assert normal.font.size == Pt(16) and 28 <= normal.paragraph_format.line_spacing.pt <= 30
        assert "仿宋_GB2312" in normal.element.xml
        title = document.paragraphs[0].runs[0]
        assert title.font.size == Pt(22) and "方正小标宋简体" in title.element.xml
        fonts = parts(path)["word/fontTable.xml"]
        assert '<w:font w:name="方正小标宋简体"><w:altName w:val="黑体"/>' in fonts


def test_the_same_inputs_give_the_same_bytes_without_author_or_date(sent):
    sent("")
    first = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    sent("")
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == first
    for path in FOLDER.glob("*.docx"):
        core = parts(path)["docProps/core.xml"]
        assert set(re.findall(r">(\d{4}-[^<]*)<", core)) == {"2000-01-01T00:00:00Z"}
        assert re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]+)<", core) == []


def test_long_headings_are_broken_before_short_names_are():
    table = docx.Document().add_table(0, 4)
    heads = ["Name", "Award (10,000 yuan)", "Last year's award (10,000 yuan)", "Change on last year (10,000 yuan)"]
    draw_table(table, heads, [["宝丰市本级", "860", "911", "-51"]])
    assert table.cell(1, 0).width > 5 * Pt(10.5) + Mm(3.8)
    assert round(sum(cell.width for cell in table.rows[1].cells) / Mm(1)) == 156


def test_a_narrow_column_holds_its_number_and_its_unit_on_one_line():
    table = docx.Document().add_table(0, 5)
    long = "如果各地“落户人口得分”之和大于 0，则取“落户人口得分”占各地合计的比重；否则取 0" * 2
    rows = [[str(number), "困难程度系数的地区数", long, "万元", long] for number in range(1, 31)]
    draw_table(table, ["序号", "项目", "算法", "单位", "依据"], rows)
    number, unit = table.cell(10, 0).width, table.cell(10, 3).width
    assert number > 2 * Pt(10.5) / 2 + Mm(3.8) + Mm(1) and unit > 2 * Pt(10.5) + Mm(3.8) + Mm(1)
    assert round(sum(cell.width for cell in table.rows[1].cells) / Mm(1)) == 156


def test_a_saved_document_gives_its_memory_back_at_once_and_waits_for_no_collector(tmp_path):
    document = docx.Document()
    held = [weakref.ref(part) for part in document.part.package.iter_parts()]
    gc.disable()
    try:
        save(document, tmp_path / "a.docx", "a")
        del document
        assert len(held) > 3 and not any(part() and vars(part()) for part in held)
    finally:
        gc.enable()
