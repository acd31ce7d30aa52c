"""A workbook is read a second time only where a formula has no value stored beside it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from allocation.tables import xlsx


def workbook(change: tuple[str, str] = ("", "")) -> bytes:
    """A figure, and a formula with its value 3; the sheet's text is changed by a pattern."""
    whole, changed = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(whole) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["名称", 1, 2])
        sheet.write_formula("D1", "=B1+C1", value=3)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml" and change[0]:
                text, count = re.subn(change[0].encode(), change[1].encode(), text)
                assert count == 1
            target.writestr(name, text)
    return changed.getvalue()


@pytest.mark.parametrize(
    ("change", "value", "times"),
    [
        (("", ""), 3, 1),
        (("<v>3</v>", ""), None, 2),
        (("<v>3</v>", "<v></v>"), None, 2),
        (("<f>B1\\+C1</f><v>3</v>", '<f t="shared" si="0"/>'), None, 2),
        (("<f>B1\\+C1</f><v>3</v>", '<f t="shared" ref="D1" si="0">B1+C1</f> <v>3</v>'), 3, 1),
    ],
)
def test_a_second_reading_is_for_formulas_that_were_never_calculated(change, value, times, monkeypatch):
    loads, load = [], xlsx._load
    monkeypatch.setattr(xlsx, "_load", lambda *args, **how: loads.append(how) or load(*args, **how))
    (sheet,) = xlsx.read_xlsx("表.xlsx", workbook(change))
    cell = sheet.rows[0][3]
    assert (cell.value, cell.uncached, len(loads)) == (value, value is None, times)
