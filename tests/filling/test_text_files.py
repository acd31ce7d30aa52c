"""The same rows as text: UTF-8 with its mark, GB18030 without one."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest
from small_imports import MAPPING, mapped, small

from allocation.filling.lines import fill_lines
from allocation.filling.text_files import csv_bytes

RARE = "䶮阝㐂𠮷镇"  # GB18030 has all of these, code page 936 does not


def named(name: str):
    run = small((1, 2, 4), (None, Fraction(0), Fraction(1, 2)))
    return replace(run, tables=tuple(replace(table, names=(name, "二", "三")) for table in run.tables))


def lines_of(run, text: str = MAPPING):
    layout = mapped(text)
    return layout, fill_lines(run, layout, {}, [])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_texts_and_figures_stand_in_either_encoding_as_they_are(encoding):
    text = MAPPING + '[[column]]\nname = "n"\nzh = "名称"\nen = "N"\ntake = "name"\n'
    run = named(RARE)
    layout, lines = lines_of(run, text)
    data = csv_bytes(layout, lines, encoding)
    assert data.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8") and b"\r\n" in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig" if encoding == "utf-8" else encoding), newline="")))
    assert rows[0] == ["代码", "用途", "金额", "其中已知", "名称"] and rows[1][4] == RARE
    assert sum(Fraction(row[2]) for row in rows[1:]) == 100_000 and rows[1][3] == ""
