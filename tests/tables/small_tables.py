"""A model of two figures and tables of three counties: what tests of reading put one oddity into."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.tables.reading import read_table

MODEL = """
[model]
zh = "试"
en = "Trial"
basis = ["试"]
award = "award"
[[input]]
name = "money"
zh = "投资额"
en = "Investment"
unit = "万元"
[[input]]
name = "people"
zh = "落户人数"
en = "Settled"
unit = "人"
[[column]]
name = "award"
zh = "数"
en = "Figure"
unit = "万元"
formula = "money"
"""
HEAD = ["代码", "名称", "落户人数", "投资额"]
ROWS = [["210702", "古塔区", 10, 30000], ["210703", "凌河区", 11, 40000], ["210711", "太和区", 12, 50000]]


def table(folder, lines, formats=None, **said):
    """The table read from a workbook of these rows; `formats`: address → number format."""
    book = Workbook()
    for row in lines:
        book.active.append(row)
    for address, form in (formats or {}).items():
        book.active[address].number_format = form
    book.save(folder / "表.xlsx")
    return read_table(folder / "表.xlsx", model_from_text(MODEL), **said)


def refused(folder, lines, formats=None, **said):
    """The problems of such a table."""
    with pytest.raises(AllocationError) as caught:
        table(folder, lines, formats, **said)
    return caught.value.problems
