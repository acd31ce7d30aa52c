"""A result book that would cost the earth is refused with words before a library opens it; odd figures are texts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from pace import MOST, within
from recorded_book import part_of
from tampered import Parts, tampered

from allocation.errors import AllocationError
from allocation.verify.verifying import verify

SHEET, TEXTS = "xl/worksheets/sheet4.xml", "xl/sharedStrings.xml"


def behind(part: str, mark: str, more: str) -> Callable[[Parts], None]:
    def step(parts: Parts) -> None:
        assert mark.encode() in parts[part]
        parts[part] = parts[part].replace(mark.encode(), more.encode() + mark.encode(), 1)

    return step


def another(name: str, content: bytes) -> Callable[[Parts], None]:
    return lambda parts: parts.update({name: content})


FAR = '<row r="999999999"><c r="A999999999"><v>1</v></c></row>'
MERGED = '<mergeCells count="1"><mergeCell ref="A90:XFD1048576"/></mergeCells>'
COSTLY = {
    "a merged area of billions": (behind(SHEET, "<pageMargins", MERGED), "tables.too_many_cells"),
    "a row beyond all sheets": (behind(SHEET, "</sheetData>", FAR),
                                "tables.beyond_sheet"),
    "blank cells by the million": (behind(SHEET, "</sheetData>", "<row>" + "<c/>" * 3_000_000 + "</row>"),
                                   "tables.too_many_cells"),
    "some more blank cells": (behind(SHEET, "</sheetData>", "<row>" + "<c/>" * 900_000 + "</row>"),
                              "tables.too_many_cells"),
    "rows by the million": (behind(SHEET, "</sheetData>", "<row/>" * 3_000_000), "tables.too_many_cells"),
    "texts by the million": (behind(TEXTS, "</sst>", "<si/>" * 3_000_000), "tables.too_many_cells"),
    "an entity": (behind(TEXTS, "<sst", '<!DOCTYPE a [<!ENTITY b "b">]>'), "tables.entities"),
    "a part of 200 MB": (another("xl/charts/chart9.xml", b"<a>" + b" " * 200 * 2**20), "tables.unpacked"),
}  # fmt: skip


@pytest.mark.parametrize("what", COSTLY)
def test_a_book_that_would_cost_the_earth_is_refused_at_once(book, tmp_path, what):
    step, message = COSTLY[what]
    path = tampered(book, tmp_path / "b.xlsx", step)
    with within(MOST), pytest.raises(AllocationError) as caught:
        verify(path)
    assert [problem.id for problem in caught.value.problems] == [message]


def test_columns_said_to_reach_beyond_the_sheet_cost_nothing(book, tmp_path):
    def wide(parts: Parts) -> None:
        parts[SHEET] = parts[SHEET].replace(b"<cols>", b'<cols><col min="400" max="999999999" width="9" hidden="1"/>')

    with within(MOST):
        assert verify(tampered(book, tmp_path / "b.xlsx", wide)).cells


@pytest.mark.parametrize("figure", ["1e99999999", "-1e400", "9" * 400, "nan", "1" * 5_000])
@pytest.mark.parametrize("sheet", ["参数", "数据"])
def test_a_figure_that_no_cell_holds_is_a_text_and_named(book, tmp_path, figure, sheet):

    def typed(parts: Parts) -> None:
        name = part_of(parts, sheet)
        text = parts[name].decode("utf-8")
        cell = re.findall(r'<c r="[C-Z]\d+" s="\d+"><v>[\d.]+</v></c>', text)[0]
        parts[name] = text.replace(cell, re.sub("<v>.*</v>", f"<v>{figure}</v>", cell)).encode("utf-8")

    path = tampered(book, tmp_path / "b.xlsx", typed)
    try:
        verdict = verify(path)
    except AllocationError as error:
        assert [problem.id for problem in error.problems] == ["tables.damaged"]
    else:
        assert verdict.stopped and not verdict.clean
