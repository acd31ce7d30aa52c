"""Small files that would cost the earth are refused with words, before anything large is built; so are other files."""

from __future__ import annotations

import resource
import struct
import zipfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from pace import MOST, within
from people_tables import HEAD, REVENUE, SETTLED, model_of, problems
from raw_books import STYLES, parts, sheet_part, zipped

from allocation.errors import AllocationError
from allocation.tables import grid, package
from allocation.tables.columns import CellPlaces
from allocation.tables.grid import open_grid
from allocation.tables.reading import read_table

MEGABYTES = 1024
OLD = (Path(__file__).parent / "old_format.xls").read_bytes()
MERGED = '<mergeCells><mergeCell ref="A1:CV99999"/></mergeCells>'
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999"><c r="CV99999"><v>1</v></c></row>'


@contextmanager
def little_memory():
    """What goes beyond the memory allowed ends in a MemoryError, whatever other tests of the process have taken."""
    in_use, limits = Path("/proc/self/statm"), resource.getrlimit(resource.RLIMIT_AS)
    if in_use.exists():
        pages = int(in_use.read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEGABYTES * 2**20, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


def test_the_memory_allowed_is_held():
    with pytest.raises(MemoryError), little_memory():
        bytearray(2 * MEGABYTES * 2**20)


def said(name: str, data: bytes) -> str:
    """What a person is told, within the time and memory allowed."""
    with within(MOST), pytest.raises(AllocationError) as caught, little_memory():
        open_grid(name, data)
    assert caught.value.text("en")
    return caught.value.text("zh")


def bomb(size: int) -> bytes:
    """A sheet that is nothing but blanks, once it is unpacked."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts().items():
            if name.endswith("sheet1.xml"):
                with archive.open(name, "w", force_zip64=True) as part:
                    part.write(sheet_part("").encode()[:-30])
                    for _ in range(size // 2**20):
                        part.write(b" " * 2**20)
            else:
                archive.writestr(name, text)
    return target.getvalue()


def circular(data: bytes) -> bytes:
    """The old workbook whose first sector of the directory follows itself."""
    table, directory = struct.unpack_from("<I", data, 76)[0], struct.unpack_from("<I", data, 48)[0]
    at = 512 + table * 512 + directory * 4
    return data[:at] + struct.pack("<I", directory) + data[at + 4 :]


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("row.xlsx", zipped(parts(sheet_part('<row r="99999999"><c r="A99999999"><v>1</v></c></row>'))),
         "A99999999 超出了工作表的范围"),
        ("column.xlsx", zipped(parts(sheet_part('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'))), "超出了工作表的范围"),
        ("nought.xlsx", zipped(parts(sheet_part('<row r="0"><c r="A0"><v>1</v></c></row>'))), "超出了工作表的范围"),
        ("merge.xlsx", zipped(parts(sheet_part(FAR, after=MERGED))), "没有读"),
        ("bomb.xlsx", bomb(300 * 2**20), "解压后有"),
        ("entity.xlsx", zipped(parts(ENTITIES + sheet_part())), "定义了 XML 实体"),
        ("styles.xlsx", zipped(parts(styles=ENTITIES + STYLES)), "定义了 XML 实体"),
        ("circle.xls", circular(OLD), "已损坏"),
        ("twice.xlsx", zipped(parts(sheet_part('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'))),
         "已损坏"),
        ("binary.xlsx", zipped({"xl/workbook.bin": "x"}), "二进制工作簿"),
        ("sheet.ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
        ("text.xls", "代码,名称\n210702,古塔区\n".encode(), "其实是文本表格"),
        ("text.xls", "代码\t名称\n210702\t古塔区\n".encode("gbk"), "其实是文本表格"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)  # fmt: skip
def test_a_file_that_costs_too_much_or_is_no_table_is_refused_as_what_it_is(name, data, words):
    assert words in said(name, data)


def test_hidden_columns_and_merged_areas_are_followed_as_far_as_the_sheet_is_filled():
    before = '<cols><col min="1" max="2147483000" width="9" hidden="1"/></cols>'
    after = '<mergeCells><mergeCell ref="B1:B1048576"/><mergeCell ref="C1:XFD1048576"/></mergeCells>'
    (sheet,) = open_grid("a.xlsx", zipped(parts(sheet_part(before=before, after=after))))
    assert sheet.hidden_columns == {0, 1}
    assert [[cell.value for cell in line] for line in sheet.rows] == [["甲", 12], ["乙", 12]]


def test_a_part_that_says_it_is_smaller_than_it_is_gives_no_more_than_it_says():
    data = bytearray(bomb(20 * 2**20))
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46 + 24  # the size, in the zip's list of parts
    data[at : at + 4] = struct.pack("<I", 1000)
    assert "已损坏" in said("a.xlsx", bytes(data))


@pytest.mark.parametrize("number", ["1e99999999", "1e309", "9" * 5000, "1e-99999999", "0." + "1" * 5000])
def test_a_figure_of_too_many_digits_is_refused_before_it_is_built(write_csv, model, number):
    with within(MOST):
        assert "位数太多" in problems(write_csv([HEAD, ["210702", "古塔区", 1, number]]), model)


def test_a_number_cell_beyond_all_is_refused_too(tmp_path, model):
    def line(*texts: str) -> str:
        return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)

    for number in ("1e999", "1e300"):
        rows = f"<row>{line(*HEAD)}</row><row>{line('210702', '古塔区')}<c><v>1</v></c><c><v>{number}</v></c></row>"
        path = tmp_path / "a.xlsx"
        path.write_bytes(zipped(parts(sheet_part(rows))))
        assert "D2" in (told := problems(path, model)) and "位数太多" in told


def test_a_text_keeps_all_its_digits_and_a_number_has_fifteen(write_csv, write):
    from dataclasses import replace
    from fractions import Fraction

    from people_tables import model_of

    wide = model_of(replace(REVENUE, max=None, decimals=None))
    rows = [["代码", "名称", "财政收入"], ["210702", "古塔区", "12345678901234567.25"]]
    exact = Fraction("12345678901234567.25")
    assert read_table(write_csv(rows), wide).values["revenue"] == (exact,)
    assert read_table(write(rows), wide).values["revenue"] == (exact,)
    rows[1][2] = 12345678901234567
    assert read_table(write(rows), wide).values["revenue"] == (12345678901234600,)


def test_no_warning_of_a_library_reaches_the_terminal(capfd, recwarn):
    after = (
        '<dataValidations count="1"><dataValidation type="list" sqref="A1"><formula1>"a"</formula1></dataValidation>'
    )
    open_grid("a.xlsx", zipped(parts(sheet_part(after=after + "</dataValidations>"))))
    open_grid("a.xls", OLD)
    assert capfd.readouterr() == ("", "") and not recwarn.list


def test_the_parts_of_a_book_stay_within_the_limit_together_and_a_small_part_within_its_own(monkeypatch):
    monkeypatch.setattr(package, "UNPACKED", 3000)
    monkeypatch.setattr(package, "SMALL_PART", 500)
    book = package.Package("a.xlsx", zipped({"a": "x" * 2000, "b": "x" * 2000, "c": f"<c>{'x' * 600}</c>"}))
    assert len(book.read("a")) == 2000
    for read in (lambda: book.read("b"), lambda: book.tree("c")):
        with pytest.raises(AllocationError, match=r".*"):
            read()
    assert len(book.read("c")) == 607


def test_a_text_table_of_too_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(grid, "CELLS", 10)
    assert "10" in said("a.csv", ("1,2,3\n" * 4).encode())


def test_the_cells_of_a_table_are_named_only_when_somebody_asks(write_csv, monkeypatch):
    monkeypatch.setattr(CellPlaces, "__getitem__", lambda self, key: pytest.fail(f"nobody asked for {key}"))
    table = read_table(write_csv([HEAD, ["210702", "古塔区", 10, 20.5]]), model_of(SETTLED, REVENUE))
    assert len(table.cells) > 2  # 35,000 rows of 19 columns would take as long to name as to read
