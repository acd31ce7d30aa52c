"""A DBF file holds the same rows in code page 936, and is read back; what it cannot hold is told. Needs `dbf`."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_imports import MAPPING, small
from test_text_files import lines_of

from allocation.errors import AllocationError
from allocation.filling.dbf_in import dbf_sheet
from allocation.filling.shown import shown_beside
from allocation.filling.text_files import dbf_bytes

DBF = MAPPING.replace('take = "code"', 'take = "code"\nfield = "DM"').replace('zh = "其中已知"', 'zh = "已知数"')


def test_a_dbf_file_holds_the_same_in_code_page_936(tmp_path):
    layout, lines = lines_of(small(), DBF)
    data = dbf_bytes(layout, lines, "2024-05-06")
    assert data[0] == 3 and data[1:4] == bytes([124, 5, 6]) and data[29] == 0x4D
    assert dbf_bytes(layout, lines, "2024-05-06") == data
    (tmp_path / "a.dbf").write_bytes(data)
    sheet = dbf_sheet(tmp_path / "a.dbf")
    assert [cell.text for cell in sheet.rows[0]] == ["DM", "用途", "金额", "已知数"]
    assert [sheet.cell(1, column).value for column in range(4)] == ["01", "道路", lines[0].values["yuan"], None]
    assert shown_beside(tmp_path / "a.dbf", layout, lines, small().model.units).differences == ()
    (tmp_path / "b.dbf").write_bytes(data[:29] + b"\0" + data[30:])  # a system that names no code page
    assert shown_beside(tmp_path / "b.dbf", layout, lines, small().model.units).differences == ()


@pytest.mark.parametrize(("old", "new", "told"), [
    ('field = "DM"', 'field = "行政区划代码"', "filling.field_name"),
    ('field = "DM"', 'field = "A B"', "filling.field_name"),
    ('field = "DM"', 'field = "金额"', "filling.field_twice"),
    ('use = "道路"', 'use = "𠮷路"', "filling.field_sign"),
    ('use = "道路"', f'use = "{"路" * 128}"', "filling.field_wide"),
])  # fmt: skip
def test_what_a_dbf_file_cannot_hold_is_told(old, new, told):
    assert old in DBF
    layout, lines = lines_of(small(), DBF.replace(old, new, 1))
    with pytest.raises(AllocationError) as error:
        dbf_bytes(layout, lines, "2024-05-06")
    assert {problem.id for problem in error.value.problems} == {told}
    assert error.value.text("zh") and error.value.text("en")


@pytest.mark.parametrize("data", [b"\x03" + b"\0" * 40, b"\x03\x7e\x0b\x1e" + b"\xff" * 200])
def test_a_damaged_dbf_file_is_told(data, tmp_path):
    path = Path(tmp_path, "a.dbf")
    path.write_bytes(data)
    with pytest.raises(AllocationError) as error:
        shown_beside(path, *lines_of(small()), small().model.units)
    assert [problem.id for problem in error.value.problems] == ["tables.damaged"]
