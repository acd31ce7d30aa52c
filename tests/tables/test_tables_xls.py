"""An old .xls (`old_format.xls`, made with LibreOffice) is read as the xlsx it was made from would be."""

from __future__ import annotations

import struct
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from people_tables import RATIO, REVENUE, SETTLED, model_of, notes

from allocation.errors import AllocationError
from allocation.tables.compound import stream
from allocation.tables.grid import open_grid
from allocation.tables.reading import read_table
from allocation.tables.xls_records import bare_formulas, sheet_starts

FILE = Path(__file__).parent / "old_format.xls"
BYTES = FILE.read_bytes()
WRITE_ACCESS, FILE_PASS = b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00"  # record types; a file under a password has the last


def message(data: bytes, name: str = "表.xls") -> str:
    with pytest.raises(AllocationError) as caught:
        open_grid(name, data)
    return caught.value.text("zh")


def test_an_old_workbook_gives_codes_with_their_zeros_percentages_comments_and_the_year_of_its_title():
    table = read_table(FILE, model_of(SETTLED, REVENUE, RATIO))
    assert table.codes == ("010702", "210703", "210711")
    assert table.values["settled"] == (120, 80, 40)
    assert table.values["ratio"] == (Fraction("0.8123"), Fraction("0.75"), Fraction("0.5"))
    assert table.remarks["settled", 0] == "真实数"
    assert (table.year, table.illustrative) == (2017, True)
    assert "合计" in notes(table)


def test_hidden_sheets_stay_out_and_cells_are_of_the_kinds_openpyxl_gives():
    cover, data = open_grid(FILE, BYTES)
    assert (cover.name, data.name) == ("封面", "数据")
    assert data.cell(2, 5).value == datetime(2017, 3, 2)
    assert type(data.cell(2, 2).value) is int and type(data.cell(2, 3).value) is float
    assert data.cell(6, 7).value == "#N/A" and data.cell(6, 8).value is True
    assert data.cell(0, 5).merged and not data.cell(0, 0).merged


def test_the_content_decides_what_an_old_workbook_is_but_wps_s_own_is_known_by_its_name():
    assert len(open_grid("表.xlsx", BYTES)) == len(open_grid("表.csv", BYTES)) == 2
    assert "WPS 的 .et 文件" in message(BYTES, "表.et") and "另存为” xlsx" in message(BYTES, "表.et")


def test_a_password_and_a_cut_are_told_apart():
    assert WRITE_ACCESS in BYTES
    assert "密码" in message(BYTES.replace(WRITE_ACCESS, FILE_PASS, 1))
    assert "损坏" in message(BYTES[:2500])
    assert "损坏" in message(BYTES[:8])


def stream_of(data: bytes) -> bytes:
    return stream(data, ("Workbook",))


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def sheet_of(*results: bytes, more: bytes = b"") -> bytes:
    """The records of a sheet whose column A holds formulas with these results."""
    cells = b"".join(record(6, struct.pack("<3H", row, 0, 0) + result + bytes(8)) for row, result in enumerate(results))
    return record(0x0809, bytes(16)) + more + cells + record(0x000A, b"")


EMPTY, TEXT, ZERO, THREE = b"\3\0\0\0\0\0\xff\xff", b"\0\0\0\0\0\0\xff\xff", bytes(8), struct.pack("<d", 3)
FIGURES = {0: bytes(8), 7: struct.pack("<d", 7)}


def figure(value: int) -> bytes:
    return record(0x0203, struct.pack("<3H", 9, 0, 0) + FIGURES[value])


@pytest.mark.parametrize(
    ("records", "calculated", "bare"),
    [
        (sheet_of(EMPTY, THREE), True, set()),  # ="" has an empty result
        (sheet_of(EMPTY, THREE), False, {(0, 0)}),
        (sheet_of(TEXT, THREE), True, {(0, 0)}),  # the text that should follow does not
        (sheet_of(ZERO, ZERO), True, set()),
        (sheet_of(ZERO, ZERO), False, {(0, 0), (1, 0)}),
        (sheet_of(ZERO, THREE), False, set()),
        (sheet_of(ZERO, more=figure(0)), False, set()),  # the sum of noughts
        (sheet_of(ZERO, more=figure(7)), False, {(0, 0)}),
    ],
)
def test_a_formula_without_a_result_is_told_by_its_record(records, calculated, bare):
    assert bare_formulas(records, 0, calculated) == bare


def test_an_old_workbook_says_whether_it_was_calculated_and_its_empty_results_count_only_then():
    starts, calculated = sheet_starts(stream_of(BYTES))
    assert calculated and len(starts) == 3
    assert [bare_formulas(stream_of(BYTES), start, True) for start in starts] == [set(), set(), set()]
