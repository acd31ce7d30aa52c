"""Builds people's files in a folder of the test's own."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from people_tables import HARDSHIP, REVENUE, SETTLED, model_of

from allocation.policy.model import Model
from allocation.tables.reading import read_table

sys.path.append(str(Path(__file__).parents[1] / "readings"))  # how tests call LibreOffice


@pytest.fixture
def model() -> Model:
    return model_of(SETTLED, REVENUE, HARDSHIP)


@pytest.fixture
def write(tmp_path):
    """write(rows, …) makes a workbook with XlsxWriter and returns its path; sheets={name: rows} makes several."""

    def make(rows=None, *, name="表.xlsx", sheets=None, merge=(), formats=None, hidden=(), formulas=None):
        import xlsxwriter

        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            for title, lines in (sheets or {"数据": rows}).items():
                sheet = book.add_worksheet(title)
                for r, line in enumerate(lines):
                    for c, value in enumerate(line):
                        form = (formats or {}).get((r, c))
                        style = book.add_format({"num_format": form}) if form else None
                        if value is not None:
                            sheet.write(r, c, value, *([style] if style else []))
                for area, text in merge:
                    sheet.merge_range(area, text)
                for place, (formula, value) in (formulas or {}).items():
                    sheet.write_formula(place, formula, None, value)
                if title in hidden:
                    sheet.hide()
        return path

    return make


@pytest.fixture
def write_csv(tmp_path):
    def make(rows, *, name="data.csv", encoding="utf-8"):
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return make


@pytest.fixture
def one(write):
    """one(input, raw, …) is what a table of one county gives for that input when its cell holds `raw`."""

    def read(entry, raw, *, header=None, number_format=None):
        rows = [["代码", "名称", header or entry.label.zh], ["210702", "古塔区", raw]]
        formats = {(1, 2): number_format} if number_format else None
        return read_table(write(rows, formats=formats), model_of(entry)).values[entry.name][0]

    return read
