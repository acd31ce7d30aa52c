"""Formulas stand in the file as LibreOffice spells them, so that it need not read each one again.

In long tables neighbours are alike in stretches only, too short to be worked out in threads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby

import openpyxl
import pytest
from desk import IN_CI
from recalculation import libreoffice, needs_libreoffice
from small_models import run as run_small

from allocation.readings.excel_text import file_spelling
from allocation.record.recording import record_of
from allocation.xlsx.grids import LONG
from allocation.xlsx.writer import write_workbook

ROWS = 150
MODEL = "largest_remainder(500, bounded_share(500, x, up(least), up(most)))"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("'数据'!$A{r}+'测算2017'!B2", "数据!$A{r}+测算2017!B2"),
        ("'Award table'!A1+'R'!A1+'AB'!A1+'2017'!A1+'甲-乙'!A1+'甲''乙'!A1", None),
        ("'Data'!A1&\"'数据'!\"&\"1E9\"", 'Data!A1&"\'数据\'!"&"1E9"'),
        ("100.0*1E9*7E5+0.50+1E+300+5E-10+10.05", "100*1000000000*700000+0.50+1E+300+5E-10+10.05"),
        ("p_a1.0+$AE9+AE9+p_1E9", None),
    ],
)
def test_quotes_points_and_exponents_stand_where_they_are_needed(text, wanted):
    assert file_spelling(text) == (wanted or text)
    assert file_spelling(file_spelling(text)) == file_spelling(text)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    x = [row % 37 + 1 for row in range(ROWS)]
    run = run_small(x=x, least=[0] * ROWS, most=[9] * ROWS, formula=MODEL)
    path = tmp_path_factory.mktemp("spelt") / "book.xlsx"
    write_workbook(run, path, "zh", record_of(run))
    return path


def columns(path) -> dict[tuple[str, str], list[str]]:
    """The formulas of each column of 测算 and 辅助 that stand one under another, their own row a `#`."""
    texts, file = defaultdict(list), openpyxl.load_workbook(path)
    for sheet in (file["测算"], file["辅助"]):
        for cell in (cell for cells in sheet.iter_cols(min_row=7, max_row=6 + ROWS) for cell in cells):
            if cell.data_type == "f":
                told = re.sub(rf"(?<=[A-Z]){cell.row}\b", "#", cell.value)
                texts[sheet.title, cell.column_letter].append(told)
    return texts


def test_neighbours_are_alike_in_stretches_only(book):
    lengths = []
    for place, texts in columns(book).items():
        runs = [(text, len([*alike])) for text, alike in groupby(texts)]
        if len(texts) < ROWS or place[1] in "ABC":
            continue
        lengths += [length for text, length in runs if ":" not in text]
        assert all(length < LONG and (":" not in text or length == 1) for text, length in runs), place
    assert sum(lengths) / len(lengths) > LONG / 2  # or nothing is spared


def test_libreoffice_saves_formulas_as_it_found_them(book, tmp_path):
    needs_libreoffice()
    if not IN_CI:
        pytest.skip("some seconds of the processor")
    before, after = columns(book), columns(libreoffice([book], tmp_path)["book"])
    assert before.keys() == after.keys()
    unlike = {place for place, texts in before.items() if texts != after[place]}
    told = {place for place in unlike if not re.search("TRUE|FALSE", before[place][0])}
    assert told == set() and len(before) > 10
