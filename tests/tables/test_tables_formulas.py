"""A formula whose result was never stored is refused wherever it stands and whoever wrote the file."""

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
            if name == "xl/worksheets/sheet1.xml":
                text, count = re.subn(change[0].encode(), change[1].encode(), text)
                assert count == 1
            target.writestr(name, text)
    return changed.getvalue()


@pytest.mark.parametrize(
    ("change", "value", "bare"),
    [
        (("", ""), 3, False),
        (("<v>3</v>", ""), None, True),
        (("<v>3</v>", "<v></v>"), None, True),
        (("<v>3</v>", "<v/>"), None, True),
        (('<c r="D1">', '<c r="D1" t="str">'), "3", False),
        (('<c r="D1"><f>B1\\+C1</f><v>3</v>', '<c r="D1" t="str"><f>B1+C1</f>'), None, True),
        (('<c r="D1"><f>B1\\+C1</f><v>3</v>', '<c r="D1" t="str"><f>""</f><v></v>'), None, False),
        (("<f>B1\\+C1</f><v>3</v>", '<f t="shared" si="0"/>'), None, True),
        (("<f>B1\\+C1</f><v>3</v>", '<f t="shared" ref="D1" si="0">B1+C1</f> <v>3</v>'), 3, False),
    ],
)
@pytest.mark.parametrize("aside", ["", "<!-- aside -->"])  # the second is read event by event
def test_a_formula_without_a_result_is_told_from_a_blank_and_from_an_empty_text(change, value, bare, aside):
    data = workbook((change[0] + "(.*)</sheetData>", change[1] + "\\1" + aside + "</sheetData>"))
    (sheet,) = xlsx.read_xlsx("表.xlsx", data)
    cell = sheet.cell(0, 3)
    assert (cell.value, cell.uncached) == (value, bare)
